"""A password that a recipient types for a locked file of held mail: the mail is examined again with it, then decided.

The password goes to the examining process and nowhere else: not to the log, not to the journal, not to the database,
and no text of ours repeats it. Each try is counted before it is made (quarantine/password_attempts.py).

Diagnostics: StoreError; TimeoutError when no examining process becomes free (the try is given back).
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec
import structlog

from config.log_events import LogEvent
from filters.examined import LOCKED, UNEXAMINABLE, Copy, Examined
from filters.facts import Facts, Origin
from filters.verdict import Disposition
from gateway import inbound_checkpoint
from gateway.context import Context
from gateway.custody import Taking
from gateway.outbound import item_of
from mail.envelope import Envelope
from mail.message import Message
from quarantine import password_attempts
from quarantine.events import JournalEvent
from quarantine.item import Arrival, Entry, Event, Item, Looked, NotAllowed, State
from quarantine.rights import Actor
from quarantine.store import Query
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

    def __init__(self, context: Context) -> None:
        self._context = context

    async def __call__(self, item: Item, password: str, actor: Actor) -> Opened:
        """Try a password on a held mail. Raises StoreError."""
        context = self._context
        if item.state is not State.HELD or item.direction != "inbound" or LOCKED not in item.holds:
            return Opened.LATE
        database = context.store.database
        left = await password_attempts.begin(database, item.id)
        if left < 0:
            return Opened.OVER
        try:
            outcome = await self._try(item, password[:LONGEST], actor)
        except (TimeoutError, ConnectionAbortedError, StoreError):
            await password_attempts.give_back(database, item.id)
            return Opened.BUSY
        if outcome is not Opened.WRONG:
            return outcome
        noted = {"tries_left": left}
        await context.store.record(
            Entry(
                context.clock(),
                JournalEvent.PASSWORD_WRONG,
                actor.name,
                item.id,
                item.mail_id,
                item.tenant,
                noted,
            )
        )
        return Opened.WRONG if left else Opened.OVER

    async def _try(self, item: Item, password: str, actor: Actor) -> Opened:
        context = self._context
        raw = await context.blobs.get(item.original or item.blob)
        draft = context.blobs.draft()
        try:
            draft.write(raw)
            return await self._examine(item, draft, password, actor)
        finally:
            draft.discard()

    async def _examine(self, item: Item, draft: Draft, password: str, actor: Actor) -> Opened:
        """Examine under the facts of then, and under the policy and the lists of now."""
        context = self._context
        arrival = item.arrival or Arrival(Origin("inbound", item.peer, tenant=item.tenant))
        envelope = Envelope(
            item.reverse_path, tuple(r.path for r in item.recipients), ret=item.ret, envid=item.envid,
            body=item.body, smtputf8=item.smtputf8,
        )  # fmt: skip
        facts = await inbound_checkpoint.facts_of(
            context, arrival.origin, envelope, Message(draft.view()), arrival.authentication, item.mail_id, item.accepted_at
        )  # fmt: skip
        facts = msgspec.structs.replace(facts, typed=(password,), released="")
        facts, examined = await inbound_checkpoint.examined(context, facts, draft)
        if any(f.rule == LOCKED for f in examined.findings):
            return Opened.WRONG
        if any(f.rule == UNEXAMINABLE for f in examined.findings):
            raise TimeoutError("it could not be examined this time")
        copy = _one(examined.copies, len(envelope.forward_paths))
        facts = msgspec.structs.replace(facts, typed=())
        head = inbound_checkpoint.head_of(context, facts, examined)
        content = await inbound_checkpoint.content_of(context, facts, copy, draft, head, item.id)
        blob = await context.blobs.put(content)
        looked = Looked(
            blob.key,
            blob.size,
            blob.sha256,
            _holds(examined),
            tuple(sorted(copy.verdict.rewrites)),
            examined.findings,
        )
        if (original := inbound_checkpoint.kept(copy)) is not None:
            await self._keep(item, facts, examined, original, draft, head, actor)
        return await self._conclude(item, looked, blob, actor)

    async def _keep(
        self,
        item: Item,
        facts: Facts,
        examined: Examined,
        copy: Copy,
        draft: Draft,
        head: bytes,
        actor: Actor,
    ) -> None:
        """The original of what the opened mail loses waits beside it; once, however often a password is typed."""
        context, item_id = self._context, f"{item.id}o"
        if await context.store.find(Query(ids=(item_id,))):
            return
        async with Taking(context.store) as taking:
            blob = await taking.put(
                await inbound_checkpoint.content_of(context, facts, copy, draft, head, item_id)
            )
            original = (await taking.put([draft.view()])).key
            made = item_of(
                facts, examined, copy, item.mail_id, item_id,
                blob=blob.key, size=blob.size, sha256=blob.sha256, original=original,
            )  # fmt: skip
            await taking.commit(
                [msgspec.structs.replace(made, arrival=item.arrival)], context.clock(), actor.name
            )

    async def _conclude(self, item: Item, looked: Looked, blob: Blob, actor: Actor) -> Opened:
        context = self._context
        try:
            after = await context.store.change(item.id, Event.EXAMINE, actor, context.clock(), looked=looked)
        except NotAllowed:
            await self._forget(blob.key)
            return Opened.LATE
        if item.blob != item.original:
            await self._forget(item.blob)
        if after.state is State.HELD:
            return Opened.HELD
        context.wake()
        return Opened.RELEASED

    async def _forget(self, key: str) -> None:
        """A content that no item names; the reconciliation finds it when this fails."""
        try:
            await self._context.blobs.delete(key)
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
