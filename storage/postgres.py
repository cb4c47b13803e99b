"""PostgreSQL through psycopg: several nodes share one database.

Statements are sent ahead in pipeline mode; only those whose rows or counts are needed cost a round trip, and one more
the end: BEGIN goes with the first, COMMIT with the last.

Diagnostics: a server that does not answer within `TIMEOUT` is a StoreError.
"""

import hashlib
import re
import select
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from storage.interfaces import Row, StoreError, Transaction
from storage.writer import Undecided, text_of_error

TIMEOUT = 5
"""Seconds for a connection; also the limits for one statement and for the wait for a lock."""

_ALIVE = "SELECT 1"
_TAKE = "SELECT pg_try_advisory_lock(%s)"
_HOLDER = (
    "SELECT host(a.client_addr) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.classid::bigint = %s AND l.objid::bigint = %s"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.granted"
)
"""Where the session comes from that has an advisory lock; NULL through a socket, or where that is not for us to see."""
_HALF = 0xFFFFFFFF
_SERVER_ASKS = " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3"

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
        self._connection = _connected(url, password)
        self._cursor = self._connection.cursor()
        self._begin = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if readonly else b"BEGIN"
        self._stack = ExitStack()
        self._pipeline: psycopg.Pipeline | None = None

    @property
    def lost(self) -> bool:
        return self._connection.broken or self._connection.closed

    def begin(self) -> "PostgresConnection":
        self.memory, self._last = {}, {}
        if select.select([self._connection], [], [], 0)[0]:  # nobody was asked: the server has gone
            self._connection.execute(_ALIVE)
        self._pipeline = self._stack.enter_context(self._connection.pipeline())
        self._connection.execute(self._begin)
        return self

    def commit(self) -> None:
        for operation in self._last.values():
            operation(self)
        failed: psycopg.Error | None = None
        try:
            self._connection.execute(b"COMMIT")
        except psycopg.Error as error:  # of a statement before: how it ended is known behind the pipeline
            failed = error
        try:
            self._end_pipeline()
        except psycopg.Error as error:
            failed = failed or error
        if failed is not None:
            # A statement that fails keeps those behind it in the pipeline from being run.
            if self.lost or self._connection.info.transaction_status != TransactionStatus.INERROR:
                raise Undecided from failed
            raise failed

    def end(self) -> None:
        self._connection.execute(b"ROLLBACK")
        self._end_pipeline()

    def _end_pipeline(self) -> None:
        self._pipeline = None
        self._stack.close()

    def rollback(self) -> None:
        try:
            if self._pipeline is not None:
                self.end()
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
        if self._pipeline is not None:
            self._pipeline.sync()  # the server must know that it waits for us: only then its time limit counts
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


def _connected(url: str, password: str, options: str = "") -> "psycopg.Connection[Any]":
    """`options`: settings of the session besides the usual ones."""
    return psycopg.Connection.connect(
        url,
        password=password or None,
        autocommit=True,
        connect_timeout=TIMEOUT,
        prepare_threshold=1,
        application_name="sekisho",
        options=f"-c synchronous_commit=on -c statement_timeout={TIMEOUT * 4}s -c lock_timeout={TIMEOUT}s"
        f" -c idle_in_transaction_session_timeout={TIMEOUT * 6}s{options}",
        keepalives_idle=10,
        keepalives_interval=3,
        keepalives_count=3,
        tcp_user_timeout=TIMEOUT * 4000,
    )


class NameClaim:
    """A claim (storage/claim.py) on a node's name: an advisory lock of a session that does nothing else.

    The server ends it with the session, and asks a silent client after ten seconds whether it is still there: a host
    that lost its power holds its name for twenty.
    """

    def __init__(self, url: str, password: str, node: str) -> None:
        self._url = url
        self._password = password
        digest = hashlib.sha256(f"sekisho node {node}".encode()).digest()
        self._key = int.from_bytes(digest[:8], "big", signed=True)
        self._session: psycopg.Connection[Any] | None = None

    def take(self) -> str:
        try:
            if self._session is not None:
                try:
                    self._session.execute(_ALIVE)
                    return ""
                except psycopg.Error:
                    self.release()
            session = _connected(self._url, self._password, _SERVER_ASKS)
            row = session.execute(_TAKE, (self._key,)).fetchone()
            if row is not None and row[0]:
                self._session = session
                return ""
            holder = session.execute(_HOLDER, (self._key >> 32 & _HALF, self._key & _HALF)).fetchone()
            session.close()
        except Postgres.errors as error:
            raise StoreError(text_of_error(error)) from error
        return f"a process at {holder[0]}" if holder and holder[0] else "another process"

    def release(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()


class Postgres:
    """The dialect, for a DSN or URL as libpq takes it; a `password` given apart goes before one in the URL."""

    errors: tuple[type[Exception], ...] = (psycopg.Error, psycopg.Warning, OSError)

    def __init__(self, url: str, password: str = "") -> None:
        self.url = url
        self._password = password

    def connect(self, *, readonly: bool) -> PostgresConnection:
        return PostgresConnection(self.url, readonly, self._password)

    def claim(self, node: str) -> NameClaim:
        """That one process alone is this node here."""
        return NameClaim(self.url, self._password, node)
