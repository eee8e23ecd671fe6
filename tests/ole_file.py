"""OLE compound files, as old Office and WPS write them: the smallest that hold the given streams."""

from __future__ import annotations

import struct

SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole_file(**streams: bytes) -> bytes:
    """``streams``: name → content, padded to the 4,096 bytes from which on a stream has sectors of its own."""
    padded = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    entries = [_entry("Root Entry", 5, child=1 if padded else _FREE)]
    table, sectors = [_TABLE, _END], b""
    for place, (name, content) in enumerate(padded.items(), start=1):
        first, count = len(table), -(-len(content) // SECTOR)
        table += [*range(first + 1, first + count), _END]
        sectors += content.ljust(count * SECTOR, b"\0")
        entries.append(
            _entry(name, 2, right=place + 1 if place < len(padded) else _FREE, start=first, size=len(content))
        )
    assert len(entries) <= 4 and len(table) <= SECTOR // 4, "one sector each for the directory and the table"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    return (
        header
        + struct.pack(f"<{SECTOR // 4}I", *table, *[_FREE] * (SECTOR // 4 - len(table)))
        + b"".join(entries).ljust(SECTOR, b"\0")
        + sectors
    )


def _entry(name: str, kind: int, child: int = _FREE, right: int = _FREE, start: int = _END, size: int = 0) -> bytes:
    stored = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(stored), kind, 1, _FREE, right, child)
    return stored.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)
