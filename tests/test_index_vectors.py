"""Vectors as a derived index: right neighbours, honest failures, the same in Chroma's folder, on its server and in Milvus."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import uuid
from pathlib import Path

import numpy as np
import pytest

from index import flat, vectors, vectors_store
from index.flat import FlatIndex
from index.static.embedding import StaticEmbedding
from index.vectors import VectorIndex, discard
from ingest.errors import EmbedderMismatch, IndexOutdated, StoreUnreachable

MODEL, DIMENSION = "StaticEmbedding:模型一", 160
MEASURES = ("一次性奖励", "贷款贴息", "房租补贴", "研发补助", "人才公寓", "上市辅导", "用地保障", "首台套保险")
TARGETS = ("高新技术企业", "专精特新企业", "制造业单项冠军", "科技型中小企业", "农业龙头企业", "外贸企业")


def texts(document: int) -> list[str]:
    return [
        f"对{target}给予{MEASURES[document % 8]}，最高{document * 10 + i}万元。" for i, target in enumerate(TARGETS)
    ]


def rows(*documents: int):
    model = StaticEmbedding()
    return [(f"文{d}", [f"文{d}#{i}" for i in range(6)], model.vectors(texts(d))) for d in documents]


def cosines(query: np.ndarray, documents) -> dict[str, float]:
    """The oracle: every cosine computed."""
    return {
        id_: float(row @ query) for _, ids, matrix in rows(*documents) for id_, row in zip(ids, matrix, strict=True)
    }


def assert_nearest(found: list[tuple[str, float]], query: np.ndarray, limit: int, documents) -> None:
    """``found`` are the best, with their cosines; texts that differ in a figure only may be equally near."""
    expected = cosines(query, documents)
    best = sorted(expected.values(), reverse=True)[:limit]
    np.testing.assert_allclose([score for _, score in found], best, atol=5e-5)
    np.testing.assert_allclose([expected[id_] for id_, _ in found], best, atol=5e-5)
    assert len({id_ for id_, _ in found}) == len(found)


@pytest.fixture(params=["folder", "chroma_server", "milvus_server"])
def place(request: pytest.FixtureRequest, tmp_path: Path):
    return tmp_path / "chroma" if request.param == "folder" else request.getfixturevalue(request.param)


@pytest.fixture
def register() -> str:
    return uuid.uuid4().hex  # tests that share a server must not share a register


@pytest.fixture
def index(place, register):
    opened = VectorIndex.open(place, register, MODEL, DIMENSION)
    yield opened
    opened.close()


QUERY = StaticEmbedding().vectors(["外贸企业贷款贴息最高多少万元"])[0]


def test_search_finds_what_comparing_with_everything_finds(index):
    index.apply(rows(*range(60)), [], 7)
    assert_nearest(index.search(QUERY.tolist(), 10), QUERY, 10, range(60))
    best = index.search(rows(3)[0][2][4].tolist(), 1)
    assert best[0][0] == "文3#4"
    assert best[0][1] == pytest.approx(1.0, abs=1e-5)


def narrowings(documents: int) -> list[list[int]]:
    """From one document to nearly all, those that the question is about among them or not."""
    return [[7], *([d for d in range(documents) if d % n == 1] for n in (30, 9, 4, 2)), list(range(1, documents))]


@pytest.mark.parametrize(
    "cheap", [0, 10_000], ids=["choose among the nearest first", "compare with all that is allowed"]
)
def test_a_narrowed_search_finds_what_comparing_with_everything_allowed_finds(index, monkeypatch, cheap):
    monkeypatch.setattr(vectors, "CHEAP", cheap)
    index.apply(rows(*range(90)), [], 7)
    for _ in ("asking Chroma", "from memory"):
        for allowed in narrowings(90):
            found = index.search(QUERY.tolist(), 10, {f"文{d}" for d in allowed})
            assert_nearest(found, QUERY, min(10, 6 * len(allowed)), allowed)
            assert {id_.partition("#")[0] for id_, _ in found} <= {f"文{d}" for d in allowed}
        index._reader.join()
    assert index._flat is not None
    assert index.search(QUERY.tolist(), 10, []) == []
    assert index.search(QUERY.tolist(), 10, ["从未有过"]) == []


def test_a_narrowed_search_sees_what_was_written_since_the_vectors_were_read(index):
    index.apply(rows(*range(30)), [], 1)
    index.search(QUERY.tolist(), 10, ["文3", "文4"])
    index._reader.join()
    _, ids, matrix = rows(5)[0]
    index.apply([("文3", ids[:2], matrix[:2]), *rows(40), ("空文", [], np.empty((0, 0), np.float32))], ["文4"], 2)
    found = index.search(QUERY.tolist(), 50, ["文3", "文4", "文40", "空文"])
    assert sorted(id_ for id_, _ in found) == sorted([*ids[:2], *rows(40)[0][1]])


@pytest.mark.parametrize(
    "kept_bytes", [0, 6 * DIMENSION * 2 * 3, 10**8], ids=["none brought together", "one kept", "all"]
)
def test_the_same_filter_sees_every_change_made_since_it_was_used(tmp_path, register, monkeypatch, kept_bytes):
    monkeypatch.setattr(flat, "KEPT_BYTES", kept_bytes)
    index = VectorIndex.open(tmp_path / "chroma", register, MODEL, DIMENSION)
    index.apply(rows(*range(30)), [], 1)
    index.search(QUERY.tolist(), 10, ["文3"])
    index._reader.join()
    _, ids, matrix = rows(3)[0]
    changes = [
        ([], [], [3, 4]),
        (rows(40), [], [3, 4, 40]),  # a new file
        ([], ["文4"], [3, 40]),  # one removed
        (rows(4), ["文40"], [3, 4]),  # one taken in again
    ]
    for change, (added, removed, expected) in enumerate(changes, 2):
        index.apply(added, removed, change)
        for _ in ("brought together", "kept"):
            found = index.search(QUERY.tolist(), 50, ["文3", "文4", "文40"])
            assert_nearest(found, QUERY, 50, expected)
            assert_nearest(index.search(QUERY.tolist(), 50, ["文4", "文5"]), QUERY, 50, {4, 5} & {5, *expected})
    index.apply([("文3", ids[:2], matrix[:2])], [], 9)  # one replaced by a shorter version
    found = index.search(QUERY.tolist(), 50, ["文3", "文40"])
    assert sorted(id_ for id_, _ in found) == sorted(ids[:2])
    index.close()


def test_vectors_brought_together_during_a_write_are_not_kept():
    def added():
        index.search(QUERY.tolist(), 50, both)  # by another thread, between forgetting and taking in
        yield 2, rows(2)[0][1], rows(2)[0][2]

    both = frozenset((1, 2))
    index = FlatIndex()
    index.replace([], [(1, rows(1)[0][1], rows(1)[0][2])])
    assert_nearest(index.search(QUERY.tolist(), 50, both), QUERY, 50, [1])
    index.replace([1], added())
    assert_nearest(index.search(QUERY.tolist(), 50, both), QUERY, 50, [2])


def test_vectors_that_were_read_while_others_were_written_are_not_used(index, monkeypatch):
    index.apply(rows(*range(30)), [], 1)
    read_pages = index._store.pages

    def pages_with_a_write_behind_them():
        for page in read_pages():
            index.apply(rows(50), ["文3"], 2)
            yield page

    monkeypatch.setattr(index._store, "pages", pages_with_a_write_behind_them)
    index.search(QUERY.tolist(), 10, ["文2"])
    index._reader.join()
    monkeypatch.undo()
    for _ in ("asking Chroma", "from memory"):
        assert_nearest(index.search(QUERY.tolist(), 10, ["文2", "文3", "文50"]), QUERY, 10, [2, 50])
        index._reader.join()


def test_a_collection_too_large_for_memory_is_narrowed_all_the_same(index, monkeypatch):
    monkeypatch.setattr(vectors, "MOST_BYTES", 60 * 6 * DIMENSION)
    index.apply(rows(*range(60)), [], 1)
    for allowed in narrowings(60):
        found = index.search(QUERY.tolist(), 10, {f"文{d}" for d in allowed})
        assert_nearest(found, QUERY, min(10, 6 * len(allowed)), allowed)
        index._reader.join()
    assert index._flat is None


@pytest.mark.parametrize("end", ["", "index.close()"], ids=["without closing", "closing first"])
def test_a_program_that_ends_while_vectors_are_read_ends_well(tmp_path, register, end):
    folder = tmp_path / "chroma"
    index = VectorIndex.open(folder, register, MODEL, DIMENSION)
    index.apply(rows(*range(200)), [], 1)
    index.close()
    program = f"""
from pathlib import Path
from index import vectors, vectors_store
vectors_store.PAGE = 1
index = vectors.VectorIndex.open(Path({str(folder)!r}), {register!r}, {MODEL!r}, {DIMENSION})
index.search([1.0] * {DIMENSION}, 10, ["文1"])
assert index._reader.is_alive()
{end}
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_closed_index_is_unreachable_and_no_programming_mistake(index):
    index.apply(rows(1), [], 1)
    index.close()
    for allowed in (None, ["文1"]):
        with pytest.raises(StoreUnreachable, match="已关闭"):
            index.search(QUERY.tolist(), 1, allowed)


def test_an_empty_index_answers_with_nothing(index):
    assert index.search(QUERY.tolist(), 10) == []
    assert index.search(QUERY.tolist(), 10, {"文1"}) == []
    assert (index.applied, index.count()) == (0, 0)


def test_applying_replaces_and_forgets(index):
    index.apply(rows(1, 2, 3), [], 3)
    _, ids, matrix = rows(1)[0]
    index.apply([("文1", ids[:2], matrix[:2]), ("空文", [], np.empty((0, 0), np.float32))], ["文3", "从未有过"], 5)
    assert index.count() == 2 + 6
    assert {id_.partition("#")[0] for id_, _ in index.search(QUERY.tolist(), 50)} == {"文1", "文2"}
    index.apply([], [], 6)
    assert (index.count(), index.applied) == (8, 6)


def test_applying_the_same_changes_twice_is_harmless(index):
    index.apply(rows(1, 2), ["文9"], 3)
    index.apply(rows(1, 2), ["文9"], 3)
    assert index.count() == 12


def test_what_was_applied_is_there_after_opening_again(place, register):
    with_vectors = VectorIndex.open(place, register, MODEL, DIMENSION)
    with_vectors.apply(rows(*range(20)), [], 42)
    with_vectors.close()
    again = VectorIndex.open(place, register, MODEL, DIMENSION)
    assert (again.applied, again.count()) == (42, 120)
    assert_nearest(again.search(QUERY.tolist(), 5), QUERY, 5, range(20))
    again.close()


def test_texts_without_words_have_a_vector_that_is_near_nothing(place, register):
    nothing = ("无字", ["无字#1"], np.zeros((1, DIMENSION), np.float32))
    for _ in range(2):
        index = VectorIndex.open(place, register, MODEL, DIMENSION)
        index.apply([nothing, *rows(1)], [], 1)
        for _ in ("asking Chroma", "from memory"):
            found = index.search(QUERY.tolist(), 10, ["无字", "文1"])
            assert dict(found)["无字#1"] == 0
            assert_nearest([hit for hit in found if hit[0] != "无字#1"], QUERY, 6, [1])
            index._reader.join()
        index.apply([nothing], ["文1"], 1)
        index.close()


def test_vectors_of_two_models_never_mix(index, place, register):
    index.apply(rows(1), [], 1)
    index.close()
    for model, dimension in (("StaticEmbedding:模型二", DIMENSION), (MODEL, 768)):
        with pytest.raises(EmbedderMismatch, match="模型一") as caught:
            VectorIndex.open(place, register, model, dimension)
        assert "rebuild" in caught.value.hint
    again = VectorIndex.open(place, register, MODEL, DIMENSION)
    assert again.count() == 6
    again.close()


def test_two_registers_share_a_store_and_see_nothing_of_each_other(index, place):
    if isinstance(place, Path):
        pytest.skip("a folder is for one program only")
    index.apply(rows(1), [], 1)
    other = VectorIndex.open(place, uuid.uuid4().hex, "StaticEmbedding:模型二", DIMENSION)
    assert other.search(QUERY.tolist(), 5) == []
    other.apply(rows(2), [], 9)
    assert {id_.partition("#")[0] for id_, _ in index.search(QUERY.tolist(), 50)} == {"文1"}
    other.close()


def test_discarding_forgets_every_model_of_this_register(place, register):
    index = VectorIndex.open(place, register, MODEL, DIMENSION)
    index.apply(rows(1), [], 1)
    index.close()
    discard(place, register)
    discard(place, register)  # nothing left to discard is no error
    other = VectorIndex.open(place, register, "StaticEmbedding:模型二", DIMENSION)
    assert (other.applied, other.count()) == (0, 0)
    other.close()


def write_garbage(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"garbage " * 500)


def write_garbage_into_segments(folder: Path) -> None:
    for segment in filter(Path.is_dir, folder.iterdir()):
        write_garbage(segment)


def remove_segments(folder: Path) -> None:
    """Chroma then answers without error, and with one vector only (measured)."""
    for segment in filter(Path.is_dir, folder.iterdir()):
        shutil.rmtree(segment)


def replace_by_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("not a folder")


@pytest.mark.parametrize("damage", [write_garbage, write_garbage_into_segments, remove_segments, replace_by_a_file])
def test_a_damaged_folder_is_noticed_when_it_is_opened_and_can_be_discarded(tmp_path, register, damage):
    folder = tmp_path / "chroma"
    index = VectorIndex.open(folder, register, MODEL, DIMENSION)
    index.apply(rows(*range(200)), [], 5)  # more than Chroma keeps in its log: the HNSW files are written
    index.close()
    damage(folder)
    with pytest.raises(IndexOutdated, match="重建") as caught:
        VectorIndex.open(folder, register, MODEL, DIMENSION)
    assert caught.value.hint
    discard(folder, register)
    fresh = VectorIndex.open(folder, register, MODEL, DIMENSION)
    assert (fresh.applied, fresh.count()) == (0, 0)
    fresh.close()


def test_a_server_that_is_not_there_is_named(register):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(StoreUnreachable, match=address) as caught:
        VectorIndex.open(address, register, MODEL, DIMENSION)
    assert "文字检索不受影响" in caught.value.hint


def test_a_server_that_never_answers_is_not_waited_for(register, monkeypatch):
    monkeypatch.setattr(vectors_store, "OPEN_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StoreUnreachable, match="没有应答"):
            VectorIndex.open(address, register, MODEL, DIMENSION)


def test_a_server_that_goes_away_fails_the_search_and_says_why(register, mortal_chroma_server):
    address, server = mortal_chroma_server
    index = VectorIndex.open(address, register, MODEL, DIMENSION)
    index.apply(rows(1), [], 1)
    assert index.search(QUERY.tolist(), 1)
    assert index.problem is None
    server.kill()
    server.wait()
    with pytest.raises(StoreUnreachable, match=address):
        index.search(QUERY.tolist(), 1)
    assert isinstance(index.problem, StoreUnreachable)
    with pytest.raises(StoreUnreachable, match=address):
        index.apply(rows(2), [], 2)
    assert index.applied == 1


def test_what_another_process_writes_is_seen(place, register):
    if isinstance(place, Path):
        pytest.skip("a folder is for one program only")
    writer = VectorIndex.open(place, register, MODEL, DIMENSION)
    writer.apply(rows(*range(5)), [], 1)
    reader = VectorIndex.open(place, register, MODEL, DIMENSION)
    assert_nearest(reader.search(QUERY.tolist(), 10, ["文1", "文7"]), QUERY, 6, [1])
    reader._reader.join()  # from here on it compares in memory
    writer.apply(rows(7), ["文1"], 2)
    reader.refresh()
    assert reader.applied == 2
    for _ in ("asking the store", "from memory"):
        assert_nearest(reader.search(QUERY.tolist(), 10, ["文1", "文7"]), QUERY, 6, [7])
        reader._reader.join()
    writer.close()
    reader.close()
