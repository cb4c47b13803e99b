"""Mail that waits before it reaches this person (READ and what goes with it in quarantine/rights.py).

Diagnostics: NotAllowed (also Missing, SignedOut); StoreError.
"""

import hashlib

import msgspec

from directory.account import Account
from filters.examined import DISARMED, LOCKED
from quarantine import digests, password_attempts
from quarantine.item import Item, State, Status
from quarantine.requests import COMMENT, Request
from quarantine.rights import Verb, person, verbs
from quarantine.service.caller import LISTED, Caller, checked
from quarantine.service.desk import Octets
from quarantine.service.shown import to_recipient
from quarantine.store import Place, Query


class HeldMail(msgspec.Struct, frozen=True):
    """A mail as its recipient sees it.

    state   "locked" (a password is missing), "review" (an administrator decides), "original" (it was delivered without
            what is kept here), "passing" (it goes on by itself), "coming", "arrived", "failed" or "ended"
    request what this person has asked for
    left    how often a password can still be tried
    """

    item: Item
    state: str
    request: Request | None = None
    left: int = 0

    @property
    def can_ask(self) -> bool:
        return self.request is None and self.state in ("locked", "review", "original")


class HeldPage(msgspec.Struct, frozen=True):
    """A part of the list, and where the next one begins."""

    mails: tuple[HeldMail, ...] = ()
    after: Place | None = None


class DigestPage(msgspec.Struct, frozen=True):
    """The mails that one digest named; `fresh` is False when its link is too old, and then they are not there."""

    fresh: bool
    mails: tuple[HeldMail, ...] = ()


class HeldForMe(Caller):
    """What waits for somebody's mailboxes."""

    async def held(self, after: Place | None = None) -> HeldPage:
        me = await self._me()
        if not me.mailboxes:
            return HeldPage()
        query = Query(
            state=(State.HELD,), direction="inbound", tenant=me.tenant, mailboxes=me.mailboxes, after=after,
            limit=LISTED + 1,
        )  # fmt: skip
        found = await self._parts.store.find(query)
        shown = found[:LISTED]
        place = Place(shown[-1].accepted_at, shown[-1].id) if len(found) > LISTED else None
        return HeldPage(await self._seen(me, shown), place)

    async def held_mail(self, id: str) -> HeldMail:
        """One of them (READ), whatever has become of it."""
        me, item = await self._permitted(id, Verb.READ)
        (seen,) = await self._seen(me, [item])
        if LOCKED not in item.holds:
            return seen
        left = await password_attempts.left(self._database(me), item)
        return msgspec.structs.replace(seen, left=left)

    async def read(self, id: str) -> Octets | None:
        """It, as it came (READ); None when it is no longer kept."""
        return await self._parts.desk.read(checked(id), person(await self._me()))

    async def ask(self, id: str, comment: str) -> bool:
        """Ask the administrator for it (ASK), once for each mail and person; False when they had. Raises NotAllowed when it
        no longer waits."""
        me, item = await self._permitted(id, Verb.ASK)
        return await self._parts.requests.ask(item, person(me), comment[:COMMENT], self._parts.clock())

    async def unlock(self, id: str, password: str) -> str:
        """Try a password on its locked files (EXAMINE); what came of it (gateway/unlock.py: Opened)."""
        me, item = await self._permitted(id, Verb.EXAMINE)
        return str(await self._parts.unlock(item, password, person(me)))

    async def digest(self, token: str) -> DigestPage | None:
        """The list of one digest, for the person to whom it was sent; None for everybody else."""
        me, store = await self._me(), self._parts.store
        digest = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
        found = await digests.opened(self._database(me), digest, me)
        if found is None:
            return None
        if found.expires_at <= self._parts.clock():
            return DigestPage(False)
        query = Query(ids=found.items, tenant=me.tenant, direction="inbound", limit=len(found.items) or 1)
        items = await store.find(query) if found.items else []
        return DigestPage(True, await self._seen(me, [i for i in items if Verb.READ in verbs(me, i)]))

    async def _seen(self, me: Account, items: list[Item]) -> tuple[HeldMail, ...]:
        asked = await self._parts.requests.of(me.tenant, [i.id for i in items], me.login)
        return tuple(
            HeldMail(to_recipient(i, me.mailboxes), _state(i), next(iter(asked.get(i.id, ())), None)) for i in items
        )  # fmt: skip


def waiting_for(me: Account) -> Query:
    """What is held for them, but for the originals of what was delivered."""
    return Query(
        state=(State.HELD,), direction="inbound", tenant=me.tenant, mailboxes=me.mailboxes, not_only=DISARMED
    )  # fmt: skip


def _state(item: Item) -> str:
    if item.state is State.HELD:
        if LOCKED in item.holds:
            return "locked"
        if DISARMED in item.holds:
            return "original"
        return "review" if item.holds or item.approvals or item.due_at is None else "passing"
    if item.state is State.WITHDRAWN:
        return "ended"
    if item.state is not State.DONE:
        return "coming"
    return "failed" if any(r.status is Status.FAILED for r in item.recipients) else "arrived"
