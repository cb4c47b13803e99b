"""Lists of bad hosts or files that somebody else keeps and puts beside us (`[[feeds]]`): what stands there is on the block
list as long as it stands there, and those who got such a link or file before are alerted.

    lists = FeedRounds(settings.feeds, store, listings, clock, own_domains)
    await lists.read()      a round: what has changed in the files is taken over; how many entries

A line is a host ("bad.example"), one of a hosts file ("0.0.0.0 bad.example"), or a file's SHA-256; "#" begins a comment. What
people entered stays, on whichever list; our own domains are never blocked. A file that is missing, cannot be read or is
empty changes nothing: a download that failed must not let everything pass.

Diagnostics (log): feed_read, feed_kept.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import structlog

from config.log_events import LogEvent
from config.settings import FeedSection
from directory.listings import ListDecision, Listings, checked, enter, prolong, withdraw
from filters.listing import BLOCK
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.store import Store
from storage.interfaces import Transaction

log = structlog.get_logger()

DAY = 86_400.0
MOST = 20_000
"""Entries of one list; what is behind them is left out, and the log says so."""
LARGEST = 8 << 20
"""Octets of a file."""
BATCH = 500
NAMED = 50
"""Subjects that the journal names of a change."""
RENEW = 3600.0
"""Seconds until a list that did not change is compared again: entries end, and people take some out."""
WRITES = "feeds"

Seen = tuple[int, int, int]


class FeedRounds:
    """The lists of this node. `ours`: domains that nobody may block."""

    def __init__(
        self,
        feeds: Sequence[FeedSection],
        store: Store,
        listings: Listings,
        clock: Callable[[], float],
        ours: Callable[[], Iterable[str]],
    ) -> None:
        self._feeds = feeds
        self._store = store
        self._listings = listings
        self._clock = clock
        self._ours = ours
        self._seen: dict[Path, tuple[Seen, float]] = {}
        """The file as it was read, and when."""
        self._warned: dict[Path, float] = {}

    async def read(self) -> int:
        """One round; how many entries were made or taken out. Raises StoreError."""
        return sum([await self._read(feed) for feed in self._feeds])

    async def _read(self, feed: FeedSection) -> int:
        now = self._clock()
        try:
            status = feed.path.stat()
            seen = (status.st_ino, status.st_mtime_ns, status.st_size)
            was, at = self._seen.get(feed.path, (None, 0.0))
            if seen == was and now < at + RENEW:
                return 0
            subjects, wrong = parsed(feed.kind, content(feed.path), self._ours())
            if not subjects:
                raise ValueError("nothing stands in it")
        except (OSError, ValueError) as error:
            if now >= self._warned.get(feed.path, 0.0) + RENEW:
                log.warning(LogEvent.FEED_KEPT, feed=feed.name, error=str(error)[:200])
                self._warned[feed.path] = now
            return 0
        self._warned.pop(feed.path, None)
        changed = await self._take(feed, subjects, now)
        self._seen[feed.path] = (seen, now)
        if changed or seen != was:
            log.info(LogEvent.FEED_READ, feed=feed.name, entries=len(subjects), changed=changed, wrong=wrong)
        return changed

    async def _take(self, feed: FeedSection, subjects: frozenset[str], now: float) -> int:
        """Make the entries those of the list."""
        until = now + feed.days * DAY
        there = [e for e in await self._listings.all(feed.tenant, "") if e.kind == feed.kind]
        owner = f"feed:{feed.name}"
        own = {entry.subject: entry for entry in there if entry.owner == owner}
        taken = {entry.subject for entry in there if entry.owner != owner}
        new = [
            self._listings.decided(
                feed.tenant, list=BLOCK, kind=feed.kind, subject=subject, owner=owner,
                reason=feed.path.name, expires_at=until, alert=feed.alert,
            )
            for subject in sorted(subjects - own.keys() - taken)
        ]  # fmt: skip
        gone = [own[subject] for subject in sorted(own.keys() - subjects)]
        ending = [e for s, e in own.items() if s in subjects and e.expires_at < now + feed.days * DAY / 2]
        write = self._store.database.write
        for some in _batches(new):
            await write(partial(self._enter, feed=feed, some=some, now=now))
        for some in _batches(gone):
            await write(partial(self._withdraw, feed=feed, some=some, now=now))
        for some in _batches(ending):
            await write(partial(prolong, tenant=feed.tenant, ids=[entry.id for entry in some], until=until))
        if new or gone:
            self._listings.forget()
        return len(new) + len(gone)

    def _enter(
        self, transaction: Transaction, feed: FeedSection, some: Sequence[ListDecision], now: float
    ) -> None:
        enter(transaction, some)
        self._note(transaction, JournalEvent.LISTING_ADDED, feed, some, now)

    def _withdraw(
        self, transaction: Transaction, feed: FeedSection, some: Sequence[ListDecision], now: float
    ) -> None:
        withdraw(transaction, feed.tenant, [entry.id for entry in some])
        self._note(transaction, JournalEvent.LISTING_REMOVED, feed, some, now)

    def _note(
        self, transaction: Transaction, event: JournalEvent, feed: FeedSection, some: Sequence[ListDecision], now: float
    ) -> None:  # fmt: skip
        """One entry of the journal for a batch."""
        detail = {
            "list": BLOCK, "kind": feed.kind, "feed": feed.name, "count": len(some),
            "subjects": [entry.subject for entry in some[:NAMED]],
        }  # fmt: skip
        self._store.note(transaction, [Entry(now, event, WRITES, tenant=feed.tenant, detail=detail)])


def _batches(entries: Sequence[ListDecision]) -> Iterator[Sequence[ListDecision]]:
    return (entries[at : at + BATCH] for at in range(0, len(entries), BATCH))


def content(path: Path) -> str:
    """The text of a list. Raises OSError, and ValueError for one that is too large."""
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"more than {LARGEST >> 20} MB")
    return data.decode("utf-8", "replace")


def parsed(kind: str, text: str, ours: Iterable[str]) -> tuple[frozenset[str], int]:
    """What stands in a list, and how many lines are none of it: nothing of the kind, ours, or too many."""
    own = [domain.lower() for domain in ours]
    found: set[str] = set()
    wrong = 0
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            subject = checked(kind, words[-1] if len(words) <= 2 else "")
        except ValueError:
            wrong += 1
            continue
        if len(found) >= MOST or any(f".{domain}".endswith(f".{subject}") for domain in own):
            wrong += subject not in found
        else:
            found.add(subject)
    return frozenset(found), wrong
