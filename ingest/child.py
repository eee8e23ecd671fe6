"""A Python process of our own at the other end of two pipes. Messages are bytes with an eight-byte length before them.

A plain subprocess, not ``multiprocessing``: the start method ``spawn`` would import the parent's main module (the whole page)
again.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

_LENGTH = struct.Struct(">Q")


def start(module: str) -> subprocess.Popen[bytes]:
    """``python -m module``, with pipes. It should end when its input does: that is how it hears of its parent's death."""
    root = str(Path(__file__).resolve().parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        # Ctrl-C is for the parent, which then closes the pipe; no console window on Windows.
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def pipes() -> tuple[BinaryIO, BinaryIO]:
    """For the child: its requests and its replies, between which nothing gets that a library prints."""
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return requests, replies


def write(pipe: BinaryIO, message: bytes) -> None:
    """Raises OSError where nobody reads."""
    pipe.write(_LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def read(pipe: BinaryIO) -> bytes:
    """Raises EOFError where nobody writes any more."""
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    return _exactly(pipe, length)


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    received = pipe.read(size)
    if len(received) < size:
        raise EOFError
    return received
