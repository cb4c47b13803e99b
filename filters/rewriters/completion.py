"""What a mail client left out and every mail must have (RFC 6409 §8.2, §8.3): Message-ID and Date.

Receivers refuse mail without them, and without a Message-ID nobody can answer into a thread.
"""

from collections.abc import Collection

import msgspec

from filters.examined import Examined
from filters.facts import Facts
from mail import trace

WANTED = ("message-id", "date")


def completed(examined: Examined, facts: Facts, present: Collection[str]) -> Examined:
    """The same, with header lines for what a submitted mail lacks in front of every copy. `present` are names of its fields.

    All copies get the same ones. The Message-ID is of the author's domain, and we know the mail by it.
    """
    lines, summary = b"", examined.summary
    author = summary.author or facts.envelope.reverse_path
    domain = author.rpartition("@")[2].lower()
    if "message-id" not in present and facts.mail_id and domain and domain.isascii():
        summary = msgspec.structs.replace(summary, message_id=f"<{facts.mail_id}@{domain}>")
        lines += f"Message-ID: {summary.message_id}\r\n".encode()
    if "date" not in present:
        lines += f"Date: {trace.date(facts.now)}\r\n".encode()
    return msgspec.structs.replace(examined, summary=summary, headers=examined.headers + lines)
