"""Mail that comes back to a relay listener through which it has left: it goes in circles (RFC 5321 §6.3).

What leaves bears in front the field

    X-Sekisho-Relayed: HMAC-SHA-256 over the tenant and the Message-ID

made with the key of the seal, which all nodes of a database have. Nobody else can make it; one that was seen in another
mail has another Message-ID. Copies for our own people only have none: a mailbox may send those on to the outside. Where a provider removes it, the Received fields that we wrote are counted: a mail that came
in here and that its reader sends on by the upstream has one, and one that came back from outside after that has two.
"""

import re
from collections.abc import Callable, Sequence

from filters.facts import Facts
from gateway.upstream.marks import by_connector
from mail.message import Message
from storage.seal import Seal

FIELD = "X-Sekisho-Relayed"
PASSES = 2
"""Received fields of ours that a mail may have which does not go in circles."""

_VALUE = re.compile(rb"[0-9a-f]{64}")
LONGEST = 200
"""Characters of a Message-ID that count."""
MOST = 10
"""Fields of that name that are looked at."""


class RelayTrace:
    """Writes and knows the field. `hostname` is the name under which we write Received, `internal` answers whether an address
    is one of a tenant's own."""

    def __init__(self, seal: Seal, hostname: str, internal: Callable[[str, str], bool]) -> None:
        self._seal = seal
        self._internal = internal
        self._ours = re.compile(rb"\bby %s[\s;(]" % re.escape(hostname.encode()), re.IGNORECASE)

    def field(self, facts: Facts, message_id: str, recipients: Sequence[int]) -> bytes:
        """For a copy that these recipients get, with CRLF; b"" where there is to be none."""
        everybody, tenant = facts.envelope.recipients, facts.origin.tenant
        if not facts.origin.upstream or all(self._internal(tenant, everybody[index]) for index in recipients):
            return b""
        return f"{FIELD}: {self._seal.mark(_said(tenant, message_id))}\r\n".encode("ascii")

    def is_back(self, message: Message, tenant: str) -> bool:
        """Whether a mail that an upstream brings has left through one before."""
        identifier = message.first("message-id")
        if identifier is not None:
            said = _said(tenant, identifier.text)  # it may have left before the key was changed
            shown = (field.value.strip() for field in message.all(FIELD.lower())[:MOST])
            if any(_VALUE.fullmatch(v) and self._seal.is_mark(said, v.decode("ascii")) for v in shown):
                return True
        passes = sum(1 for field in message.all("received") if self._ours.search(field.value))
        return passes > PASSES or (passes > 0 and by_connector(message))


def _said(tenant: str, message_id: str) -> bytes:
    """What a mark is about."""
    plain = " ".join(message_id.split())[:LONGEST]
    return f"relayed\0{tenant}\0{plain}".encode("utf-8", "surrogatepass")
