"""What is remembered of mail goes by months, years after the mail (OPS-LOG: 36 by default): the journal's entries, what is
found again by them, items with their texts, decided reports (docs/adr/0058).

A chain of the journal loses whole months from its beginning. An entry of the chain says so first, then a tombstone with a
keyed mark grows with each block, so that `sekisho journal verify` still proves what is left. Nothing goes of a chain that is
not whole, or of a tenant's journal and reports as long as a legal hold of theirs stands: a chain has no gaps, and a report
says which content is meant.

Diagnostics: StoreError; what did not go then goes with a later round.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from functools import partial

import structlog

from config.log_events import LogEvent
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.reported import fingerprints
from quarantine.retention import legal_holds
from quarantine.search import index as text_index
from quarantine.store import Store
from storage import journal
from storage.interfaces import Already, Row, StoreError, Transaction
from storage.journal import Mark, Tombstone
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
_FORGET_REPORTS = "DELETE FROM report WHERE tenant = :tenant AND state <> 'open' AND at < :before"


def month_before(now: float, months: int) -> float:
    """The beginning (UTC seconds) of the month that lies so many months before that of `now`."""
    today = datetime.fromtimestamp(now, UTC)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC).timestamp()


async def age(store: Store, seal: Seal, months: int, now: float) -> int:
    """Let go what is older than so many months; how many entries and items. `seal` marks the tombstones. Raises StoreError."""
    before = month_before(now, months)
    held = await legal_holds.held(store.database)
    gone = 0
    for chain, tenant in (await journal.begun(store.database)).items():
        if tenant not in held:
            gone += await _shorten(store, chain, tenant, seal, before, now)
    for tenant in await journal.tenants(store.database):
        gone += await _forget_items(store, tenant, before)
        if tenant not in held:
            await store.database.write(partial(_forget_others, tenant, before))
    return gone


async def _shorten(store: Store, chain: str, tenant: str, seal: Seal, before: float, now: float) -> int:
    """Let the entries at the beginning of a chain go that are older than `before`; how many."""
    database = store.database
    begin = await journal.tombstone(database, chain)
    last: Row | None = None
    try:
        if begin.seq and not journal.is_tombstone(chain, begin, seal.is_mark):
            raise StoreError(f"the tombstone of {chain} was not made with our key")
        async for rows in _entries(store, chain, begin, before):
            last = rows[-1]
    except StoreError as error:
        log.error(LogEvent.JOURNAL_NOT_WHOLE, chain=chain, error=str(error))
        return 0
    if last is None:
        return 0
    detail = {
        "before": f"{datetime.fromtimestamp(before, UTC):%Y-%m}",
        "seq": last["seq"],
        "hash": last["hash"],
    }
    entry = Entry(now, JournalEvent.JOURNAL_EXPIRED, store.node, tenant=tenant, detail=detail)
    await database.write(lambda t: journal.append(t, journal.node_of(chain), [entry]))
    gone = 0
    try:
        async for rows in _entries(store, chain, begin, before):
            await database.write(partial(_cut, chain, tenant, begin, rows, now, seal.mark))
            begin = await journal.tombstone(database, chain)
            gone += len(rows)
            await asyncio.sleep(REST)
    except Already:  # another node is at it
        pass
    return gone


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
        seq, hash = seq + 1, journal.link(hash, row)
        if row["seq"] != seq or row["hash"] != hash:
            raise StoreError(f"the journal is not whole at entry {seq} of {chain}: it keeps its old entries")
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


async def _forget_items(store: Store, tenant: str, before: float) -> int:
    """Forget the items of a tenant, with their texts and their places in the index; those that a legal hold keeps stay."""
    gone, at, after = 0, 0.0, ""
    while True:
        values = {"tenant": tenant, "before": before, "at": at, "after": after, "page": PAGE}
        rows = await store.database.read(lambda t, values=values: t.execute(_OLD_ITEMS, values))  # type: ignore[misc]
        kept = await legal_holds.kept(store.database, rows)
        if ids := [row["id"] for row in rows if row["id"] not in kept]:
            await store.database.write(partial(_forget, tenant, ids))
            gone += len(ids)
        if len(rows) < PAGE:
            break
        at, after = rows[-1]["accepted_at"], rows[-1]["id"]
        await asyncio.sleep(REST)
    more = True
    while more:
        more = await store.database.write(partial(text_index.forget, tenant=tenant, before=before))
        await asyncio.sleep(REST * more)
    return gone


def _forget(tenant: str, ids: Sequence[str], transaction: Transaction) -> None:
    chosen, values = among("i", ids)
    transaction.execute(_FORGET_ITEMS.format(chosen), {**values, "tenant": tenant})


def _forget_others(tenant: str, before: float, transaction: Transaction) -> None:
    transaction.execute(_FORGET_REPORTS, {"tenant": tenant, "before": before})
