"""Level (级别) and region (地区): what the issuer's name, the code, the title or the text's own words tell of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from ingest.clauses.parts import carried_title
from ingest.docnumber import Issuer, issuer_of
from ingest.docnumber.lexicon import issuers as known_issuers
from ingest.document import DocumentNumber, Level, Span
from ingest.metadata.head import Head
from ingest.metadata.title import Title
from ingest.normalize import fold

_STATE = re.compile(r"国务院|国家|全国|中共中央|中央|中华|中国|最高人民|海关总署|新华社")
_STATE_END = re.compile(r"(?:总局|总署|审计署|[^省市区县]部|国资委|证监会|银监会|保监会|银保监会|国防科工[局委])$")
_LOCAL_PARTS = re.compile(r"(?:组织|宣传|统战|武装|政法|指挥|工作|项目)部$")
_PROVINCE = r"(?:北京市|天津市|上海市|重庆市|[^省市区县]{2,3}省|内蒙古自治区|广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区|新疆生产建设兵团)"
_CITY = r"(?!城市|都市)[^省市区县国]{1,7}?(?:市|自治州|地区|盟)"
_DISTRICT = r"(?!城市|都市)[^省市区县]{1,8}?(?:自治县|自治旗|(?<![社小园城片辖景校])区|县|旗|市)"
_ZONE = r"[^省市区县]{0,14}?(?:开发区|高新区|新区|示范区|试验区|保税区|合作区|度假区|园区)"
PLACE = re.compile(
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
_BY_TITLE = "标题地名"
_SELF: tuple[tuple[Level, str], ...] = (("province", "省"), ("city", "市"), ("district", "区"), ("district", "县"))


@dataclass(frozen=True, slots=True)
class Place:
    """Level and region that a name, a code or the text's own words tell; ``span``: those words."""

    level: Level
    region: str | None
    how: str = ""
    span: Span | None = None


def find_place(
    head: Head, title: Title, names: Sequence[str], printed: Span | None, number: DocumentNumber | None
) -> Place | None:
    """Level decision list: issuer's name (``names``, ``printed`` there) → table of codes → code's first character → place in the
    title → 我区, 我市.

    ``region`` is the place as it is printed, masked or not (``XX市``); only a known city is put into its province.
    """
    for name in names:
        if place := place_of(name):
            return replace(place, how="发文机关", span=printed)
    own = _self_reference(head)
    return (
        _place_of_code(title.text, number) or _place_in_title(title) or _local_place_in_title(head, title, own) or own
    )


def place_of(name: str) -> Place | None:
    """``广州市天河区教育局`` → district 广东省广州市天河区; ``None`` where the name does not tell (教育局)."""
    name = re.sub("^(?:中共|中国共产党)(?!中央)", "", name.replace(" ", "").replace("\u3000", ""))
    printed, name = name, fold(name)
    if _STATE.match(name) and "自由贸易试验区" not in name:
        return Place("state", "全国")
    match = PLACE.match(name)
    if match and _is_place(match):
        return _place(match, printed[: match.end()])
    if _STATE_END.search(name) and not _LOCAL_PARTS.search(name):
        return Place("state", "全国")
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
    return Place(level, region)


@cache
def _province_of_city() -> dict[str, str]:
    """City → province, from the regions of the known issuers."""
    pairs = re.compile(rf"({_PROVINCE})([^省市区县]{{1,7}}(?:市|自治州|地区|盟))")
    regions = {row.region for rows in known_issuers().values() for row in rows}
    return {match[2]: match[1] for region in regions if (match := pairs.match(region))}


def contradicts(title: str | None, rows: Sequence[Issuer]) -> bool:
    """The title begins with the name of a place that is not the one of the code: 青禾县冷链办法 is not 青海省's 青政."""
    name = _name_at_start(fold(title or ""))
    return name is not None and not any(name[0] in row.region for row in rows)


def _place_of_code(title: str | None, number: DocumentNumber | None) -> Place | None:
    if not number or number.masked:
        return None
    rows = issuer_of(number)
    levels, regions = {row.level for row in rows}, {row.region for row in rows}
    if len(levels) == 1 and not any(row.ambiguous for row in rows) and not contradicts(title, rows):
        region = regions.pop() if len(regions) == 1 else None
        return Place(rows[0].level, region, "文号代字推断", _printed(number))
    province = _PROVINCE_OF_CHARACTER.get(number.code[:1]) if not rows else None
    return Place("province", province, "文号代字首字推断", _printed(number)) if province else None


def _printed(number: DocumentNumber) -> Span | None:
    return number.span if "from_filename" not in number.flags else None


def _place_in_title(title: Title) -> Place | None:
    """A title that begins with a province or a known city; a bare 某某区 at the start may be an ordinary word."""
    start = re.sub(r"^(?:关于)?(?:\d{4}年度?)?", "", fold(title.text or ""))
    match = PLACE.match(start)
    if not match or not (match["province"] or match["city"] in _province_of_city()):
        return None
    return replace(_place(match, match[0]), how=_BY_TITLE, span=title.span)


def _local_place_in_title(head: Head, title: Title, own: Place | None) -> Place | None:
    """清河区推动…方案: a city, district or county whose name the title, or the title that it carries, begins with.

    It is a name, not a word, where the text speaks of itself by the same unit (我区) or names its committee or government.
    """
    folded = fold(title.text or "")
    for found in (_name_at_start(folded), _name_at_start(carried_title(folded) or "")):
        if found is None:
            continue
        name, place = found
        governed = re.search(f"{re.escape(name)}(?:人民政府|政府|委)", head.folded)
        if place.level == _UNITS.get(name[-1]) and (governed or (own and own.level == place.level)):
            return replace(place, how=_BY_TITLE, span=title.span)
    return None


def _name_at_start(folded: str) -> tuple[str, Place] | None:
    """Name of a city, district or county that a title begins with, as far as its form tells."""
    while prefix := _NAME_IN_TITLE.match(folded):
        folded = folded[prefix.end() :]
    match = PLACE.match(folded)
    if not match or match["zone"] or not _NAME.fullmatch(match[0]) or _NOT_A_NAME.search(match[0]):
        return None
    return match[0], _place(match, match[0])


def _self_reference(head: Head) -> Place | None:
    """我区, 区委、区政府, 全区: the unit that the text speaks of as its own most often, if at least twice."""
    best: tuple[int, Level, str] | None = None
    for level, unit in _SELF:
        words = (f"我{unit}", f"{unit}委、{unit}政府")
        own = sum(map(head.text.count, words))
        score = 2 * own + head.text.count(f"全{unit}") if own else 0
        if score >= 2 and (best is None or score > best[0]):
            best = score, level, next(filter(head.text.count, words))
    if best is None:
        return None
    start = head.text.index(best[2])
    return Place(best[1], None, "正文自称", Span(start, start + len(best[2])))
