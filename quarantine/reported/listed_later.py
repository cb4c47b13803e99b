"""A link or a file that is put on the block list after people got it: whoever may have such a mail hears, once.

    told = await listed.look()       a round: letters about entries that are new; how many people were told

Mail that is delivered while an entry is made is found by a second look, SETTLED seconds later. A mail that came with
the entry's own warning needs no alert. Each batch of letters stands or falls with the note of who was told, so that
neither a crash nor a second node tells anybody twice.

Diagnostics: StoreError; the next round goes on.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence

import msgspec

from directory.listings import ListDecision, Listings, count_alerted, settle
from directory.people import People
from filters.listing import FILE, HOST
from quarantine.events import JournalEvent
from quarantine.intake import Intake
from quarantine.item import Entry
from quarantine.letters import reported
from quarantine.letters.letter import Letter, Post
from quarantine.letters.reported import Wave
from quarantine.reported.alerts import BATCH, batches, by_language, receivers
from quarantine.reported.fingerprints import ABOVE, Trait
from quarantine.reported.reports import topic_of
from quarantine.reported.sightings import Sighted, Sightings
from quarantine.store import Store
from storage.border import of_all
from storage.bound import bound, within
from storage.interfaces import Already, Transaction
from storage.statements import insert_into

DAY = 86_400.0
PAUSE = 10.0
"""Seconds until the first look: by then the entry counts on every node."""
SETTLED = 15 * 60.0
"""Seconds until the last look."""
LETTERS = 50
"""Letters of one round: a relay that limits its clients takes other mail beside them."""
WRITES = "alerts"
"""Who writes, in the journal."""
_TRAITS = {HOST: (HOST, ABOVE), FILE: (FILE,)}

_TELL = (
    f"{insert_into('listed_alert', ('tenant', 'kind', 'subject', 'mailbox', 'at'))}"
    " ON CONFLICT (tenant, kind, subject, mailbox) DO NOTHING"
)
_TOLD = "SELECT mailbox FROM listed_alert WHERE tenant = :tenant AND kind = :kind AND subject = :subject"
_FORGET = of_all("DELETE FROM listed_alert WHERE at <= :before")


class AlertDue(msgspec.Struct, frozen=True):
    """A letter that is to be written: about the mails of one topic, in one language, to at most BATCH mailboxes."""

    wave: Wave
    language: str
    mailboxes: tuple[str, ...]


class AlertLook(msgspec.Struct, frozen=True):
    """What this process has found at a look and not written yet; `last`: nothing more can be found."""

    last: bool
    waiting: deque[AlertDue]


class ListedLater:
    """The rounds of all tenants. `days`: how far back mail is looked for; 0: nobody is told."""

    def __init__(
        self,
        store: Store,
        sightings: Sightings,
        listings: Listings,
        people: People,
        post: Post,
        clock: Callable[[], float],
        *,
        days: float,
        language: Callable[[str], str],
        zone: Callable[[str], str],
        contact: Callable[[str], str],
    ) -> None:
        self._store = store
        self._sightings = sightings
        self._listings = listings
        self._people = people
        self._post = post
        self._clock = clock
        self._days = days
        self._language = language
        self._zone = zone
        self._contact = contact
        self._found: dict[str, AlertLook] = {}
        """By entry."""

    async def look(self) -> int:
        """One round; how many people were told. Raises StoreError."""
        told, letters = 0, LETTERS
        for entry in await self._listings.alerting():
            if letters <= 0 or self._clock() < entry.created_at + PAUSE:
                continue
            found, last = self._found.get(entry.id), self._clock() >= entry.created_at + SETTLED
            if found is None or (last and not found.last and not found.waiting):
                found = self._found[entry.id] = AlertLook(last, await self._due(entry))
            some = [found.waiting.popleft() for _ in range(min(letters, len(found.waiting)))]
            letters -= len(some)
            ends = found.last and not found.waiting
            try:
                told += await self._tell(entry, some, ends=ends)
            except BaseException:
                del self._found[entry.id]  # who was told by now is in the store: looked for again
                raise
            if ends:
                del self._found[entry.id]
        return told

    async def forget(self) -> None:
        """Forget who was told so long ago that no mail from before is looked for any more. Raises StoreError."""
        before = self._clock() - max(self._days, 1) * DAY
        await self._store.database.write(lambda t: t.execute(_FORGET, {"before": before}))

    async def _due(self, entry: ListDecision) -> deque[AlertDue]:
        if not self._days:
            return deque()
        rows = await bound(self._store.database, entry.tenant).read(lambda t: t.execute(_TOLD, _key(entry)))
        told = {row["mailbox"] for row in rows}
        since = entry.created_at - self._days * DAY
        zone = self._zone(entry.tenant)
        got: dict[str, Sighted] = {}
        waves: dict[str, Wave] = {}
        for kind in _TRAITS[entry.kind]:
            async for mail in self._sightings.walk(Trait(kind, entry.subject), entry.tenant, since=since):
                if any(f.rule == "blocked" and f.values.get("what") == entry.subject for f in mail.findings):
                    continue
                for mailbox in receivers([mail], told):
                    got.setdefault(mailbox, mail)
                topic = topic_of(mail.summary, mail.mail_id)
                wave = waves.setdefault(topic, Wave(mail.summary, mail.at, mail.at, zone))
                first, final = min(wave.first, mail.at), max(wave.last, mail.at)
                waves[topic] = msgspec.structs.replace(wave, first=first, last=final)
        owners = {a: account for account in await self._people.all(entry.tenant) for a in account.mailboxes}
        by_topic: dict[str, list[str]] = {}
        for mailbox, mail in got.items():
            by_topic.setdefault(topic_of(mail.summary, mail.mail_id), []).append(mailbox)
        return deque(
            AlertDue(waves[topic], language, tuple(some))
            for topic, mailboxes in by_topic.items()
            for language, spoken in by_language(mailboxes, owners).items()
            for some in batches(spoken)
        )

    async def _tell(self, entry: ListDecision, some: Sequence[AlertDue], *, ends: bool) -> int:
        """Write these letters, and note it in the same transaction. Raises Already when somebody else has told one."""
        now, people = self._clock(), [mailbox for due in some for mailbox in due.mailboxes]
        if not some and not ends:
            return 0
        async with Intake(self._store) as intake:
            items = []
            for due in some:
                letter = self._letter(entry, due)
                items.append(
                    await self._post.item(letter, due.mailboxes, now, intake.put, tenant=entry.tenant)
                )

            def claim(transaction: Transaction) -> None:
                transaction = within(transaction, entry.tenant)
                tell(transaction, [entry], people, now, anew=True)
                if ends:
                    settle(transaction, entry)
                if not people:
                    return
                count_alerted(transaction, entry, len(people))
                detail = {
                    "kind": entry.kind, "subject": entry.subject, "people": len(people),
                    "listed_by": entry.owner, "items": [item.id for item in items][:BATCH],
                }  # fmt: skip
                self._store.note(
                    transaction, [Entry(now, JournalEvent.ALERT, WRITES, tenant=entry.tenant, detail=detail)]
                )

            if items:
                await intake.commit(items, now, WRITES, claim)
            else:
                await bound(self._store.database, entry.tenant).write(claim)
        return len(people)

    def _letter(self, entry: ListDecision, due: AlertDue) -> Letter:
        language, contact = due.language or self._language(entry.tenant), self._contact(entry.tenant)
        return reported.listed(due.wave, language, kind=entry.kind, subject=entry.subject, contact=contact)


def tell(
    transaction: Transaction,
    entries: Iterable[ListDecision],
    mailboxes: Iterable[str],
    now: float,
    *,
    anew: bool = False,
) -> None:
    """Note that these mailboxes have heard of these entries. Raises Already, with `anew`, when one has before."""
    mailboxes = list(mailboxes)
    for entry in entries:
        for mailbox in mailboxes:
            transaction.execute(_TELL, {**_key(entry), "mailbox": mailbox, "at": now})
            if anew and not transaction.changed():
                raise Already("somebody has told them")


def _key(entry: ListDecision) -> dict[str, str]:
    return {"tenant": entry.tenant, "kind": entry.kind, "subject": entry.subject}
