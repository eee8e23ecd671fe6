"""Chroma in a process of its own: what befalls either process costs nothing that was written."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from index import vectors, vectors_chroma, vectors_hosted, vectors_store
from index.folders import OwnerLock, lock_of
from index.library import Library
from index.query import Query
from index.settled import Settled
from index.vectors import VectorIndex
from index.vectors_chroma import ChromaStore
from ingest.errors import IndexOutdated, RegisterError, StoreUnreachable
from tests.forked import Forker
from tests.test_index_vectors import DIMENSION, MODEL, QUERY, assert_nearest, rows

REGISTER = "a" * 32
posix = pytest.mark.skipif(os.name != "posix", reason="signals")


@pytest.fixture
def index(tmp_path: Path):
    opened = VectorIndex.open(tmp_path / "chroma", REGISTER, MODEL, DIMENSION)
    opened.apply(rows(*range(60)), [], 7)
    yield opened
    opened.close()


def process_of(index: VectorIndex) -> int:
    return index._store._process._child.pid


def test_chroma_is_not_in_the_process_that_holds_the_texts(tmp_path, forked: Forker):
    """It writes memory that it never filled, with what the process had there."""
    program = """
import sys
from pathlib import Path
from index.library import Library
from ingest.settings import Settings
with Library.open(Settings(data=Path(sys.argv[1]))) as library:
    print(library.notices(), "chromadb" in sys.modules, flush=True)
"""
    assert forked(program, str(tmp_path)).rest() == ["() False"]


def await_rest(folder: Path) -> None:
    """Returns when its files have been noted as complete."""
    deadline = time.monotonic() + 10
    while Settled(folder).torn() and time.monotonic() < deadline:
        time.sleep(0.05)


@posix
def test_a_process_that_was_killed_is_told_and_what_it_had_written_is_there(index, tmp_path):
    await_rest(tmp_path / "chroma")
    os.kill(process_of(index), signal.SIGKILL)
    with pytest.raises(StoreUnreachable, match="意外结束") as caught:
        index.search(QUERY.tolist(), 10)
    assert "文字检索不受影响" in caught.value.hint
    assert index.ended
    index.close()
    again = VectorIndex.open(tmp_path / "chroma", REGISTER, MODEL, DIMENSION)
    assert (again.applied, again.count()) == (7, 360)
    assert_nearest(again.search(QUERY.tolist(), 10), QUERY, 10, range(60))
    again.close()


@posix
def test_a_process_that_hangs_costs_one_wait_and_is_killed_at_the_end(index, monkeypatch):
    monkeypatch.setattr(vectors_hosted, "SEARCH_SECONDS", 0.3)
    os.kill(process_of(index), signal.SIGSTOP)
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(StoreUnreachable, match=r"没有应答|仍未返回"):
            index.search(QUERY.tolist(), 10)
    assert time.monotonic() - began < 2, "twenty waits would be six seconds"
    os.kill(process_of(index), signal.SIGCONT)
    deadline = time.monotonic() + 10
    while index._store._process._overdue and time.monotonic() < deadline:
        time.sleep(0.01)
    assert_nearest(index.search(QUERY.tolist(), 10), QUERY, 10, range(60))
    monkeypatch.setattr(vectors_store, "OPEN_SECONDS", 0.3)
    os.kill(process_of(index), signal.SIGSTOP)
    index.close()
    assert index.ended


@posix
def test_a_folder_that_brings_its_process_down_when_it_is_opened_is_to_be_built_again(index, tmp_path, monkeypatch):
    index.close()

    def down(process: vectors_hosted.Process, what: str, arguments: tuple, seconds: float) -> object:
        if what == "nearest":
            os.kill(process._child.pid, signal.SIGKILL)
        return ask(process, what, arguments, seconds)

    ask = vectors_hosted.Process.ask
    monkeypatch.setattr(vectors_hosted.Process, "ask", down)
    with pytest.raises(IndexOutdated, match="重建"):
        VectorIndex.open(tmp_path / "chroma", REGISTER, MODEL, DIMENSION)


def test_another_program_waits_for_the_folder_and_says_so_when_it_does_not_become_free(index, tmp_path, monkeypatch):
    monkeypatch.setattr(vectors_store, "OPEN_SECONDS", 0.5)
    with pytest.raises(StoreUnreachable, match="另一个程序"):
        VectorIndex.open(tmp_path / "chroma", REGISTER, MODEL, DIMENSION)
    assert index.count() == 360


WRITER = """
import sys
from pathlib import Path
from index.vectors import VectorIndex
from tests.test_index_vectors import DIMENSION, MODEL, rows
index = VectorIndex.open(Path(sys.argv[1]), "a" * 32, MODEL, DIMENSION)
for number in range(1000):
    index.apply(rows(number), [], number + 1)
    print(number, flush=True)
"""


@posix
def test_when_the_program_is_killed_its_process_ends_the_write_and_closes_the_folder(tmp_path, forked: Forker):
    writer = forked(WRITER, str(tmp_path / "chroma"))
    for _ in range(5):
        writer.output.readline()
    written = 5 + len(writer.end(signal.SIGKILL))
    again = VectorIndex.open(tmp_path / "chroma", REGISTER, MODEL, DIMENSION)  # waits for it
    assert again.applied >= written
    assert again.count() >= again.applied * 6
    again.close()
    lock = OwnerLock(lock_of(tmp_path / "chroma"))
    assert lock.acquire()
    assert not lock.left_open
    lock.release()


@posix
def test_a_library_opens_its_vectors_again_after_their_process_was_killed(settings, policy):
    with Library.open(settings) as library:
        library.add_documents(policy(serial, f"对第{serial}类企业给予补贴。") for serial in range(1, 9))
        first = library._follower.dense.index
        assert first is not None
        os.kill(process_of(first), signal.SIGKILL)
        deadline = time.monotonic() + 30
        while library._follower.dense.index in (None, first) and time.monotonic() < deadline:
            assert library.search(Query("第3类企业补贴")), "the words answer meanwhile"
            time.sleep(0.05)
        library.catch_up()
        assert library.notices() == ()
        assert any(leg == "dense" for hit in library.search(Query("第3类企业补贴")) for leg, _ in hit.legs)


def test_a_large_collection_is_written_over_less_often(tmp_path, monkeypatch):
    """Chroma writes all of it each time: 0.15 s after every 1,000 vectors at 100,000, 1.5 s at a million."""

    def written(first: int) -> int:
        """How often, while 180 vectors come in."""
        store = ChromaStore.open(tmp_path / "chroma", REGISTER, MODEL, DIMENSION)
        seen = {0}
        for document, ids, matrix in rows(*range(first, first + 30)):
            store.add(ids, [int(document[1:])] * 6, matrix)
            seen.update(file.stat().st_mtime_ns for file in tmp_path.glob("chroma/*/data_level0.bin"))
        store.close()
        return len(seen) - 1

    ChromaStore.open(tmp_path / "chroma", REGISTER, MODEL, DIMENSION).close()
    monkeypatch.setattr(vectors_chroma, "LEAST_UNWRITTEN", 100)
    often = written(0)
    monkeypatch.setattr(vectors_chroma, "UNWRITTEN", 5.0)
    assert written(30) < often
    index = VectorIndex.open(tmp_path / "chroma", REGISTER, MODEL, DIMENSION)
    assert_nearest(index.search(QUERY.tolist(), 10), QUERY, 10, range(60))
    index.close()


def test_a_folder_that_has_become_twice_as_large_is_opened_anew(settings, policy):
    """Chroma writes as often as it was told at opening: a library filled in one go would be written over a thousand times."""
    with Library.open(settings) as library:
        first = library._follower.dense.index
        library.add_documents(policy(number) for number in range(3))
        assert library._follower.dense.index is first
        first._store._room = 3  # of 100,000
        library.add_document(*policy(3))
        library.add_document(*policy(4))
        again = library._follower.dense.index
        assert again is not first
        assert again._store._room > 90_000
        assert (library.notices(), library.status().legs[1].behind) == ((), 0)
        found = {hit.chunk.document_id for hit in library.search(Query("支持第1类企业的措施", limit=99))}
        assert found == {card.id for card in library.documents()}


@posix
def test_reading_all_vectors_outlasts_a_search_that_took_too_long(index, monkeypatch):
    """At a million vectors the first searches do."""
    monkeypatch.setattr(vectors_hosted, "SEARCH_SECONDS", 0.2)
    os.kill(process_of(index), signal.SIGSTOP)
    with pytest.raises(StoreUnreachable, match="没有应答"):
        index.search(QUERY.tolist(), 10)
    with pytest.raises(StoreUnreachable, match="仍未返回"):
        index.search(QUERY.tolist(), 10, ["文1"])  # begins to read
    os.kill(process_of(index), signal.SIGCONT)
    index._reader.join()
    assert index._flat is not None
    assert_nearest(index.search(QUERY.tolist(), 10, ["文1"]), QUERY, 6, [1])


@posix
def test_a_torn_folder_stays_suspect_until_it_is_discarded(index, tmp_path):
    """A program that is killed before it discards the folder must not make it look closed."""
    (tmp_path / "chroma" / "segment").mkdir()
    (tmp_path / "chroma" / "segment" / "data_level0.bin").write_bytes(b"half")
    os.kill(process_of(index), signal.SIGKILL)
    index.close()
    for _ in range(2):
        with pytest.raises(IndexOutdated, match="没有写完"):
            VectorIndex.open(tmp_path / "chroma", REGISTER, MODEL, DIMENSION)
    vectors.discard(tmp_path / "chroma", REGISTER)
    fresh = VectorIndex.open(tmp_path / "chroma", REGISTER, MODEL, DIMENSION)
    assert (fresh.applied, fresh.count()) == (0, 0)
    fresh.close()


def test_a_folder_that_cannot_be_deleted_can_be_tried_again(tmp_path):
    folder = tmp_path / "chroma"
    folder.mkdir()
    (tmp_path / "chroma.old").write_text("a file where the folder would be moved to")
    for _ in range(2):
        with pytest.raises(RegisterError, match="无法删除"):
            vectors.discard(folder, REGISTER)
    (tmp_path / "chroma.old").unlink()
    vectors.discard(folder, REGISTER)
    assert not folder.exists()
