"""Parsing as a whole: the document a file becomes, and what ``python -m ingest`` prints of it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.__main__ import main
from ingest.document import PolicyDocument, SourceFile, SourceText, Span
from ingest.parse import document_from_text, parse

GOLDEN = Path(__file__).parent / "golden"
NOTICE = (GOLDEN / "notice_with_measures.txt").read_text("utf-8")
PLAN = (GOLDEN / "district_plan.txt").read_text("utf-8")


def read(text: str, path: str = "文件.txt", fields: tuple[tuple[str, Span], ...] = ()) -> PolicyDocument:
    content = text.encode("utf-8")
    source = SourceFile(path, sha256(content).hexdigest(), "text/plain", content)
    return parse(source, SourceText(text, fields=fields))


def test_a_notice_and_the_measures_it_carries_are_one_document():
    document = read(NOTICE)
    metadata = document.metadata
    assert document.id == "青政办〔2024〕16号"
    assert document.title == "青禾县人民政府办公室关于印发《青禾县支持冷链物流发展若干措施（试行）》的通知"
    assert (metadata.kind, metadata.carrier, metadata.level, metadata.region) == (
        "若干措施",
        "通知",
        "district",
        "青禾县",
    )
    assert (metadata.issued_on, metadata.printed_on) == (date(2024, 5, 20), date(2024, 5, 22))
    assert (document.terms.effective_on, document.terms.expires_on) == (date(2024, 6, 1), date(2027, 5, 31))
    assert document.warnings == ()


def test_references_know_the_clause_they_stand_in():
    repealed = next(r for r in read(NOTICE).references if r.relation == "repeals")
    assert (repealed.clause_id, repealed.numbers[0].canonical) == ("青政办〔2024〕16号#第六条", "青政办〔2020〕9号")


SELF = "青禾县冷链办法\n青政〔2024〕7号\n各乡镇：\n"
OWN_REFERENCES = [
    ("its own number is no citation", f"{SELF}一、甲甲。\n二、本办法（青政〔2024〕7号）自印发之日起施行。", []),
    (
        "with its own title",
        f"{SELF}一、甲甲。\n二、《青禾县冷链办法》（青政〔2024〕7号）由县商务局解释。",
        [],
    ),
    (
        "another's number beside it stays",
        f"{SELF}一、落实青政〔2023〕1号、2号文件。",
        [(None, ["青政〔2023〕1号"], "implements"), (None, ["青政〔2023〕2号"], "implements")],
    ),
    (
        "the policy that it carries is what it issues",
        "关于印发《冷链办法》的通知\n青政〔2024〕7号\n各乡镇：\n现将《冷链办法》印发给你们。\n青禾县人民政府\n2024年5月1日\n冷链办法\n第一条　甲甲。",
        [("冷链办法", [], "issues"), ("冷链办法", [], "issues")],
    ),
    (
        "equal masks prove nothing",
        "关于冷链的意见\nx发〔202x〕12号\n各乡镇：\n一、落实x发〔202x〕12号文件。",
        [(None, ["x发〔202x〕12号"], "implements")],
    ),
]


@pytest.mark.parametrize(("why", "text", "expected"), OWN_REFERENCES, ids=[case[0] for case in OWN_REFERENCES])
def test_a_file_does_not_cite_itself(why: str, text: str, expected: list[tuple[str | None, list[str], str]]):
    found = [(r.title, [n.canonical for n in r.numbers], r.relation) for r in read(text).references]
    assert found == expected


EXPLAINED = (
    "近日，县政府印发《青禾县冷链若干政策》（青政〔2024〕7号，以下简称《若干政策》）。"
    "旧的《青禾县仓储办法》（青政〔2021〕3号）同时废止。\n一、背景\n《若干政策》共六条。"
)
EXPLANATIONS = [
    ("policy explanation", "《青禾县冷链若干政策》政策解读", ["interprets", "repeals", "interprets"]),
    ("questions and answers", "青禾县冷链若干政策问答", ["interprets", "repeals", "interprets"]),
    ("by its short name", "《若干政策》解读", ["interprets", "repeals", "interprets"]),
    ("of another policy", "《青禾县人才政策》解读", ["issues", "repeals", None]),
    ("no explanation", "青禾县冷链若干政策实施方案", ["issues", "repeals", None]),
]


@pytest.mark.parametrize(("why", "title", "relations"), EXPLANATIONS, ids=[case[0] for case in EXPLANATIONS])
def test_an_explanation_interprets_what_its_title_names(why: str, title: str, relations: list[str | None]):
    found = [r.relation for r in read(f"{title}\n{EXPLAINED}").references if r.span.start > len(title)]
    assert found == relations


def test_an_untitled_plan_keeps_its_citations_to_itself():
    document = read(PLAN, "资料/方案.txt")
    assert document.metadata.title is None and document.title == "方案.txt"
    assert document.metadata.document_number is None and document.id == document.sha256[:12]
    assert [number.canonical for r in document.references for number in r.numbers] == [
        "x发〔202x〕7号",
        "x政办〔202x〕31号",
    ]
    assert document.warnings == (
        "未找到标题，以文件名显示",
        "未标明文号",
        "2处条目缺少编号，已按上下文补全：二、（一）1.；二、（二）1.",
    )


@pytest.mark.parametrize(
    ("why", "text", "path", "warning"),
    [
        (
            "masked",
            "关于提质增效的意见\nx发〔202x〕12号\n各单位：\n一、甲甲。乙乙。",
            "甲.txt",
            "文号含占位符，不作为标识：x发〔202x〕12号",
        ),
        (
            "damaged",
            "关于提质增效的意见\n皖发〔20229号\n各单位：\n一、甲甲。乙乙。",
            "甲.txt",
            "文号疑似残缺，请核对原件：皖发〔20229号",
        ),
        (
            "file name",
            "青禾县冷链办法\n第一条　甲甲。",
            "青政〔2024〕7号.txt",
            "正文中未见文号，取自文件名：青政〔2024〕7号",
        ),
    ],
)
def test_a_number_that_does_not_identify_is_shown_but_is_no_key(why: str, text: str, path: str, warning: str):
    document = read(text, path)
    assert document.metadata.document_number is not None
    assert document.id == document.sha256[:12]
    assert warning in document.warnings


def test_terms_are_those_of_the_text_not_of_its_annexes():
    text = (
        "青禾县冷链办法\n第一条　甲甲。\n第二条　本办法自2024年6月1日起施行，有效期3年。\n青禾县商务局\n2024年5月1日\n"
        "附件1\n示范协议\n一、期限\n本协议自2020年1月1日起施行，有效期至2020年12月31日。"
    )
    assert read(text).terms.expires_on == date(2027, 5, 31)


def test_dates_of_the_sites_table_count_where_the_text_has_none():
    head = "施行日期：2024-06-01\n失效日期：2027-05-31\n"
    fields = (("施行日期", Span(5, 15)), ("失效日期", Span(21, 31)))
    terms = read(f"{head}青禾县冷链办法\n第一条　甲甲。", fields=fields).terms
    assert (terms.effective_on, terms.expires_on) == (date(2024, 6, 1), date(2027, 5, 31))
    assert terms.effective_span == Span(5, 15) and terms.effective_basis == "站点字段“施行日期”"


def test_a_document_from_text_takes_title_and_id_from_the_caller():
    document = document_from_text("第一条　甲甲。\n第二条　乙乙。", title="青禾县冷链条例", document_id="law-7")
    assert (document.id, document.title, document.metadata.kind) == ("law-7", "青禾县冷链条例", "条例")
    assert [c.id for c in document.clauses] == ["law-7#第一条", "law-7#第二条"]


def test_an_empty_text_has_no_clauses():
    assert document_from_text("").clauses == ()


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(NOTICE.split("\n")), max_size=20).map("\n".join)))
def test_every_part_of_a_document_lies_in_its_text(text: str):
    document = document_from_text(text)
    assert document == document_from_text(text)
    ids = {clause.id for clause in document.clauses}
    assert "".join(clause.text for clause in document.clauses) == text
    for reference in document.references:
        assert reference.clause_id in ids and reference.span.of(text) == reference.quote
    for span in (document.terms.effective_span, document.terms.expires_span):
        assert span is None or 0 <= span.start < span.end <= len(text)


# ---- the command


def test_json_is_one_object_a_file_and_a_bad_file_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    good, empty = tmp_path / "a.txt", tmp_path / "b.txt"
    good.write_text(NOTICE, "utf-8")
    empty.write_text("", "utf-8")
    assert main([str(empty), str(good), str(tmp_path / "没有.txt"), "--json"]) == 2
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    read_one = next(o for o in objects if "clauses" in o)
    assert set(read_one) == set(
        "path title document_number aliases issuers level region kind issued_on printed_on published_on "
        "effective_on expires_on validity references clauses pages account warnings".split()
    )
    assert read_one["document_number"] == "青政办〔2024〕16号" and read_one["expires_on"] == "2027-05-31"
    sixth = next(clause for clause in read_one["clauses"] if clause["path"] == "第六条")
    assert sixth["text"].startswith("第六条　本措施自2024年6月1日起施行")
    failed = [o for o in objects if "error" in o]
    assert len(failed) == 2 and all(o["path"] and o["hint"] for o in failed)


def test_the_listing_shows_what_was_understood(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "方案.txt"
    file.write_text(PLAN, "utf-8")
    assert main([str(file)]) == 0
    printed = capsys.readouterr().out
    for expected in (
        "标题：未标明",
        "级别：区县级",
        "[二、（一）1.]（补）",
        "贯彻落实：《中共xx省委",
        "注意：未标明文号",
    ):
        assert expected in printed


def test_a_reader_that_closes_early_gets_no_traceback():
    corpus = Path(__file__).resolve().parent.parent / "corpus"
    command = [sys.executable, "-m", "ingest", str(corpus), "--json"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", cwd=corpus.parent
    )
    assert process.stdout and process.stderr
    assert process.stdout.readline().startswith("{")
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 0


def test_a_classified_file_is_named_and_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "密.txt"
    file.write_text(f"秘密★1年\n{NOTICE}", "utf-8")
    assert main([str(file)]) == 2
    output = capsys.readouterr()
    assert "密级标志" in output.err and "冷链" not in output.out
