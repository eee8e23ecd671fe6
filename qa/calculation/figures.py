"""Figures with their meaning: “设备投了3000万” is 3000万元 of 设备投资, which is neither 总投资 nor 研发费用. Exact decimals, no model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from ingest.document import Span
from ingest.normalize import fold
from ingest.numerals import Comparator, chinese_to_int, find_quantities

FigureKind = Literal["money", "percent", "points", "fold", "duration", "area", "count"]

# What a figure measures: the words of files and of askers. The match that ends nearest to the figure decides; of two that
# end together the earlier here, which says more.
_GAP = r"[^,。;:?!、\d]"
_METRICS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "研发费用增加额": rf"研发(?:费用|投入|经费|支出)?{_GAP}{{0,8}}(?:增加|增量|新增|增长|多花|多投)额?(?:部分)?(?:了)?",
        "营业收入增加额": rf"(?:营业?收入?|主营业务收入|销售收入){_GAP}{{0,8}}(?:增加额?|增量|新增)(?:部分)?(?:了)?",
        "营业收入增速": rf"(?:营业?收入?|主营业务收入|销售收入){_GAP}{{0,8}}(?:增速|增长率?|增幅|涨)",
        "产值增速": rf"产值{_GAP}{{0,8}}(?:增速|增长率?|增幅|涨)",
        "用电增速": rf"用电量?{_GAP}{{0,6}}(?:增速|增长率?|增幅)",
        "研发占比": rf"研发{_GAP}{{0,8}}(?:占|比重|强度){_GAP}{{0,10}}",
        "固定资产投资": r"固定资产(?:投资|投入)?(?:总?额)?|固投",
        "设备投资": rf"(?:(?:购买|采购|购置|添置|更新|新购|买|购|投){_GAP}{{0,6}})?设备(?:、软件)?"
        rf"(?:{_GAP}{{0,4}}?(?:投资|投入|购置|采购|购买|更新|投|花|买))?(?:总?额|款|费用?|价款)?了?",
        "总投资": r"总投(?:资|入)(?:总?额)?|(?:项目|计划|协议|合同)投资(?:总?额)?|投资总额",
        "研发费用": r"研发(?:费用|投入|经费|支出)?(?:投入|投|花)?(?:总?额)?(?:了)?",
        "销售价格": r"(?:销售|成交|合同)?价格|售价|卖(?:出|价|掉)?了?",
        "销售额": r"销售(?:总?额|金额)|卖(?:出|掉)?了?",
        "营业收入": r"营业收入|主营业务收入|营收|销售收入|年收入",
        "产值": r"产值",
        "到位外资": r"(?:实际)?(?:到位|使用|到账)外资(?:总?额)?|外资(?:实际)?(?:到位|到账|使用)(?:总?额)?",
        "实缴资本": r"实缴(?:注册)?(?:资本|资金)|注册资本实缴",
        "技术合同额": rf"技术(?:交易|转让|开发)?合同{_GAP}{{0,6}}(?:总?额|金额)?|技术(?:合同)?(?:成交|交易)额",
        "展位费": r"(?:展位|摊位)费用?|(?:展位|摊位)",
        "购房款": r"购房(?:总?款|金额)?|房款|房价|买房(?:子)?|买(?:了)?(?:套|一套)?(?:商品)?(?:房子|住房|房)",
        "租金": r"(?:房租|租金)",
        "保费": r"(?:实缴)?(?:保险费|(?<!担)保费)",
        "担保额": r"担保(?:总?额|金额)",
        "利息": r"(?:贷款)?利息",
        "贷款额": r"贷款(?:本金|总?额|金额)?(?:了)?",
        "股权融资": r"(?:股权)?融资(?:总?额|金额)?(?:了)?",
        "上级资金": r"(?:国拨|国家|中央|省级?|市级?|上级)(?:财政)?(?:资金|拨款|补助|奖励|资助|支持)(?:资金|总?额)?",
        "亩均税收": r"亩均税收",
        "亩均产值": r"亩均产值",
        "出口额": r"出口(?:总?额)?(?:了)?",
        "进口额": r"进口(?:总?额)?(?:了)?",
        "用电量": r"用电量?|用了电",
        "发电量": r"发电量?|发了?电",
        "节能量": r"节能量?|节约",
        "处罚金额": r"(?:行政)?(?:处罚|罚款|罚没)的?(?:总?额|金额|款)?(?:了)?|(?:被|共|一共|总共)罚了?",
        "工程造价": r"(?:工程|项目)?(?:总)?造价",
        "诉讼标的": r"(?:诉讼请求|诉讼标的|争议标的|标的)的?(?:金额|总?额|价额|物)?(?:或者?价额)?|争议金额",
        "执行标的": r"执行(?:的)?(?:金额|标的额?|款)(?:或者?价额)?",
        "保全财产": r"保全(?:的)?财产(?:的)?(?:数额|价值|总额|金额)?|(?:财产)?保全(?:金额|数额|标的额?)",
        "人数": r"就业|用工|招(?:用|聘|收|到)?了?|员工|职工",
        "投资": r"投资(?:总?额)?(?:了)?|投入(?:了)?|投(?:了)?|花(?:了)?",
    }.items()
}
_OWN_WORDS = re.compile(r"([\u4e00-\u9fff]{2,8}?(?:费用?|额|款|金|价格?|支出|资金|收入))[^,。;\d]{0,3}\Z")
VAGUE = frozenset({"投资"})  # fits no base: neither 设备投资 nor 总投资 is said

_GRANT = re.compile(
    r"(?:补贴|补助|奖励|奖补|资助|扶持)(?:资金|金|款|标准|金额)?(?:为|是|有|达|最高|可达|给|给予)?\s?\Z"
)
_CUT = re.compile(r"[,。;:?!\n]")
_SPOKEN_MONEY = re.compile(
    r"(?P<digits>(?<![\d.])\d{1,9}(?:\.\d{1,6})?)\s?(?P<about>[多余])?个?(?P<scale>千万|百万|十万|亿|万|千|[wW])(?:块钱?|元)?(?!\s?[人名家台套度吨平㎡个项件户册辆千亩])"
    r"|(?P<chinese>[一二两三四五六七八九十百千]{1,8}个?[万亿])(?:块钱?|元)?(?!\s?[人名家台套度吨平㎡个项件户册辆千亩])"
    r"|(?P<plain>(?<![\d.])\d{1,9}(?:\.\d{1,6})?)块(?:钱)?"
)
_SPOKEN_AREA = re.compile(
    r"(?P<digits>(?<![\d.])\d{1,9}(?:\.\d{1,4})?)\s?(?P<scale>万)?(?:平米|平方?(?!米|公里|方|台|均))"
)
_SPOKEN_PEOPLE = re.compile(r"(\d{1,6}|[一二两三四五六七八九十]{1,4})个人(?![税才所])")
_EXACT = re.compile(r"(?:达到?|满)\Z")  # 营收达到5亿: that much, said by someone who counts his own
_AT_LEAST = re.compile(r"\s?(?:\([^)]{0,6}\))?\s?及?以上|起")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as printed at ``span`` of its text. ``value``: money in 元, percent as a fraction of 1, else in ``unit``."""

    kind: FigureKind
    value: Decimal
    unit: str
    span: Span
    printed: str
    comparator: Comparator | None = None
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """A figure of the asker. ``metric``: what it measures, ``None`` where that is not said."""

    metric: str | None
    figure: Figure


def figures(text: str) -> tuple[Figure, ...]:
    """Figures of ``text`` in order, those of everyday speech too (3000w, 1个亿, 5亿, 800平)."""
    spoken = list(_spoken(fold(text)))
    printed = [
        # repr of a float is the shortest decimal that reads back as it: exactly what was printed
        Figure(q.kind, Decimal(repr(q.value)), q.unit, q.span, q.printed, q.comparator, q.approximate)
        for q in find_quantities(text)
    ]
    clashing = [f for f in spoken if not any(_overlap(f.span, p.span) and p.span.end >= f.span.end for p in printed)]
    kept = [p for p in printed if not any(_overlap(p.span, f.span) for f in clashing)]
    return tuple(sorted((*kept, *clashing), key=lambda f: f.span.start))


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _spoken(flat: str) -> Iterator[Figure]:
    for match in _SPOKEN_MONEY.finditer(flat):
        if match["digits"]:
            scale = 10**4 if match["scale"] in "wW" else chinese_to_int(match["scale"])
            value = Decimal(match["digits"]) * scale
            if match["scale"] == "千" and not match.group().endswith(("块", "钱", "元")):
                continue
        else:
            value = (
                Decimal(match["plain"])
                if match["plain"]
                else Decimal(chinese_to_int(match["chinese"].replace("个", "")))
            )
        yield Figure("money", value, "CNY", Span(*match.span()), match.group(), None, bool(match["about"]))
    for match in _SPOKEN_PEOPLE.finditer(flat):
        yield Figure("count", Decimal(chinese_to_int(match[1])), "人", Span(*match.span()), match.group())
    for match in _SPOKEN_AREA.finditer(flat):
        yield Figure(
            "area",
            Decimal(match["digits"]) * (10**4 if match["scale"] else 1),
            "㎡",
            Span(*match.span()),
            match.group(),
        )


def inputs(question: str) -> tuple[Input, ...]:
    """The asker's figures, each with what it measures. 达到5亿 is 5亿; 5亿以上 keeps its comparator and is no exact figure."""
    flat, found = fold(question), figures(question)
    result: list[Input] = []
    for index, figure in enumerate(found):
        if (
            figure.comparator == "ge"
            and _EXACT.search(flat[: figure.span.start])
            and not _AT_LEAST.match(flat, figure.span.end)
        ):
            figure = Figure(
                figure.kind, figure.value, figure.unit, figure.span, figure.printed, None, figure.approximate
            )
        previous = (
            result[-1] if result and not _CUT.search(flat, result[-1].figure.span.end, figure.span.start) else None
        )
        metric = metric_of(flat, found, index)
        if (
            metric is None
            and previous
            and previous.figure.kind == figure.kind
            and _goes_on(flat, previous.figure, figure)
        ):
            metric = previous.metric
        result.append(Input(metric, figure))
    return tuple(result)


def _goes_on(flat: str, first: Figure, second: Figure) -> bool:
    """Whether both measure the same: 从1亿做到5亿, 3000万还是5000万."""
    between = flat[first.span.end : second.span.start]
    return _moves(flat, first, second) or bool(re.fullmatch(r"\s?(?:还是|或者?|[到至、~-])\s?", between))


def _moves(flat: str, first: Figure, second: Figure) -> bool:
    return bool(
        re.search(r"从\s?\Z", flat[: first.span.start]) and re.search("到", flat[first.span.end : second.span.start])
    )


def moved(given: tuple[Input, ...], question: str, metric: str) -> tuple[Input, Input] | None:
    """“营收从1亿做到5亿”: the two figures of ``metric``, in order."""
    flat = fold(question)
    for first, second in pairwise(given):
        if first.metric == second.metric == metric and _moves(flat, first.figure, second.figure):
            return first, second
    return None


def metric_of(flat: str, found: tuple[Figure, ...], index: int) -> str | None:
    """What ``found[index]`` measures, by the words before it and else right behind it, within its part of the sentence."""
    figure = found[index]
    floor = found[index - 1].span.end if index else 0
    cuts = [m.end() for m in _CUT.finditer(flat, floor, figure.span.start)]
    before = flat[cuts[-1] if cuts else floor : figure.span.start]
    if "分别" in before or "各" in before[-2:]:
        return None  # a list of names with a list of figures: which belongs to which is not said here
    ceiling = found[index + 1].span.start if index + 1 < len(found) else len(flat)
    cut = _CUT.search(flat, figure.span.end, ceiling)
    after = flat[figure.span.end : cut.start() if cut else ceiling]
    if _GRANT.search(before):
        return None  # 展位费补贴3万元 is what somebody is said to get, not what he has paid
    named = metric_in(before)
    behind = metric_in(after[:10], first=True)
    if named in (None, *VAGUE) and behind not in (None, *VAGUE):
        return behind
    if named is None and len(cuts) and floor < cuts[-1] - 1:  # “设备投资呢，大概3000万”
        earlier = flat[cuts[-2] if len(cuts) > 1 else floor : cuts[-1] - 1]
        named = metric_in(earlier)
    return named or behind


def metric_in(words: str, first: bool = False) -> str | None:
    """The metric that ``words`` name last (or ``first``). An unknown one by its own words (检测费), ``None`` where none is named."""
    found = metric_at(words, first)
    return found[0] if found else None


def metric_at(words: str, first: bool = False) -> tuple[str, int] | None:
    """The metric as ``metric_in`` has it, and where in ``words`` its name begins."""
    best: tuple[int, str, int] | None = None
    for name, pattern in _METRICS.items():
        for match in pattern.finditer(words):
            at = -match.start() if first else match.end()
            if match.group() and name not in VAGUE and (best is None or at > best[0]):
                best = (at, name, match.start())
    if best:
        return best[1], best[2]
    own = _OWN_WORDS.search(words)
    if own:
        return own.group(1), own.start(1)
    vague = ((name, _METRICS[name].search(words)) for name in VAGUE)
    return next(((name, match.start()) for name, match in vague if match), None)


def fits(metric: str, base: str) -> bool:
    """Whether a figure that measures ``metric`` is what a rule counts by (``base``). 卖了 may mean price or turnover."""
    if metric == base:
        return True
    if {metric, base} <= {"销售价格", "销售额"}:
        return True
    if metric in _METRICS or base in _METRICS:
        return False
    asked, wanted = _core(metric), _core(base)
    return len(wanted) >= 2 and (asked.endswith(wanted) or wanted.endswith(asked))


def _core(words: str) -> str:
    """检测费 of 实际发生的检测费用: what an unknown base is about."""
    return re.sub(r"(?:总?额|用|总?金额)\Z", "", re.sub(r"^.*(?:实际|发生|支付|缴纳|年度|当年|上年|其|的)", "", words))


def money(value: Decimal) -> str:
    """An exact sum as people write it: 300万元, 1.2亿元, 1500元."""
    for scale, unit in ((10**8, "亿元"), (10**4, "万元")):
        if abs(value) >= scale:
            return f"{plain(value / scale)}{unit}"
    return f"{plain(value)}元"


def amount(value: Decimal) -> str:
    """A count as people write it: 36, 200万."""
    return f"{plain(value / 10**4)}万" if value >= 10**4 else plain(value)


def plain(value: Decimal) -> str:
    """Digits without exponent and idle zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: Decimal, unit: str) -> str:
    """A figure as people write it: 1.2亿元, 8.5%, 120人, 1000万美元."""
    if unit == "元":
        return money(value)
    if unit == "USD":
        return f"{amount(value)}美元"
    if unit.startswith("元/"):
        return f"{money(value)}{unit[1:]}"
    if not unit:
        percent = value * 100
        return f"{plain(round(percent, 2))}%" if percent == round(percent, 2) else f"约{plain(round(percent, 2))}%"
    return f"{plain(value)}{unit}"
