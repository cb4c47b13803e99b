"""Whoever asks: a session's token, and the person behind it as the directory says now.

Nothing that is asked names a tenant or a person. Both come from the session, which is looked up for every single call:
who has a token may do what its person may, and nothing else.

Diagnostics: SignedOut; NotAllowed (also Missing); ProofNeeded; StoreError.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import SystemRandom

import msgspec

from config.console import SecondFactorSection
from config.policies import PolicyOf
from config.tenant import DEFAULT
from directory.account import Account
from directory.devices import Devices
from directory.listings import Listings
from directory.people import People, Proven
from directory.second_factor import SecondFactors, asked_of, due, standing_in
from directory.sessions import LoginSession, Sessions
from directory.vault import Vault
from filters.examined import ShownFile
from quarantine.item import Item, NotAllowed
from quarantine.letters.letter import Post
from quarantine.policies.counts import Counts
from quarantine.queue.sender_limits import SenderUse
from quarantine.reported.closing import Closing
from quarantine.reported.reports import Reports
from quarantine.reported.sightings import Sightings
from quarantine.requests import Requests
from quarantine.rights import NOBODY, Actor, Verb, Voice, charge, person
from quarantine.service.deputies import Deputies
from quarantine.service.desk import Desk
from quarantine.service.office import Office
from quarantine.service.shown import ItemPage, Proof, to_watcher
from quarantine.store import Missing, Place, Query, Store
from storage.bound import bound
from storage.day_seal import DaySeal
from storage.interfaces import Database, Draft

LISTED = 100
"""Mails that one answer lists."""
ID = 128
"""Characters of the longest id."""

Authenticate = Callable[[str, str, str, str, str], Awaitable[Proven | None]]
"""(login, password, peer, tenant or EVERY, cookie of a known device) -> whose they are, or None; raises
TooManyFailures (directory/logins.py)."""
Unlock = Callable[[Item, str, Actor], Awaitable[str]]
"""(held item, password, who entered it) -> what came of it (gateway/unlock.py)."""
Show = Callable[[Draft, int], Awaitable[ShownFile | None]]
"""(mail, number of a file in it) -> its text, read in a locked process; None when it cannot be (gateway/checkpoint.py)."""


class SignedOut(NotAllowed):
    """There is no such session, or nobody may use it any more, or it is not whole (Stage)."""


class ProofNeeded(Exception):
    """What they ask is theirs to do, once they have shown again who they are (Entrance.prove)."""


class Stage(StrEnum):
    """How far somebody came in: what they can do before the rest opens."""

    WHOLE = ""
    PASSWORD = "password"  # noqa: S105 (after a one-time code: set a password)
    SECOND = "second"  # after a password: show the second factor
    ENROL = "enrol"  # their time is over: set a second factor up


async def _nothing(draft: Draft, number: int) -> ShownFile | None:
    return None


async def _busy(item: Item, password: str, actor: Actor) -> str:
    return "busy"


def _house(tenant: str) -> str:
    return DEFAULT


async def _nobody(tenant: str) -> SenderUse:
    return SenderUse()


def _no_device(account: Account) -> str:
    return ""


@dataclass(slots=True)
class Parts:
    """What answers are made of.

    device   makes the cookie that says: on this device the account has logged in
    policy   a tenant's policy that is in force now
    keeper   the tenant under whose name the versions of a tenant's policy are kept
    late     seconds after which a next hop that keeps mail waiting is shown
    zone     a tenant's time zone
    contact  whom a tenant's people call
    doors    hosts at which one tenant's people come in -> whose they are; at any other, everybody's
    alert_days   how far back people are alerted who got what is blocked later
    unlock   examines a held mail again with a password that its recipient typed
    show     reads the text of a file of a mail
    proofs   what is known of the paths through the node (quarantine.service.overview.Proof)
    organisations   the tenants of the house, itself first; `proved`: of each and of each direction, the paths together
    senders  a tenant's limits of senders, and how near its people are to them
    second_factor   of whom a second factor is asked (OPS-MFA)
    dice     a number below 1: which approvals are looked at a second time
    """

    store: Store
    seal: DaySeal
    people: People
    vault: Vault
    sessions: Sessions
    listings: Listings
    devices: Devices
    reports: Reports
    sightings: Sightings
    closing: Closing
    post: Post
    counts: Counts
    authenticate: Authenticate
    policy: PolicyOf
    clock: Callable[[], float]
    keeper: Callable[[str], str] = _house
    late: float = 900.0
    zone: Callable[[str], str] = lambda tenant: "Asia/Tokyo"
    contact: Callable[[str], str] = lambda tenant: ""
    doors: Mapping[str, str] = field(default_factory=dict)
    alert_days: int = 30
    device: Callable[[Account], str] = _no_device
    unlock: Unlock = _busy
    show: Show = _nothing
    dice: Callable[[], float] = SystemRandom().random
    proofs: Callable[[], tuple[Proof, ...]] = tuple
    organisations: tuple[str, ...] = (DEFAULT,)
    proved: Callable[[], dict[str, dict[str, Proof]]] = dict
    senders: Callable[[str], Awaitable[SenderUse]] = _nobody
    second_factor: SecondFactorSection = field(default_factory=SecondFactorSection)
    factors: SecondFactors = field(init=False)
    deputies: Deputies = field(init=False)
    requests: Requests = field(init=False)
    desk: Desk = field(init=False)
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.factors = SecondFactors(self.seal)
        self.deputies = Deputies(self.store, self.clock)
        self.requests = Requests(self.store)
        self.desk = Desk(self.store, self.store.blobs, self.seal, self.reports, self.clock)
        self.office = Office(self.store, self.listings, self.vault, self.devices, self.clock)


class Caller:
    """Somebody with a token ("" before login). What its subclasses offer without an underscore is what can be asked."""

    def __init__(self, parts: Parts, token: str) -> None:
        self._parts = parts
        self._token = token

    async def _session(self) -> tuple[LoginSession, Account] | None:
        """The living session and its person, None without, and where their organisation is suspended."""
        found = await self._here()
        suspended = found and await self._parts.store.suspensions.of(found[1].tenant)
        return None if suspended else found

    async def _here(self) -> tuple[LoginSession, Account] | None:
        """The same, be it suspended or not."""
        parts = self._parts
        session = await parts.sessions.find(self._token, parts.clock())
        account = await parts.people.account(session.tenant, session.login) if session else None
        return None if session is None or account is None or account.disabled else (session, account)

    async def _me(self, verb: Verb | None = None, *, fresh: bool = False) -> Account:
        """Who asks. Raises SignedOut, NotAllowed for somebody who is not in charge of this, and where it must be `fresh`
        ProofNeeded for somebody who showed too long ago who they are."""
        found = await self._session()
        if found is None or (await self._stage(*found))[0]:
            raise SignedOut("nobody is logged in")
        if verb is not None and verb not in charge(found[1]):
            raise NotAllowed(f"{verb} is not allowed: it is not theirs to do")
        if fresh and self._stale(found[0]):
            raise ProofNeeded(found[0].factor)
        return found[1]

    def _stale(self, session: LoginSession) -> bool:
        minutes = self._parts.second_factor.minutes
        return bool(minutes) and session.proved_at <= self._parts.clock() - minutes * 60

    async def _stage(self, session: LoginSession, account: Account) -> tuple[Stage, float]:
        """How far they came, and until when they may go on without a second factor (0: it is not asked of them, or was
        shown). Asked anew each time: somebody may have got another role."""
        asked = self._parts.second_factor
        if session.once:
            return Stage.PASSWORD, 0.0
        if session.half:
            return Stage.SECOND, 0.0
        if session.factor or not asked_of(account, asked.required):
            return Stage.WHOLE, 0.0
        database = self._database(account)
        standing = await database.read(lambda t: standing_in(t, account.tenant, account.login))
        if standing.enrolled_at:
            return Stage.SECOND, 0.0
        until = due(standing, session.started_at, asked.days)
        return (Stage.WHOLE if self._parts.clock() < until else Stage.ENROL), until

    def _database(self, me: Account) -> Database:
        """The database as their organisation has it: no row of another, whatever is asked (docs/adr/0027)."""
        return bound(self._parts.store.database, me.tenant)

    async def _permitted(self, id: str, verb: Verb, voice: Voice = NOBODY) -> tuple[Account, Item]:
        """Who asks, and the item, when they may use the verb on it. Raises NotAllowed, Missing."""
        me, store = await self._me(), self._parts.store
        checked(id)
        actor, now = person(me), self._parts.clock()
        return me, await self._database(me).read(
            lambda t: store.permitted(t, id, actor, verb, voice, now=now, lock=False)
        )

    async def _listed(self, query: Query, after: Place | None = None) -> ItemPage:
        """The part of a list that begins there, for somebody who may see all of it."""
        query = msgspec.structs.replace(query, after=after, limit=LISTED + 1)
        found = await self._parts.store.find(query)
        items = tuple(to_watcher(item) for item in found[:LISTED])
        return ItemPage(items, Place(items[-1].accepted_at, items[-1].id) if len(found) > LISTED else None)


def checked(id: str) -> str:
    """An id that can be one. Raises Missing."""
    if not (id.isascii() and id.isalnum() and len(id) <= ID):
        raise Missing("there is nothing of this id")
    return id
