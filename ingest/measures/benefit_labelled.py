"""A scale said comma by comma: 一等奖20万元，二等奖15万元; 个人最高30万元，小微企业最高300万元."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Span
from ingest.measures.benefit_parts import Part, amount, roles
from ingest.measures.benefit_sheet import Sheet
from ingest.measures.benefit_terms import duration_of, price_of
from ingest.measures.benefit_words import base_before, type_of
from ingest.measures.conditions_numbers import Figure
from ingest.measures.model import Benefit, Condition, Duration, Form, Stage, Tier
from ingest.measures.tiers import conditions_of, is_staged, stage_name

_VERBS = re.compile(
    r"(?:的(?:企业|项目|单位|人员|个人)?)?(?:(?:贷款)?额度|,|可|最高|不超过|分别|一次性|给予|奖励|补助|补贴|资助|奖补|每(?:千瓦时?|平方米|立方米|吨|台套?|辆|座|条|间|亩|户|标箱|公里|个(?:床位|泊位|工位)|学[年期]|[人月年家个项生班次位名床件栋处所只头场届])"
    r"|(?<!国际)(?<!国家)(?<!行业)(?<!地方)(?<!团体)标准|为|按|再|予以|发放|各)*\Z"
)
_APPLICANT = re.compile(r"个人|(?:中小微?|小微|大型|中型|微型|合伙)企业|个体工商户|农民专业合作社|合伙创业|其他|其余")
_STAGED = re.compile("辅导|受理|上市|股改|挂牌")  # 成功上市的再奖励: the next step of one way
_MOST = re.compile(r"(?:最高|上限)(?:额度|限额|金额)?,\Z|额度上限,\Z")
_LEVEL = re.compile(r"(?:国家|省部?|市|区|县|世界|全国|国际)级?")


def labelled_parts(sheet: Sheet, found: Sequence[Part], number: int) -> bool:
    """Reads the scale that begins at ``found[number]``; its other parts are then done with."""
    run = _run(found, number)
    if len(run) < 2:
        return False
    labels = [_label(part, figure) for part, figure, _ in run]
    if any(label.end - label.start < 2 for label in labels):
        return False
    flat = sheet.flat
    conditions = conditions_of(flat, labels, Span(labels[0].start, labels[-1].end))
    if len(conditions) != len(run) or not conditions:
        return False
    if (
        conditions[0].metric in ("认定", "主体")
        and not is_staged([(c,) for c in conditions])
        and not _alike([c.words for c in conditions], conditions[0].metric)
    ):
        kind_of = _common_end([c.words for c in conditions]) if conditions[0].metric == "认定" else ""
        if not kind_of or run[0][2] != "cap":
            return False
        conditions = [replace(c, metric=f"{kind_of}类型") for c in conditions]
    staged = is_staged([(c,) for c in conditions])
    if not staged and any(re.search("再|另", part.before(figure.span.start)) for part, figure, _ in run):
        return False
    if run[0][1].kind == "percent":
        return _shares(sheet, run, labels, conditions)
    capped = run[0][2] == "cap" or bool(
        _MOST.search(flat, max(run[0][0].piece.start, labels[0].start - 16), labels[0].start)
    )
    lead = flat[sheet.within.start : labels[0].end][-120:]
    words = flat[max(run[0][0].piece.start, labels[0].start - 40) : run[0][0].span.end]
    kind = type_of(run[0][0].text, lead)
    form: Form = "loan" if kind == "融资支持" and capped and re.search("贷款|额度|授信", words) else "tiered"
    stages: tuple[Stage, ...] = ()
    tiers = _tiers(run, conditions, capped)
    span = Span(labels[0].start, run[-1][1].span.end)
    rated = sheet.capped(run[0][0]) if capped else None
    if rated and rated.benefit.form == "rate" and not rated.benefit.tiers:
        sheet.bound(tiers, [figure for _, figure, _ in run])
        sheet.done.update(part.span for part, _, _ in run)
        return True
    if staged and not capped:
        stages = tuple(
            Stage(stage_name(c.words), amount(figure)) for c, (_, figure, _) in zip(conditions, run, strict=True)
        )
        form, tiers = "staged", ()
    price = price_of(run[0][0], run[0][1], run[0][1], ceiling=True)
    benefit = Benefit(kind, form, span, tiers=tiers, stages=stages)
    if price and len({_priced(part, figure) for part, figure, _ in run}) == 1:
        benefit = replace(benefit, per=price.per)
    prices = [each.per.span for part, figure, _ in run if (each := price_of(part, figure, figure, ceiling=True))]
    lasting = [tier.duration.span for tier in tiers if tier.duration]
    sheet.open(benefit, labels[0].start, [*prices, *(figure.span for _, figure, _ in run), *lasting])
    for part, _, _ in run:
        sheet.done.add(part.span)
    return True


def _shares(
    sheet: Sheet, run: Sequence[tuple[Part, Figure, str]], labels: Sequence[Span], conditions: Sequence[Condition]
) -> bool:
    """大型企业按失业保险费的30%返还，中小微企业按60%返还."""
    part, figure, _ = run[0]
    if any(role != "grant" for _, _, role in run) or re.search("承担|分担", part.text):
        return False
    base = base_before(sheet.flat, labels[0].end, figure.span.start)
    if base is None and "比例" not in part.text:
        return False
    form: Form = "refund" if "返还" in part.text else "matching" if "配套" in part.text else "tiered"
    tiers = tuple(Tier((c,), rate=amount(f)) for c, (_, f, _) in zip(conditions, run, strict=True))
    kind = type_of((base.text if base else "") + part.text, sheet.flat[sheet.within.start : labels[0].end][-120:])
    span = Span(labels[0].start, run[-1][1].span.end)
    sheet.open(Benefit(kind, form, span, base=base, tiers=tiers), labels[0].start, [f.span for _, f, _ in run])
    sheet.done.update(p.span for p, _, _ in run)
    return True


def _tiers(run: Sequence[tuple[Part, Figure, str]], conditions: Sequence[Condition], capped: bool) -> tuple[Tier, ...]:
    if not capped:
        return tuple(Tier((c,), amount(figure)) for c, (_, figure, _) in zip(conditions, run, strict=True))
    lasting = _lasting(run) or [None] * len(run)
    return tuple(
        Tier((c,), max=amount(figure), duration=each)
        for c, (_, figure, _), each in zip(conditions, run, lasting, strict=True)
    )


def _lasting(run: Sequence[tuple[Part, Figure, str]]) -> list[Duration]:
    """个人最高50万元、期限不超过3年，小微企业最高400万元、期限不超过2年: the term of each, where each has one."""
    terms = [
        duration_of(part, term)
        for part, figure, _ in run
        for term in part.of("duration")
        if term.span.start > figure.span.end and re.search(r"期限?(?:最长|为|不超过)*\Z", part.before(term.span.start))
    ]
    parts = {part.span for part, _, _ in run for each in terms if part.span.contains(each.span)}
    return terms if len(terms) == len(run) == len(parts) else []


def _priced(part: Part, figure: Figure) -> str:
    price = price_of(part, figure, figure, ceiling=True)
    return f"{price.per.unit}/{price.per.period}" if price else ""


def _run(found: Sequence[Part], number: int) -> list[tuple[Part, Figure, str]]:
    """Parts from ``number`` on, of one sentence, with one sum each in the same role."""
    run: list[tuple[Part, Figure, str]] = []
    for part, figure in _single_sums(found[number : number + 12]):
        role = roles(part)[figure]
        label = _label(part, figure)
        if (
            figure.comparator in ("ge", "gt", "lt")
            or label.end - label.start > 24
            or re.search(
                "累计|合计|每增" if _STAGED.search(part.text) else "再|另|累计|合计|每增",
                part.before(figure.span.start),
            )
        ):
            break
        if run and (role == "cap") != (run[0][2] == "cap"):
            break
        run.append((part, figure, role))
    return run


def _single_sums(found: Sequence[Part]) -> list[tuple[Part, Figure]]:
    """The first parts, as long as they are of one sentence with one sum each of one kind; a single one is no run."""
    singles: list[tuple[Part, Figure]] = []
    for part in found:
        sums = part.of("money", "percent", "points")
        if len(sums) != 1 or part.sentence != found[0].sentence or sums[0].kind == "points":
            break
        if singles and sums[0].kind != singles[0][1].kind:
            break
        singles.append((part, sums[0]))
    return singles if len(singles) > 1 else []


def _label(part: Part, figure: Figure) -> Span:
    start = max(part.span.start, figure.span.start - 40)
    words = part.flat[start : figure.span.start]
    if figure.kind == "percent":
        by = re.search(r"按照?|(?:返还|补贴|补助|奖励|资助|贴息|配套)?比例", words)
        words = words[: by.start()] if by else words
    tail = _VERBS.search(words)
    lead = re.match(r"\s*(?:其中|补贴标准|奖励标准|标准)?[::]?(?:对|为|属于|被?(?:评定?|认定)为)?", words)
    begin = start + (lead.end() if lead else 0)
    return Span(min(begin, figure.span.start), max(begin, start + (tail.start() if tail else len(words))))


def _common_end(names: Sequence[str]) -> str:
    """培训 of 创业意识培训 and 网络创业培训, each with its own words in front of it."""
    end = names[0][-2:]
    return (
        end
        if len(set(names)) == len(names)
        and all(len(n) > 3 and n.endswith(end) and not re.search(r"\d", n) for n in names)
        else ""
    )


def _alike(names: Sequence[str], metric: str) -> bool:
    """Names of one kind: all with a level (国家级, 省级), or all kinds of applicants."""
    if metric == "主体":
        return all(_APPLICANT.fullmatch(name) or re.fullmatch("[\u4e00-\u9fff]{2,6}企业", name) for name in names)
    alike = len({name[-1] for name in names}) == 1 and not names[0].endswith("年")  # 室外宏站, 室内微站
    short = alike and not _common_end(names) and all(2 < len(name) <= 5 for name in names)
    return short or all(len(name) <= 16 and _LEVEL.match(name) for name in names)
