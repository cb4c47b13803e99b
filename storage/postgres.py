"""PostgreSQL through psycopg: several nodes share one database.

Statements are sent ahead in pipeline mode; only those whose rows or counts are needed cost a round trip, and one more
the end: BEGIN goes with the first, COMMIT with the last.

Diagnostics: a server that does not answer within `TIMEOUT` is a StoreError.
"""

import hashlib
import re
import select
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import psycopg
from psycopg.pq import TransactionStatus

from storage.interfaces import Row, StoreError, Transaction
from storage.migrations import BORDER, apply, has_border
from storage.postgres_roles import OPENED, Border, is_whole, lacking, secure, standing
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
_OTHERS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sekisho'"
    " AND pid <> pg_backend_pid()"
)
"""Sessions of nodes."""
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

    def __init__(self, url: str, readonly: bool, password: str = "", *, schema: bool = False) -> None:
        """`schema`: for whoever changes the tables, in their owner's name."""
        self.memory: dict[str, Any] = {}
        self._last: dict[str, Callable[[Transaction], None]] = {}
        self._connection = _connected(url, password)
        bound, self.owns_schema = standing(self._connection)
        self._border = Border(self._connection) if bound and not (schema and self.owns_schema) else None
        self._cursor = self._connection.cursor()
        self._begin = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if readonly else b"BEGIN"
        self._schema = schema
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
        if self._border is not None:
            self._border.begin()
        elif self._schema:
            self._connection.execute(OPENED)
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
        if self._border is not None:
            self._border.cross(sql, parameters)
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
        text = translated(sql)[0]
        if self._border is None:
            if parameters:
                self._connection.cursor().executemany(text, parameters)
            return
        for _, some in groupby(parameters, lambda each: each.get("tenant")):
            several = list(some)
            self._border.cross(sql, several[0])
            self._connection.cursor().executemany(text, several)

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


class Apart(NamedTuple):
    """Whether a database keeps tenants apart by itself; whether its tables are this login's; what somebody with more rights
    has to say first, as SQL."""

    whole: bool
    owns: bool
    first: tuple[str, ...]
    login: str


def _secure(transaction: Transaction, *, anew: bool = False) -> list[str]:
    lacks = lacking(transaction)
    if lacks.in_the_way:
        raise StoreError(f"{lacks.login} may make no roles; a superuser says: {'; '.join(lacks.statements)}")
    return secure(transaction, anew=anew)


class Postgres:
    """The dialect, for a DSN or URL as libpq takes it; a `password` given apart goes before one in the URL."""

    errors: tuple[type[Exception], ...] = (psycopg.Error, psycopg.Warning, OSError)

    def __init__(self, url: str, password: str = "") -> None:
        self.url = url
        self._password = password

    def connect(self, *, readonly: bool) -> PostgresConnection:
        return PostgresConnection(self.url, readonly, self._password)

    def schema(self) -> PostgresConnection:
        return PostgresConnection(self.url, readonly=False, password=self._password, schema=True)

    def complete(self, transaction: Transaction, *, new: bool) -> None:
        """Put up the border between tenants in a new database, if we may; complete it where there is one already."""
        if has_border(transaction):
            if not is_whole(transaction):
                _secure(transaction)
        elif new and not lacking(transaction).in_the_way:
            _secure(transaction)
            apply(transaction, BORDER)

    def apart(self) -> Apart:
        """Whether the database keeps tenants apart. Blocks. Raises StoreError."""
        with self._owned() as transaction:
            lacks = lacking(transaction)
            up = has_border(transaction)
            return Apart(
                up and is_whole(transaction), transaction.owns_schema, tuple(lacks.statements), lacks.login
            )

    def secure(self) -> list[str]:
        """Put up the border, or take from it the rights that nobody needs any more; the tables behind it. Blocks. Raises
        StoreError: also while a node works on a database that has none yet."""
        with self._owned() as transaction:
            if not transaction.owns_schema:
                raise StoreError("the tables belong to another login: say it as that one")
            up = has_border(transaction)
            if not up and transaction.execute(_OTHERS):
                raise StoreError("a node works on this database: stop all nodes first")
            found = _secure(transaction, anew=True)
            if not up:
                apply(transaction, BORDER)
            return found

    @contextmanager
    def _owned(self) -> Iterator[Transaction]:
        try:
            with closing(self.schema()) as connection:
                try:
                    yield connection.begin()
                    connection.commit()
                except BaseException:
                    connection.rollback()
                    raise
        except Undecided as error:
            raise StoreError(text_of_error(error.__cause__ or error)) from error
        except self.errors as error:
            raise StoreError(text_of_error(error)) from error

    def claim(self, node: str) -> NameClaim:
        """That one process alone is this node here."""
        return NameClaim(self.url, self._password, node)
