"""A mark on mail that waited here: when a mailbox forwards it back to us after its release, it is not held again.

Each held mail carries in front the field

    X-Sekisho-Released: ID; HMAC-SHA-256 over the id, the fields that people read, and the body

made with the key of the seal when the mail came. It is worth nothing while the mail waits or when it was discarded:
whoever shows it is believed only if this very mail was let go here, within LIFETIME, and comes as it left. Another
subject, author, body or file, one more From: another mail, which is examined like any other. The field itself is
removed from everything that arrives (filters/rewriters/cleanse.py), and written again on mail that was believed.
"""

import hashlib
import re

from mail.compose import Pieces
from mail.header import Header
from mail.message import Message
from mail.pieces import parted, stripped
from quarantine.item import State
from quarantine.store import Missing, Store
from storage.seal import Seal

FIELD = "X-Sekisho-Released"
LIFETIME = 7 * 86_400.0
"""Seconds after the release for which the mark is believed."""

FIELDS = frozenset(
    ["from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "mime-version"]
)  # fmt: skip
"""Fields that the mark covers, every occurrence in order; and all of Content-* ."""

_VALUE = re.compile(r"\s*([a-z0-9]{1,64}); ([0-9a-f]{64})\s*")
_LEFT = (State.QUEUED, State.ACTIVE, State.DONE)


class Released:
    """Knows what was released here. `seal` is the key of the marks."""

    def __init__(self, store: Store, seal: Seal) -> None:
        self._store = store
        self._seal = seal

    def mark(self, content: Pieces, item_id: str) -> bytes:
        """The field for a content, with CRLF."""
        return f"{FIELD}: {item_id}; {self._seal.mark(_covered(content, item_id))}\r\n".encode("ascii")

    async def proved(self, message: Message, tenant: str, now: float) -> str:
        """The id of the mail that was let go with this content, "" when it shows no mark or none that is to be
        believed. Raises StoreError."""
        field = message.first(FIELD.lower())
        found = _VALUE.fullmatch(field.text) if field is not None else None
        if found is None or message.unread:
            return ""
        item_id, given = found[1], found[2]
        if not self._seal.is_mark(_covered([message.view], item_id), given):
            return ""
        try:
            item = await self._store.get(item_id, tenant)
        except Missing:
            return ""
        left = item.direction == "inbound" and item.state in _LEFT
        return item.id if left and item.queued_at is not None and now - item.queued_at <= LIFETIME else ""


def _covered(content: Pieces, item_id: str) -> bytes:
    message, body = parted(content)
    covered = hashlib.sha256()
    for header in message.headers:
        if _is_covered(header):
            covered.update(header.name.encode() + b":" + b" ".join(header.value.split()) + b"\r\n")
    covered.update(b"\r\n")
    for piece in stripped(body):
        covered.update(piece)
    return b"released mail\0" + item_id.encode() + b"\0" + covered.digest()


def _is_covered(header: Header) -> bool:
    return header.name in FIELDS or header.name.startswith("content-")
