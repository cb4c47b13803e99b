"""PostgreSQL through psycopg: several nodes share one database.

Statements are sent ahead in pipeline mode; only those whose rows or counts are needed cost a round trip.

Diagnostics: a server that does not answer within `TIMEOUT` is a StoreError.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from storage.interfaces import Row, Transaction

TIMEOUT = 5
"""Seconds for a connection; also the limits for one statement and for the wait for a lock."""

_NAME = re.compile(r"'(?:[^']|'')*'|::|:([A-Za-z_][A-Za-z0-9_]*)|%")
_ROWS = re.compile(r"\s*(SELECT|WITH|SHOW)\b|.*\bRETURNING\b", re.IGNORECASE | re.DOTALL)


@cache
def translated(sql: str) -> tuple[bytes, bool]:
    """The statement with %(name)s for :name, and whether it returns rows. String literals are left alone."""

    def replace(match: re.Match[str]) -> str:
        return f"%({match[1]})s" if match[1] else match[0].replace("%", "%%")

    return _NAME.sub(replace, sql).encode(), _ROWS.match(sql) is not None


class PostgresConnection:
    """A connection that is its own transaction."""

    for_update = " FOR UPDATE"
    skip_locked = " FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str, readonly: bool, password: str = "") -> None:
        self.memory: dict[str, Any] = {}
        self._last: dict[str, Callable[[Transaction], None]] = {}
        self._connection = psycopg.Connection.connect(
            url,
            password=password or None,
            autocommit=True,
            connect_timeout=TIMEOUT,
            prepare_threshold=1,
            application_name="sekisho",
            options=f"-c synchronous_commit=on -c statement_timeout={TIMEOUT * 4}s -c lock_timeout={TIMEOUT}s"
            f" -c idle_in_transaction_session_timeout={TIMEOUT * 6}s",
            keepalives_idle=10,
            keepalives_interval=3,
            keepalives_count=3,
            tcp_user_timeout=TIMEOUT * 4000,
        )
        self._cursor = self._connection.cursor()
        self._begin = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if readonly else b"BEGIN"
        self._stack = ExitStack()
        self._pipeline: psycopg.Pipeline | None = None

    @property
    def lost(self) -> bool:
        return self._connection.broken or self._connection.closed

    def begin(self) -> "PostgresConnection":
        self.memory, self._last = {}, {}
        self._connection.execute(self._begin)
        self._pipeline = self._stack.enter_context(self._connection.pipeline())
        return self

    def flush(self) -> None:
        for operation in self._last.values():
            operation(self)
        self._end_pipeline()

    def _end_pipeline(self) -> None:
        self._pipeline = None
        self._stack.close()

    def commit(self) -> None:
        self._connection.execute(b"COMMIT")

    def rollback(self) -> None:
        try:
            self._end_pipeline()
        except psycopg.Error:
            pass  # what failed in the pipeline is why we roll back
        if self._connection.info.transaction_status != TransactionStatus.IDLE:
            self._connection.execute(b"ROLLBACK")

    def close(self) -> None:
        self._connection.close()

    def execute(self, sql: str, parameters: Mapping[str, Any] = {}) -> list[Row]:
        text, rows = translated(sql)
        # A cursor of its own: in a pipeline, answers to earlier statements come in later.
        cursor = self._cursor = self._connection.cursor()
        cursor.execute(text, parameters)
        if not rows:
            return []
        found = cursor.fetchall()
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found]

    def executemany(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None:
        if parameters:
            self._connection.cursor().executemany(translated(sql)[0], parameters)

    def changed(self) -> int:
        if self._pipeline is not None:
            self._pipeline.sync()  # the count comes with the answer
        return self._cursor.rowcount

    def at_end(self, name: str, operation: Callable[[Transaction], None]) -> None:
        self._last[name] = operation

    def lock_schema(self) -> None:
        self.execute("SELECT pg_advisory_xact_lock(7351007)")


class Postgres:
    """The dialect, for a DSN or URL as libpq takes it; a `password` given apart goes before one in the URL."""

    errors: tuple[type[Exception], ...] = (psycopg.Error, psycopg.Warning, OSError)

    def __init__(self, url: str, password: str = "") -> None:
        self.url = url
        self._password = password

    def connect(self, *, readonly: bool) -> PostgresConnection:
        return PostgresConnection(self.url, readonly, self._password)
