"""Streams of a PDF that lead nowhere: what PDFium would walk to find their ends.

When a stream's length is wrong, PDFium looks for the next words "endstream" and "endobj", white space around each. Where
they are missing or stick to other characters it goes on to the end of the file, for each stream: in a file without a
usable cross-reference table, which it builds anew from all objects, that is the square of their number (1 MB: half a
minute). Cost here is linear.

Sources: ISO 32000-1 7.3.8; PDFium's CPDF_SyntaxParser (ReadStream, FindStreamEndPos, IsWholeWord).
"""

import re
from functools import partial

MOST = 100_000_000
"""Octets that may be walked in vain; about 0.8 s. Damaged files of the usual kind have a few streams without an end."""
_DICTIONARY = 1_000
"""Octets before a stream in which its length is looked for."""
_LENGTH = re.compile(rb"/Length[\0\t\n\f\r ]+(\d{1,10})(?:[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+(R))?")
_NUMBER = re.compile(
    rb"(\d{1,10})[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+obj[\0\t\n\f\r ]*(\d{1,10})[\0\t\n\f\r ]*endobj"
)
_BLANK = b"\0\t\n\f\r "


def leads_nowhere(content: bytes) -> bool:
    """True when more than MOST octets would be walked in vain."""
    if content.count(b"stream") * len(content) <= MOST:
        return False
    walked, at, reached = 0, 0, 0
    ends = [partial(_whole, content, word) for word in (b"endstream", b"endobj")]
    nearest = [-1, -1]
    numbers: dict[int, int] | None = None
    while (start := content.find(b"stream", at)) >= 0:
        at = start + 6
        if content[start - 3 : start] == b"end":
            continue
        said = _LENGTH.search(content, max(at - _DICTIONARY, reached), start)
        if said and said[2] and numbers is None:
            numbers = {int(m[1]): int(m[2]) for m in _NUMBER.finditer(content)}
        if said:
            length = int(said[1])
            line_end = content[at : at + 2]
            data = at + (2 if line_end == b"\r\n" else line_end[:1] in (b"\r", b"\n"))
            end = data + ((numbers or {}).get(length, len(content)) if said[2] else length)
            if content[end : end + 12].lstrip(_BLANK).startswith(b"endstream"):
                at = reached = end
                continue
        reached = at
        for which, find in enumerate(ends):
            if nearest[which] < at:
                nearest[which] = find(at)
            walked += nearest[which] - at
        if walked > MOST:
            return True
    return False


def _whole(content: bytes, word: bytes, at: int) -> int:
    """Where the next such word begins that white space surrounds; the length of the content when there is none."""
    while (at := content.find(word, at)) >= 0:
        end = at + len(word)
        if content[at - 1] in _BLANK and (end == len(content) or content[end] in _BLANK):
            return at
        at = end
    return len(content)
