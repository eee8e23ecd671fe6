"""Whether the graph files of Chroma are as a completed write left them.

Chroma writes them over in place every thousand vectors. A kill meanwhile leaves a mixture that it opens without complaint, and
then writes back as files of terabytes, or brings down the process at the next query (measured with chromadb 1.5.9: 7 of 8 kills).
So the state of the files is noted whenever they have not changed for a while; after a kill, another state than that is torn.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path

POLL_SECONDS = 0.2
REST_SECONDS = 0.5  # without a change, after which the files are complete
WRITTEN = (
    2e8  # bytes that Chroma writes in a second, at the least: it may prepare one file that long after it wrote another
)


class Settled:
    """The last complete state of the files of one Chroma folder, noted beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._note = folder.with_name(f"{folder.name}.settled.json")
        self._seen: list[list[str | int]] = []
        self._since = time.monotonic()
        self._noted: list[list[str | int]] | None = None

    def torn(self) -> bool:
        """The files are not as noted. To be asked where the last owner did not close them."""
        return self._states() != self._read()

    def trust(self) -> None:
        """Notes the files as they are: their last owner closed them, or there are none yet."""
        self._seen = self._states()
        self._write(self._seen)

    def look(self) -> None:
        """To be called every ``POLL_SECONDS``: notes the files once they have rested."""
        now = self._states()
        if now != self._seen:
            self._seen, self._since = now, time.monotonic()
        elif now != self._noted and time.monotonic() > self._since + REST_SECONDS + _bytes(now) / WRITTEN:
            self._write(now)

    def _states(self) -> list[list[str | int]]:
        """Path, bytes and time of the last change of each file; empty before Chroma has written any."""
        found: list[list[str | int]] = []
        for path in sorted(self._folder.glob("*/*")):
            with suppress(FileNotFoundError):
                state = path.stat()
                found.append([path.relative_to(self._folder).as_posix(), state.st_size, state.st_mtime_ns])
        return found

    def _read(self) -> list[list[str | int]]:
        with suppress(OSError, ValueError):
            return json.loads(self._note.read_text())
        return []

    def _write(self, states: list[list[str | int]]) -> None:
        """A note that cannot be written is written another time: until then the vectors are built again after a kill."""
        aside = self._note.with_suffix(".new")
        with suppress(OSError):
            aside.write_text(json.dumps(states))
            os.replace(aside, self._note)
            self._noted = states


def _bytes(states: list[list[str | int]]) -> int:
    return sum(int(size) for _, size, _ in states)
