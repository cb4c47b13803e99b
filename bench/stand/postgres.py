"""A PostgreSQL of this run, durable, on a disk of its own folder and on 127.0.0.1; gone afterwards."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.stand.compiled import Missing
from bench.stand.group import Group
from bench.stand.process import free_port

USER = "postgres"
"""It does not run as root."""
DATABASE = "sekisho"


class Server:
    """`url` of an empty database; `group` are its processes."""

    def __init__(self, binaries: Path, port: int, group: Group) -> None:
        self.url = f"postgresql://{USER}@127.0.0.1:{port}/{DATABASE}"
        self.group = group
        self._client = [str(binaries / "psql"), "-qAtX", "-h", "127.0.0.1", "-p", str(port), "-U", USER]

    def ask(self, sql: str, database: str = DATABASE) -> str:
        """What psql says. Raises RuntimeError."""
        done = subprocess.run(
            [*self._client, "-c", sql, database], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def transactions(self) -> int:
        """Committed so far, those that only read among them, as far as its sessions have told."""
        return int(self.ask("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"))

    def size(self) -> int:
        """Bytes of the database on disk."""
        return int(self.ask("SELECT pg_database_size(current_database())"))

    def written(self) -> int:
        """Bytes of write-ahead log since it was made."""
        return int(self.ask("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"))


@contextlib.contextmanager
def postgres(where: Path) -> Iterator[Server]:
    """`where`: a folder that all may pass, on a real disk. Raises Missing when it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if not found:
        raise Missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with (
        tempfile.TemporaryDirectory(
            prefix="sekisho-postgres-", dir=where, ignore_cleanup_errors=True
        ) as name,
        _running(found[-1].parent, Path(name)) as server,
    ):
        yield server


@contextlib.contextmanager
def _running(binaries: Path, folder: Path) -> Iterator[Server]:
    data, port = folder / "data", free_port()
    as_user: list[str | Path] = []
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
        as_user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
    init = [*as_user, binaries / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8"]
    subprocess.run(init, cwd="/", check=True, stdout=subprocess.DEVNULL)
    options = ["-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    with Group() as group, (folder / "log").open("wb") as log:
        command = group.command([*as_user, binaries / "postgres", "-D", data, *options])
        process = subprocess.Popen(command, cwd="/", stdout=log, stderr=log)
        group.started(process.pid)
        try:
            server = Server(binaries, port, group)
            _created(server, process)
            yield server
        finally:
            process.terminate()  # a fast end would be SIGINT, which who is started in the background may not hear
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:  # for sessions that stay
                process.send_signal(3)
                process.wait()


def _created(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Wait until it answers. Raises RuntimeError when it does not."""
    end = time.monotonic() + 60
    while True:
        try:
            server.ask(f"CREATE DATABASE {DATABASE}", USER)
            return
        except RuntimeError:
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.1)
