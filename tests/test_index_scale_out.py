"""Several programs, each with its own data folder, on one PostgreSQL register and one server of vectors."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import chromadb
import pytest

from tests.conftest import chroma_at
from tests.forked import Forked, Forker
from tests.postgres import PASSWORD, Server, postgres  # noqa: F401 - a fixture

SECONDS = 15.0  # what one adds the others find after about one; tests run on machines that are busy

APP = """
import json, sys
from pathlib import Path
from index.library import Library
from index.query import Query
from ingest.errors import PolicyError
from ingest.parse import document_from_text
from ingest.settings import Settings

data, register, vectors, orders = sys.argv[1:]
with Library.open(Settings(data=Path(data), register=register, vectors=vectors)) as library:
    for line in open(orders):
        order, value = json.loads(line)
        try:
            if order == "add":
                text = f"支持第{value}类企业措施\\n示政办〔2023〕{value}号\\n各区：\\n一、对第{value}类企业给予补贴{value}万元。\\n2023年5月1日\\n"
                report = library.add_document(document_from_text(text), text.encode(), "text/plain")
                said = report.document_id or report.message
            elif order == "remove":
                said = library.remove(value)
            elif order == "search":
                hits = library.search(Query(f"第{value}类企业补贴", limit=20))
                said = {hit.chunk.document_id: [name for name, _ in hit.legs] for hit in reversed(hits)}
            elif order == "state":
                status = library.status()
                said = [[leg.applied, leg.behind, leg.problem] for leg in status.legs], library.notices(), library._follower.keeps()
        except PolicyError as error:
            said = f"{error}。{error.hint}"
        print(json.dumps(said), flush=True)
"""


@dataclass
class App:
    """A program that runs, and takes orders."""

    process: Forked
    orders: Path

    def __call__(self, order: str, value: object = None):
        with self.orders.open("a") as orders:
            orders.write(json.dumps([order, value]) + "\n")
        return json.loads(self.process.output.readline())

    def finds(self, serial: int) -> bool:
        """Whether the file is found by its words and by its vectors."""
        found = self("search", serial)
        return isinstance(found, dict) and "dense" in found.get(name(serial), ()) and len(found[name(serial)]) > 1


def name(serial: int) -> str:
    return f"示政办〔2023〕{serial}号"


def within(seconds: float, condition: Callable[[], bool]) -> float:
    """How long it took until the condition held."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() < started + seconds, f"not within {seconds} seconds"
        time.sleep(0.05)
    return time.monotonic() - started


@pytest.fixture
def start(
    tmp_path: Path,
    postgres: Server,  # noqa: F811
    forked: Forker,
) -> Iterator[Callable[[str, str, str], App]]:
    """Starts a program on a data folder: ``start("a", database, address of the vectors)``."""
    with ExitStack() as stack:

        def started(folder: str, database: str, vectors: str) -> App:
            orders = tmp_path / f"{folder}.orders"
            orders.unlink(missing_ok=True)
            os.mkfifo(orders)
            holder = os.open(orders, os.O_RDWR)  # so that it stays open between two orders
            stack.callback(os.close, holder)
            process = forked(APP, str(tmp_path / folder), postgres.address(database), vectors, str(orders))
            stack.callback(_end, process)
            return App(process, orders)

        yield started


def _end(process: Forked) -> None:
    with suppress(ProcessLookupError, ValueError):  # the test has ended it
        process.end()


def rows(address: str) -> list[str]:
    """What the vector server holds."""
    client = chromadb.HttpClient(port=int(address.rpartition(":")[2]))
    (collection,) = client.list_collections()
    return sorted(collection.get(include=[])["ids"])


def test_two_programs_share_register_and_vectors_whatever_happens_to_them(postgres, tmp_path, start):  # noqa: F811
    database = postgres.new_database()
    with ExitStack() as stack:
        address, _ = stack.enter_context(chroma_at(tmp_path))
        a, b = start("a", database, address), start("b", database, address)
        assert a("add", 1) == name(1)
        within(SECONDS, lambda: b.finds(1))
        assert b("add", 2) == name(2)
        within(SECONDS, lambda: a.finds(2))
        assert [a("state")[2], b("state")[2]] in ([True, False], [False, True])
        whole = rows(address)
        assert len(whole) == len(set(whole)) and {id_.partition("#")[0] for id_ in whole} == {name(1), name(2)}

        # the one that writes the vectors is killed: the other takes over, and a third joins without undoing anything
        keeper, other = (a, b) if a("state")[2] else (b, a)
        assert keeper("add", 3) == name(3)
        keeper.process.end()
        assert other("add", 4) == name(4)
        within(SECONDS + 3, lambda: other.finds(3) and other.finds(4))
        third = start("c", database, address)
        within(SECONDS, lambda: all(third.finds(serial) for serial in (1, 2, 3, 4)))
        assert rows(address)[: len(whole)] == whole

        # the register's server stops and comes back; both say so, neither ends, nothing is lost
        postgres.stop()
        try:
            for app in (other, third):
                within(SECONDS, lambda app=app: "连接不上" in app("search", 1))  # not while its last look is fresh
                said = app("search", 1)
                assert "连接不上" in said and "恢复后自动重连" in said and PASSWORD not in said
            assert "连接不上" in third("add", 5)
        finally:
            postgres.start()
        within(SECONDS, lambda: third("add", 5) == name(5))
        within(SECONDS + 3, lambda: other.finds(5) and third.finds(5))

        # what is removed through one is gone in all
        other("remove", name(1))
        within(SECONDS, lambda: name(1) not in third("search", 1))
        within(SECONDS, lambda: not any(id_.startswith(name(1)) for id_ in rows(address)))
        for app in (other, third):
            within(SECONDS, lambda app=app: app("state")[1] == [])


def test_programs_with_vectors_of_their_own_follow_one_register(postgres, start):  # noqa: F811
    database = postgres.new_database()
    a, b = start("a", database, ""), start("b", database, "")
    a("add", 1)
    within(SECONDS, lambda: b.finds(1))
    b("add", 2)
    within(SECONDS, lambda: a.finds(2))
    b.process.end()
    a("add", 3)
    within(SECONDS, lambda: a.finds(3))
    b = start("b", database, "")
    within(SECONDS, lambda: all(b.finds(serial) for serial in (1, 2, 3)))


@pytest.mark.parametrize("command", [["index", "status"], ["qa", "对企业有什么补贴"]])
def test_a_command_without_its_server_says_so_and_how_to_go_on(tmp_path, forked, command):
    pytest.importorskip("psycopg")
    address = f"postgresql+psycopg://wenhao:{PASSWORD}@127.0.0.1:9/wenhao"
    environment = {"POLICY_DATA": str(tmp_path), "POLICY_REGISTER": address}
    message, hint, code = forked.module(*command, environment=environment).rest()
    assert message.removeprefix("错误：") == "登记库 PostgreSQL 127.0.0.1:9/wenhao 连接不上"
    assert "恢复后自动重连" in hint and PASSWORD not in message + hint
    assert code == "2"
