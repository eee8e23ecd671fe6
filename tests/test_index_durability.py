"""Whatever happens to a process or to the derived folders, an acknowledged file is in the library and can be found."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from index.folders import OwnerLock
from index.library import Library
from index.query import Query
from tests.forked import Forker

WRITER = """
import sys
from pathlib import Path
from index.library import Library
from ingest.parse import document_from_text
from ingest.settings import Settings
first = int(sys.argv[2])
with Library.open(Settings(data=Path(sys.argv[1]))) as library:
    for serial in range(first, first + 10_000):
        items = "".join(f"（{n}）对第{serial}类企业给予补贴{serial}{i}万元。\\n" for i, n in enumerate("一二三四五六七八九十"))
        text = f"支持第{serial}类企业措施\\n示政办〔2023〕{serial}号\\n各区：\\n{items}2023年5月1日\\n"
        report = library.add_document(document_from_text(text), text.encode(), "text/plain")
        print(report.document_id, flush=True)
"""


def killed_writer(forked: Forker, data: Path, first: int, files: int, seconds: float, whole: bool = False) -> list[str]:
    """Ids that a process acknowledged before it was killed, ``seconds`` after its first ``files``."""
    writer = forked(WRITER, str(data), str(first))
    acknowledged = [writer.output.readline().strip() for _ in range(files)]
    time.sleep(seconds)
    return acknowledged + writer.end(whole=whole)


def chunks_of(library: Library, document_id: str) -> list[str]:
    serial = document_id.removeprefix("示政办〔2023〕").removesuffix("号")
    hits = library.search(Query(f"第{serial}类企业补贴", limit=20))
    return [hit.chunk.document_id for hit in hits]


def assert_whole(library: Library, expected: set[str]) -> None:
    """Every document is readable and found, and both indexes hold exactly the register's documents."""
    assert {card.id for card in library.documents()} >= expected
    assert library.notices() == ()
    for card in library.documents():
        assert library.document(card.id).text.encode() == library.original(card.id).content
        assert card.id in chunks_of(library, card.id)
    dense = library._follower.dense.index
    assert dense is not None
    kept = [id_ for ids, _, _ in dense._store.pages() for id_ in ids]
    assert {id_.partition("#")[0] for id_ in kept} == {card.id for card in library.documents()}
    wholes = {card.id for card in library.documents()}  # a vector of each file beside those of its chunks
    assert len(kept) == len(wholes) + sum(len(_chunk_ids(library, card.id)) for card in library.documents())


def _chunk_ids(library: Library, document_id: str) -> list[str]:
    from index.chunk import chunk

    return [part.id for part in chunk(library.document(document_id))]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9")
def test_kill_9_at_random_moments_loses_nothing_that_was_acknowledged(settings, forked):
    random.seed(9)
    acknowledged: set[str] = set()
    for run in range(2):
        moment = random.uniform(0, 0.1)  # a file takes 0.05 s: between two, or in the middle of the next
        acknowledged.update(killed_writer(forked, settings.data, run * 10_000 + 1, run * 3 + 1, moment, run == 1))
        with Library.open(settings) as library:
            library.catch_up()
            assert_whole(library, acknowledged)


def test_an_owner_that_died_is_succeeded_at_once(settings, forked):
    killed_writer(forked, settings.data, 1, 1, 0)
    lock = OwnerLock(settings.data / "owner.lock")
    assert lock.acquire()
    assert lock.left_open
    lock.release()
    assert lock.acquire()
    assert not OwnerLock(settings.data / "owner.lock").acquire()
    lock.release()
    again = OwnerLock(settings.data / "owner.lock")
    assert again.acquire()
    again.release()


def delete(folder: Path) -> None:
    shutil.rmtree(folder)


def write_garbage(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(os.urandom(3000))


def truncate(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"")


def replace_by_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("not a folder")


@pytest.mark.parametrize("name", ["lexical", "chroma"])
@pytest.mark.parametrize("damage", [delete, write_garbage, truncate, replace_by_a_file])
def test_a_damaged_index_is_built_again_from_the_register(settings, policy, name, damage):
    with Library.open(settings) as library:
        library.add_documents(policy(serial, f"对第{serial}类企业给予补贴。") for serial in range(1, 20))
        expected = {card.id for card in library.documents()}
    damage(settings.data / name)
    with Library.open(settings) as library:
        library.catch_up()
        assert_whole(library, expected)
        assert sorted(path.name for path in settings.data.iterdir() if path.is_dir()) == ["chroma", "lexical"]


def test_indexes_of_an_older_format_are_built_again(settings, policy):
    with Library.open(settings) as library:
        library.add_document(*policy(1, "对第1类企业给予补贴。"))
    marker = settings.data / "indexes.json"
    kept = json.loads(marker.read_text())
    marker.write_text(json.dumps({**kept, "format": 0}))
    (settings.data / "lexical" / "old-file").write_text("")
    with Library.open(settings) as library:
        library.catch_up()
        assert_whole(library, {"示政办〔2023〕1号"})
    assert json.loads(marker.read_text()) == kept
    assert not (settings.data / "lexical" / "old-file").exists()


def test_indexes_of_another_register_are_not_believed(settings, policy):
    with Library.open(settings) as library:
        library.add_documents(policy(serial, f"对第{serial}类企业给予补贴。") for serial in range(1, 9))
    for file in settings.data.glob("register.sqlite*"):
        file.unlink()
    with Library.open(settings) as library:
        assert library.search(Query("第3类企业补贴")) == ()
        library.add_document(*policy(3, "对第3类企业给予补贴。"))
        assert_whole(library, {"示政办〔2023〕3号"})


def test_after_removal_and_rebuild_no_file_holds_a_word_of_it(settings, policy, forked):
    with Library.open(settings) as library:
        library.add_documents(policy(serial, f"对第{serial}类企业给予补贴。") for serial in range(1, 9))
        removed = library.add_document(*policy(77, "误传的内部资料甲乙丙丁。", path="误传.txt")).document_id
        library.remove(removed)
    # In a process of its own, as people run it: Chroma writes memory that it never filled, with what the process had there.
    assert forked.module("index", "rebuild", environment={"POLICY_DATA": str(settings.data)}).rest()[-1] == "0"
    stored = {path.name: path.read_bytes() for path in settings.data.rglob("*") if path.is_file()}
    assert [name for name, content in stored.items() if "误传".encode() in content] == []
    # the change log keeps the id, so that an index that slept hears of the removal
    holding = {name for name, content in stored.items() if "〔2023〕77号".encode() in content}
    assert "register.sqlite" in holding
    assert holding <= {"register.sqlite", "data_level0.bin"}


def test_a_register_restored_from_a_backup_brings_its_indexes_back(settings, policy, tmp_path):
    with Library.open(settings) as library:
        library.add_document(*policy(1, "对第1类企业给予补贴。"))
    shutil.copy(settings.data / "register.sqlite", tmp_path / "backup")
    with Library.open(settings) as library:
        library.add_document(*policy(2, "对第2类企业给予补贴。"))
        library.remove("示政办〔2023〕1号")
    shutil.copy(tmp_path / "backup", settings.data / "register.sqlite")
    with Library.open(settings) as library:
        library.catch_up()
        assert [card.id for card in library.documents()] == ["示政办〔2023〕1号"]
        assert_whole(library, {"示政办〔2023〕1号"})


def test_what_another_process_adds_becomes_searchable_without_a_word_from_it(settings, policy, forked):
    with Library.open(settings) as library:
        text = policy(5, "对第5类企业给予补贴。")[1]
        source = settings.data.parent / "五.txt"
        source.write_bytes(text)
        said = forked.module("index", "add", str(source), environment={"POLICY_DATA": str(settings.data)}).rest()
        assert said[-1] == "0", said
        deadline = time.monotonic() + 30
        while not library.search(Query("第5类企业补贴")) and time.monotonic() < deadline:
            time.sleep(0.1)
        library.catch_up()
        assert_whole(library, {"示政办〔2023〕5号"})


def test_a_library_that_is_terminated_closes_in_order(settings, policy, forked):
    source = settings.data.parent / "文件"
    source.mkdir()
    for serial in range(60):
        (source / f"{serial}.txt").write_bytes(policy(serial, f"对第{serial}类企业给予补贴。")[1])
    child = forked.module("index", "add", str(source), environment={"POLICY_DATA": str(settings.data)})
    child.output.readline()
    said = child.end(signal.SIGTERM)
    assert said[-1] == "143" and len(said) < 60, "terminated in the middle"
    lock = OwnerLock(settings.data / "owner.lock")
    assert lock.acquire()
    assert not lock.left_open
    lock.release()
    with Library.open(settings) as library:
        library.catch_up()
        assert_whole(library, {card.id for card in library.documents()})
        assert library.documents()
