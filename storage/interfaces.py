"""What the rest of the program may expect of a database and of a blob store.

Every implementation passes the same suite (tests/contract). StoreError means "not stored, and nobody was
told otherwise": at the protocol edge it becomes 451.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

from storage.content import Content

T = TypeVar("T")
Row = Mapping[str, Any]


class StoreError(Exception):
    """The store could not do what was asked; nothing was changed."""


class Already(StoreError):
    """Somebody else has done it: another node, or this one before a restart."""


class Unknown(StoreError):
    """The store did not say whether it has done what was asked: it may have, or may still do it."""


class Transaction(Protocol):
    """One store transaction. SQL is the common subset of SQLite and PostgreSQL with :name parameters.

    memory                   scratch space of this transaction: empty at its start, gone at its end
    for_update, skip_locked  what to append to a SELECT whose rows will be changed, or claimed by one of
                             many nodes; "" where the transaction already keeps every other writer out
    """

    memory: dict[str, Any]

    @property
    def owns_schema(self) -> bool:
        """Whether whoever we are for the database may change its tables."""

    @property
    def for_update(self) -> str: ...

    @property
    def skip_locked(self) -> str: ...

    def execute(self, sql: str, parameters: Mapping[str, Any] = {}) -> list[Row]:
        """Run one statement; the rows it returns (also of INSERT/UPDATE … RETURNING), [] when there are none."""

    def executemany(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None: ...

    def changed(self) -> int:
        """How many rows the last `execute` changed."""

    def at_end(self, name: str, operation: "Callable[[Transaction], None]") -> None:
        """Run once after all operations of the group, before the commit; the same name again replaces it."""

    def lock_schema(self) -> None:
        """Keep every other node from changing the schema until this transaction ends."""


class Database(Protocol):
    """A database with one committing writer per process.

    Operations handed to `write` at about the same time share one transaction (group commit), so an
    operation must be repeatable: a plain function of the transaction, without side effects of its own. If
    one of a group raises, the group is rolled back and each is run alone; `write` raises what its own did.
    """

    async def write(self, operation: Callable[[Transaction], T]) -> T:
        """Run in a transaction; returns after the commit is on stable storage."""

    async def read(self, operation: Callable[[Transaction], T]) -> T: ...

    async def close(self) -> None: ...


class Entry(msgspec.Struct, frozen=True):
    """One line of the journal: who did what to what, when. `detail` holds no content and no secret."""

    at: float
    event: str
    actor: str
    item: str = ""
    mail_id: str = ""
    tenant: str = "default"
    detail: dict[str, Any] = {}


class Blob(msgspec.Struct, frozen=True):
    """A stored content: its opaque key, its size in bytes and its SHA-256 (hex)."""

    key: str
    size: int
    sha256: str


class Draft(Protocol):
    """Content that is arriving: small in memory, larger in a file of the spool's tmp/; not yet durable.

    Bounded: the caller enforces the size limit. A draft that is neither put nor discarded disappears with
    the process (and is swept at start).
    """

    size: int

    def write(self, data: bytes | memoryview) -> None:
        """Append. Called in the event loop: buffered, and quick."""

    def view(self) -> memoryview:
        """All bytes so far, read-only (mapped when they are in a file). Valid until `discard`."""

    def fileno(self) -> int | None:
        """A read-only descriptor of the file, or None while the content is in memory."""

    def discard(self) -> None:
        """Forget it. Idempotent; also frees the view and the descriptor."""


class Blobs(Protocol):
    """A blob store. Keys are made by the store and name the tenant (storage/keys.py); content never changes."""

    def draft(self) -> Draft: ...

    async def put(self, pieces: Iterable[bytes | memoryview], tenant: str) -> Blob:
        """Store the concatenation of the pieces as this tenant's; returns when it is on stable storage under its
        final name."""

    async def get(self, key: str) -> Content:
        """The content, to be read in chunks. Raises StoreError when it is missing or damaged in length."""

    async def delete(self, key: str) -> None:
        """Idempotent."""

    def keys(self) -> AsyncIterator[list[str]]:
        """All keys in pages, for the reconciliation and for backups."""

    def room(self, wanted: int = 0) -> bool:
        """False when so little space is left that mail must be refused for now (452) before it is lost."""

    async def close(self) -> None: ...
