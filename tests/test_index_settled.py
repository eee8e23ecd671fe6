"""A folder of Chroma that was being written when its owner was killed is not opened, however whole it looks."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from index.library import Library
from index.query import Query
from index.settled import Settled


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A folder with one graph file, as Chroma has it after a thousand vectors."""
    (tmp_path / "chroma" / "segment").mkdir(parents=True)
    (tmp_path / "chroma" / "segment" / "data_level0.bin").write_bytes(b"0" * 100)
    return tmp_path / "chroma"


def rested(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks until the files have rested long enough to be noted."""
    settled = Settled(graph)
    for clock in (0.0, 1.0, 4.0):
        monkeypatch.setattr("index.settled.time.monotonic", lambda clock=clock: clock)
        settled.look()


def overwrite(file: Path) -> None:
    """In place, with as many bytes."""
    before = file.stat()
    with file.open("r+b") as opened:
        opened.write(b"1" * 50)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1))


def test_files_that_have_rested_are_complete(graph, monkeypatch):
    rested(graph, monkeypatch)
    assert not Settled(graph).torn()


CHANGES = [
    (overwrite, "overwritten in place: as long as before"),
    (lambda file: file.write_bytes(b"0" * 70), "cut off"),
    (lambda file: file.with_name("link_lists.bin").write_bytes(b""), "a further file has been begun"),
    (lambda file: file.unlink(), "gone"),
]


@pytest.mark.parametrize(("change", "reason"), CHANGES, ids=[reason for _, reason in CHANGES])
def test_any_later_change_that_has_not_rested_makes_them_suspect(graph, monkeypatch, change, reason):
    rested(graph, monkeypatch)
    change(graph / "segment" / "data_level0.bin")
    Settled(graph).look()  # sees it, and may have seen half of it
    assert Settled(graph).torn()


def test_a_note_that_is_garbage_is_no_reason_to_believe_the_files(graph, monkeypatch):
    rested(graph, monkeypatch)
    graph.with_name("chroma.settled.json").write_text("{")
    assert Settled(graph).torn()


def test_without_any_graph_file_there_is_nothing_to_be_torn(tmp_path):
    assert not Settled(tmp_path / "chroma").torn()


def test_after_a_kill_amid_a_write_of_vectors_they_are_made_again_and_all_is_found(settings, policy, tmp_path):
    with Library.open(settings) as library:
        library.add_document(*policy(1, "对企业给予奖励。"))
        (document_id,) = (card.id for card in library.documents())
        killed = Path(shutil.copytree(settings.data, tmp_path / "killed"))  # as it lies there while its owner lives
    (segment,) = (path for path in (killed / "chroma").iterdir() if path.is_dir())
    (segment / "data_level0.bin").write_bytes(b"half a graph")
    with Library.open(type(settings)(data=killed)) as library:
        library.catch_up()
        assert library.notices() == ()
        hits = library.search(Query("奖励"))
        assert {leg for hit in hits for leg, _ in hit.legs} >= {"lexical", "dense"}
        assert {hit.chunk.document_id for hit in hits} == {document_id}
        assert not (segment / "data_level0.bin").exists()
