"""The checkpoint as the gateway uses it: a mail is examined in a locked-up process, again when lists know it."""

import msgspec

from config.policy import Policy
from directory.listings import Listings
from filters.examined import Examined, ShownFile
from filters.facts import Facts, Origin
from filters.reading.shown import SHOW
from gateway.locked.workers import Workers
from mail.envelope import Envelope
from storage.interfaces import Draft


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
        if not listed:
            return facts, found
        facts = msgspec.structs.replace(facts, listed=(*facts.listed, *listed))
        return facts, await self._workers.examine(draft, facts, by)

    async def show(self, draft: Draft, number: int) -> ShownFile | None:
        """The text of a file of a mail, for people of ours; None when there is none, or no time to read it."""
        facts = Facts(SHOW, Origin("console", ""), Envelope("", ()), file=number)
        try:
            found = await self._workers.examine(draft, facts)
        except TimeoutError:
            return None
        return found.shown[0] if found.shown else None
