"""Old office files (.doc .xls .ppt, and what WPS makes): OLE compound files. Which streams they hold, and passwords.

After [MS-CFB]; only the directory and the first bytes of a stream are read.
"""

from __future__ import annotations

import struct

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
_END = 0xFFFFFFFA  # from here on: no sector, but the end of a chain, a free place
_STREAM = 2
# A directory of a real file has a few hundred entries.
_MAX_SECTORS = 4096
_MAX_ENTRIES = 20_000
# [MS-DOC] 2.5.2: the word at offset 10 of the file information block; bit 8 says that the text is encrypted.
_FIB_FLAGS, _FIB_ENCRYPTED = 10, 0x0100
# [MS-XLS] 2.4.117: FilePass, among the first records of an encrypted workbook.
_FILE_PASS = 0x2F
_SEARCHED = 4096


def streams_of(content: bytes) -> dict[str, bytes]:
    """The streams at the top level with their first bytes (up to 4096). Empty where the directory cannot be followed."""
    try:
        return _Compound(content).streams()
    except (struct.error, IndexError, ValueError):
        return {}


def has_password(found: dict[str, bytes]) -> bool:
    """A Word text or an Excel workbook that is encrypted in the old way."""
    word = found.get("WordDocument", b"")
    if len(word) > _FIB_FLAGS + 2 and struct.unpack_from("<H", word, _FIB_FLAGS)[0] & _FIB_ENCRYPTED:
        return True
    workbook = found.get("Workbook", found.get("Book", b""))
    place = 0
    while place + 4 <= len(workbook):
        record, size = struct.unpack_from("<HH", workbook, place)
        if record == _FILE_PASS:
            return True
        place += 4 + size
    return False


class _Compound:
    def __init__(self, content: bytes) -> None:
        self._content = content
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise ValueError(shift)
        self._size = 1 << shift
        (self._directory,) = struct.unpack_from("<I", content, 48)
        (self._cutoff,) = struct.unpack_from("<I", content, 56)
        self._tables = self._tables_listed()

    def streams(self) -> dict[str, bytes]:
        directory = self._chain(self._directory, _MAX_SECTORS * self._size)
        entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
        root = entries[0]
        small = self._chain(struct.unpack_from("<I", root, 116)[0], _MAX_SECTORS * self._size)
        found = {}
        for entry in self._top(entries):
            length = min(struct.unpack_from("<H", entry, 64)[0], 64)
            name = entry[: max(length - 2, 0)].decode("utf-16-le", errors="replace")
            start, size = struct.unpack_from("<II", entry, 116)
            if entry[66] == _STREAM:
                wanted = min(size, _SEARCHED)
                found[name] = self._chain(start, wanted) if size >= self._cutoff else self._small(small, start, wanted)
        return found

    def _top(self, entries: list[bytes]) -> list[bytes]:
        """Children of the root: a binary tree of left (68), right (72); each entry once, whatever the file says."""
        waiting, seen = [struct.unpack_from("<I", entries[0], 76)[0]], set[int]()
        while waiting and len(seen) < _MAX_ENTRIES:
            index = waiting.pop()
            if index < len(entries) and index not in seen:
                seen.add(index)
                waiting.extend(struct.unpack_from("<II", entries[index], 68))
        return [entries[index] for index in sorted(seen)]

    def _tables_listed(self) -> list[int]:
        """Sectors of the allocation table: 109 in the header, more (files over 7 MB) in sectors of their own."""
        listed = list(struct.unpack_from("<109I", self._content, 76))
        (further,) = struct.unpack_from("<I", self._content, 68)
        for _ in range(_MAX_SECTORS):
            if further >= _END:
                break
            *more, further = struct.unpack_from(f"<{self._size // 4}I", self._content, (further + 1) * self._size)
            listed += more
        return [sector for sector in listed if sector < _END]

    def _chain(self, sector: int, limit: int) -> bytes:
        """Bytes of the sectors that follow one another from ``sector`` on, up to ``limit``."""
        pieces = []
        while sector < _END and len(pieces) * self._size < limit:
            start = (sector + 1) * self._size
            pieces.append(self._content[start : start + self._size])
            sector = self._next(sector)
        return b"".join(pieces)[:limit]

    def _next(self, sector: int) -> int:
        table, place = divmod(sector, self._size // 4)
        (following,) = struct.unpack_from("<I", self._content, (self._tables[table] + 1) * self._size + place * 4)
        return following

    def _small(self, container: bytes, start: int, size: int) -> bytes:
        """A stream below the cutoff lies in sectors of 64 bytes inside the root's stream; its first ones adjoin as a rule."""
        return container[start * 64 : start * 64 + size]
