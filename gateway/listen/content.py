"""The content of a mail on its way from the client into a draft: by DATA (RFC 5321) or by BDAT chunks (RFC 3030).

What is refused is still read to its end, so that client and server agree on where commands go on; but only
so far. Memory stays bounded by one read, whatever the client sends.

Diagnostics: 552 5.3.4 larger than the limit; 550 5.6.0 octets that RFC 5321 forbids; 452 4.3.1 no space;
451 4.3.0 the draft cannot be written.
"""

import errno

import structlog

from config.log_events import LogEvent
from mail.hygiene import MAX_LINE, Hygiene, LineEnds, Unstuffer
from mail.reply import LOCAL_ERROR, NO_SPACE, Reply
from storage.interfaces import Draft

log = structlog.get_logger()

TOO_BIG = Reply(552, "The mail is larger than this server accepts", 3, 4)
VIOLATIONS = {
    "stray-cr": "a CR that is not followed by LF",
    "stray-lf": "an LF that does not follow a CR",
    "nul": "a NUL octet",
    "line-too-long": f"a line of more than {MAX_LINE} octets",
    "false-end": "a line with nothing but a dot that does not end with CR LF",
}


def draft_failure(error: Exception) -> Reply:
    """What a client is told when a draft cannot be made or written: temporary, whatever it was."""
    log.error(LogEvent.DRAFT_FAILED, error=str(error), kind=type(error).__name__)
    cause = error.__cause__ or error  # a StoreError says what happened underneath
    full = isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)
    return NO_SPACE if full else LOCAL_ERROR


class IncomingContent:
    """Content arriving for one draft.

    `complete` turns True at its end; `rest` is what the client sent behind it; `received` counts octets off
    the wire; `refusal` is the reply when it will not be taken; `overrun` says that the client has sent so much
    after its refusal that nobody should go on listening. `normalise`: an LF alone is taken for CR LF.
    """

    def __init__(self, draft: Draft, limit: int, overrun: int, *, normalise: bool = False) -> None:
        self.draft = draft
        self.complete = False
        self.rest = b""
        self.received = 0
        self.refusal: Reply | None = None
        self._limit = limit
        self._most = limit + overrun

    @property
    def overrun(self) -> bool:
        return self.received > self._most

    def wanted(self, size: int) -> int:
        """How many octets to read next, at most `size`."""
        return size

    def feed(self, data: bytes) -> None:
        """Take what was read."""
        raise NotImplementedError

    def refuse(self, reply: Reply) -> None:
        """Nothing of this content is kept; the first reason is the one that the client hears."""
        if self.refusal is None:
            self.refusal = reply
            self.draft.discard()

    def _keep(self, data: bytes) -> None:
        if self.refusal is not None:
            return None
        if self.draft.size + len(data) > self._limit:
            return self.refuse(TOO_BIG)
        try:
            self.draft.write(data)
        except Exception as error:
            self.refuse(draft_failure(error))
        return None

    def _end(self) -> None:
        """Nothing comes any more: what cannot be looked at is refused now."""
        if self.refusal is None:
            try:
                self.draft.view()
            except Exception as error:
                self.refuse(draft_failure(error))

    def _judge(self, violation: str) -> None:
        if violation:
            self.refuse(Reply(550, f"The mail contains {VIOLATIONS[violation]}", 6, 0, violation))


class Data(IncomingContent):
    """The content after 354, up to CR LF "." CR LF."""

    def __init__(self, draft: Draft, limit: int, overrun: int, *, normalise: bool = False) -> None:
        super().__init__(draft, limit, overrun)
        self._unstuffer = Unstuffer(normalise=normalise)

    def feed(self, data: bytes) -> None:
        self.received += len(data)
        for piece in self._unstuffer.feed(data):
            self._keep(piece)
        self._judge(self._unstuffer.violation)
        self.complete, self.rest = self._unstuffer.done, self._unstuffer.rest
        if self.complete:
            self._end()


class Chunks(IncomingContent):
    """The content of all BDAT commands of a transaction; each `expect` announces the next chunk."""

    def __init__(self, draft: Draft, limit: int, overrun: int, *, normalise: bool = False) -> None:
        super().__init__(draft, limit, overrun)
        self._hygiene = Hygiene()
        self._line_ends = LineEnds() if normalise else None
        self._remaining = 0
        self._last = False
        self._tail = b""

    def expect(self, size: int, last: bool) -> None:
        self._remaining = size
        self._last = last
        self.complete = False
        if self.draft.size + size > self._limit:
            self.refuse(TOO_BIG)
        if not size:
            self._end_chunk()

    def wanted(self, size: int) -> int:
        return min(size, self._remaining)

    def feed(self, data: bytes) -> None:
        self.received += len(data)
        self._remaining -= len(data)
        if self._line_ends is not None:
            data = self._line_ends.feed(data)
        self._judge(self._hygiene.feed(data))
        self._keep(data)
        self._tail = (self._tail + data)[-2:]
        if not self._remaining:
            self._end_chunk()

    def _end_chunk(self) -> None:
        self.complete = True
        if not self._last:
            return
        if self._tail not in (b"", b"\r\n"):
            # Content that was not cut into lines may end anywhere; it travels on after DATA, where it cannot.
            # Added here, so that what is examined is what is stored and sent. DKIM does not mind (RFC 6376 §3.4.3).
            self._judge(self._hygiene.feed(b"\r\n"))
            self._keep(b"\r\n")
        self._end()
