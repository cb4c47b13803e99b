"""Erases what belongs to no item that ends (storage/let_go.py): contents of reports that were decided, contents that belong
to nothing, agreements of the vault that were removed or are over.

A content that belongs to nothing may be the only copy of a mail after a restore (docs/adr/0003): it is reported at each
start, and goes when its time is over and still nothing names it.

Diagnostics: StoreError; what was not erased then is erased by the next round.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.retention import legal_holds
from quarantine.retention.destroying import Present, destroy, look, parts, still
from quarantine.retention.keeping import DAY
from quarantine.store import Store
from storage import keys, let_go
from storage.border import of_all
from storage.bound import apart
from storage.day_keys import DayKeys
from storage.interfaces import Transaction
from storage.let_go import LetGo, LetGoKind
from storage.statements import among

MOST = 5_000
"""That one round erases."""
PAGE = 500

_OPEN = of_all("SELECT DISTINCT blob FROM report WHERE blob <> '' AND state = 'open'")
"""Contents of reports that are not decided, of all tenants."""
_NAMED = of_all(
    "SELECT blob AS name FROM item WHERE blob IN ({0}) UNION SELECT original FROM item WHERE original IN ({0})"
    " UNION SELECT blob FROM report WHERE blob IN ({0})"
)
"""Those of some contents that an item or a report names, whosever."""


async def erase_others(store: Store, day_keys: DayKeys, days: Mapping[LetGoKind, float], now: float) -> int:
    """Erase what is due by `now`; how many. `days`: how long to keep, by LetGoKind. Raises StoreError."""
    due = []
    for kind in LetGoKind:
        due += await _due(store, day_keys, kind, now - days[kind] * DAY, now)
    present: Present = {}
    await look(store, day_keys, [each.key for each in due], present)
    erased = 0
    for some in parts(due):
        async with still(store):
            held = await legal_holds.held(store.database)
            free = [each for each in some if not _kept(each, held)]
            await destroy(store, day_keys, [each.key for each in free], present)
            contents = [each.key for each in free if each.kind is not LetGoKind.PASSPHRASE]
            await asyncio.gather(*(store.blobs.delete(key) for key in contents))
            await store.database.write(partial(_note, store, free, now))
        erased += len(free)
    return erased


async def _due(store: Store, day_keys: DayKeys, kind: LetGoKind, until: float, now: float) -> list[LetGo]:
    """What is over, and nothing keeps."""
    held = await legal_holds.held(store.database)
    found: list[LetGo] = []
    behind: LetGo | None = None
    while len(found) < MOST:
        page = await store.database.read(
            partial(let_go.due, kind=kind, until=until, behind=behind, page=PAGE)
        )
        staying = await _staying(store, kind, page)
        for each in page:
            day = keys.day_of(each.key)
            over = day is None or day_keys.over(day, now)
            if over and each.key not in staying and not _kept(each, held):
                found.append(each)
        if len(page) < PAGE:
            break
        behind = page[-1]
    return found


def _kept(each: LetGo, held: Mapping[str, Collection[str]]) -> bool:
    """Whether a legal hold keeps it. Only reports say whose they are."""
    names = held.get(each.tenant, ())
    return each.kind is LetGoKind.REPORT and any(name in names for name in each.names)


async def _staying(store: Store, kind: LetGoKind, some: Sequence[LetGo]) -> Collection[str]:
    """The contents that something names after all."""
    if not some or kind is LetGoKind.PASSPHRASE:
        return ()
    if kind is LetGoKind.REPORT:
        return {row["blob"] for row in await store.database.read(lambda t: t.execute(_OPEN))}
    chosen, values = among("k", [each.key for each in some])
    rows = await store.database.read(lambda t: t.execute(_NAMED.format(chosen), values))
    return {row["name"] for row in rows}


def _note(store: Store, some: Sequence[LetGo], now: float, transaction: Transaction) -> None:
    """Write down that they are erased; not what another node has written."""
    done = [each for mine, theirs in apart(transaction, some) for each in theirs if let_go.done(mine, each)]
    store.note(
        transaction,
        [
            Entry(
                now, JournalEvent.ERASED, store.node, "", "", each.tenant,
                {"kind": each.kind.value, **({"of": each.of} if each.of else {})},
            )
            for each in done
        ],
    )  # fmt: skip
