"""申报时间: the days between which one may apply. The term of the file and of projects are other things."""

from __future__ import annotations

import re

from ingest.document import Span
from ingest.measures.model import Window
from ingest.measures.signs import Sought

_DAY = r"(?:(?P<{0}y>20\d\d)年|(?P<{0}w>每年(?:度)?|次年|当年|翌年|本年度?)的?)?(?P<{0}m>\d{{1,2}})月(?:(?P<{0}d>\d{{1,2}})日|(?P<{0}end>底|末)|份)?"
_RANGE = re.compile(
    _DAY.format("a")
    + r"(?:起)?(?:开始)?(?:申[报领请]|受理)?\s?(?:至|到|-|~|,(?=[^,。;]{4,16}(?:截?止|结束)))\s?"
    + _DAY.format("b")
)
_UNTIL = re.compile(
    _DAY.format("b")
    + r"(?:[(][^)]{0,8}[)])?(?:之?前|截止|止|以前)|(?:截止|截至|截止时间为|截止日期为?|不晚于|最迟)(?:到|至|于|为|日期)?[:]?"
    + _DAY.format("c")
)
_QUARTER = re.compile(r"(?P<w>每年(?:度)?|次年|当年)(?:的)?(?:第)?(?P<q>[一二三四])季度")
_MONTH = re.compile(
    r"(?P<w>每年(?:度)?|次年|当年)(?P<m>\d{1,2})月份?(?![\d]|底|末|[、和])(?!\d{1,2}日)(?=[^,。;]{0,10}(?:申报|申请|受理|集中|组织|启动|开展))"
)
_NAMES_TIME = Sought(r"\d月|季度")
_APPLYING = re.compile(r"申报|申请|申领|受理|提交|报送|兑现|集中办理|递交|登记")
_WORK = re.compile(  # 期间完成投资: when the project is done
    r"[^,。;]{0,12}?(?:完成|竣工|投产|建成|取得|获得|认定|注册|新增|发生|签订|开工|有效|施行|实施(?!单位)|发布|公布|印发)"
)
_APPLIES_BY = re.compile(r"(?:申报|申请|受理)(?:工作|材料)?(?:应?当?于|须?在)\Z")
_LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def read_window(flat: str, within: Span) -> Window | None:
    """The first window in a sentence about applying; ``None`` where none is said or a date is impossible."""
    start = within.start
    if not _NAMES_TIME.search(flat, within.start, within.end):
        return None
    for mark in [*re.finditer("[。;\n]", flat[within.start : within.end]), None]:
        end = within.start + mark.start() if mark else within.end
        if _APPLYING.search(flat, start, end):
            found = _window(flat, start, end)
            if found is not None:
                return found
        start = end + 1
    return None


def _window(flat: str, start: int, end: int) -> Window | None:
    match = _RANGE.search(flat, start, end)
    if match and not _WORK.match(flat, match.end()):
        first, last = _date(match, "a", opening=True), _date(match, "b", year=match["ay"])
        return Window(first, last, Span(*match.span()), match["aw"] or "") if first and last else None
    match = _UNTIL.search(flat, start, end)
    applying = match and _APPLIES_BY.search(flat, start, match.start())
    if match and (applying or not _WORK.match(flat, match.end())):
        prefix = "b" if match["bm"] else "c"
        last = _date(match, prefix)
        return Window("", last, Span(*match.span()), match[f"{prefix}w"] or "") if last else None
    match = _QUARTER.search(flat, start, end)
    if match:
        month = "一二三四".index(match["q"]) * 3 + 1
        return Window(f"{month:02}-01", f"{month + 2:02}-{_LAST_DAYS[month + 1]:02}", Span(*match.span()), match["w"])
    match = _MONTH.search(flat, start, end)
    if match and 1 <= (month := int(match["m"])) <= 12:
        return Window(f"{month:02}-01", f"{month:02}-{_LAST_DAYS[month - 1]:02}", Span(*match.span()), match["w"])
    return None


def _date(match: re.Match[str], prefix: str, *, opening: bool = False, year: str | None = None) -> str:
    """``MM-DD``, with the year where one is printed; empty for a day that no calendar has."""
    month = int(match[f"{prefix}m"])
    if not 1 <= month <= 12:
        return ""
    day = int(match[f"{prefix}d"]) if match[f"{prefix}d"] else 1 if opening else _LAST_DAYS[month - 1]
    if not 1 <= day <= _LAST_DAYS[month - 1]:
        return ""
    year = match[f"{prefix}y"] or year
    return f"{year}-{month:02}-{day:02}" if year else f"{month:02}-{day:02}"
