"""A clause cut at its commas, and what each figure in a part is: a sum that is granted, a ceiling, or a bound of a condition."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingest.document import Span
from ingest.measures.conditions_numbers import Figure, figures
from ingest.measures.model import Amount
from ingest.measures.signs import Sought

Role = Literal["grant", "cap", "bound"]

_SIGHT = 60  # characters looked at on either side of a figure
_NOTE = r"\((?:责任|牵头|配合|主管)(?:单位|部门)[^()]{0,200}\)|\([^()]{0,80}(?:负责|牵头|配合)\)"
_SEPARATOR = re.compile(
    rf"(?=[(。\n!?;,:])(?:(?P<note>{_NOTE})|(?P<aside>\([^()。\n]{{0,120}}\))|(?P<stop>[。\n!?])|(?P<semicolon>;)"
    r"|(?P<comma>(?<!\d)[,:]|[,:](?!\d)|(?<=\d),(?!\d{3}(?!\d))(?=\d)))"
)
_GIVES = r"给予|予以|奖励|补助|补贴|资助|奖补|补偿|支持|扶持|发放|配套|返还|提供|标准|领取|享受|奖金|补足|津贴|贴息|减免|下浮|股权投资|跟投|入股|授信"
_GRANTS = rf"{_GIVES}|经费|费|投资|扣减|抵减|抵扣"
_GRANT_BEFORE = re.compile(
    rf"(?:{_GIVES}|申请(?=\d)|按照?|增加(?=[^,;\d的]{{0,8}}\Z)|分别|各|再|奖|补)[^,;\d]{{0,12}}\Z|每(?:[^,;\d]{{0,6}}[1一])?(?:人|名|位|平方米|㎡|千瓦时|度|吨(?:标准煤)?|项|件|台套?|套|个|家|户|辆|亩|次|年|月|场|届|座|立方米|公里|千瓦|条|张|床|头|栋|标准?箱|处|所|只|羽|间)[^,;\d]{{0,6}}\Z"
)
_NO_GRANT_BEFORE = Sought(
    r"(?:(?:缴费|收费|缴纳)标准|罚款|(?:累计|已|共计?|合计)(?:发放|拨付|兑现|兑付|支出)|不小于|不大于)[^,;\d]{0,14}\Z|(?:并?处|处以|由|从|=|×|每)\Z"
)
_NO_GRANT_AFTER = re.compile(r"(?:以[上下])?的?罚款|的?(?:保险|实际|投保)?费率|上限|[×=÷]|降[到至低]")
_GRANT_AFTER = re.compile(
    rf"(?:的|一次性|最高|标准|以内|左右|\([^)]{{0,8}}\)){{0,4}}(?:(?!企业|项目|单位|以上|给予|按|元|每)[^\W\d_]){{0,6}}?(?:{_GRANTS}|奖(?!励))(?!\d|最高|不超过|每|标准)"
)
_CAP_BEFORE = re.compile(r"(?:最高|最多|不超过?|不得超过|不高于|封顶|上限|至多|限额|限于|控制在)[^,;\d]{0,10}\Z")
_CAP_AFTER = re.compile(r"(?:以内|之内)?(?:封顶|为限|为上限)")
_CAP_SHARE = re.compile(r"(?:总额|合计|累计|总和)[^,;\d按]{0,6}(?:不得?超过|不高于)[^,;\d]{2,24}的\Z")
_OF_WHOM = re.compile(
    r"\s?(?:\([^)]{0,8}\))?\s?(?:及?以[上下内])?\s?(?:\([^)]{0,8}\))?的?(?:[^\W\d_]{0,8}(?:企业|项目|机构|单位|团队|个人|人员)|,|\Z)"
)
_BELOW = re.compile(r"\s?(?:\([^)]{0,8}\))?及?以下")
RAISED = re.compile(
    r"(?P<raised>(?:[补奖][助贴励]|贴息|支持|资助)?(?:比例|标准)可?(?:相应)?(?:提高|上浮|上调|调整)[至到为])"
    r"|(?:其中,?|对)?(?P<whose>[^,;。\d]{2,16}?(?:企业|项目|人员|个人|单位|机构|贷款))的?"
    r"(?P<raised_for>(?:[补奖][助贴励]|贴息|支持|资助)?(?:比例|标准)?可?(?:相应)?(?:提高|上浮|上调|放宽)[至到为])"
)  # to 50%: of what is granted
_HEADED = re.compile(r"(?:补[贴助]|奖[励补]|资助)标准(?:分别)?(?:为|是|如下)?:\Z")  # of what stands right behind it
_SIZED = re.compile(r"投资|产值|收入|营收|销售|利润|[额税]|资本|规模|元的|元以|万的")
RENT_IS = re.compile(r"租金(?:标准|价格)?[为是](?:同期|同类|同地段|周边){0,2}市场(?:租金)?(?:价格?|均价)的\Z")
_HOMES = re.compile("公寓|住房|厂房|场地")
_OFFERED = re.compile("提供|申请|分配|享受|入住")
_GIVEN = re.compile(_GIVES)
_ABOUT_MONEY = re.compile(rf"{_GIVES}|奖|补|免|收取|缴|租|支付|执行|投资|贷款|基金|扣减|抵[减扣]|定价|底价|优惠|下浮")
_PRICED = re.compile(r"(?:对|支持|鼓励)[^,;。]{2,40}[,:]每[^,;。\d]{1,6}\d")
_LISTED = re.compile(r"\s?(?:[、和及或至~-]|以及)\s?")
_GIVEN_OF = re.compile(rf"(?:按照?|{_GIVES})[^;]{{2,40}}的\Z")
_ABOVE = re.compile(r"超过?[^,;\d]{2,16}\Z")
_GIVEN_BEFORE = re.compile(r"(?:给予|奖励|补助|补贴|资助|发放)[^,;\d]{0,6}\Z")
_TO_NEXT = re.compile(r"(?:/[^、]{1,4}|[^\W\d_]{0,4})?[、和及][^\W\d_、]{1,16}")


@dataclass(frozen=True, slots=True)
class Part:
    """Words between two commas, of a ``piece`` between two semicolons, of a ``sentence``."""

    flat: str
    span: Span
    piece: Span
    sentence: Span
    figures: tuple[Figure, ...]
    text: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.span.of(self.flat))

    def before(self, at: int) -> str:
        return self.flat[max(self.span.start, at - _SIGHT) : at]

    def after(self, at: int) -> str:
        return self.flat[at : min(self.span.end, at + _SIGHT)]

    def of(self, *kinds: str) -> tuple[Figure, ...]:
        return tuple([figure for figure in self.figures if figure.kind in kinds]) if self.figures else ()


def parts(flat: str, within: Span) -> tuple[Part, ...]:
    """The parts of ``within`` that hold words, without notes of who is responsible."""
    found: list[tuple[Span, int, int]] = []
    start, piece, sentence = within.start, 0, 0
    for match in _SEPARATOR.finditer(flat, within.start, within.end):
        if match.lastgroup == "aside":
            continue
        found.append((Span(start, match.start()), piece, sentence))
        start = match.end()
        sentence += match.lastgroup == "stop"
        piece += match.lastgroup in ("stop", "semicolon")
    found.append((Span(start, within.end), piece, sentence))
    kept = [item for item in found if item[0].of(flat).strip()]
    pieces = _extents((number, span) for span, number, _ in kept)
    sentences = _extents((number, span) for span, _, number in kept)
    inside = figures_within(flat, within)
    starts = [figure.span.start for figure in inside]
    return tuple(
        Part(flat, span, pieces[p], sentences[s], _slice(inside, starts, span) if inside else ()) for span, p, s in kept
    )


def _extents(numbered: Iterator[tuple[int, Span]]) -> dict[int, Span]:
    first: dict[int, Span] = {}
    last: dict[int, Span] = {}
    for number, span in numbered:
        first.setdefault(number, span)
        last[number] = span
    return {number: Span(span.start, last[number].end) for number, span in first.items()}


def figures_within(flat: str, within: Span) -> tuple[Figure, ...]:
    """Every figure of the text that stands in ``within``."""
    found = figures(flat)
    return _slice(found, [figure.span.start for figure in found], within)


def _slice(found: Sequence[Figure], starts: Sequence[int], span: Span) -> tuple[Figure, ...]:
    first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
    return tuple([figure for figure in found[first:last] if figure.span.end <= span.end])


def amount(figure: Figure) -> Amount:
    """The figure as an amount."""
    return Amount(figure.value, figure.unit, figure.span)


def listed(flat: str, first: Figure, second: Figure) -> bool:
    """Whether two figures stand in one list: 50万元、100万元."""
    return bool(_LISTED.fullmatch(flat, first.span.end, second.span.start))


def roles(part: Part) -> dict[Figure, Role]:
    """What each sum and percentage of the part is; a list has one role."""
    result: dict[Figure, Role] = {}
    found = part.of("money", "percent", "points", "fold")
    housed = (
        part.text
        if "分别提供" not in part.text
        else part.flat[max(part.sentence.start, part.span.start - _SIGHT) : part.span.end]
    )
    if _HOMES.search(housed) and _OFFERED.search(part.text):
        found = found or tuple(f for f in part.of("area") if "免费" not in part.text or f.comparator != "le")
    for number, figure in enumerate(found):
        previous = found[number - 1] if number else None
        if previous and previous.kind == figure.kind and goes_on(part, previous, figure):
            result[figure] = result[previous]
        else:
            result[figure] = _role(part, found, number)
    return result


def goes_on(part: Part, first: Figure, second: Figure) -> bool:
    """In one list with the figure before it: 50万元、30万元, and 初级工1000元/人、中级工1500元/人."""
    if listed(part.flat, first, second):
        return True
    between = part.flat[first.span.end : second.span.start]
    return (
        second.comparator is None
        and not (first.kind == "percent" and re.fullmatch("[^按]*的", between))
        and len(between) <= 24
        and bool(_TO_NEXT.fullmatch(between))
        and not _CAP_BEFORE.search(between)
    )


def _role(part: Part, found: Sequence[Figure], number: int) -> Role:
    figure = found[number]
    before, after = part.before(figure.span.start), part.after(figure.span.end)
    if _NO_GRANT_BEFORE.search(before) or _NO_GRANT_AFTER.match(after):
        return "bound"
    last = figure
    while number + 1 < len(found) and listed(part.flat, last, found[number + 1]):
        number += 1  # the comparator of a list stands behind its last figure
        last = found[number]
    if (
        _CAP_BEFORE.search(before)
        or _CAP_AFTER.match(after)
        or (figure.kind == "percent" and _CAP_SHARE.search(before))
    ):
        return "bound" if _bounds(part, last) and not _GIVEN.search(before) else "cap"
    near = part.flat[
        max(part.sentence.start, figure.span.start - 160) : min(part.sentence.end, figure.span.end + _SIGHT)
    ]
    if not _ABOUT_MONEY.search(near) and not _PRICED.match(part.flat, part.sentence.start, part.span.end):
        return "bound"
    if figure.comparator == "le" and _BELOW.match(after) and not _GIVEN_BEFORE.search(before):
        return "bound"
    if figure.comparator == "le" and _OF_WHOM.match(after) and not _GRANT_AFTER.match(after):
        return "bound"
    if figure.comparator in ("ge", "gt", "lt") or last.comparator in ("ge", "gt", "lt"):
        return "grant" if re.search(r"(?:给予|奖励|补助|补贴|资助)(?:不低于|不少于)\Z", before) else "bound"
    if figure.kind == "percent" and after.startswith("的部分") and _ABOVE.search(before):
        return "bound"  # 已缴税额超过应纳税所得额15%的部分
    if figure.kind == "percent" and RAISED.fullmatch(part.flat, part.span.start, figure.span.start) and not after:
        return "grant"
    if after.startswith("计算") and not _GIVEN.search(near):
        return "bound"  # 按缴费基数的60%计算
    if figure.kind in ("percent", "fold") and _GIVEN_OF.search(before):
        return "grant"
    if RENT_IS.search(before) or _GRANT_AFTER.match(part.after(last.span.end)) or _GRANT_BEFORE.search(before):
        return "grant"
    return "grant" if figure.kind == "money" and _names_sums(part) else "bound"


def _names_sums(part: Part) -> bool:
    """奖励标准为: | 国家级100万元、省级50万元: each name with its sum, and none with what is measured."""
    if len(part.of("money")) < 2 or _SIZED.search(part.text):
        return False
    return bool(_HEADED.search(part.flat, max(part.sentence.start, part.span.start - 12), part.span.start))


def _bounds(part: Part, figure: Figure) -> bool:
    """投资不超过1000万元的企业: a ceiling of a condition."""
    after = part.after(figure.span.end)
    return after.startswith("的") and bool(_OF_WHOM.match(after)) and not _GRANT_AFTER.match(after)
