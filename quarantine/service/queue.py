"""The queue: what a next hop keeps waiting, and having it tried now.

Diagnostics: NotAllowed (also SignedOut); StoreError.
"""

from quarantine.queue.retrying import retry
from quarantine.rights import Verb, person
from quarantine.service.caller import Caller
from quarantine.store import Place

PAGES = 25
"""Of 200 mails each, for one answer: a few seconds."""
HOP = 300
"""Characters of the longest name of a next hop."""


class Queue(Caller):
    """What an administrator can do about mail that waits for a next hop."""

    async def retry(self, hop: str) -> Place | None:
        """Have what waits for this next hop (host:port) in their tenant tried now (RETRY), the oldest first. Of a large
        queue some pages: then where the rest begins. Whoever asks again goes on."""
        me, after = await self._me(Verb.RETRY), None
        if not hop or len(hop) > HOP:
            return None
        for _ in range(PAGES):
            found = await retry(self._parts.store, person(me), self._parts.clock(), hop=hop, after=after)
            if (after := found.after) is None:
                break
        return after
