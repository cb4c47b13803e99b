"""Mail in custody, one by one: a person's own, what waits for their word, what it says, what they decide.

Diagnostics: NotAllowed (also Missing, ReasonNeeded, SignedOut); LookupError for a passphrase that is gone; StoreError.
"""

from contextlib import suppress

import msgspec

from directory.account import Account
from quarantine.item import Entry, Event, Item, NotAllowed, Recipient, State, waits_as
from quarantine.lifecycle import possible
from quarantine.requests import Request
from quarantine.rights import Verb, asked, needs_reason, person, verbs
from quarantine.service.caller import Caller, checked
from quarantine.service.desk import Octets
from quarantine.service.shown import ItemPage, to_person, to_watcher
from quarantine.store import Approver, Missing, Place, Query

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
    roles in which they may speak. `alike`: the recipients of copies of the same mail, one each, that wait as this one does."""

    item: Item
    rights: frozenset[Verb]
    can: frozenset[Event] = frozenset()
    asked: tuple[str, ...] = ()
    needs_reason: bool = False
    alike: tuple[Recipient, ...] = ()

    @property
    def whole(self) -> Item:
        """The item with those others among its recipients."""
        return msgspec.structs.replace(self.item, recipients=(*self.item.recipients, *self.alike))


class Plea(msgspec.Struct, frozen=True):
    """A request for release, with what its person is called in each language."""

    request: Request
    name: dict[str, str]


class History(msgspec.Struct, frozen=True):
    """What the journal tells of a mail, and who has asked for it."""

    entries: tuple[Entry, ...] = ()
    requests: tuple[Plea, ...] = ()


def approver(me: Account) -> Approver:
    """Whose word is asked, as the store is asked for it."""
    return Approver(me.login, tuple(me.roles), me.head_of, tuple(me.mailboxes))


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
        return await self._listed(Query(tenant=me.tenant, asks=approver(me), order="oldest"), after)

    async def mail(self, id: str) -> OneMail:
        """A mail on which they have any right. Raises Missing for every other, as if there were none."""
        me, parts = await self._me(), self._parts
        item = await parts.store.get(checked(id), me.tenant)
        owner = await parts.people.account(item.tenant, item.owner) if item.owner else None
        rights = verbs(me, item, owner)
        if not rights:
            raise Missing("there is nothing of this id")
        speaks, now = asked(me, item, owner), parts.clock()
        can = frozenset(
            event
            for event in EVENTS
            if event.value in rights
            for role in (speaks if event in (Event.APPROVE, Event.DENY) else ("",))
            if possible(item, event, now, role)
        )
        alike = tuple(r for other in await self._alike(item) for r in other.recipients) if can else ()
        return OneMail(to_person(item, me, rights), rights, can, speaks, needs_reason(me, item, owner), alike)

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
        return History(tuple(entries), tuple(wishes))

    async def open(self, id: str, reason: str = "") -> Octets | None:
        """What leaves, or would (OPEN), on record; None when it is no longer kept."""
        return await self._parts.desk.open(checked(id), person(await self._me()), reason[:REASON])

    async def passphrase(self, id: str) -> str:
        """The generated passphrase of its archive (PASSPHRASE), on record."""
        return await self._parts.desk.passphrase(checked(id), person(await self._me()))

    async def change(
        self,
        id: str,
        event: Event,
        *,
        role: str = "",
        comment: str = "",
        reason: str = "",
        tell: bool = False,
        sha256: str = "",
        recipients: tuple[int, ...] = (),
        alike: bool = False,
    ) -> None:
        """Let one of EVENTS happen, but CONFIRM, which is a verb of its own (quarantine/service/reviewing.py); DROP to these
        of its recipients, as indexes. `role` is the one that speaks; `sha256` of the content that was shown to whom agrees
        to it; with `tell`, who has asked for the mail hears the reason. With `alike`, it happens to the copies that differ in
        nothing but whom they name, as far as it still can. Raises NotAllowed when it cannot happen (any more)."""
        if event not in EVENTS or event is Event.CONFIRM:
            raise NotAllowed("it is not theirs to do")
        if role and event not in (Event.APPROVE, Event.DENY):
            raise NotAllowed("it is not theirs to do")
        me, item = await self._permitted(id, Verb[event.name], role)
        if (event is Event.DROP) != bool(recipients) or not set(recipients) <= set(
            range(len(item.recipients))
        ):
            raise NotAllowed("it is said who of its recipients is taken back")
        if event is Event.APPROVE and sha256 != item.sha256:
            raise NotAllowed("it is not the content that was shown")
        texts = {
            "role": role,
            "comment": comment[:REASON],
            "reason": reason[:REASON],
            "tell": "yes" if tell else "",
        }
        detail = {name: text for name, text in texts.items() if text}
        others, now = await self._alike(item) if alike else [], self._parts.clock()
        await self._parts.store.change(
            item.id, event, person(me), now, detail, recipients=sorted(set(recipients))
        )
        for other in others:
            with suppress(NotAllowed):  # it went its own way meanwhile
                await self._parts.store.change(other.id, event, person(me), now, detail)

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
