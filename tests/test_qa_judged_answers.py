"""Both forms of judged questions that ``python -m qa evaluate`` reads, on small sets made here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from qa.__main__ import main
from qa.judged_answers import reply

CORPUS = [
    ("d1", "某区技术改造支持办法", "对实施技术改造的制造业企业，按设备投资额的8%给予补助，最高1000万元。"),
    ("d2", "某区人才公寓管理办法", "人才公寓面积不超过120平方米，租期不超过三年。"),
]
QUERIES = [
    ("q1", "制造业企业技术改造补助的比例是多少？"),
    ("q2", "人才公寓面积不超过多少平方米？"),
    ("q3", "没有标准答案的问题？"),
]
QRELS = [("q1", "d1", "1"), ("q2", "d2", "1"), ("q3", "d1", "1")]
SPANS = [
    {"id": "q1", "docid": "d1", "answers": ["按设备投资额的8％给予补助"]},
    {"id": "q2", "docid": "d2", "answers": ["月球背面"]},
]
TEXTS = [
    {"id": "q1", "answer": "补助为设备投资额的8%。", "doc_ids": ["d1"], "keywords": ["技改"]},
    {"id": "q2", "answer": "不超过120平方米。"},
]


def _lines(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def judged_set(folder: Path, answers: str, packed: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    corpus = _lines([{"id": i, "title": title, "text": text} for i, title, text in CORPUS])
    queries = _lines([{"id": i, "text": text, "type": "数额" if i == "q1" else "其他"} for i, text in QUERIES])
    for name, content in (("corpus", corpus), ("queries", queries), ("answers", answers)):
        if packed:
            (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(content.encode()))
        else:
            (folder / f"{name}.jsonl").write_text(content, "utf-8")
    (folder / "qrels.tsv").write_text("".join("\t".join(row) + "\n" for row in QRELS), "utf-8")
    return folder


def test_spans_given_as_answers_are_looked_for_in_ours(tmp_path, capsys):
    folder, out = judged_set(tmp_path / "set", _lines(SPANS), packed=True), tmp_path / "out.jsonl"
    assert main(["evaluate", str(folder), "--json", "--out", str(out)]) == 0
    figures = json.loads(capsys.readouterr().out)
    first, second = map(json.loads, out.read_text("utf-8").splitlines())  # q3 has no given answer
    assert figures["questions"] == 2
    assert set(figures["kinds"]) == {"数额", "其他"}
    assert first["answer"]["inside"] and first["right_document"] and not first["abstained"]
    assert first["top1"]["inside"] and first["top3"]["inside"]
    assert not second["answer"]["inside"] and second["answer"]["coverage"] == 0.0
    assert figures["kinds"]["数额"]["answer"]["inside"] == 1.0 and figures["answer"]["inside"] == 0.5


def test_a_text_given_as_answer_is_measured_by_its_coverage(tmp_path, capsys):
    folder = judged_set(tmp_path / "set", _lines(TEXTS))
    assert main(["evaluate", str(folder), "--json", "--limit", "1"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["questions"] == 1
    assert 0.5 < figures["answer"]["coverage"] < 1.0  # “补助为” is not the file's wording
    assert figures["answer"]["inside"] == 0.0


def test_the_table_names_all_systems_and_kinds(tmp_path, capsys):
    assert main(["evaluate", str(judged_set(tmp_path / "set", _lines(SPANS)))]) == 0
    shown = capsys.readouterr()
    assert all(word in shown.out for word in ("本系统回答", "检索第1段", "检索前3段", "数额", "其他", "不予回答"))
    assert "已答 2/2 题" in shown.err


# (answers file, words of the message, why)
MALFORMED = [
    ('{"id": "q1", "answers": []}', "没有可用的答案", "no answer at all"),
    ('{"id": "q1", "answer": "。"}', "没有可用的答案", "nothing but punctuation would stand in every answer"),
    ('{"id": "q1", "answers": "一段"}', "没有可用的答案", "a text where a list belongs"),
    ('{"answer": "一段"}', "缺少字段 id", "answer to which question"),
    ('["q1"]', "缺少字段 id", "a line that is no object"),
    ("{broken", "无法读取", "no JSON"),
    ('{"id": "q9", "answer": "一段"}', "没有既有问题又有答案", "answers to other questions"),
]


@pytest.mark.parametrize(("answers", "message", "reason"), MALFORMED, ids=[m[2] for m in MALFORMED])
def test_malformed_answers_are_named(tmp_path, capsys, answers, message, reason):
    assert main(["evaluate", str(judged_set(tmp_path / "set", answers))]) == 2
    error = capsys.readouterr().err
    assert message in error and "建议：" in error and "Traceback" not in error


@pytest.mark.parametrize("missing", ["answers.jsonl", "corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(tmp_path, capsys, missing):
    folder = judged_set(tmp_path / "set", _lines(SPANS))
    (folder / missing).unlink()
    assert main(["evaluate", str(folder)]) == 2
    assert f"找不到 {folder / missing}" in capsys.readouterr().err


def test_a_folder_without_questions_and_an_output_that_cannot_be_written_are_refused(tmp_path, capsys):
    assert main(["evaluate", str(tmp_path)]) == 2
    assert "没有评测题" in capsys.readouterr().err
    folder = judged_set(tmp_path / "set", _lines(SPANS))
    assert main(["evaluate", str(folder), "--out", str(tmp_path / "none" / "out.jsonl")]) == 2
    assert "无法写入" in capsys.readouterr().err


def test_questions_with_files_are_still_read(tmp_path, capsys):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.txt").write_text(f"{CORPUS[0][1]}\n\n第一条　{CORPUS[0][2]}\n", "utf-8")
    (tmp_path / "questions.jsonl").write_text(_lines([{"id": "1", "q": QUERIES[0][1]}]), "utf-8")
    out = tmp_path / "out.jsonl"
    assert main(["evaluate", str(tmp_path), "--out", str(out)]) == 0
    row = json.loads(out.read_text("utf-8"))
    assert not row["abstained"] and "8%" in row["answer"] and row["citations"][0]["file"] == "a.txt"
    assert capsys.readouterr().out.startswith("1 题：已回答 1，不予回答 0")


REPLIES = [
    ("按设备投资额的8%给予补助。", "设备投资额的 8％", True, (True, True), "width, space and punctuation do not count"),
    ("一" * 200 + "年满六周岁", "年满六周岁", True, (False, True), "after the first 150 characters"),
    ("一" * 348 + "年满六周岁", "年满六周岁", True, (False, False), "cut by the longer budget"),
    ("年满七周岁", "年满六周岁", False, (False, False), "another figure is another answer"),
]


@pytest.mark.parametrize(("text", "given", "inside", "within", "reason"), REPLIES, ids=[r[4] for r in REPLIES])
def test_where_a_given_answer_stands(text, given, inside, within, reason):
    found = reply(text, [given])
    assert (found.inside, found.within) == (inside, within)
    assert (found.coverage == 1.0) == inside
