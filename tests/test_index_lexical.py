"""tantivy as a derived index: right order, all or nothing, one writer, many readers, damage noticed."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from index import analyzer, lexical
from index.chunk import chunk
from index.lexical import LexicalIndex, key_of
from ingest.document import PolicyDocument
from ingest.errors import IndexOutdated, RegisterBusy
from ingest.parse import document_from_text

FARM = "第一条　新建大棚每亩补助一万元。\n第二条　购买农机具另行补贴。\n"
TALENT = "第一条　硕士每月租房补贴1200元。\n第二条　博士购房补助20万元。\n第三条　子女入学由教育局安排。\n"


def policy(document_id: str, text: str, title: str = "") -> PolicyDocument:
    return document_from_text(
        text, title=title or f"{document_id}办法", path=f"{document_id}.txt", document_id=document_id
    )


def put(index: LexicalIndex, change: int, *documents: PolicyDocument, removed: tuple[str, ...] = ()) -> None:
    index.apply([(document, chunk(document)) for document in documents], removed, change)


def terms(text: str):
    return [("bigrams", term, 1.0) for term in dict.fromkeys(analyzer.bigrams(text))]


def texts(index: LexicalIndex, question: str, **narrowed) -> list[str]:
    found = index.clauses(terms(question), 10, **narrowed)
    return [c.text for c in index.load([f.key for f in found])]


@pytest.fixture
def index(tmp_path: Path):
    opened = LexicalIndex.open(tmp_path / "lexical", write=True)
    put(opened, 1, policy("农业", FARM), policy("人才", TALENT))
    yield opened
    opened.close()


def test_the_clause_with_the_words_comes_first_and_is_what_was_put_in(index: LexicalIndex):
    found = index.clauses(terms("博士购房补助"), 10)
    assert index.load([found[0].key]) == [c for c in chunk(policy("人才", TALENT)) if "博士" in c.text]
    assert found[0].document == key_of("人才")
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)


def test_scores_are_bm25_of_the_clauses(index: LexicalIndex):
    """Oracle: the formula, with k1 = 1.2 and b = .75, over the clauses that were put in."""
    bags = [
        Counter(analyzer.bigrams(f"{c.context}\n{c.text}"))
        for document in (policy("农业", FARM), policy("人才", TALENT))
        for c in chunk(document)
    ]
    average = sum(bag.total() for bag in bags) / len(bags)

    def bm25(bag: Counter[str]) -> float:
        total = 0.0
        for _, term, _ in terms("租房补贴"):
            containing = sum(term in other for other in bags)
            idf = math.log(1 + (len(bags) - containing + 0.5) / (containing + 0.5))
            length = 1.2 * (0.25 + 0.75 * bag.total() / average)
            total += idf * bag[term] * 2.2 / (bag[term] + length)
        return total

    expected = sorted((s for bag in bags if (s := bm25(bag)) > 0), reverse=True)
    assert [f.score for f in index.clauses(terms("租房补贴"), 10)] == pytest.approx(expected, rel=0.02)


def test_a_document_is_found_by_words_of_different_clauses(index: LexicalIndex):
    assert next(iter(index.documents(terms("博士子女入学租房"), 10))) == key_of("人才")


def test_search_can_be_narrowed_to_documents_and_articles(index: LexicalIndex):
    assert texts(index, "补贴", documents={key_of("农业")}) == ["第二条　购买农机具另行补贴。"]
    assert texts(index, "补贴", documents=set()) == []
    assert texts(index, "补助", articles=["第2条"]) == ["第二条　博士购房补助20万元。"]


def test_narrowing_does_not_change_scores(index: LexicalIndex):
    everywhere = {f.key: f.score for f in index.clauses(terms("租房补贴"), 10)}
    narrowed = {f.key: f.score for f in index.clauses(terms("租房补贴"), 10, documents={key_of("人才")})}
    assert narrowed
    assert narrowed == {key: everywhere[key] for key in narrowed}


@pytest.mark.parametrize("limit", [1, 2, 5])
@pytest.mark.parametrize("allowed", [("农业",), ("人才",), ("农业", "人才"), ("人才", "从未有过")])
def test_choosing_among_the_best_finds_what_leaving_out_the_others_finds(index, monkeypatch, limit, allowed):
    keys = {key_of(document_id) for document_id in allowed}
    found = []
    for wide in (0.0, 9.0):
        monkeypatch.setattr(lexical, "WIDE", wide)
        asked = terms("每月购房租房补贴")
        found.append((index.clauses(asked, limit, documents=keys), index.documents(asked, limit, documents=keys)))
    assert found[0] == found[1]
    assert found[0][0]


def test_given_chunks_are_found_whatever_their_words_and_without_a_score(index: LexicalIndex):
    keys = {key_of("农业#第一条"), key_of("人才#第三条")}
    found = index.found({*keys, key_of("没有#第一条")})
    assert {(f.key, f.score) for f in found} == {(key, 0.0) for key in keys}
    assert index.found(()) == []
    assert {f.document for f in found} == {key_of("农业"), key_of("人才")}


def test_chunks_come_in_the_order_asked_and_unknown_ids_are_left_out(index: LexicalIndex):
    ids = ["人才#第三条", "没有#第一条", "农业#第二条"]
    assert [c.id for c in index.chunks(ids)] == ["人才#第三条", "农业#第二条"]
    assert index.chunks([]) == []


def test_a_new_version_replaces_the_old_words(index: LexicalIndex):
    put(index, 2, policy("农业", "第一条　奖励渔业养殖。\n"))
    assert texts(index, "大棚") == []
    assert texts(index, "渔业") == ["第一条　奖励渔业养殖。"]
    assert key_of("农业") not in index.documents(terms("大棚"), 10)


def test_a_removed_document_is_found_by_nothing(index: LexicalIndex):
    put(index, 2, removed=("农业",))
    assert texts(index, "大棚") == []
    assert key_of("农业") not in index.documents(terms("大棚补助"), 10)
    assert index.chunks(["农业#第一条"]) == []
    assert texts(index, "博士")


def test_the_last_change_is_remembered_when_opened_again(tmp_path: Path):
    folder = tmp_path / "lexical"
    index = LexicalIndex.open(folder, write=True)
    assert index.applied == 0
    put(index, 41, policy("农业", FARM))
    index.close()
    again = LexicalIndex.open(folder, write=False)
    assert again.applied == 41
    assert texts(again, "大棚") == ["第一条　新建大棚每亩补助一万元。"]


def test_a_batch_that_fails_halfway_leaves_nothing(index: LexicalIndex):
    def failing():
        yield policy("渔业", "第一条　养鱼。\n"), chunk(policy("渔业", "第一条　养鱼。\n"))
        raise RuntimeError("the register went away")

    with pytest.raises(RuntimeError, match="went away"):
        index.apply(failing(), ["农业"], 2)
    assert index.applied == 1
    assert texts(index, "大棚") and not texts(index, "养鱼")


def test_a_reader_sees_what_the_writer_commits_later(tmp_path: Path):
    writer = LexicalIndex.open(tmp_path / "lexical", write=True)
    reader = LexicalIndex.open(tmp_path / "lexical", write=False)
    assert texts(reader, "大棚") == []
    put(writer, 1, policy("农业", FARM))
    assert (texts(reader, "大棚"), reader.applied) == (["第一条　新建大棚每亩补助一万元。"], 1)
    writer.close()


def test_a_second_writer_is_told_that_the_index_is_busy(tmp_path: Path):
    writer = LexicalIndex.open(tmp_path / "lexical", write=True)
    with pytest.raises(RegisterBusy):
        LexicalIndex.open(tmp_path / "lexical", write=True)
    writer.close()
    LexicalIndex.open(tmp_path / "lexical", write=True).close()


def test_a_reader_of_an_index_that_was_never_written_is_told_so(tmp_path: Path):
    with pytest.raises(IndexOutdated) as refusal:
        LexicalIndex.open(tmp_path / "lexical", write=False)
    assert refusal.value.hint


DAMAGE = {
    "a folder is gone": lambda folder: shutil.rmtree(folder / "clauses"),
    "meta.json is cut off": lambda folder: (folder / "documents" / "meta.json").write_text("{"),
    "something else lies there": lambda folder: (shutil.rmtree(folder / "documents"), (folder / "documents").write_text("")),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("write", [True, False], ids=["writer", "reader"])
def test_a_damaged_index_says_that_it_must_be_rebuilt(index: LexicalIndex, tmp_path: Path, damage, write: bool):
    index.close()
    damage(tmp_path / "lexical")
    with pytest.raises(IndexOutdated):
        LexicalIndex.open(tmp_path / "lexical", write=write)


def test_an_index_made_with_another_dictionary_must_be_rebuilt(index: LexicalIndex, tmp_path: Path, monkeypatch):
    index.close()
    monkeypatch.setattr(analyzer, "fingerprint", lambda: "another")
    with pytest.raises(IndexOutdated):
        LexicalIndex.open(tmp_path / "lexical", write=False)
    with pytest.raises(IndexOutdated):
        LexicalIndex.open(tmp_path / "lexical", write=True)
    monkeypatch.undo()
    LexicalIndex.open(tmp_path / "lexical", write=True).close()  # the refusal left no lock behind


def test_a_writer_killed_before_the_commit_leaves_the_last_commit(index: LexicalIndex, tmp_path: Path):
    index.close()
    code = (
        "import os, sys; from pathlib import Path; from index.lexical import LexicalIndex; from index.chunk import chunk\n"
        "from ingest.parse import document_from_text\n"
        "def killed():\n"
        "    d = document_from_text('第一条　养鱼。', title='渔业', document_id='渔业')\n"
        "    yield d, chunk(d)\n"
        "    os.kill(os.getpid(), 9)\n"
        "LexicalIndex.open(Path(sys.argv[1]), write=True).apply(killed(), ['农业'], 2)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "lexical")], env=environment, check=False)
    assert done.returncode == -9
    again = LexicalIndex.open(tmp_path / "lexical", write=True)
    assert again.applied == 1
    assert texts(again, "大棚") and not texts(again, "养鱼")
    again.close()


NAMED = [
    (("示政办〔2024〕5号",), (), "own number"),
    (("示发〔202x〕12号",), (), "a masked number by its printed form"),
    ((), ("示例区促进制造业高质量发展若干政策",), "the whole title"),
    ((), ("制造业高质量发展若干政策",), "a part of the title"),
    ((), ("示例区关于促进制造业高质量发展的若干政策",), "关于 and 的 added"),
]


@pytest.mark.parametrize(("numbers", "titles", "reason"), NAMED, ids=[n[2] for n in NAMED])
def test_a_document_is_known_by_its_number_or_title(tmp_path: Path, numbers, titles, reason: str):
    number = "示发〔202x〕12号" if "masked" in reason else "示政办〔2024〕5号"
    title = "示例区促进制造业高质量发展若干政策"
    text = f"示例区人民政府办公室关于印发《{title}》的通知\n{number}\n各乡镇人民政府：\n现印发给你们。\n第一条　略。\n"
    index = LexicalIndex.open(tmp_path / "named", write=True)
    put(
        index,
        1,
        policy("制造", text, title),
        policy("服务", "第一条　按照示政办〔2024〕5号执行。\n", "示例区促进服务业发展若干政策"),
    )
    assert index.named(numbers, titles, 5) == [key_of("制造")]
    index.close()


def test_front_and_back_matter_is_marked(tmp_path: Path):
    text = f"某区办法\n各乡镇人民政府：\n现印发给你们。\n{FARM}"
    index = LexicalIndex.open(tmp_path / "margins", write=True)
    put(index, 1, policy("农业", text))
    margins = {f.key: f.margin for f in index.clauses(terms("乡镇人民政府大棚"), 10)}
    assert margins[key_of("农业#第一条")] is False
    assert True in margins.values()
    index.close()


def test_a_commit_while_a_search_takes_its_view_is_seen_by_the_next(tmp_path):
    index = LexicalIndex.open(tmp_path / "lexical", write=True)
    put(index, 1, policy("a", "给予一次性奖励。"))
    store, real = index._documents, index._documents._index

    class Busy:
        """The index, in which somebody commits between the view that a search takes and its note of it."""

        def __getattr__(self, name: str) -> object:
            return getattr(real, name)

        def reload(self) -> None:
            real.reload()
            store._index = real
            put(index, 2, policy("b", "给予一次性奖励。"))

    store._index = Busy()
    before = store.count()
    assert store.count() == before + 1
    index.close()
