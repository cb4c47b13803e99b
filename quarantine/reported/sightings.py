"""Retro-search: which mails had the same sender, subject, link, file, and who got them (IN-REPORT).

The table of sightings says which mails to look at; what is answered comes from the journal, which is the evidence, and
from the items that are still there. A mail that the journal does not tell of is not answered.
"""

import math
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from filters.examined import Summary
from filters.finding import Finding
from filters.rule import REGISTRY
from mail.address import without_tag
from quarantine.events import JournalEvent
from quarantine.item import Entry, Event, Item, State, Status
from quarantine.reported.fingerprints import FORGET, Trait, note, rows_of, trace, traits_of
from quarantine.store import Query, Store
from storage import journal
from storage.bound import bound
from storage.interfaces import Transaction
from storage.statements import among

MOST = 5_000
"""Mails that one search answers, the newest."""
_BATCH = 200
GOT, HELD, LATER = "delivered", "held", "waiting"
"""What a recipient of a mail can be besides failed and withdrawn: `waiting` is on its way to the mailbox host."""

_FIND = (
    "SELECT mail_id, at FROM sighting WHERE tenant = :tenant AND trace = :trace AND at >= :since"
    " ORDER BY at DESC LIMIT :limit"
)
"""Mails with a trait, the newest first; one that came in several copies stands there as often."""
_WALK = (
    "SELECT DISTINCT mail_id, at FROM sighting WHERE tenant = :tenant AND trace = :trace AND at >= :since"
    " AND (at < :at OR (at = :at AND mail_id > :mail_id)) ORDER BY at DESC, mail_id LIMIT :limit"
)
"""The next mails with a trait behind a place in this order."""
_COUNT = f"SELECT COUNT(DISTINCT mail_id) AS number FROM ({_FIND}) AS latest"  # noqa: S608
_ENTRIES = (
    "SELECT * FROM journal WHERE mail_id IN ({}) AND tenant = :tenant AND event IN"
    " ('hand_over', 'pass', 'next_hop_refused', 'accept') ORDER BY at, seq"
)
"""What the journal tells of the arrival of these mails."""


class Got(msgspec.Struct, frozen=True):
    """One recipient of a mail, and what became of it there; "" when nobody knows any more."""

    address: str
    status: str
    at: float

    @property
    def has_it(self) -> bool:
        """True when the mail may lie in this mailbox."""
        return self.status in (GOT, LATER, "")


class Sighted(msgspec.Struct, frozen=True):
    """An arriving mail as the journal tells of it. `waiting`: ids of its items that have not ended."""

    mail_id: str
    at: float
    summary: Summary
    findings: tuple[Finding, ...] = ()
    warned: bool = False
    got: tuple[Got, ...] = ()
    waiting: tuple[str, ...] = ()
    traits: frozenset[Trait] = frozenset()

    def among(self, mailboxes: Iterable[str]) -> list[Got]:
        """The recipients at these mailboxes (addresses in lower case, without sub-addresses)."""
        mine = frozenset(mailboxes)
        return [g for g in self.got if without_tag(g.address) in mine]


class Sightings:
    """The mails that arrived, to be found by their traits."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def mail(self, mail_id: str, tenant: str) -> Sighted | None:
        """One mail; None when no such mail arrived here for this tenant."""
        found = await self._read([mail_id], tenant)
        return found[0] if found else None

    async def find(
        self, wanted: Iterable[Trait], tenant: str, *, since: float = 0.0, limit: int = MOST
    ) -> list[Sighted]:
        """The mails that have at least one of the traits, newest first."""
        traits = set(wanted)
        times: dict[str, float] = {}
        for trait in traits:
            for mail_id, at in await self._ids(trait, tenant, since, limit):
                times[mail_id] = max(at, times.get(mail_id, 0.0))
        ids = sorted(times, key=lambda i: (-times[i], i))[:limit]
        found = []
        for start in range(0, len(ids), _BATCH):
            found += await self._read(ids[start : start + _BATCH], tenant)
        return sorted((s for s in found if s.traits & traits), key=lambda s: (-s.at, s.mail_id))

    async def walk(self, trait: Trait, tenant: str, *, since: float = 0.0) -> AsyncIterator[Sighted]:
        """Every mail that has the trait, newest first: for who looks for one among them, and may stop."""
        place = {"at": math.inf, "mail_id": ""}
        values = {"tenant": tenant, "trace": trace(tenant, trait), "since": since, "limit": _BATCH}
        while True:
            asked = {**values, **place}
            rows = await bound(self._store.database, tenant).read(lambda t, v=asked: t.execute(_WALK, v))  # type: ignore[misc]
            if not rows:
                return
            place = {"at": rows[-1]["at"], "mail_id": rows[-1]["mail_id"]}
            mails = await self._read(list(dict.fromkeys(row["mail_id"] for row in rows)), tenant)
            for mail in sorted((m for m in mails if trait in m.traits), key=lambda m: (-m.at, m.mail_id)):
                yield mail

    async def count(self, trait: Trait, tenant: str, *, since: float = 0.0) -> int:
        """How many mails have the trait, counted up to MOST."""
        values = {"tenant": tenant, "trace": trace(tenant, trait), "since": since, "limit": MOST}
        rows = await bound(self._store.database, tenant).read(lambda t: t.execute(_COUNT, values))
        return int(rows[0]["number"])

    async def _ids(self, trait: Trait, tenant: str, since: float, limit: int) -> list[tuple[str, float]]:
        values = {"tenant": tenant, "trace": trace(tenant, trait), "since": since, "limit": 2 * limit}
        rows = await bound(self._store.database, tenant).read(lambda t: t.execute(_FIND, values))
        latest: dict[str, float] = {}
        for row in rows:
            latest.setdefault(row["mail_id"], row["at"])
        return list(latest.items())[:limit]

    async def _read(self, ids: Sequence[str], tenant: str) -> list[Sighted]:
        names, values = among("i", ids)
        wanted = {**values, "tenant": tenant}
        rows = await bound(self._store.database, tenant).read(
            lambda t: t.execute(_ENTRIES.format(names), wanted)
        )
        entries: dict[str, list[Entry]] = {}
        refused: set[str] = set()
        for entry in map(journal.entry, rows):
            if entry.event == JournalEvent.NEXT_HOP_REFUSED:
                refused.add(entry.mail_id)
            elif "direction" not in entry.detail or entry.detail["direction"] == "inbound":
                entries.setdefault(entry.mail_id, []).append(entry)
        items: dict[str, list[Item]] = {}
        if entries:
            query = Query(tenant=tenant, direction="inbound", mail_ids=tuple(entries), limit=20 * _BATCH)
            for item in await self._store.find(query):
                items.setdefault(item.mail_id, []).append(item)
        arrived = {i: told for i, told in entries.items() if any(e.detail.get("direction") for e in told)}
        return [sighted(i, told, items.get(i, ())) for i, told in arrived.items() if i not in refused]


def sighted(mail_id: str, entries: Sequence[Entry], items: Iterable[Item] = ()) -> Sighted:
    """A mail out of the entries that tell of its arrival and of the items that are left of it."""
    got: dict[str, Got] = {}
    kept = {item.id: item for item in items}
    passed = any(e.event == JournalEvent.PASS for e in entries)
    for entry in entries:
        item = kept.get(entry.item)
        if entry.event != Event.ACCEPT:
            for address in _texts(entry.detail.get("to")):
                got.setdefault(address, Got(address, GOT if passed else "", entry.at))
        elif item is None:
            for address in _texts(entry.detail.get("to")):
                got[address] = Got(address, "", entry.at)
    for item in kept.values():
        for r in item.recipients:
            status = _STATUS.get(r.status, r.status.value)
            if r.status is Status.WAITING and item.state is State.HELD:
                status = HELD
            got[r.path.address] = Got(r.path.address, status, r.at or item.accepted_at)
    detail = next((e.detail for e in entries if "author" in e.detail), entries[0].detail)
    first = next(iter(kept.values()), None)
    told = "author" in detail or first is None
    return Sighted(
        mail_id,
        min(e.at for e in entries),
        _summary(detail) if told or first is None else first.summary,
        _findings(detail) if told or first is None else first.findings,
        any(e.detail.get("warned") for e in entries),
        tuple(got.values()),
        tuple(i.id for i in kept.values() if i.state in (State.HELD, State.QUEUED)),
        frozenset(t for e in entries for t in traits_of(e.detail)),
    )


_STATUS = {Status.WAITING: LATER, Status.DEFERRED: LATER, Status.DELIVERED: GOT}


def _summary(detail: Mapping[str, Any]) -> Summary:
    texts = {n: str(detail.get(n, "")) for n in ("subject", "author", "author_name", "message_id")}
    lists = {n: tuple(_texts(detail.get(n))) for n in ("attachments", "hosts", "files")}
    return Summary(**texts, **lists)  # type: ignore[arg-type]


def _findings(detail: Mapping[str, Any]) -> tuple[Finding, ...]:
    why = detail.get("why")
    found = []
    for each in why if isinstance(why, list) else ():
        name, values = each
        rule = REGISTRY.get(str(name))
        found.append(Finding(str(name), rule.control if rule else "", values=values))
    return tuple(found)


def _texts(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else []


async def rebuild(store: Store, page: int = journal.PAGE) -> int:
    """Rebuild the sightings from the journal, page by page beside a running node; answers how many there are.

    What is there already is replaced by itself, so that it may be done at any time and again after it broke off.
    """
    number = 0
    for chain in await journal.chains(store.database):
        after = 0
        while True:
            values = {"node": chain, "after": after, "page": page}
            rows = await store.database.read(lambda t, v=values: t.execute(journal.PAGES, v))  # type: ignore[misc]
            entries = [journal.entry(row) for row in rows]
            made = rows_of(entries)

            def replace(
                transaction: Transaction, entries: list[Entry] = entries, made: list[dict[str, Any]] = made
            ) -> None:
                transaction.executemany(FORGET, made)
                note(transaction, entries)

            if made or any(e.event == JournalEvent.NEXT_HOP_REFUSED for e in entries):
                await store.database.write(replace)
                number += len(made)
            if len(rows) < page:
                break
            after = rows[-1]["seq"]
    return number
