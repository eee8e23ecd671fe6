"""Who issued the file (发文机关), and from that its level and region."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from ingest.clauses.forms import DATE, closes, is_authority, is_bracketed, is_signature, printed_without_office
from ingest.clauses.parts import carried_title
from ingest.docnumber import issuer_of
from ingest.docnumber.lexicon import issuers as known_issuers
from ingest.document import DocumentNumber, Level, Span
from ingest.metadata.head import ISSUER_FIELDS, SITE_FIELDS, Head
from ingest.normalize import fold

_BODY_END = (
    "中央|军委|人民政府|政府|国务院|委员会|管委会|办公厅|办公室|总局|总署|监察委|法院|检察院|常委会|联席会议|领导小组|指挥部|街道办事处|办事处|党委"
    "|工委|党工委|[部局委厅院署行社办会]|中心|联合会|集团"
)
_BODY = re.compile(rf"[\u4e00-\u9fff×xX·()]{{1,40}}?(?:{_BODY_END})")
_BEFORE_SUBJECT = re.compile(r"(.{2,120}?)(?:关于|印发|转发|批转|发布|公布|对(?=.{2,40}(?:答复|复函)))")
_AND_OTHERS = re.compile(r"等(?:\d{1,2}|[一二三四五六七八九十]{1,3})?(?:个)?(?:部门|单位|委办局|部委)$")
_SEAL = re.compile(r"[(（](?:盖章|印章|代章|章|印)[)）]")
_SEPARATORS = re.compile(r"[\s、,;]+")
# 中共示例区委示例区人民政府, 某某委办公厅某某政府办公厅, 广州市甲局广州市乙局: names without anything between.
_PARTY_AND_GOVERNMENT = re.compile(r"(中共中央|中共.{1,20}?[省市区县州盟旗]委)(?=国务院|[^办].{0,20}人民政府)")
_OFFICE = re.compile(r"(?<=办公[厅室])(?=.{4})")
_ISSUED_BY = re.compile(r"\(([^(),]{3,40}?)(?:发布|印发|公布|制定)[,)]")

_STATE = re.compile(r"国务院|国家|全国|中共中央|中央|中华|中国|最高人民|海关总署|新华社")
_STATE_END = re.compile(r"(?:总局|总署|审计署|[^省市区县]部|国资委|证监会|银监会|保监会|银保监会|国防科工[局委])$")
_LOCAL_PARTS = re.compile(r"(?:组织|宣传|统战|武装|政法|指挥|工作|项目)部$")
_PROVINCE = r"(?:北京市|天津市|上海市|重庆市|[^省市区县]{2,3}省|内蒙古自治区|广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区|新疆生产建设兵团)"
_CITY = r"(?!城市|都市)[^省市区县国]{1,7}?(?:市|自治州|地区|盟)"
_DISTRICT = r"(?!城市|都市)[^省市区县]{1,8}?(?:自治县|自治旗|(?<![社小园城片辖景校])区|县|旗|市)"
_ZONE = r"[^省市区县]{0,14}?(?:开发区|高新区|新区|示范区|试验区|保税区|合作区|度假区|园区)"
_PLACE = re.compile(
    rf"(?P<province>{_PROVINCE})?(?P<city>{_CITY})?(?P<local>(?P<zone>{_ZONE})|(?P<district>{_DISTRICT}))?"
)
_UNNAMED = re.compile(".?(?:开发区|高新区|新区|示范区|试验区|保税区|合作区|度假区|园区)")
_ADMINISTRATIVE_ZONES = frozenset({"浦东新区", "滨海新区"})
# A title may begin with an ordinary word instead of a name: 自然保护区, 示范县, 贫困地区, 全市.
_NAME_IN_TITLE = re.compile('关于(?:印发|转发|批转|发布|公布)?|[《〈“"]|\\d{4}年度?')
_NOT_A_NAME = re.compile(
    "地区|[社小园城片辖景校护胜街能范验发灾老湾特库灌牧矿厂营战郊禁时分防考学治新]区|(?<![\u4e00-\u9fff])[城都超上门夜股]市|[全各我本该困范点级的对为在么何]"
    "|申领|办理|支持|开展|推[进动]|促进|加[强快大]|实施|做好|鼓励|规范|完善|深化|发展|建设|标准"
)
_NAME = re.compile(
    "(?:[^市]{2,4}市)?(?:[^市区县旗]{2,5}[区县旗]|[^市区县旗]{2,9}自治[县旗])|[^市]{2,4}市|[^州]{2,9}自治州|[^盟]{2,5}盟"
)
_UNITS: dict[str, Level] = {
    "市": "city",
    "州": "city",
    "盟": "city",
    "区": "district",
    "县": "district",
    "旗": "district",
}
# A code that begins with one of these is a province's: no city or county uses the character.
_PROVINCE_OF_CHARACTER = {
    "皖": "安徽省", "沪": "上海市", "浙": "浙江省", "粤": "广东省", "鲁": "山东省", "豫": "河南省", "鄂": "湖北省", "湘": "湖南省",
    "桂": "广西壮族自治区", "琼": "海南省", "渝": "重庆市", "黔": "贵州省", "冀": "河北省", "闽": "福建省", "赣": "江西省",
}  # fmt: skip
_SELF: tuple[tuple[Level, str], ...] = (("province", "省"), ("city", "市"), ("district", "区"), ("district", "县"))


@dataclass(frozen=True, slots=True)
class Issuers:
    """Names in the order printed; where they were read."""

    names: tuple[str, ...]
    span: Span | None
    how: str


@dataclass(frozen=True, slots=True)
class Place:
    """Level and region that a name, a code or the text's own words tell."""

    level: Level
    region: str | None
    how: str


def find_issuers(head: Head, title: str | None, number: DocumentNumber | None) -> Issuers:
    """Site field 发文机关 → title → signature → 题注 → order's name → site's 发布机构 → table of codes (if unambiguous)."""
    for found in (
        *_in_fields(head, ISSUER_FIELDS),
        _in_title(title),
        _in_signature(head),
        _in_note(head, number),
        _of_order(number),
        *_in_fields(head, SITE_FIELDS),
        _of_code(number),
    ):
        if found and found.names:
            return found
    return Issuers((), None, "")


def find_place(head: Head, title: str | None, names: Sequence[str], number: DocumentNumber | None) -> Place | None:
    """Level decision list: issuer's name → table of codes → code's first character → place in the title → 我区, 我市.

    ``region`` is the place as it is printed, masked or not (``XX市``); only a known city is put into its province.
    """
    for name in names:
        if place := place_of(name):
            return Place(place.level, place.region, "发文机关")
    own = _self_reference(head)
    return _place_of_code(number) or _place_in_title(title) or _local_place_in_title(head, title, own) or own


def split_names(value: str) -> tuple[str, ...]:
    """Names of bodies in a run of text; empty where a part is not the name of a body."""
    names: list[str] = []
    for token in _SEPARATORS.split(_AND_OTHERS.sub("", _SEAL.sub("", value).strip())):
        names += [name for name in _unglued(_AND_OTHERS.sub("", token)) if name]
    return tuple(names) if names and all(_BODY.fullmatch(fold(name)) for name in names) else ()


def place_of(name: str) -> Place | None:
    """``广州市天河区教育局`` → district 广东省广州市天河区; ``None`` where the name does not tell (教育局)."""
    name = re.sub("^(?:中共|中国共产党)(?!中央)", "", name.replace(" ", "").replace("\u3000", ""))
    printed, name = name, fold(name)
    if _STATE.match(name) and "自由贸易试验区" not in name:
        return Place("state", "全国", "")
    match = _PLACE.match(name)
    if match and _is_place(match):
        return _place(match, printed[: match.end()])
    if _STATE_END.search(name) and not _LOCAL_PARTS.search(name):
        return Place("state", "全国", "")
    return None


def _is_place(match: re.Match[str]) -> bool:
    """城市 and 园区 are ordinary words: a city of a county's rank stands behind its own city, a zone has a name."""
    if match["province"] or match["city"]:
        return True
    local = match["local"] or ""
    return bool(local) and not local.endswith("市") and not _UNNAMED.fullmatch(local)


def _place(match: re.Match[str], region: str) -> Place:
    if match["zone"] and match["zone"] not in _ADMINISTRATIVE_ZONES:
        level: Level = "zone"
    elif match["local"]:
        level = "district"
    else:
        level = "city" if match["city"] else "province"
    if match["city"] and not match["province"]:
        region = _province_of_city().get(match["city"], "") + region
    return Place(level, region, "")


@cache
def _province_of_city() -> dict[str, str]:
    """City → province, from the regions of the known issuers."""
    pairs = re.compile(rf"({_PROVINCE})([^省市区县]{{1,7}}(?:市|自治州|地区|盟))")
    regions = {row.region for rows in known_issuers().values() for row in rows}
    return {match[2]: match[1] for region in regions if (match := pairs.match(region))}


def _unglued(token: str) -> Iterator[str]:
    token = _PARTY_AND_GOVERNMENT.sub(r"\1 ", token)
    for part in _OFFICE.sub(" ", token).split(" "):
        yield from _split_at_repeated_place(part)


def _split_at_repeated_place(token: str) -> Iterator[str]:
    """广州市甲局广州市乙局: the second name begins with the place of the first."""
    place = _PLACE.match(token)
    prefix = place[0] if place else ""
    if len(prefix) < 2:
        yield token
        return
    start = 0
    while (at := token.find(prefix, start + len(prefix))) > 0 and _BODY.fullmatch(token[start:at]):
        yield token[start:at]
        start = at
    yield token[start:]


def _in_fields(head: Head, labels: Sequence[str]) -> Iterator[Issuers]:
    for field in head.labelled(*labels):
        yield Issuers(split_names(field.span.of(head.text)), field.span, f"站点字段“{field.label}”")


def _in_title(title: str | None) -> Issuers | None:
    match = _BEFORE_SUBJECT.match(title or "")
    return Issuers(split_names(match[1]), None, "标题") if match else None


def _in_signature(head: Head) -> Issuers | None:
    """Lines above the first date below the text, or the words before the date on the same line."""
    for index, span in enumerate(head.closing):
        line = head.fold(span)
        if not closes(line):
            continue
        begin = index
        same_line = re.sub(DATE, "", line).strip(" ()")
        lines = [head.text[span.start : span.start + line.find(same_line) + len(same_line)]] if same_line else []
        while begin > 0 and is_signature(head.fold(head.closing[begin - 1])) and _touches(head, begin):
            begin -= 1
            lines.insert(0, head.closing[begin].of(head.text))
        names = [name for part in lines for name in split_names(part)]
        return Issuers(tuple(dict.fromkeys(names)), Span(head.closing[begin].start, span.end), "落款")
    return _in_undated_signature(head)


def _in_undated_signature(head: Head) -> Issuers | None:
    spans = [
        span
        for span, below in zip_longest(head.closing, head.closing[1:])
        if is_authority(head.fold(span)) and not (below and printed_without_office(head.fold(below)))
    ]
    names = dict.fromkeys(name for span in spans for name in split_names(span.of(head.text)))
    return Issuers(tuple(names), Span(spans[0].start, spans[-1].end), "落款") if names else None


def _touches(head: Head, index: int) -> bool:
    """No other clause stands between two closing lines."""
    between = head.text[head.closing[index - 1].end : head.closing[index].start]
    return not between.strip()


def _in_note(head: Head, number: DocumentNumber | None) -> Issuers | None:
    for span in head.above:
        line = head.fold(span)
        if not is_bracketed(line):
            continue
        if match := _ISSUED_BY.match(line):
            return Issuers(
                split_names(match[1]), Span(span.start + match.start(1), span.start + match.end(1)), "标题下题注"
            )
        if number and span.contains(number.span):
            before = head.folded[span.start : number.span.start]
            dated = list(re.finditer(DATE, before))
            if dated and (names := split_names(before[dated[-1].end() :].strip(" 、").removesuffix("令"))):
                names = (*names, *_names_of_order(number))
                return Issuers(names, Span(span.start + dated[-1].end(), number.span.start), "标题下题注")
    return None


def _of_order(number: DocumentNumber | None) -> Issuers | None:
    names = _names_of_order(number) if number else ()
    return Issuers(names, number.span, "令号") if number and names else None


def _names_of_order(number: DocumentNumber) -> tuple[str, ...]:
    """The code of an order or announcement is the name of its issuer."""
    if number.kind not in ("order", "announce"):
        return ()
    return split_names(re.sub("(?:令|公告|通告)$", "", number.code))


def _of_code(number: DocumentNumber | None) -> Issuers | None:
    rows = issuer_of(number) if number and not number.masked else ()
    if not number or len(rows) != 1 or rows[0].ambiguous:
        return None
    return Issuers((rows[0].name,), number.span, "文号代字")


def _place_of_code(number: DocumentNumber | None) -> Place | None:
    if not number or number.masked:
        return None
    rows = issuer_of(number)
    levels, regions = {row.level for row in rows}, {row.region for row in rows}
    if len(levels) == 1 and not any(row.ambiguous for row in rows):
        return Place(rows[0].level, regions.pop() if len(regions) == 1 else None, "文号代字")
    province = _PROVINCE_OF_CHARACTER.get(number.code[:1]) if not rows else None
    return Place("province", province, "文号代字首字") if province else None


def _place_in_title(title: str | None) -> Place | None:
    """A title that begins with a province or a known city; a bare 某某区 at the start may be an ordinary word."""
    start = re.sub(r"^(?:关于)?(?:\d{4}年度?)?", "", fold(title or ""))
    match = _PLACE.match(start)
    if not match or not (match["province"] or match["city"] in _province_of_city()):
        return None
    place = _place(match, match[0])
    return Place(place.level, place.region, "标题地名")


def _local_place_in_title(head: Head, title: str | None, own: Place | None) -> Place | None:
    """清河区推动…方案: a city, district or county whose name the title, or the title that it carries, begins with.

    It is a name, not a word, where the text speaks of itself by the same unit (我区) or names its committee or government.
    """
    for start in (fold(title or ""), carried_title(fold(title or "")) or ""):
        while prefix := _NAME_IN_TITLE.match(start):
            start = start[prefix.end() :]
        match = _PLACE.match(start)
        if not match or match["zone"] or not _NAME.fullmatch(match[0]) or _NOT_A_NAME.search(match[0]):
            continue
        place, name = _place(match, match[0]), match[0]
        governed = re.search(f"{re.escape(name)}(?:人民政府|政府|委)", head.folded)
        if place.level == _UNITS.get(name[-1]) and (governed or (own and own.level == place.level)):
            return Place(place.level, place.region, "标题地名")
    return None


def _self_reference(head: Head) -> Place | None:
    """我区, 区委、区政府, 全区: the unit that the text speaks of as its own most often, if at least twice."""
    best: tuple[int, Level] | None = None
    for level, unit in _SELF:
        own = head.text.count(f"我{unit}") + head.text.count(f"{unit}委、{unit}政府")
        score = 2 * own + head.text.count(f"全{unit}") if own else 0
        if score >= 2 and (best is None or score > best[0]):
            best = score, level
    return Place(best[1], None, "正文自称") if best else None
