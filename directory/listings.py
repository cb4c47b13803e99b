"""Allow and block lists: which senders, link hosts and files our people decided about, who did, and until when.

Mail asks for each message: the entries in force are kept in memory and read again every AGE seconds, so an entry
made on another node counts there at once and here a moment later.

Diagnostics: ValueError for a subject that does not fit its kind; StoreError.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Sequence

import msgspec

from directory.answer_cache import Recent
from directory.roster import ADDRESSES
from filters.listing import ADDRESS, BLOCK, DOMAIN, FILE, HOST, KINDS, LISTS, Listing, subjects
from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Database, Row, Transaction
from storage.statements import among, insert_into

AGE = 5.0
MOST = 50_000
"""Entries in force of one tenant that are kept; the newest count."""
LONGEST = 366 * 86_400.0
"""Seconds: no decision about a sender lasts longer than a year."""

_DOMAIN = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


class ListDecision(msgspec.Struct, frozen=True):
    """A row: the entry with who made it, why, and its times (UTC seconds). `person` "" = for everybody.

    alert     1: those who got such a link or file before are still to be alerted
    alerted   how many people were
    """

    id: str
    tenant: str
    list: str
    kind: str
    subject: str
    person: str
    owner: str
    reason: str
    created_at: float
    expires_at: float
    alert: int = 0
    alerted: int = 0


_COLUMNS = ListDecision.__struct_fields__
_INSERT = insert_into("listings", _COLUMNS)
_REPLACE = (
    "DELETE FROM listings WHERE tenant = :tenant AND kind = :kind AND subject = :subject AND person = :person"
)
"""What a new entry takes the place of, on whichever list it stands."""
_DELETE = (
    "DELETE FROM listings WHERE id = :id AND tenant = :tenant AND expires_at > :now"
    " AND (:everybody = 1 OR person = :person) RETURNING *"
)
_ANY = "SELECT 1 FROM listings WHERE tenant = :tenant LIMIT 1"
_ALL = (
    "SELECT * FROM listings WHERE tenant = :tenant AND expires_at > :now AND (:everybody = 1 OR person = :person)"
    " ORDER BY created_at DESC, id LIMIT :limit"
)
"""Entries in force, newest first: everybody's, or one person's ("" = those that hold for everybody)."""
_WITHDRAW = "DELETE FROM listings WHERE tenant = :tenant AND id IN ({})"
_PROLONG = "UPDATE listings SET expires_at = :until WHERE tenant = :tenant AND id IN ({})"
_ALERTING = of_all("SELECT * FROM listings WHERE alert = 1 AND expires_at > :now ORDER BY created_at, id")
_SETTLED = "UPDATE listings SET alert = 0 WHERE id = :id AND tenant = :tenant"
_ALERTED = "UPDATE listings SET alerted = alerted + :people WHERE id = :id AND tenant = :tenant"
_FIND = (
    "SELECT l.id, l.list, l.kind, l.subject, l.person, a.address FROM listings l"  # noqa: S608
    f"{ADDRESSES}"
    " WHERE l.tenant = :tenant AND l.subject IN ({}) AND l.expires_at > :now"
)
"""Entries about some subjects, once for each address of the person for whom they hold."""


Also = Callable[[Transaction, ListDecision], None]


def _nothing(transaction: Transaction, decision: ListDecision) -> None:
    """For who has nothing to add."""


class Listings:
    """The lists of all tenants; each question is about one."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._recent: Recent[str, bool] = Recent(clock)

    async def add(
        self,
        tenant: str,
        *,
        list: str,
        kind: str,
        subject: str,
        owner: str,
        reason: str,
        expires_at: float,
        person: str = "",
        alert: bool = False,
        also: Also = _nothing,
    ) -> ListDecision:
        """Make an entry; one about the same subject for the same people is replaced. ValueError when it makes no sense.

        `also` runs in the same transaction, and ends it by raising.
        """
        decision = self.decided(
            tenant, list=list, kind=kind, subject=subject, owner=owner, reason=reason, expires_at=expires_at,
            person=person, alert=alert,
        )  # fmt: skip

        def operation(transaction: Transaction) -> None:
            enter(transaction, [decision])
            also(transaction, decision)

        await bound(self._database, tenant).write(operation)
        self._recent.forget()
        return decision

    def decided(
        self,
        tenant: str,
        *,
        list: str,
        kind: str,
        subject: str,
        owner: str,
        reason: str,
        expires_at: float,
        person: str = "",
        alert: bool = False,
    ) -> ListDecision:
        """An entry that is still to be made (`enter`); with `alert`, whoever got such a link or file is to hear, when it
        is blocked for everybody. ValueError when it makes no sense."""
        subject = checked(kind, subject)
        now = self._clock()
        if list not in LISTS or not now < expires_at <= now + LONGEST or not owner:
            raise ValueError("an entry has a list, an owner and an end within a year")
        id = secrets.token_hex(8)
        due = alert and list == BLOCK and kind in (HOST, FILE) and not person
        return ListDecision(
            id, tenant, list, kind, subject, person, owner, reason[:500], now, expires_at, int(due)
        )

    def forget(self) -> None:
        """Read the entries again: some were made in a transaction of somebody else's."""
        self._recent.forget()

    async def remove(
        self, tenant: str, id: str, person: str | None = None, *, also: Also = _nothing
    ) -> ListDecision | None:
        """Take an entry out (with `person`: only if it is that person's); the entry, None when there is none. `also` as
        in `add`."""
        values = {"id": id, "tenant": tenant, "now": self._clock(), **_whose(person)}

        def operation(transaction: Transaction) -> ListDecision | None:
            rows = transaction.execute(_DELETE, values)
            for row in rows:
                also(transaction, _decision(row))
            return _decision(rows[0]) if rows else None

        gone = await bound(self._database, tenant).write(operation)
        self._recent.forget()
        return gone

    async def all(self, tenant: str, person: str | None = None) -> list[ListDecision]:
        """Entries in force, newest first: all of the tenant, or those of one person ("" = for everybody)."""
        values = {"tenant": tenant, "now": self._clock(), "limit": MOST, **_whose(person)}
        rows = await bound(self._database, tenant).read(lambda t: t.execute(_ALL, values))
        return [_decision(row) for row in rows]

    async def alerting(self) -> list[ListDecision]:
        """Entries in force of all tenants of which those who got such a link or file are still to hear, oldest first."""
        rows = await self._database.read(lambda t: t.execute(_ALERTING, {"now": self._clock()}))
        return [_decision(row) for row in rows]

    async def find(
        self, tenant: str, addresses: Iterable[str] = (), hosts: Iterable[str] = (), files: Iterable[str] = ()
    ) -> tuple[Listing, ...]:
        """The entries that match an author or reverse-path, the hosts of links, the digests of files."""
        wanted = subjects(addresses, hosts, files)
        if not wanted or not await self._any(tenant):
            return ()
        names, subjects_ = among("s", list(dict.fromkeys(s for _, s in wanted)))
        sql, values = _FIND.format(names), {**subjects_, "tenant": tenant, "now": self._clock()}
        rows = await bound(self._database, tenant).read(lambda t: t.execute(sql, values))
        people: dict[str, list[str]] = {}
        entries: dict[str, Row] = {}
        for row in rows:
            if (row["kind"], row["subject"]) in wanted and (row["address"] or not row["person"]):
                entries[row["id"]] = row
                people.setdefault(row["id"], []).extend([row["address"]] if row["address"] else [])
        return tuple(
            Listing(row["list"], row["kind"], row["subject"], tuple(people[id]))
            for id, row in entries.items()
        )

    async def _any(self, tenant: str) -> bool:
        """False when the lists are empty, as they are for many: then no mail need ask."""
        recent = self._recent.get(tenant)
        if recent is None:
            rows = await bound(self._database, tenant).read(lambda t: t.execute(_ANY, {"tenant": tenant}))
            recent = (bool(rows),)
            self._recent.keep(tenant, recent[0], AGE)
        return recent[0]


def _whose(person: str | None) -> dict[str, int | str]:
    return {"everybody": int(person is None), "person": person or ""}


def enter(transaction: Transaction, decisions: Iterable[ListDecision]) -> None:
    """Make entries in a transaction; what stood there about the same subjects for the same people is replaced."""
    for decision in decisions:
        row = msgspec.structs.asdict(decision)
        key = {name: row[name] for name in ("tenant", "kind", "subject", "person")}
        transaction.execute(_REPLACE, key)
        transaction.execute(_INSERT, row)


def withdraw(transaction: Transaction, tenant: str, ids: Sequence[str]) -> None:
    """Take these entries out, in a transaction of the caller's."""
    names, values = among("id", ids)
    transaction.execute(_WITHDRAW.format(names), {**values, "tenant": tenant})


def prolong(transaction: Transaction, tenant: str, ids: Sequence[str], until: float) -> None:
    """Let these entries end later; nobody is alerted again."""
    names, values = among("id", ids)
    transaction.execute(_PROLONG.format(names), {**values, "tenant": tenant, "until": until})


def count_alerted(transaction: Transaction, entry: ListDecision, people: int) -> None:
    """So many more people were alerted."""
    transaction.execute(_ALERTED, {"id": entry.id, "tenant": entry.tenant, "people": people})


def settle(transaction: Transaction, entry: ListDecision) -> None:
    """Everybody who was to be alerted is."""
    transaction.execute(_SETTLED, {"id": entry.id, "tenant": entry.tenant})


def checked(kind: str, subject: str) -> str:
    """The subject in the form in which it is compared; ValueError when it is nothing of the kind."""
    subject = subject.strip().lower().removeprefix("@" if kind == DOMAIN else "")
    local = subject.rpartition("@")[0]
    valid = {
        ADDRESS: bool(local and len(subject) <= 320 and subject.isprintable() and " " not in subject),
        DOMAIN: bool(_DOMAIN.fullmatch(subject)),
        HOST: bool(_DOMAIN.fullmatch(subject) or re.fullmatch(r"[0-9a-f.:\[\]]{3,45}", subject)),
        FILE: bool(re.fullmatch(r"[0-9a-f]{64}", subject)),
    }
    if kind not in KINDS or not valid[kind]:
        raise ValueError(f"this is no {kind}")
    return subject


def _decision(row: Row) -> ListDecision:
    return ListDecision(**{name: row[name] for name in _COLUMNS})
