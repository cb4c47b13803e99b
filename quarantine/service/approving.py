"""What somebody needs to decide about a mail that waits for their word: the reasons one by one, its files as text, and how
attentively others decide (OUT-APPROVE).

Diagnostics: NotAllowed (also Missing, SignedOut); StoreError.
"""

import msgspec

from config.approval import chain
from directory.account import Account
from directory.bearers import Bearers
from filters.examined import ShownFile
from quarantine.item import Event, Item, NotAllowed
from quarantine.rights import Verb, asked, charge, person
from quarantine.service.caller import Caller, checked
from quarantine.waits import attention
from quarantine.waits.attention import Decisions, ReasonShown, decided

DAY = 86_400.0
TRIES = 10
"""Attempts to leave somebody out while others change the same mail."""
MOST = 20_000
"""Decisions that figures are made of, the latest."""


class Grounds(msgspec.Struct, frozen=True):
    """Why a mail waits, as somebody who decides sees it. `guarded`: they agree only when all reasons were opened."""

    reasons: tuple[ReasonShown, ...] = ()
    guarded: bool = False

    @property
    def unread(self) -> int:
        return sum(not reason.opened for reason in self.reasons)


class Approving(Caller):
    """One mail that waits for approval, and figures about all of them."""

    async def grounds(self, id: str) -> Grounds:
        """The reasons of a mail (APPROVE), as far as they were opened by this person; it is noted when they were first shown
        to somebody who is asked, as that is what the figure about hasty approvals counts from."""
        me, item = await self._permitted(id, Verb.SEE)
        if await self._asked(me, item):
            await self._note(me, item, [attention.page_key(item)])
        seen = await self._database(me).read(lambda t: attention.seen(t, item, me.login))
        guarded = attention.guarded(item, self._parts.policy(me.tenant).organisation)
        return Grounds(attention.reasons(item, seen if guarded else _every(item)), guarded)

    async def open_reason(self, id: str, key: str) -> None:
        """Note that somebody who is asked opened a reason; what is none is not noted."""
        me, item = await self._permitted(id, Verb.SEE)
        if not await self._asked(me, item):
            raise NotAllowed("it is not theirs to do")
        keys = [reason.key for reason in attention.reasons(item) if reason.key and key == reason.key]
        await self._note(me, item, keys)

    async def _asked(self, me: Account, item: Item) -> bool:
        """True when the word of this person is missing."""
        store, actor, at = self._parts.store, person(me), self._parts.clock()
        _, owner, ties = await self._database(me).read(lambda t: store.standing(t, item, actor, at))
        return bool(asked(me, item, owner, ties))

    async def _note(self, me: Account, item: Item, keys: list[str]) -> None:
        at = self._parts.clock()
        await self._database(me).write(lambda t: attention.note(t, item, me.login, keys, at))

    async def file_text(self, id: str, number: int, reason: str = "") -> ShownFile | None:
        """What the file with this number (Summary.attachments) says (OPEN), on record; None when it cannot be read."""
        reason = reason.strip()[:500]
        me, parts = await self._me(fresh=bool(reason)), self._parts
        item = await parts.desk.looked(checked(id), person(me), reason, file=number)
        draft = parts.store.blobs.draft()
        try:
            for chunk in await parts.store.blobs.get(item.original or item.blob):
                draft.write(chunk)
            return await parts.show(draft, number)
        finally:
            draft.discard()

    async def excludable(self, id: str) -> dict[str, dict[str, str]]:
        """Whom the sender may leave out of those who are asked (EXCLUDE), where the policy says so: login -> language ->
        name. Nobody without whom a step would lack people: others would be asked in their place, and whom a sender prefers
        is not theirs to say."""
        me, item = await self._permitted(id, Verb.EXCLUDE)
        return await self._excludable(me, item)

    async def _excludable(self, me: Account, item: Item) -> dict[str, dict[str, str]]:
        allowed = set(self._parts.policy(me.tenant).organisation.may_exclude).intersection(item.asks)
        if not allowed:
            return {}
        everybody = await self._parts.people.all(me.tenant)
        bearers = Bearers(everybody, self._parts.store.groups_of)
        steps = [step for text in item.approvals for step in chain(text)]
        able = [(step, bearers.able(step, me, item.barred)) for step in steps]
        asked_now = set[str]().union(*(logins for step, logins in able if step.of in allowed))
        needed = set[str]().union(*(logins for step, logins in able if len(logins) <= step.need))
        return {a.login: a.name for a in everybody if a.login in asked_now - needed}

    async def exclude(self, id: str, login: str, reason: str) -> None:
        """Leave somebody out (EXCLUDE). Raises NotAllowed where the policy does not say so.

        Whatever happens to the mail meanwhile, here or on another node, is looked at before the next attempt: of two
        exclusions at once both count, unless a step would lack people.
        """
        detail, tries, version = {"excluded": login, "reason": reason[:500]}, 0, -1
        while True:
            me, item = await self._permitted(id, Verb.EXCLUDE)
            if login not in await self._excludable(me, item):
                raise NotAllowed("they cannot be left out")
            tries, before, version = tries + 1, version, item.version
            try:
                await self._parts.store.change(
                    item.id, Event.EXCLUDE, person(me), self._parts.clock(), detail, seen=version
                )
                return
            except NotAllowed:
                if version == before or tries == TRIES:
                    raise

    async def decisions(self, days: int) -> tuple[Decisions, ...]:
        """How approvers have decided in the last days, those with the most first: all of them (TRACE), else oneself."""
        me, parts = await self._me(), self._parts
        whose = "" if Verb.TRACE in charge(me) else me.login
        since = parts.clock() - min(max(days, 1), 366) * DAY
        found: dict[str, list[dict[str, object]]] = {}
        for event in (Event.APPROVE, Event.DENY):
            for entry in await parts.store.entries(
                me.tenant, actor=whose, event=event, since=since, limit=MOST
            ):
                found.setdefault(entry.actor, []).append({"event": event, **entry.detail})
        names = {a.login: a.name for a in await parts.people.all(me.tenant)}
        rows = [decided(login, names.get(login, {}), said) for login, said in found.items()]
        return tuple(sorted(rows, key=lambda row: (-row.approved - row.denied, row.person)))


def _every(item: Item) -> list[str]:
    return [reason.key for reason in attention.reasons(item)]
