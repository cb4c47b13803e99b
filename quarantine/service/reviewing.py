"""Self-review: a sender looks through a mail of theirs that waits for that, and lets it go (OUT-MISSEND).

What has to be ticked, and opened before, is decided here, not by the page. That the text of a file was looked at is an
entry of the journal, which is written before the text is given out.

Diagnostics: NotAllowed (also Missing, SignedOut); StoreError.
"""

from collections.abc import Sequence

import msgspec

from directory.account import Account
from filters.examined import ShownFile
from quarantine.events import JournalEvent
from quarantine.item import Entry, Event, Item, NotAllowed, State
from quarantine.rights import Verb, person
from quarantine.service.caller import Caller
from quarantine.service.shown import to_watcher
from quarantine.store import Query
from quarantine.waits.checklist import Checklist, checklist

ENTRIES = 500
"""Entries of a mail's journal in which it is looked for what was opened."""
TICKED = 2_500
"""Ticks that one confirmation may bring: a mail may have 1,000 recipients, each of another domain, and files besides."""
COPIES = 1_100
"""Of one mail, more than one for each recipient."""


class SelfReview(msgspec.Struct, frozen=True):
    """A mail that waits for its sender: what they check, and which files' texts they have looked at."""

    item: Item
    checks: Checklist
    opened: frozenset[int] = frozenset()


class Reviewing(Caller):
    """What a sender does with mail of theirs that waits for their look."""

    async def self_review(self, id: str) -> SelfReview:
        """The checks of a mail (CONFIRM). Raises NotAllowed when it does not wait for them (any more)."""
        me, items = await self._copies(id)
        checks = checklist(items, self._parts.policy(me.tenant))
        return SelfReview(to_watcher(items[0]), checks, await self._opened(me, items))

    async def confirm(self, id: str, ticked: tuple[str, ...]) -> tuple[str, ...]:
        """They looked through it: every copy of the mail that waits for that goes on; or the keys of the checks that are
        missing, and then nothing happens."""
        me, items = await self._copies(id)
        given = frozenset(ticked[:TICKED])
        checks = checklist(items, self._parts.policy(me.tenant))
        if missing := checks.missing(given, await self._opened(me, items)):
            return tuple(check.key for check in missing)
        names = [check.name or check.key for check in checks.checks if check.key in given]
        detail = {"ticked": ", ".join(names)[:2_000]} if names else {}
        done, refused = 0, None
        for item in items:
            try:
                await self._parts.store.change(
                    item.id, Event.CONFIRM, person(me), self._parts.clock(), detail
                )
                done += 1
            except NotAllowed as error:
                refused = error
        if not done and refused is not None:
            raise refused
        return ()

    async def open_file(self, id: str, number: int) -> ShownFile | None:
        """The text of one of its files, on record; None when it cannot be shown."""
        me, items = await self._copies(id)
        names = items[0].summary.attachments
        if not 0 <= number < len(names):
            raise NotAllowed("there is no such file")
        parts, item = self._parts, items[0]
        octets = await parts.desk.open(item.id, person(me))
        if octets is None:
            return None
        draft = parts.store.blobs.draft()
        try:
            draft.write(octets.original or octets.raw)
            shown = await parts.show(draft, number)
        finally:
            draft.discard()
        said = {"file": str(number), "name": names[number][:200]}
        said |= (
            {} if shown is not None else {"read": "no"}
        )  # they were told, and can do no more about it here
        entry = Entry(
            parts.clock(), JournalEvent.FILE_SHOWN, me.login, item.id, item.mail_id, item.tenant, said
        )
        await parts.store.record(entry)
        return shown

    async def _copies(self, id: str) -> tuple[Account, list[Item]]:
        """Who asks, and the copies of the mail that wait for their look, the named one first."""
        me, item = await self._permitted(id, Verb.CONFIRM)
        if item.state is not State.HELD or not item.self_review:
            raise NotAllowed("it does not wait for its sender")
        query = Query(
            tenant=item.tenant, mail_id=item.mail_id, owner=item.owner, state=(State.HELD,), limit=COPIES
        )
        others = await self._parts.store.find(query)
        return me, [item, *(other for other in others if other.self_review and other.id != item.id)]

    async def _opened(self, me: Account, items: Sequence[Item]) -> frozenset[int]:
        """The numbers of the files whose text they were given."""
        mail = items[0]
        looks = await self._parts.store.entries(
            mail.tenant, mail_id=mail.mail_id, event=JournalEvent.FILE_SHOWN, actor=me.login, limit=ENTRIES
        )
        return frozenset(int(look.detail.get("file", -1)) for look in looks)
