"""A policy file in the making: head, foot, annexes and validity in the layout of GB/T 9704-2012."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tests.hard_documents import bodies, words
from tests.hard_documents.outline import Outline
from tests.hard_documents.truth import BRACKETED, CHINESE, Block, Citation
from tests.hard_documents.words import Place

Facts = dict[str, object]


@dataclass(slots=True)
class Draft:
    """A policy in the making."""

    rng: Random
    place: Place
    issued_on: date
    serial: int
    blocks: list[Block] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    @property
    def government(self) -> str:
        return f"{self.place.name}人民政府"

    def add(self, role: str, text: str = "", **more: object) -> None:
        self.blocks.append(Block(role, text, **more))

    def date_line(self) -> str:
        return (words.in_chinese if self.rng.random() < 0.3 else words.arabic)(self.issued_on)

    def take(self, outline: Outline) -> None:
        self.blocks += outline.blocks

    @property
    def addressees(self) -> str:
        units = {
            "省": "各市、县人民政府，省政府各部门、各直属机构",
            "市": "各县（市、区）人民政府，市政府各部门、各直属机构，各有关单位",
        }
        unit = self.place.unit
        return units.get(unit, f"各镇人民政府、街道办事处，{unit}政府各部门、各直属机构")


def title_lines(rng: Random, parts: tuple[str, ...]) -> tuple[str, ...]:
    """A title printed on several lines of at most 20 characters; most breaks are between words, some are not."""
    whole = "".join(parts)
    if rng.random() < 0.25:
        return tuple(whole[start : start + 18] for start in range(0, len(whole), 18))
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1]) + len(part) > 20:
            lines.append("")
        for char in part:
            if len(lines[-1]) == 20:
                lines.append("")
            lines[-1] += char
    return tuple(lines)


def head(draft: Draft, marks: tuple[str, ...], number: str, title: tuple[str, ...], signer: str = "") -> None:
    """份号, 紧急程度, 发文机关标志, 发文字号, 签发人, 标题."""
    rng = draft.rng
    if rng.random() < 0.2:
        draft.add("copy_number", f"{rng.randrange(1, 999999):06d}")
    if rng.random() < 0.2:
        draft.add("urgency", rng.choice(("特急", "加急")))
    draft.add("mark", "".join(marks), lines=marks)
    draft.add("number", printed_number(rng, number))
    if signer:
        draft.add("signer", f"签发人：{signer}")
    draft.add("title", "".join(title), lines=title_lines(rng, title))


def printed_number(rng: Random, number: str) -> str:
    """As offices print it: mostly right, sometimes with other brackets, spaces or wide digits."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return rng.choice(
        (number, number, number, number, number.replace("〔", "[").replace("〕", "]"), number.translate(wide), number.replace("号", " 号"),
         number.replace("〔", "【").replace("〕", "】"))
    )  # fmt: skip


def tail(draft: Draft, office: str, printed_on: date | None) -> None:
    """附注 and 版记."""
    rng = draft.rng
    if rng.random() < 0.5:
        draft.add("note", rng.choice(("（此件公开发布）", "（此件主动公开）", "（此件依申请公开）")))
    if printed_on:
        unit = draft.place.unit
        draft.add(
            "copies", f"抄送：{unit}委各部门，{unit}人大常委会办公室，{unit}政协办公室，{unit}法院，{unit}检察院。"
        )
        draft.add("printed", office, lines=(office, f"{words.arabic(printed_on)}印发"))


def validity(draft: Draft, name: str) -> tuple[str, date | None, date | None]:
    """The sentence on validity, and the dates that it tells (no start: from the day of printing)."""
    rng = draft.rng
    start = draft.issued_on + timedelta(days=rng.randrange(5, 40))
    years = rng.randrange(1, 6)
    fixed = date(start.year + years, 12, 31)
    repealed, number = bodies.cited_file(rng, draft.place)
    pattern = rng.randrange(4)
    if pattern == 0:
        start = start.replace(day=min(start.day, 28))
        text = f"本{name}自{words.arabic(start)}起施行，有效期{rng.choice((str(years), words.numeral(years)))}年。"
        return text, start, date(start.year + years, start.month, start.day) - timedelta(days=1)
    if pattern == 1:
        return f"本{name}自{words.arabic(start)}起施行，有效期至{words.arabic(fixed)}。", start, fixed
    if pattern == 2:
        draft.citations.append(Citation(repealed, number, "repeals"))
        return f"本{name}自{words.arabic(start)}起施行。《{repealed}》（{number}）同时废止。", start, None
    return f"本{name}自印发之日起施行，有效期至{words.arabic(fixed)}。", None, fixed


def annex(draft: Draft, label: str, title: str, table: bool) -> None:
    """附件 with its title, and a table or a short list of conditions."""
    rng = draft.rng
    draft.add("annex", label, lines=(label, title), path=label, marker=label, prefix=label)
    outline = Outline(prefix=label)
    if table:
        outline.table(bodies.subsidies(rng, rng.randrange(8, 24)))
    else:
        outline.item(CHINESE, "申报条件")
        for _ in range(3):
            outline.item(BRACKETED, f"{words.condition(rng)}；")
        outline.item(BRACKETED, f"{words.condition(rng)}。")
        outline.item(CHINESE, "申报流程")
        outline.table(bodies.steps(rng))
    draft.take(outline)


def facts(
    draft: Draft,
    title: str,
    number: str,
    issuers: tuple[str, ...],
    addressees: str | None = None,
    printed_on: date | None = None,
    effective_on: date | None = None,
    expires_on: date | None = None,
) -> Facts:
    """The facts of a finished draft. With a term but no start, the file applies from the day of printing."""
    if expires_on and not effective_on:
        effective_on = printed_on or draft.issued_on
    return {
        "title": title,
        "number": number,
        "issuers": issuers,
        "addressees": addressees,
        "issued_on": draft.issued_on,
        "printed_on": printed_on,
        "effective_on": effective_on,
        "expires_on": expires_on,
    }
