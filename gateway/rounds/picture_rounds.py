"""Reads the words in pictures of leaving mail while it is held: what is found there makes others decide (docs/adr/0017).

A mail whose time is over before it was read leaves with its pictures on record as unread: nobody's mail waits for a machine.
What would refuse the mail, hold or change it, waits for an administrator; what asks for approval asks those whom the
policy names. The sender hears of both.

Diagnostics (log): letters (how many were written).
"""

from collections.abc import Callable, Sequence

import msgspec
import structlog

from config.approval import merged
from config.log_events import LogEvent
from config.settings import Settings
from directory.people import People
from filters.examined import Examined
from filters.extract.ocr import PLACE
from filters.facts import Origin
from filters.finding import Finding
from gateway.checkpoint import LEAVING, Checkpoint
from gateway.fact_finding import LeavingFacts
from gateway.notices import Notices
from gateway.rounds.forever import forever
from mail.message import Message
from quarantine.item import Event, Item, Looked, NotAllowed, State
from quarantine.letters import on_hold
from quarantine.rights import HOUSEKEEPING
from quarantine.store import Query, Store
from quarantine.waits import pictures
from quarantine.waits.pictures import Pictures
from storage.bound import bound
from storage.interfaces import Already

log = structlog.get_logger()

ROUND = 2.0
"""Seconds between two rounds."""
BATCH = 20
LONGER = LEAVING + 60.0
"""Seconds after which somebody else reads a mail that its reader has left lying."""
DECIDES = frozenset({"hold", "reject", "bcc", "each", "encrypt", "tidy"})
"""Consequences that it is too late for, or that an administrator has: they decide."""


class PictureRounds:
    """Reads for all tenants, one mail after the other."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        people: People,
        notices: Notices,
        leaving: LeavingFacts,
        checkpoint: Checkpoint,
        clock: Callable[[], float],
        console_url: str,
    ) -> None:
        self._settings = settings
        self._store = store
        self._people = people
        self._notices = notices
        self._leaving = leaving
        self._checkpoint = checkpoint
        self._clock = clock
        self._console = console_url

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, pictures=self.look)

    async def look(self) -> int:
        """One round; how many mails were stopped. Raises StoreError."""
        if not self._checkpoint.reads:
            return 0
        stopped, database = 0, self._store.database
        for mail in await pictures.unread(database, self._clock(), BATCH):
            if await pictures.take(database, mail, self._clock() + LONGER):
                stopped += await self._read(mail)
        return stopped

    async def _read(self, mail: Pictures) -> bool:
        items = await self._held(mail)
        found = await self._examined(items) if items else None
        if found is None or not (news := read_in_pictures(found.findings)) or not decisive(found, news):
            await self._forget(mail)
            return False
        for item in items:
            await self._stop(item, found, news)
        await self._tell(mail, items, news)
        return True

    async def _held(self, mail: Pictures) -> list[Item]:
        query = Query(
            mail.tenant, state=(State.HELD,), direction="outbound", mail_id=mail.mail_id, limit=1_000
        )
        return await self._store.find(query)

    async def _examined(self, items: Sequence[Item]) -> Examined | None:
        """The mail of these items with the words in its pictures, as it came, for all who still wait for it."""
        first = items[0]
        draft = self._store.blobs.draft()
        try:
            for chunk in await self._store.blobs.get(first.original or first.blob):
                draft.write(chunk)
            paths = tuple(dict.fromkeys(r.path for item in items for r in item.recipients))
            envelope = msgspec.structs.replace(first.envelope, forward_paths=paths)
            origin = Origin("submission", first.peer, login=first.owner, tenant=first.tenant)
            facts = await self._leaving.find(origin, envelope, Message(draft.view()), use=False)
            return None if facts is None else await self._checkpoint.read(draft, facts)
        finally:
            draft.discard()

    async def _stop(self, item: Item, found: Examined, news: Sequence[Finding]) -> None:
        """Have others decide on an item. What happened to it meanwhile stays."""
        rules = {finding.rule for finding in news}
        thens = {(a.rule, a.then.partition(" ")[0]) for a in found.applied if a.rule in rules}
        holds = {rule for rule, then in thens if then in DECIDES}
        asked = merged(found.verdict.approvals) if any(then == "approve" for _, then in thens) else ()
        known = [f for f in item.findings if f.rule not in rules]
        looked = Looked(
            item.blob, item.size, item.sha256, tuple(sorted(holds)), item.rewrites, (*news, *known)
        )
        detail = {"rules": sorted(rules), "approvals": list(asked)}
        try:
            await self._store.change(item.id, Event.FIND, HOUSEKEEPING, self._clock(), detail, looked)
        except NotAllowed:  # it has just left, or was taken back
            return

    async def _tell(self, mail: Pictures, items: Sequence[Item], news: Sequence[Finding]) -> None:
        """Write to the sender; the mail is done with in the same transaction."""
        waiting = [item for item in await self._held(mail) if item.approvals or item.holds]
        sender = await self._people.account(mail.tenant, items[0].owner)
        if not waiting or sender is None or not sender.addresses:
            await self._forget(mail)
            return
        here = self._settings.of(mail.tenant).console
        letter = on_hold.found(
            waiting, news, sender.language, console=here.page(self._console), timezone=here.timezone
        )
        try:
            await self._notices.send(
                [(letter, sender)], self._clock(), HOUSEKEEPING.name, lambda t: pictures.forget(t, mail)
            )
        except Already:
            return
        log.info(LogEvent.LETTERS, kind="pictures", count=1)

    async def _forget(self, mail: Pictures) -> None:
        try:
            await bound(self._store.database, mail.tenant).write(
                lambda transaction: pictures.forget(transaction, mail)
            )
        except Already:
            return


def read_in_pictures(findings: Sequence[Finding]) -> list[Finding]:
    """Those that stand in a text that was read in a picture."""
    return [f for f in findings if any(e.part.endswith(PLACE) for e in f.evidence)]


def decisive(found: Examined, news: Sequence[Finding]) -> bool:
    """Whether somebody has to decide because of what was read."""
    rules = {finding.rule for finding in news}
    return any(a.rule in rules and a.then.partition(" ")[0] in {*DECIDES, "approve"} for a in found.applied)
