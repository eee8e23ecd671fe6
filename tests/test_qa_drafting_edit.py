"""A draft in the hands of people: edited, added, deleted, handed over as JSON, shown."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Span
from ingest.errors import NotHeld
from ingest.measures import read_measure
from ingest.numerals import chinese_to_int
from ingest.parse import document_from_text
from qa.answer import Citation, Proof
from qa.drafting import (
    Draft,
    DraftError,
    Grid,
    Paragraph,
    Remark,
    added,
    basis_grid,
    checked,
    deleted,
    draft_dict,
    draft_from_dict,
    draft_text,
    edited,
)  # fmt: skip
from qa.drafting.figures import differences, forbidden, unfounded
from qa.drafting.text import chinese, marker
from qa.render.drafts import draft_html, draft_markdown, draft_plain

QUOTE = "对技术改造项目，按照设备投资额的6%给予补助，单个项目最高500万元。"
SOURCE = f"清河区若干政策\n清政〔2024〕9号\n第八条　{QUOTE}\n清河区人民政府\n2024年6月18日\n"


def citation(mark: int, quote: str, validity: str = "有效", **fields: object) -> Citation:
    usual = {
        "document_id": f"文{mark}", "clause_id": f"文{mark}#第八条", "file": "a.pdf", "title": "清河区若干政策",
        "document_number": "清政〔2024〕9号", "path": "第八条", "page": None, "quote": quote, "span": Span(0, len(quote)),
        "level": "district", "region": "清河区", "validity": validity,
    }  # fmt: skip
    return Citation(mark=mark, **(usual | fields))


MADE = Draft(
    kind="measures",
    title="清河区若干措施",
    blocks=(
        Paragraph("p1", "支持措施", 1),
        Paragraph("p2", f"支持技术改造。{QUOTE}", 2, "source", (1,),
                  (Proof(1, "文1", "文1#第八条", "00", Span(0, len(QUOTE)), QUOTE),),
                  (Remark("ended", "供参考：<b>旧</b>", (2,)),)),
        Grid("g1", "明细表", ("事项", "标准"), (("技改", "6%"),), ((1,),)),
        Paragraph("p3", "有效期【待定】。", 0, "open"),
    ),
    citations=(citation(1, QUOTE), citation(2, "旧条款给予4%。", "已废止")),
    as_of=date(2026, 4, 1),
)  # fmt: skip


def paragraph(draft: Draft, block_id: str) -> Paragraph:
    return next(b for b in draft.blocks if b.id == block_id and isinstance(b, Paragraph))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("支持技术改造。按照设备投资额的6%给予补助，单个项目最高500万元。", ()),
        ("支持技术改造。按6％补助，最高5000000元。", ()),  # the same by value
        ("支持技术改造。按照8%给予补助，单个项目最高500万元。", ("8%",)),
        ("按照6%给予补助，单个项目最高2000万元，有效期3年。", ("2000万元", "3年")),
        ("依据清政〔2024〕9号第八条执行。", ()),  # how the cited file is named
        ("自2027年起施行。", ("2027年",)),
    ],
)
def test_an_edited_paragraph_is_held_against_what_it_cites(text, missing):
    block = paragraph(edited(MADE, "p2", text), "p2")
    assert block.origin == "edited" and block.text == text and not block.proofs and block.marks == (1,)
    assert [r.kind for r in block.remarks if r.kind != "exceeds"] == ["ended", *["no_basis"] * bool(missing)]
    assert all(figure.rstrip("年") in block.remarks[-1].text for figure in missing)


def test_mended_again_the_remark_is_gone():
    wrong = edited(MADE, "p2", "按照8%给予补助。")
    assert not any(r.kind == "no_basis" for r in paragraph(edited(wrong, "p2", "按照6%给予补助。"), "p2").remarks)


def test_a_new_paragraph_has_an_id_of_its_own_and_no_basis_for_its_figures():
    made = added(added(MADE, "p2", "另给予30万元奖励。"), None, "开头一段。")
    assert [block.id for block in made.blocks] == ["n2", "p1", "p2", "n1", "g1", "p3"]
    assert [remark.kind for remark in paragraph(made, "n1").remarks] == ["no_basis"]
    assert paragraph(made, "n2").remarks == ()


def test_what_is_deleted_takes_its_citations_with_it():
    made = deleted(MADE, "p2")
    assert [block.id for block in made.blocks] == ["p1", "g1", "p3"]
    assert [c.quote for c in made.citations] == [QUOTE]  # the table still names it
    assert deleted(made, "g1").citations == ()


def test_what_is_not_there_cannot_be_changed():
    for change in (lambda: edited(MADE, "p9", "甲"), lambda: deleted(MADE, "p9"), lambda: added(MADE, "p9", "甲"),
                   lambda: edited(MADE, "g1", "甲"), lambda: added(MADE, "p1", "甲", 5)):  # fmt: skip
        with pytest.raises(NotHeld):
            change()


def test_the_table_of_bases_tells_what_is_no_basis_and_a_policy_has_none_such():
    held = ("清河区若干政策", "清政〔2024〕9号", "有效", "第八条", "依据")
    gone = ("清河区若干政策", "清政〔2024〕9号", "已废止", "第八条", "供参考，不作依据")
    for kind, expected in (("basis_list", [held, gone]), ("individual", [held])):
        rows = basis_grid(replace(MADE, kind=kind)).rows
        assert [(row[1], row[2], row[4], row[5], row[6]) for row in rows] == expected


def test_json_there_and_back_is_the_same_draft():
    assert draft_from_dict(json.loads(json.dumps(draft_dict(MADE), ensure_ascii=False))) == MADE


def _broken(change) -> dict:
    values = deepcopy(draft_dict(MADE))
    change(values)
    return values


@pytest.mark.parametrize(
    "given",
    [
        None, [], {}, _broken(lambda v: v.update(kind="通告")), _broken(lambda v: v.update(as_of="昨天")),
        _broken(lambda v: v.update(blocks="无")), _broken(lambda v: v["blocks"][0].update(level=7)),
        _broken(lambda v: v["blocks"][0].update(level=True)), _broken(lambda v: v["blocks"][0].update(id="p2")),
        _broken(lambda v: v["blocks"][1].update(marks=["1"])), _broken(lambda v: v["blocks"][1].update(origin="真")),
        _broken(lambda v: v["blocks"][2].update(rows=[["少一格"]])), _broken(lambda v: v["citations"][0].pop("quote")),
        _broken(lambda v: v["citations"][0].update(span={"start": 5, "end": 1})), _broken(lambda v: v.update(title=5)),
        _broken(lambda v: v["blocks"][1]["remarks"][0].update(kind="好")), _broken(lambda v: v.update(title="长" * 20_001)),
    ],
)  # fmt: skip
def test_what_is_no_draft_is_refused(given):
    with pytest.raises(DraftError, match="不是一份草稿"):
        draft_from_dict(given)


def test_a_forged_quote_is_found_out(library):
    document = document_from_text(SOURCE, path="a.txt")
    library.add_document(document, SOURCE.encode(), "text/plain")
    clause = next(c for c in document.clauses if QUOTE in c.text)
    start = document.text.index(QUOTE)
    real = citation(1, QUOTE, document_id=document.id, clause_id=clause.id, span=Span(start, start + len(QUOTE)))
    honest = replace(MADE, citations=(real, MADE.citations[1]))
    assert [r.kind for r in paragraph(checked(honest, library), "p2").remarks] == ["ended"]
    forged = replace(honest, citations=(replace(real, quote=QUOTE.replace("6%", "9%")), MADE.citations[1]))
    block = paragraph(checked(edited(forged, "p2", "按照9%给予补助。"), library), "p2")
    assert [r.text for r in block.remarks if r.kind == "no_basis"] == [
        "所引条款与库内现行文本不一致，须重新核对", "本段没有引用条款，没有写明“9%”，须补充依据或注明为拟定标准",
    ]  # fmt: skip


HOSTILE = '<script>alert(1)</script>[x](javascript:x) **b** {{7*7}} | # "&'


def test_nothing_of_a_draft_becomes_markup():
    made = replace(edited(MADE, "p3", HOSTILE), title=HOSTILE, addressee=HOSTILE, notices=(HOSTILE,))
    made = replace(made, citations=tuple(replace(c, quote=HOSTILE, title=HOSTILE) for c in made.citations))
    for shown in (draft_html(made), draft_markdown(made)):
        assert "<script" not in shown and "](javascript" not in shown and "{{" not in shown and "**b**" not in shown


def test_every_paragraph_is_shown_with_marks_and_remarks():
    html, plain, text = draft_html(MADE), draft_plain(MADE), draft_text(MADE)
    assert '<a class="cite" href="#source-1" aria-label="出处1">[1]</a>' in html and 'id="source-2"' in html
    assert 'data-block="p3"' in html and "仅供参考" in html and "&#60;b&#62;" in html
    assert f"（一）支持技术改造。{QUOTE}[1]" in plain and "※仅供参考：供参考：<b>旧</b>[2]" in plain
    assert text.splitlines()[3:] == [
        "一、支持措施",
        f"（一）支持技术改造。{QUOTE}",
        "明细表",
        "事项\t标准",
        "技改\t6%",
        "有效期【待定】。",
    ]


@settings(max_examples=40)
@given(st.integers(1, 99))
def test_chinese_numbers_read_back(number):
    assert chinese_to_int(chinese(number)) == number
    assert marker(1, number).endswith("、") and marker(4, number) == f"（{number}）"


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_any_text_stays_one_block(text):
    made = edited(MADE, "p3", text)
    assert len(draft_text(made).splitlines()) <= len(draft_text(MADE).splitlines())
    assert [b.id for b in draft_from_dict(draft_dict(made)).blocks] == [b.id for b in MADE.blocks]
    assert not unfounded(text, [text])


FOUND = [
    ("按照设备投资额的10%给予补助，最高500万元", [("比例", "10%", "6%", True)]),
    ("按照设备投资额的6%给予补助，最高800万元", [("上限", "800万元", "500万元", True)]),
    ("按照设备投资额的4%给予补助", [("比例", "4%", "6%", False)]),
    ("按照设备投资额的6%给予补助，单个项目最高0.05亿元", []),  # the same by value
    ("给予适当支持", []),
]


@pytest.mark.parametrize(("proposed", "expected"), FOUND)
def test_figures_of_one_sort_are_compared(proposed, expected):
    found = differences(proposed, read_measure(QUOTE), QUOTE)
    assert [(d.sort, d.own, d.theirs, d.more) for d in found] == expected


BAN = "各地可结合实际给予支持，但不得与注册地迁移、缴纳税收等事项挂钩。"


@pytest.mark.parametrize(
    ("proposed", "found"),
    [
        ("对注册地迁移到我区的企业奖励20万元", True),
        ("对缴纳税收1000万元的企业奖励", True),
        ("按设备投资额的6%补助", False),
    ],
)
def test_what_a_file_forbids_is_found_in_the_proposal(proposed, found):
    assert bool(forbidden(proposed, BAN, "专精特新奖励")) is found


TIERS = "对新认定的国家级、省级专精特新企业，分别给予80万元、25万元一次性奖励。"


@pytest.mark.parametrize(
    ("proposed", "found"),
    [
        (TIERS, []),
        (TIERS.replace("25", "30"), [("30万元", "25万元", True)]),  # hidden below the highest
        (TIERS.replace("80", "70").replace("25", "30"), [("70万元", "80万元", False), ("30万元", "25万元", True)]),
        ("对专精特新企业给予90万元一次性奖励。", [("90万元", "80万元、25万元", True)]),  # one step against two
        ("对专精特新企业给予80万元一次性奖励。", [("80万元", "80万元、25万元", True)]),  # … more for those of the lower
        ("对专精特新企业给予20万元一次性奖励。", [("20万元", "80万元、25万元", False)]),
    ],
)
def test_scales_are_compared_step_by_step(proposed, found):
    assert [(d.own, d.theirs, d.more) for d in differences(proposed, read_measure(TIERS), TIERS)] == found


def test_an_edited_clause_is_held_against_what_it_cites_again():
    higher = edited(MADE, "p2", "支持技术改造。对技术改造项目，按照设备投资额的9%给予补助，单个项目最高500万元。")
    (told,) = [r for r in paragraph(higher, "p2").remarks if r.kind == "exceeds"]
    assert "9%" in told.text and "6%" in told.text and QUOTE in told.text
    mended = edited(higher, "p2", f"支持技术改造。{QUOTE}")
    assert not [r for r in paragraph(mended, "p2").remarks if r.kind in ("exceeds", "contradicts")]


@pytest.mark.parametrize(
    ("wanted", "is_forbidden"),
    [("招商引荐奖励", False), ("对公职人员引荐项目给予奖励", True), ("对引荐人给予奖励", False)],
)
def test_a_ban_on_some_takers_is_none_on_the_reward(wanted, is_forbidden):
    clause = "对引荐人给予奖励。公职人员及负有招商职责的工作人员不得领取引荐奖励。"
    assert bool(forbidden(wanted, clause, "")) == is_forbidden


def test_more_than_any_draft_has_is_refused():
    many = _broken(lambda v: v.update(blocks=[{**v["blocks"][0], "id": f"x{n}"} for n in range(100_000)]))
    long = _broken(
        lambda v: v.update(blocks=[{**v["blocks"][0], "id": f"x{n}", "text": "长" * 19_000} for n in range(60)])
    )
    for given_ in (many, long):
        with pytest.raises(DraftError):
            draft_from_dict(given_)
