"""What both directions share while the program runs: the parts, put together once by gateway.app."""

import asyncio
import os
from base64 import b32encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from config.policy import Policy
from config.settings import Settings
from directory.correspondents import Correspondents
from directory.listings import Listings
from directory.people import People
from directory.vault import Vault, fresh
from filters.examined import Copy, Examined
from filters.facts import Facts
from gateway.authenticate.arc import Sealer
from gateway.authenticate.sign import Content, Signer
from gateway.clock import SteadyClock
from gateway.deliver.courier import Courier
from gateway.deliver.next_hop import NextHop
from gateway.locked.workers import Workers
from gateway.resolver import Resolver
from mail import trace
from mail.compose import pieces
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.letters.letter import Post
from quarantine.reported.fingerprints import told
from quarantine.reported.reports import Reports
from quarantine.store import Store
from storage.interfaces import Blobs
from storage.seal import Seal

SIGN_INLINE = 256 << 10
"""Mails up to this size (bytes) are signed in the event loop: a thread would cost more than it frees."""


@dataclass(slots=True)
class Context:
    """The parts of a running node. `policy` is replaced as a whole when it is loaded again."""

    settings: Settings
    policy: Policy
    store: Store
    blobs: Blobs
    seal: Seal
    people: People
    vault: Vault
    correspondents: Correspondents
    listings: Listings
    reports: Reports
    workers: Workers
    courier: Courier
    post: Post
    signers: dict[str, Signer]
    relay: NextHop | None
    mailbox: NextHop | None
    routes: dict[str, NextHop]
    resolver: Resolver | None = None
    sealer: Sealer | None = None
    wake: Callable[[], None] = lambda: None
    console_url: Callable[[], str] = lambda: ""
    clock: SteadyClock = field(default_factory=SteadyClock)

    @property
    def margin(self) -> float:
        return self.settings.margin_seconds

    def new_id(self) -> str:
        """A mail's id: 16 letters, ordered by time (ms), unguessable enough to be no collision; never a permission."""
        stamp = int(self.clock() * 1000).to_bytes(6, "big")
        return b32encode(stamp + os.urandom(4)).decode().lower()

    def fresh_passphrase(self) -> str:
        return fresh(self.policy.encrypt.passphrase_length)

    def next_hop(self, address: str) -> NextHop | None:
        """Where mail for an address is handed over: an exception by domain, our mailboxes, or the relay."""
        if hop := self.routes.get(address.rpartition("@")[2]):
            return hop
        return self.mailbox if self.policy.organisation.internal(address) else self.relay

    def seal_secret(self, secret: str, mail_id: str) -> bytes:
        return self.seal.seal(secret.encode(), aad=mail_id.encode())

    def received(self, facts: Facts, mail_id: str) -> bytes:
        """Our Received line (RFC 5321 §4.4)."""
        origin = facts.origin
        return trace.received(
            helo=origin.helo,
            peer=origin.peer,
            by=self.settings.hostname,
            with_protocol=trace.protocol(
                tls=bool(origin.tls), auth=bool(origin.login), smtputf8=facts.envelope.smtputf8
            ),
            id=mail_id,
            when=facts.now,
            recipients=facts.envelope.recipients,
            tls=origin.tls,
        )

    @staticmethod
    def pieces(raw: memoryview, copy: Copy) -> Iterable[bytes | memoryview]:
        return pieces(raw, copy.edits)

    async def sign(self, content: Content, author: str) -> Content:
        """The content with a DKIM-Signature in front, when the author's domain has a key (OUT-SIGN)."""
        signer = self.signers.get(author.rpartition("@")[2].lower())
        return content if signer is None else await _headed(signer.sign, content)

    async def arc_sealed(self, content: Content, chain: str) -> Content:
        """The content with our ARC set in front, when there is a key and the chain so far ("none" or "pass") can
        carry it: a broken chain stays broken, whatever is added."""
        if self.sealer is None or chain not in ("none", "pass"):
            return content
        return await _headed(self.sealer.seal, content)

    async def record_refusal(self, facts: Facts, examined: Examined) -> None:
        """A journal entry for a mail that was refused in the session."""
        await self.store.record(
            Entry(
                at=facts.now,
                event=JournalEvent.REFUSE,
                actor=facts.origin.login or facts.origin.peer,
                tenant=facts.origin.tenant,
                detail=described(facts, examined),
            )
        )


async def _headed(lines: Callable[[Content], bytes], content: Content) -> Content:
    if sum(len(piece) for piece in content) <= SIGN_INLINE:
        return [lines(content), *content]
    return [await asyncio.to_thread(lines, content), *content]


def described(facts: Facts, examined: Examined) -> dict[str, object]:
    """What the journal keeps of a mail that is not an item: no content, no secret. A subject of our own people in which
    something was found stays out: it may be the number that must not be written down."""
    quoted = facts.direction == "outbound" and any(
        e.part == "header:subject" for f in examined.findings for e in f.evidence
    )
    inbound = facts.direction == "inbound"
    return {
        "direction": facts.direction,
        "peer": facts.origin.peer,
        "from": facts.envelope.reverse_path,
        "to": list(facts.envelope.recipients),
        "message_id": examined.summary.message_id,
        "author": examined.summary.author,
        "subject": "" if quoted else examined.summary.subject,
        "rules": sorted({f.rule for f in examined.findings}),
        **(told(examined.summary, examined.findings, examined.warned) if inbound else {}),
    }
