"""Processes of their own that start in a moment: one process imports the library and is forked for each of them.

For tests that kill a process or need what another process did. That every command starts from nothing is told elsewhere.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TextIO

ROOT = Path(__file__).resolve().parents[1]

FORKER = """
import json, os, signal, sys
import index.library, qa.feedback

signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets them when they end
for line in sys.stdin:
    task = json.loads(line)
    if os.fork():
        continue
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.close(0)
    for number in (1, 2):
        os.dup2(os.open(task["output"], os.O_WRONLY), number)
    os.environ.update(task["environment"])
    sys.argv = ["-c", *task["arguments"]]
    print(os.getpid(), flush=True)
    exec(compile(task["code"], "forked", "exec"), {"__name__": "__main__"})
    break
"""


class Forked(NamedTuple):
    """A process that runs: its id and what it prints."""

    pid: int
    output: TextIO

    def end(self, sign: int = signal.SIGKILL, whole: bool = False) -> list[str]:
        """Sends a signal and waits until the process is gone: the lines that it printed and nobody read.

        ``whole``: to the processes that it started too (Linux), as when the machine goes down.
        """
        try:
            for pid in family(self.pid) if whole else [self.pid]:
                os.kill(pid, sign)
        except ProcessLookupError:
            raise AssertionError("it had ended by itself:\n" + "\n".join(self.rest()[-20:])) from None
        return self.rest()

    def rest(self) -> list[str]:
        """Waits until the process ends by itself."""
        with self.output:
            lines = self.output.read().splitlines()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return lines
            time.sleep(0.005)
        raise TimeoutError(f"process {self.pid} does not end")


def family(pid: int) -> list[int]:
    """The process, those that it started, and so on; none once it has ended."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []
    started: set[str] = set()
    for task in tasks:
        with suppress(OSError):  # a thread that has ended meanwhile
            started.update((task / "children").read_text().split())
    return [pid, *(one for child in started for one in family(int(child)))]


class Forker:
    """Starts processes, which run beside each other."""

    def __init__(self, requests: TextIO, folder: Path) -> None:
        self._requests, self._folder = requests, folder

    def __call__(self, code: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Forked:
        """Runs Python code with ``sys.argv[1:]`` as given."""
        output = self._folder / "output"
        output.unlink(missing_ok=True)
        os.mkfifo(output)
        task = {
            "code": code, "arguments": arguments, "output": str(output), "environment": dict(environment or {}),
        }  # fmt: skip
        self._requests.write(json.dumps(task) + "\n")
        self._requests.flush()
        opened = output.open(encoding="utf-8")
        return Forked(int(opened.readline()), opened)

    def module(self, name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Forked:
        """Runs ``python -m name arguments``; its last line is the code with which it ended."""
        code = (
            "import runpy, sys\n"
            "try:\n"
            f"    runpy.run_module({name!r}, run_name='__main__', alter_sys=True)\n"
            "except SystemExit as ended:\n"
            "    print(ended.code or 0, flush=True)\n"
        )
        return self(code, *arguments, environment=environment)


@contextmanager
def forker() -> Iterator[Forker]:
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-c", FORKER], cwd=ROOT, stdin=subprocess.PIPE, text=True, encoding="utf-8"
        )
        assert process.stdin is not None
        try:
            yield Forker(process.stdin, Path(folder))
        finally:
            process.stdin.close()
            process.wait()
