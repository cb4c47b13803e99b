"""Allow and block lists, passphrases agreed with partners, the people.

Diagnostics: NotAllowed (also SignedOut); ValueError for an entry that makes no sense; PassphraseRefused; StoreError.
"""

import msgspec

from directory.listings import ListDecision
from directory.roster import Recorded, Revision
from directory.vault import Agreement
from quarantine.rights import Verb, person
from quarantine.service.caller import Caller

SHOWN = 500


class ListPage(msgspec.Struct, frozen=True):
    """Entries in force, newest first; `full` when there are more than SHOWN. `days`: how far back people are alerted."""

    entries: tuple[ListDecision, ...] = ()
    full: bool = False
    days: int = 0


class Lists(Caller):
    """What an administrator sets for everybody."""

    async def listings(self, list: str = "", text: str = "") -> ListPage:
        """Everybody's entries (LISTS): of one list, and with this text in them, when they are given."""
        me = await self._me(Verb.LISTS)
        text = text.strip().lower()
        found = [
            d for d in await self._parts.listings.all(me.tenant)
            if (not list or d.list == list) and text in f"{d.subject} {d.owner} {d.person} {d.reason}".lower()
        ]  # fmt: skip
        return ListPage(tuple(found[:SHOWN]), len(found) > SHOWN, self._parts.alert_days)

    async def enlist(
        self,
        list: str,
        kind: str,
        subject: str,
        *,
        reason: str,
        days: int,
        item: str = "",
        alert: bool = False,
    ) -> None:
        """Make an entry for everybody (LISTS); it came from an item, when that is named. With `alert`, those who got such
        a link or file hear. Raises ValueError."""
        me, mail_id = await self._me(Verb.LISTS, fresh=True), ""
        if item:
            me, found = await self._permitted(item, Verb.SEE)
            mail_id = found.mail_id
        await self._parts.office.enlist(
            person(me), list=list, kind=kind, subject=subject, reason=reason, seconds=days * 86_400.0,
            alert=alert, item_id=item, mail_id=mail_id,
        )  # fmt: skip

    async def delist(self, id: str) -> bool:
        """Take an entry out (LISTS); False when there is none."""
        me = await self._me(Verb.LISTS, fresh=True)
        return await self._parts.office.delist(person(me), id) is not None

    async def agreements(self) -> tuple[Agreement, ...]:
        """Passphrases agreed with partners (PARTNERS), without themselves."""
        me = await self._me(Verb.PARTNERS)
        return tuple(await self._parts.vault.all(me.tenant))

    async def agree(self, subject: str, passphrase: str, *, note: str, valid_until: float | None) -> None:
        """Keep one (PARTNERS). Raises PassphraseRefused."""
        me = await self._me(Verb.PARTNERS, fresh=True)
        await self._parts.office.agree(person(me), subject, passphrase, note=note, valid_until=valid_until)

    async def disagree(self, id: str) -> bool:
        """Forget one (PARTNERS); False when there is none."""
        me = await self._me(Verb.PARTNERS, fresh=True)
        return await self._parts.office.disagree(person(me), id) is not None

    async def accounts(self) -> tuple[Recorded, ...]:
        """The people (PEOPLE), each with who says so."""
        me = await self._me(Verb.PEOPLE)
        return tuple(await self._parts.people.recorded(me.tenant))

    async def directory(self) -> tuple[Revision, ...]:
        """The sources of the people (PEOPLE), and how often each changed something."""
        me = await self._me(Verb.PEOPLE)
        return await self._parts.people.revisions(me.tenant)
