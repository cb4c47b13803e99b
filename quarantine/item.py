"""An item: one content with its recipients, in our custody until everybody is served.

One accepted mail becomes one item or several (internal recipients leave at once, external ones wait; a
plain and an encrypted copy differ in content); they share `mail_id`. Status lives on the recipient.
"""

import hashlib
import os
from base64 import b32encode
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from config.approval import now_asked
from config.cases import Waits
from filters.examined import Summary
from filters.facts import Authentication, Origin
from filters.finding import Finding
from mail.envelope import Envelope, ForwardPath
from storage.interfaces import Entry

__all__ = [
    "FINAL",
    "Act",
    "Agreed",
    "Arrival",
    "Entry",
    "Event",
    "Item",
    "ItemEnd",
    "Looked",
    "NotAllowed",
    "Outcome",
    "Recipient",
    "State",
    "Status",
    "new_id",
    "together",
    "waits_as",
    "with_end",
]


def new_id(now: float) -> str:
    """The id of a mail or an item: 16 letters and digits, ordered by time (`now`, UTC seconds, to the millisecond),
    unguessable enough to be no collision; never a permission."""
    return b32encode(int(now * 1000).to_bytes(6, "big") + os.urandom(4)).decode().lower()


class State(StrEnum):
    """Where an item is in its life; the table of moves is quarantine/lifecycle.py."""

    HELD = "held"  # waits for a time, a person, or both
    QUEUED = "queued"  # may leave as soon as it is due
    ACTIVE = "active"  # leased by a dispatcher that is delivering it
    DONE = "done"  # every recipient is final
    WITHDRAWN = "withdrawn"  # recalled, denied, discarded or expired: never leaves


class ItemEnd(StrEnum):
    """How an item ended: its content is kept for so long ([retention])."""

    DELIVERED = "delivered"  # to one of its recipients at least
    FAILED = "failed"
    RECALLED = "recalled"
    DENIED = "denied"
    DISCARDED = "discarded"
    EXPIRED = "expired"


class Status(StrEnum):
    """What is known of one recipient. Only DELIVERED and FAILED are final after a hand-over."""

    WAITING = "waiting"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


FINAL = frozenset({Status.DELIVERED, Status.FAILED, Status.WITHDRAWN})
"""Nothing more happens to such a recipient."""


class Event(StrEnum):
    """What can happen to an item. Each is written to the journal under this name."""

    ACCEPT = "accept"
    RECALL = "recall"  # by the sender
    DROP = "drop"  # by the sender: single recipients are taken back, the others get it
    CONFIRM = "confirm"  # by the sender: they looked through it (self-review)
    STOP = "stop"  # by the sender: hold until somebody acts
    RESUME = "resume"  # by the sender: the full delay starts again
    SEND_NOW = "send_now"  # by the sender: no more delay
    APPROVE = "approve"
    DENY = "deny"
    ASK_NEXT = "ask_next"  # nobody can give the word that is asked: the next in line is asked instead
    EXCLUDE = "exclude"  # by the sender: somebody is not to be asked
    RELEASE = "release"  # by the administrator, out of quarantine
    DISCARD = "discard"  # by the administrator
    EXAMINE = "examine"  # by a recipient: looked at again with the password that was typed
    FIND = "find"  # what was read in its pictures while it waited makes others decide
    SCAN = "scan"  # somebody has looked for viruses since it was accepted
    DUE = "due"  # the clock: the delay is over
    LEASE = "lease"
    FINISH = "finish"  # an attempt ended; outcomes are on the recipients
    LAPSE = "lapse"  # the lease expired: its holder is gone
    RETRY = "retry"  # by an administrator: the next attempt is due now
    EXPIRE = "expire"  # held or queued for too long
    ELAPSE = "elapse"  # nobody did anything in time, and the policy lets it leave
    RESTORE = "restore"  # a backup was restored: what became of it since is written down, or a person decides
    ESCALATE = "escalate"  # nobody else will do anything: an administrator decides


class Recipient(msgspec.Struct, frozen=True):
    """One recipient of an item. `reply` is the last reply of a next hop, `at` when the status was set (UTC s).

    `cause` says why it waits (mail/cause.py), `hop` is the next hop (host:port) of the last attempt.
    """

    path: ForwardPath
    status: Status = Status.WAITING
    reply: str = ""
    at: float = 0.0
    cause: str = ""
    hop: str = ""


class Arrival(msgspec.Struct, frozen=True):
    """How an arriving mail came, so that it can be examined again: who brought it, and what the DNS said then."""

    origin: Origin
    authentication: Authentication = Authentication()


class Agreed(msgspec.Struct, frozen=True):
    """A word that was given: by whom, in which role, in whose place ("" = their own), to which content (Item.bound), and
    the approvals that were outstanding before it. `again`: another one of the role looks a second time because of it."""

    person: str
    role: str
    place: str = ""
    bound: str = ""
    before: tuple[str, ...] = ()
    again: bool = False


class Item(msgspec.Struct, frozen=True):
    """One item as it stands in the database. Times are UTC seconds; None = no time set.

    blob, original     keys of the bytes that leave and of the bytes as they came ("" = the same)
    sha256             of `blob`
    holds              names of rules that want an administrator to look
    approvals          chains of who has still to agree (config/approval.py); agreed: who has, so far
    excluded           logins that the sender left out
    self_review        True as long as its sender has still to look through it
    delay              seconds of delay the policy asked for (UNTIL_RELEASED: until somebody acts)
    not_before         UTC seconds before which it does not leave on its own, whatever its delay
    fixed              seconds since it was accepted in which its sender cannot let it leave
    due_at             the one clock: end of delay, next attempt, or end of lease, by state
    queued_at          when it was first allowed to leave: the retry lifetime runs from here, not from acceptance
    attempts           leases, since the first or since somebody asked to try again
    token              fencing token: grows with every lease; a finish with an older one changes nothing
    version            grows with every change; a change that was based on an older one is refused
    secret             sealed passphrase of this item's archive, b"" when none was generated
    arrival            of inbound mail that was held: what examining it again needs
    policy             the name of the policy by which it was decided (Policy.version)
    ended, ended_at    how it came to its end (ItemEnd), and when
    erased_at          when the keys of its contents were destroyed
    upstream           the relay listener by which it came, "" for none: its next hops may be others
    untouched          how it ends when nobody does anything, where its rules say so; None: as [waits] says then
    """

    id: str
    mail_id: str
    tenant: str
    direction: str
    state: State
    reverse_path: str
    recipients: tuple[Recipient, ...]
    blob: str
    size: int
    sha256: str
    accepted_at: float
    original: str = ""
    owner: str = ""
    peer: str = ""
    ret: str = ""
    envid: str = ""
    body: str = ""
    smtputf8: bool = False
    queued_at: float | None = None
    due_at: float | None = None
    delay: int = 0
    not_before: float | None = None
    fixed: int = 0
    holds: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()
    self_review: bool = False
    agreed: tuple[Agreed, ...] = ()
    excluded: tuple[str, ...] = ()
    attempts: int = 0
    token: int = 0
    node: str = ""
    summary: Summary = Summary()
    findings: tuple[Finding, ...] = ()
    rewrites: tuple[str, ...] = ()
    passphrase_source: str = ""
    secret: bytes = b""
    arrival: Arrival | None = None
    policy: str = ""
    upstream: str = ""
    untouched: Waits | None = None
    ended: str = ""
    ended_at: float | None = None
    erased_at: float | None = None
    version: int = 0

    @property
    def bound(self) -> str:
        """What somebody agrees to: a digest of the content and of the recipients that it still has."""
        to = sorted(r.path.address for r in self.recipients if r.status is not Status.WITHDRAWN)
        return hashlib.sha256("\n".join([self.sha256, *to]).encode()).hexdigest()

    @property
    def asks(self) -> tuple[str, ...]:
        """Whose turn it is to agree: roles, groups, people."""
        return tuple(step.of for step in now_asked(self.approvals))

    @property
    def barred(self) -> frozenset[str]:
        """Logins whose word counts no more: it was given, by them or in their place, or the sender left them out."""
        gave = {login for each in self.agreed for login in (each.person, each.place) if login}
        return frozenset(gave.union(self.excluded))

    @property
    def envelope(self) -> Envelope:
        """Its envelope with all its recipients, whatever became of them."""
        return Envelope(
            self.reverse_path, tuple(r.path for r in self.recipients), ret=self.ret, envid=self.envid,
            body=self.body, smtputf8=self.smtputf8,
        )  # fmt: skip


_ENDS = {Event.DENY: ItemEnd.DENIED, Event.DISCARD: ItemEnd.DISCARDED, Event.EXPIRE: ItemEnd.EXPIRED}


def with_end(item: Item, event: Event, now: float) -> Item:
    """The item as it is after `event`, with how it ended, if it did."""
    if item.state is State.WITHDRAWN:
        how = _ENDS.get(event, ItemEnd.RECALLED)
    elif item.state is State.DONE:
        some = any(r.status is Status.DELIVERED for r in item.recipients)
        how = ItemEnd.DELIVERED if some else ItemEnd.FAILED
    else:
        return item
    return msgspec.structs.replace(item, ended=how.value, ended_at=now)


def waits_as(item: Item, other: Item) -> bool:
    """True when both are copies of one mail, one for each recipient (OUT-BCC), and wait for the same."""
    return "each" in item.rewrites and _waits(item) == _waits(other)


def _waits(item: Item) -> tuple[object, ...]:
    due_at = item.due_at if item.state is State.HELD else None
    return (
        item.mail_id, item.state, item.delay, due_at, item.approvals, item.holds, item.rewrites, item.untouched,
    )  # fmt: skip


def together(items: Iterable[Item]) -> list[Item]:
    """Such copies as one item with all their recipients, which has the id of the first."""
    found: list[Item] = []
    places: dict[str, int] = {}
    for item in items:
        at = places.get(item.mail_id, -1)
        if at >= 0 and waits_as(found[at], item):
            merged = (*found[at].recipients, *item.recipients)
            found[at] = msgspec.structs.replace(found[at], recipients=merged)
        else:
            places[item.mail_id] = len(found)
            found.append(item)
    return found


class Looked(msgspec.Struct, frozen=True):
    """What examining a held mail again gave: the content that leaves now, what was found, and what holds it."""

    blob: str
    size: int
    sha256: str
    holds: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """What an attempt learned of one recipient: its index in the item, DELIVERED, DEFERRED or FAILED, and (as in
    Recipient) why it was not delivered, and by which next hop."""

    recipient: int
    status: Status
    reply: str = ""
    cause: str = ""
    hop: str = ""


class NotAllowed(Exception):
    """The event cannot happen to this item now, or not by this person; nothing was changed."""


def unbound(before: Item, after: Item) -> Item:
    """The item after a change: what was agreed to is void when content or recipients are not those any more."""
    gone = all(r.status is Status.WITHDRAWN for r in after.recipients)
    if not after.agreed or before.state is not State.HELD or gone or after.bound == before.bound:
        return after
    return msgspec.structs.replace(after, approvals=after.agreed[0].before, agreed=())


class Act(msgspec.Struct, frozen=True):
    """An event with what belongs to it.

    role       APPROVE, DENY: the role that speaks; person: who says it, place: in whose place, "" for their own
    bound      APPROVE: what they agree to (Item.bound), "" for what there is; second: another one of the role has to look
    approvals  ASK_NEXT: who is asked instead; FIND: who is asked besides
    excluded   EXCLUDE: who is not to be asked
    due_at     LEASE: end of the lease; FINISH: next attempt (None when every recipient is final)
    token, outcomes   FINISH: the lease it was done under, and what was learned of the recipients; RESTORE: what was known
    node       LEASE: who takes it; LAPSE: the holder itself, after its process was restarted
    looked     EXAMINE, FIND: what was found this time
    recipients DROP, RESTORE: who is taken back, as indexes
    hold       ESCALATE: why an administrator decides, one of HANDED_UP; RESTORE: RESTORED, where that is not known
    """

    event: Event
    now: float
    role: str = ""
    due_at: float | None = None
    token: int = 0
    outcomes: Sequence[Outcome] = ()
    node: str = ""
    looked: Looked | None = None
    recipients: Sequence[int] = ()
    hold: str = ""
    person: str = ""
    place: str = ""
    bound: str = ""
    approvals: tuple[str, ...] = ()
    excluded: str = ""
    second: bool = False
