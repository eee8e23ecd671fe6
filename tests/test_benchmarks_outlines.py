"""The goldens are well formed, and the comparison counts what differs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.parse import document_from_text
from tests.benchmarks.outlines import GOLDEN, Outline, compare, main, outline_of, read_outline

GOLDENS = sorted(GOLDEN.glob("*.tsv"))
TEXT = "青禾县冷库办法\n一、范围\n本县冷库。\n二、标准\n项目\t金额\n冷库\t20万元\n青禾县商务局\n2024年5月1日\n"


def outline(text: str) -> Outline:
    return outline_of(document_from_text(text, path="办法.txt"), "办法.txt", text.encode())


@pytest.mark.parametrize("path", GOLDENS, ids=lambda path: path.name)
def test_a_golden_holds_facts_and_no_text(path: Path):
    golden = read_outline(path)
    assert re.fullmatch("[0-9a-f]{64}", golden.facts.sha256)
    assert golden.facts.table_rows == sum(clause.kind == "table_row" for clause in golden.clauses)
    assert golden.clauses and all(len(c.beginning) <= 6 and len(c.heading) <= 12 for c in golden.clauses)
    assert [*golden.lines()] == path.read_text("utf-8").splitlines()


def test_the_same_file_agrees_with_itself():
    result = compare(outline(TEXT), outline(TEXT))
    assert (result.expected, result.found, result.matched, result.same) == (8, 8, 8, 8)
    assert (result.wrong_facts, result.differences) == ((), ())


def test_every_kind_of_difference_is_counted():
    result = compare(outline(TEXT), outline(TEXT.replace("二、标准\n", "标准：\n").replace("5月1日", "5月2日")))
    # 二、 is lost, and the two rows below it stand elsewhere
    assert (result.expected, result.found, result.matched) == (8, 8, 5)
    assert sorted(line[:2] for line in result.differences) == ["+ "] * 3 + ["- "] * 3
    assert result.wrong_facts == ("issued_on 应为“2024-05-01”，现为“2024-05-02”",)


def test_a_heading_or_page_that_differs_is_told_though_the_clause_is_found():
    golden = outline(TEXT)
    moved = replace(golden, clauses=tuple(replace(c, page="3") for c in golden.clauses))
    result = compare(golden, moved)
    assert (result.matched, result.same) == (8, 0)


def test_without_the_real_files_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(tmp_path / "没有")]) == 2
    assert "没有这个文件夹" in capsys.readouterr().err
    assert main([str(tmp_path)]) == bool(GOLDENS)
    assert "没有这个文件：" in capsys.readouterr().out
