"""Benefits whose amount runs over a scale: bands of a sum, years, and steps."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise, takewhile

from ingest.document import Span
from ingest.measures.benefit_parts import Part, amount, figures_within, listed
from ingest.measures.benefit_terms import duration_of
from ingest.measures.benefit_words import standard_base
from ingest.measures.conditions import read_conditions
from ingest.measures.conditions_numbers import Figure
from ingest.measures.model import Amount, Benefit, BenefitType, Duration, Step, Tier, Words, YearShare
from ingest.measures.signs import Sought
from ingest.numerals import chinese_to_int

_BAND_END = Sought(r"的?部分|以[上下内]部分")
_BELOW = re.compile(r"(?:\([^)]{0,6}\))?(?:及?以下|以内|之内)")
_NUMERAL = r"\d{1,2}|[一二两三四五六七八九十]{1,2}"
_YEARS = Sought(
    rf"第(?P<first>{_NUMERAL})(?:(?:年?(?:至|到|-|~)|[、和及])第?(?P<last>{_NUMERAL}))?(?:个)?年(?:内|度)?(?!、第?{_NUMERAL}年?分别)"
    rf"|(?P<front>[前首头])(?P<front_count>{_NUMERAL})?个?年(?:内)?|(?P<next>(?<![\u4e00-\u9fff])后|(?<=[和及免额贴补费])后|其后|之后|随后)(?P<next_count>{_NUMERAL})年|(?P<then>次年|第二个年度)"
)
_RUNNING = re.compile(rf"连续(?P<count>{_NUMERAL})年(?:内)?(?=按|分别)")
_WHOLE = r"全额|全免|免费|(?<!减)免(?:租金?|收|缴|交|除)?"
_HALF = r"减半|一半|半价|半额|半数"
_SHARE_WORDS = re.compile(rf"(?P<whole>{_WHOLE})|(?P<half>{_HALF})")
_YEARLY_BASES = Sought(
    r"(?:实际(?:支付)?|年度|场地|厂房|房屋|办公用房|市场)*(?P<base>租金|房租|利息|保费|担保费|物业费|宽带费|场租|运营经费|薪酬|工资|(?:地方|[省市县区]级)?留成|地方(?:经济|财政|综合)?贡献)"
)
_TO_PAY = re.compile(r"(?:的(?:比例|标准))?(?:收取|缴[纳交]|交纳|计[租收]|收租|征收|支付租金)")
_SUPPORTS = re.compile("[奖补贴]|给予|资助|支持|扶持")
_ALL_YEARS = re.compile(r"(?:期限?|时间|周期|连续|为期|共计?|给予|享受|最长|不超过|合计)[为是]?(?:最长|不超过|连续)?\Z")
_HOMES = re.compile("公寓|住房|租住|人才房|安居房")
_FREE_THEN_HALF = Sought(r"(?P<free>[一二两三四五])(?P<none>免)(?P<halved>[一二两三四五])减半?")
_HEADED = re.compile(  # 对出口额增量实行分段奖励:
    r"(?P<base>[\u4e00-\u9fff]{2,16}?)(?:(?:实行|进行|采取|采用|给予|予以|按照?)?(?:超额)?(?:分段|分档|分级|分类|累进|阶梯|差额)[\u4e00-\u9fff]{0,12})?[,:]\Z"
)
_STEP = re.compile(
    r"每(?:再|年)?(?P<doing>增加|新增|高出?(?=\d)|上(?=一个)|增长|提高|提升|下降|降低|减少|超过?|多|上升|递增|满(?=\d[\d.]{0,8}[十百千]?[万亿]?(?:美|港|欧)?元))(?P<what>[^,;。\d每]{0,10})"
    r"|每(?=\d{1,5}(?:\.\d{1,2})?[百千]?[万亿](?:美|港|欧)?元(?:给予|奖励|补[助贴]|资助))"  # 每100万元奖励1万元, not 每年3万元
)


@dataclass(frozen=True, slots=True)
class Scale:
    """A benefit that was read over several parts: from ``start`` to ``end``, with the words used."""

    benefit: Benefit
    used: tuple[Span, ...]
    start: int
    end: int


def progressive(flat: str, sentence: Span) -> Scale | None:
    """1亿元至5亿元的部分奖励1%，5亿元以上的部分奖励2%: each band pays its own rate on what lies within it."""
    found = figures_within(flat, sentence)
    tiers: list[Tier] = []
    used: list[Figure] = []
    start = sentence.start
    for match in _BAND_END.finditer(flat, sentence.start, sentence.end):
        at = bisect_left(found, match.start(), key=lambda f: f.span.start)
        bounds = [f for f in found[max(0, at - 3) : at] if f.kind == "money" and f.span.start >= start][-2:]
        rate = next(
            (f for f in found[at : at + 3] if f.kind == "percent" and 0 <= f.span.start - match.end() <= 14), None
        )
        if rate is None or not bounds or match.start() - bounds[-1].span.end > 12:
            continue
        if tiers and len(bounds) == 2 and flat[bounds[0].span.end : bounds[1].span.start].count(","):
            bounds = bounds[-1:]
        tiers.append(_band(flat, bounds, rate))
        used += [*bounds, rate]
        start = rate.span.end
    if len(tiers) < 2:
        return None
    metric = _metric(flat, sentence, used[0])
    if metric is None:
        return None
    benefit = Benefit(
        "资金奖补", "progressive", Span(used[0].span.start, used[-1].span.end), base=metric, tiers=tuple(tiers)
    )
    return Scale(benefit, tuple(f.span for f in used), used[0].span.start, used[-1].span.end)


def _band(flat: str, bounds: Sequence[Figure], rate: Figure) -> Tier:
    if len(bounds) == 2:
        return Tier(rate=amount(rate), lower=amount(bounds[0]), upper=amount(bounds[1]))
    below = bounds[0].comparator in ("le", "lt") or _BELOW.match(flat, bounds[0].span.end)
    return Tier(
        rate=amount(rate), lower=None if below else amount(bounds[0]), upper=amount(bounds[0]) if below else None
    )


def _metric(flat: str, sentence: Span, first: Figure) -> Words | None:
    """What a bound measures: 实缴注册资本 in front of 1亿元."""
    for condition in read_conditions(flat, Span(sentence.start, min(sentence.end, first.span.end + 12))):
        if condition.amount and condition.amount.span == first.span and "部分" not in condition.metric:
            return Words(condition.metric, Span(condition.span.start, first.span.start))
    floor = max([sentence.start, *(flat.rfind(mark, sentence.start, first.span.start) + 1 for mark in ",;:")])
    words = re.sub(r"(?:在|为|达到?|超过|突破|不足|低于)\Z", "", flat[floor : first.span.start])
    if not words:
        previous = _HEADED.search(flat, max(sentence.start, floor - 40), floor)
        if previous is None:
            return None
        if "部分" in previous["base"] and not previous["base"].endswith("部分"):
            # 1亿元以下的部分不予奖励，1亿元至3亿元的部分: said before the first bound of all
            said = next((c for c in read_conditions(flat, Span(sentence.start, floor)) if c.amount), None)
            return Words(said.metric, said.span) if said else None
        words = re.sub(r"^.*(?:企业|项目|单位|的|对|按照?|以)(?=.{2})", "", previous["base"])
        return standard_base(flat, Span(previous.end("base") - len(words), previous.end("base")))
    above = re.search(r"(?<=.{4})(?:高于|超过|超出)[^,;]*\Z", words)
    words = words[: above.start()] if above else words
    head = re.match(r".*(?:对|的|按照?|以|企业(?=年|当年))(?=.{2})", words)
    return standard_base(flat, Span(floor + (head.end() if head else 0), floor + len(words)))


def threshold(flat: str, lead: Span, size: Amount) -> tuple[Amount | None, Words | None]:
    """The bound in ``lead`` that steps of ``size`` begin at, and what it measures."""
    for condition in reversed(read_conditions(flat, lead)):
        if condition.amount and condition.amount.unit == size.unit and condition.op in ("ge", "gt"):
            words = Words(condition.metric, Span(condition.span.start, condition.amount.span.start))
            return condition.amount, words if words.span.end > words.span.start else None
    return None, None


def schedule(parts: Sequence[Part], at: int) -> Scale | None:
    """第一年免租，第二至三年租金减半; 前三年全额、后两年减半: 后两年 follows the years before it."""
    flat, piece = parts[at].flat, parts[at].piece
    if not _YEARS.search(parts[at].text):
        running = _RUNNING.search(flat, parts[at].span.start, parts[at].span.end)
        return _each_year(parts[at], running) if running else None
    before = takewhile(lambda part: part.piece == piece, (parts[number] for number in range(at - 1, -1, -1)))
    if any(_YEARS.search(part.text) for part in before):
        return None
    begin = parts[at].span.start
    marks = list(_YEARS.finditer(flat, begin, min(piece.end, begin + 400)))
    rates = _rates(flat, marks, piece.end)
    if len(marks) == 1:
        return _each_year(parts[at], marks[0])
    if len(marks) < 2 or len(rates) != len(marks):
        return None
    years: list[YearShare] = []
    for mark, rate in zip(marks, rates, strict=True):
        first, last = _range(mark, years)
        if first <= (years[-1].last if years else 0) or last < first:
            return None
        years.append(YearShare(first, last, rate))
    end = max(rates[-1].span.end, marks[-1].end())
    paid = [rate.span.of(flat).endswith("%") and bool(_TO_PAY.match(flat, rate.span.end, piece.end)) for rate in rates]
    if any(paid) and not all(p or rate.value == Decimal("0.5") for p, rate in zip(paid, rates, strict=True)):
        return None  # some years say what is saved, others what is paid
    words = flat[max(piece.start, begin - 80) : min(piece.end, end + 20)]
    bases = list(_YEARLY_BASES.finditer(words))
    if not bases and "租" not in words:
        return None
    start = max(piece.start, begin - 80)
    base = (
        Words(bases[-1]["base"], Span(start + bases[-1].start(), start + bases[-1].end()))
        if bases
        else Words("租金", rates[0].span)
    )
    single = all((mark["first"] and not mark["last"]) or mark[0] in ("首年", "次年") for mark in marks)
    last = marks[-1] if single and marks[-1]["first"] and "补贴" in words else None
    lasting = _lasting(parts, at, begin, years[-1].last) or (
        Duration(Decimal(years[-1].last), "年", Span(*last.span())) if last else None
    )
    benefit = Benefit(
        "住房" if base.text in ("租金", "房租") and _HOMES.search(words) else _yearly_type(base.text),
        "pay_rate" if any(paid) else "schedule",
        Span(marks[0].start(), end),
        base=replace_rent(base),
        schedule=tuple(years),
        duration=lasting,
    )
    used = (*(y.rate.span for y in years), *(Span(*m.span()) for m in marks), *([lasting.span] if lasting else []))
    return Scale(benefit, used, marks[0].start(), end)


def _lasting(parts: Sequence[Part], at: int, begin: int, years: int) -> Duration | None:
    """补贴期限为5年，前三年…、后两年…; 连续5年给予补贴：…: all of the years, where they are printed."""
    for part in reversed(parts[max(0, at - 3) : at + 1]):
        if part.piece != parts[at].piece:
            continue
        for figure in part.of("duration"):
            whole = figure.unit in ("年", "周年") and figure.value == years and figure.span.start < begin
            if whole and _ALL_YEARS.search(part.before(figure.span.start)):
                return duration_of(part, figure)
    return None


def _yearly_type(base: str) -> BenefitType:
    """What is paid for year by year: 保费 is no rent."""
    kinds: tuple[tuple[str, BenefitType], ...] = (
        ("利息", "贷款贴息"),
        ("担保费", "融资支持"),
        ("保费", "资金奖补"),
        ("运营经费", "资金奖补"),
        ("留成", "税收"),
        ("贡献", "税收"),
        ("薪酬", "人才补贴"),
        ("工资", "人才补贴"),
    )
    return next((kind for words, kind in kinds if words in base), "租金减免")


def _each_year(part: Part, mark: re.Match[str]) -> Scale | None:
    """第一年至第三年租金补贴比例分别为100%、80%、60%: as many shares as there are years."""
    rates = [f for f in part.of("percent") if f.span.start > mark.end()]
    base = _YEARLY_BASES.search(part.flat, part.span.start, part.span.end)
    first, last = (1, chinese_to_int(mark["count"])) if mark.re is _RUNNING else _range(mark, ())
    apart = "分别" in part.text or all(listed(part.flat, a, b) for a, b in pairwise(rates))
    if base is None or len(rates) < 2 or len(rates) != last - first + 1 or not apart or _TO_PAY.search(part.text):
        return None
    years = tuple(YearShare(first + n, first + n, amount(rate)) for n, rate in enumerate(rates))
    words = Words(base["base"], Span(*base.span()))
    span = Span(mark.start(), rates[-1].span.end)
    lasting = Duration(Decimal(last), "年", Span(*mark.span()))
    benefit = Benefit(
        _yearly_type(words.text), "schedule", span, base=replace_rent(words), schedule=years, duration=lasting
    )
    return Scale(benefit, (*(y.rate.span for y in years), lasting.span), span.start, span.end)


def free_then_half(part: Part) -> Scale | None:
    """三免两减半 of rent: three years free, two at half price."""
    match = _FREE_THEN_HALF.search(part.text)
    if match is None:
        return None
    rest = part.flat[part.span.start : min(part.piece.end, part.span.end + 60)]
    named = _YEARLY_BASES.search(rest)
    if _YEARS.search(rest) or (named is None and "租" not in rest):
        return None
    at = part.span.start
    free, half = chinese_to_int(match["free"]), chinese_to_int(match["halved"])
    years = (
        YearShare(1, free, Amount(Decimal(1), "", Span(at + match.start("free"), at + match.end("none")))),
        YearShare(
            free + 1, free + half, Amount(Decimal("0.5"), "", Span(at + match.start("halved"), at + match.end()))
        ),
    )
    span = Span(at + match.start(), at + match.end())
    base = Words(named["base"], Span(at + named.start(), at + named.end())) if named else Words("租金", span)
    return Scale(
        Benefit("租金减免", "schedule", span, base=replace_rent(base), schedule=years), (span,), span.start, span.end
    )


def replace_rent(base: Words) -> Words:
    """租金 of 房租 and 场租."""
    return Words("租金", base.span) if base.text in ("房租", "场租") else base


def _range(mark: re.Match[str], before: Sequence[YearShare]) -> tuple[int, int]:
    done = before[-1].last if before else 0
    if mark["first"]:
        first = chinese_to_int(mark["first"])
        return first, chinese_to_int(mark["last"]) if mark["last"] else first
    if mark["front"]:
        count = chinese_to_int(mark["front_count"]) if mark["front_count"] else 1
        return 1, count
    if mark["next"]:
        return done + 1, done + chinese_to_int(mark["next_count"])
    return done + 1, done + 1


def _rates(flat: str, marks: Sequence[re.Match[str]], limit: int) -> list[Amount]:
    """The share of each year: right behind it, or all in a list after 分别."""
    if not marks:
        return []
    gap = flat[marks[0].end() : marks[-1].start()]
    if re.fullmatch(r"[、,和及]|(?:[、,和及]|第[一二三四五\d]年)+", gap):
        found = [
            f
            for f in figures_within(flat, Span(marks[-1].end(), min(limit, marks[-1].end() + 80)))
            if f.kind == "percent"
        ]
        return [amount(f) for f in found[: len(marks)]] if len(found) >= len(marks) else []
    rates: list[Amount] = []
    shared = 0  # 第二年、第三年减半: years that wait for the share behind the last of them
    for number, mark in enumerate(marks):
        if re.search("[、和及]", mark[0]) and re.match("[^,;]{0,12}分别", flat[mark.end() : limit]):
            return []  # 第四、第五年分别按50%、30%: two shares
        end = marks[number + 1].start() if number + 1 < len(marks) else min(limit, mark.end() + 30)
        rate = _share(flat, Span(mark.end(), end)) or _free_before(flat, mark.start())
        if rate is None:
            if not re.fullmatch("[、和及]", flat[mark.end() : end]):
                return []
            shared += 1
            continue
        if rates and rate.span.of(flat) == "减半" and rates[-1].span.of(flat).endswith("%"):
            return []  # 前三年按30%，后两年减半: half of 30%, which is printed nowhere
        rates += [rate] * (shared + 1)
        shared = 0
    return rates


def _free_before(flat: str, at: int) -> Amount | None:
    """免收前两年租金: the word stands before the years."""
    word = re.search(r"(?<!减)免[收缴交除]?\Z", flat[max(0, at - 3) : at])
    return Amount(Decimal(1), "", Span(at - len(word[0]), at)) if word else None


def _share(flat: str, span: Span) -> Amount | None:
    """The first share said in ``span``: 70%, 减半 .5, 全额 and 免租 1; 减免30% is 0.3, 减按70% leaves the rate open."""
    figure = next((f for f in figures_within(flat, span) if f.kind == "percent"), None)
    word = _SHARE_WORDS.search(flat, span.start, span.end)
    if figure and (word is None or figure.span.start < word.start()):
        return amount(figure)
    return word_share(word) if word else (amount(figure) if figure else None)


def word_share(word: re.Match[str]) -> Amount:
    """1 of 全额 and 免租, 0.5 of 减半."""
    return Amount(Decimal("0.5") if word["half"] else Decimal(1), "", Span(*word.span()))


def step(
    part: Part, lead: Span, following: Part | None = None
) -> tuple[Step, Words | None, tuple[Span, ...], int] | None:
    """每增加1亿元再奖励5万元: size and value, what grows, the words used, and where it begins."""
    match = _STEP.search(part.text)
    if match is None or not _supports(part.flat, part.sentence):
        return None
    start = part.span.start + match.start()
    after = [f for f in part.figures if f.span.start >= part.span.start + match.end()]
    if len(after) < 2 and following is not None and following.piece == part.piece:
        after = [*(after or _bare(part, start)), *following.of("money")[:1]]
    if (
        len(after) < 2
        or after[1].kind != "money"
        or after[0].kind not in ("money", "percent", "points", "count", "area")
    ):
        return None
    size, value = after[0], after[1]
    if (
        size.span.start != part.span.start + match.end()
        or (size.comparator and match["doing"] != "满")
        or value.comparator in ("le", "ge", "gt", "lt")
    ):
        return None
    if size.kind == "count" and size.value == 1 and match["doing"] == "新增":
        return None
    lead = Span(lead.start, max(lead.start, start))
    first = next((f for f in figures_within(part.flat, lead) if f.kind == size.kind), None)
    words = None
    if first is not None:
        words = _metric(part.flat, lead, first)
    elif match["what"]:
        at = part.span.start + match.start("what")
        words = standard_base(part.flat, Span(at, at + len(match["what"])))
    else:
        grown = re.search(
            r"(?:.*(?:企业|项目|单位|的|对|按照?|实际|[选定评产]后))?(?P<base>[\u4e00-\u9fff]{2,10})\Z",
            part.before(start),
        )
        if grown:
            at = start - len(part.before(start)) + grown.start("base")
            words = standard_base(part.flat, Span(at, start))
    begin = amount(first) if first else None
    return Step(amount(size), amount(value), begin), words, (size.span, value.span), start


@lru_cache(maxsize=8)  # asked for each part of a sentence
def _supports(flat: str, sentence: Span) -> bool:
    return bool(_SUPPORTS.search(flat, sentence.start, sentence.end))


def _bare(part: Part, start: int) -> list[Figure]:
    """容积率每提高0.1: a number without a unit."""
    match = re.compile(r"\d{1,3}(?:\.\d{1,3})?\Z").search(part.flat, start, part.span.end)
    return [Figure("count", Decimal(match[0]), "", Span(*match.span()), None)] if match else []


_EACH_NEW = re.compile(
    r"每新增(?:[\u4e00-\u9fff]{0,8}[1一])?(?:人|名|家|台|个|项|件|条|辆|套|户)"
)  # 每新增参保1人: a price


def is_step(part: Part) -> bool:
    """Whether the part speaks of steps, read or not; 每年新增企业10家以上的 does not."""
    match = _STEP.search(part.text)
    if match is None or _EACH_NEW.search(part.text):
        return False
    size = next((f for f in part.figures if f.span.start >= part.span.start + match.end()), None)
    return size is None or size.comparator is None or match["doing"] == "满"
