"""The bytes that leave: our header fields, the mail with its edits, a mark on what waits, and a signature over all of it.

Outbound copies are signed (DKIM); arriving ones say what was found and are sealed (ARC). Examined bytes are never
changed in any other way.
"""

from collections.abc import Mapping
from functools import partial

from filters.examined import Copy, Examined
from filters.facts import Facts
from gateway.authenticate.arc import Sealer, sealed
from gateway.authenticate.results import results_line
from gateway.authenticate.sign import Signer, headed, signed
from gateway.released import Released
from mail import trace
from mail.compose import Pieces, pieces


class Outgoing:
    """Makes the content of each copy. `hostname` is the name under which we write trace and results fields."""

    def __init__(
        self, hostname: str, released: Released, signers: Mapping[str, Signer], sealer: Sealer | None
    ) -> None:
        """`signers` by domain in lower case; without `sealer` arriving mail has no ARC set of ours."""
        self._hostname = hostname
        self._released = released
        self._signers = signers
        self._sealer = sealer

    async def content(
        self, facts: Facts, examined: Examined, copy: Copy, raw: memoryview, item_id: str = ""
    ) -> Pieces:
        """What the next hop gets of this copy. `item_id` is given for what waits: arriving mail is marked with it."""
        author = examined.summary.author
        content: Pieces = [self._fields(facts, examined), *pieces(raw, copy.edits)]
        if facts.direction == "outbound":
            return await signed(content, author, self._signers)
        if item_id := item_id or facts.released:
            content = await headed(partial(self._released.mark, item_id=item_id), content)
        return await sealed(content, facts.authentication.arc, self._sealer)

    def _fields(self, facts: Facts, examined: Examined) -> bytes:
        """Authentication-Results of arriving mail, Received, X-Sekisho-*."""
        results = b""
        if facts.direction == "inbound":
            author = examined.summary.author.rpartition("@")[2]
            results = results_line(facts.authentication, self._hostname, author)
        return results + received(facts, self._hostname) + examined.headers


def received(facts: Facts, hostname: str) -> bytes:
    """Our Received line (RFC 5321 §4.4)."""
    origin = facts.origin
    return trace.received(
        helo=origin.helo,
        peer=origin.peer,
        by=hostname,
        with_protocol=trace.protocol(
            tls=bool(origin.tls), auth=bool(origin.login), smtputf8=facts.envelope.smtputf8
        ),
        id=facts.mail_id,
        when=facts.now,
        recipients=facts.envelope.recipients,
        tls=origin.tls,
    )
