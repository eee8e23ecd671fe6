"""The sample files of ``corpus/``, and which of them cannot be read on this machine."""

from __future__ import annotations

import csv
from pathlib import Path

from ingest.readers import ocr, office

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
ROWS = tuple(csv.DictReader((CORPUS / "manifest.csv").read_text("utf-8-sig").splitlines()))


def missing(file: str) -> str:
    """What reading the sample needs and this machine lacks; empty where it can be read."""
    if file.endswith(".wps") and office.find_program() is None:
        return "LibreOffice is not installed: nothing reads .wps"
    if "扫描件" in file and not ocr.available():
        return "the extra [ocr] is not installed: nothing reads scans"
    return ""


UNREADABLE = frozenset(row["file"] for row in ROWS if missing(row["file"]))
