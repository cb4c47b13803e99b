"""A password that a recipient types for a locked file of held mail: the mail is examined again with it, then decided.

The password goes to the examining process and nowhere else: not to the log, not to the journal, not to the database,
and no text of ours repeats it. Each try is counted before it is made (quarantine/password_attempts.py).

A try whose end nobody sees (no examining process, a time that is up, an asker who is gone) is given back: only a password
that was found to be wrong counts.

Diagnostics: StoreError.
"""

import asyncio
from collections.abc import Callable, Iterable
from enum import StrEnum

import msgspec
import structlog

from config.log_events import LogEvent
from filters.examined import LOCKED, UNEXAMINABLE, Copy, Examined
from filters.verdict import Disposition
from gateway.checkpoint import Checkpoint
from gateway.custody import Custody, original_of
from gateway.fact_finding import ArrivingFacts
from gateway.outgoing import Outgoing
from mail.message import Message
from quarantine import password_attempts
from quarantine.events import JournalEvent
from quarantine.item import Entry, Event, Item, Looked, NotAllowed, State
from quarantine.rights import Actor
from quarantine.store import Query, Store
from storage.interfaces import Blob, Draft, StoreError

log = structlog.get_logger()

LONGEST = 256
"""Characters of a password."""


class Opened(StrEnum):
    """What came of a password."""

    RELEASED = "released"  # it opens the file, and nothing holds the mail any more
    HELD = "held"  # it opens the file, and an administrator has to decide
    WRONG = "wrong"
    OVER = "over"  # it was tried too often
    LATE = "late"  # the mail does not wait for a password any more
    BUSY = "busy"  # nothing was tried


class Unlock:
    """Called by the page on which a password is typed."""

    def __init__(
        self,
        store: Store,
        arriving: ArrivingFacts,
        checkpoint: Checkpoint,
        outgoing: Outgoing,
        custody: Custody,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._arriving = arriving
        self._checkpoint = checkpoint
        self._outgoing = outgoing
        self._custody = custody
        self._clock = clock

    async def __call__(self, item: Item, password: str, actor: Actor) -> Opened:
        """Try a password on a held mail. Raises StoreError."""
        if item.state is not State.HELD or item.direction != "inbound" or LOCKED not in item.holds:
            return Opened.LATE
        gone = asyncio.Event()
        try:
            left = await asyncio.shield(self._counted(item, gone))
        except asyncio.CancelledError:
            gone.set()
            raise
        if left < 0:
            return Opened.OVER
        try:
            outcome = await self._try(item, password[:LONGEST], actor)
        except (TimeoutError, ConnectionAbortedError, StoreError):
            await password_attempts.give_back(self._store.database, item)
            return Opened.BUSY
        except BaseException:  # also CancelledError: whoever asked is gone, or their time is up
            await asyncio.shield(password_attempts.give_back(self._store.database, item))
            raise
        if outcome is not Opened.WRONG:
            return outcome
        noted = {"tries_left": left}
        await self._store.record(
            Entry(
                self._clock(),
                JournalEvent.PASSWORD_WRONG,
                actor.name,
                item.id,
                item.mail_id,
                item.tenant,
                noted,
            )
        )
        return Opened.WRONG if left else Opened.OVER

    async def _counted(self, item: Item, gone: asyncio.Event) -> int:
        """Count a try; how many are left. It is given back when whoever asked is `gone` before it was counted."""
        left = await password_attempts.begin(self._store.database, item)
        if left >= 0 and gone.is_set():
            await password_attempts.give_back(self._store.database, item)
        return left

    async def _try(self, item: Item, password: str, actor: Actor) -> Opened:
        blobs = self._store.blobs
        content = await blobs.get(item.original or item.blob)
        draft = blobs.draft()
        try:
            for chunk in content:
                draft.write(chunk)
            return await self._examine(item, draft, password, actor)
        finally:
            draft.discard()

    async def _examine(self, item: Item, draft: Draft, password: str, actor: Actor) -> Opened:
        """Examine under the facts of then, and under the policy and the lists of now."""
        raw = draft.view()
        facts = await self._arriving.again(item, Message(raw))
        facts = msgspec.structs.replace(facts, typed=(password,))
        facts, examined = await self._checkpoint.examine(draft, facts)
        if any(f.rule == LOCKED for f in examined.findings):
            return Opened.WRONG
        if any(f.rule == UNEXAMINABLE for f in examined.findings):
            raise TimeoutError("it could not be examined this time")
        copy = _one(examined.copies, len(item.recipients))
        facts = msgspec.structs.replace(facts, typed=())
        content = await self._outgoing.content(facts, examined, copy, raw, item.id)
        blob = await self._store.blobs.put(content, item.tenant)
        looked = Looked(
            blob.key,
            blob.size,
            blob.sha256,
            _holds(examined),
            tuple(sorted(copy.verdict.rewrites)),
            examined.findings,
        )
        # The original of what the mail loses waits beside it; once, however often a password is typed.
        beside = f"{item.id}o"
        if copy.kept is not None and not await self._store.find(Query(item.tenant, ids=(beside,))):
            copies, now = {beside: original_of(copy)}, self._clock()
            await self._custody.take(facts, examined, copies, raw, actor=actor.name, now=now)
        return await self._conclude(item, looked, blob, actor)

    async def _conclude(self, item: Item, looked: Looked, blob: Blob, actor: Actor) -> Opened:
        try:
            after = await self._store.change(item.id, Event.EXAMINE, actor, self._clock(), looked=looked)
        except NotAllowed:
            await self._forget(blob.key)
            return Opened.LATE
        if item.blob != item.original:
            await self._forget(item.blob)
        return Opened.HELD if after.state is State.HELD else Opened.RELEASED

    async def _forget(self, key: str) -> None:
        """A content that no item names; the reconciliation finds it when this fails."""
        try:
            await self._store.blobs.delete(key)
        except StoreError as error:
            log.warning(LogEvent.ORPHAN_LEFT, blob=key, error=str(error))


def _one(copies: Iterable[Copy], recipients: int) -> Copy:
    """The copy for all recipients of the item: they had one before, and the one that is changed most is for all."""
    everybody = tuple(range(recipients))
    chosen = max(copies, key=lambda c: (len(c.verdict.rewrites), len(c.edits)), default=Copy(everybody))
    return msgspec.structs.replace(chosen, recipients=everybody)


def _holds(examined: Examined) -> tuple[str, ...]:
    """What holds the mail now. What would refuse it was taken already: an administrator decides."""
    verdict = examined.verdict
    waits = verdict.holds | verdict.rejects
    if not waits and verdict.disposition is not Disposition.DELIVER:
        waits = frozenset(
            {"policy"}
        )  # a delay or an approval: neither was meant for mail that a person released
    return tuple(sorted(waits))
