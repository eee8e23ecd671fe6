"""A seed → a whole policy file: one function a form of official file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from tests.hard_documents import bodies, words
from tests.hard_documents.draft import Draft, Facts, annex, facts, head, tail, title_lines, validity
from tests.hard_documents.outline import Outline
from tests.hard_documents.truth import BRACKETED, CHINESE, DIGIT, Citation, Policy
from tests.hard_documents.words import PLACES, PROVINCE


def compose(seed: int, form: str | None = None) -> Policy:
    """The policy of a seed. The same seed gives the same policy; ``form`` is one of ``FORMS``."""
    rng = Random(seed)
    form = form or tuple(FORMS)[seed % len(FORMS)]
    place = rng.choice(PLACES)
    draft = Draft(rng, place, words.day(rng, rng.randrange(2021, 2026)), rng.randrange(1, 120))
    found = FORMS[form](draft)
    return Policy(
        seed=seed,
        form=form,
        blocks=tuple(draft.blocks),
        secret=f"补贴上限{9000 + seed % 1000}万元",
        citations=tuple(draft.citations),
        **found,
    )


def _printed_on(draft: Draft) -> date | None:
    return draft.issued_on + timedelta(days=draft.rng.randrange(0, 4)) if draft.rng.random() < 0.7 else None


def _office(draft: Draft) -> str:
    return f"{draft.government}办公{'厅' if draft.place is PROVINCE else '室'}"


def carried_measures(draft: Draft) -> Facts:
    """印发通知 with measures numbered 一、（一）1.（1）."""
    name = draft.rng.choice(("若干措施", "若干政策", "实施方案"))
    domain = draft.rng.choice(words.DOMAINS)
    subject = f"{draft.place.name}{draft.rng.choice(('支持', '促进', '推动'))}{domain}高质量发展{name}"

    def write(outline: Outline, last: str) -> None:
        opening, citations = bodies.basis(draft.rng, draft.place, f"制定本{name[-2:]}")
        outline.paragraph(opening)
        draft.citations += citations
        bodies.measures(draft.rng, outline, draft.place, outline.running)
        if outline.running:
            outline.closing(last)
            return
        outline.item(CHINESE, "附则")
        outline.item(BRACKETED, f"本{name[-2:]}由{draft.place.unit}工业和信息化部门会同财政部门负责解释。")
        outline.item(BRACKETED, last)

    return _carried(draft, subject, name, Outline(running=draft.rng.random() < 0.4), write)


def carried_regulation(draft: Draft) -> Facts:
    """印发通知 with a regulation of chapters and articles."""
    name = draft.rng.choice(("管理办法", "实施细则", "暂行办法"))
    subject = f"{draft.place.name}{draft.rng.choice(words.DOMAINS)}发展专项资金{name}"

    def write(outline: Outline, last: str) -> None:
        bodies.regulation(draft.rng, outline, draft.place, name[-2:], last)

    return _carried(draft, subject, name, Outline(), write)


def _carried(draft: Draft, subject: str, name: str, outline: Outline, write: Callable[[Outline, str], None]) -> Facts:
    rng, place, office = draft.rng, draft.place, _office(draft)
    if "暂行" not in name:
        subject += rng.choice(("", "", "（试行）", "（2024年修订）"))
    title = (office, "关于印发", f"《{subject}》" if rng.random() < 0.5 else subject, "的通知")
    number = f"{place.code}政办〔{draft.issued_on.year}〕{draft.serial}号"
    head(draft, (f"{office}文件",), number, title)
    draft.add("addressees", f"{draft.addressees}：")
    draft.add("body", f"《{subject}》已经{place.unit}政府同意，现印发给你们，请结合实际认真贯彻执行。")
    draft.add("signature", office, lines=(office,))
    draft.add("date", draft.date_line())
    printed_on = _printed_on(draft)
    at_the_end = rng.random() < 0.5  # where 版记 belongs; many files have it behind the notice
    if not at_the_end:
        tail(draft, office, printed_on)
    parts = (place.name, subject.removeprefix(place.name))
    draft.add("attached", subject, lines=title_lines(rng, parts), path="")
    last, effective, expires = validity(draft, name[-2:])
    write(outline, last)
    draft.take(outline)
    if rng.random() < 0.6:
        annex(draft, "附件", "支持标准一览表", table=True)
    if at_the_end:
        tail(draft, office, printed_on)
    return facts(draft, "".join(title), number, (office,), draft.addressees, printed_on, effective, expires)


def opinion(draft: Draft) -> Facts:
    """A file of its own: opening, measures, annexes behind the signature, 附件说明 above it."""
    rng, place = draft.rng, draft.place
    domain = rng.choice(words.DOMAINS)
    kind = rng.choice(("若干意见", "实施意见", "若干政策措施"))
    title = (draft.government, "关于促进", f"{domain}高质量发展", f"的{kind}")
    number = f"{place.code}政发〔{draft.issued_on.year}〕{draft.serial}号"
    head(draft, (f"{draft.government}文件",), number, title)
    draft.add("addressees", f"{draft.addressees}：")
    outline = Outline()
    opening, citations = bodies.basis(rng, place, "提出如下意见")
    draft.citations += citations
    outline.paragraph(opening)
    bodies.measures(rng, outline, place, False)
    last, effective, expires = validity(draft, kind[-2:])
    outline.closing(last)
    draft.take(outline)
    draft.add("annexes", lines=("附件：1.支持标准一览表", "2.申报条件和流程"))
    draft.add("signature", draft.government, lines=(draft.government,))
    draft.add("date", draft.date_line())
    printed_on = _printed_on(draft)
    if rng.random() < 0.5:
        draft.add("note", "（此件公开发布）")
    annex(draft, "附件1", "支持标准一览表", table=True)
    annex(draft, "附件2", "申报条件和流程", table=False)
    if printed_on:
        tail(draft, _office(draft), printed_on)
    return facts(draft, "".join(title), number, (draft.government,), draft.addressees, printed_on, effective, expires)


def order(draft: Draft) -> Facts:
    """令: 令号, the sentence of promulgation, the regulation behind it."""
    rng, place = draft.rng, draft.place
    domain = rng.choice(words.DOMAINS)
    name = rng.choice(("管理办法", "促进办法", "管理规定"))
    subject = f"{place.name}{domain}{name}"
    mark = f"{draft.government}令"
    draft.add("mark", mark, lines=(mark,))
    draft.add("number", f"第{draft.serial}号")
    effective = date(draft.issued_on.year + 1, 1, 1)
    draft.add(
        "body",
        f"《{subject}》已经{words.arabic(draft.issued_on - timedelta(days=9))}{place.unit}人民政府第{rng.randrange(2, 60)}次常务会议审议通过，"
        f"现予公布，自{words.arabic(effective)}起施行。",
    )
    leader = "省长" if place is PROVINCE else f"{place.unit}长"
    draft.add("signature", f"{leader}　{rng.choice(('林知远', '沈予安', '贺明川'))}", lines=())
    draft.add("date", draft.date_line())
    draft.add("attached", subject, lines=title_lines(rng, (place.name, domain, name)), path="")
    outline = Outline()
    bodies.regulation(rng, outline, place, name[-2:], f"本{name[-2:]}自{words.arabic(effective)}起施行。")
    draft.take(outline)
    return facts(draft, subject, f"{mark}第{draft.serial}号", (draft.government,), None, None, effective, None)


def letter(draft: Draft) -> Facts:
    """函: number at the right, no 文件 in the mark."""
    rng, place = draft.rng, draft.place
    (body, code), (other, _) = rng.sample(words.DEPARTMENTS, 2)
    body, other = place.name + body, place.name + other
    if place is PROVINCE:
        body, other = (name.replace("局", "厅") for name in (body, other))
    domain = rng.choice(words.DOMAINS)
    title = (body, "关于商请支持", f"{domain}示范项目建设", "的函")
    number = f"{place.code}{code}函〔{draft.issued_on.year}〕{draft.serial}号"
    draft.add("mark", body, lines=(body,))
    draft.add("number", number)
    draft.add("title", "".join(title), lines=title_lines(rng, title))
    draft.add("addressees", f"{other}：")
    outline = Outline()
    opening, citations = bodies.basis(rng, place, "现商请贵单位支持以下事项")
    draft.citations += citations
    outline.paragraph(opening)
    for heading in rng.sample(words.HEADINGS, 3):
        outline.item(CHINESE, f"{heading}。{words.long_text(rng, 2)}")
    outline.closing("请予支持为盼。")
    draft.take(outline)
    draft.add("signature", body, lines=(body,))
    draft.add("date", draft.date_line())
    draft.add("note", f"（联系人：柳青禾，联系电话：0{rng.randrange(100, 999)}-{rng.randrange(1000000, 9999999)}）")
    return facts(draft, "".join(title), number, (body,), other)


def minutes(draft: Draft) -> Facts:
    """会议纪要: no addressee, the number in brackets, lists of who was there."""
    rng, place = draft.rng, draft.place
    mark = f"{draft.government}专题会议纪要"
    number = f"{place.code}政专纪〔{draft.issued_on.year}〕{draft.serial}号"
    title = ("关于研究", f"{rng.choice(words.DOMAINS)}产业发展有关问题", "的会议纪要")
    draft.add("mark", mark, lines=(mark,))
    draft.add("number", f"（{number}）")
    draft.add("title", "".join(title), lines=title_lines(rng, title))
    outline = Outline()
    held = words.arabic(draft.issued_on - timedelta(days=3))
    outline.paragraph(
        f"{held}，副{place.unit}长贺明川在{place.unit}政府第二会议室主持召开专题会议，研究产业发展有关问题。现纪要如下："
    )
    for _ in range(3):
        outline.item(CHINESE, f"关于{rng.choice(words.RUN_INS)}问题。会议议定，{words.long_text(rng, 2)}")
    people = (
        "出席：贺明川、林知远、沈予安",
        f"列席：{place.unit}财政局柳青禾、{place.unit}商务局江临舟",
        "请假：秦晚枫",
    )
    for line in people:
        outline.closing(line)
    draft.take(outline)
    draft.add("signature", _office(draft), lines=(_office(draft),))
    draft.add("date", draft.date_line())
    return facts(draft, "".join(title), number, (_office(draft),))


def joint(draft: Draft) -> Facts:
    """Several departments sign side by side; the title names the first only, or all of them."""
    rng = draft.rng
    place = draft.place if draft.place is not PROVINCE else PLACES[1]
    draft.place = place
    chosen = rng.sample(words.DEPARTMENTS, rng.choice((2, 3)))
    bodies_ = tuple(place.name + name for name, _ in chosen)
    domain = rng.choice(words.DOMAINS)
    named = (
        ("　".join(bodies_[:2]) + ("　" + bodies_[2] if len(bodies_) > 2 else ""),)
        if rng.random() < 0.5
        else (f"{bodies_[0]}等{len(bodies_)}部门",)
    )
    title = (*named, "关于开展", f"{domain}奖补资金申报工作", "的通知")
    number = f"{place.code}{chosen[0][1]}联发〔{draft.issued_on.year}〕{draft.serial}号"
    head(draft, (*bodies_[:-1], f"{bodies_[-1]}文件"), number, title)
    draft.add("addressees", f"各县（市、区）{chosen[0][0]}，各有关企业：")
    outline = Outline()
    opening, citations = bodies.basis(rng, place, "现就有关事项通知如下")
    draft.citations += citations
    outline.paragraph(opening)
    outline.item(CHINESE, "支持对象和标准")
    outline.item(BRACKETED, f"支持对象。{words.long_text(rng, 2)}")
    outline.item(BRACKETED, "支持标准。按下表执行：")
    outline.table(bodies.subsidies(rng, rng.randrange(5, 14)))
    outline.item(CHINESE, "申报条件")
    for _ in range(3):
        outline.item(DIGIT, f"{words.condition(rng)}；")
    outline.item(DIGIT, f"{words.condition(rng)}。")
    outline.item(CHINESE, "申报程序")
    outline.table(bodies.steps(rng))
    outline.item(CHINESE, f"其他事项。{words.sentence(rng)}")
    draft.take(outline)
    draft.add("annexes", lines=("附件：申报条件和流程",))
    draft.add("signature", lines=bodies_)
    draft.add("date", draft.date_line())
    annex(draft, "附件", "申报条件和流程", table=False)
    return facts(draft, "".join(title), number, bodies_, f"各县（市、区）{chosen[0][0]}，各有关企业")


def repeal(draft: Draft) -> Facts:
    """决定 that repeals and amends: every file that it names has its relation."""
    rng, place = draft.rng, draft.place
    title = (draft.government, "关于废止和修改", "部分行政规范性文件", "的决定")
    number = f"{place.code}政规〔{draft.issued_on.year}〕{draft.serial}号"
    head(draft, (f"{draft.government}文件",), number, title)
    draft.add("addressees", f"{draft.addressees}：")
    outline = Outline()
    cited = [bodies.cited_file(rng, place) for _ in range(5)]
    outline.paragraph(
        f"根据《{cited[0][0]}》（{cited[0][1]}）要求，{place.unit}政府对现行行政规范性文件进行了清理，现决定如下："
    )
    outline.item(CHINESE, f"《{cited[1][0]}》（{cited[1][1]}）、《{cited[2][0]}》（{cited[2][1]}）予以废止。")
    outline.item(CHINESE, f"对《{cited[3][0]}》（{cited[3][1]}）作如下修改：")
    outline.item(BRACKETED, f"第三条修改为：“{words.sentence(rng)}”")
    outline.item(BRACKETED, f"删去第五条第二款，第六条中的“{words.amount(rng)}”修改为“{words.amount(rng)}”。")
    outline.item(CHINESE, f"《{cited[4][0]}》（{cited[4][1]}）有效期延长至{draft.issued_on.year + 3}年12月31日。")
    outline.closing(f"本决定自{words.arabic(draft.issued_on)}起施行。")
    relations = ("based_on", "repeals", "repeals", "amends", "extends")
    draft.citations += [Citation(*file, relation) for file, relation in zip(cited, relations, strict=True)]
    draft.take(outline)
    draft.add("signature", draft.government, lines=(draft.government,))
    draft.add("date", draft.date_line())
    tail(draft, _office(draft), None)
    return facts(draft, "".join(title), number, (draft.government,), draft.addressees, None, draft.issued_on, None)


def guide(draft: Draft) -> Facts:
    """申报指南: no red head, the number in brackets under the title, no addressee, tables in the text."""
    rng, place = draft.rng, draft.place
    domain = rng.choice(words.DOMAINS)
    title = (place.name, f"{draft.issued_on.year}年度", f"{domain}专项资金", "申报指南")
    number = f"{place.code}财规〔{draft.issued_on.year}〕{draft.serial}号"
    draft.add("title", "".join(title), lines=title_lines(rng, title))
    draft.add("number", f"（{number}）")
    outline = Outline()
    opening, citations = bodies.basis(rng, place, "编制本指南")
    draft.citations += citations
    outline.paragraph(opening)
    outline.item(CHINESE, "支持方向")
    for name in rng.sample(words.RUN_INS, 3):
        outline.item(BRACKETED, f"{name}。{words.long_text(rng, 2)}")
    outline.item(CHINESE, "支持标准")
    outline.table(bodies.subsidies(rng, rng.randrange(12, 26)))
    outline.item(CHINESE, "申报要求")
    outline.item(BRACKETED, f"申报单位须满足以下条件：{'；'.join(f'{n}.{words.condition(rng)}' for n in (1, 2, 3))}。")
    outline.item(BRACKETED, f"申报材料。{words.inline_list(rng)}")
    draft.take(outline)
    body = f"{place.name}财政{'厅' if place is PROVINCE else '局'}"
    draft.add("signature", body, lines=(body,))
    draft.add("date", draft.date_line())
    return facts(draft, "".join(title), number, (body,))


def request(draft: Draft) -> Facts:
    """请示: 上行文 with 签发人, one addressee above."""
    rng = draft.rng
    place = draft.place if draft.place.above else PLACES[1]
    draft.place = place
    title = (draft.government, "关于申请支持", f"{rng.choice(words.DOMAINS)}产业园区建设", "的请示")
    number = f"{place.code}政〔{draft.issued_on.year}〕{draft.serial}号"
    head(draft, (f"{draft.government}文件",), number, title, signer=rng.choice(("林知远", "沈予安", "贺明川")))
    addressee = f"{place.above}人民政府"
    draft.add("addressees", f"{addressee}：")
    outline = Outline()
    opening, citations = bodies.basis(rng, place, "拟申请支持产业园区建设")
    draft.citations += citations
    outline.paragraph(opening)
    for heading in rng.sample(words.HEADINGS, 2):
        outline.item(CHINESE, heading)
        outline.paragraph(words.long_text(rng, 2))
    outline.item(CHINESE, "请求事项")
    for _ in range(2):
        outline.item(BRACKETED, words.sentence(rng))
    outline.closing("妥否，请批示。")
    draft.take(outline)
    draft.add("signature", draft.government, lines=(draft.government,))
    draft.add("date", draft.date_line())
    return facts(draft, "".join(title), number, (draft.government,), addressee)


FORMS: dict[str, Callable[[Draft], Facts]] = {
    form.__name__: form
    for form in (carried_measures, carried_regulation, opinion, order, letter, minutes, joint, repeal, guide, request)
}
