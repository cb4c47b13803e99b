"""What is remembered of mail goes by months, years after the mail (OPS-LOG: 36 by default): the journal's entries, what is
found again by them, items with their texts, decided reports (docs/adr/0058).

A chain of the journal loses whole months from its beginning. An entry of the chain says so first, then a tombstone with a
keyed mark grows with each block, so that `sekisho journal verify` still proves what is left. Nothing goes of a chain that is
not whole, by its links, its checkpoints and the heads that this node carried elsewhere; so chains of other nodes are left to
those, for a month. As a chain has no gaps, it keeps the months from the first one on that tells of whom a legal hold names.

Diagnostics: StoreError; what did not go then goes with a later round.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import partial

import structlog

from config.log_events import LogEvent
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.queue import restoring
from quarantine.reported import fingerprints
from quarantine.retention import legal_holds
from quarantine.retention.destroying import still
from quarantine.retention.touched import entry_touches, says
from quarantine.search import index as text_index
from quarantine.store import Store
from storage import heads, journal
from storage.bound import bound
from storage.interfaces import Already, Row, StoreError, Transaction
from storage.journal import Mark, Tombstone
from storage.journal_links import MarkedHead, again
from storage.seal import Seal
from storage.statements import among

log = structlog.get_logger()

PAGE = 500
"""Rows that are read, or go, at a time: a hundredth of a second of writing."""
REST = 0.1
"""Seconds between two of these, for the mail."""

_OLD_ITEMS = (
    "SELECT id, tenant, mail_id, owner, reverse_path, accepted_at FROM item WHERE tenant = :tenant AND accepted_at < :before"
    " AND erased_at IS NOT NULL AND (accepted_at > :at OR (accepted_at = :at AND id > :after))"
    " ORDER BY accepted_at, id LIMIT :page"
)
"""Items whose contents were erased, the oldest first."""
_FORGET_ITEMS = "DELETE FROM item WHERE tenant = :tenant AND id IN ({})"
"""Their recipients, and what was asked about them, go with them."""
_OLDEST_HELD = (
    "SELECT id, tenant, mail_id, owner, reverse_path, accepted_at FROM item WHERE tenant = :tenant AND accepted_at < :before"
    " AND (accepted_at > :at OR (accepted_at = :at AND id > :after)) ORDER BY accepted_at, id LIMIT :page"
)
"""As _OLD_ITEMS, with those whose contents are still there."""
_OLD_REPORTS = (
    "SELECT id, reporter, mail_id, found FROM report WHERE tenant = :tenant AND state <> 'open' AND at < :before"
    " AND id > :after ORDER BY id LIMIT :page"
)
_FORGET_REPORTS = "DELETE FROM report WHERE tenant = :tenant AND id IN ({})"


def month_before(now: float, months: int) -> float:
    """The beginning (UTC seconds) of the month that lies so many months before that of `now`."""
    today = datetime.fromtimestamp(now, UTC)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC).timestamp()


class NotWhole(StoreError):
    """A chain of the journal is not what it was."""


class Aging:
    """Lets go what is older than so many months. `seal` marks the tombstones; `kept` answers the heads that this node carried
    elsewhere, and raises OSError (it blocks)."""

    def __init__(
        self, store: Store, seal: Seal, months: int, kept: Callable[[], Sequence[MarkedHead]] = tuple
    ) -> None:
        self._store = store
        self._seal = seal
        self._months = months
        self._kept = kept
        self._stay: dict[str, object] = {}
        """Chains of which nothing goes because of a legal hold, and as what that was found: it takes long."""

    async def age(self, now: float) -> int:
        """How many entries and items went. Raises StoreError."""
        store, before = self._store, month_before(now, self._months)
        gone = 0
        for chain, tenant in (await journal.begun(store.database)).items():
            ours = journal.node_of(chain).partition("/")[0] == store.node
            until = before if ours else month_before(now, self._months + 1)
            try:
                gone += await self._shorten(chain, tenant, until, now)
            except NotWhole as error:
                log.error(LogEvent.JOURNAL_NOT_WHOLE, chain=chain, error=str(error))
        for tenant in await journal.tenants(store.database):
            gone += await _forget_items(store, tenant, before)
            await _forget_reports(store, tenant, before)
        return gone

    async def _shorten(self, chain: str, tenant: str, before: float, now: float) -> int:
        """Let the entries at the beginning of a chain go that are older than `before`; how many."""
        store, database = self._store, self._store.database
        begin = await journal.tombstone(database, chain)
        if begin.seq and not journal.is_tombstone(chain, begin, self._seal.is_mark):
            raise NotWhole(f"the tombstone of {chain} was not made with our key")
        names = frozenset((await legal_holds.held(database)).get(tenant, ()))
        found_as = (begin.seq, names, before)
        if self._stay.get(chain) == found_as:
            return 0
        until = await _oldest_held(store, tenant, before) if names else before
        last, until = await _last(store, chain, begin, until, names)
        if last is None:
            if names:
                self._stay[chain] = found_as
            return 0
        await self._prove(chain)
        gone, written = 0, False
        try:
            async for rows in _entries(store, chain, begin, until):
                async with still(store):
                    if frozenset((await legal_holds.held(database)).get(tenant, ())) - names:
                        return gone  # somebody is held now: the next round sees who
                    if not written:
                        await self._announce(chain, tenant, last, until, now)
                        written = True
                    await database.write(partial(_cut, chain, tenant, begin, rows, now, self._seal.mark))
                begin = await journal.tombstone(database, chain)
                gone += len(rows)
                await asyncio.sleep(REST)
        except Already:  # another node is at it
            pass
        return gone

    async def _prove(self, chain: str) -> None:
        """Raises NotWhole where something says that the chain is not what it was."""
        try:
            kept = await asyncio.to_thread(self._kept)
        except OSError as error:
            raise NotWhole(f"the heads that were carried away cannot be read: {error}") from error
        lost = await self._store.database.read(lambda t: restoring.restores(t, self._seal.is_mark))
        known = [
            h for h in kept if not any(h.chain == r.chain and h.seq > r.seq and h.at < r.at for r in lost)
        ]
        carried, breaks, _ = heads.anchors(known, self._seal.is_mark)
        found = next((each for each in breaks if each.chain == chain), None) or await journal.verify(
            self._store.database, chain, carried.get(chain, {}), self._seal.is_mark
        )
        if found is not None:
            raise NotWhole(f"entry {found.seq}: {found.problem}")

    async def _announce(self, chain: str, tenant: str, last: Row, until: float, now: float) -> None:
        detail = {
            "before": f"{datetime.fromtimestamp(until, UTC):%Y-%m}", "seq": last["seq"], "hash": last["hash"],
        }  # fmt: skip
        entry = Entry(now, JournalEvent.JOURNAL_EXPIRED, self._store.node, tenant=tenant, detail=detail)
        await bound(self._store.database, tenant).write(
            lambda t: journal.append(t, journal.node_of(chain), [entry])
        )


async def _last(
    store: Store, chain: str, begin: Tombstone, before: float, names: Collection[str]
) -> tuple[Row | None, float]:
    """The last entry that can go, and the month before which that is: none of whom is held is told of up to there."""
    last: Row | None = None
    async for rows in _entries(store, chain, begin, before):
        for row in rows if names else ():
            if entry_touches(row, names):
                return await _last(store, chain, begin, month_before(row["at"], 0), names)
        last = rows[-1]
    return last, before


async def _oldest_held(store: Store, tenant: str, before: float) -> float:
    """The beginning of the month of the oldest item that a legal hold keeps, `before` where that is later."""
    async for rows, kept in _items(store, _OLDEST_HELD, tenant, before):
        for row in rows:
            if row["id"] in kept:
                return month_before(row["accepted_at"], 0)
    return before


async def _entries(store: Store, chain: str, begin: Tombstone, before: float) -> AsyncIterator[Sequence[Row]]:
    """The entries at the beginning of a chain that are older, in pages. Raises StoreError where the chain is not whole."""
    seq, hash = begin.seq, begin.hash
    while True:
        rows = await store.database.read(partial(_page, chain, seq, hash, before))
        if rows:
            yield rows
            seq, hash = rows[-1]["seq"], rows[-1]["hash"]
        if len(rows) < PAGE:
            return


def _page(chain: str, seq: int, hash: str, before: float, transaction: Transaction) -> Sequence[Row]:
    rows = transaction.execute(journal.PAGES, {"node": chain, "after": seq, "page": PAGE})
    for place, row in enumerate(rows):
        if row["at"] >= before:
            return rows[:place]
        seq, hash = seq + 1, again(hash, row)
        if row["seq"] != seq or row["hash"] != hash:
            raise NotWhole(f"the journal is not whole at entry {seq} of {chain}: it keeps its old entries")
    return rows


def _cut(
    chain: str,
    tenant: str,
    begin: Tombstone,
    rows: Sequence[Row],
    now: float,
    mark: Mark,
    transaction: Transaction,
) -> None:
    journal.cut(transaction, chain, tenant, begin, rows[-1], now, mark)
    fingerprints.forget(transaction, [journal.entry(row) for row in rows])


Page = tuple[Sequence[Row], Collection[str]]


async def _items(store: Store, statement: str, tenant: str, before: float) -> AsyncIterator[Page]:
    """Pages of old items of a tenant, each with the ids of those that a legal hold keeps."""
    at, after = 0.0, ""
    while True:
        values = {"tenant": tenant, "before": before, "at": at, "after": after, "page": PAGE}
        rows = await bound(store.database, tenant).read(lambda t, values=values: t.execute(statement, values))  # type: ignore[misc]
        yield rows, await legal_holds.kept(store.database, rows)
        if len(rows) < PAGE:
            return
        at, after = rows[-1]["accepted_at"], rows[-1]["id"]


async def _forget_items(store: Store, tenant: str, before: float) -> int:
    """Forget the items of a tenant, with their texts and their places in the index; those that a legal hold keeps stay."""
    gone = 0
    async for rows, _ in _items(store, _OLD_ITEMS, tenant, before):
        async with still(store):
            kept = await legal_holds.kept(store.database, rows)
            if ids := [row["id"] for row in rows if row["id"] not in kept]:
                await bound(store.database, tenant).write(partial(_forget, _FORGET_ITEMS, tenant, ids))
                gone += len(ids)
        await asyncio.sleep(REST * (len(rows) == PAGE))
    more = True
    while more:
        more = await bound(store.database, tenant).write(
            partial(text_index.forget, tenant=tenant, before=before)
        )
        await asyncio.sleep(REST * more)
    return gone


async def _forget_reports(store: Store, tenant: str, before: float) -> None:
    """Forget decided reports; those of which a legal hold names something stay."""
    after, mine = "", bound(store.database, tenant)
    while True:
        values = {"tenant": tenant, "before": before, "after": after, "page": PAGE}
        rows = await mine.read(lambda t, values=values: t.execute(_OLD_REPORTS, values))  # type: ignore[misc]
        async with still(store):
            names = (await legal_holds.held(store.database)).get(tenant, set())
            if ids := [row["id"] for row in rows if not (names and _is_of(row, names))]:
                await mine.write(partial(_forget, _FORGET_REPORTS, tenant, ids))
        if len(rows) < PAGE:
            return
        after = rows[-1]["id"]
        await asyncio.sleep(REST)


def _is_of(report: Row, names: Collection[str]) -> bool:
    return report["reporter"] in names or report["mail_id"] in names or says(report["found"], names)


def _forget(statement: str, tenant: str, ids: Sequence[str], transaction: Transaction) -> None:
    chosen, values = among("i", ids)
    transaction.execute(statement.format(chosen), {**values, "tenant": tenant})
