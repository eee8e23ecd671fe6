"""Every hostile file ends in a clear message, within its limits, and the files beside it come in all the same."""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from ingest.corpus import FileReport, IngestReport
from ingest.settings import Settings
from tests.hostile_files import ARTICLE, OUTSIDE, Hostile, hostile_files

SOUND = ("aaa-first.txt", "zzz-last.txt")


@pytest.fixture(scope="module")
def hostiles() -> dict[str, Hostile]:
    return {hostile.name: hostile for hostile in hostile_files()}


@pytest.fixture(scope="module")
def batch(
    hostiles: dict[str, Hostile], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[IngestReport, Path, set[Path]]]:
    """All files taken in by one run, in a home of their own: (report, data folder, what else the run left behind)."""
    root = tmp_path_factory.mktemp("hostile")
    folder, temporary, elsewhere = root / "files", root / "tmp", root / "here"
    for made in (folder, temporary, elsewhere):
        made.mkdir()
    for name, hostile in hostiles.items():
        (folder / name).write_bytes(hostile.content)
    for name in SOUND:
        (folder / name).write_text(f"{name}\n{ARTICLE}\n", "utf-8")
    before, home = tempfile.tempdir, Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        tempfile.tempdir = None
        os.chdir(elsewhere)
        try:
            with Library.open(Settings(data=root / "data")) as library:
                report = library.add([folder])
        finally:
            os.chdir(home)
            tempfile.tempdir = before
    kept = {folder, root / "data", temporary, elsewhere}
    left = {path for path in root.rglob("*") if not any(path.is_relative_to(k) for k in (folder, root / "data"))} - kept
    yield report, root, left


def test_there_are_enough_of_them(hostiles):
    assert len(hostiles) >= 200


def test_the_batch_completes_and_the_sound_files_come_in(batch, hostiles):
    report, _, _ = batch
    reported = {
        Path(file.path.split(".zip/")[0] + ".zip" if ".zip/" in file.path else file.path).name for file in report.files
    }
    assert reported == {*hostiles, *SOUND}
    assert {Path(f.path).name for f in report.added} >= set(SOUND)


def test_each_ends_in_a_clear_message(batch, hostiles):
    """A refusal says what happened and what to do; what cannot be told from a sound file may come in, but not empty."""
    report, _, _ = batch
    own: dict[str, list[FileReport]] = {name: [] for name in (*hostiles, *SOUND)}
    for file in report.files:
        own[next(part for part in Path(file.path).parts if part in own)].append(file)
    wrong = [(h.name, h.reason, f) for h in hostiles.values() for f in own[h.name] or [None] if not is_clear(h, f)]
    assert wrong == []


def is_clear(hostile: Hostile, file: FileReport | None) -> bool:
    if file is None:
        return False
    if file.outcome == "failed":
        inner = re.search(r"Traceback|Error|Exception|0x[0-9a-f]{6}", file.message)
        return bool(re.search(r"[\u4e00-\u9fff]", file.message) and file.hint) and not inner
    return hostile.honest and bool(file.clauses)


def test_nothing_is_written_outside_the_data_folder(batch):
    _, root, left = batch
    assert left == set()
    assert not list(root.rglob(OUTSIDE)) and not Path("/tmp", OUTSIDE).exists()


def test_nothing_of_the_system_was_read(batch):
    _, root, _ = batch
    with Library.open(Settings(data=root / "data")) as library:
        for card in library.documents():
            assert "root:" not in library.document(card.id).text
