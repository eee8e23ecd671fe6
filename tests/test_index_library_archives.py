"""A ZIP given to the library: a report for each file in it, and each file by itself in the library."""

from __future__ import annotations

import io
import zipfile

import pytest

from ingest.errors import PolicyError


def test_every_file_of_an_archive_is_reported_found_and_removed_by_itself(library, tmp_path, policy):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for serial in (1, 2):
            archive.writestr(f"政策/{serial}.txt", policy(serial, f"给予第{serial}类企业房租补贴。")[1])
        archive.writestr("政策/坏.pdf", b"%PDF-1.7 broken")
        archive.writestr("__MACOSX/._1.txt", b"x")
    (tmp_path / "汇编.zip").write_bytes(target.getvalue())
    heard = []
    report = library.add([tmp_path / "汇编.zip"], on_file=lambda file, done, total: heard.append((done, total)))
    folder = tmp_path.as_posix()
    assert [(file.path, file.outcome) for file in report.files] == [
        (f"{folder}/汇编.zip/政策/1.txt", "added"),
        (f"{folder}/汇编.zip/政策/2.txt", "added"),
        (f"{folder}/汇编.zip/政策/坏.pdf", "failed"),
    ]
    assert heard == [(1, 3), (2, 3), (3, 3)]
    first, second = (file.document_id for file in report.files[:2])
    library.remove(first)
    assert [card.id for card in library.documents()] == [second]
    with pytest.raises(PolicyError):
        library.document(first)
    assert library.original(second).content == policy(2, "给予第2类企业房租补贴。")[1]
