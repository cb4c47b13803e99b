"""Destroys keys of contents that have ended, and knows which other keys have to stay.

Who destroys asks once more what has to stay, in a turn (`still`) in which nobody can say anything else.

What remains is named twice before the key of a day goes: by what the stores list, and by the rows that name contents,
should a store be somewhere else just now.

Diagnostics: StoreError.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence, Set
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from typing import TypeVar

from directory import vault
from quarantine.store import Store
from storage import keys, let_go
from storage.border import of_all
from storage.contents import Contents
from storage.day_keys import DayKeys
from storage.interfaces import Transaction

T = TypeVar("T")

BATCH = 100
"""Things that are looked at, deleted or written down at a time."""
PAGE = 2_000
"""Rows of a listing."""

_ITEMS = of_all(
    "SELECT id AS place, blob, original FROM item WHERE erased_at IS NULL AND id > :after ORDER BY id LIMIT :page"
)
"""What names contents that are kept, of all tenants."""
_REPORTS = of_all(
    "SELECT id AS place, blob, '' AS original FROM report"
    " WHERE blob <> '' AND state = 'open' AND id > :after ORDER BY id LIMIT :page"
)
"""As _ITEMS; what was decided has its place among what is let go."""


def still(store: Store) -> AbstractAsyncContextManager[None]:
    """While this is entered, nobody else of any node erases contents, or says what is not to be erased. Not to be entered
    twice. Raises StoreError."""
    return store.blobs.still() if isinstance(store.blobs, Contents) else nullcontext()


Present = dict[tuple[str, int], set[str]]
"""Every name of some days of tenants that has to keep its key."""


async def look(store: Store, day_keys: DayKeys, names: Iterable[str], present: Present) -> None:
    """Add to `present` the days of these contents of which nothing was destroyed yet: one listing for all of them, and none
    where there are none. Nothing comes to a day that is over. Raises StoreError."""
    days = {day for day in by_day(names) if day not in present and day_keys.is_whole(*day)}
    present |= await _present(store, days)


async def destroy(store: Store, day_keys: DayKeys, names: Sequence[str], present: Present) -> None:
    """Destroy the keys of these contents, of days that are over; on return nobody has them. `present` as `look` left it.
    Raises StoreError."""
    gone = by_day(names)
    await look(store, day_keys, names, present)
    for (tenant, day), some in gone.items():
        await day_keys.destroy(tenant, day, some, present.get((tenant, day), ()))


def by_day(names: Iterable[str]) -> dict[tuple[str, int], set[str]]:
    """The names that have a key, by tenant and day."""
    found: dict[tuple[str, int], set[str]] = {}
    for name in names:
        if (day := keys.day_of(name)) is not None:
            found.setdefault((keys.tenant_of(name), day), set()).add(name)
    return found


def parts(of: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    return (of[start : start + size] for start in range(0, len(of), size))


async def _present(store: Store, days: Set[tuple[str, int]]) -> Present:
    found: Present = {day: set() for day in days}
    if not days:
        return found

    def keep(names: Iterable[str]) -> None:
        for day, some in by_day(names).items():
            if day in days:
                found[day].update(some)

    async for page in store.blobs.keys():
        keep(page)
    async for page in _named(store):
        keep(page)
    return found


async def _named(store: Store) -> AsyncIterator[list[str]]:
    """What rows name, in pages."""
    for statement in (_ITEMS, _REPORTS):
        async for rows in _pages(store, partial(_rows, statement)):
            yield [name for _, *names in rows for name in names if name]
    for listing in (vault.names, let_go.waiting):
        async for rows in _pages(store, partial(_single, listing)):
            yield [name for (name,) in rows]


async def _pages(
    store: Store, read: Callable[[str, Transaction], list[tuple[str, ...]]]
) -> AsyncIterator[list[tuple[str, ...]]]:
    """Pages of what `read` finds behind a place, which stands first in each of them."""
    after = ""
    while rows := await store.database.read(partial(read, after)):
        yield rows
        after = rows[-1][0]


def _rows(statement: str, after: str, transaction: Transaction) -> list[tuple[str, ...]]:
    rows = transaction.execute(statement, {"after": after, "page": PAGE})
    return [(row["place"], row["blob"], row["original"]) for row in rows]


def _single(
    listing: Callable[[Transaction, str, int], list[str]], after: str, transaction: Transaction
) -> list[tuple[str, ...]]:
    return [(name,) for name in listing(transaction, after, PAGE)]
