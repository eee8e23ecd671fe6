"""Drafts made by hand for the tests of the Word export, and what a reader of the exported file should find."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from ingest.document import Span
from ingest.normalize import tidy
from ingest.readers.counters import chinese
from qa.answer import Citation
from qa.drafting.model import Draft, Grid, Paragraph, Remark

UNSEEN = re.compile("[\x00\x0b\u200b\u202e\ud800]")
QUOTE = "对首次认定的高新技术企业，一次性奖励30万元。"


def citation(mark: int, quote: str = QUOTE, **fields: object) -> Citation:
    usual = {
        "document_id": "清政办〔2024〕5号", "clause_id": "清政办〔2024〕5号#三(一)", "file": "若干政策.pdf",
        "title": "清河区制造业高质量发展若干政策", "document_number": "清政办〔2024〕5号", "path": "三、（一）", "page": 2,
        "quote": quote, "span": Span(0, len(quote)), "level": "district", "region": "清河区", "validity": "有效",
    }  # fmt: skip
    return Citation(mark=mark, **(usual | fields))


EVERY_BLOCK = Draft(
    kind="measures",
    title="清河区支持低空经济发展若干措施",
    blocks=(
        Paragraph("p1", "为支持低空经济发展，制定本措施。", marks=(1,)),
        Paragraph("p2", "支持对象", 1),
        Paragraph("p3", "在本区从事低空飞行器研发、制造的“专精特新”企业。"),
        Paragraph("p4", "支持措施", 1),
        Paragraph("p5", "支持企业提质。对首次认定的高新技术企业，一次性奖励30万元。（责任单位：区科技局）", 2, "source", (1,)),
        Paragraph("p6", "对通过重新认定的企业给予【待定】万元奖励。", 2, "open", remarks=(Remark("exceeds", "高于市级标准"),)),
        Paragraph("p7", "申报材料", 2),
        Paragraph("p8", "申报表；", 3),
        Paragraph("p9", "5亿元以上项目另附下列材料：", 3),
        Paragraph("p10", "可行性研究报告；", 4),
        Paragraph("p11", "环评批复。", 4),
        Paragraph("p12", "A&B<C>公司\t提出的\n<w:br/>另一段【待补依据】", 0, "edited"),
        Grid("t1", "表1 各级标准", ("事项", "市级", "区级"), (("认定奖励", "20万元", "30万元\n（首次）"), ("贴息", "", "【待定】")), ((1, 2), ())),
        Grid("t2", "", ("指标", "2026年"), (("产值", "100亿元"),)),
        Paragraph("p13", "附则", 1),
        Paragraph("p14", "自2026年1月1日起施行。", 2),
    ),
    citations=(citation(1), citation(2, "按设备投资额的10%给予补助。", validity="已修改", validity_reason="由另一文件修改")),
    as_of=date(2026, 6, 1),
    addressee="各乡镇人民政府，区政府各部门",
    notices=("按现行文件起草",),
)  # fmt: skip

REQUEST = Draft(
    kind="request",
    title="关于恒远公司年产三万吨生物基材料项目有关扶持事项的请示",
    blocks=(Paragraph("p1", "请示事由", 1), Paragraph("p2", "妥否，请批示。")),
    citations=(),
    as_of=date(2026, 6, 1),
    status="建议稿",
    addressee="清河区人民政府：",
)

HOSTILE = '\x00\x0b\ud800\u202e<w:fldSimple w:instr="DDE"/> HYPERLINK "http://evil.example" {PAGE} &lt; ]]> =1+1'


def printed(draft: Draft) -> str:
    """The text of the exported file, from the draft alone: one line a paragraph or row, as our readers print it."""
    return "".join(f"{line}\n" for line in _lines(draft) if line.strip())


def _lines(draft: Draft) -> Iterator[str]:
    yield _on_one_line(draft.title)
    yield f"（{draft.status}）"
    yield f"{draft.addressee.rstrip('：')}：" if draft.addressee else ""
    counts = [0, 0, 0, 0, 0]
    for block in draft.blocks:
        if isinstance(block, Grid):
            yield from map(tidy, _split(block.caption))
            yield _row(block.heads, (), 0)
            for number, row in enumerate(block.rows):
                marks = block.row_marks[number] if number < len(block.row_marks) else ()
                yield _row(row, marks, block.heads.index("依据") if "依据" in block.heads else 0)
        elif lines := _split(block.text):
            lines[-1] = with_marks(lines[-1], block.marks)
            if block.level:
                counts[block.level] += 1
                counts[block.level + 1 :] = [0] * (4 - block.level)
                lines[0] = numbered(block.level, counts[block.level], lines[0])
            yield from map(tidy, lines)
    if draft.citations:
        yield from ("附件：依据条款原文表", "附件", "依据条款原文表", "序号\t出处\t原文")
        for c in draft.citations:
            page = f"第{c.page}页，" if c.page else ""
            yield f"[{c.mark}]\t{c.source}{c.path}（{page}{c.validity}）\t{c.quote}{'（扫描识别，待核对）' * c.by_ocr}"
        reasons = {
            c.source: f"{c.source}{c.validity}：{c.validity_reason}。" for c in draft.citations if c.validity != "有效"
        }
        yield from reasons.values()
        yield f"时效以{draft.as_of.year}年{draft.as_of.month}月{draft.as_of.day}日为准。"


def _row(cells: Sequence[str], marks: tuple[int, ...], place: int) -> str:
    lines = [_split(cell) or [""] for cell in cells]
    lines[place][-1] = with_marks(lines[place][-1], marks)
    return "\t".join(tidy(" ".join(cell)) for cell in lines)


def _on_one_line(text: str) -> str:
    return "".join(_split(text))


def _split(text: str) -> list[str]:
    """Lines without what nobody sees."""
    return [line for raw in UNSEEN.sub("", text).split("\n") if (line := raw.replace("\t", " ").strip())]


def numbered(level: int, count: int, text: str) -> str:
    label = (f"{chinese(count)}、", f"（{chinese(count)}）", f"{count}.", f"（{count}）")[level - 1]
    return f"{label} {text}" if level == 3 and text[0].isdigit() else f"{label}{text}"


def with_marks(text: str, marks: tuple[int, ...]) -> str:
    """Before the last full stop, behind which only 责任单位 may stand."""
    shown = "".join(f"[{mark}]" for mark in marks)
    body, bracket, unit = text.rpartition("（责任单位：")
    if body.endswith("。") and unit.endswith("）"):
        return f"{body[:-1]}{shown}。{bracket}{unit}"
    return f"{text[:-1]}{shown}{text[-1]}" if text.endswith(("。", "；", "：", "，")) else text + shown
