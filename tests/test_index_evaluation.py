"""The figures by which the search is judged: worked examples, the whole pipeline on a small judged set, clear refusals."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import pytest

from index import evaluation
from index.evaluation import METRICS, load, ndcg, recall, reciprocal_rank, score
from ingest.errors import SettingsError

JUDGMENTS = Path(__file__).parent / "judgments"


def test_ndcg_worked_example():
    gained = 3 / math.log2(2) + 2 / math.log2(3) + 0 + 1 / math.log2(5)
    best = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert ndcg([3, 2, 0, 1], [1, 2, 3], 10) == pytest.approx(gained / best)


NDCG = [
    ([1, 0], [1], 1.0, "the only relevant one first"),
    ([0, 1], [1], 1 / math.log2(3), "second place"),
    ([0, 0], [1], 0.0, "not found"),
    ([0] * 10 + [1], [1], 0.0, "found below the cut"),
    ([], [], 0.0, "nothing to find"),
    ([1] * 10, [1] * 20, 1.0, "more relevant ones than places"),
]


@pytest.mark.parametrize(("grades", "judged", "expected", "reason"), NDCG, ids=[n[3] for n in NDCG])
def test_ndcg(grades, judged, expected, reason):
    assert ndcg(grades, judged, 10) == pytest.approx(expected)


def test_recall_and_reciprocal_rank():
    assert recall([0, 1, 0, 2], 4, 2) == 0.25
    assert recall([0, 1, 0, 2], 4, 10) == 0.5
    assert reciprocal_rank([0, 0, 1, 1], 10) == pytest.approx(1 / 3)
    assert reciprocal_rank([0] * 10 + [1], 10) == 0.0


def test_score_of_a_run():
    values = score(["乙", "甲"], {"甲": 1, "丙": 1})
    assert values["p@1"] == 0.0
    assert values["mrr@10"] == 0.5
    assert values["recall@100"] == 0.5
    assert tuple(values) == METRICS


def test_whole_pipeline_on_our_own_judged_set(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("POLICY_DATA", str(tmp_path / "untouched"))
    assert evaluation.main([str(JUDGMENTS), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert set(figures) == {*METRICS, "p50_ms", "p95_ms", "clauses_per_s", "documents", "questions", "types"}
    assert figures["ndcg@10"] >= 0.97
    assert figures["recall@10"] == 1.0
    assert figures["clauses_per_s"] > 0
    assert not (tmp_path / "untouched").exists()
    # by type: every question counted once, and the means of the types weigh up to the mean of all
    assert sum(row["questions"] for row in figures["types"].values()) == figures["questions"] == 32
    whole = sum(row["questions"] * row["mrr@10"] for row in figures["types"].values()) / 32
    assert whole == pytest.approx(figures["mrr@10"], abs=1e-3)
    assert figures["types"]["金额"]["questions"] >= 5


def test_ablation_prints_a_line_for_each_part_with_its_change_and_p(capsys):
    assert evaluation.main([str(JUDGMENTS), "--ablation", "--limit", "2"]) == 0
    lines, _, types = capsys.readouterr().out.partition("\n\n")
    head, full, *parts = lines.splitlines()
    assert head.split()[:2] == ["2", "个问题"] and head.endswith("p(nDCG@10)")
    assert full.startswith("全部")
    assert [line.split()[0] for line in parts] == [f"去掉{name}" for name in evaluation.ABLATIONS]
    changes = [line.split()[1:6] for line in parts]
    assert all(change[0] in "+-" for row in changes for change in row)
    assert all(0 < float(line.split()[-1]) <= 1 for line in parts)
    assert types.startswith("问题类型")


def test_compressed_files_headings_and_grades(tmp_path: Path):
    rows = {
        "corpus": [{"id": "1", "title": "办法", "text": "补贴"}],
        "queries": [{"id": "问", "text": "补贴"}, {"id": "无", "text": "未评"}],
    }
    for name, lines in rows.items():
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "qrels.tsv").write_text("query\tdocument\tgrade\n问\t1\t2\n问\t2\t0\n", "utf-8")
    judged = load(tmp_path)
    assert judged.queries == (("问", "补贴"),)
    assert judged.qrels["问"] == {"1": 2}


def test_equal_texts_of_a_corpus_are_one_document_with_two_ids(tmp_path: Path, library):
    filled = evaluation.fill(
        library, [("一", "甲办法", "研发补助最高二十万元。"), ("二", "甲办法", "研发补助最高二十万元。")]
    )
    assert filled.run("研发补助", evaluation.WEIGHTS) == ["一", "二"]


BROKEN = [
    ({}, "qrels.tsv", "an empty folder"),
    ({"qrels.tsv": "1\t1\t1\n"}, "corpus.jsonl", "no corpus"),
    ({"qrels.tsv": "1\t1\t1\n", "corpus.jsonl": "{\n"}, "corpus.jsonl", "a line that is not JSON"),
    ({"qrels.tsv": "1\t1\t1\n", "corpus.jsonl": '{"id": "1"}\n'}, "text", "a line without text"),
    ({"qrels.tsv": "1\t1\t1\n", "corpus.jsonl": "[]\n"}, "corpus.jsonl", "a line that is no object"),
    ({"qrels.tsv": "", "corpus.jsonl": '{"id":"1","text":"a"}\n', "queries.jsonl": '{"id":"1","text":"a"}\n'}, "为空", "no judgment"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "named", "reason"), BROKEN, ids=[b[2] for b in BROKEN])
def test_a_set_that_cannot_be_used_is_refused_with_what_to_do(tmp_path: Path, capsys, files, named: str, reason: str):
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert evaluation.main([str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert named in err
    assert len(err.strip().splitlines()) == 2


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(SettingsError, match="找不到"):
        load(tmp_path / "nowhere")
