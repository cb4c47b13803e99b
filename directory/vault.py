"""The vault: passphrases agreed with partners beforehand, per address or per domain (OUT-PASSWORD).

Kept sealed, each under a key of the day on which it was agreed (storage/day_seal.py), which is destroyed when it is removed
or over; the plain text leaves this file only through `find`, for making an archive or looking into one.
No list shows a passphrase again. Whose passphrases there are is remembered for AGE seconds, so that mail to
everybody else asks nothing; one that another node has just taken up is used that much later. A passphrase of an
address goes before one of its domain; of several valid ones the newest counts. A tenant's are sealed for that
tenant: a row that is moved to another does not open.
"""

import base64
import secrets
import time
from collections.abc import Callable, Iterable

import msgspec

from directory.answer_cache import Recent
from directory.passphrases import fresh, problems
from storage import let_go
from storage.border import of_all
from storage.bound import bound
from storage.day_seal import DaySeal
from storage.interfaces import Database, Row, Transaction
from storage.let_go import LetGo, LetGoKind
from storage.seal import SealError
from storage.statements import insert_into

__all__ = ["Agreement", "PassphraseRefused", "Vault", "fresh"]

LONGEST = 100 * 366 * 86_400.0
"""Seconds for which a passphrase can be agreed."""
AGE = 5.0
SOME = 500
"""Rows that are looked at, or changed, at a time."""


class PassphraseRefused(Exception):
    """The passphrase may not be kept; `reasons` are keys of the console's words."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


class Agreement(msgspec.Struct, frozen=True):
    """What lists show of one passphrase: everything but itself. Times are UTC seconds.

    scope     "address" or "domain"; subject: the address or the domain, lower case
    note      how it was agreed: "by phone with Ms Suzuki, 2026-04-01"
    """

    id: str
    scope: str
    subject: str
    note: str
    valid_from: float
    valid_until: float | None
    created_at: float
    created_by: str
    last_used_at: float | None = None


_INSERT = insert_into("partner_passphrases", (*Agreement.__struct_fields__, "tenant", "key", "sealed"))
_DELETE = "DELETE FROM partner_passphrases WHERE id = :id AND tenant = :tenant RETURNING *"
_ALL = "SELECT * FROM partner_passphrases WHERE tenant = :tenant ORDER BY subject, created_at"
_KEYS = of_all("SELECT key FROM partner_passphrases WHERE key > :after ORDER BY key LIMIT :page")
"""The names under which all tenants' are sealed."""
_OVER = of_all(
    "SELECT id, tenant, key FROM partner_passphrases WHERE sealed <> '' AND valid_until <= :now ORDER BY id LIMIT :page"
)
"""Of all tenants: what nothing will be sealed with any more."""
_EMPTY = (
    "UPDATE partner_passphrases SET sealed = '', key = '' WHERE id = :id AND tenant = :tenant AND key = :key"
)
"""One that is over, without itself."""
_OLDER = of_all(
    "SELECT id, tenant, sealed FROM partner_passphrases WHERE key = '' AND sealed <> '' ORDER BY id LIMIT :page"
)
"""Of all tenants: what an earlier version sealed under the master key alone."""
_NUMBER_OLDER = of_all("SELECT COUNT(*) AS number FROM partner_passphrases WHERE key = '' AND sealed <> ''")
"""As _OLDER."""
_ANEW = (
    "UPDATE partner_passphrases SET sealed = :sealed, key = :key"
    " WHERE id = :id AND tenant = :tenant AND key = '' AND sealed <> ''"
)
_USED = "UPDATE partner_passphrases SET last_used_at = :now WHERE id = :id AND tenant = :tenant"
_SUBJECTS = "SELECT DISTINCT subject FROM partner_passphrases WHERE tenant = :tenant"
"""Everybody who has a passphrase, valid or not."""
_BEST = (
    "SELECT id, scope, sealed FROM partner_passphrases WHERE tenant = :tenant"
    " AND subject IN (:whole, :domain) AND valid_from <= :now AND (valid_until IS NULL OR valid_until > :now)"
    " ORDER BY scope, created_at DESC LIMIT 1"
)
"""The valid passphrase for an address: its own before its domain's ("address" < "domain"), then the newest."""


Also = Callable[[Transaction, Agreement], None]


def _nothing(transaction: Transaction, agreement: Agreement) -> None:
    """For who has nothing to add."""


class Vault:
    """The passphrases of all tenants; each question is about one."""

    def __init__(
        self,
        database: Database,
        seal: DaySeal,
        least: Callable[[str], float],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`least`: bits that a passphrase must have to be taken up: what the policy asks when it is used."""
        self._database = database
        self._seal = seal
        self._least = least
        self._clock = clock
        self._recent: Recent[str, frozenset[str]] = Recent(time.monotonic)

    async def add(
        self,
        tenant: str,
        subject: str,
        passphrase: str,
        *,
        note: str,
        by: str,
        valid_from: float | None = None,
        valid_until: float | None = None,
        also: Also = _nothing,
    ) -> Agreement:
        """Keep a passphrase for an address, or for a domain. Raises PassphraseRefused with all reasons.

        `also` runs in the same transaction, and ends it by raising.
        """
        subject = subject.strip().lower()
        local, at, domain = subject.rpartition("@")
        reasons = problems(passphrase, self._least(tenant))
        now = self._clock()
        if (
            not domain
            or "." not in domain
            or (at and not local)
            or not subject.isprintable()
            or " " in subject
        ):
            reasons.append("passphrase_subject")
        if not note.strip():
            reasons.append("passphrase_note")
        start = now if valid_from is None else valid_from
        if valid_until is not None and not max(now, start) < valid_until < now + LONGEST:
            reasons.append("passphrase_dates")
        if reasons:
            raise PassphraseRefused(reasons)
        scope = "address" if at else "domain"
        agreement = Agreement(
            secrets.token_hex(16),
            scope,
            subject if at else domain,
            note.strip()[:500],
            start,
            valid_until,
            now,
            by,
        )
        name = await self._seal.fresh(tenant)
        sealed = self._seal.seal(passphrase.encode(), _aad(tenant, agreement.id), name)
        row = {**msgspec.structs.asdict(agreement), "tenant": tenant, "key": name}
        row["sealed"] = base64.b64encode(sealed).decode()

        def operation(transaction: Transaction) -> None:
            transaction.execute(_INSERT, row)
            also(transaction, agreement)

        await bound(self._database, tenant).write(operation)
        self._recent.forget()
        return agreement

    async def remove(self, tenant: str, id: str, *, also: Also = _nothing) -> Agreement | None:
        """Forget one, its key as well once the day is over on which it was agreed; returns what it was, None when there is
        none of this id. `also` as in `add`."""
        now = self._clock()

        def operation(transaction: Transaction) -> list[Row]:
            rows = transaction.execute(_DELETE, {"id": id, "tenant": tenant})
            for row in rows:
                _let_go(transaction, row, now)
                also(transaction, _agreement(row))
            return rows

        rows = await bound(self._database, tenant).write(operation)
        self._recent.forget()
        return _agreement(rows[0]) if rows else None

    async def end_old(self, now: float) -> int:
        """Forget the passphrases that are over, of all tenants; that there was one stays. How many. Raises StoreError."""

        def operation(transaction: Transaction) -> int:
            rows = transaction.execute(_OVER, {"now": now, "page": SOME})
            for row in rows:
                transaction.execute(_EMPTY, {name: row[name] for name in ("id", "tenant", "key")})
                _let_go(transaction, row, now)
            return len(rows)

        ended = 0
        while some := await self._database.write(operation):
            ended += some
        return ended

    async def take_over(self) -> int:
        """Seal anew what an earlier version sealed under the master key alone, of all tenants; how many. What cannot be
        opened stays as it is. Raises StoreError."""
        rows = await self._database.read(lambda t: t.execute(_OLDER, {"page": SOME}))
        anew = []
        for row in rows:
            tenant, id = str(row["tenant"]), str(row["id"])
            if not (name := await self._seal.fresh(tenant)):
                break
            try:
                plain = self._seal.open(base64.b64decode(str(row["sealed"])), _aad(tenant, id))
            except SealError:
                continue
            sealed = base64.b64encode(self._seal.seal(plain, _aad(tenant, id), name)).decode()
            anew.append({"id": id, "tenant": tenant, "sealed": sealed, "key": name})
        if anew:
            await self._database.write(lambda t: t.executemany(_ANEW, anew))
        return len(anew)

    async def older(self) -> int:
        """How many lie under the master key itself, of all tenants."""
        rows = await self._database.read(lambda t: t.execute(_NUMBER_OLDER))
        return int(rows[0]["number"])

    async def all(self, tenant: str) -> list[Agreement]:
        rows = await bound(self._database, tenant).read(lambda t: t.execute(_ALL, {"tenant": tenant}))
        return [_agreement(r) for r in rows]

    async def find(
        self, tenant: str, addresses: Iterable[str], *, use: bool = True
    ) -> dict[str, tuple[str, str]]:
        """address -> (passphrase, scope) for those that have a valid one; marks these as used, unless they are not in `use`."""
        now = self._clock()
        found: dict[str, tuple[str, str]] = {}
        used: list[dict[str, object]] = []
        subjects = await self._subjects(tenant)
        for address in dict.fromkeys(addresses):
            if subjects.isdisjoint(_subjects_of(address)):
                continue
            row = await self._best(tenant, address, now)
            if row is not None:
                sealed = base64.b64decode(str(row["sealed"]))
                plain = self._seal.open(sealed, _aad(tenant, str(row["id"])))
                found[address] = (plain.decode(), str(row["scope"]))
                used.append({"id": row["id"], "tenant": tenant, "now": now})
        if used and use:
            await bound(self._database, tenant).write(lambda t: t.executemany(_USED, used))
        return found

    async def _subjects(self, tenant: str) -> frozenset[str]:
        """All addresses and domains that have a passphrase, valid or not."""
        if recent := self._recent.get(tenant):
            return recent[0]
        rows = await bound(self._database, tenant).read(lambda t: t.execute(_SUBJECTS, {"tenant": tenant}))
        found = frozenset(str(row["subject"]) for row in rows)
        self._recent.keep(tenant, found, AGE)
        return found

    async def _best(self, tenant: str, address: str, now: float) -> Row | None:
        whole, domain = _subjects_of(address)
        values = {"tenant": tenant, "whole": whole, "domain": domain, "now": now}
        rows = await bound(self._database, tenant).read(lambda t: t.execute(_BEST, values))
        return rows[0] if rows else None


def names(transaction: Transaction, after: str, page: int) -> list[str]:
    """A page of the names under which passphrases are sealed, behind one of them."""
    return [row["key"] for row in transaction.execute(_KEYS, {"after": after, "page": page})]


def _let_go(transaction: Transaction, row: Row, now: float) -> None:
    if row["key"]:
        let_go.note(transaction, [LetGo(row["key"], LetGoKind.PASSPHRASE, now, row["id"])])


def _aad(tenant: str, id: str) -> bytes:
    return f"passphrase:{tenant}:{id}".encode()


def _subjects_of(address: str) -> tuple[str, str]:
    """The subjects whose passphrase may be used for an address: itself, and its domain."""
    whole = address.lower()
    return whole, whole.rpartition("@")[2]


def _agreement(row: Row) -> Agreement:
    return Agreement(**{f: row[f] for f in Agreement.__struct_fields__})
