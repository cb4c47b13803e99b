"""The transaction that an arriving mail has with the mailbox host, on a connection that is lent.

The host is asked for each recipient while the client is still talking, and gets the content only when all of it is
here and examined. In between nothing is sent, so a client that is slow must not hold a connection: it goes back to the
pool when somebody waits for one or when it was not used for a while, and the transaction is begun again on another.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import msgspec

from gateway.deliver.pool import ConnectionPool
from gateway.deliver.transaction import SmtpTransaction, is_taken
from gateway.deliver.wire import Broken
from mail.compose import Pieces
from mail.envelope import Envelope, ForwardPath
from mail.reply import Reply

CHANGED = Reply(451, "The next host's answer has changed, please try again later", 4, 5)


class LentTransaction:
    """MAIL, RCPT and content of one mail, for one client (gateway.deliver.pool).

    What the host took is asked again on each further connection before anything else is said there. When one answer is
    worse than what the client has heard, nothing is sent and it hears 451. `begin` answers a transaction of this pool.
    `unknown` is true when the connection was lost after the final dot. End with `close`.
    """

    def __init__(
        self, pool: ConnectionPool, begin: Callable[[str], Awaitable[SmtpTransaction]], client: str
    ) -> None:
        self.unknown = False
        self._pool = pool
        self._begin = begin
        self._envelope = Envelope("")
        self._client = client
        self._transaction: SmtpTransaction | None = None
        self._taken: list[ForwardPath] = []
        self._timer: asyncio.TimerHandle | None = None

    async def rcpt(self, envelope: Envelope, path: ForwardPath) -> Reply:
        """RCPT for one recipient of this mail, MAIL before the first: the host's answer to what the client must hear of."""
        self._envelope = envelope
        transaction = await self._begun(path)
        if isinstance(transaction, Reply):
            return transaction
        reply = await transaction.rcpt(path)
        if is_taken(reply):
            self._taken.append(path)
        self._pause()
        return reply

    async def data(self, content: Pieces) -> list[Reply]:
        """DATA and the content; one reply per recipient that was taken, in that order."""
        transaction = await self._begun()
        if isinstance(transaction, Reply):
            return [transaction] * len(self._taken)
        replies = await transaction.data(content)
        self.unknown = transaction.unknown
        return replies

    def close(self) -> None:
        """The connection goes back; nothing is remembered. Idempotent."""
        self._give_back()
        self._taken.clear()

    async def _begun(self, *following: ForwardPath) -> SmtpTransaction | Reply:
        """A transaction in which all that the host took so far is said, and for whom it is asked next; else what the client
        is told."""
        self._resume()
        if self._transaction is not None and self._transaction.alive:
            return self._transaction
        self._give_back()
        transaction = self._transaction = await self._begin(self._client)
        reply = await transaction.mail(self._envelope, (*self._taken, *following))
        for path in self._taken:
            if is_taken(reply):
                reply = await transaction.rcpt(path)
        if is_taken(reply):
            return transaction
        with contextlib.suppress(Broken):
            await transaction.swallow()
        self._give_back()
        return msgspec.structs.replace(CHANGED, reason=str(reply)) if self._taken else reply

    def _pause(self) -> None:
        """The next word is the client's."""
        if self._pool.contended:
            self._give_back()
        elif self._transaction is not None:
            self._pool.lend(self._client, self._give_back)
            self._timer = asyncio.get_running_loop().call_later(self._pool.limits.unused, self._give_back)

    def _resume(self) -> None:
        self._pool.take_up(self._give_back)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_back(self) -> None:
        self._resume()
        transaction, self._transaction = self._transaction, None
        if transaction is not None:
            transaction.close()
