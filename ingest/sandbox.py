"""Read and parse hostile files in a child process, bounded in memory and time.

One worker (``python -m ingest.sandbox``) is kept and fed file after file: starting it costs more than most files. It is
killed when a file takes too long and replaced when it dies, so one bad file never stops the others.

Recognising a page (OCR) takes seconds. The child says when it begins and ends one, and the time of the file begins anew,
for ``Limits.ocr_seconds`` at most.

Messages are pickles. The child has handled hostile bytes, so the parent accepts only the classes that a result is made of.
"""

from __future__ import annotations

import contextlib
import datetime
import decimal
import gc
import io
import logging
import os
import pickle
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

import ingest.document
import ingest.errors
import ingest.measures.model
from ingest import child
from ingest.document import PolicyDocument, SourceFile
from ingest.errors import CorruptFile, ReadError, TimedOut, TooLarge
from ingest.limits import Limits
from ingest.measures import find_measures
from ingest.measures.model import Measure
from ingest.parse import parse
from ingest.readers import read, too_large
from ingest.readers.pdf import page_image

__all__ = ["Limits", "Sandbox"]

Progress = Callable[[int, int], None]
Request = Callable[["_Worker"], bytes]  # the message for this child

_GRACE = 2.0
_START_SECONDS = 60.0
_ATTEMPTS = 2
_NICE = 19
# Linux may weigh sessions against each other, and a child is one: then only its niceness as a whole counts. With 19 it would
# hardly read on while many search.
_GROUP, _GROUP_NICE = Path("/proc/self/autogroup"), 10


class Sandbox:
    """A worker process that reads files. Use as a context manager; safe to share between threads (one file at a time)."""

    def __init__(self, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._worker: _Worker | None = None
        self._abandoned = False

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def parse(self, source: SourceFile, progress: Progress | None = None) -> PolicyDocument:
        """Read and parse in the child. ``progress(pages done, pages in all)`` is called in this thread before and after
        each page that is recognised.

        Raises the ReadError the readers raise; TimedOut when the file takes too long or too much memory, CorruptFile
        when reading it brings the child down.
        """
        if len(source.content) > self._limits.input_bytes:
            raise TooLarge(
                too_large(source.path, len(source.content), self._limits), "请拆分文件，或压缩其中的图片后再上传"
            )
        message = pickle.dumps(("parse", source))
        document = self._ask(lambda _: message, source.path, progress)
        if not isinstance(document, PolicyDocument):
            raise self._broken(source.path)
        return document

    def measures(self, document: PolicyDocument) -> tuple[Measure, ...]:
        """Find the measures of a document in the child. Raises ReadError as ``parse`` does."""
        found = self._ask(partial(_measures_of, document), document.path)
        if not (isinstance(found, tuple) and all(isinstance(measure, Measure) for measure in found)):
            raise self._broken(document.path)
        return found

    def page_image(self, content: bytes, page: int, quote: str) -> bytes:
        """PNG of a page with the quote marked (see ``ingest.readers.pdf.page_image``). Raises ReadError."""
        message = pickle.dumps(("page_image", content, page, quote))
        picture = self._ask(lambda _: message, f"第 {page} 页")
        if not isinstance(picture, bytes):
            raise self._broken(f"第 {page} 页")
        return picture

    def close(self) -> None:
        """End the worker. The sandbox may be used again: a new worker starts with the next file."""
        with self._lock:
            if self._worker:
                self._worker.stop()
            self._worker = None

    def abandon(self) -> None:
        """``close`` for good, without waiting for a file that is being read: its thread gets CorruptFile."""
        self._abandoned = True
        if self._worker:
            self._worker.end()
        self.close()

    def _ask(self, request: Request, name: str, progress: Progress | None = None) -> object:
        with self._lock:
            reply = self._exchange(request, name, progress)
        if isinstance(reply, ReadError):
            raise reply
        return reply

    def _exchange(self, request: Request, name: str, progress: Progress | None) -> object:
        """Send and receive; a worker that died between two files is replaced once without a word."""
        for _ in range(_ATTEMPTS):
            if self._worker is None or not self._worker.alive:
                self._worker = _Worker(self._limits)
            worker = self._worker
            if self._abandoned:  # asked only now: either ``abandon`` finds this worker, or this thread finds its word
                break
            try:
                reply = worker.exchange(request(worker), self._limits, progress)
            except _NotTaken:
                worker.kill()
                continue
            except (EOFError, OSError, pickle.UnpicklingError):
                worker.kill()
                return self._too_slow(name) if worker.timed_out else self._broken(name)
            # After a MemoryError the child's memory is in pieces; the next file gets a fresh one.
            if isinstance(reply, TimedOut):
                worker.stop()
            worker.last = reply if isinstance(reply, PolicyDocument) else None
            return reply
        return self._broken(name)

    def _too_slow(self, name: str) -> TimedOut:
        return TimedOut(
            f"读取超过 {self._limits.seconds:g} 秒，已停止：{name}",
            "文件可能过大或结构异常；请拆分，或另存为新文件后再上传",
        )

    def _broken(self, name: str) -> CorruptFile:
        return CorruptFile(f"读取时程序异常中止，文件可能已损坏：{name}", "请用原程序打开后另存，或换一个版本再上传")


def _measures_of(document: PolicyDocument, worker: _Worker) -> bytes:
    """A document that the child has just handed over is not sent back to it."""
    return pickle.dumps(("measures", None if worker.last is document else document))


class _NotTaken(Exception):
    """The child was dead already: nothing to do with this file."""


class _Worker:
    """The child process and its two pipes. ``last``: the document of its last reply, which it remembers as well."""

    def __init__(self, limits: Limits) -> None:
        self._process = child.start("ingest.sandbox")
        self._requests = cast(BinaryIO, self._process.stdin)
        self._replies = cast(BinaryIO, self._process.stdout)
        self.timed_out = False
        self.last: PolicyDocument | None = None
        # The child answers when its imports are done, so that they do not count against the first file.
        self.exchange(pickle.dumps(limits), replace(limits, seconds=_START_SECONDS))

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def exchange(self, request: bytes, limits: Limits, progress: Progress | None = None) -> object:
        """The reply to a request. After ``limits.seconds``, counted from the last page that was recognised, the child is
        killed and ``timed_out`` set.

        Raises _NotTaken where the child was dead before it had the request, EOFError where it ended without a reply.
        """
        timer, started = self._timer(limits.seconds), time.monotonic()
        answered = False
        try:
            self._hand_over(request)
            while True:
                match _ResultUnpickler(io.BytesIO(child.read(self._replies))).load():
                    case (int(done), int(pages)):
                        if time.monotonic() - started < limits.ocr_seconds:
                            timer.cancel()
                            timer = self._timer(limits.seconds + limits.ocr_page_seconds)
                        if progress:
                            progress(done, pages)
                    case reply:
                        answered = True
                        return reply
        finally:
            timer.cancel()
            if not answered:  # Ctrl-C, or ``progress`` failed: the reply to this file must not answer the next one
                self.end()

    def _timer(self, seconds: float) -> threading.Timer:
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        return timer

    def _hand_over(self, request: bytes) -> None:
        try:
            child.write(self._requests, request)
            child.read(self._replies)
        except (EOFError, OSError) as error:
            if self.timed_out:
                raise EOFError from error
            raise _NotTaken from error

    def kill(self) -> None:
        self.end()
        self._finish()

    def end(self) -> None:
        """Kill the child and leave the pipes to the thread that reads them."""
        self._process.kill()

    def stop(self) -> None:
        """Close the child's input and give it a moment to leave by itself."""
        try:
            self._requests.close()
            self._process.wait(_GRACE)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
        self._finish()

    def _expire(self) -> None:
        self.timed_out = True
        self._process.kill()

    def _finish(self) -> None:
        self._process.wait()
        for pipe in (self._requests, self._replies):
            # A pipe with unsent bytes to a dead child cannot be flushed; it is closed all the same.
            with contextlib.suppress(OSError):
                pipe.close()


class _ResultUnpickler(pickle.Unpickler):
    """Accepts the types of a document and its measures and the errors, nothing else: a captured child cannot run code in the parent."""

    def find_class(self, module: str, name: str) -> type:
        for allowed in (ingest.document, ingest.measures.model, ingest.errors):
            found = getattr(allowed, name, None)
            if module == allowed.__name__ and isinstance(found, type):
                return found
        if (module, name) == ("datetime", "date"):
            return datetime.date
        if (module, name) == ("decimal", "Decimal"):
            return decimal.Decimal
        raise pickle.UnpicklingError(f"{module}.{name}")


def _limit(limits: Limits) -> None:
    """Bound the address space and step back behind other programs, where the system can (POSIX). No core dump of somebody's document either."""
    if os.name != "posix":
        return
    import resource  # only there on POSIX

    os.nice(_NICE)  # people who search beside it go first
    with contextlib.suppress(OSError):
        _GROUP.write_text(str(_GROUP_NICE))
    most = limits.memory_bytes + limits.ocr_memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(message: bytes, last: PolicyDocument | None, limits: Limits, progress: Progress) -> object:
    """``last``: the document that was the last answer."""
    name = "文件"
    try:
        match pickle.loads(message):
            case ("parse", SourceFile() as source):
                name = source.path
                return parse(source, read(source, limits, progress))
            case ("measures", None) if last is not None:
                name = last.path
                return find_measures(last)
            case ("measures", PolicyDocument() as document):
                name = document.path
                return find_measures(document)
            case ("page_image", bytes(content), int(page), str(quote)):
                name = f"第 {page} 页"
                return page_image(content, page, quote)
            case other:
                raise AssertionError(other)
    except ReadError as error:
        return error
    except RecursionError:
        return CorruptFile(f"文件结构嵌套过深，无法读取：{name}", "请用原程序打开后另存再上传")
    except MemoryError:
        return TimedOut(
            f"读取需要的内存超过限制，已停止：{name}", "文件可能过大或结构异常；请拆分，或另存为新文件后再上传"
        )


def main() -> None:
    """The child: one reply to each request until the parent closes the pipe. Anything unforeseen ends it, with a traceback."""
    requests, replies = child.pipes()
    # Nor need a user know what pypdf thinks of the cross-reference table of a broken file.
    logging.disable(logging.WARNING)
    limits: Limits = pickle.loads(_take(requests, replies))
    _limit(limits)
    # A document is many small objects that live for one file: looking for cycles among them is a tenth of the time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    child.write(replies, pickle.dumps(None))

    def progress(done: int, pages: int) -> None:
        child.write(replies, pickle.dumps((done, pages)))

    last: PolicyDocument | None = None
    while True:
        try:
            message = _take(requests, replies)
        except EOFError:
            return
        reply = _answer(message, last, limits, progress)
        last = reply if isinstance(reply, PolicyDocument) else None
        child.write(replies, pickle.dumps(reply))


def _take(requests: BinaryIO, replies: BinaryIO) -> bytes:
    """Receive a message and say so: a child that dies from now on died of this file."""
    message = child.read(requests)
    child.write(replies, b"")
    return message


if __name__ == "__main__":
    main()
