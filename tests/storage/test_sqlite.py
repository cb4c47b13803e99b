"""What is particular to SQLite: the settings that keep a commit, the file's mode, locks from outside."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from storage import sqlite
from storage.database import open_database
from storage.interfaces import StoreError
from storage.sqlite import Sqlite


def test_a_commit_is_flushed(tmp_path: Path) -> None:
    connection = Sqlite(tmp_path / "db").connect(readonly=False)
    settings = {
        name: next(iter(connection.execute(f"PRAGMA {name}")[0].values()))
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
    }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "secure_delete": 1,
    }


async def test_nobody_else_can_read_the_files(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'db'}")
    await database.write(lambda t: t.execute("CREATE TABLE x (id INTEGER)"))
    names = sorted(tmp_path.iterdir())
    assert [path.name for path in names] == ["db", "db-shm", "db-wal"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in names} == {0o600}
    await database.close()


async def test_a_lock_from_outside_is_a_store_error_for_all_that_wait_and_then_it_recovers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY", 0.2)
    database = open_database(f"sqlite:///{tmp_path / 'db'}")
    await database.write(lambda t: t.execute("CREATE TABLE x (id INTEGER)"))
    other = sqlite3.connect(tmp_path / "db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    add = "INSERT INTO x VALUES (1)"
    waiting = [database.write(lambda t: t.execute(add)) for _ in range(600)]
    done = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 20)
    assert all(isinstance(d, StoreError) for d in done)
    assert len(await database.read(lambda t: t.execute("SELECT * FROM x"))) == 0
    other.execute("ROLLBACK")
    await database.write(lambda t: t.execute(add))
    assert len(await database.read(lambda t: t.execute("SELECT * FROM x"))) == 1
    await database.close()


async def test_a_file_that_is_no_database_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "db").write_bytes(b"this is not a database" * 100)
    with pytest.raises(StoreError):
        open_database(f"sqlite:///{tmp_path / 'db'}")


OUTSIDE = (
    "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM x').fetchone()[0])"
)


async def test_another_program_that_looks_does_not_take_the_log_away(tmp_path: Path) -> None:
    """Introduced with the writer's connection: it opened and closed the file to create it, and closing any
    descriptor of a file drops all locks of the process on it (POSIX). A second program, such as `sekisho
    queue`, then believed to be the last one, removed the write-ahead log when it left, and every later commit
    of the running node went into a file without a name: invisible, and lost at the next start."""
    url = f"sqlite:///{tmp_path / 'db'}"
    database = open_database(url)
    await database.write(lambda t: t.execute("CREATE TABLE x (id INTEGER)"))
    await database.close()

    def seen_from_outside() -> int:
        command = [sys.executable, "-c", OUTSIDE, str(tmp_path / "db")]
        return int(subprocess.run(command, capture_output=True, check=True, timeout=30).stdout)

    database = open_database(url)
    assert await database.read(lambda t: t.execute("SELECT * FROM x")) == []  # a reader connects first
    for count in (1, 2, 3):
        await database.write(lambda t: t.execute("INSERT INTO x VALUES (1)"))
        assert seen_from_outside() == count
        assert (tmp_path / "db-wal").exists(), "the log is gone while the database is in use"
    await database.close()
    assert seen_from_outside() == 3
