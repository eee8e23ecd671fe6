"""The title, what kind of file it names, and what carries what (关于印发《…办法》的通知)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.clauses.forms import annex, ends_like_title, is_back, is_bracketed, is_date, is_head_mark, is_note, is_title
from ingest.clauses.parts import carried_title
from ingest.document import Span
from ingest.metadata.dates import COVER
from ingest.metadata.head import TITLE_FIELDS, Head
from ingest.metadata.number import is_number_line, order_number, split_title
from ingest.normalize import fold

# Statutory kinds (《党政机关公文处理工作条例》第八条) and the kinds that a 通知 carries; the longest ending wins.
KINDS = (
    "决议 决定 命令 令 公报 公告 通告 意见 通知 通报 报告 请示 批复 议案 函 复函 答复 纪要 "
    "条例 规定 办法 细则 实施细则 规则 方案 实施方案 工作方案 行动方案 行动计划 工作计划 行动 规划 纲要 实施意见 指导意见 若干意见 "
    "若干政策 若干措施 若干举措 若干规定 政策措施 政策举措 政策 措施 举措 政策清单 工作要点 任务分解 责任分工 指南 申报指南 指引 "
    "操作规程 规程 规范 导则 流程 实施流程 目录 清单 名单 标准 预案 制度 章程 程序 解读 问答 解答 图解"
).split()
_LAW = re.compile("《?中华人民共和国.{1,20}(?<![办方])法")
_CARRIERS = frozenset("通知 公告 决定 命令 令 函".split())
_KIND_END = re.compile(rf"(?:{'|'.join(sorted(KINDS, key=len, reverse=True))})$")
# 〈办法〉(试行), 方案(2.0版), 指南(2025年度): version marks stay in the title but do not hide its kind.
_VERSION_MARK = re.compile(r"(?:\((?:[^()]{1,30})\)|[》〉>\"”])+$")
_OPEN_TITLE = re.compile(r"(?:印发|转发|批转|下发|发布|公布)[^的]*(?:的(?!(?:通知|公告|决定|命令|令|函))[^的]*)*$")
# On a line of its own below the title: (试行), (征求意见稿), (2023—2025年), (2.0版).
_MARK_LINE = re.compile(
    r"\((?:试行|暂行|[^()]{0,4}(?:征求意见稿|送审稿|讨论稿|草案)|[^()]{0,8}(?:版|版本|修订|修正)|(?:19|20)\d\d(?:-(?:19|20)\d\d)?年?度?)\)"
)
_SUBTITLE = re.compile("-{1,2} ?(?=.{0,10}[\u4e00-\u9fff]{2}).{4}")
_IN_QUOTES = re.compile("《([^《》]+)》")
_STATUS = re.compile("[(【\\[](?:已)?(失效|废止|修改|修订)[)】\\]]")
# 关于…的若干意见
_SURE_END = re.compile(r"的[^的]{0,8}$")
_CONTINUES = ("的", "和", "及", "与", "》", "〉", "、")
_SITE_MARK = re.compile(r"^(?:\((?:转载|转发)\)|【[^】]{1,8}】|\[[^\]]{1,8}\])+")
# Of a 脚注 on the title, as the readers print it.
_NOTE_MARK = re.compile(r"(?:\[注\w{1,4}\]|[①-⑳*†])$")
_NOT_IN_TITLE = re.compile(r"[^\u4e00-\u9fff]*$|\d{1,2}(?:\.\d{1,2})* (?!\d)")  # without Chinese; 1 范围
_NOISE = re.compile(r"[\s《》〈〉<>\"'“”]|^关于")
_SERIES = re.compile("(?!.*关于).*(?:纪要|简报|公报)")
_SELF_NAMED = re.compile(r"(?:制定|特制定|制订|提出)(?:本|如下|以下)([\u4e00-\u9fff]{2,6})[。:,]")
_MAX_LINES = 6
_LOOSE_LINES = 3
_MAX_TITLE = 200


@dataclass(frozen=True, slots=True)
class Title:
    """``kind`` is of what the title names in the end, ``carrier`` the kind of the notice around it (else ``None``)."""

    text: str | None
    span: Span | None
    how: str
    kind: str | None
    carrier: str | None
    status: str | None = None


def find_title(head: Head, given: str | None = None) -> Title:
    """Given by the caller → cover of a standard → site field → the lines above number and addressee → the title of the policy below (an order
    that publishes it has none of its own). A carrier's title beats its content's.
    """
    printed = list(_printed_titles(head))
    if given:
        return _title(given, None, "调用者给出")
    if head.cover and head.cover.title:
        return _title(_joined(head, [head.cover.title])[0].replace("\n", ""), head.cover.title, COVER)
    field = next(head.labelled(*TITLE_FIELDS), None)
    candidates = [(text, span, "标题行") for text, span in printed]
    if field:
        candidates.insert(0, (field.span.of(head.text), field.span, "站点字段"))
    status = next((match[1] for text, _, _ in candidates if (match := _STATUS.search(fold(text)))), None)
    if candidates:
        found = _title(*_outermost([(_clean(text), span, how) for text, span, how in candidates]))
        return replace(found, status=f"已{status}" if status else None)
    if head.attached:
        return _title(_clean(head.attached.of(head.text).replace("\n", "")), head.attached, "所附文件标题")
    kind = _self_named_kind(head)
    return Title(None, None, "正文自称" if kind else "", kind, None)


def kind_of(title: str) -> tuple[str | None, str | None]:
    """Kind and carrier: ``关于印发《若干政策（试行）》的通知`` → ``("若干政策", "通知")``."""
    folded = fold(title).strip()
    carrier = None
    for _ in range(3):
        inner = carried_title(folded)
        if inner is None:
            break
        carrier = carrier or _ending(folded)
        folded = inner
    return _ending(folded) or carrier, carrier


def _ending(folded: str) -> str | None:
    plain = _VERSION_MARK.sub("", folded.rstrip())
    match = _KIND_END.search(plain)
    return match[0] if match else "法" if _LAW.fullmatch(plain) else None


def _title(text: str, span: Span | None, how: str) -> Title:
    kind, carrier = kind_of(text)
    return Title(text, span, how, kind, carrier)


def _clean(text: str) -> str:
    text = _NOTE_MARK.sub("", re.sub(r"\s+", " ", text.strip()))
    mark = _SITE_MARK.match(fold(text))
    text = text[mark.end() :].strip() if mark else text
    status = _STATUS.search(fold(text))
    text = text[: status.start()].strip() if status and status.end() == len(text) else text
    parted = split_title(text)
    text = parted[0] if parted else text
    quoted = _IN_QUOTES.fullmatch(text)
    return quoted[1] if quoted else text


def _outermost(candidates: Sequence[tuple[str, Span, str]]) -> tuple[str, Span, str]:
    """The first title, unless a later one carries it, or it names only the series: ××专题会议纪要 above 关于…的会议纪要."""
    if len(candidates) > 1 and _SERIES.fullmatch(fold(candidates[0][0])) and "关于" in candidates[1][0]:
        return candidates[1]
    first = _NOISE.sub("", fold(candidates[0][0]))
    for candidate in candidates[1:]:
        if carried_title(fold(candidate[0])) == first:
            return candidate
    return candidates[0]


def _printed_titles(head: Head) -> Iterator[tuple[str, Span]]:
    """Titles printed above the text, their lines joined; lines without a known ending only where there is no other."""
    loose: list[list[Span]] = []
    complete = 0
    for run in _runs(head):
        while run:
            end = _title_end(head, run)
            if not end:
                loose.append(run)
                break
            complete += 1
            yield _joined(head, [*run[:end], *_marks_below(head, run[end - 1])])
            run = run[end:]
    if not complete and loose:
        yield _joined(head, _loose_title(head, loose[0]))


def _loose_title(head: Head, run: Sequence[Span]) -> Sequence[Span]:
    """Up to the first line that ends like the name of a form or letter (移送书), else all of a short run."""
    ends = next((i + 1 for i, span in enumerate(run) if ends_like_title(head.fold(span))), 0)
    return run[:ends] if ends else run if len(run) <= _LOOSE_LINES else run[:1]


def _marks_below(head: Head, last: Span) -> list[Span]:
    """Lines below a title that belong to it: a mark of its version, a subtitle."""
    below = [span for span in head.above if span.start > last.start]
    marks = []
    for span in below[:2]:
        line = head.fold(span)
        if not (_MARK_LINE.fullmatch(line) or (_SUBTITLE.match(line) and is_title(line))):
            break
        marks.append(span)
    return marks


def _title_end(head: Head, run: Sequence[Span]) -> int:
    """How many lines of a run make its first title; 0 where no line ends like a title.

    A line may end like one by chance (关于全面推行…公示制度 | 重大…的指导意见): the first ending that is sure counts, else the first.
    """
    first = 0
    for end in range(1, len(run) + 1):
        joined = "".join(head.fold(span) for span in run[:end])
        following = head.fold(run[end]) if end < len(run) else ""
        if not _ending(joined) or following.startswith(_CONTINUES) or (following and _OPEN_TITLE.search(joined)):
            continue
        if "关于" not in joined or _SURE_END.search(_VERSION_MARK.sub("", joined)):
            return end
        first = first or end
    return first


def _joined(head: Head, spans: Sequence[Span]) -> tuple[str, Span]:
    text = "".join(span.of(head.text) for span in spans)
    return text[:_MAX_TITLE], Span(spans[0].start, spans[-1].end)


def _runs(head: Head) -> Iterator[list[Span]]:
    """Neighbouring lines that can be parts of a title."""
    run: list[Span] = []
    order = order_number(head)
    for span in head.above:
        line = head.fold(span)
        is_other = is_number_line(head, span) or (order is not None and order.span.contains(span))
        # A title that is cut anywhere may end with one character: …若干措施的通 | 知.
        may_be_title = _may_be_title(line) or (bool(run) and len(line) == 1)
        if may_be_title and len(run) < _MAX_LINES and not is_other and not _is_row(head, span):
            run.append(span)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _may_be_title(line: str) -> bool:
    other = is_head_mark(line) or is_bracketed(line) or is_note(line) or is_back(line) or is_date(line) or annex(line)
    return not other and is_title(line, 120) and not _NOT_IN_TITLE.match(line)


def _is_row(head: Head, span: Span) -> bool:
    """A row of a table, perhaps with its last cells empty."""
    return "\t" in span.of(head.text) or head.text[span.end : span.end + 1] == "\t"


def _self_named_kind(head: Head) -> str | None:
    """制定如下方案: what an untitled text calls itself."""
    match = _SELF_NAMED.search(head.folded[:3000])
    return _ending(match[1]) if match else None
