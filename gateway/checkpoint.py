"""The checkpoint as the gateway uses it: a mail is examined in a locked-up process, again when lists know it, and again
with the words in its pictures, where somebody can read them.

Meanwhile a virus scanner looks at it as it came, and then at the files that we can open and it cannot; where it finds
something, or has not looked at all of it, the mail is examined again with that among the facts.

What arrives is read at once, one page of it, and in a few seconds or not at all. What leaves is read while it is held
(gateway/rounds/picture_rounds.py).
"""

import asyncio
from collections.abc import Iterable

import msgspec

from config.policy import Policy, RulePolicy
from directory.listings import Listings
from filters.examined import INFECTED, UNSCANNED, Examined, ShownFile
from filters.facts import Facts, Origin, VirusScan
from filters.finding import Finding
from filters.reading.shown import SHOW
from filters.verdict import Disposition
from gateway.locked.workers import Workers
from gateway.scan.clamd import PASSING, ScanLack
from gateway.scan.scanner import Scanner
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


def _asks_for_scans(policy: Policy, direction: str) -> bool:
    """Whether a rule of this policy wants to know what a scanner says of mail in this direction."""
    said = [policy.rules.get(names[direction], RulePolicy()) for names in (INFECTED, UNSCANNED)]
    return any(rule.then != "off" or rule.cases for rule in said)


def _comes_again(facts: Facts, found: Examined) -> bool:
    """Whether the client should hold on to an arriving mail until somebody can look for viruses."""
    waits = facts.scan is not None and facts.scan.lack in PASSING and facts.direction == "inbound"
    return waits and not found.verdict.rejects and found.verdict.holds == {UNSCANNED["inbound"]}


async def _with_files(scanner: Scanner, scan: VirusScan, found: Examined, by: Origin | None) -> VirusScan:
    """What the scanner said of a mail, with what it says of the files that it could not find by itself."""
    if found.apart:
        scan |= await scanner.scan_files(found.apart, by)
    if found.kept_back:
        scan |= VirusScan(lack=ScanLack.LIMIT, detail="files inside others were too large, or too many")
    return scan


async def scanned(scanner: Scanner, content: memoryview, found: Examined) -> VirusScan:
    """What the scanner says of a mail that was examined with Facts.apart, for commands beside a node."""
    return await _with_files(scanner, await scanner.scan(content), found, None)


class Unscanned(TimeoutError):
    """Nobody looked for viruses in an arriving mail, for a reason that passes, and nothing else holds it: it comes again."""


class Checkpoint:
    """Examines mail under the policy in force. `scanner`: who looks for viruses, None where nobody does."""

    def __init__(self, workers: Workers, listings: Listings, scanner: Scanner | None = None) -> None:
        self._workers = workers
        self._listings = listings
        self._scanner = scanner

    def policy(self, tenant: str) -> Policy:
        """The one in force for a tenant."""
        return self._workers.policies(tenant)

    async def examine(self, draft: Draft, facts: Facts, by: Origin | None = None) -> tuple[Facts, Examined]:
        """What is found. The links and files of an arriving mail are known only after a look: when one of them is on
        a list, it is looked at again with that among its facts. `by`: as Workers.examine has it. Raises StoreError,
        Unscanned, and what that raises."""
        scan, found = await self._both(draft, facts, by)
        listed = await self._listings.find(
            facts.origin.tenant, hosts=found.summary.hosts, files=found.summary.files
        )
        if listed or not (scan is None or scan.clean):
            facts = msgspec.structs.replace(facts, listed=(*facts.listed, *listed), scan=scan)
            found = await self._workers.examine(draft, facts, by)
            if _comes_again(facts, found):
                raise Unscanned
        waits = facts.direction == "inbound" and found.verdict.disposition is not Disposition.REJECT
        if waits and unread(found.findings) and self._workers.reads:
            pages = ARRIVING_PAGES, ARRIVING_PAGE, ARRIVING
            found = await self._workers.read(draft, facts, *pages) or found
        return facts, found

    async def _both(self, draft: Draft, facts: Facts, by: Origin | None) -> tuple[VirusScan | None, Examined]:
        """What the scanner says and what is found, at the same time."""
        scanner = self._scanner
        if scanner is None or not _asks_for_scans(self.policy(facts.origin.tenant), facts.direction):
            return None, await self._workers.examine(draft, facts, by)
        asked = msgspec.structs.replace(facts, apart=True)
        try:
            async with asyncio.TaskGroup() as group:
                looking = group.create_task(self._workers.examine(draft, asked, by))
                scanning = group.create_task(scanner.scan(draft.view(), by))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None
        found, scan = looking.result(), scanning.result()
        scan = await _with_files(scanner, scan, found, by)
        return scan, msgspec.structs.replace(found, apart=(), kept_back=False)

    async def scan(self, draft: Draft, facts: Facts) -> VirusScan | None:
        """What the scanner says of a mail that was examined before, None where nobody is asked. Raises what Workers.examine
        raises."""
        return (await self._both(draft, facts, None))[0]

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
