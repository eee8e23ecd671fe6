"""Files read side by side come out in order, and nothing is left running."""

import threading
from collections.abc import Iterator
from subprocess import Popen

import pytest

from ingest import ahead
from ingest.ahead import Readers
from ingest.corpus import source_file
from ingest.document import SourceFile
from ingest.errors import CorruptFile, ReadError
from ingest.sandbox import Sandbox


def files(count: int) -> list[SourceFile]:
    """Texts of very different length, so that the short ones are done before the long ones in front of them."""
    return [
        source_file(f"{n}.txt", f"第{n}号\n{'正文。' * (20_000 if n % 3 == 0 else 1)}".encode()) for n in range(count)
    ]


def title(sandbox: Sandbox, source: SourceFile) -> str:
    return sandbox.parse(source).text.partition("\n")[0]


def name(sandbox: Sandbox, source: SourceFile) -> str:
    """Where reading is not the point: no worker is started."""
    return source.path


def test_results_come_in_the_order_of_the_files():
    assert list(Readers().in_order(files(9), title)) == [f"第{n}号" for n in range(9)]


def test_only_a_few_more_files_are_held_than_there_are_readers():
    taken = 0

    def counted() -> Iterator[SourceFile]:
        nonlocal taken
        for source in files(8):
            taken += 1
            yield source

    for done, _ in enumerate(Readers().in_order(counted(), name), 1):
        assert taken <= done + ahead.WORKERS + ahead.READY - 1


def test_an_error_of_the_reading_reaches_the_caller_and_ends_the_readers():
    def fail(sandbox: Sandbox, source: SourceFile) -> str:
        if source.path == "2.txt":
            raise ReadError("读不了", "换一个")
        return name(sandbox, source)

    before = threading.active_count()
    with pytest.raises(ReadError, match="读不了"):
        list(Readers().in_order(files(6), fail))
    assert threading.active_count() == before


def test_a_caller_that_stops_early_does_not_wait_for_a_slow_file():
    slow = source_file("慢.txt", "第一条 对符合条件的企业给予一次性奖励20万元。".encode() * 100_000)
    ended: list[str] = []

    def read(sandbox: Sandbox, source: SourceFile) -> str:
        try:
            return title(sandbox, source)
        except CorruptFile:
            ended.append(source.path)
            raise

    results = Readers().in_order([files(1)[0], slow], read)
    assert next(results) == "第0号"
    results.close()
    assert ended == ["慢.txt"]


def children(readers: Readers) -> set[Popen[bytes]]:
    """Which read two files."""

    def read(sandbox: Sandbox, source: SourceFile) -> Popen[bytes]:
        title(sandbox, source)
        assert sandbox._worker
        return sandbox._worker._process

    return set(readers.in_order(files(2), read))


def test_the_next_files_are_read_by_the_same_children():
    """To start one takes a second, which a person who uploads file after file would wait for each time."""
    readers = Readers()
    first = children(readers)
    assert children(readers) <= first
    readers.close()
    assert all(child.poll() is not None for child in first)


def test_children_that_nobody_needs_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ahead, "KEPT_SECONDS", 0.1)
    for child in children(Readers()):
        child.wait(10)
