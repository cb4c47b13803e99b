"""Which bytes may come in: DATA content with clean line ends, and where it ends (RFC 5321 §2.3.8, §4.1.1.4, §4.5.2).

Only CR LF ends a line and only CR LF "." CR LF ends the content. Stray CR, LF and NUL are how one mail smuggles
a second one past a neighbour that reads line ends differently; they are refused, not repaired. Where the settings
say so of a client that we know (bare_lf = "normalise"), an LF alone becomes CR LF; but the content still ends where
RFC 5321 says, and what another host could take for an end of it is refused all the same.

Diagnostics: `violation` is stray-cr, stray-lf, nul, line-too-long or false-end. After one, no more content comes out,
but the end of the content is still found, so that the session can answer at the right moment.
"""

import re

MAX_LINE = 16 << 20
"""Octets of one line without its line end. RFC 5321 allows 998; pages without line breaks and texts of one line are longer.

Arriving ones go on as they came: Postfix takes lines of any length (`line_length_limit` is that of its records) and breaks
them only where it hands them on (`smtp_line_length_limit`, `lmtp_line_length_limit`). Leaving ones are made shorter before
they are signed (mail/long_lines.py)."""

_END = b"\r\n.\r\n"
_USUAL = bytes(set(range(256)) - {0, 10, 13})
"""Octets that cannot be a violation."""
_BARE = re.compile(rb"(?<!\r)\n")
_FALSE_END = re.compile(rb"(?<!\r)\n\.\r?\n|\r\n\.\n")
"""Ends of the content as others may read them: those of "SMTP smuggling" that have an LF alone."""
_BEGUN = (b"\n.\r", b"\n.", b"\n")


class Hygiene:
    """Checks content that comes in pieces; a line end may be cut anywhere. `violation` is "" while all is well."""

    def __init__(self, max_line: int = MAX_LINE) -> None:
        self.violation = ""
        self._max_line = max_line
        self._line = 0  # octets of the unfinished line
        self._cr = False  # the last piece ended with CR

    def feed(self, piece: bytes) -> str:
        """Check the next piece; return the name of the first violation so far, or ""."""
        if self.violation or not piece:
            return self.violation
        joined = self._cr and piece[:1] == b"\n"
        self_cr, self._cr = self._cr, piece[-1:] == b"\r"
        inner = piece[joined : len(piece) - self._cr] if joined or self._cr else piece
        # In a clean piece every CR and LF belongs to a CR LF.
        if (self_cr and not joined) or len(inner.translate(None, _USUAL)) != 2 * inner.count(b"\r\n"):
            self.violation = _stray(inner, cr=self_cr and not joined)
        elif self._too_long(piece):
            self.violation = "line-too-long"
        return self.violation

    def end(self) -> str:
        """The content is complete: a CR still waiting for its LF is stray."""
        if self._cr and not self.violation:
            self.violation = "stray-cr"
        return self.violation

    def _too_long(self, piece: bytes) -> bool:
        limit = self._max_line + 2
        at = -self._line  # where the current line begins, counted from this piece
        while len(piece) - at > limit:
            last = piece.rfind(b"\n", max(at, 0), at + limit) if at + limit > 0 else -1
            if last < 0:
                return True
            at = last + 1
        self._line = len(piece) - (piece.rfind(b"\n") + 1) + (self._line if b"\n" not in piece else 0)
        return False


def _stray(piece: bytes, *, cr: bool) -> str:
    """What is wrong with a piece that is not clean; `cr`: a CR before it is stray."""
    bare = piece.replace(b"\r\n", b"")
    if cr or b"\r" in bare:
        return "stray-cr"
    return "stray-lf" if b"\n" in bare else "nul"


class LineEnds:
    """Makes CR LF of each LF alone, in content that comes in pieces."""

    def __init__(self) -> None:
        self._cr = False  # the last piece ended with CR

    def feed(self, piece: bytes) -> bytes:
        """The next piece, its line ends in order."""
        if not piece:
            return piece
        first = b"\n" if self._cr and piece[:1] == b"\n" else b""
        self._cr = piece[-1:] == b"\r"
        return first + _BARE.sub(b"\r\n", piece[len(first) :])


class Unstuffer:
    """Turns the stream after DATA's 354 into content: removes stuffed dots, finds the end, checks hygiene.

    `done` is True after the end of the content; `rest` is what the client sent after it (pipelined commands).
    `size` counts the content octets seen so far, including those after a violation. `normalise`: an LF alone is taken
    for CR LF, but for what may look like an end of the content.
    """

    def __init__(self, max_line: int = MAX_LINE, *, normalise: bool = False) -> None:
        self._normalise = normalise
        self._false_end = False
        self.done = False
        self.rest = b""
        self.size = 0
        self._hygiene = Hygiene(max_line)
        self._held = b"\r\n"  # the content begins at the start of a line, as if one had just ended …
        self._unreal = 2  # … but that line end is not part of the content

    @property
    def violation(self) -> str:
        return "false-end" if self._false_end else self._hygiene.violation

    def feed(self, chunk: bytes | bytearray | memoryview) -> list[bytes]:
        """The pieces of content that this chunk completes; [] while nothing is certain yet, or after a violation.

        However the stream is cut into chunks, the pieces join to the same content. After `done`, chunks are
        appended to `rest`.
        """
        if self.done:
            self.rest += bytes(chunk)
            return []
        data = self._held + bytes(chunk)
        dotted = b"." in data  # a single octet is found much faster than a sequence, and base64 has no dots
        end = data.find(_END) if dotted else -1
        if end >= 0:
            self.done = True
            self.rest = data[end + len(_END) :]
            self._held = b""
            content = data[: end + 2]
        else:
            keep = next((n for n in (4, 3, 2, 1) if data.endswith(_END[:n])), 0)
            if self._normalise:
                keep = max(keep, next((len(begun) for begun in _BEGUN if data.endswith(begun)), 0))
            self._held = data[len(data) - keep :]
            content = data[: len(data) - keep]
        if self._normalise:
            whole = data if end < 0 else data[: end + len(_END)]
            self._false_end = self._false_end or (dotted and _FALSE_END.search(whole) is not None)
            content = content if self._false_end else _BARE.sub(b"\r\n", content)
        if not content:
            return []
        # Every CR LF is held back until what follows is known, so a dot is never separated from it.
        if dotted:
            content = content.replace(b"\r\n.", b"\r\n")
        if self._unreal:
            content = content[self._unreal :]
            self._unreal = 0
        self.size += len(content)
        self._hygiene.feed(content)
        if self.done:
            self._hygiene.end()
        return [] if self.violation or not content else [content]
