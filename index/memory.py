"""What this process keeps of the memory that it gave back."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress

# Objects, and rounds, between two searches for garbage: documents and measures are many small objects.
COLLECTED = 50_000, 20, 50
ARENAS = 4  # with 2 they wait for each other
_M_ARENA_MAX = -8  # malloc.h of glibc


def tune() -> None:
    """To be called before threads are started: garbage is looked for rarely, and threads share their memory.

    Else glibc keeps for each of eight threads a processor what they once had: a fifth of all (measured while files come in).
    """
    gc.set_threshold(*COLLECTED)
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another libc
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)
