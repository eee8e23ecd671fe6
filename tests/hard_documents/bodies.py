"""Bodies of policies: measures, regulations, tables, citations."""

from __future__ import annotations

from random import Random

from tests.hard_documents import words
from tests.hard_documents.outline import Outline
from tests.hard_documents.truth import (
    ARTICLE,
    BRACKETED,
    CHAPTER,
    CHINESE,
    CIRCLED,
    DIGIT,
    DIGIT_BRACKETED,
    Citation,
    Row,
)
from tests.hard_documents.words import Place

CITED_KINDS = ("实施意见", "若干政策", "行动方案", "管理办法", "指导意见")


def cited_file(rng: Random, place: Place) -> tuple[str, str]:
    """Title and number of an invented file of the same place."""
    kind = rng.choice(CITED_KINDS)
    domain = rng.choice(words.DOMAINS)
    year, serial = rng.randrange(2019, 2025), rng.randrange(1, 99)
    code = f"{place.code}{rng.choice(('政', '政办', '政发', '政规'))}"
    title = rng.choice(
        (
            f"关于加快推动{domain}高质量发展的{kind}",
            f"{place.name}促进{domain}发展{kind}",
            f"关于印发〈{place.name}{domain}发展{kind}〉的通知",
            f"{place.name}人民政府关于支持{domain}发展的{kind}（试行）",
        )
    )
    return title, f"{code}〔{year}〕{serial}号"


def basis(rng: Random, place: Place, outcome: str) -> tuple[str, list[Citation]]:
    """The opening sentence and the files that it cites."""
    (title, number), (other, other_number) = cited_file(rng, place), cited_file(rng, place)
    purpose = f"加快{rng.choice(words.DOMAINS)}集聚发展，进一步优化营商环境、激发各类经营主体活力"
    pattern = rng.randrange(5)
    if pattern == 0:
        text = f"为{purpose}，根据《{title}》（{number}）、《{other}》（{other_number}）等文件精神，结合我{place.unit}实际，{outcome}。"
        return text, [Citation(title, number, "based_on"), Citation(other, other_number, "based_on")]
    if pattern == 1:
        text = f"为贯彻落实《{title}》（{number}，以下简称《意见》）精神，{purpose}，按照《意见》有关要求，{outcome}。"
        return text, [Citation(title, number, "implements")]
    if pattern == 2:
        text = f"为贯彻《{title}》（{number}），参照《{other}》（{other_number}），{purpose}，{outcome}。"
        return text, [Citation(title, number, "implements"), Citation(other, other_number, "references")]
    if pattern == 3:
        masked = f"{place.code}发〔202x〕{rng.randrange(1, 40)}号"
        text = f"为深入贯彻落实《{title}》（{masked}）和《{other}》（{other_number}），{purpose}，{outcome}。"
        return text, [Citation(title, masked, "implements"), Citation(other, other_number, "implements")]
    text = f"为{purpose}，依据《{title}》（{number}）有关规定，{outcome}。"
    return text, [Citation(title, number, "based_on")]


def measures(rng: Random, outline: Outline, place: Place, running: bool) -> None:
    """一、（一）1.（1）①: headings alone and run-in, lead sentences with items, inline lists, tables in the text."""
    headings = rng.sample(words.HEADINGS, rng.randrange(3, 6))
    for heading in headings:
        outline.item(CHINESE, heading)
        if running:
            for _ in range(rng.randrange(2, 5)):
                outline.item(DIGIT, f"{rng.choice(words.RUN_INS)}。{words.sentence(rng)}{words.duty(rng, place.unit)}")
            continue
        for title in rng.sample(words.RUN_INS, rng.randrange(2, 5)):
            _measure(rng, outline, place, title)


def _measure(rng: Random, outline: Outline, place: Place, title: str) -> None:
    pattern = rng.randrange(7)
    if pattern == 0:
        outline.item(BRACKETED, title)
        outline.paragraph(words.long_text(rng, rng.randrange(1, 4)))
    elif pattern == 1:
        outline.item(BRACKETED, f"{title}。对符合下列条件之一的，给予最高{words.amount(rng)}的支持：")
        for _ in range(rng.randrange(2, 5)):
            outline.item(DIGIT, f"{words.condition(rng)}；")
        outline.item(DIGIT, f"{words.condition(rng)}。")
    elif pattern == 2:
        outline.item(BRACKETED, title)
        for name in rng.sample(words.RUN_INS, 3):
            outline.item(DIGIT, f"{name}。{words.sentence(rng)}{words.duty(rng, place.unit)}")
        if rng.random() < 0.5:
            outline.item(DIGIT, f"{rng.randrange(2024, 2027)}年底前，{words.sentence(rng)}")
    elif pattern == 3:
        outline.item(BRACKETED, f"{title}。{words.inline_list(rng)}{words.duty(rng, place.unit)}")
    elif pattern == 4:
        outline.item(BRACKETED, title)
        outline.item(DIGIT, f"{rng.choice(words.RUN_INS)}。{words.sentence(rng)}按以下标准执行：")
        for _ in range(3):
            outline.item(DIGIT_BRACKETED, words.sentence(rng))
        outline.item(DIGIT, f"{rng.choice(words.RUN_INS)}。{words.sentence(rng)}包括：")
        outline.item(DIGIT_BRACKETED, f"{words.condition(rng)}，并满足下列要求之一：")
        for _ in range(2):
            outline.item(CIRCLED, f"{words.condition(rng)}；")
        outline.item(CIRCLED, f"{words.condition(rng)}。")
        outline.item(DIGIT_BRACKETED, f"{words.condition(rng)}。")
    else:
        outline.item(BRACKETED, f"{title}。{words.long_text(rng, rng.randrange(1, 4))}{words.duty(rng, place.unit)}")


def regulation(rng: Random, outline: Outline, place: Place, name: str, last: str) -> None:
    """章 条 款 项 目; ``last`` is the article on validity."""
    body = rng.choice(("财政", "科技", "工业和信息化", "商务"))
    outline.item(CHAPTER, rng.choice(("总则", "总　则")))
    outline.item(
        ARTICLE,
        f"为规范{rng.choice(words.DOMAINS)}专项资金管理，提高资金使用效益，结合本{place.unit}实际，制定本{name}。",
    )
    outline.item(ARTICLE, f"本{name}所称专项资金，是指由{place.unit}级财政预算安排，用于支持产业发展的资金。")
    outline.paragraph(f"前款所称企业，是指在本{place.unit}行政区域内依法登记注册的法人单位。")
    for title in ("支持范围和标准", "申报与审核", "监督管理"):
        outline.item(CHAPTER, title)
        for _ in range(rng.randrange(2, 4)):
            _article(rng, outline, body)
    outline.item(CHAPTER, rng.choice(("附则", "附　则")))
    outline.item(ARTICLE, f"本{name}由{place.unit}{body}部门负责解释。")
    outline.item(ARTICLE, last)


def _article(rng: Random, outline: Outline, body: str) -> None:
    pattern = rng.randrange(5)
    if pattern == 0:
        outline.item(ARTICLE, words.sentence(rng))
        outline.paragraph(f"前款规定的奖励由{body}部门会同财政部门审核后兑付。")
    elif pattern == 1:
        outline.item(ARTICLE, "申请专项资金的单位应当同时符合下列条件：")
        for _ in range(3):
            outline.item(BRACKETED, f"{words.condition(rng)}；")
        outline.item(BRACKETED, "法律、法规规定的其他条件。")
        outline.paragraph(f"有下列情形之一的，不予支持，已经拨付的{words.amount(rng)}以上资金予以追回：")
        outline.item(BRACKETED, "弄虚作假骗取资金的；")
        outline.item(BRACKETED, "擅自改变资金用途，其中：")
        outline.item(DIGIT, f"用于偿还债务超过{rng.randrange(5, 50)}万元的；")
        outline.item(DIGIT, "用于支付罚款的。")
    elif pattern == 2:
        materials = rng.sample(words.MATERIALS, 4)
        listed = "；".join(f"（{n}）{m}" for n, m in zip("一二三四", materials, strict=True))
        outline.item(ARTICLE, f"申报单位应当提交下列材料：{listed}。")
    elif pattern == 3:
        outline.item(ARTICLE, f"{rng.choice(words.RUN_INS)}。{words.sentence(rng)}{words.sentence(rng)}")
    else:
        outline.item(ARTICLE, words.long_text(rng, 2))
        outline.paragraph(words.sentence(rng))
        outline.paragraph(f"第一款规定的标准，可以根据{place_budget(rng)}适当调整。")


def place_budget(rng: Random) -> str:
    return rng.choice(("年度预算安排", "物价指数变动情况", "绩效评价结果"))


def subsidies(rng: Random, count: int) -> tuple[Row, ...]:
    """A table of standards; the first column holds merged cells."""
    rows = [Row(("类别", "支持内容", "支持标准", "最高限额", "责任单位"))]
    while len(rows) < count:
        group = rng.choice(words.RUN_INS)
        for index in range(rng.choice((1, 2, 3))):
            office = rng.choice(words.DEPARTMENTS)[0]
            content = rng.choice(words.TARGETS) + rng.choice(("", "，且符合产业投向要求的", "，" + words.sentence(rng)))
            cells = (group, content, f"按{rng.choice(words.BASES)}的{words.percent(rng)}", words.amount(rng), office)
            rows.append(Row(cells, frozenset({0}) if index else frozenset()))
    return tuple(rows)


def steps(rng: Random) -> tuple[Row, ...]:
    """A short table in the middle of the text."""
    head = Row(("序号", "环节", "办理时限"))
    return (
        head,
        *(
            Row((str(n), step, f"{rng.randrange(3, 30)}个工作日"))
            for n, step in enumerate(rng.sample(words.STEPS, 4), 1)
        ),
    )
