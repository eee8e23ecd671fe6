"""Conditions in words: 在本区转化, 全职工作, 开工建设, 未被列入严重失信主体名单. ``vocabulary/facts.tsv`` names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import cast

from ingest.document import Span
from ingest.measures.conditions_numbers import PERIOD
from ingest.measures.model import Condition, Operator
from ingest.measures.signs import Signs, Sought, starting
from ingest.vocabulary import table

_ONE_OF = Sought(
    r"(?:下列|以下|下述|如下)(?:[^,。;:]{0,8})(?:条件|情形|要求|标准)?之一|(?:满足|符合|具备)(?:[^,。;:]{0,10})(?:其中)?(?:任一|任意一项|一项)(?:条件|的)?|之一(?:的)?\s?[:]"
)
_BEFORE = re.compile(rf"(?P<period>{PERIOD})(?:内|来|以来)?(?:均|都)?\Z")


_NO_MORE = re.compile(
    r"的?,?(?:均)?(?:不再|不予|不重复)(?:给予)?(?:奖|补|支持|享受)|的?,?可(?:续期|续签|续租)|后,?(?:一次性|再)?(?:拨付|兑付)"
)
_LEVELLED = r"[^,。;:、的]{2,24}?"
_AWARDED = Sought(
    rf"(?<!不予)(?<!不得)(?<!申请)(?<!可)(?:被?认定为|评定为|评为|获评为?|获批为?|入选(?!后)|被列入|列入|升级为|创建为?|新(?:认定|获批|获评|评定|备案|入选|创建)(?:的|为))(?P<strong>{_LEVELLED})(?:称号|认定|荣誉|资质)?(?=的|,|、且|;|。|$)"
    rf"|经认定的(?P<graded>(?:国家|省|市|区|县)级(?:以上)?(?!.{{0,6}}人才){_LEVELLED})(?=的|,|$)"
    rf"|(?:取得|获得|持有)(?P<certificate>{_LEVELLED}证书)(?=的(?:[^,。;]{{0,8}}(?:企业|单位|机构))?,)"
    rf"|(?:获得|获|取得|荣获)(?P<prize>{_LEVELLED}(?:商标|品牌|奖|奖项|(?:科技|科学技术|质量|专利|标准创新)奖励|注册证|批件|牌照|版号))(?=的|,|;|。|$)"
    rf"|(?:获得|获|取得|荣获|通过)(?P<weak>{_LEVELLED})(?P<kind>称号|认定|荣誉|认证|资质(?!证书))(?=的|,|;|。|$|并|后)"
)
_NO_AWARD = re.compile(
    r"^(?:国家|省|市|区|县)级$|^当年|^(?:设立|建设|组建|建站|立项|批准)$|^(?:企业|项目|单位|名单|统计|库|计划|目录|名录|清单)$|不同级别|多个|多项|各级|规模以上|规上|限上|限额以上|失信|异常名录|预算|规划|安排|议程|考核|范围|给予|予以|^一批|^(?:相应|相关|有关|合格|培训合格|规定)|首台|首批次|首版次|[上下]半年|(?:评审|评价|初审|审核)$"
)


_FORBIDS = Sought(
    r"(?:有|存在|具有|出现)(?:下列|以下|如下)(?:情形|行为|情况)(?:之一)?的?,?[^:。;]{0,16}(?:不予|不得|不享受|不能|不再|取消)[^:。;]{0,12}:"
)
_ITEM = re.compile(r"[^;\n]{2,80}")
_MARKER = re.compile(r"\s*(?:[(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)]|\d{1,2}[.、](?!\d))?\s*")
_NOT_LISTED = Sought(r"(?:未|不得?|没有|无)(?:被)?(?:列入|纳入|列为|存在)(?P<lists>[^,。;]{2,60})")
_DENIED_LISTED = Sought(
    r"(?<!未)(?<!未被)(?:被|已)?列入(?P<lists>[^,。;]{2,40}(?:名录|名单))的?(?:企业|单位|主体|个人|,)(?!.{0,60}(?:移出|除外))"
)
_DENIED = re.compile(r"[^。;\n]{0,80}?(?:不得享受|不享受本|不予(?:支持|兑现|奖励|受理)|不得申[报请领])")
DISHONEST = re.compile(
    r"(严重(?:违法)?失信(?:主体|企业|行为|对象)?|失信被执行人|失信(?:联合惩戒)?(?:主体|名单|对象|企业)|经营异常名录)"
)
_QUOTED = re.compile('"([^"]*)"')
_OWN_AREA = re.compile("[我全](?=[省市区县州])")
_INSIDE = re.compile("^([省市区县])内$")
_ACCIDENT = re.compile(r"发生(?:过)?((?:较大|重大|一般|特大)(?:及?以上)?)[^,。;]{0,10}?(事故)")


@cache
def _facts() -> Signs[tuple[str, Operator, str, re.Pattern[str]]]:
    return Signs(
        (row["pattern"], (row["metric"], cast(Operator, row["op"]), _printed(row["value"]), starting(row["pattern"])))
        for row in table("facts")
    )


def read_facts(flat: str, within: Span) -> tuple[Condition, ...]:
    """Each fact once, in the order of the words. Of two facts on the same words the one listed first is meant."""
    found: list[Condition] = []
    for metric, op, value, pattern in _facts().possible(within.of(flat)):
        for match in pattern.finditer(flat, within.start, within.end):
            span = Span(*match.span())
            if _NO_MORE.match(flat, span.end):
                continue  # 复核通过的不再奖励, 验收合格后一次性拨付: not when it is granted
            if any(other.span.start < span.end and span.start < other.span.end for other in found):
                continue
            words = (_printed(match.expand(value)) if "\\" in value else value) or next(
                filter(None, match.groups()), ""
            )
            if not any(other.metric == metric and other.words == words for other in found):
                found.append(Condition(metric, op, span, words=words, period=_period(flat, span.start)))
    found.extend(_not_listed(flat, within))
    found.extend(_forbidden(flat, within))
    found.extend(
        condition
        for condition in _recognitions(flat, within)
        if not any(other.span.start < condition.span.end and condition.span.start < other.span.end for other in found)
    )
    return tuple(sorted(found, key=lambda condition: condition.span.start))


def _not_listed(flat: str, within: Span) -> Iterator[Condition]:
    """信用 not … of 未被列入经营异常名录和严重违法失信名单: each of the lists."""
    for match in listed(flat, within):
        for name in DISHONEST.finditer(flat, *match.span("lists")):
            words = "严重失信主体" if name[0].startswith("严重") else name[0]
            yield Condition("信用", "not", Span(*name.span()), words=words, period=_period(flat, match.start()))


def listed(flat: str, within: Span) -> Iterator[re.Match[str]]:
    """The lists that one may not stand on: 未被列入…名单, and 被列入…名单的企业，不得享受."""
    yield from _NOT_LISTED.finditer(flat, within.start, within.end)
    for match in _DENIED_LISTED.finditer(flat, within.start, within.end):
        if _DENIED.match(flat, match.end(), within.end):
            yield match


@lru_cache(maxsize=64)  # asked for each stretch of a clause that is read for conditions
def one_of(flat: str) -> re.Match[str] | None:
    """The words that say that one of what follows is enough: 符合下列条件之一."""
    return _ONE_OF.search(flat)


def forbids(flat: str) -> bool:
    """A list of what excludes: 有下列情形之一的，不予支持：…."""
    return bool(_FORBIDS.search(flat))


def forbidden(flat: str, within: Span) -> Iterator[Span]:
    """The items of 有下列情形之一的，不予支持：…；…。"""
    said = _FORBIDS.search(flat, within.start, within.end)
    if said is None:
        return
    stop = flat.find("。", said.end(), within.end)
    end = stop if stop >= 0 else within.end
    for item in _ITEM.finditer(flat, said.end(), end):
        marker = _MARKER.match(flat, item.start(), item.end())
        yield Span(marker.end() if marker else item.start(), item.end())


def _forbidden(flat: str, within: Span) -> Iterator[Condition]:
    """信用 not 失信被执行人 of 被列入失信被执行人名单 among what excludes."""
    for item in forbidden(flat, within):
        for pattern, metric in ((DISHONEST, "信用"), (_ACCIDENT, "安全环保")):
            match = pattern.search(flat, item.start, item.end)
            if match:
                said = re.match(PERIOD, item.of(flat))
                words = "".join(filter(None, match.groups()))
                words = "严重失信主体" if words.startswith("严重") and metric == "信用" else words
                yield Condition(metric, "not", Span(*match.span()), words=words, period=said[0] if said else "")


def _recognitions(flat: str, within: Span) -> Iterator[Condition]:
    """认定 eq 国家绿色工厂: what has been awarded, but for the qualifications of enterprises, which are the beneficiary's."""
    choice = one_of(flat)
    for match in _AWARDED.finditer(flat, within.start, within.end):
        name = match["strong"] or match["weak"] or match["graded"] or match["prize"] or match["certificate"]
        among = choice is not None and choice.end() <= match.start()
        if _NO_AWARD.search(name) or (is_qualification(name) and not among):
            continue
        metric, words = {"认证": ("认证", f"{name}认证"), "资质": ("资质", name)}.get(
            match["kind"] or "", ("认定", name)
        )
        if match["certificate"]:
            metric = "证书"
        elif words.endswith("资质"):
            metric, words = "资质", words.removesuffix("资质")
        first = flat.endswith(("首次", "首次被"), 0, match.start())
        yield Condition(metric, "eq", Span(*match.span()), words=_quoted(words), first=first)


def _printed(words: str) -> str:
    return _quoted(standard(words))


def _quoted(words: str) -> str:
    """With “” as they are printed; the folded text has \" for both."""
    return _QUOTED.sub(r"“\1”", words) if '"' in words else words


@cache
def _qualifications() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row["pattern"]) for row in table("beneficiaries") if row["group"] == "qualification")


def is_qualification(words: str) -> bool:
    """高新技术企业, 专精特新中小企业 …, also with its level in front."""
    return any(pattern.search(words) for pattern in _qualifications())


def _period(flat: str, start: int) -> str:
    """近两年 of 近两年未发生…事故."""
    match = _BEFORE.search(flat[max(0, start - 10) : start])
    return match["period"] if match else ""


def standard(words: str) -> str:
    """我区, 全区, 区内 → 本区."""
    return _INSIDE.sub(r"本\1", _OWN_AREA.sub("本", words))
