"""Lists over many people's mail: the home page's numbers, the quarantine, the message trace (OPS-LOG).

Diagnostics: NotAllowed (also SignedOut); StoreError.
"""

import datetime
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from filters.examined import DISARMED
from quarantine import handed_over
from quarantine.events import JournalEvent
from quarantine.handed_over import NEWEST, Position
from quarantine.item import Entry, Item, State
from quarantine.policies.counts import Counts
from quarantine.queue.stuck import Stuck, seen
from quarantine.requests import Request
from quarantine.rights import Verb, charge, verbs
from quarantine.service.caller import Caller, checked
from quarantine.service.held import waiting_for
from quarantine.service.mails import ON_THE_WAY, approvers
from quarantine.service.shown import ItemPage, Proof, to_watcher
from quarantine.store import Missing, Place, Query
from storage.bound import bound

ASKED = 100
"""Mails that somebody asks for, before the others; there is a list of all of them."""
STATES = {"any": tuple(State), **{s.value: (s,) for s in State}}
TRACED = 100
COPIES = 1_100
"""Of one mail: as many as it may have recipients, and our letters about it."""
WEEK = 7
"""Days of which the home page shows the flow."""
PAGE, LOOKED_AT = 1000, 20_000
"""Entries of the journal that are read together, and that one question looks at."""
_INLINE = ("refuse", "hand_over", "pass", "next_hop_refused", "outcome_unknown")
"""Events of mail that never was an item."""


class Badges(msgspec.Struct, frozen=True):
    """Numbers in the menu: mails held for this person, mails that wait for their word, mails that an administrator has been
    asked to release."""

    held: int = 0
    asked: int = 0
    requested: int = 0


class FlowOfDay(msgspec.Struct, frozen=True):
    """Mails that were examined on a day (ISO date)."""

    day: str
    outbound: int
    inbound: int


class HomeNumbers(msgspec.Struct, frozen=True):
    """What waits for this person; of what they are not in charge of, nothing. `counts`: items in each live state; `stuck`: what keeps
    mail waiting; `flow`: of the last WEEK days, today the last."""

    mine: int
    approvals: int
    review: int = 0
    reports: int = 0
    counts: dict[State, int] = {}
    stuck: tuple[Stuck, ...] = ()
    proofs: tuple[Proof, ...] = ()
    flow: tuple[FlowOfDay, ...] = ()


class QuarantinePage(msgspec.Struct, frozen=True):
    """`first`: what somebody asks for, which stands before the others; `full` when there is more of it. `requests` by item."""

    first: tuple[Item, ...] = ()
    rest: ItemPage = ItemPage()
    full: bool = False
    requests: dict[str, tuple[Request, ...]] = {}


class Passed(msgspec.Struct, frozen=True):
    """A mail that passed, or was refused, without ever being in our custody. `entry` tells of it, with the event that
    says what came of it."""

    entry: Entry
    subject: str
    sender: str
    recipients: tuple[str, ...]
    message_id: str


class Traced(msgspec.Struct, frozen=True):
    """Items and mails that passed; where to look on in the items, and in the journal."""

    found: ItemPage
    passed: tuple[Passed, ...] = ()
    further: Position | None = None


class MailHistory(msgspec.Struct, frozen=True):
    """Everything on record about one mail, all its copies together; `visible`: the items whose pages they may see."""

    items: tuple[Item, ...]
    entries: tuple[Entry, ...]
    passed: tuple[Passed, ...]
    visible: frozenset[str]


class Overview(Caller):
    """What stands on the pages of many mails."""

    async def badges(self) -> Badges:
        me, parts = await self._me(), self._parts
        held = await parts.store.count(waiting_for(me)) if me.mailboxes else 0
        reviewing = Verb.QUARANTINE in charge(me)
        asks = approvers(me, await parts.deputies.table.mandates(me), parts.store.groups_of)
        return Badges(
            held,
            await parts.store.count(Query(tenant=me.tenant, asks=asks)),
            await parts.requests.open(me.tenant) if reviewing else 0,
        )

    async def home(self) -> HomeNumbers:
        me, parts = await self._me(), self._parts
        store, duties = parts.store, charge(me)
        mandates = await parts.deputies.table.mandates(me)
        mine = Query(state=ON_THE_WAY, owner=me.login, tenant=me.tenant, direction="outbound")
        return HomeNumbers(
            await store.count(mine),
            await store.count(Query(tenant=me.tenant, asks=approvers(me, mandates, parts.store.groups_of))),
            await store.count(Query(tenant=me.tenant, review=True)) if Verb.QUARANTINE in duties else 0,
            len(await parts.reports.open(me.tenant)) if Verb.REPORTS in duties else 0,
            await store.counts(me.tenant) if Verb.TRACE in duties else {},
            tuple(await seen(store.database, me.tenant, parts.clock(), parts.late))
            if Verb.TRACE in duties
            else (),
            parts.proofs() if Verb.TRACE in duties else (),
            await self._flow(me.tenant) if Verb.TRACE in duties else (),
        )

    async def _flow(self, tenant: str) -> tuple[FlowOfDay, ...]:
        parts = self._parts
        today = datetime.datetime.fromtimestamp(parts.clock(), ZoneInfo(parts.zone(tenant))).date()
        days = [f"{today - datetime.timedelta(days=ago)}" for ago in reversed(range(WEEK))]
        after = f"{today + datetime.timedelta(days=1)}"
        found = await Counts(bound(parts.store.database, tenant)).days(tenant, days[0], after)
        return tuple(
            FlowOfDay(day, found.get(day, {}).get("outbound", 0), found.get(day, {}).get("inbound", 0))
            for day in days
        )

    async def quarantine(
        self, state: str, direction: str, text: str, after: Place | None = None
    ) -> QuarantinePage:
        """Mail that waits for an administrator (QUARANTINE). `state`: one of STATES, "requested", "kept" (the originals of
        what was delivered), or "waiting" for what is to be decided."""
        me, parts = await self._me(Verb.QUARANTINE), self._parts
        query = Query(
            state=STATES.get(state, (State.HELD,)),
            direction=direction,
            tenant=me.tenant,
            text=text,
            only_hold=DISARMED if state == "kept" else "",
            requested=True if state == "requested" else False if state == "waiting" else None,
            review=state == "waiting",
        )
        rest = await self._listed(query, after)
        first: list[Item] = []
        if state == "waiting" and after is None:
            asked = msgspec.structs.replace(query, review=False, requested=True, limit=ASKED)
            first = await parts.store.find(asked)
        ids = [item.id for item in (*first, *rest.items)]
        requests = await parts.requests.of(me.tenant, ids)
        return QuarantinePage(
            tuple(to_watcher(item) for item in first), rest, len(first) == ASKED,
            {item: tuple(asked) for item, asked in requests.items()},
        )  # fmt: skip

    async def trace(
        self, text: str, *, after: Place | None = None, journal: Position | None = None
    ) -> Traced:
        """Search by sender, recipient, subject, Message-ID or id (TRACE): items, and mail that never was one. From a place
        in the `journal` on, the latter alone."""
        me, store = await self._me(Verb.TRACE), self._parts.store
        found = ItemPage()
        if journal is None:
            found = await self._listed(Query(tenant=me.tenant, text=text), after)
            if text and text.isascii() and text.isalnum() and after is None:
                same = await store.find(Query(tenant=me.tenant, mail_id=text.lower()))
                known = {item.id for item in found.items}
                more = (to_watcher(item) for item in same if item.id not in known)
                found = ItemPage((*found.items, *more), found.after)
        passed: list[Passed] = []
        further: Position | None = None
        if after is None or found.after is None:  # on the first page, and behind the last item
            passed, further = await self._inline(me.tenant, text.lower().split()[:20], journal or NEWEST)
        return Traced(found, tuple(passed), further)

    async def timeline(self, mail_id: str) -> MailHistory:
        """One mail (TRACE). Raises Missing."""
        me, store = await self._me(Verb.TRACE), self._parts.store
        query = Query(tenant=me.tenant, mail_id=checked(mail_id), limit=COPIES, order="oldest")
        items = await store.find(query)
        entries = await store.entries(me.tenant, mail_id=mail_id, limit=20 * COPIES)
        if not items and not entries:
            raise Missing("there is nothing of this id")
        return MailHistory(
            tuple(to_watcher(item) for item in items), tuple(entries),
            tuple(_passed([e for e in entries if e.event in _INLINE])),
            frozenset(item.id for item in items if Verb.SEE in verbs(me, item)),
        )  # fmt: skip

    async def _inline(
        self, tenant: str, words: list[str], place: Position
    ) -> tuple[list[Passed], Position | None]:
        """Mail that never was an item and has these words, the latest first, and where to look on, None at the end. So many
        entries are looked at at most; the page says how far back that was."""
        kept: list[Entry] = []
        left = LOOKED_AT
        while left > 0:
            told = await handed_over.inline(self._parts.store.database, tenant, place, PAGE)
            for at, entry in told:
                place = at
                if "to" in entry.detail and _has(entry, words):
                    kept.append(entry)
                    if len(kept) >= TRACED:
                        return await self._with_outcomes(tenant, kept), place
            if len(told) < PAGE:
                return await self._with_outcomes(tenant, kept), None
            left -= len(told)
        return await self._with_outcomes(tenant, kept), place

    async def _with_outcomes(self, tenant: str, entries: Sequence[Entry]) -> list[Passed]:
        """The mails of these entries, each with what came of it."""
        ids = tuple(e.mail_id for e in entries if e.event == JournalEvent.HAND_OVER)
        outcomes = await handed_over.outcomes(self._parts.store.database, tenant, ids)
        return _passed([*outcomes, *entries])


def _passed(entries: Sequence[Entry]) -> list[Passed]:
    """The mails that these entries tell of, under the event that says what came of each."""
    told: dict[str, Entry] = {}
    ended: dict[str, str] = {}
    for number, entry in enumerate(entries):
        key = entry.mail_id or str(number)
        if entry.event != JournalEvent.HAND_OVER:
            ended[key] = entry.event
        if "to" in entry.detail:
            told.setdefault(key, entry)
    return [_mail(msgspec.structs.replace(e, event=ended.get(key, e.event))) for key, e in told.items()]


def _mail(entry: Entry) -> Passed:
    detail: dict[str, Any] = entry.detail
    recipients = detail.get("to")
    return Passed(
        entry,
        str(detail.get("subject", "")),
        str(detail.get("from", "")),
        tuple(str(r) for r in recipients) if isinstance(recipients, list | tuple) else (),
        str(detail.get("message_id", "")),
    )


def _has(entry: Entry, words: list[str]) -> bool:
    """True when each of the words stands in what the entry tells of its mail."""
    mail = _mail(entry)
    told = " ".join((mail.subject, mail.sender, *mail.recipients, mail.message_id, entry.mail_id)).lower()
    return all(word in told for word in words)
