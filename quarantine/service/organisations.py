"""The house operator's view: how each organisation fares, in numbers, and suspending one (OPS-TENANT, OPS-SUSPEND).

No content, subject or address is in any answer: whoever keeps the house reads nobody's mail.

Diagnostics: NotAllowed (also SignedOut, Missing); ValueError with the key of a sentence; StoreError.
"""

import datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec

from config.tenant import DEFAULT
from directory.account import Account
from quarantine.queue import suspending
from quarantine.queue.sender_limits import SenderUse
from quarantine.queue.volumes import Volumes, volumes
from quarantine.rights import Verb, person
from quarantine.service.caller import Caller
from quarantine.service.shown import Proof
from quarantine.store import Missing
from storage.interfaces import Transaction


class Faring(msgspec.Struct, frozen=True):
    """One organisation: its numbers, since when each direction of its mail is proved (canary) as far as that is known, and its
    limits of senders."""

    volumes: Volumes
    proved: dict[str, Proof]
    senders: SenderUse = SenderUse()


class Organisations(Caller):
    """What the house's operator sees of every organisation (ORGANISATIONS), and what they may do about one."""

    async def organisations(self) -> tuple[Faring, ...]:
        """The house first."""
        await self._me(Verb.ORGANISATIONS)
        parts, now = self._parts, self._parts.clock()
        proved, database = parts.proved(), parts.store.database
        found = []
        for name in parts.organisations:
            today = datetime.datetime.fromtimestamp(now, ZoneInfo(parts.zone(name))).date()
            numbers = await volumes(database, name, now, parts.late, today)
            found.append(Faring(numbers, proved.get(name, {}), await parts.senders(name)))
        return tuple(found)

    async def suspend(self, organisation: str, reason: str) -> bool:
        """Let nothing of its mail come or go; False where that is so already. The house itself is suspended on its host, by
        the command: nobody could resume it here."""
        me, parts = await self._me(Verb.ORGANISATIONS, fresh=True), self._parts
        if not reason.strip():
            raise ValueError("reason_needed")
        return await suspending.suspend(
            parts.store, self._one(organisation), reason=reason, by=_by(me), now=parts.clock(),
            first=partial(self._keeps_house, me),
        )  # fmt: skip

    async def resume(self, organisation: str, reason: str) -> bool:
        """Let it go on; False where it does."""
        me, parts = await self._me(Verb.ORGANISATIONS, fresh=True), self._parts
        if not reason.strip():
            raise ValueError("reason_needed")
        return await suspending.resume(
            parts.store, self._one(organisation), reason=reason, by=_by(me), now=parts.clock(),
            first=partial(self._keeps_house, me),
        )  # fmt: skip

    def _one(self, organisation: str) -> str:
        if organisation == DEFAULT or organisation not in self._parts.organisations:
            raise Missing("there is no such organisation")
        return organisation

    def _keeps_house(self, me: Account, transaction: Transaction) -> None:
        self._parts.store.in_charge(transaction, person(me), Verb.ORGANISATIONS, me.tenant)


def _by(me: Account) -> str:
    """In the journal of an organisation that has people of its own, perhaps of the same name."""
    return f"{me.tenant}/{me.login}"
