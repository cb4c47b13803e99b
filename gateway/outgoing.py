"""The bytes that leave: our header fields, the mail with its edits, a mark on what waits, and a signature over all of it.

Outbound copies are signed (DKIM); arriving ones say what was found and are sealed (ARC). Examined bytes are never
changed in any other way.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial

from config.policies import TenantPolicies
from config.policy import Policy
from filters.examined import Copy, Examined
from filters.facts import Facts
from gateway.authenticate.arc import Sealer
from gateway.authenticate.results import results_line
from gateway.authenticate.sign import Signer
from gateway.released import Released
from mail import trace
from mail.compose import Pieces, pieces

INLINE = 256 << 10
"""Octets of a mail up to which it is hashed in the event loop: a thread would cost more than it frees."""


class Outgoing:
    """Makes the content of each copy. `hostname` is the name under which we write trace and results fields."""

    def __init__(
        self,
        hostname: str,
        released: Released,
        signers: Mapping[str, Signer],
        sealer: Sealer | None,
        tracing: Collection[str] = (),
        relayed: Callable[[Facts, str, Sequence[int]], bytes] = lambda facts, message_id, recipients: b"",
        policies: Callable[[], TenantPolicies] = lambda: TenantPolicies(Policy()),
    ) -> None:
        """`signers` by domain in lower case; without `sealer` arriving mail has no ARC set of ours. `tracing` are the names of
        the submission listeners whose clients our Received line names; `relayed` makes the field by which mail of an upstream
        is known when it comes back (gateway/upstream/trace.py); `policies` say whose a domain is: a tenant's mail is never
        signed or sealed with a key of another's."""
        self._hostname = hostname
        self._released = released
        self._signers = signers
        self._sealer = sealer
        self._tracing = frozenset(tracing)
        self._relayed = relayed
        self._policies = policies

    async def content(
        self, facts: Facts, examined: Examined, copy: Copy, raw: memoryview, item_id: str = ""
    ) -> Pieces:
        """What the next hop gets of this copy. `item_id` is given for what waits: arriving mail is marked with it."""
        domain = examined.summary.author.rpartition("@")[2]
        content: Pieces = [self._fields(facts, examined, copy, domain), *pieces(raw, copy.edits)]
        for field_of in self._proofs(facts, domain, item_id):
            few = sum(map(len, content)) <= INLINE
            field = field_of(content) if few else await asyncio.to_thread(field_of, content)
            content = [field, *content]
        return content

    def _fields(self, facts: Facts, examined: Examined, copy: Copy, domain: str) -> bytes:
        """Authentication-Results of arriving mail, Received, X-Sekisho-*."""
        results = b""
        if facts.direction == "inbound":
            results = results_line(facts.authentication, self._hostname, domain)
        named = facts.direction == "inbound" or facts.origin.listener in self._tracing
        ours = examined.headers + self._relayed(facts, examined.summary.message_id, copy.recipients)
        return results + received(facts, self._hostname, named=named) + ours

    def _proofs(self, facts: Facts, domain: str, item_id: str) -> Iterator[Callable[[Pieces], bytes]]:
        """What makes the fields that prove something of the content behind them, in the order in which they are put in
        front. `domain` is the author's."""
        if facts.direction == "outbound":
            signer = self._signers.get(domain.lower())  # OUT-SIGN
            if signer is not None and self._policies().signs(domain, facts.origin.tenant):
                yield signer.sign
            return
        if item_id := item_id or facts.released:
            yield partial(self._released.mark, item_id=item_id)
        sealer, tenant = self._sealer, facts.origin.tenant
        if sealer is None or self._policies().is_others(tenant, sealer.domain):
            return
        # A broken chain stays broken, whatever is added.
        if facts.authentication.arc in ("none", "pass"):
            yield sealer.seal


def received(facts: Facts, hostname: str, *, named: bool) -> bytes:
    """Our Received line (RFC 5321 §4.4); `named` says whether its client is."""
    origin = facts.origin
    return trace.received(
        helo=origin.helo,
        peer=origin.peer if named else "",
        by=hostname,
        with_protocol=trace.protocol(
            tls=bool(origin.tls),
            auth=bool(origin.login) and not origin.upstream,
            smtputf8=facts.envelope.smtputf8,
        ),
        id=facts.mail_id,
        when=facts.now,
        recipients=facts.envelope.recipients,
        tls=origin.tls,
    )
