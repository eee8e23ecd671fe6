"""Support that is said in words: free of rent, matched one to one, in kind, case by case, or with no standard at all."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal

from ingest.document import Span
from ingest.measures.benefit_parts import Part, amount
from ingest.measures.benefit_scales import word_share
from ingest.measures.benefit_summaries import summary
from ingest.measures.benefit_terms import duration_of
from ingest.measures.benefit_words import base_before, standard_base, type_of
from ingest.measures.model import Amount, Benefit, BenefitType, Form, Words
from ingest.measures.signs import Sought, starting
from ingest.measures.tiers import printed
from ingest.numerals import chinese_to_int

_FREE = re.compile(
    r"(?P<whole>免费(?=提供|入驻|使用|入住|居住|租住|(?:办公|创业)?(?:工位|场地|用房|公寓|住房|厂房|实验室))|免租金|免(?=\d{1,2}个月(?:的)?(?:房租|租金|物业费))|免(?:收|缴|交|除)?(?=\d{1,2}个月(?:的)?(?:房租|租金|物业费))|免(?:收|缴|交|除)(?=[\u4e00-\u9fff]{0,12}(?:租|费))|免租|免费住宿|全免|(?<=租金)全额减免|零租金)|(?P<half>减半(?=收取|征收|缴纳|收费|计收|收租)|(?<=租金)减半|半价)"
)
_THEN_HALF = re.compile(r"[、和及](?:再)?(?P<half>减半)(?:收取|征收|缴纳|收)?(?=\d)")
_HALVED = re.compile(r"(?P<half>减半)(?:执行|奖励|奖补|给予|发放|兑现|支持|补助|补贴|享受)")
_RENTED = re.compile(r"驿站|工位|场地|办公(?:用房|场所|场地|空间)|厂房|公寓|住房|住宿|孵化空间|实验室")
_CHARGE = re.compile(
    r"(?:场地|厂房|房屋|办公用房|公寓)?(?:租金|房租|物业费|物业管理费|场地费|担保费|服务费|管理费|宽带费|仓储费|(?:城市)?基础设施配套费|行政事业性收费|手续费|检[验测]费|评审费|停车费|费用)"
)
_HOMES = re.compile(r"驿站|住宿|公寓|住房|入住|安居|周转房")
_WHOLE_GRANT = re.compile(
    r"(?P<whole>全额)(?:给予)?的?(?!收回|追回|退)[\u4e00-\u9fff]{0,6}(?P<verb>补贴|补助|资助|奖励|返还|贴息|报销|承担|配套)"
)
_CHARGED = re.compile(r"(?:^|(?<=[的,;:。对]))(?P<base>(?![^,]{0,9}的)[\u4e00-\u9fff]{1,9}(?:费|费用|税款)),\Z")
_SIGNS = frozenset("配匹跟倍股分半全免减")
_ONE_TO_ONE = re.compile(r"(?<![\d:])(?P<left>\d{1,2})[:比](?P<right>\d{1,2}(?:\.\d{1,2})?)(?![\d:])")
_TIMES = re.compile(r"给予|奖励|补助|补贴|执行|支持|发放|配套|计算|资助")
_PAID_BACK = re.compile(r"收取|罚|计租|缴|逾期|赔偿|不得")
_OPEN = Sought(
    r"[\"']?(?:一事一议|一企一策|一人一策|一项目一策|一项一策|一案一策|一团一策|一业一策)[\"']?|(?:专题|单独)研究(?:确定|支持|给予)|量身定制"
)
_OPEN_CONTEXT = re.compile(r"支持|扶持|给予|方式|办法|政策|奖励|补助|确定|实行|采取|研究|引进|解决")
_VAGUE = Sought(
    r"(?:给予|予以|享受|按(?:有关|相关)?规定(?:给予|享受)?)(?:[\u4e00-\u9fff、]{0,12})?(?:奖励|补助|补贴|资助|扶持|支持|贴息|奖补|优惠)(?!(?:资金)?(?:之日)?(?:后|期间|期内|起|的(?:企业|单位|项目|个人|人员|,)))(?![^,。;\d]{0,14}不[得应]?(?:超过|高于))|(?:加大|强化)[\u4e00-\u9fff]{0,8}(?:扶持|支持)力度"
)
_TAXED = re.compile(r"(?:[已实所应]缴|缴纳)的?(?:税[额款]|(?:个人|企业)所得税)")
_IN_KIND: tuple[tuple[BenefitType, Sought], ...] = tuple(
    (kind, Sought(pattern))  # type: ignore[misc]
    for kind, pattern in (
        (
            "用地",
            r"弹性年期|弹性出让|先租后让|长期租赁|标准地(?!\"?\+)|工业上楼|代建(?:标准)?厂房|(?:用地|土地)指标(?![^,;]{0,10}(?:用能|能耗|排污))|新增建设用地|(?<!用能、)(?<!用能和)用地需求(?!.*用能)|混合用地|点状供地|容积率|(?:增收|补缴|缴纳)土地(?:出让)?(?:价款|金)",
        ),
        (
            "要素保障",
            r"优先保障|优先(?:安排|供应)[^,;]{0,6}(?:用能|能耗|用水|用电|用气)|保障[^,;]{0,10}(?:用能|能耗|用水|用电|用气|用工|排污|要素)|能耗指标|用工(?:保障|服务)|算力(?:保障|供给)",
        ),
        (
            "子女教育",
            r"(?:子女|随迁子女)[^。;]{0,30}(?:入学|就读|入园|转学|学位)|(?:入学|就读|入园)[^,;]{0,12}(?:统筹安排|优先|绿色通道|择校)|(?:统筹|优先|就近|协调|妥善)安排[^,;]{0,16}(?:就读|入学|入园|学校|学位)|优质学位|教育优待",
        ),
        ("医疗", r"就医|医疗(?:保健|服务|待遇|绿色通道)|健康体检|体检|诊疗|家庭医生"),
        (
            "审批便利",
            r"拿地即开工|容缺(?:受理|办理|审批)|零土地|承诺制|告知承诺|帮办|代办|区域评[估价]|分段办理|多证同发|多[评测图审证验]合一|联合(?:验收|审批|踏勘)|不见面审批|一窗受理|交地即发证|绿色通道审批|审批(?:时限|时间|流程|环节|[^,;]{0,4}压缩)|办理(?:时限|时间|环节)|一网通办|专班|一企一员|一对一(?:服务|帮扶)|包保服务|联系(?:服务)?制度|并联审批|极简审批|服务专员|首席服务",
        ),
        (
            "荣誉认定",
            r"授予[^,;]{0,16}(?:称号|荣誉)|颁发[^,;]{0,16}(?:证书|卡\"|牌匾)|优先推荐(?![^,;]{0,4}(?:就业|岗位|工作)|[^,;]{0,12}(?:采购|产品目录))|推荐(?:申报|参评|评选)|评优评先|表彰|命名",
        ),
        (
            "市场场景",
            r"应用场景|场景(?:机会|清单|开放)|首购|首台套应用|推广应用|供需对接|优先采购|纳入[^,;]{0,12}(?:采购|推广|产品)[^,;]{0,6}(?:目录|清单)",
        ),
        ("股权基金", r"(?:引导|产业|天使|创投|母|子|科创|种子)基金[^。;]{0,30}(?:投资|支持|跟投)|股权投资"),
        ("融资支持", r"(?:信用贷款|融资担保|担保支持|信贷支持|融资对接|绿色信贷|续贷)(?:服务|支持|力度)?"),
        ("住房", r"(?:人才公寓|保障性(?:租赁)?住房|共有产权房|公租房|周转房)"),
    )
)
_NOT_WITH = re.compile(r"不[得再予可]?(?:与[^,;与]{2,24}?)?(?:重复|同时|叠加)(?:享受|申[报请])")
_SETS_UP = "建立|实行|推行|落实|开展|提供|开通"
_ABOUT = ("的", "子女", "入学", "就读", "入园", "就医", "诊疗")  # what the part behind offers, says the one before it
_OFFERS = starting(
    r"不再增收|不增收|分期缴纳|提供|优先|保障|推行|实行|给予|享受|统筹|开通|压缩|支持|安排|推荐|授予|可|协助|开展|推广|建立|落实|鼓励|纳入|设立|实施|采取|优化|享有|颁发|办理|推动|解决|探索|全程|由"
)
_MATCH = re.compile("配套|匹配|跟投")
_INVESTS = re.compile(r"(?:进行|给予|开展|提供|通过|以|采取)[^,;。]{0,8}股权(?:投资|方式)")


def word_benefit(part: Part, sentence_before: str) -> tuple[Benefit, tuple[Span, ...]] | None:
    """A share said in words in the part (免租金, 全额补贴, 1:1配套, 1.5倍)."""
    if _SIGNS.isdisjoint(part.text):
        return None
    return (
        _matched(part, sentence_before)
        or _multiple(part, sentence_before)
        or _invested(part)
        or _fraction(part)
        or _whole(part, sentence_before)
        or _free(part, sentence_before)
        or _halved(part)
    )


def _matched(part: Part, before: str) -> tuple[Benefit, tuple[Span, ...]] | None:
    if not _MATCH.search(part.text):
        return None
    ratio = _ONE_TO_ONE.search(part.text)
    equal = re.search(r"等额|同等额度|全额", part.text)
    if ratio and int(ratio["left"]):
        left, right = Decimal(ratio["left"]), Decimal(ratio["right"])
        rate = right / left
        if rate * left != right:
            return None
        start, end = part.span.start + ratio.start(), part.span.start + ratio.end()
    elif equal:
        rate, start, end = Decimal(1), part.span.start + equal.start(), part.span.start + equal.end()
    else:
        return None
    span = Span(start, end)
    base = base_before(part.flat, part.span.start, start)
    if base and re.search(r"给予|按照?\Z", base.text):
        base = None
    ahead = re.compile(r"对(?P<base>[^,;。]{2,20}(?:资金|经费|金额|额|奖励)),[^,;]{0,6}\Z").search(
        part.flat[max(part.sentence.start, start - 40) : start]
    )
    if base is None and ahead:
        at = start - len(ahead[0]) + 1
        base = standard_base(part.flat, Span(at, at + len(ahead["base"])))
    if "跟投" in part.text:
        return Benefit("股权基金", "equity", span, rate=Amount(rate, "", span)), (span,)
    made = Benefit(type_of(part.text, before), "matching", span, rate=Amount(rate, "", span), base=base)
    return made, (span,)


def _invested(part: Part) -> tuple[Benefit, tuple[Span, ...]] | None:
    """对重点项目进行股权投资: the terms follow."""
    match = _INVESTS.search(part.text)
    if match is None or "不得" in part.text:
        return None
    return Benefit("股权基金", "equity", Span(part.span.start + match.start(), part.span.start + match.end())), ()


_FRACTION = re.compile(r"(?P<whole>二|四|五|八|十)分之(?P<part>[一二三四五六七八九])|(?P<half>一半)")


def _fraction(part: Part) -> tuple[Benefit, tuple[Span, ...]] | None:
    """按就餐费用的四分之一补贴."""
    match = _FRACTION.search(part.text)
    if match is None:
        return None
    start = part.span.start + match.start()
    base = base_before(part.flat, part.span.start, start)
    if base is None or not re.search(r"补|奖|资助|给予|按", part.text):
        return None
    value = Decimal("0.5") if match["half"] else Decimal(chinese_to_int(match["part"])) / chinese_to_int(match["whole"])
    span = Span(start, part.span.start + match.end())
    return Benefit(type_of(part.text, ""), "rate", span, rate=Amount(value, "", span), base=base), (span,)


def _multiple(part: Part, before: str) -> tuple[Benefit, tuple[Span, ...]] | None:
    """按标准的1.5倍给予奖励."""
    figure = next((f for f in part.of("count") if f.unit == "倍"), None)
    if (
        figure is None
        or figure.comparator in ("ge", "gt", "lt")
        or _PAID_BACK.search(part.text)
        or not _TIMES.search(part.after(figure.span.end) + part.before(figure.span.start))
    ):
        return None
    base = base_before(part.flat, part.span.start, figure.span.start)
    more = re.search(r"(?P<base>[\u4e00-\u9fff]{0,8}?)(?:提高|增加|上浮)\Z", part.before(figure.span.start))
    if more:  # 补助标准提高一倍: once as much on top
        at = figure.span.start - len(more[0])
        base = standard_base(part.flat, Span(at, at + len(more["base"]))) if more["base"] else None
        return Benefit(type_of(part.text, before), "factor", figure.span, rate=amount(figure), base=base), (
            figure.span,
        )
    by = re.search(r"(?P<base>[^,;]{2,14})按照?\Z", part.before(figure.span.start))
    if base is None and by:
        end = figure.span.start - len(by[0]) + len(by["base"])
        base = standard_base(part.flat, Span(end - len(by["base"]), end))
    kind = type_of(part.text, before)
    return Benefit(kind, "factor", figure.span, value=amount(figure), base=base), (figure.span,)


def _whole(part: Part, before: str) -> tuple[Benefit, tuple[Span, ...]] | None:
    match = _WHOLE_GRANT.search(part.text)
    if match is None or re.search(r"第[一二三四五]年|[前后首][一二三四五]?年", part.text):
        return None
    start = part.span.start + match.start("whole")
    rate = Amount(Decimal(1), "", Span(start, start + 2))
    base = base_before(part.flat, part.span.start, start)
    ahead = _CHARGED.search(part.flat, max(part.sentence.start, part.span.start - 30), part.span.start)
    if base is None and ahead and match.start() <= 1:
        base = standard_base(part.flat, Span(*ahead.span("base")))
    form: Form = "refund" if match["verb"] == "返还" else "rate"
    return Benefit(
        type_of(part.text, before), form, Span(start, part.span.start + match.end()), rate=rate, base=base
    ), (rate.span,)


def _halved(part: Part) -> tuple[Benefit, tuple[Span, ...]] | None:
    """获得提名奖的减半执行: half of what stands before it."""
    match = _HALVED.search(part.text)
    if match is None or re.search(r"第[一二三四五]年|[前后首][一二两三四五]?年", part.text):
        return None
    span = Span(part.span.start + match.start("half"), part.span.start + match.end("half"))
    return Benefit("资金奖补", "factor", span, value=Amount(Decimal("0.5"), "", span)), (span,)


def halved_then(part: Part, free: Benefit) -> tuple[Benefit, tuple[Span, ...]] | None:
    """减半收取3个月租金, behind 免除3个月租金、 in the same part."""
    match = _THEN_HALF.search(part.flat, free.span.end, part.span.end)
    months = next((f for f in part.of("duration") if match and f.span.start >= match.end()), None)
    if match is None or months is None or free.form != "reduction" or free.base is None:
        return None
    span = Span(*match.span("half"))
    rate, lasting = Amount(Decimal("0.5"), "", span), duration_of(part, months)
    benefit = Benefit(
        free.type, "reduction", Span(span.start, months.span.end), rate=rate, base=free.base, duration=lasting
    )
    return benefit, (span, months.span)


def _free(part: Part, before: str) -> tuple[Benefit, tuple[Span, ...]] | None:
    """免租金, 租金减半: nothing or half is to be paid."""
    match = _FREE.search(part.text)
    if match is None:
        return None
    start = part.span.start + match.start()
    rate = word_share(match)
    rate = Amount(rate.value, "", Span(start, part.span.start + match.end()))
    context = part.text
    charge = _CHARGE.search(context)
    rented = _RENTED.search(context, match.start())
    if charge:
        text = charge[0].replace("房租", "租金")
        base = Words(text, Span(part.span.start + charge.start(), part.span.start + charge.end()))
    elif rented:
        text = rented[0] if rented[0] == "住宿" else "租金" if _HOMES.search(rented[0]) else f"{rented[0]}租金"
        base = Words(text, Span(part.span.start + rented.start(), part.span.start + rented.end()))
    elif "租" in match[0]:
        base = Words("租金", rate.span)
    else:
        return None
    kind: BenefitType = "住房" if _HOMES.search(context + before[-40:]) else "租金减免"
    if "担保费" in base.text:
        kind = "融资支持"
    elif re.search("配套费|收费|手续费|检.费|评审费", base.text):
        kind = "资金奖补"
    return Benefit(kind, "reduction", rate.span, rate=rate, base=base), (rate.span,)


def in_kind_benefits(
    parts: Sequence[Part], taken: Sequence[Span], other: bool
) -> list[tuple[Benefit, tuple[Span, ...]]]:
    """Support without a sum in the parts that hold no benefit yet, each kind once. ``other``: sums have been read already."""
    found: dict[BenefitType, Span] = {}
    reached = 0
    taken = sorted(taken, key=lambda span: span.start)
    free = _free_parts(parts, taken)
    for number, part in enumerate(free):
        if part.span.end <= reached:
            continue
        if part.of("money", "percent") or not _OFFERS.search(part.text) or _NOT_WITH.search(part.text):
            continue
        words = part.text
        if number and free[number - 1].piece == part.piece and free[number - 1].text.endswith(_ABOUT):
            words = f"{free[number - 1].text},{words}"
        kind = next((kind for kind, pattern in _IN_KIND if pattern.search(words)), None)
        if kind is None or _OPEN.search(part.text) or _leads(part, free, number, taken):
            continue
        begin = found[kind].start if kind in found else part.span.start
        for also in _also_offered(kind, part.text) if kind not in found else ():
            found.setdefault(also, part.span)
        if kind not in found and other and kind not in ("用地", "要素保障", "子女教育", "医疗", "审批便利"):
            continue
        end = part.span.end
        for at in range(number + 1, len(free)):
            following = free[at]
            if (
                following.piece != part.piece
                or not re.search(r"回购|年期|租期|租赁期|期限", following.text)
                or following.of("money", "percent")
            ):
                break
            end = following.span.end
        found[kind] = Span(begin, end)
        reached = end
    return [_worded(parts, kind, span) for kind, span in found.items()]


def _also_offered(kind: BenefitType, words: str) -> list[BenefitType]:
    """医疗 beside 子女教育 of 在子女入学、医疗保健等方面给予优先安排."""
    listed = ("子女教育", "医疗", "住房")
    if kind not in listed or "、" not in words:
        return []
    return [other for other, pattern in _IN_KIND if other in listed and other != kind and pattern.search(words)]


def _leads(part: Part, free: Sequence[Part], number: int, taken: Sequence[Span]) -> bool:
    """对实施“工业上楼”的, in front of a sum: for whom it is, nothing that is offered."""
    if not re.match(r"\s*(?:对|凡)", part.text) or not part.text.endswith(("的", "企业", "项目", "单位")):
        return False
    following = free[number + 1].span.start if number + 1 < len(free) else part.sentence.end
    limit = min(following, part.piece.end)
    at = bisect_left(taken, part.span.end, key=lambda span: span.start)
    return at < len(taken) and taken[at].start < limit


def _free_parts(parts: Sequence[Part], taken: Sequence[Span]) -> list[Part]:
    """The parts that no span of ``taken`` touches; both in the order of the text."""
    ends: list[int] = []
    for span in taken:
        ends.append(max(span.end, ends[-1] if ends else 0))
    free = []
    for part in parts:
        before = bisect_left(taken, part.span.end, key=lambda span: span.start)
        if not before or ends[before - 1] <= part.span.start:
            free.append(part)
    return free


def _worded(parts: Sequence[Part], kind: BenefitType, span: Span) -> tuple[Benefit, tuple[Span, ...]]:
    inside = [p for p in parts if span.contains(p.span)]
    text = span.of(parts[0].flat).strip()
    short = summary(kind, text)
    text = re.sub(r"^[\u4e00-\u9fff]{2,8}(?=优先保障.{2})", "", text)
    text = re.sub(rf"^对[^,;]{{2,20}}?(?={_SETS_UP})", "", text)
    about = not dict(_IN_KIND)[kind].search(re.sub(r"^[^,;]{0,24}的,", "", text))
    text = re.sub(
        rf"^(?:[^,;]{{0,24}}的,){{{0 if about else '0,1'}}}(?:可|并|且|同时|对(?![^,;]{{0,40}}(?:{_SETS_UP}))[^,;]{{2,40}},)*",
        "",
        text,
    )
    text = short or printed(re.sub(r"(?:的?需求|等?服务)\Z", "", text))
    times = [(p, f) for p in inside for f in p.of("duration") if f.comparator not in ("ge", "gt")]
    told = len(times) == 1 and not (
        kind == "用地" and re.search("租", times[0][0].before(times[0][1].span.start)[-12:])
    )
    duration = duration_of(*times[0]) if told else None
    used = tuple(f.span for _, f in times)
    return Benefit(kind, "in_kind", span, text=text, duration=duration), used


def open_benefit(parts: Sequence[Part], taken: Sequence[Span], *, vague: bool) -> Benefit | None:
    """一事一议 in a piece that grants nothing else (no span of ``taken`` in it), or else, if ``vague``, support for which no
    standard is given.
    """
    starts = sorted(span.start for span in taken)
    for part in parts:
        at = bisect_left(starts, part.piece.start)
        if at < len(starts) and starts[at] < part.piece.end:
            continue
        match = _OPEN.search(part.text)
        if match and part.text.endswith("享受", 0, match.start()):
            continue  # 已享受“一事一议”政策的: what is granted elsewhere
        around = part.text[: match.start()] + part.text[match.end() :] if match else ""
        if match and (
            _OPEN_CONTEXT.search(around) or re.search("(?:可以?|实行|采取)[\"']?\\Z", part.text[: match.start()])
        ):
            span = Span(part.span.start + match.start(), part.span.start + match.end())
            kind = type_of("", part.flat[part.piece.start : part.span.start][-60:])
            return Benefit(kind, "case_by_case", span)
    for part in parts if vague else ():
        match = _VAGUE.search(part.text)
        if match:
            span = Span(part.span.start + match.start(), part.span.start + match.end())
            kind = (
                "税收"
                if _TAXED.search(part.text[: match.end()])
                else type_of(match[0], part.flat[part.sentence.start : part.span.start][-60:])
            )
            return Benefit(kind, "unspecified", span)
    return None
