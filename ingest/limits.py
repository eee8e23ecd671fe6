"""How much one file may cost. Documents are hostile input: each limit stops a known attack before it hurts."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one file.

    input_bytes: size of the file itself. unpacked_bytes, unpack_ratio: what an archive (DOCX) may unpack to, in bytes
    and as a multiple of its size; the ratio counts only above ``ratio_floor`` bytes, small XML packs very well.
    seconds: wall time for reading and parsing. memory_bytes: address space of the reading process (POSIX only).
    characters: length of the text.
    """

    input_bytes: int = 100 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    unpack_ratio: int = 100
    ratio_floor: int = 20 * MEGABYTE
    seconds: float = 60.0
    memory_bytes: int = 1536 * MEGABYTE
    characters: int = 20_000_000
