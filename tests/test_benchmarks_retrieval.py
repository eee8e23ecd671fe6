"""The table of results: it is what the files say, a result is kept beside those of other sets, absent folders are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.evaluation.metrics import METRICS
from index.evaluation.run import SPEED
from tests.benchmarks import readme
from tests.benchmarks.retrieval import NAME, keep, main, measured, read_results, tables, unfit

JUDGMENTS = Path(__file__).parent / "judgments"
PARTS = {"单字": {**dict.fromkeys(METRICS, -0.02), "p": 0.0001, "p50_ms": 1.0, "p95_ms": 2.0}}


def summary(ndcg: float, **more: object) -> dict[str, object]:
    row = {**dict.fromkeys((*METRICS, *SPEED), 0.5), "ndcg@10": ndcg}
    return {"documents": 3, "questions": 2, **row, "types": {"金额": {"questions": 2, **row}}, **more}


def result(commit: str, date: str, **sets: dict[str, object]) -> dict[str, object]:
    machine = {"cores": 2, "python": "3.11.7"}
    return {"commit": commit, "date": date, "constants": {}, "embedding": "offline", "machine": machine, "sets": sets}


def test_the_table_in_the_readme_is_what_the_result_files_say():
    assert readme.shown(NAME) == tables(read_results())


def test_results_of_a_commit_are_kept_set_by_set(tmp_path: Path):
    keep(result("aaa", "2026-01-01", equals=summary(0.4)), tmp_path)
    keep(result("aaa", "2026-01-02", stard=summary(0.3)), tmp_path)
    keep(result("aaa", "2026-01-03", equals=summary(0.5)), tmp_path)
    (kept,) = read_results(tmp_path)
    assert {name: row["ndcg@10"] for name, row in kept["sets"].items()} == {"equals": 0.5, "stard": 0.3}


def test_the_table_shows_the_mean_and_the_worst_and_every_commit():
    older = result("aaa", "2026-01-01", equals=summary(0.4))
    newer = result("bbb", "2026-01-02", equals=summary(0.42, ablation=PARTS), stard=summary(0.3))
    lines = tables([newer, older]).splitlines()
    assert any(line.startswith("| **mean** |  |  | 0.3600 |") for line in lines)
    assert any(line.startswith("| **worst** |  |  | 0.3000 |") for line in lines)
    assert "| 单字 | -0.0200 (<.001) |" in lines
    assert "| `bbb` | 2026-01-02 | 0.4200 | 0.3000 | 0.3600 | 0.3000 |" in lines
    assert "| `aaa` | 2026-01-01 | 0.4000 |  |  |  |" in lines  # no mean over fewer sets


def test_what_has_no_commit_of_its_own_is_not_kept():
    origin = {"commit": "abc1234", "embedding": "offline", "reranker": ""}
    assert unfit(origin, None) is None
    assert "部分问题" in unfit(origin, 5)
    assert "请先提交" in unfit({**origin, "commit": "abc1234+"}, None)
    assert "不在 git 工作区" in unfit({**origin, "commit": None}, None)
    assert "bge-m3" in unfit({**origin, "embedding": "bge-m3"}, None)
    assert "bge-rr" in unfit({**origin, "reranker": "bge-rr"}, None)


def test_a_table_is_written_between_its_marks_and_nowhere_else(tmp_path: Path):
    path = tmp_path / "README.md"
    path.write_text("a\n<!-- one -->\n<!-- end of one -->\nb\n<!-- two -->\nold\n<!-- end of two -->\nc\n", "utf-8")
    for table in ("| x |\n|---|", r"\1 new"):
        readme.put("one", table, path)
        assert readme.shown("one", path) == table
    assert path.read_text("utf-8").endswith("<!-- end of one -->\nb\n<!-- two -->\nold\n<!-- end of two -->\nc\n")
    with pytest.raises(ValueError, match="three"):
        readme.put("three", "", path)


def test_measured_on_our_own_set(capsys):
    sets = measured([JUDGMENTS], limit=3)
    assert sets["judgments"]["questions"] == 3
    assert sets["judgments"]["recall@10"] == 1.0
    assert "judgments（15 份文件）" in capsys.readouterr().out


def test_a_folder_that_is_absent_is_told_before_anything_is_measured(tmp_path: Path, capsys):
    assert main([str(JUDGMENTS), str(tmp_path / "stard")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "没有这些标注集文件夹" in err and "stard" in err and "judgments" not in err
