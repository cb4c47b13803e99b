"""Who may act for whom: for a colleague or in a shared mailbox, with which actions, from when until when (OUT-APPROVE, OUT-DELAY).

A delegation ends by itself: whoever asks for those in force says when. What an action lets somebody do stands in
quarantine/rights.py; nothing that was delegated can be passed on.

Diagnostics: ValueError with the key of a console's sentence for one that makes no sense; StoreError.
"""

import secrets
from collections.abc import Callable, Sequence
from enum import StrEnum

import msgspec

from directory.account import Account, canonical
from directory.roster import account_in, owner_in, shared_in
from mail.address import on_the_wire
from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Database, Row, Transaction
from storage.statements import insert_into

LONGEST = 366 * 86_400.0
"""Seconds: nothing is delegated for ever."""
REASON = 500
"""Characters."""
MADE, TOLD, ENDED = "made", "told", "ended"


class Action(StrEnum):
    """What can be delegated."""

    APPROVE = "approve"  # give the word that is asked of the other
    SEND = "send"  # recall, pause or send what the other, or the mailbox, has on hold
    READ = "read"  # open its content


class Delegation(msgspec.Struct, frozen=True):
    """A row. `person` (a login) or `mailbox` (an address) is whose place it is, the other one "". Times are UTC seconds."""

    id: str
    tenant: str
    person: str
    mailbox: str
    delegate: str
    actions: tuple[Action, ...]
    starts_at: float
    ends_at: float
    reason: str
    made_by: str
    made_at: float
    state: str = MADE
    ended_by: str = ""

    def in_force(self, now: float) -> bool:
        return self.state != ENDED and self.starts_at <= now < self.ends_at

    @property
    def place(self) -> str:
        """Whose place it is, as it is written down."""
        return self.person or self.mailbox


class Mandate(msgspec.Struct, frozen=True):
    """A delegation in force, as rights ask for it: the account in whose place one acts, or the shared mailbox."""

    actions: frozenset[Action]
    account: Account | None = None
    mailbox: str = ""


_INSERT = insert_into("delegation", Delegation.__struct_fields__)
_GIVEN = (
    "SELECT * FROM delegation WHERE tenant = :tenant AND delegate = :login AND state <> 'ended'"
    " AND starts_at <= :now AND ends_at > :now ORDER BY made_at, id"
)
"""Those in force by which one person acts."""
_ALL = (
    "SELECT * FROM delegation WHERE tenant = :tenant AND state <> 'ended' AND ends_at > :now"
    " ORDER BY starts_at, id"
)
"""Those that are not over."""
_END = (
    "UPDATE delegation SET state = 'ended', ended_by = :by"
    " WHERE id = :id AND tenant = :tenant AND state <> 'ended' AND ends_at > :now RETURNING *"
)
_SWEEP = "DELETE FROM delegation WHERE tenant = :tenant AND ends_at <= :now AND state = 'told'"
"""What is over: the journal keeps it."""
_NEWS = of_all("SELECT * FROM delegation WHERE state <> 'told' ORDER BY made_at, id LIMIT :limit")
"""What both are still to be told."""
_TOLD = "UPDATE delegation SET state = 'told' WHERE id = :id AND tenant = :tenant AND state = 'made'"
_FORGET = "DELETE FROM delegation WHERE id = :id AND tenant = :tenant AND state = 'ended'"

Also = Callable[[Transaction, Delegation], None]


class Delegations:
    """The delegations of all tenants; each question is about one."""

    def __init__(
        self, database: Database, clock: Callable[[], float], today: Callable[[], str] = lambda: ""
    ) -> None:
        """`today` as for People: whoever is gone acts for nobody."""
        self._database = database
        self._clock = clock
        self._today = today

    async def add(
        self,
        tenant: str,
        *,
        place: str,
        delegate: str,
        actions: Sequence[str],
        starts_at: float,
        ends_at: float,
        reason: str,
        by: str,
        also: Also,
    ) -> Delegation:
        """Let `delegate` act for `place`: a login, an address of a person, or a shared mailbox. `also` runs in the same
        transaction, and ends it by raising. Raises ValueError."""
        now = self._clock()
        known = tuple(a for a in Action if a in actions)
        if not known or len(known) != len(set(actions)):
            raise ValueError("delegation_actions")
        if not (starts_at < ends_at and now < ends_at <= max(now, starts_at) + LONGEST):
            raise ValueError("delegation_dates")
        if not reason.strip():
            raise ValueError("reason_needed")

        def operation(transaction: Transaction) -> Delegation:
            transaction.execute(_SWEEP, {"tenant": tenant, "now": now})
            to = _active(transaction, tenant, delegate, self._today())
            person, mailbox = _placed(transaction, tenant, place, self._today())
            if to is None:
                raise ValueError("delegation_delegate")
            if to.login == person or (Action.APPROVE in known and mailbox):
                raise ValueError("delegation_self" if person else "delegation_mailbox")
            made = Delegation(
                secrets.token_hex(8), tenant, person, mailbox, to.login, known, starts_at, ends_at,
                " ".join(reason.split())[:REASON], by, now,
            )  # fmt: skip
            transaction.execute(_INSERT, {**msgspec.structs.asdict(made), "actions": " ".join(known)})
            also(transaction, made)
            return made

        return await bound(self._database, tenant).write(operation)

    async def end(self, tenant: str, id: str, by: str, *, also: Also) -> Delegation | None:
        """End one before its time; None when there is none. `also` as in `add`."""
        values = {"id": id, "tenant": tenant, "by": by, "now": self._clock()}

        def operation(transaction: Transaction) -> Delegation | None:
            rows = transaction.execute(_END, values)
            for row in rows:
                also(transaction, _delegation(row))
            return _delegation(rows[0]) if rows else None

        return await bound(self._database, tenant).write(operation)

    async def all(self, tenant: str) -> list[Delegation]:
        """Those that are not over, also those that have not begun."""
        values = {"tenant": tenant, "now": self._clock()}
        rows = await bound(self._database, tenant).read(lambda t: t.execute(_ALL, values))
        return [_delegation(row) for row in rows]

    async def mandates(self, account: Account) -> tuple[Mandate, ...]:
        """Those by which this person acts now."""
        now = self._clock()
        return await bound(self._database, account.tenant).read(
            lambda t: mandates_in(t, account, now, self._today())
        )

    async def news(self, limit: int) -> list[Delegation]:
        """Those of all tenants that both are still to be told of: made, or ended."""
        rows = await self._database.read(lambda t: t.execute(_NEWS, {"limit": limit}))
        return [_delegation(row) for row in rows]


def mandates_in(transaction: Transaction, account: Account, now: float, today: str) -> tuple[Mandate, ...]:
    """Those by which a person acts, as it is in this transaction; none in the place of somebody who is disabled."""
    found = []
    for row in transaction.execute(_GIVEN, {"tenant": account.tenant, "login": account.login, "now": now}):
        one = _delegation(row)
        other = account_in(transaction, one.tenant, one.person, today) if one.person else None
        if one.mailbox or (other is not None and not other.disabled):
            found.append(Mandate(frozenset(one.actions), other, one.mailbox))
    return tuple(found)


def mandates_of(
    delegations: Sequence[Delegation], accounts: dict[str, Account], login: str, now: float
) -> tuple[Mandate, ...]:
    """The same, of what was read before: delegations and accounts of one tenant."""
    found = []
    for one in delegations:
        other = accounts.get(one.person)
        there = one.mailbox or (other is not None and not other.disabled)
        if there and one.delegate == login and one.in_force(now):
            found.append(Mandate(frozenset(one.actions), other, one.mailbox))
    return tuple(found)


def told(transaction: Transaction, one: Delegation) -> bool:
    """Both have been told; False when somebody else has done it."""
    transaction.execute(_FORGET if one.state == ENDED else _TOLD, {"id": one.id, "tenant": one.tenant})
    return transaction.changed() == 1


def _active(transaction: Transaction, tenant: str, name: str, today: str) -> Account | None:
    """Whom a login or an address of a tenant's means, when they are not disabled."""
    found = account_in(transaction, tenant, name[:320], today)
    if found is None:
        found = owner_in(transaction, tenant, canonical(name)[:320], today)
    return None if found is None or found.disabled else found


def _placed(transaction: Transaction, tenant: str, name: str, today: str) -> tuple[str, str]:
    """The login, or the shared mailbox, that a name means. Raises ValueError."""
    if (found := _active(transaction, tenant, name, today)) is not None:
        return found.login, ""
    address = on_the_wire(canonical(name)[:320])
    if "@" not in address or not shared_in(transaction, tenant, address, today):
        raise ValueError("delegation_place")
    return "", address


def _delegation(row: Row) -> Delegation:
    values = {name: row[name] for name in Delegation.__struct_fields__}
    values["actions"] = tuple(Action(each) for each in str(row["actions"]).split())
    return Delegation(**values)
