"""What becomes of a mail that was examined, with its journal entry: taken into custody, passed on, or refused.

The only place that makes an item of a copy. Contents and items are durable together before anybody is told.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

import msgspec

from config.approval import merged
from config.cases import strictest
from config.consequence import UNTIL_RELEASED
from filters.examined import DISARMED, Copy, Examined
from filters.facts import Facts
from filters.rewrite import preserving
from filters.verdict import Disposition, Verdict
from gateway.checkpoint import unread
from gateway.notices import Notices
from gateway.outgoing import Outgoing
from mail.compose import Pieces
from mail.reply import Reply
from quarantine.events import JournalEvent
from quarantine.handed_over import HandedOver
from quarantine.intake import Intake
from quarantine.item import Arrival, Entry, Item, Recipient, State
from quarantine.rehearsal.memory import Memory
from quarantine.reported.fingerprints import journal_fields
from quarantine.store import Store
from quarantine.waits import pictures
from storage.bound import within
from storage.day_seal import DaySeal
from storage.interfaces import Blob, Transaction

HandOver = Callable[[Pieces], Awaitable[Sequence[Reply]]]


class Custody:
    """Takes copies of mails into the store. `margin`: seconds by which a timed hold lasts longer than people are told;
    `reads`: whether words in pictures are read while a mail is held."""

    def __init__(
        self,
        store: Store,
        handed_over: HandedOver,
        seal: DaySeal,
        outgoing: Outgoing,
        notices: Notices,
        memory: Memory,
        clock: Callable[[], float],
        margin: int = 0,
        reads: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._handed_over = handed_over
        self._seal = seal
        self._outgoing = outgoing
        self._notices = notices
        self._memory = memory
        self._clock = clock
        self._margin = margin
        self._reads = reads

    @property
    def has_room(self) -> bool:
        """False when so little space is left that mail must be refused for now."""
        return self._store.blobs.room(0)

    async def take(
        self,
        facts: Facts,
        examined: Examined,
        copies: Mapping[str, Copy],
        raw: memoryview,
        *,
        actor: str = "",
        now: float = 0.0,
    ) -> list[Item]:
        """Take copies of the mail `raw`, each under its id, and the letters about them: durable on return.

        `actor` is who did it, if not who sent the mail; `now` when, for a mail that came before (UTC seconds). A mail that
        comes now is accepted when its contents are stored: a hold counts from there, and not from before it was examined.
        Raises StoreError.
        """
        async with Intake(self._store) as intake:
            contents, original = [], ""
            for item_id, copy in copies.items():
                # What waits may be looked at again: as it came, and under what was known then.
                waits = facts.direction == "inbound" and copy.verdict.disposition is Disposition.HOLD
                keeps = bool(copy.edits) or waits
                if keeps and not original:
                    original = (await intake.put([raw], facts.origin.tenant)).key
                content = await self._outgoing.content(facts, examined, copy, raw, item_id if waits else "")
                blob = await intake.put(content, facts.origin.tenant)
                contents.append((item_id, copy, blob, original if keeps else ""))
            if not now:
                facts = msgspec.structs.replace(facts, now=self._clock())
            items = [
                self._item(item_id, facts, examined, copy, blob, kept)
                for item_id, copy, blob, kept in contents
            ]
            letters = await self._notices.about(facts, examined, items, intake.put)
            actor = actor or facts.origin.login or facts.origin.peer
            memory = await self._memory.of(facts, examined)
            shown = facts.direction == "outbound" and unread(examined.findings) and self._reads()

            def remember(transaction: Transaction) -> None:
                mine = within(transaction, facts.origin.tenant)
                memory(mine)
                if shown:
                    pictures.note(mine, items)

            taken = await intake.commit([*items, *letters], now or facts.now, actor, remember)
        return taken[: len(items)]

    def _item(
        self, item_id: str, facts: Facts, examined: Examined, copy: Copy, blob: Blob, original: str
    ) -> Item:
        """The item of a copy; when it is due is the life cycle's matter (lifecycle.accept)."""
        envelope, verdict, origin = facts.envelope, copy.verdict, facts.origin
        later = _later(facts, verdict)
        held = bool(later) or verdict.disposition is Disposition.HOLD
        timed = 0 < verdict.delay < UNTIL_RELEASED
        generated = copy.passphrase_source == "generated"  # noqa: S105 (where it came from)
        return Item(
            id=item_id,
            mail_id=facts.mail_id,
            tenant=origin.tenant,
            direction=facts.direction,
            state=State.HELD if held else State.QUEUED,
            reverse_path=envelope.reverse_path,
            recipients=tuple(Recipient(envelope.forward_paths[i]) for i in copy.recipients),
            blob=blob.key,
            size=blob.size,
            sha256=blob.sha256,
            accepted_at=facts.now,
            original=original,
            owner=origin.login,
            peer=origin.peer,
            upstream=origin.upstream,
            ret=envelope.ret,
            envid=envelope.envid,
            body=envelope.body,
            smtputf8=envelope.smtputf8,
            delay=verdict.delay + self._margin if timed else verdict.delay,
            not_before=max(later) + self._margin if later else None,
            fixed=verdict.fixed,
            holds=tuple(sorted(verdict.holds)),
            approvals=merged(verdict.approvals),
            self_review=bool(verdict.reviews) and bool(origin.login),
            summary=examined.summary,
            findings=examined.findings,
            rewrites=tuple(sorted(verdict.rewrites)),
            passphrase_source=copy.passphrase_source,
            secret=self._seal.seal(facts.fresh_passphrase.encode(), facts.mail_id.encode(), blob.key) if generated else b"",
            arrival=Arrival(origin, facts.authentication) if held and facts.direction == "inbound" else None,
            policy=examined.policy,
            untouched=strictest(verdict.waits, None),
        )  # fmt: skip

    async def hand_over(
        self, facts: Facts, examined: Examined, copy: Copy, raw: memoryview, next_hop: HandOver
    ) -> Sequence[Reply]:
        """Give the next hop the content of this copy, once it is written down that we do; its replies, one per
        recipient. Raises StoreError: then nothing was sent."""
        content = await self._outgoing.content(facts, examined, copy, raw)
        intent = self._noted(facts, JournalEvent.HAND_OVER, _described(facts, examined))
        await self._handed_over.begin(intent, await self._memory.of(facts, examined))
        try:
            return await next_hop(content)
        except BaseException:
            self._handed_over.ended(self._noted(facts, JournalEvent.OUTCOME_UNKNOWN, {}))
            raise

    def passed(
        self, facts: Facts, examined: Examined, replies: Sequence[Reply], reply: Reply, unknown: bool
    ) -> None:
        """Note what became of a hand-over, and what we answer for it; `unknown`: the next hop may have taken it."""
        detail: dict[str, object] = {"replies": [str(r) for r in replies]}
        event = JournalEvent.PASS if reply.positive else JournalEvent.OUTCOME_UNKNOWN
        if not reply.positive and not unknown:
            event = JournalEvent.NEXT_HOP_REFUSED
            detail = {**_described(facts, examined), **detail}
        self._handed_over.ended(self._noted(facts, event, detail))

    def _noted(self, facts: Facts, event: JournalEvent, detail: dict[str, object]) -> Entry:
        return Entry(facts.now, event, self._store.node, "", facts.mail_id, facts.origin.tenant, detail)

    async def refused(self, facts: Facts, examined: Examined) -> None:
        """Write down that the mail was refused in the session, and the letter to who submitted it, if they get one.
        Nothing else of the mail is kept. Raises StoreError."""
        actor = facts.origin.login or facts.origin.peer
        detail, tenant = _described(facts, examined), facts.origin.tenant
        entry = Entry(
            facts.now, JournalEvent.REFUSE, actor, mail_id=facts.mail_id, tenant=tenant, detail=detail
        )
        also = await self._memory.of(facts, examined)
        async with Intake(self._store) as intake:
            letters = await self._notices.refused(facts, examined, str(detail["subject"]), intake.put)

            def claim(transaction: Transaction) -> None:
                mine = within(transaction, tenant)
                also(mine)
                self._store.note(mine, [entry])

            await intake.commit(letters, facts.now, self._store.node, claim)


def _later(facts: Facts, verdict: Verdict) -> list[float]:
    """Moments before which its client (RFC 4865) and the policy do not want it to leave."""
    envelope = facts.envelope
    wanted = [
        facts.now + envelope.hold_for if envelope.hold_for else 0.0,
        envelope.hold_until,
        facts.opens if verdict.opening else 0.0,
    ]
    return [moment for moment in wanted if moment > facts.now]


def numbered(mail_id: str, copies: Iterable[Copy]) -> dict[str, Copy]:
    """The copies by the ids of their items: the mail's own for the first."""
    return {f"{mail_id}{number + 1}" if number else mail_id: copy for number, copy in enumerate(copies)}


def original_of(copy: Copy) -> Copy:
    """What waits beside a copy from which something was taken out: the mail without that, for those who ask for it."""
    waits = Verdict(holds=frozenset({DISARMED}), rewrites=preserving(copy.verdict.rewrites))
    return Copy(copy.recipients, waits, copy.kept or ())


def _described(facts: Facts, examined: Examined) -> dict[str, object]:
    """What the journal keeps of a mail that is not an item: no content, no secret. A subject of our own people in which
    something was found stays out: it may be the number that must not be written down."""
    inbound = facts.direction == "inbound"
    quoted = not inbound and any(e.part == "header:subject" for f in examined.findings for e in f.evidence)
    return {
        "direction": facts.direction,
        "peer": facts.origin.peer,
        **({"upstream": facts.origin.upstream} if facts.origin.upstream else {}),
        "from": facts.envelope.reverse_path,
        "to": list(facts.envelope.recipients),
        "message_id": examined.summary.message_id,
        "author": examined.summary.author,
        "subject": "" if quoted else examined.summary.subject,
        "rules": sorted({f.rule for f in examined.findings}),
        "policy": examined.policy,
        **(journal_fields(examined.summary, examined.findings, examined.warned) if inbound else {}),
    }
