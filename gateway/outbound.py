"""The outbound side: mail that our own people submit. Durable first, then held, approved, delivered.

The order of `data` is the promise behind 250: examine, store the bytes (fsync), commit the items (fsync),
and only then answer. Everything before the commit may fail and be tried again by the client; nothing after
it can lose the mail.

Diagnostics: 550 5.7.1 the sender's address is not the login's, or a control refuses the mail; 451 4.3.0 the
store or the workers are not available.
"""

from collections.abc import Sequence

import structlog

from config.log_events import LogEvent
from config.policy import Policy
from filters.examined import Copy, Examined
from filters.facts import Facts, Origin
from filters.verdict import UNTIL_RELEASED, Disposition
from gateway import reporting
from gateway.context import Context
from gateway.custody import Taking
from gateway.refusals import not_yours, refusal, routed
from mail.envelope import Envelope, ForwardPath
from mail.reply import LOCAL_ERROR, OK, Reply
from quarantine.item import Item, Recipient, State
from quarantine.letters import waiting
from quarantine.letters.letter import Put
from storage.interfaces import Draft, StoreError

log = structlog.get_logger()

NO_LOGIN = Reply(530, "Authentication required", 7, 0)
FULL = Reply(452, "Insufficient system storage", 3, 1)


class OutboundSession:
    """One submission connection. Implements gateway.listen.session.Session."""

    def __init__(self, context: Context, origin: Origin) -> None:
        self._context = context
        self._origin = origin

    async def mail(self, envelope: Envelope) -> Reply:
        if not self._origin.login:
            return NO_LOGIN
        person = await self._context.people.person(self._origin.login)
        if person is None:
            return NO_LOGIN
        if not self._context.blobs.room(0):
            return FULL
        # The null reverse-path is for a client's read receipts; the header From is checked by a rule anyway.
        if envelope.reverse_path and envelope.reverse_path.lower() not in {
            a.lower() for a in person.addresses
        }:
            return not_yours(self._context.policy)
        return OK

    async def rcpt(self, path: ForwardPath) -> Reply:
        reroutes = self._context.policy.organisation.reroutes(path.address, self._context.routes)
        return routed(self._context.policy) if reroutes else OK

    async def data(self, envelope: Envelope, draft: Draft) -> Reply:
        try:
            with self._context.clock.in_use():
                return await self._data(envelope, draft)
        except StoreError as error:
            log.error(LogEvent.STORE_FAILED, error=str(error))
            return LOCAL_ERROR
        finally:
            draft.discard()

    async def reset(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def _data(self, envelope: Envelope, draft: Draft) -> Reply:
        rest = reporting.without_reports(self._context, envelope)
        if rest is not envelope:
            reply = await self._report(envelope, draft)
            if not reply.positive or not rest.forward_paths:
                return reply
        return await self._submit(rest, draft)

    async def _report(self, envelope: Envelope, draft: Draft) -> Reply:
        account = await self._context.people.account(self._origin.login)
        if account is None or account.disabled:
            return NO_LOGIN
        return await reporting.take(self._context, account, envelope, draft, self._origin, proved=True)

    async def _submit(self, envelope: Envelope, draft: Draft) -> Reply:
        facts = await self._facts(envelope)
        if facts.sender is None:  # disabled since MAIL
            return NO_LOGIN
        examined = await self._context.workers.examine(draft, facts)
        if examined.verdict.disposition is Disposition.REJECT:
            await self._context.record_refusal(facts, examined)
            return refusal(examined, self._context.policy)
        items = await self._store(facts, draft, examined)
        self._context.wake()
        return accepted(items)

    async def _facts(self, envelope: Envelope) -> Facts:
        context = self._context
        recipients = envelope.recipients
        external = [r for r in recipients if not context.policy.organisation.internal(r)]
        found = await context.vault.find(external) if external else {}
        return Facts(
            direction="outbound",
            origin=self._origin,
            envelope=envelope,
            sender=await context.people.person(self._origin.login),
            known=await context.correspondents.known(external) if external else frozenset(),
            learning=await context.correspondents.learning() if external else False,
            passphrases={address: secret for address, (secret, _) in found.items()},
            passphrase_scopes={address: scope for address, (_, scope) in found.items()},
            fresh_passphrase=context.fresh_passphrase(),
            now=context.clock(),
        )

    async def _store(self, facts: Facts, draft: Draft, examined: Examined) -> list[Item]:
        """One item per copy, blobs first; then everything in one store transaction."""
        context = self._context
        mail_id = context.new_id()
        raw = draft.view()
        trace = context.received(facts, mail_id)
        async with Taking(context.store) as taking:
            original = ""
            if any(copy.edits for copy in examined.copies):
                original = (await taking.put([raw])).key
            items = []
            for number, copy in enumerate(examined.copies):
                head = trace + examined.headers
                content = await context.sign([head, *context.pieces(raw, copy)], examined.summary.author)
                blob = await taking.put(content)
                items.append(
                    item_of(
                        facts, examined, copy, mail_id, f"{mail_id}{number + 1}" if number else mail_id,
                        blob=blob.key, size=blob.size, sha256=blob.sha256, original=original if copy.edits else "",
                        margin=context.margin, owner=self._origin.login,
                        secret=context.seal_secret(facts.fresh_passphrase, mail_id)
                        if copy.passphrase_source == "generated" else b"",  # noqa: S105
                    )
                )  # fmt: skip
            held = [item for item in items if item.state is State.HELD]
            letters = await self._letters(facts, held, examined, taking.put)
            await taking.commit([*items, *letters], facts.now, self._origin.login)
        context.correspondents.note_sent(facts.sender, _external(facts, context.policy))
        return items

    async def _letters(self, facts: Facts, held: Sequence[Item], examined: Examined, put: Put) -> list[Item]:
        """The letter to the sender of held mail, unless there is none or nobody to write to. Raises StoreError."""
        context, person = self._context, facts.sender
        if not held or not context.settings.notices.held or person is None or not person.addresses:
            return []
        letter = waiting.held(
            held, examined, person.language,
            console=context.console_url(), timezone=context.settings.console.timezone, margin=context.margin,
        )  # fmt: skip
        to = person.addresses[:1]
        return [
            await context.post.item(
                letter, to, facts.now, put, name=person.name, owner=person.login, tenant=held[0].tenant
            )
        ]


def item_of(
    facts: Facts,
    examined: Examined,
    copy: Copy,
    mail_id: str,
    item_id: str,
    *,
    blob: str,
    size: int,
    sha256: str,
    original: str = "",
    margin: float = 0.0,
    owner: str = "",
    secret: bytes = b"",
) -> Item:
    """The item that takes a copy into custody; when it is due is the life cycle's matter (lifecycle.accept)."""
    envelope, verdict = facts.envelope, copy.verdict
    # The server waits a little longer than people are told (`margin`, seconds).
    timed = 0 < verdict.delay < UNTIL_RELEASED
    delay = verdict.delay + int(margin) if timed else verdict.delay
    return Item(
        id=item_id,
        mail_id=mail_id,
        tenant=facts.origin.tenant,
        direction=facts.direction,
        state=State.HELD if verdict.disposition is Disposition.HOLD else State.QUEUED,
        reverse_path=envelope.reverse_path,
        recipients=tuple(Recipient(envelope.forward_paths[i]) for i in copy.recipients),
        blob=blob,
        size=size,
        sha256=sha256,
        accepted_at=facts.now,
        original=original,
        owner=owner,
        peer=facts.origin.peer,
        ret=envelope.ret,
        envid=envelope.envid,
        body=envelope.body,
        smtputf8=envelope.smtputf8,
        delay=delay,
        holds=tuple(sorted(verdict.holds)),
        approvals=tuple(sorted(verdict.approvals)),
        summary=examined.summary,
        findings=examined.findings,
        rewrites=tuple(sorted(verdict.rewrites)),
        passphrase_source=copy.passphrase_source,
        secret=secret,
    )


def accepted(items: Sequence[Item]) -> Reply:
    """250 with the item's id, and one sentence about what waits (RFC 5321 lets the text be ours)."""
    held = [item for item in items if item.state is State.HELD]
    if not held:
        return Reply(250, f"Accepted as {items[0].mail_id}")
    count = sum(len(item.recipients) for item in held)
    return Reply(250, f"Accepted as {items[0].mail_id}; held for {count} recipient(s) until it may leave")


def _external(facts: Facts, policy: Policy) -> list[str]:
    return [r for r in facts.envelope.recipients if not policy.organisation.internal(r)]
