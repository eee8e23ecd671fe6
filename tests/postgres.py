"""A real PostgreSQL server for tests: import the fixture ``postgres``. Skipped where PostgreSQL or its driver is not installed."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from functools import cache
from itertools import count
from pathlib import Path

import pytest

USER, PASSWORD = "wenhao", "Geheim-9f3c"
# Nothing here must outlive a power cut, and the disk is slow.
OPTIONS = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=30", "autovacuum=off")


class Server:
    """A server on a free loopback port, in a folder of its own. It refuses to run as root: then it runs as another user."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        root = hasattr(os, "getuid") and os.getuid() == 0
        self._user = next(filter(_exists, ("postgres", "nobody")), None) if root else None
        self._folder = Path(tempfile.mkdtemp(prefix="wenhao-pg-"))
        if self._user:
            shutil.chown(self._folder, self._user)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self._serial = count(1)
        self._initialise()

    def _initialise(self) -> None:
        password = self._folder / "password"
        password.write_text(PASSWORD)
        if self._user:
            shutil.chown(password, self._user)
        options = ["-D", str(self._folder / "data"), "-U", USER, "-A", "scram-sha-256", "--pwfile", str(password)]
        self._run("initdb", *options, "-E", "UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        options = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", *OPTIONS]
        arguments = [argument for option in options for argument in ("-c", option)]
        with (self._folder.parent / f"{self._folder.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", str(self._folder / "data"), *arguments],
                stdout=log, stderr=log, user=self._user, cwd="/",
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                self.run("SELECT 1")
                return
            except OSError:
                time.sleep(0.05)
        pytest.fail("PostgreSQL does not start")

    def stop(self, sign: int = signal.SIGINT) -> None:
        """Throws everyone out, as ``pg_ctl stop -m fast`` does; ``SIGQUIT``: as a crash."""
        if self._process is not None:
            self._process.send_signal(sign)
            self._process.wait(30)
            self._process = None

    def run(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Runs a statement as the owner. Raises OSError where the server does not answer."""
        import psycopg

        try:
            with psycopg.connect(self.conninfo(database), autocommit=True) as connection:
                cursor = connection.execute(statement)
                return cursor.fetchall() if cursor.description else []
        except psycopg.OperationalError as error:
            raise ConnectionError(str(error)) from error

    def conninfo(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} dbname={database} user={USER} password={PASSWORD}"

    def address(self, database: str, user: str = USER, password: str = PASSWORD) -> str:
        """As it stands in ``POLICY_REGISTER``."""
        return f"postgresql+psycopg://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        name = f"library{next(self._serial)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0")
        return name

    def close(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)
        (self._folder.parent / f"{self._folder.name}.log").unlink(missing_ok=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._programs / program, *arguments]
        done = subprocess.run(command, user=self._user, capture_output=True, text=True, check=False, cwd="/")
        assert done.returncode == 0, done.stderr


def _exists(user: str) -> bool:
    import pwd  # not on Windows

    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``; Debian keeps it off the path."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)


@cache
def _started() -> Server:
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    server = Server(programs)
    atexit.register(server.close)
    server.start()
    return server


@pytest.fixture
def postgres() -> Server:
    """A running server; modules of one test process share it. A test that stops it starts it again."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (pip install -e '.[postgres]')")
    return _started()
