"""The checkpoint as the gateway uses it: a mail is examined in a locked-up process, again when lists know it, and again
with the words in its pictures, where somebody can read them.

What arrives is read at once, one page of it, and in a few seconds or not at all. What leaves is read while it is held
(gateway/rounds/picture_rounds.py).
"""

from collections.abc import Iterable

import msgspec

from config.policy import Policy
from directory.listings import Listings
from filters.examined import Examined, ShownFile
from filters.facts import Facts, Origin
from filters.finding import Finding
from filters.reading.shown import SHOW
from filters.verdict import Disposition
from gateway.locked.workers import Workers
from mail.envelope import Envelope
from storage.interfaces import Draft

PICTURES = frozenset({"picture_of_text", "scanned_attachment"})
"""The rules that have writing in pictures on record, by direction."""
ARRIVING_PAGES, ARRIVING_PAGE, ARRIVING = 1, 2.0, 3.0
"""Of an arriving mail: pages that are read, seconds for each, and for all of the reading, waiting included."""
LEAVING_PAGES, LEAVING_PAGE, LEAVING = 20, 20.0, 300.0


def unread(findings: Iterable[Finding]) -> bool:
    """Whether there is writing in pictures that nobody has read."""
    return any(f.rule in PICTURES and f.values.get("how") == "unread" for f in findings)


class Checkpoint:
    """Examines mail under the policy in force."""

    def __init__(self, workers: Workers, listings: Listings) -> None:
        self._workers = workers
        self._listings = listings

    @property
    def policy(self) -> Policy:
        return self._workers.policy

    async def examine(self, draft: Draft, facts: Facts, by: Origin | None = None) -> tuple[Facts, Examined]:
        """What is found. The links and files of an arriving mail are known only after a look: when one of them is on
        a list, it is looked at again with that among its facts. `by`: as Workers.examine has it. Raises StoreError, and
        what that raises."""
        found = await self._workers.examine(draft, facts, by)
        listed = await self._listings.find(
            facts.origin.tenant, hosts=found.summary.hosts, files=found.summary.files
        )
        if listed:
            facts = msgspec.structs.replace(facts, listed=(*facts.listed, *listed))
            found = await self._workers.examine(draft, facts, by)
        waits = facts.direction == "inbound" and found.verdict.disposition is not Disposition.REJECT
        if waits and unread(found.findings) and self._workers.reads:
            pages = ARRIVING_PAGES, ARRIVING_PAGE, ARRIVING
            found = await self._workers.read(draft, facts, *pages) or found
        return facts, found

    @property
    def reads(self) -> bool:
        """Whether words in pictures are read here."""
        return self._workers.reads

    async def read(self, draft: Draft, facts: Facts) -> Examined | None:
        """What is found of a leaving mail with the words in its pictures; None when nobody could read them in time."""
        return await self._workers.read(draft, facts, LEAVING_PAGES, LEAVING_PAGE, LEAVING)

    async def show(self, draft: Draft, number: int) -> ShownFile | None:
        """The text of a file of a mail, for people of ours; None when there is none, or no time to read it."""
        facts = Facts(SHOW, Origin("console", ""), Envelope("", ()), file=number)
        try:
            found = await self._workers.examine(draft, facts)
        except TimeoutError:
            return None
        return found.shown[0] if found.shown else None
