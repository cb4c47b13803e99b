"""One transaction with a next hop: commands (gateway.deliver.lines), the content sent as it is, replies.

Diagnostics: whatever a next hop does becomes a Reply. Only an explicit 5yz is permanent; a lost connection, a
time limit and garbage are temporary. When the connection is lost after the final dot, nobody knows: `unknown`.
DATA is used and not BDAT: stuffing a content without leading dots costs one memchr (5 MB: 0.4 ms).
"""

import asyncio
import contextlib
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from gateway.deliver.lines import mail_line, rcpt_line, unfit
from gateway.deliver.next_hop import NextHop
from gateway.deliver.wire import CHUNK, Broken, NotCanonical, Wire, late, lost, nonsense, stuffed
from mail.compose import Pieces
from mail.envelope import Envelope, ForwardPath
from mail.reply import Reply
from storage.content import Content

UNFIT = "The next hop's reply does not fit the command"
BAD_CONTENT = Reply(554, "The content is not in canonical form", 6, 0)


class SmtpTransaction:
    """One connection to a next hop, lent to one user, for one transaction after the other.

    Commands answer a Reply and never raise for what a next hop does: a broken connection answers a temporary
    one. `unknown` is true when it broke after the final dot. Use as a context manager, or end with `close`
    (back to the pool) or `abort`.
    """

    def __init__(
        self,
        hop: NextHop,
        take: Callable[[bool], Awaitable[Wire]],
        give_back: Callable[[Wire | None], None],
        deadline: float | None = None,
    ) -> None:
        """`take(fresh)` answers a connection or raises Broken; `give_back` is called once, at the end."""
        self._hop = hop
        self._take = take
        self._give_back = give_back
        self._deadline = deadline
        self._wire: Wire | None = None
        self._fault: Broken | None = None
        self._envelope = Envelope("")
        self._ahead = 0
        self._data_ahead = False
        self._dirty = False
        self._accepted = 0
        self._ended = False
        self.unknown = False
        self.too_many: set[int] = set()

    @classmethod
    def refused(cls, hop: NextHop, reply: Reply) -> Self:
        """A transaction that has no connection and answers this reply to everything."""

        async def nothing(fresh: bool) -> Wire:
            raise Broken(reply)

        transaction = cls(hop, nothing, lambda _: None)
        transaction._fault = Broken(reply)
        return transaction

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()

    @property
    def fault(self) -> Reply | None:
        """The temporary reply that every further command will get, None while the connection is good."""
        return self._fault.reply if self._fault else None

    @property
    def alive(self) -> bool:
        """True when another command can be sent: no fault yet, and the connection was not lost in between."""
        return self._fault is None and self._wire is not None and self._wire.usable

    @property
    def connected(self) -> bool:
        """True when there was a connection at all."""
        return self._wire is not None

    @property
    def offered(self) -> Mapping[str, str]:
        """The EHLO keywords of the next hop, in lower case, with parameters; {} when there is no connection."""
        return self._wire.extensions if self._wire else {}

    @property
    def tls(self) -> str:
        """Protocol and cipher of the connection, "" without TLS."""
        return self._wire.tls if self._wire else ""

    async def mail(self, envelope: Envelope, ahead: Sequence[ForwardPath] = ()) -> Reply:
        """MAIL, with the parameters that the next hop offers. `ahead` are the paths that `rcpt` will be called with first,
        in this order: where PIPELINING is offered they go out with it.

        A kept connection that turns out to be dead is replaced once.
        """
        try:
            reply = await self._begin(envelope, 0, ahead, data=False)
        except Broken as fault:
            return fault.reply
        if not is_taken(reply):
            with contextlib.suppress(Broken):  # the next command says so
                await self.swallow()
        return reply

    async def rcpt(self, path: ForwardPath) -> Reply:
        """RCPT for one recipient."""
        line = rcpt_line(path, self.offered, self._utf8)
        if isinstance(line, Reply):
            return line
        try:
            reply = await self._ask(line)
        except Broken as fault:
            return fault.reply
        self._accepted += is_taken(reply)
        return reply

    async def data(self, content: Content | Pieces) -> list[Reply]:
        """DATA and the content; one reply per recipient that RCPT took, in that order.

        Over SMTP they are one and the same reply; over LMTP each has its own (RFC 2033 §4.2).
        """
        refusal = None if self._ahead else unfit(self._envelope, content, self.offered)
        if refusal is not None:
            return [refusal] * self._accepted
        try:
            reply = await self._ask(b"DATA\r\n", 354)
            if reply.code != 354:
                return [reply] * self._accepted
            return await self._content(content)
        except Broken as fault:
            return [fault.reply] * self._accepted

    async def send(self, envelope: Envelope, content: Content | Pieces) -> list[Reply]:
        """A whole transaction, in one burst up to DATA where PIPELINING is offered; one reply per forward-path.

        `too_many` then has the places of recipients that were refused only because there were too many
        (RFC 5321 §4.5.3.1.10), while others of the same transaction were taken.
        """
        paths = envelope.forward_paths
        size = content.size if isinstance(content, Content) else sum(map(len, content))
        if self._fault is not None:
            return [self._fault.reply] * len(paths)
        if (refusal := unfit(envelope, content, self.offered)) is not None:
            return [refusal] * len(paths)
        replies: dict[int, Reply] = {}
        served: list[int] = []
        try:
            reply = await self._begin(envelope, size, paths, data=True)
            if not is_taken(reply):
                await self.swallow()
                return [reply] * len(paths)
            for index, path in enumerate(paths):
                replies[index] = await self.rcpt(path)
                if is_taken(replies[index]):
                    served.append(index)
            if served:
                replies.update(zip(served, await self.data(content), strict=True))
                self.too_many = {i for i in range(len(paths)) if i not in served and _too_many(replies[i])}
            else:
                await self.swallow()
        except Broken as fault:
            return [replies.get(index, fault.reply) for index in range(len(paths))]
        return [replies[index] for index in range(len(paths))]

    def close(self) -> None:
        """The connection goes back to the pool, or is closed when it is of no more use. Idempotent."""
        if not self._ended:
            self._end()

    def abort(self) -> None:
        """Close the connection at once; a content without its final dot is forgotten by the next hop."""
        if not self._ended:
            self._break(lost("The transaction was given up"))
            self._end()

    def _end(self) -> None:
        self._ended = True
        if self._ahead and self._fault is None:
            self._break(lost("Replies were left unread"))
        wire, self._wire = self._wire, None
        if wire is not None and self._fault is None and self._dirty:
            wire.reset()
        self._give_back(wire if self._fault is None else None)
        if wire is not None and self._fault is not None:
            wire.quit()
        self._fault = self._fault or lost("The transaction is over")

    @property
    def _utf8(self) -> bool:
        return self._envelope.smtputf8 and "smtputf8" in self.offered

    def seconds(self, limit: float) -> float:
        """What is left of a time limit before the deadline of the whole delivery."""
        if self._deadline is None:
            return limit
        return min(limit, self._deadline - asyncio.get_running_loop().time())

    def _break(self, fault: Broken) -> None:
        self._fault = self._fault or fault
        if self._wire is not None:
            self._wire.abort()

    async def connect(self, fresh: bool = False) -> None:
        """Take a connection from the pool (not when `fresh`) or open one; a failure becomes the fault."""
        self._fault, self._ahead, self._dirty = None, 0, False
        try:
            async with asyncio.timeout(self.seconds(3600)):
                self._wire = await self._take(fresh)
        except Broken as fault:
            self._fault = fault
        except TimeoutError:
            self._fault = late()

    async def _begin(
        self, envelope: Envelope, size: int, ahead: Sequence[ForwardPath], *, data: bool
    ) -> Reply:
        """MAIL, with RCPT for `ahead` and DATA, if wanted, in the same burst where PIPELINING is offered (RFC 2920).

        A burst is safe to repeat on a fresh connection as long as no content went out.
        """
        self._envelope, self._accepted, self.unknown, self.too_many = envelope, 0, False, set()
        while True:
            if self._fault is not None or self._wire is None:
                raise self._fault or lost("The transaction is over")
            wire, offered = self._wire, self._wire.extensions
            line = mail_line(envelope, offered, size)
            if isinstance(line, Reply):
                return line
            reused, wire.mails, self._dirty = wire.mails > 0, wire.mails + 1, True
            rcpts = [r for p in ahead if not isinstance(r := rcpt_line(p, offered, self._utf8), Reply)]
            if rcpts and "pipelining" in offered:
                self._ahead, self._data_ahead = len(rcpts) + 1 + data, data
                wire.write(line + b"".join(rcpts) + (b"DATA\r\n" if data else b""), self._ahead)
            try:
                reply = await self._ask(line)
            except Broken:
                if not reused:
                    raise
            else:
                if not (reused and reply.code == 421):
                    return reply
            self._break(lost("The kept connection was closed"))
            await self.connect(fresh=True)

    async def _ask(self, line: bytes, wanted: int = 250, limit: float = math.inf) -> Reply:
        """Send a command, unless it went ahead in a burst, and read its reply."""
        if self._fault is not None or self._wire is None:
            raise self._fault or lost("The transaction is over")
        if self._ahead:
            self._ahead -= 1
        else:
            self._wire.write(line, 1)
        try:
            reply = await self._wire.read(self.seconds(min(limit, self._hop.timeouts.command)))
            if reply.positive and reply.code // 100 != wanted // 100:
                raise nonsense(UNFIT, str(reply))
        except Broken as fault:
            self._break(fault)
            raise
        if reply.code == 421:  # it closes the connection (RFC 5321 §3.8)
            self._fault = Broken(reply)
        return reply

    async def swallow(self) -> None:
        """Read the replies to what went ahead of a refusal. 354 with nobody to receive: close, no dot."""
        while self._ahead:
            is_data = self._data_ahead and self._ahead == 1
            if (await self._ask(b"", 354 if is_data else 250)).code == 354:
                self._break(lost("DATA was taken without recipients"))

    async def _content(self, content: Content | Pieces) -> list[Reply]:
        """The content up to the final dot, and the replies to it."""
        wire, limits, count = self._wire, self._hop.timeouts, self._accepted if self._hop.lmtp else 1
        if wire is None:
            raise lost("The transaction is over")
        wire.write(b"", count)
        replies: list[Reply] = []
        held: bytes | memoryview = b""
        try:
            for chunk in stuffed(content):
                if held and len(held) + len(chunk) > CHUNK:
                    wire.write(held)
                    held = b""
                    await wire.drain(self.seconds(limits.block))
                    if wire.answered:  # refused before its end
                        return await self._early(wire)
                held = b"".join((held, chunk)) if held else chunk
            if self.seconds(limits.final) <= 0:  # our successor must find the mail undelivered
                raise late("The time for this delivery was over")
            self.unknown = True
            wire.write(held)
            for _ in range(count):
                reply = await wire.read(self.seconds(limits.final))
                if 300 <= reply.code < 400:
                    raise nonsense(UNFIT, str(reply))
                replies.append(reply)
            self.unknown, self._dirty = False, False
        except NotCanonical:
            self._break(lost("The content was not sent"))
            return [BAD_CONTENT] * self._accepted
        except Broken as fault:
            self._break(fault)
            replies += [fault.reply] * (count - len(replies))
        if any(reply.code == 421 for reply in replies):
            self._fault = self._fault or Broken(replies[-1])
        return replies if self._hop.lmtp else replies * self._accepted

    async def _early(self, wire: Wire) -> list[Reply]:
        reply = await wire.read(0)
        self._break(lost("The next hop answered before the end of the content"))
        if reply.positive:
            reply = nonsense(UNFIT, str(reply)).reply
        return [reply] * self._accepted


def is_taken(reply: Reply) -> bool:
    """True for 2yz, and only that: Reply.positive also counts 3yz."""
    return 200 <= reply.code < 300


def _too_many(reply: Reply) -> bool:
    plain = reply.code == 452 and reply.subject < 0
    return plain or (reply.code in (452, 552) and (reply.subject, reply.detail) == (5, 3))
