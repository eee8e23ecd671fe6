"""How much one file may cost. Documents are hostile input: each limit stops a known attack before it hurts."""

from __future__ import annotations

import os
from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one file.

    input_bytes: size of the file itself. unpacked_bytes, unpack_ratio: what an archive (DOCX) may unpack to, in bytes
    and as a multiple of its size; the ratio counts only above ``ratio_floor`` bytes, small XML packs very well.
    archive_files, archive_bytes: files of an archive (ZIP) that are read at most, and what they may unpack to together.
    seconds: wall time for reading and parsing. memory_bytes: address space of the reading process (POSIX only).
    characters: length of the text. ocr_page_seconds, ocr_seconds: time for recognising one page, and all pages of a
    file; it does not count as ``seconds``. ocr_memory_bytes: address space on top of ``memory_bytes``, given when the
    first page is recognised.
    """

    input_bytes: int = 100 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    unpack_ratio: int = 100
    ratio_floor: int = 20 * MEGABYTE
    archive_files: int = 5_000
    archive_bytes: int = 2_000 * MEGABYTE
    seconds: float = 60.0
    memory_bytes: int = 1536 * MEGABYTE
    characters: int = 20_000_000
    ocr_page_seconds: float = 60.0
    ocr_seconds: float = 3600.0
    ocr_memory_bytes: int = 1536 * MEGABYTE


def allow_memory_for_recognition() -> None:
    """Raise the soft limit on address space to the hard one, which ``ingest.sandbox`` fixed at the start (POSIX)."""
    if os.name != "posix":
        return
    import resource  # only there on POSIX

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
