"""The terms that stand beside a sum: how long, for how many at most, paid out how, up to what ceiling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.document import Span
from ingest.measures.benefit_parts import Part, amount
from ingest.measures.conditions_numbers import Figure
from ingest.measures.model import Amount, Duration, Per
from ingest.measures.signs import Sought
from ingest.numerals import chinese_to_int

_UNIT_NAMES = {
    "名": "人",
    "位": "人",
    "平方米": "㎡",
    "平米": "㎡",
    "度": "千瓦时",
    "周年": "年",
    "工作日": "个工作日",
}
_THING = (
    r"吨标准煤|吨标煤|分钟|万?吨公里|吨|人次|人(?![才均])|名|位|平方米|平米|㎡|千瓦时|度(?!电?假)|千瓦|兆瓦时|兆瓦|瓦(?!时)|项|件|台套|台(?:\(套\))?|套|个标准?箱|标准?箱|TEU|家|户|辆|亩|次"
    r"|公里|场|届|单|款|部|集|张|床位|床|册|个(?!月|百分点)|篇|班次?|列|架次|航班|学生|生|立方米|公斤|千克|本|支|枚|处|座|所|栋|条|间|头(?!部)|只|羽|株|盏|枪|店(?!铺)"
)
_TIME = r"课时|学时|月|年(?!度)|学年|学期|季度|天|日|晚"
_DOING = (
    r"(?:新增?|新?招收|新?引育|新设|招用|引进|吸纳|培养|认定|获得|主导|增加|推荐|引荐|成功|介绍"
    r"|孵化出?|培育|促成|开[通行设]|完成|建设|组织|举办|培训|新增就业|录用|新?招聘)*"
)
_PRICE = re.compile(
    rf"每(?P<doing>{_DOING})(?P<one>[1一])?(?P<thing>{_THING})(?P<noun>[\u4e00-\u9fff]{{0,10}}?)(?:[、,]?每个?(?P<time>{_TIME}|次))?(?=[^\u4e00-\u9fff]|给|补|奖|资|的|标准|最高|分别|按|再|每|累计|后|且|$)"
    rf"|每个?(?P<time_first>{_TIME})每个?(?P<thing_second>{_THING})"
    rf"|每个?(?P<only>{_TIME})(?![度级]|期)"
)
_EACH_ONE = re.compile(
    rf"每(?:(?P<doing>{_DOING})[1一]|(?:(?![年月日季户家个人次])[\u4e00-\u9fff]){{1,10}}?[1一]|(?:新增?|新?招收|新?引进|新?培养|新?认定|新设|获得|成功){{1,2}})(?P<thing>{_THING})"
)
_EACH_COIN = re.compile(  # 每1美元补贴0.1元
    r"每(?:进口|出口|新增|增加)?[1一]?(?P<thing>美元|欧元|港元|元人民币|元)(?:给予|予以|奖励|补[助贴]|资助|奖补|最高|不超过)*\Z"
)
_SLASH = re.compile(rf"\s?(?:/|每)(?:(?P<thing>{_THING})|(?P<only>{_TIME}))(?:[·./、*每](?P<time>{_TIME}))?")
_AT_MOST = re.compile(r"(?:最长|最多|不超过|不得超过|至多|不高于|以内|上限)[^,;\d]{0,10}\Z")
_SUPPORT_TIME = re.compile(
    r"补贴|奖励|资助|贴息|补助|发放|享受|支持|使用|期限|连[续补奖]|最长|减免|免租|免收|免费|免缴|租期|累计|扶持|执行|为期|优惠|续贷|每年|贷款|入住|给予|每月"
)
_OTHER_TIME = re.compile(
    r"合同|缴纳|注册满|成立|毕业(?!生)|服务期|工作满|投产|建设期|开工|就业满|运营满|认定后|之日起|公示|受理|审核|入库|不得|退回|经营满|满\Z"
)
_ALONE = re.compile(r"(?:且|均)?(?:最长|最多)?不超过[\d一两二三四五]{1,2}(?:个?年|个月)")
_QUANTITY = re.compile(r"(?:最多|不超过|不得超过|不高于|最高|至多|限|上限为?|控制在|以内)[^,;\d]{0,8}\Z")
_PAYING = re.compile(r"拨付|兑现|兑付|发放|支付|给付|拨款|到位|付清|拨\d|兑\d|付\d|予以兑")
_TIMES = re.compile(r"分(?P<count>\d{1,2}|[两二三四五六七八九十])(?P<unit>个?年度?|个?期|次|批|个阶段|个月)")
_AT_EACH = re.compile(r"[^,;\d、]{2,10}(?:、[^,;\d、]{2,10}){1,3}(?:时|后)?各(?:拨付|兑付|兑现|发放|支付)\Z")
RATIO = Sought(r"(?<![\d:])\d{1,3}(?::\d{1,3}){1,5}(?![\d:])")
_EQUAL = re.compile(r"等额|平均|均等|等比例|按年均")
UNKNOWN_UNIT = re.compile(r"每[\u4e00-\u9fff]{1,3}(?:补[助贴]|奖励)?\Z")
_BORNE = re.compile(r"分担|承担|负担|共担|出资")
_EACH_DONE = re.compile(rf"每(?P<doing>[^,;\\d]{{0,12}}?)[1一](?P<thing>{_THING})")
_UP_TO = re.compile(r"[至到~-]\d")
_FROM = re.compile(r"\d(?:个月|年)?[至到~-]\Z")
_IS_MOST = re.compile(r"(?:\([^)]*\))?(?:以内|之内|为限|封顶)(?:的?部分)?")
_NO_LENGTH = re.compile("计算|内(?:只|仅|不|最多|累计)|期(?:以上)?(?:LPR|贷款)")
_CEILING = re.compile(r"最高|不超过|累计|以上|[;。]")


@dataclass(frozen=True, slots=True)
class Price:
    """What a price is for, and whether the word stands with its own quantity (按新增用电量每千瓦时)."""

    per: Per
    start: int
    end: int
    things: bool


def unit_name(unit: str) -> str:
    """人 of 名, ㎡ of 平方米."""
    return _UNIT_NAMES.get(unit, unit)


def price_of(part: Part, first: Figure, last: Figure, ceiling: bool = False) -> Price | None:
    """每人每月 in front of a sum (or of its ``ceiling``), or /人·月 behind it."""
    slash = _SLASH.match(part.flat, last.span.end, part.span.end)
    if slash:
        return _price(slash, slash["thing"], slash["time"] or slash["only"])
    start = max(part.span.start, first.span.start - 40)
    found = None
    for match in _PRICE.finditer(part.flat, start, first.span.start):
        between = part.flat[match.end() : first.span.start]
        if not ceiling and _CEILING.search(between) and not re.search("补贴|补助|奖励|给予", between):
            continue
        if found is not None and found.end == match.start() and match["only"]:
            found = Price(
                Per(found.per.unit, Span(found.start, match.end()), match["only"]),
                found.start,
                match.end(),
                found.things,
            )
        else:
            found = _price(
                match, match["thing"] or match["thing_second"], match["time"] or match["time_first"] or match["only"]
            )
    return found or _each_of(part, start, first.span.start)


def _each_of(part: Part, start: int, end: int) -> Price | None:
    """每1美元补贴0.1元: a coin; 每查实瞒报1人奖励: one of something done."""
    coin = _EACH_COIN.search(part.flat, start, end)
    if coin:
        return _price(coin, coin["thing"].removesuffix("人民币"), None)
    found = None
    for match in _EACH_DONE.finditer(part.flat, start, end):
        found = match
    return _price(found, found["thing"], None) if found else None


def price_ahead(flat: str, lead: Span) -> Price | None:
    """每新招收1名博士后，给予: the price word in the part before the sum."""
    start = max(lead.start, lead.end - 120)
    found = None
    for match in _EACH_ONE.finditer(flat, start, lead.end):
        found = match
    return _price(found, found["thing"], None) if found else None


def _price(match: re.Match[str], thing: str | None, time: str | None) -> Price:
    unit = unit_name(thing or time or "")
    period = time if thing else None
    return Price(Per(unit, Span(*match.span()), period), match.start(), match.end(), thing is not None)


def duration_of(part: Part, figure: Figure) -> Duration:
    """How long, and whether that is the most."""
    after = part.after(figure.span.end)
    at_most = bool(_AT_MOST.search(part.before(figure.span.start))) or figure.comparator in ("le", "lt")
    at_most = at_most and not after.startswith("内")
    return Duration(figure.value, unit_name(figure.unit), figure.span, at_most)


def durations(part: Part, start: int, granting: bool) -> list[Figure]:
    """The figures of the part from ``start`` on that say how long the support lasts."""
    found = []
    for figure in part.of("duration"):
        if (
            figure.span.start < start
            or figure.comparator in ("ge", "gt")
            or (figure.unit in ("天", "个小时") and granting and "免" not in part.text)
        ):
            continue
        before, after = part.before(figure.span.start), part.after(figure.span.end)
        if _UP_TO.match(after) or _FROM.search(before):
            continue  # 3至12个月: neither is the length
        if _NO_LENGTH.match(after):
            continue
        near = before[-12:] + after[:8]
        if granting and before.endswith(("前", "首")) and re.match("按|给予|每年|,", after):
            found.append(figure)  # 前两年按实际缴纳保费的50%
            continue
        if (
            _OTHER_TIME.search(before[-8:] + after[:6])
            or before.endswith(("第", "后", "分", "近"))
            or (before.endswith(("前", "首")) and not granting)
        ):
            continue
        alone = _ALONE.fullmatch(part.flat, part.span.start, part.span.end)
        if granting or alone or _SUPPORT_TIME.search(near):
            found.append(figure)
    return found


def quantity_cap(part: Part) -> tuple[Figure, str] | None:
    """补贴面积不超过500平方米; 同一企业每年不超过3项 with its period."""
    for figure in part.of("count", "area"):
        before, after = part.before(figure.span.start), part.after(figure.span.end)
        if _QUANTITY.search(before) or _IS_MOST.match(after):
            if re.search("认定|评选|遴选|评定", before):
                continue  # how many are chosen in all
            if figure.unit in ("度",) or figure.comparator in ("ge", "gt"):
                continue
            period = "年" if re.search(r"每年|年度|当年", before) else "月" if "每月" in before else ""
            return figure, period
    return None


def payout_of(parts: Sequence[Part], at: int) -> tuple[tuple[Amount, ...], int | None, list[Span], int] | None:
    """Shares or number of equal instalments said from ``parts[at]`` on, the words used, and how many parts they fill."""
    part = parts[at]
    times = _TIMES.search(part.text)
    ratio = RATIO.search(part.text)
    if not (_PAYING.search(part.text) or times) or _BORNE.search(part.text):
        return None
    if ratio:
        span = Span(part.span.start + ratio.start(), part.span.start + ratio.end())
        during = [Span(part.span.start + times.start(), part.span.start + times.end())] if times else []
        return ratio_shares(span, ratio[0]), None, [*during, span], 1
    if times is None and not part.of("percent"):
        return None
    shares = _percent_shares(parts, at, times)
    if shares:
        return shares
    if times and (
        _EQUAL.search(part.text)
        or (_PAYING.search(part.text) and re.search(r"每年(?:发放|兑现|拨付)?(?:等额|1/)", part.text))
    ):
        start = part.span.start + times.start()
        return (), _count(times), [Span(start, part.span.start + times.end())], 1
    return None


def _count(times: re.Match[str]) -> int:
    return chinese_to_int(times["count"])


def _percent_shares(
    parts: Sequence[Part], at: int, times: re.Match[str] | None
) -> tuple[tuple[Amount, ...], None, list[Span], int] | None:
    """40%、30%、30%, also over several parts, where they come to the whole; 每年20% as often as there are years."""
    first = parts[at].of("percent")
    if (
        times
        and len(first) == 1
        and re.search(r"(?:每[年次期]|各|逐年)[^,;\d]{0,6}\Z", parts[at].before(first[0].span.start))
    ):
        count = _count(times)
        if first[0].value * count == 1:
            start = parts[at].span.start + times.start()
            return (amount(first[0]),) * count, None, [Span(start, first[0].span.end)], 1
    if times and not first and at + 1 < len(parts) and parts[at + 1].sentence == parts[at].sentence:
        following = parts[at + 1].of("percent")
        if len(following) == 1 and re.match(r"\s*(?:每[年次期]|各|逐年)[^,;\d]{0,6}\d", parts[at + 1].text):
            count = _count(times)
            if following[0].value * count == 1:
                start = parts[at].span.start + times.start()
                return (amount(following[0]),) * count, None, [Span(start, following[0].span.end)], 2
    shares: list[Amount] = []
    for number in range(at, len(parts)):
        if parts[number].sentence != parts[at].sentence:
            break
        found = parts[number].of("percent")
        for figure in found:
            each = re.search(
                r"(?:后|其余|余下|剩余|第[二三])(?:两|二|三|[2-3])[年期次](?:各|每年|分别)",
                parts[number].before(figure.span.start),
            )
            among = _AT_EACH.search(parts[number].before(figure.span.start))
            repeat = (
                among[0].count("、") + 1
                if among
                else 3
                if each and re.search("三|3", each[0][1:3])
                else 2
                if each
                else 1
            )
            shares += [amount(figure)] * repeat
        if sum((share.value for share in shares), Decimal(0)) == 1 and len(shares) > 1:
            said = [Span(parts[at].span.start + times.start(), parts[at].span.start + times.end())] if times else []
            return tuple(shares), None, [*said, *(share.span for share in shares)], number - at + 1
        if len(shares) > 8:
            break
    return None


def ratio_shares(span: Span, words: str) -> tuple[Amount, ...]:
    """4:3:3 → 0.4, 0.3, 0.3; empty where a share is no exact decimal."""
    numbers = [int(number) for number in words.split(":")]
    total = sum(numbers)
    if not total or any((Decimal(number) / total) * total != number for number in numbers):
        return ()
    found: list[Amount] = []
    at = span.start
    for number, printed in zip(numbers, words.split(":"), strict=True):
        found.append(Amount(Decimal(number) / total, "", Span(at, at + len(printed))))
        at += len(printed) + 1
    return tuple(found)
