"""Conditions with a figure: 年营业收入达到1亿元以上, 用电量同比增长10%以上, 签订1年以上劳动合同.

What is measured stands before the figure (after it: 亿元以上项目, 3年以上劳动合同). ``vocabulary/metrics.tsv`` names it in its
standard form; a noun that is not listed there keeps its own words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from ingest.document import Span
from ingest.measures.conditions_names import standard_name
from ingest.measures.conditions_numbers import (
    COUNTED_NAMES,
    PERIOD,
    Figure,
    amount_of,
    end_of,
    figures,
    period_in,
    periods,
)
from ingest.measures.model import Condition, Operator
from ingest.measures.signs import Signs, Sought, starting
from ingest.vocabulary import table

_LONGEST_LIST = 8
_SIGHT = 80  # characters in front of a figure in which what it measures is looked for
_BOUNDARY = re.compile(r"[,;。:\n\t]")
_LIST_GAP = re.compile(r"\s?(?:\([^)]{0,14}\))?\s?[、,和及或]\s?")
_RANGE_GAP = re.compile(r"(?:\([^)]{0,8}\)|以上)?\s?(?:至|到|-|~)\s?")
_COMPARING = (
    r"降[至到]|增至|提高[至到]|升至|不[得应能宜]?(?:低于|少于|小于|高于|超过?|大于)|不足|不满"
    r"|未达到?|未满|达到|达|年?满|至少|最低|超过|超|高于|大于|多于|突破|低于|少于|小于|最高"
)
# Possessive (*+): a word that can be read in two ways is read in one, or the time would double with each.
_GAP = re.compile(
    rf"(?:\([^)]{{0,20}}\)|{_COMPARING}|首次|分别(?!不)|累计|合计|共计|总额|总计|金额|新增|均|应当?|须|必须|需|要求?|在|为|是|约|已|且|连续|同比|较上年|比上年|年均|实际|每亩"
    r"|人民币|总?(?:规模|数量?|人数|量|额)|的?(?:比例|比重|占比)|介于|时间|[ 以占到从至])*+"
)
_BETWEEN = re.compile(
    rf"(?:\([^)]{{0,20}}\)|{_COMPARING}|首次|分别(?!不)|累计|合计|共计|均|应当?|须|必须|需|要求?|在|为|是|约|已|且|连续|年均|实际|每亩|人民币|介于|[ 以到从])*+"
)
_BETWEEN_END = re.compile(_BETWEEN.pattern + r"\Z")
_MOVES = {"下降": "下降", "降低": "降低", "提高": "提高", "增长": "增速", "提升": "提升"}
_MOVED = re.compile("|".join(_MOVES))
_SHARE_AGAIN = re.compile(r"(?:该|研发)?(?:比例|占比|比重)")  # 比例在5%至8%之间的, of 占比 before
_ENDS_CASE = re.compile(r"的?[,:]|的(?:部分)?[,:]")
_GRANTS = starting(
    r"给予|奖励|补助|补贴|资助|贴息|奖补|支持|提供|免费|最高|按|拨付|发放|兑[现付]|每年不超|予以|享受|免收|减免|上限|封顶|遴选|评选|择优|推荐|名额|限额|不重复|安排|发布|打造|力争"
)
_GROWTH = re.compile(
    r"(?:\([^)]{0,14}\)|及?以上|,|且|并|同时|、|[近连续]{1,2}[两二三四五]年(?:均|实现)?|当年|同比|较上年|比上年|年均|平均|实现)*+(?:增长|增速|增幅)(?:率)?(?:达到|达|不低于|不少于|超过|在|为)*\Z"
)
_ADDED = re.compile(
    r"(?:\([^)]{0,14}\)|及?以上|,|且|并|同时|、)*(?P<word>净增|增量|增加额)(?:达到?|不[得应]?低于|不少于|超过|在)*"
)
_GROWN = re.compile(
    rf"(?:{PERIOD})?(?:年均|平均|连续)*+(?:同比|(?:较|比)[上前]一?年度?(?:末|同期)?|环比)?(?:实现|保持)?(?:增长|增速|增幅)(?:率)?(?:同比|在|达到?|不[得应]?低于|不少于|超过|高于|为)*\Z"
)
_SHARE = re.compile(
    r"(?:\([^)]{0,14}\)|及?以上|,|且|并|同时)*占[^,。;]{2,12}?(?:收入|总额|投资|总数|人数|产值)(?:总额)?的?(?:比例|比重|比)?(?:达到|达|不低于|不少于|超过|在|为)*\Z"
)
_SINCE = re.compile(r"(?:成立|毕业|退役|出站)\Z")
_GROWS_BY = re.compile(r"(?:增长|增速达?到?|增幅达?到?)\Z")
_THOSE = re.compile(r"的(?=,|[再追另给一奖]|企业)")
_PERIOD_FIRST = re.compile(rf"^(?:{PERIOD})的?")
_EACH_LOAN = re.compile(r"单[户笔](?:[^,。;\d]{0,6})\Z")
_LOAN_AFTER = re.compile(r"(?:的)?[^,。;\d]{0,10}?(?P<what>担保|贷款|融资)(?!贴)")
_AVERAGE = re.compile(r"平均(?:增速|增幅|水平)\Z")  # 超过全市平均增速5个百分点: of a number that is not printed
_NEVER = re.compile(r"未发生|没有|无(?!线|人|形)|未达")
_PER_GRANT = re.compile(r"单[户笔个家次]|每[户家人年次]|累计|合计|总额(?:度)?|最高|最长|上限")
# What stands in front of a listed metric and does not narrow it.
_WIDE = re.compile(
    r"并(?!购)|期间|年度|中(?!长期|小)|[的且或和及与对其在内后前起区市省县年月日第、,()\"'《》]|企业|公司|机构|单位|项目|团队|人员|人才|高管|成员|骨干|主体|商户|达到|实现|完成|以上|年度|当年|全年|累计|新增|实际|平均|合计|单个|年化"
    r"|首次|[一两]家|缴纳|签订|取得|获得|拥有|具有|购置|新购|投入|投资|依法|连续|正常|参加|成功|引荐|引进|规模|限额|计划|自主|近[两二三]?|本人|上一?|总|经|由|人均|本级|同比|提供|净|工业|用地|银行|促成|举办|开展|组织|承办"
    r"|学历|学位|职称|单体|新建|改建|扩建|楼宇|载体|园区|企业|门店"
)
_WHOLE_NAMES = ("亩均", "单台", "实缴", "实际")  # begin themselves: nothing in front of them narrows them
_OF_OTHERS = re.compile(r"(?:在孵|入驻|入园|毕业)企业(?:的)?\Z")
_YEARLY = re.compile(r"(?<![当上去本全近次每往整\d一二三四五两])年\Z")
_MOST_NARROWING = 8  # characters of 直播 in 直播销售额
_AFTER_METRICS = (
    ("劳动合同期限", "duration", re.compile(r"[^,。;、]{0,4}劳动合同")),
    ("服务期限", "duration", re.compile(r"[^,。;、]{0,4}服务(?:期|协议)")),
    ("工作年限", "duration", re.compile(r"[^,。;、]{0,8}(?:工作|从业)(?:经验|经历)")),
    ("租赁期限", "duration", re.compile(r"[^,。;、]{0,4}租赁(?:合同|协议|期)")),
    ("总投资", "money", re.compile(r"[^,。;、()]{0,14}项目")),
    ("进出口额", "money", re.compile(r"(?:[、和及]\d{1,6}(?:\.\d{1,2})?[万亿](?:美)?元){0,6}的(?:外贸)?进出口企业")),
)
_NOUN = re.compile(
    r"(?:[A-Z]{2,6})?[\u4e00-\u9fff](?:[\u4e00-\u9fff]|\([\u4e00-\u9fff]{1,4}\)){1,13}(?:额|量|率|数|收入|投资|产值|面积|比例|比重|占比|年限|期限|费用?|价值|资本|规模|增速|增幅|利润|下降|降低|提升|提高|降幅|得分|强度|税收"
    r"|能力|时间|成本|价格|单价|资金|补偿|学制|工资|薪酬|浓度|占有率|等级|规模|天数|时长|次数|年数|产能|产量|库容)\Z"
)
_NOUN_STARTS_AFTER = re.compile(
    r".*(?:的|(?<!可)以(?!上|下|内)|将|因|租用|租赁|承租|引育|引进|促成|举办|开展|组织|主办|承办|协办|新建|改建|扩建|年度|当年|全年|本年|且|并(?!购)|或|和|及|对(?!外)|由|其|(?:改造|实施|建成|投产|达产)后|以[上下](?=.{2})|在(?![岗孵册职校编])|达到|完成|实现|拥有|具有|取得|获得|以及|(?:企业|项目|单位(?!产品|面积|增加值|工业|产值|能耗)|基地|园区|平台"
    r"|机构|合作社|协会|民宿|酒店|门店|旅行社|车间|工厂|银行|医院|学校|商场|设施(?!装备|设备|配套)|展会|赛事|孵化器|众创空间)(?=.{2})|、)"
)
_SHORT_NOUN = re.compile(r"[\u4e00-\u9fff](?:数|率|量|额|容)")
_RANKED = Sought(  # 年度纳税前20名
    r"(?:对|按|,|。|;|、|\A)(?:上?年度|当年|全[市区省县])?(?P<what>[\u4e00-\u9fff]{2,8}?(?<!排名))(?:排名|位[居列]|排在|居)?(?:全[市区省县国])?前\Z"
)
_COMPARED = re.compile(r"(?:不[得应能宜]?(?:低于|少于|超过|高于)|达到?|超过?|突破|大于|高于|低于)(?:每亩)?\Z")
_LASTING = re.compile(r"[\u4e00-\u9fff]{1,7}期\Z")  # 展期, 工期
_IN_PLACE = re.compile("^[\u4e00-\u9fff]{0,6}?(?:集聚区|园区|街区|景区|基地)(?=.{2})")
_COUNTED = re.compile(r"[\u4e00-\u9fff]{2,10}\Z")
_COUNTED_BY = re.compile(
    r"(?:吸纳|带动|安置|聘用|招用|培训|服务|入驻|联结)(?!.*(?:吸纳|带动|安置|聘用|招用|培训|服务|入驻|联结))[\u4e00-\u9fff]{2,8}\Z"
)
_NO_METRIC = re.compile(r"单[户笔个家]|每[户家人个项年]|[起后内前]\Z|上|下|比例|部分|资金|以及|金额|提高|原则")
_RENTED = re.compile(r"(?:租用|租赁|承租)[^,。;]{0,12}\Z")


@cache
def _metrics(kind: str) -> Signs[tuple[str, re.Pattern[str]]]:
    """Those that a figure of this kind can measure."""
    kinds = {kind, "percent"} if kind in ("points", "fold") else {kind}
    return Signs(
        (row["pattern"], (row["metric"], starting(row["pattern"]))) for row in table("metrics") if row["kind"] in kinds
    )


def read_thresholds(flat: str, within: Span) -> tuple[Condition, ...]:
    """The conditions with a figure in ``within``; sums that are granted are none."""
    found = _thresholds(flat)
    first = bisect_left(found, within.start, key=_figure_start)
    last = bisect_left(found, within.end, key=_figure_start)
    return tuple(c for c in found[first:last] if c.amount is not None and within.contains(c.amount.span))


def _figure_start(condition: Condition) -> int:
    return condition.amount.span.start if condition.amount else condition.span.start


@lru_cache(maxsize=64)
def _thresholds(flat: str) -> tuple[Condition, ...]:
    named = bytearray(len(flat) + 1)
    for span in periods(flat):
        named[span.start : span.end] = b"\1" * (span.end - span.start)
    inside = [figure for figure in figures(flat) if not named[figure.span.start]]
    found: list[Condition] = []
    open_list: Condition | None = None
    for number, figure in enumerate(inside):
        previous = inside[number - 1].span.end if number else 0
        condition = None
        if number and open_list is not None and inside[number - 1].kind == figure.kind:
            condition = _next_in_list(flat, inside, number, open_list)
        if condition is None:
            condition = _own(flat, inside, number, previous, open_list)
        if condition is None:
            condition = _again(flat, inside, number, previous, found)
        if condition is not None:
            found.append(condition)
        open_list = condition
    return tuple(found)


def _again(
    flat: str, inside: Sequence[Figure], number: int, previous: int, found: Sequence[Condition]
) -> Condition | None:
    """超过2亿元的 behind 融资额5000万元以上的: what is measured is said once for a scale."""
    figure = inside[number]
    start = max(previous, *(flat.rfind(mark, previous, figure.span.start) + 1 for mark in ",;。:\n"))
    end = end_of(flat, figure)
    op = _operator(flat, inside, number)
    moved = _MOVED.match(flat, start, figure.span.start) if figure.kind == "percent" else None
    share = _SHARE_AGAIN.match(flat, start, figure.span.start) if figure.kind == "percent" else None
    begin = moved.end() if moved else share.end() if share else start
    ends = _ENDS_CASE.match(flat, end) or (share and _RANGE_GAP.match(flat, figure.span.end))
    if op is None or not _BETWEEN.fullmatch(flat, begin, figure.span.start) or not ends:
        return None
    same = [
        c
        for c in found
        if c.amount is not None
        and c.amount.unit == figure.unit
        and (c.metric.endswith(_MOVES[moved[0]] if moved else "占比") if moved or share else figure.kind != "percent")
    ]
    if not same:
        return None
    return Condition(
        same[-1].metric, op, Span(start, end), amount_of(flat, figure, same[-1].metric), period=same[-1].period
    )


def _next_in_list(flat: str, inside: Sequence[Figure], number: int, before: Condition) -> Condition | None:
    """5亿元 of 首次突破1亿元、5亿元, and the upper end of a range."""
    figure, gap = inside[number], flat[inside[number - 1].span.end : inside[number].span.start]
    if _RANGE_GAP.fullmatch(gap) and before.op in ("ge", "gt"):
        op: Operator = "lt" if flat[figure.span.end :].startswith("(不含") else "le"
    elif _LIST_GAP.fullmatch(gap):
        op = figure.comparator or before.op
    else:
        return None
    return Condition(
        before.metric, op, figure.span, amount_of(flat, figure, before.metric), "", before.period, before.first
    )


def _own(flat: str, inside: Sequence[Figure], number: int, previous: int, before: Condition | None) -> Condition | None:
    """The condition that ``figure`` sets by itself; ``before``: the one that ends where ``previous`` is."""
    figure = inside[number]
    op = _operator(flat, inside, number)
    ranked = _RANKED.search(flat, max(previous, figure.span.start - 12), figure.span.start)
    if ranked and figure.kind == "count" and figure.unit in ("人", "名", "位"):
        return Condition(
            f"{ranked['what']}排名", "le", Span(ranked.start("what"), figure.span.end), amount_of(flat, figure, "")
        )
    if op is None:
        return None
    if before is not None and (added := _ADDED.fullmatch(flat, previous, figure.span.start)) and figure.kind == "money":
        span = Span(previous, max(figure.span.end, end_of(flat, figure)))
        return Condition(f"{before.metric.removesuffix('增速')}{added['word']}", op, span, amount_of(flat, figure, ""))
    if before is not None and figure.kind == "percent":
        for pattern, suffix in ((_GROWTH, "增速"), (_SHARE, "占比")):
            if pattern.fullmatch(flat, previous, figure.span.start):
                span = Span(previous, max(figure.span.end, end_of(flat, figure)))
                metric = before.metric.removeprefix("年").removeprefix("新增") + suffix
                return Condition(
                    metric, op, span, amount_of(flat, figure, ""), period=period_in(flat, previous, figure.span.start)
                )
    start = previous = max(previous, figure.span.start - _SIGHT)
    for match in _BOUNDARY.finditer(flat, previous, figure.span.start):
        start = match.end()
    context = flat[start : figure.span.start]
    if op in ("le", "lt") and _PER_GRANT.search(context):
        return _each_loan(flat, figure, op, start)
    named = _growth_of(context, figure.kind) or _metric_before(context, figure.kind)
    end = end_of(flat, figure)
    name = named or _metric_after(flat, figure, end, context) or _noun_before(context, figure)
    if name is None:
        return None
    metric, metric_start = _PERIOD_FIRST.sub("", name[0]), figure.span.start if name[1] is None else start + name[1]
    if metric == "工作年限" and figure.unit in ("天", "个月", "日"):
        metric = "工作时间"
    period = period_in(flat, start, figure.span.start)
    between = flat[max(start, metric_start - (8 if name[1] is None else 3)) : figure.span.start]
    return Condition(
        metric,
        op,
        Span(metric_start, max(end, figure.span.end)),
        amount_of(flat, figure, metric),
        "",
        period,
        "首次" in between,
    )


def _each_loan(flat: str, figure: Figure, op: Operator, start: int) -> Condition | None:
    """单户担保额 of 单户500万元以下担保业务: what each loan may be, and no ceiling of what is granted."""
    end = end_of(flat, figure)
    each, loan = _EACH_LOAN.search(flat, start, figure.span.start), _LOAN_AFTER.match(flat, end)
    if each is None or loan is None or figure.kind != "money" or flat.startswith("最高", figure.span.start - 2):
        return None
    metric = f"{flat[each.start() : each.start() + 2]}{loan['what']}额"
    return Condition(metric, op, Span(each.start(), loan.end()), amount_of(flat, figure, metric))


def _operator(flat: str, inside: Sequence[Figure], number: int) -> Operator | None:
    """The comparator of the figure, or of the last one of its list, or 至少 of a range."""
    figure = inside[number]
    if number + 1 < len(inside) and inside[number + 1].kind == figure.kind:
        gap = flat[figure.span.end : inside[number + 1].span.start]
        if _RANGE_GAP.fullmatch(gap):
            return "gt" if gap.startswith("(不含") else "ge"
        if figure.comparator is None and _LIST_GAP.fullmatch(gap):
            return _last_comparator(flat, inside, number + 1)
    grown = figure.kind == "percent" and _GROWS_BY.search(flat, max(0, figure.span.start - 8), figure.span.start)
    if grown and figure.comparator is None and _THOSE.match(flat, figure.span.end):
        return "ge"  # 次年产值增长10%的
    if figure.comparator is None and figure.kind == "duration" and flat.startswith("内", figure.span.end):
        return "le" if _SINCE.search(flat, max(0, figure.span.start - 8), figure.span.start) else None
    return figure.comparator


def _last_comparator(flat: str, inside: Sequence[Figure], number: int) -> Operator | None:
    """以上 of 5000万元、1亿元、2亿元以上, for each of them."""
    for figure, following in pairwise(inside[number : number + _LONGEST_LIST]):
        listed = following.kind == figure.kind and _LIST_GAP.fullmatch(flat, figure.span.end, following.span.start)
        if figure.comparator or not listed:
            return figure.comparator
    return inside[min(number + _LONGEST_LIST, len(inside)) - 1].comparator


def _growth_of(context: str, kind: str) -> tuple[str, int] | None:
    """用电量增速 of 用电量同比增长."""
    grown = _GROWN.search(context) if kind == "percent" else None
    if grown is None:
        return None
    head = context[: grown.start()]
    found = _metric_before(head, "money") or _metric_before(head, "count") or _noun_of(head)
    if found is None and (counted := _counted(head)):
        found = counted[0], counted.start()
    return (f"{found[0].removeprefix('年')}增速", found[1]) if found else None


def _metric_before(context: str, kind: str) -> tuple[str, int] | None:
    """The listed metric that the figure directly follows; the longest, where several end there."""
    best: tuple[int, int, str] | None = None
    for name, pattern in _metrics(kind).possible(context):
        for match in pattern.finditer(context):
            if _GAP.fullmatch(context, match.end()) and (
                best is None or (match.end(), match.end() - match.start()) > (best[0], best[1])
            ):
                best = (match.end(), match.end() - match.start(), name)
    if best is None:
        return None
    start = best[0] - best[1]
    others = _OF_OTHERS.search(context, 0, start)
    if others and kind in ("money", "count"):
        return context[others.start() : best[0]], others.start()  # 在孵企业营业收入: not of the one who applies
    ends = [match.end() for match in _WIDE.finditer(context, 0, start)]
    narrowing = max(ends, default=0)
    if (
        kind in ("money", "percent", "area")
        and not best[2].startswith(_WHOLE_NAMES)
        and 2 <= start - narrowing <= _MOST_NARROWING
    ):
        narrowing -= bool(_YEARLY.search(context, 0, narrowing)) and kind == "money"  # 年直播带货销售额
        return context[narrowing : best[0]], narrowing  # 直播销售额, 主导产品销售收入: not all of it
    grown = kind == "money" and context.endswith("新增", 0, start) and not best[2].endswith("融资额")
    return (f"新增{best[2]}", start - 2) if grown else (best[2], start)


def _metric_after(flat: str, figure: Figure, end: int, context: str) -> tuple[str, None] | None:
    """总投资 of 亿元以上项目, but for 产出强度不低于500万元的项目, which says before the figure what it measures."""
    said = figure.kind == "money" and figure.comparator and _COMPARED.search(context) and _noun_of(_head(context))
    for name, kind, pattern in _AFTER_METRICS:
        if kind == figure.kind and not said and pattern.match(flat, end):
            return name, None
    return None


def _noun_before(context: str, figure: Figure) -> tuple[str, int] | None:
    """The noun in front of the figure in its own words, where it says a quantity: 市场占有率, 入驻企业."""
    head = _head(context)
    if _GRANTS.search(context) or _NEVER.search(context) or _AVERAGE.search(context):
        return None
    noun = _noun_of(head)
    if noun:
        return noun
    if figure.kind == "age":
        return "年龄", len(head)
    lasting = _LASTING.search(head, _verb_end(head)) if figure.kind == "duration" else None
    if lasting:
        return lasting[0], lasting.start()
    counted = _counted(head, counts=figure.kind == "count")
    if counted is None or figure.kind not in ("count", "area", "money", "percent"):
        return None
    if figure.kind == "count":
        count = COUNTED_NAMES.get(figure.unit, "数")
        words = _IN_PLACE.sub("", counted[0].removeprefix("每年") if len(counted[0]) > 4 else counted[0])
        people = count == "人数" and words.endswith(("人员", "职工", "员工"))
        if words.endswith(("耗", "量", "额", "数")):
            count = ""
        return words + ("数" if people else count), counted.end() - len(words)
    if figure.kind == "area":
        rented = _RENTED.search(head)
        return ("租赁面积" if rented else f"{counted[0].removesuffix('面积')}面积"), counted.start()
    return (counted[0], counted.start()) if not _NO_METRIC.search(counted[0]) else None


def _counted(head: str, *, counts: bool = False) -> re.Match[str] | None:
    start = _verb_end(head)
    return (_COUNTED_BY.search(head, start) if counts else None) or _COUNTED.search(head, start)


def _noun_of(head: str) -> tuple[str, int] | None:
    """The words at the end of ``head`` that name a quantity, without the verb in front of them."""
    offset = _verb_end(head)
    noun = _NOUN.search(head, offset) or _NOUN.search(head)
    if noun is None:
        return None
    start = max(noun.start(), offset) if _NOUN.search(head, offset) else noun.start()
    if start < offset and _SHORT_NOUN.fullmatch(head, offset):
        start = offset  # 层数 of 且层数
    name = standard_name(head[start:])
    each = 2 if name.startswith("每年") and len(name) > 4 else 0
    return name[each:], start + each


def _verb_end(head: str) -> int:
    """Where the noun at the end of ``head`` may begin: behind the last verb, the last 的, or the last name of an applicant."""
    first = _NOUN_STARTS_AFTER.match(head)
    return first.end() if first else 0


def _head(context: str) -> str:
    """Without the words between noun and figure (首次达到)."""
    match = _BETWEEN_END.search(context)
    return context[: match.start()] if match else context
