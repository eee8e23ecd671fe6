"""The judged questions on real files are well formed, and the benchmark counts the clauses that answer."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from index.chunk import Chunk, chunk
from ingest.document import PolicyDocument, Span
from ingest.parse import document_from_text
from tests.benchmarks.judgments import (
    ANSWERS,
    KINDS,
    USERS,
    Judgment,
    Outcome,
    Question,
    judgment_on,
    main,
    read_judgments,
    unknown_clauses,
)
from tests.samples import CORPUS

TALENT = "示例14_云澜市_人才分类认定办法.txt"
FACTORY = "示例07_清河区_支持制造业发展若干政策2021_已废止.txt"
TEXT = """青禾县冷库办法
第一条　对新建的冷库给予补助。
第二条　有下列情形之一的，不予补助：
（一）提供虚假材料的；
（二）改变用途的。
第三条　补助标准如下：
项目	金额
冷库	20万元
车间	5万元
第四条　补助期限三年。
"""


def test_the_questions_are_many_and_of_every_kind_and_user():
    questions = list(read_judgments())
    assert len(questions) >= 60
    assert (
        len({question.id for question in questions}) == len({question.text for question in questions}) == len(questions)
    )
    assert {question.user for question in questions} == set(USERS)
    assert min(Counter(question.user for question in questions).values()) >= 20
    assert {question.kind for question in questions} == set(KINDS)
    assert min(Counter(question.kind for question in questions).values()) >= 5


def test_every_question_has_a_clause_that_answers_and_no_clause_is_judged_twice():
    for question, judgments in read_judgments().items():
        assert any(judgment.grade == ANSWERS for judgment in judgments), question.id
        assert len({(judgment.file, judgment.clause) for judgment in judgments}) == len(judgments), question.id
        assert {judgment.grade for judgment in judgments} <= {0, 1, ANSWERS}, question.id


def test_the_judgments_hold_names_of_files_and_clauses_and_no_text():
    for question, judgments in read_judgments().items():
        assert len(question.text) <= 60 and len(question.note) <= 30
        for judgment in judgments:
            assert PurePosixPath(judgment.file).suffix in {".html", ".md", ".pdf", ".doc"}
            assert ".." not in judgment.file and not judgment.file.startswith("/")
            # 第十八条第二款(三), 四(二)2段_3, 43表2第8行
            assert re.fullmatch(r"[\w()①-⑳]{1,16}", judgment.clause)


def policy() -> PolicyDocument:
    return document_from_text(TEXT, path="办法.txt")


def judged(found: str, **grades: int) -> int | None:
    """The grade of the chunk of a clause, given the judgments on its document."""
    document = policy()
    part = next(part for part in chunk(document) if part.clause_id.endswith(f"#{found}"))
    judgment = judgment_on(part, document, [Judgment("办法.txt", clause, grade) for clause, grade in grades.items()])
    return judgment.grade if judgment else None


@pytest.mark.parametrize(
    ("found", "grades", "expected"),
    [
        ("第一条", {"第一条": 2}, 2),
        # the clause beside it is another one
        ("第四条", {"第一条": 2, "第二条": 2}, None),
        # an item belongs to its clause
        ("第二条(二)", {"第二条": 2}, 2),
        # unless it is judged itself
        ("第二条(二)", {"第二条": 2, "第二条(二)": 0}, 0),
        # the lead sentence alone is not the item
        ("第二条", {"第二条(二)": 2}, None),
        # a row belongs to its table, which is named without the row
        ("第三条表第2行", {"第三条表": 2}, 2),
        ("第三条表第3行", {"第三条表": 1, "第三条表第3行": 2}, 2),
    ],
)
def test_a_judgment_holds_for_all_that_stands_below_the_clause(
    found: str, grades: dict[str, int], expected: int | None
):
    assert judged(found, **grades) == expected


def test_a_chunk_that_holds_a_judged_clause_whole_is_worth_as_much():
    document = policy()
    by_name = {clause.id.split("#")[1]: clause for clause in document.clauses}
    lead, item = by_name["第二条"], by_name["第二条(二)"]
    span = Span(lead.span.start, item.span.start + len(item.text.rstrip()))
    merged = Chunk("办法#第二条", document.id, lead.id, span.of(document.text), "", span, None)
    judgment = Judgment("办法.txt", "第二条(二)", 2)
    assert judgment_on(merged, document, [judgment]) == judgment
    assert judgment_on(replace(merged, span=Span(span.start, span.end - 4)), document, [judgment]) is None


def test_a_judged_clause_that_the_document_lost_is_told():
    document = policy()
    lost = Judgment("办法.txt", "第九条", 2)
    known = [Judgment("办法.txt", name, 2) for name in ("第一条", "第二条(一)", "第三条表")]
    assert unknown_clauses([*known, lost], document) == [lost]


def test_the_scores_of_a_question():
    two = tuple(Judgment("a.md", clause, 2) for clause in ("一", "二"))
    helps = Judgment("a.md", "三", 1)
    question = Question("q", "几天？", "drafter", "when", "")
    ranks = {two[0]: 2, two[1]: 6}
    outcome = Outcome(question, (*two, helps), (1, 2, 0, 0, 0, 2), "", ranks, 0.01)
    assert outcome.scores["MRR@10"] == 1 / 2, "what only helps is no answer"
    assert outcome.scores["recall@5"] == 1 / 2
    assert outcome.scores["P@1"] == 0
    assert 0.7 < outcome.scores["nDCG@10"] < 0.8


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents, one of them in two formats, and ``data`` beside them, which the first run fills."""
    folder = tmp_path_factory.mktemp("real") / "files"
    folder.mkdir()
    for name in (TALENT, FACTORY):
        shutil.copy(CORPUS / name, folder / name)
    (folder / "附_另存.md").write_text((CORPUS / TALENT).read_text("utf-8").replace("\n", "\n\n"), "utf-8")
    return folder


def run(files: Path, judgments: Path, keys: dict[str, str]) -> int:
    """Measures three questions of which the clauses ``keys`` are said to be the answers."""
    texts = {"q1": "云办〔2022〕15号 电子证书管几年", "q2": "租厂房补贴多少", "q3": "认定人才要走哪些程序"}
    rows = [{"id": id_, "text": text, "user": "drafter", "kind": "when", "note": "示例"} for id_, text in texts.items()]
    (judgments / "queries.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    (judgments / "qrels.tsv").write_text("".join(f"{id_}\t{key}\t2\n" for id_, key in keys.items()), "utf-8")
    options = [
        "--judgments",
        str(judgments),
        "--data",
        str(files.parent / "data"),
        "--json",
        str(judgments / "out.json"),
    ]
    return main([str(files), *options, "--worst", "1"])


KEYS = {"q1": f"{TALENT}#第六条", "q2": f"{FACTORY}#第三条", "q3": f"{FACTORY}#第六条"}  # that of q3 is no answer


def test_the_benchmark_tells_where_the_answer_stood(files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run(files, tmp_path, KEYS) == 0
    printed = capsys.readouterr().out
    assert "3 题，2 个文件" in printed
    assert "最差的 1 题\nq3（起草人员，时间：示例）认定人才要走哪些程序\n    首位：《" in printed
    out = json.loads((tmp_path / "out.json").read_text("utf-8"))
    # another format of the file that is judged was taken in later, and is the one that is searched
    assert out["results"]["q1"]["ranks"] == {f"{TALENT}#第六条": 1}
    assert out["results"]["q1"]["MRR@10"] == out["results"]["q2"]["MRR@10"] == 1 > out["results"]["q3"]["MRR@10"]
    assert out["by_kind"]["when"]["questions"] == out["by_user"]["drafter"]["questions"] == 3


def test_what_cannot_be_measured_is_told(files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(files / "没有")]) == 2
    assert "没有这个文件夹" in capsys.readouterr().err
    assert run(files, tmp_path, {**KEYS, "q3": f"{TALENT}#第六十条"}) == 1
    assert f"标注的条款在当前的解析结果里不存在：{TALENT}#第六十条" in capsys.readouterr().err
    assert run(files, tmp_path, {**KEYS, "q3": "别的.txt#第一条"}) == 2
    assert "标注所指的文件不在文件夹中，或未能收录" in capsys.readouterr().err
