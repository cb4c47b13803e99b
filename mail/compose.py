"""Changing a mail without touching anything else: edits of byte spans.

All edits of a mail refer to its *original* bytes, so rewriters that know nothing of each other can be combined
in any order; two edits that claim the same bytes are an error, never a guess.

Diagnostics: RewriteError when edits overlap or lie outside the message; the mail is then held, never sent as is.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

Pieces = Sequence[bytes | memoryview]
"""A content as the byte strings that it is the concatenation of."""


class RewriteError(Exception):
    """A change could not be made safely; the mail must be held."""


class Edit(msgspec.Struct, frozen=True, order=True):
    """Replace bytes [start, end) of the original with `new`. An insertion has start == end."""

    start: int
    end: int
    new: bytes


def ordered(edits: Iterable[Edit], size: int) -> list[Edit]:
    """The distinct edits in order; insertions at the same place are ordered by their bytes.

    Raises RewriteError when two overlap or one lies outside a message of `size` bytes.
    """
    result = sorted(set(edits))
    at = 0
    for edit in result:
        if edit.start < at or edit.end < edit.start or edit.end > size:
            raise RewriteError(f"edit at {edit.start} overlaps another or lies outside the message")
        at = edit.end
    return result


def pieces(raw: memoryview | bytes, edits: Iterable[Edit]) -> Iterator[memoryview | bytes]:
    """The edited message, piece by piece; unchanged stretches are views of `raw`, not copies."""
    view = memoryview(raw)
    at = 0
    for edit in ordered(edits, len(view)):
        if edit.start > at:
            yield view[at : edit.start]
        if edit.new:
            yield edit.new
        at = edit.end
    if at < len(view):
        yield view[at:]


def applied(raw: memoryview | bytes, edits: Iterable[Edit]) -> bytes:
    """The edited message in one piece."""
    return b"".join(pieces(raw, edits))
