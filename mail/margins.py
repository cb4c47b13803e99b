"""What stands before the first and behind the last part of a multipart (RFC 2046 §5.1.1): mail programs do not show it, but it
travels, and others read it.

A text is a part of plain text, anything else a file; what programs write there by themselves is left out.
"""

import re
from collections.abc import Iterator

from mail.message import Message, Part

MOST = 20
"""Multiparts of a mail that are asked, the outer ones first; what a mail has more of is enclosed mail."""
LEAST = 4
_SENTENCES = re.compile(
    rb"(?i)this is an? (?:multi-?part message in mime format|mime[- ](?:encapsulated|formatted|encoded) (?:multipart )?message"
    rb"|message with multiple parts in mime format|(?:cryptographically|digitally) signed message in mime format"
    rb"|openpgp/mime signed message(?: \(rfc 4880 and 3156\)| \(rfc 2440 and 3156\))?|s/mime signed message"
    rb"|multi-part message in mime format|s/mime encrypted message)\.*"
)
"""What programs write into a preamble."""


def margins(message: Message) -> Iterator[Part]:
    """The preambles and epilogues that hold something, as parts "1~preamble" and "1~epilogue"."""
    several = [part for part in message.parts if part.children and part.is_multipart]
    for part in several[:MOST]:
        view = part.view
        begin, first = part.body_span[0], part.children[0].span[0]
        before = bytes(view[begin:first])
        before = before[: max(0, before.rstrip(b"\r\n").rfind(b"\n") + 1)]  # the line of the boundary
        yield from _made(part, "preamble", before)
        if part.end_boundary >= 0:
            yield from _made(part, "epilogue", bytes(view[part.end_boundary : part.body_span[1]]))


def _made(part: Part, name: str, piece: bytes) -> Iterator[Part]:
    said = b"\n".join(line for line in piece.splitlines() if not _SENTENCES.fullmatch(line.strip()))
    if len(said.strip()) < LEAST:
        return
    kind = b"Content-Type: text/plain\r\n\r\n"
    if b"\0" in piece:
        kind = b'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="%b"\r\n\r\n'
        kind %= name.encode()
    other = Message(kind + piece)
    other.root.path = f"{part.path}~{name}"
    yield other.root
