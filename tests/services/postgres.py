"""An own PostgreSQL cluster for a test session: own directory, own port, gone afterwards.

PostgreSQL refuses to run as root, so it is started as the user postgres then.
"""

import contextlib
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from storage.database import dialect, prepare


class Cluster:
    """A running server. `create` makes an empty database and answers its URL."""

    def __init__(self, binaries: Path, directory: Path, port: int) -> None:
        self.binaries, self.directory, self.port = binaries, directory, port
        self.data = directory / "data"
        self._migrated = ""

    def url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def create(self, like: str = "template1") -> str:
        name = f"t{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}".encode())
        return self.url(name)

    def current(self) -> str:
        """As `create`, with today's schema: a copy of one that went through the migrations."""
        if not self._migrated:
            made = self.create()
            prepare(dialect(made))
            self._migrated = made.rpartition("/")[2]
        return self.create(self._migrated)

    def start(self) -> None:
        # Nobody takes the machine's power away: what is written is there for the next server, whatever ends this one.
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c shared_buffers=32MB -c fsync=off"
        self.run(
            "pg_ctl", "-D", str(self.data), "-w", "-l", str(self.directory / "log"), "-o", options, "start"
        )

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(
            command, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, timeout=60, check=False,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "PGUSER": "postgres"},
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip()}")


def unavailable(reason: str) -> None:
    """Skip; or fail where everything is required to be there."""
    if os.environ.get("SEKISHO_TEST_REQUIRE") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """Below those that the kernel gives to whoever asks for any: it stays free until its owner comes, or comes back."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def sweep(folder: Path, older: float = 3600) -> None:
    """Remove what tests that were killed an hour ago left behind: gigabytes each. Those whose server runs stay."""
    for left in folder.glob("sekisho-pg-*"):
        try:
            if time.time() - left.stat().st_mtime < older:
                continue
            os.kill(int((left / "data" / "postmaster.pid").read_text().split()[0]), 0)
        except (ProcessLookupError, FileNotFoundError, ValueError, IndexError):
            shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue  # somebody else's


@contextmanager
def cluster() -> Iterator[Cluster]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if not found:
        unavailable("no PostgreSQL server in /usr/lib/postgresql")
    sweep(Path(tempfile.gettempdir()))
    directory = Path(tempfile.mkdtemp(prefix="sekisho-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(directory, "postgres", "postgres")
        server = Cluster(found[-1].parent, directory, free_port())
        server.run(
            "initdb", "-D", str(server.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        for last in (False, False, True):
            try:
                server.start()
                break
            except RuntimeError:  # somebody may have taken the port meanwhile
                if last:
                    raise
                server.port = free_port()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
