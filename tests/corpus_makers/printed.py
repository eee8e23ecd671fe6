"""PDF and WPS, printed and saved by LibreOffice from Word files."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

from pypdf import PdfWriter

from tests.corpus_makers.letter import EMBEDDED_FONTS, OFFICE_FONTS, Letter
from tests.corpus_makers.source import FROZEN, Source


def as_pdf(source: Source) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return frozen_pdf(converted(Letter(source, EMBEDDED_FONTS).save(), "pdf", Path(folder)))


def as_wps(source: Source) -> bytes:
    """The binary format of Word 97, which is what WPS writes."""
    with tempfile.TemporaryDirectory() as folder:
        return converted(Letter(source, OFFICE_FONTS).save(), "doc", Path(folder)).read_bytes()


def converted(word: bytes, suffix: str, folder: Path) -> Path:
    """The Word file as LibreOffice saves it."""
    given = folder / "letter.docx"
    given.write_bytes(word)
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", suffix]
    subprocess.run([*command, "--outdir", str(folder), str(given)], check=True, timeout=180)
    return given.with_suffix(f".{suffix}")


def frozen_pdf(path: Path) -> bytes:
    """The same pages without the time of printing and the random file id."""
    writer = PdfWriter(clone_from=path)
    stamp = f"D:{FROZEN:%Y%m%d%H%M%S}Z"
    writer.metadata = {"/Title": writer.metadata["/Title"], "/CreationDate": stamp, "/ModDate": stamp}
    writer._ID = None
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
