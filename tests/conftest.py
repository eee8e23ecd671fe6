"""Fixtures shared by all tests. Nothing here reaches beyond this machine."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from xdist.scheduler.loadscope import LoadScopeScheduling

from ingest.settings import Settings
from tests.forked import Forker, forker
from tests.milvus_lite import milvus_at

if TYPE_CHECKING:
    from fastapi import FastAPI

    from index.library import Library
    from ingest.document import PolicyDocument
    from qa.assistant import Assistant

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
# The tests start dozens of processes: each would compile our modules again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Libraries write through to the disk at each change, which is most of the time of a test; in memory that costs nothing.
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


# Files that share a page, a Chroma server or a forking process go to one worker; the longest first, so that no worker
# is left alone with them at the end.
TOGETHER = {
    "browser": r"browser/",
    "forked": r"test_(index_durability|index_corrections|index_register_measures|index_scale_out|qa_feedback)",
    "server": r"test_index_(vectors|library|ranking)\.",
}
FIRST = (
    "browser", "test_ingest_hostile", "test_ingest_readers_ocr", "forked", "server", "test_ingest_hard_documents",
    "test_ingest_readers_office", "test_cli", "test_ui",
)  # fmt: skip


def group_of(path: str) -> str:
    """What a file of tests belongs to: a name of ``TOGETHER``, or itself."""
    return next((name for name, files in TOGETHER.items() if re.search(files, path)), Path(path).stem)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {name: rank for rank, name in enumerate(FIRST)}
    items.sort(key=lambda item: ranks.get(group_of(item.nodeid.partition("::")[0]), len(ranks)))


class ByGroup(LoadScopeScheduling):
    """Gives each worker whole groups, in the order of the collection."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByGroup:
    return ByGroup(config, log)


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection that leaves this machine fails the test: the product works without network."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def refuse(sock: socket.socket, address: object) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
            pytest.fail(f"a connection to {address} was attempted")

    def guarded_connect(sock: socket.socket, address: object) -> None:
        refuse(sock, address)
        connect(sock, address)

    def guarded_connect_ex(sock: socket.socket, address: object) -> int:
        refuse(sock, address)
        return connect_ex(sock, address)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session")
def build_app() -> Callable[[Library, Assistant], FastAPI]:
    """``ui.build`` inside a running event loop: outside of one, Gradio makes a loop for each lock and closes none."""
    import ui  # gradio takes 3 s to import

    async def inside(library: Library, assistant: Assistant) -> FastAPI:
        return ui.build(library, assistant)

    def build(library: Library, assistant: Assistant) -> FastAPI:
        with ThreadPoolExecutor(1) as pool:  # the browser tests hold this thread's loop
            return pool.submit(asyncio.run, inside(library, assistant)).result()

    return build


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Default settings on an empty data folder."""
    return Settings(data=tmp_path / "data")


@pytest.fixture
def library(settings: Settings) -> Iterator[Library]:
    """An empty library, which owns its folder."""
    from index.library import Library  # late: the tests of ingest/ do not pay for the indexes

    with Library.open(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the files of ``corpus/``, which tests only ask and close again. Read once for all workers; each
    has a copy, for one process owns a folder."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    finished = shared / "samples"
    with FileLock(shared / "samples.lock"):
        if not finished.exists():
            _fill(shared / "samples-unfinished")
            (shared / "samples-unfinished").rename(finished)
    return Path(shutil.copytree(finished, tmp_path_factory.mktemp("samples") / "data"))


@pytest.fixture(scope="module")
def held(sample_data: Path) -> Iterator[Library]:
    """The library of ``sample_data``, to be asked only."""
    from index.library import Library  # late, as above

    with Library.open(Settings(data=sample_data)) as library:
        yield library


def _fill(data: Path) -> None:
    from index.library import Library  # late, as above
    from tests.samples import CORPUS, UNREADABLE

    with Library.open(Settings(data=data)) as library:
        report = library.add([CORPUS])
        assert {Path(file.path).name for file in report.failed} == UNREADABLE, report.failed


Policy = tuple["PolicyDocument", bytes, str]


@pytest.fixture(scope="session")
def policy() -> Callable[..., Policy]:
    """Makes a small policy file, parsed: ``policy(12, "第一句。", "第二句。", title="…")``, ready for ``Library.add_document``."""
    from ingest.parse import document_from_text  # late, like Library

    def make(serial: int, *sentences: str, title: str = "", path: str = "") -> Policy:
        items = "".join(f"（{'一二三四五六七八九十'[i]}）{sentence}\n" for i, sentence in enumerate(sentences))
        text = f"{title or f'关于支持第{serial}类企业的若干措施'}\n示政办〔2023〕{serial}号\n各区：\n一、支持措施\n{items}2023年5月1日\n"
        content = text.encode()
        return document_from_text(text, path=path or f"{serial}.txt"), content, "text/plain"

    return make


@pytest.fixture(scope="session")
def forked() -> Iterator[Forker]:
    """Starts processes that have imported the library already: ``forked(code, *arguments)``."""
    if not hasattr(os, "fork"):
        pytest.skip("the system cannot fork a process")
    with forker() as started:
        yield started


@contextmanager
def chroma_at(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A real Chroma server on a free loopback port: its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from chromadb.cli.cli import app; app()", "run"]
    options = ["--path", str(folder / "store"), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen([*command, *options], stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/v2/heartbeat", server)
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.kill()
        server.wait()


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Chroma server that all tests of a run share."""
    with chroma_at(tmp_path_factory.mktemp("chroma-server")) as (address, _):
        yield address


@pytest.fixture
def mortal_chroma_server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Chroma server of the test's own, which it may kill."""
    with chroma_at(tmp_path) as started:
        yield started


@pytest.fixture(scope="session")
def milvus_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Milvus Lite server that all tests of a run share."""
    with milvus_at(tmp_path_factory.mktemp("milvus-server")) as (address, _):
        yield address


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"the Chroma server ended with code {server.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail("the Chroma server did not answer within 60 seconds")
