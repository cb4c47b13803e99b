"""The queue: what a next hop keeps waiting, and having it tried now.

Diagnostics: NotAllowed (also SignedOut); StoreError.
"""

from quarantine.queue.retrying import retry
from quarantine.rights import Verb, person
from quarantine.service.caller import Caller

HOP = 300
"""Characters of the longest name of a next hop."""


class Queue(Caller):
    """What an administrator can do about mail that waits for a next hop."""

    async def retry(self, hop: str) -> int:
        """Have what waits for this next hop (host:port) in their tenant tried now (RETRY); how many mails."""
        me = await self._me(Verb.RETRY)
        if not hop or len(hop) > HOP:
            return 0
        return len(await retry(self._parts.store, person(me), self._parts.clock(), hop=hop))
