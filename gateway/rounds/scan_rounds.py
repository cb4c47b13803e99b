"""Leaving mail that waits because nobody could look for viruses in it (OUT-VIRUS) is scanned when somebody can, and goes on.

Diagnostics (log): scanned_later (how many items).
"""

from collections.abc import Callable, Iterable

import msgspec
import structlog

from config.log_events import LogEvent
from config.tenant import EVERY
from filters.examined import INFECTED, UNSCANNED
from filters.facts import Facts, Origin, VirusScan
from filters.finding import Finding, Sight
from filters.reading.scanned import infected, unseen
from gateway.checkpoint import Checkpoint
from gateway.fact_finding import LeavingFacts
from gateway.rounds.forever import forever
from gateway.scan.clamd import PASSING, ScanLack
from mail.message import Message
from quarantine.item import Event, Item, Looked, NotAllowed, State
from quarantine.rights import HOUSEKEEPING
from quarantine.rows import Place, Query
from quarantine.store import Store

log = structlog.get_logger()

ROUND = 30.0
"""Seconds between two rounds."""
PAGE = 50
WAITS, FOUND = UNSCANNED["outbound"], INFECTED["outbound"]


class ScanRounds:
    """Looks after the leaving mail of all tenants. `clock`: UTC seconds."""

    def __init__(
        self, store: Store, leaving: LeavingFacts, checkpoint: Checkpoint, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._leaving = leaving
        self._checkpoint = checkpoint
        self._clock = clock

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, scan=self.scan)

    async def scan(self) -> int:
        """One round; how many items somebody has looked through. Raises StoreError."""
        done = 0
        query = Query(
            EVERY, state=(State.HELD,), direction="outbound", hold=WAITS, limit=PAGE, order="oldest"
        )
        while items := await self._store.find(query):
            for item in filter(_passing, items):
                answer = await self._scanned(item)
                if answer is None or answer.lack in PASSING:
                    return done  # nor will the others be looked at
                done += await self._take(item, answer)
            query = msgspec.structs.replace(query, after=Place(items[-1].accepted_at, items[-1].id))
        if done:
            log.info(LogEvent.SCANNED_LATER, items=done)
        return done

    async def _scanned(self, item: Item) -> VirusScan | None:
        """What the scanner says of the mail as it came; None when nobody is asked."""
        draft = self._store.blobs.draft()
        try:
            for chunk in await self._store.blobs.get(item.original or item.blob):
                draft.write(chunk)
            origin = Origin("submission", item.peer, login=item.owner, tenant=item.tenant)
            facts = await self._leaving.find(origin, item.envelope, Message(draft.view()), use=False)
            # Whose account is gone has agreed passphrases with nobody.
            return await self._checkpoint.scan(draft, facts or Facts("outbound", origin, item.envelope))
        except TimeoutError:
            return VirusScan(lack=ScanLack.BUSY)
        finally:
            draft.discard()

    async def _take(self, item: Item, answer: VirusScan) -> bool:
        known = (f for f in item.findings if f.rule != WAITS)
        facts = Facts("outbound", Origin("rounds", item.peer), item.envelope, scan=answer)
        news = [*_as_found(FOUND, infected(facts)), *_as_found(WAITS, unseen(facts))]
        holds = tuple(sorted({each.rule for each in news}))
        looked = Looked(item.blob, item.size, item.sha256, holds, item.rewrites, (*news, *known))
        detail = {"found": list(answer.names)}
        try:
            await self._store.change(item.id, Event.SCAN, HOUSEKEEPING, self._clock(), detail, looked)
        except NotAllowed:  # somebody has decided meanwhile
            return False
        return True


def _passing(item: Item) -> bool:
    """Whether it may be otherwise when it is scanned now."""
    return any(f.rule == WAITS and f.values.get("why") in PASSING for f in item.findings)


def _as_found(rule: str, sights: Iterable[Sight]) -> list[Finding]:
    return [Finding(rule, "OUT-VIRUS", sight.evidence, values=sight.values) for sight in sights]
