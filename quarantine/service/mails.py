"""Mail in custody, one by one: a person's own, what waits for their word, what it says, what they decide.

Diagnostics: NotAllowed (also Missing, ReasonNeeded, SignedOut); LookupError for a passphrase that is gone; StoreError.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec

from config.approval import PERSON
from directory.account import Account
from directory.bearers import GroupsOf, no_groups
from directory.delegations import Action, Mandate
from quarantine.item import Entry, Event, Item, NotAllowed, Recipient, State, waits_as
from quarantine.lifecycle import possible
from quarantine.requests import Request
from quarantine.rights import NOBODY, Ties, Verb, Voice, asked, needs_reason, person, verbs
from quarantine.service.caller import Caller, checked
from quarantine.service.desk import Octets
from quarantine.service.shown import ItemPage, to_person, to_watcher
from quarantine.store import Missing, Place, Query
from quarantine.waits import attention
from quarantine.waits.asking import Approver, Places

EVENTS = (
    Event.RECALL, Event.DROP, Event.STOP, Event.RESUME, Event.SEND_NOW, Event.APPROVE, Event.DENY, Event.RELEASE, Event.DISCARD,
    Event.RETRY, Event.CONFIRM,
)  # fmt: skip
"""What people bring about on the page of one mail."""
ON_THE_WAY = (State.HELD, State.QUEUED, State.ACTIVE)
RECENT = 20
ENTRIES = 200
COPIES = 1_100
REASON = 500
"""Characters."""


class OneMail(msgspec.Struct, frozen=True):
    """A mail with what somebody may do to it: `rights`, whatever its state, and `can`, which of EVENTS now. `asked`: the
    voices with which they may speak, `names`: what those are called in whose place, or after whom they look a second
    time (login -> language -> name). `alike`: the recipients of copies of the same mail, one each, that wait as this one does."""

    item: Item
    rights: frozenset[Verb]
    can: frozenset[Event] = frozenset()
    asked: tuple[Voice, ...] = ()
    needs_reason: bool = False
    alike: tuple[Recipient, ...] = ()
    names: dict[str, dict[str, str]] = {}

    @property
    def whole(self) -> Item:
        """The item with those others among its recipients."""
        return msgspec.structs.replace(self.item, recipients=(*self.item.recipients, *self.alike))


class Remaining(msgspec.Struct, frozen=True):
    """Where a mail stands after a decision: what it waits for still; `review`: an administrator has to look."""

    state: State
    due_at: float | None = None
    approvals: tuple[str, ...] = ()
    review: bool = False


class Plea(msgspec.Struct, frozen=True):
    """A request for release, with what its person is called in each language."""

    request: Request
    name: dict[str, str]


class History(msgspec.Struct, frozen=True):
    """What the journal tells of a mail, and who has asked for it; `names`: of those who did something, or in whose place
    (login -> language -> name)."""

    entries: tuple[Entry, ...] = ()
    requests: tuple[Plea, ...] = ()
    names: dict[str, dict[str, str]] = {}


def approvers(
    me: Account, mandates: Sequence[Mandate], groups_of: GroupsOf = no_groups
) -> tuple[Approver, ...]:
    """Whose word is asked, as the store is asked for it: somebody's own, then of whom they speak for."""
    others = [m.account for m in mandates if m.account is not None and Action.APPROVE in m.actions]
    return tuple(
        Approver(a.login, (*a.roles, *sorted(groups_of(a)), PERSON + a.login), a.head_of, a.mailboxes)
        for a in (me, *others)
    )


class Mails(Caller):
    """One mail, and the lists of those that are somebody's own or wait for their word."""

    async def my_mail(self, after: Place | None = None) -> ItemPage:
        """What they sent and has not ended."""
        me = await self._me()
        query = Query(owner=me.login, tenant=me.tenant, direction="outbound", state=ON_THE_WAY)
        return await self._listed(query, after)

    async def my_recent(self) -> tuple[Item, ...]:
        """What they sent and has ended, the latest."""
        me = await self._me()
        query = Query(
            owner=me.login, tenant=me.tenant, direction="outbound", state=(State.DONE, State.WITHDRAWN), limit=RECENT
        )  # fmt: skip
        return tuple(to_watcher(item) for item in await self._parts.store.find(query))

    async def approvals(self, after: Place | None = None) -> ItemPage:
        """What waits for their word: heads of departments by the directory, others by their role."""
        me = await self._me()
        asks = approvers(me, await self._parts.deputies.table.mandates(me), self._parts.store.groups_of)
        return await self._listed(Query(tenant=me.tenant, asks=asks, order="oldest"), after)

    async def entrusted(self, after: Place | None = None) -> ItemPage:
        """What they look after for others: mail of whom they act for, and from shared mailboxes, that has not ended."""
        me = await self._me()
        hands = [
            m for m in await self._parts.deputies.table.mandates(me) if m.actions & {Action.SEND, Action.READ}
        ]
        people = tuple(m.account.login for m in hands if m.account is not None)
        places = Places(people, tuple(m.mailbox for m in hands if m.mailbox))
        if not hands:
            return ItemPage()
        query = Query(tenant=me.tenant, placed=places, direction="outbound", state=ON_THE_WAY)
        return await self._listed(query, after)

    async def mail(self, id: str) -> OneMail:
        """A mail on which they have any right. Raises Missing for every other, as if there were none."""
        me, parts = await self._me(), self._parts
        item = await parts.store.get(checked(id), me.tenant)
        owner = await parts.people.account(item.tenant, item.owner) if item.owner else None
        mandates = await parts.deputies.table.mandates(me)
        ties = Ties(mandates, parts.store.groups_of)
        rights = verbs(me, item, owner, ties)
        if not rights:
            raise Missing("there is nothing of this id")
        speaks, now = asked(me, item, owner, ties), parts.clock()
        can = frozenset(
            event
            for event in EVENTS
            if event.value in rights
            for voice in (speaks if event in (Event.APPROVE, Event.DENY) else (Voice(""),))
            if possible(item, event, now, voice.role)
        )
        alike = tuple(r for other in await self._alike(item) for r in other.recipients) if can else ()
        reason = needs_reason(me, item, owner, ties)
        names = {m.account.login: m.account.name for m in mandates if m.account is not None}
        for word in item.agreed if speaks else ():
            if word.again and (first := await parts.people.account(item.tenant, word.person)) is not None:
                names[first.login] = first.name
        return OneMail(to_person(item, me, rights), rights, can, speaks, reason, alike, names)

    async def history(self, id: str) -> History:
        """Its entries (SEE); for those who decide about arriving mail, who has asked for it."""
        me, item = await self._permitted(id, Verb.SEE)
        parts = self._parts
        entries = await parts.store.entries(item.tenant, item=item.id, limit=ENTRIES)
        wishes: list[Plea] = []
        if item.direction == "inbound" and Verb.DISCARD in verbs(me, item):
            for request in (await parts.requests.of(item.tenant, [item.id])).get(item.id, []):
                account = await parts.people.account(request.tenant, request.person)
                wishes.append(Plea(request, account.name if account is not None else {}))
        did = {entry.actor for entry in entries} | {str(entry.detail.get("for", "")) for entry in entries}
        found = [await parts.people.account(item.tenant, login) for login in sorted(did)]
        names = {account.login: account.name for account in found if account is not None}
        return History(tuple(entries), tuple(wishes), names)

    async def open(self, id: str, reason: str = "") -> Octets | None:
        """What leaves, or would (OPEN), on record; None when it is no longer kept."""
        reason = reason.strip()[:REASON]
        me = await self._me(fresh=bool(reason))
        return await self._parts.desk.open(checked(id), person(me), reason)

    async def passphrase(self, id: str) -> str:
        """The generated passphrase of its archive (PASSPHRASE), on record."""
        return await self._parts.desk.passphrase(checked(id), person(await self._me(fresh=True)))

    async def change(
        self,
        id: str,
        event: Event,
        *,
        voice: Voice = NOBODY,
        comment: str = "",
        reason: str = "",
        tell: bool = False,
        bound: str = "",
        recipients: tuple[int, ...] = (),
        alike: bool = False,
    ) -> Remaining:
        """Let one of EVENTS happen, but CONFIRM, which is a verb of its own (quarantine/service/reviewing.py); DROP to these
        of its recipients, as indexes. `voice` is the one that speaks; `bound` (Item.bound) of what was shown to whom agrees
        to it; with `tell`, who has asked for the mail, or sent it, hears the reason. With `alike`, it happens to
        the copies that differ in nothing but whom they name, as far as it still can; DROP never does. Raises NotAllowed when it cannot happen
        (any more)."""
        if event not in EVENTS or event is Event.CONFIRM:
            raise NotAllowed("it is not theirs to do")
        if voice.role and event not in (Event.APPROVE, Event.DENY):
            raise NotAllowed("it is not theirs to do")
        me, item = await self._permitted(id, Verb[event.name], voice)
        if event is Event.RELEASE:
            await self._me(fresh=True)
        if (event is Event.DROP) != bool(recipients) or not set(recipients) <= set(
            range(len(item.recipients))
        ):
            raise NotAllowed("it is said who of its recipients is taken back")
        if event is Event.APPROVE and bound != item.bound:
            raise NotAllowed("it is not the content that was shown")
        texts = {
            "role": voice.role,
            "for": voice.place,
            "bound": bound,
            "comment": comment[:REASON],
            "reason": reason[:REASON],
            "tell": "yes" if tell else "",
        }
        parts, now = self._parts, self._parts.clock()
        detail: dict[str, Any] = {name: text for name, text in texts.items() if text}
        others = await self._alike(item) if alike and event is not Event.DROP else []
        if event is Event.APPROVE:
            organisation = parts.policy(me.tenant).organisation
            guarded = attention.guarded(item, organisation)
            detail |= await self._database(me).read(
                lambda t: attention.attentive(t, item, me.login, guarded=guarded, now=now)
            )
            if parts.dice() * 100 < organisation.second_look:
                detail["second_look"] = True
        after = await parts.store.change(
            item.id, event, person(me), now, detail, recipients=sorted(set(recipients))
        )
        detail["alike"] = True  # of one decision
        for other in others:
            if event is Event.APPROVE:
                detail["bound"] = other.bound
            with suppress(NotAllowed):  # it went its own way meanwhile
                await parts.store.change(other.id, event, person(me), now, detail)
        return Remaining(after.state, after.due_at, after.approvals, bool(after.holds))

    async def _alike(self, item: Item) -> list[Item]:
        """The other copies of a mail that leaves as one copy each, where they wait for the same."""
        if "each" not in item.rewrites:
            return []
        query = Query(tenant=item.tenant, mail_ids=(item.mail_id,), direction=item.direction, limit=COPIES)
        return [
            other
            for other in await self._parts.store.find(query)
            if other.id != item.id and waits_as(item, other)
        ]
