"""SQLite: one file, write-ahead log, flushed at every commit.

`synchronous=FULL` with WAL is the only fast setting under which no committed row was lost in power-cut
tests (NORMAL and the default rollback journal both lost some). Needs SQLite 3.35 or later (RETURNING).

Diagnostics: a file that another program locks for longer than `BUSY` is a StoreError.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from storage.claim import FileClaim
from storage.interfaces import Row, Transaction
from storage.writer import Undecided

BUSY = 5.0
"""Seconds to wait for another program's lock."""


class SqliteConnection:
    """A connection that is its own transaction."""

    for_update = ""
    skip_locked = ""
    lost = False
    owns_schema = True

    def __init__(self, path: Path, readonly: bool) -> None:
        self.memory: dict[str, Any] = {}
        self._last: dict[str, Callable[[Transaction], None]] = {}
        self._connection = sqlite3.connect(
            path, timeout=BUSY, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        self._cursor = self._connection.cursor()
        self._begin = "BEGIN" if readonly else "BEGIN IMMEDIATE"
        if not readonly:
            self._cursor.execute("PRAGMA journal_mode=WAL")
            if self._cursor.fetchone() != ("wal",):
                raise sqlite3.OperationalError("this file system does not support the write-ahead log")
            self._cursor.execute("PRAGMA synchronous=FULL")
            self._cursor.execute("PRAGMA journal_size_limit=67108864")
            self._cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten (docs/adr/0058)
        self._cursor.execute("PRAGMA foreign_keys=ON")
        if readonly:
            self._cursor.execute("PRAGMA query_only=ON")

    def begin(self) -> "SqliteConnection":
        self.memory, self._last = {}, {}
        self._cursor.execute(self._begin)
        return self

    def commit(self) -> None:
        for operation in self._last.values():
            operation(self)
        try:
            self._cursor.execute("COMMIT")
        except Sqlite.errors as error:
            raise Undecided from error

    def end(self) -> None:
        """Nothing is under way."""

    def rollback(self) -> None:
        if self._connection.in_transaction:
            self._cursor.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()

    def execute(self, sql: str, parameters: Mapping[str, Any] = {}) -> list[Row]:
        cursor = self._cursor
        cursor.execute(sql, parameters)
        if cursor.description is None:
            return []
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def executemany(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None:
        self._cursor.executemany(sql, parameters)

    def changed(self) -> int:
        return self._cursor.rowcount

    def at_end(self, name: str, operation: Callable[[Transaction], None]) -> None:
        self._last[name] = operation

    def lock_schema(self) -> None: ...  # BEGIN IMMEDIATE already keeps everybody else out


class Sqlite:
    """The dialect. The file is created readable by its owner only; so are the files that SQLite puts beside it."""

    errors: tuple[type[Exception], ...] = (sqlite3.Error, sqlite3.Warning, OSError)

    def __init__(self, path: Path) -> None:
        self.path = path

    def connect(self, *, readonly: bool) -> SqliteConnection:
        if not readonly:
            self._create()
        return SqliteConnection(self.path, readonly)

    def schema(self) -> SqliteConnection:
        return self.connect(readonly=False)

    def complete(self, transaction: Transaction, *, new: bool) -> None:
        """There is no border between tenants but the text of the statements (docs/adr/0021)."""

    def claim(self, node: str) -> FileClaim:
        """That one process alone is this node here; a file beside the database for each name."""
        return FileClaim(self.path.with_name(f"{self.path.name}-{quote(node, safe='')}.lock"))

    def _create(self) -> None:
        """An empty file with the right mode, when there is none yet.

        A file that exists is never opened here: closing a descriptor drops every POSIX lock of this process
        on the file, those of SQLite's connections too (sqlite.org/howtocorrupt.html, 2.2).
        """
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
