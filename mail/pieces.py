"""A content in pieces, looked at without putting it together: a copy of a large mail for each signature would add up."""

from collections.abc import Sequence

from mail.compose import Pieces
from mail.message import Message

STEP = 64 << 10
"""Bytes that are looked through at a time for the end of the header."""


def parted(content: Pieces) -> tuple[Message, list[bytes | memoryview]]:
    """A mail to read the header of, and the pieces of the body. Only the header is copied, and all of a content in which
    it does not end."""
    head = bytearray()
    for number, piece in enumerate(content):
        view = memoryview(piece)
        for start in range(0, len(view), STEP):
            seam = max(0, len(head) - 3)
            head += view[start : start + STEP]
            if (end := head.find(b"\r\n\r\n", seam)) >= 0:
                rest = [bytes(head[end + 4 :]), view[start + STEP :], *content[number + 1 :]]
                return _header(bytes(head[: end + 4]), rest)
    return _header(bytes(head), [])


def _header(head: bytes, rest: Sequence[bytes | memoryview]) -> tuple[Message, list[bytes | memoryview]]:
    """A body may begin before the first empty line: at one that ends with LF alone, or where the fields end."""
    mail = Message(head)
    return mail, [piece for piece in (head[mail.header_end :], *rest) if len(piece)]


def stripped(content: Pieces) -> list[bytes | memoryview]:
    """The pieces without the line ends (CR and LF) at the very end."""
    kept = list(content)
    while kept:
        if size := _last_character(memoryview(kept[-1])):
            kept[-1] = kept[-1][:size]
            break
        kept.pop()
    return kept


def _last_character(view: memoryview, step: int = 4096) -> int:
    """Where it ends without the line ends at its end."""
    end = len(view)
    while end:
        start = max(0, end - step)
        if kept := len(bytes(view[start:end]).rstrip(b"\r\n")):
            return start + kept
        end = start
    return 0
