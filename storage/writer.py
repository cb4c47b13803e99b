"""The one committing writer of a process: operations that arrive together share one transaction.

A commit costs a disk flush and 0.3 ms of CPU, whatever it holds; so while one group is being committed the next one
gathers, and each group is one store transaction. When an operation of a group raises, the group is rolled back and
each operation is run alone, so that nobody pays for another's mistake. Readers have connections of their own.

What differs between databases is in a `Dialect` (storage/sqlite.py, storage/postgres.py).

Diagnostics: StoreError when the database cannot be reached, is locked, refuses to commit or does not answer
within `ANSWER`; whatever was queued by then fails with it, and the next write reconnects. What was being
committed when the time was over may still be carried out; everything else is dropped.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from storage.claim import Claim
from storage.interfaces import StoreError, Transaction, Unknown

T = TypeVar("T")
Operation = Callable[[Transaction], Any]

GROUP = 256
"""Most operations that share a transaction: bounds what one failure makes us repeat."""
QUEUED = 20_000
"""Most operations that may wait; more is an overload, and refused at once."""
READERS = 3
ANSWER = 8.0
"""Seconds that anybody waits for an answer: mail must hear 451 while its client still listens (10 s)."""


class WriterConnection(Protocol):
    """A connection of one dialect, used by one thread at a time."""

    def begin(self) -> Transaction: ...

    def commit(self) -> None:
        """Run what was left for the end, wait for statements that were sent ahead, and commit. Raises what they raised,
        with nothing committed; Undecided when nobody knows whether it was."""

    def end(self) -> None:
        """Of a transaction that only reads: wait for what was sent ahead; raises what it raised."""

    def rollback(self) -> None: ...

    def close(self) -> None: ...

    @property
    def lost(self) -> bool:
        """True when the connection is known to be dead: reconnecting may help."""


class Dialect(Protocol):
    """How to reach one kind of database. `errors` are the exceptions that its driver raises."""

    errors: tuple[type[Exception], ...]

    def connect(self, *, readonly: bool) -> WriterConnection: ...

    def schema(self) -> WriterConnection:
        """A connection for changing the tables: it means all rows."""

    def complete(self, transaction: Transaction, *, new: bool) -> None:
        """After the migrations of a database that is `new`, or not: whatever else belongs to its tables."""

    def claim(self, node: str) -> Claim:
        """The claim of one process to be this node in this database; not taken yet."""


class Undecided(Exception):
    """A connection does not know whether its transaction was committed; its cause is the driver's error."""


class GivenUp(StoreError):
    """Those who asked for some of a group were told that it took too long."""


class Unavailable(StoreError):
    """The database did not begin or did not commit; no operation is to blame."""


class CommitFailed(Unavailable, Unknown):
    """Whether it was committed is not known."""


class _Write:
    """One queued operation and the future that waits for it."""

    __slots__ = ("abandoned", "error", "future", "loop", "operation", "result")

    def __init__(self, operation: Operation, loop: asyncio.AbstractEventLoop) -> None:
        self.operation = operation
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None
        self.abandoned = False

    def give_up(self) -> None:
        """Time is up: what has not begun is dropped; otherwise the caller cannot know."""
        self.abandoned = True
        if not self.future.done():
            self.future.set_exception(Unknown("the database did not answer in time"))


class GroupCommit:
    """A Database (storage/interfaces.py) of any dialect."""

    def __init__(self, dialect: Dialect, ship: Operation | None = None) -> None:
        """`ship` is called with each transaction before it is committed; what it raises undoes it."""
        self.dialect = dialect
        self._ship = ship
        self._queue: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._closed = False
        self._connection: WriterConnection | None = None
        self._local = threading.local()
        self._read_connections: list[WriterConnection] = []
        self._readers = ThreadPoolExecutor(READERS, "database-read")
        self._thread = threading.Thread(target=self._serve, name="database-write", daemon=True)
        self._thread.start()

    async def write(self, operation: Callable[[Transaction], T]) -> T:
        if self._closed:
            raise StoreError("the database is closed")
        if self._queue.qsize() >= QUEUED:
            raise StoreError("too many writes are waiting")
        entry = _Write(operation, asyncio.get_running_loop())
        self._queue.put(entry)
        timer = entry.loop.call_later(ANSWER, entry.give_up)
        try:
            result: T = await entry.future
        finally:
            timer.cancel()
        return result

    async def read(self, operation: Callable[[Transaction], T]) -> T:
        if self._closed:
            raise StoreError("the database is closed")
        try:
            async with asyncio.timeout(ANSWER):
                return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, operation)
        except TimeoutError:
            raise StoreError("the database did not answer in time") from None

    async def close(self) -> None:
        """Commit what is queued, then stop. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)
        await asyncio.to_thread(self._readers.shutdown)
        for connection in self._read_connections:
            connection.close()

    # the writer thread

    def _serve(self) -> None:
        while (first := self._queue.get()) is not None:
            group, more = self._gather(first)
            if not self._commit(group):
                while more and not self._queue.empty():
                    rest, more = self._gather(None)
                    _fail(rest, Unavailable("the database did not answer"))
                    group += rest
            _settle(group)
            if not more:
                break
        self._drop()
        rest, _ = self._gather(None)
        _fail(rest, StoreError("the database is closed"))
        _settle(rest)

    def _gather(self, first: _Write | None) -> tuple[list[_Write], bool]:
        """What is queued, at most a group; False when the end of all work stands behind it."""
        group = [first] if first else []
        while len(group) < GROUP:
            try:
                entry = self._queue.get_nowait()
            except queue.Empty:
                break
            if entry is None:
                return group, False
            group.append(entry)
        return group, True

    def _commit(self, group: Sequence[_Write]) -> bool:
        """Run all, with results or errors noted in each; False when the database is unavailable."""
        try:
            self._together(group)
            return True
        except Unavailable as error:
            _fail(group, error)
            return False
        except BaseException as error:
            if len(group) == 1:
                # What would end a thread ends the operation only.
                ended = StoreError(f"the operation raised {type(error).__name__}")
                group[0].error = error if isinstance(error, Exception) else ended
                return True
        for number, entry in enumerate(group):
            if not self._commit([entry]):
                _fail(group[number + 1 :], Unavailable("the database did not answer"))
                return False
        return True

    def _together(self, group: Sequence[_Write]) -> None:
        transaction = self._begin()
        connection = self._connection
        assert connection is not None
        try:
            run = [entry for entry in group if not entry.abandoned]
            for entry in group:
                entry.error = None
            for entry in run:
                entry.result = entry.operation(transaction)
            if any(entry.abandoned for entry in run):  # while the database kept us waiting
                raise GivenUp("nobody waits for it any more")
            if self._ship is not None:
                self._ship(transaction)
            connection.commit()
        except Undecided as error:
            self._drop()
            raise CommitFailed(f"commit failed: {text_of_error(error.__cause__ or error)}") from error
        except BaseException as error:
            try:
                connection.rollback()
            except self.dialect.errors:
                self._drop()
            if connection.lost:
                self._drop()
            if isinstance(error, self.dialect.errors):
                raise StoreError(text_of_error(error)) from error
            raise

    def _begin(self) -> Transaction:
        """Begin; a connection that died while it was idle is replaced once."""
        for _ in range(2):
            fresh = self._connection is None
            try:
                if self._connection is None:
                    self._connection = self.dialect.connect(readonly=False)
                return self._connection.begin()
            except self.dialect.errors as error:
                again = not fresh and self._connection is not None and self._connection.lost
                self._drop()
                if not again:
                    raise Unavailable(text_of_error(error)) from error
        raise Unavailable("the database did not answer")

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except self.dialect.errors:
                pass

    # the reading threads

    def _read(self, operation: Callable[[Transaction], T]) -> T:
        for again in (True, False):
            connection: WriterConnection | None = getattr(self._local, "connection", None)
            try:
                if connection is None:
                    connection = self._local.connection = self.dialect.connect(readonly=True)
                    self._read_connections.append(connection)
                    again = False
                try:
                    result = operation(connection.begin())
                    connection.end()
                    return result
                finally:
                    connection.rollback()
            except self.dialect.errors as error:
                lost = connection is not None and connection.lost
                if connection is not None:
                    self._local.connection = None
                    self._read_connections.remove(connection)
                    connection.close()
                if not (again and lost):
                    raise StoreError(text_of_error(error)) from error
        raise StoreError("the database did not answer")


def text_of_error(error: BaseException) -> str:
    """The first line of a driver's error: the lines behind it may quote values."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error).partition("\n")[0][:300] or type(error).__name__


def _fail(group: Sequence[_Write], error: StoreError) -> None:
    for entry in group:
        entry.error = error


def _settle(group: Sequence[_Write]) -> None:
    """Wake all that wait, with one call into each event loop."""
    loops: dict[asyncio.AbstractEventLoop, list[_Write]] = {}
    for entry in group:
        loops.setdefault(entry.loop, []).append(entry)
    for loop, entries in loops.items():
        try:
            loop.call_soon_threadsafe(_resolve, entries)
        except RuntimeError:  # the loop was closed: nobody waits any more
            pass


def _resolve(entries: Sequence[_Write]) -> None:
    for entry in entries:
        if entry.future.done():
            continue  # cancelled by its waiter; the operation itself was carried out
        if entry.error is not None:
            entry.future.set_exception(entry.error)
        else:
            entry.future.set_result(entry.result)
