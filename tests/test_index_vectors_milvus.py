"""Vectors in Milvus, beyond the laws of test_index_vectors.py: kills, damage, one folder, several processes, no Milvus at all."""

from __future__ import annotations

import random
import shutil
import sys
import threading
import time
import uuid
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import follow
from index.library import Library
from index.query import Query
from index.vectors import VectorIndex, discard
from ingest.errors import IndexOutdated, PolicyError, SettingsError, StoreUnreachable
from ingest.settings import Settings
from tests.milvus_lite import milvus_at
from tests.postgres import postgres  # noqa: F401 - a fixture
from tests.test_index_scale_out import SECONDS, name, start, within  # noqa: F401 - the third is a fixture

MODEL, DIMENSION = "模型一", 16


def rows(*documents: int):
    """Three chunks a document, with vectors that are their own and the same each time."""
    return [
        (f"文{d}", [f"文{d}#{i}" for i in range(3)], np.random.default_rng(d).standard_normal((3, 16)).astype("f4"))
        for d in documents
    ]


def assert_holds(index: VectorIndex, documents) -> None:
    """Every chunk of these documents is found by its own vector, and there is no other."""
    assert index.count() == 3 * len(documents)
    for _, ids, vectors in rows(*documents):
        for id_, vector in zip(ids, vectors, strict=True):
            best, cosine = index.search(vector.tolist(), 1)[0]
            assert (best, cosine) == (id_, pytest.approx(1, abs=1e-4))


@pytest.fixture
def register() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pytest.importorskip("milvus_lite", reason="Milvus is not installed: pip install 'wenhao[milvus]'")
    return tmp_path / "vectors.db"


def test_a_folder_holds_what_was_written_when_it_is_opened_again(folder, register):
    place = f"milvus://{folder}"
    index = VectorIndex.open(place, register, MODEL, DIMENSION)
    index.apply(rows(*range(20)), [], 5)
    with pytest.raises(StoreUnreachable, match="另一个程序") as caught:
        VectorIndex.open(place, register, MODEL, DIMENSION)
    assert "milvus-lite server" in str(caught.value)
    index.apply(rows(3), ["文4"], 6)
    index.close()
    again = VectorIndex.open(place, register, MODEL, DIMENSION)
    assert again.applied == 6
    assert_holds(again, [d for d in range(20) if d != 4])
    again.close()


def garbage(folder: Path, pattern: str) -> None:
    for file in folder.rglob(pattern):
        file.write_bytes(b"garbage " * 200)


def half(folder: Path, pattern: str) -> None:
    for file in folder.rglob(pattern):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def gone(folder: Path, pattern: str) -> None:
    for file in folder.rglob(pattern):
        file.unlink()


DAMAGES = [
    (garbage, "*.parquet"),
    (half, "*.parquet"),
    (garbage, "*.idx"),
    (half, "manifest.json*"),
    (gone, "schema.json"),  # what a kill leaves between making a folder and filling it
]


def test_damage_is_noticed_and_only_what_is_ours_is_thrown_away(folder, register):
    place, neighbour = f"milvus://{folder}", uuid.uuid4().hex
    for owner in (register, neighbour):
        index = VectorIndex.open(place, owner, MODEL, DIMENSION)
        index.apply(rows(*range(20)), [], 5)
        index.close()
    whole = shutil.copytree(folder, folder.with_name("whole"))
    for damage, pattern in DAMAGES:
        shutil.rmtree(folder)
        shutil.copytree(whole, folder)
        damage(next((folder / "collections").glob(f"*{register[:12]}*")), pattern)
        with pytest.raises(IndexOutdated, match="重建"):
            VectorIndex.open(place, register, MODEL, DIMENSION)
        discard(place, register)
    fresh = VectorIndex.open(place, register, MODEL, DIMENSION)
    assert (fresh.applied, fresh.count()) == (0, 0)
    fresh.close()
    other = VectorIndex.open(place, neighbour, MODEL, DIMENSION)
    assert (other.applied, other.count()) == (5, 60)
    other.close()


def test_a_file_in_place_of_the_folder_is_left_alone(folder, register):
    folder.write_text("来自 Milvus Lite 2，或别的什么")
    with pytest.raises(SettingsError, match=str(folder)):
        VectorIndex.open(f"milvus://{folder}", register, MODEL, DIMENSION)
    discard(f"milvus://{folder}", register)
    assert folder.is_file()


def legs(library: Library, text: str) -> set[str]:
    return {name for hit in library.search(Query(text)) for name, _ in hit.legs}


def test_a_library_on_milvus_forgets_what_is_removed_and_outlives_a_kill_while_it_writes(
    settings, policy, tmp_path, monkeypatch
):
    monkeypatch.setattr(follow, "RETRY_SECONDS", 0.1)
    with milvus_at(tmp_path / "milvus") as (address, server):
        library = Library.open(replace(settings, vectors=address))
        library.add_documents([policy(1, "给予房租补贴。"), policy(2, "给予贷款贴息。")])
        assert (library.notices(), "dense" in legs(library, "房租补贴")) == ((), True)
        index = library._follower.dense.index
        before = ids_of(index)
        library.remove("示政办〔2023〕1号")
        assert [id_ for id_ in ids_of(index) if "1号" in id_] == []
        library.add_document(*policy(1, "给予房租补贴。"))
        assert ids_of(index) == before
        killer = threading.Timer(random.uniform(0, 0.3), server.kill)
        killer.start()
        serials = range(3, 12)
        for serial in serials:
            library.add_document(*policy(serial, "给予上市辅导。"))
        killer.join()
        server.wait()
        begun = time.monotonic()
        assert legs(library, "房租补贴") == {"lexical"}
        assert time.monotonic() - begun < 5
        library.add_document(*policy(12, "给予人才公寓。"))
        assert any(address in notice for notice in library.notices())
        assert library.search(Query("人才公寓"))[0].chunk.document_id == "示政办〔2023〕12号"
    with milvus_at(tmp_path / "milvus", int(address.rpartition(":")[2])):
        for _ in range(100):
            time.sleep(0.2)
            library.catch_up()
            if "dense" in legs(library, "人才公寓") and not library.notices():
                break
        held = ids_of(library._follower.dense.index)
        assert (
            len(held) == len(set(held)) == len(before) * 6
        )  # as many chunks in each of the twelve as in the first two
        assert {f"示政办〔2023〕{serial}号" for serial in range(1, 13)} <= set(held)
        library.close()


def ids_of(index: VectorIndex) -> list[str]:
    """Ids of all rows of the store but the one that is no chunk."""
    index._store._client.flush(index._store._name)
    return sorted(id_ for ids, _, _ in index._store.pages() for id_ in ids)


def test_two_programs_on_postgresql_and_one_milvus_find_what_either_adds(postgres, milvus_server, start):  # noqa: F811
    database = postgres.new_database()
    a, b = start("a", database, milvus_server), start("b", database, milvus_server)
    assert a("add", 1) == name(1)
    within(30, lambda: b.finds(1))  # both open Milvus first, which takes seconds of computing
    assert b("add", 2) == name(2)
    within(SECONDS, lambda: a.finds(2))
    a("remove", name(1))
    within(SECONDS, lambda: name(1) not in b("search", 1))
    keeper, other = (a, b) if a("state")[2] else (b, a)
    assert keeper("add", 3) == name(3)
    keeper.process.end()  # the one that writes the vectors is killed: the other takes over
    assert other("add", 4) == name(4)
    within(SECONDS + 3, lambda: all(other.finds(serial) for serial in (2, 3, 4)))


def test_milvus_that_is_not_installed_is_named_and_leaves_the_words(settings, policy, monkeypatch):
    monkeypatch.delitem(sys.modules, "index.vectors_milvus", raising=False)
    monkeypatch.setitem(sys.modules, "llama_index.vector_stores.milvus", None)
    with Library.open(replace(settings, vectors="milvus://127.0.0.1:9")) as library:
        library.add_document(*policy(1, "给予房租补贴。"))
        assert any("pip install 'wenhao[milvus]'" in notice for notice in library.notices())
        assert library.search(Query("房租补贴"))[0].chunk.document_id == "示政办〔2023〕1号"
        with pytest.raises(PolicyError):
            library.rebuild()


@pytest.mark.parametrize(
    ("address", "usable"),
    [
        ("milvus://milvus.example:19530", True),
        ("milvus://milvus.example", True),  # the usual port
        ("milvus://milvus.example:19530/policies", True),  # a database
        ("milvus:///srv/vectors.db", True),
        ("milvus:///srv/vectors", False),  # pymilvus takes no other ending
        ("milvus://./vectors.db", False),  # relative to what
        ("milvus://milvus.example:x", False),
        ("milvus://name:password@milvus.example", False),  # it would be shown with each notice
        ("milvus://", False),
    ],
)
def test_an_address_of_milvus_is_taken_or_explained(address, usable):
    if usable:
        assert Settings.from_environment({"POLICY_VECTORS": address}).vectors == address
    else:
        with pytest.raises(SettingsError, match="POLICY_VECTORS") as caught:
            Settings.from_environment({"POLICY_VECTORS": address})
        assert "milvus://主机:端口" in caught.value.hint
