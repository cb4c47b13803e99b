"""Reports: what people told us about mail that they got, until an administrator has decided (IN-REPORT).

Everybody has one open report on a topic: saying it again changes the comment, so that a form that is sent twice, or a
mail that comes twice, makes nothing new. Reports on the same wave of mails share their topic and are closed together.

Diagnostics: NotAllowed when nothing is open any more; TooMany when somebody reports without end.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from filters.examined import Reported, Summary
from filters.reading.report import bare_subject
from mail.address import without_tag
from quarantine.events import JournalEvent
from quarantine.item import Entry, NotAllowed
from quarantine.reported.fingerprints import ADDRESS, MESSAGE_ID, SUBJECT, Trait
from quarantine.reported.sightings import Sighted, Sightings
from quarantine.store import Store
from storage import let_go
from storage.bound import bound
from storage.interfaces import Row, Transaction
from storage.journal import canonical, clean
from storage.let_go import LetGo, LetGoKind
from storage.statements import assigned, insert_into

COMMENT = 1_000
"""Characters of what a person writes."""
DAILY = 100
"""Reports of one person in a day."""
RECENT = 60 * 86_400.0
"""Seconds: a quoted mail is looked for among those that arrived in this time."""
SHOWN = 2_000
OPEN, CLOSED, WITHDRAWN = "open", "closed", "withdrawn"
DANGEROUS, SPAM, HARMLESS = VERDICTS = ("dangerous", "spam", "harmless")
PAGE, MAIL = "page", "mail"
"""Where a report came from: our page, or a mail to the report address."""


class TooMany(NotAllowed):
    """This person has reported DAILY mails today."""


class Report(msgspec.Struct, frozen=True):
    """One report. Times are UTC seconds.

    proved     we know that it was this person: a login, or a mail that was authenticated
    mail_id    which mail it was, "" when we could not find out
    found      what we know of that mail
    outcome    what was done when it was closed: numbers by name
    """

    tenant: str
    reporter: str
    at: float
    source: str
    found: Summary = Summary()
    mail_id: str = ""
    comment: str = ""
    blob: str = ""
    proved: bool = True
    id: str = msgspec.field(default_factory=lambda: secrets.token_hex(10))
    topic: str = ""
    state: str = OPEN
    verdict: str = ""
    decided_by: str = ""
    decided_at: float | None = None
    note: str = ""
    outcome: dict[str, int] = {}


def topic_of(found: Summary, mail_id: str, id: str = "") -> str:
    """What the reports on one wave of mails have in common: author and subject; else whatever names the mail, and for
    one that nothing is known of, the report itself (`id`)."""
    subject = bare_subject(found.subject)
    parts = (
        ("wave", found.author.lower(), subject)
        if found.author or subject
        else ("mail", found.message_id or mail_id or id)
    )
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=10).hexdigest()


_COLUMNS = Report.__struct_fields__
_DECISION = ("state", "verdict", "decided_by", "decided_at", "note", "outcome")
_ADDED = ("comment", "blob", "mail_id", "proved")
"""What somebody may add who says the same again."""

_INSERT = insert_into("report", _COLUMNS)
_ONE = "SELECT * FROM report WHERE tenant = :tenant AND id = :id"
_SAME = "SELECT * FROM report WHERE tenant = :tenant AND topic = :topic AND reporter = :reporter AND state = 'open'"
"""What this person has said about this already."""
_AGAIN = f"UPDATE report SET {assigned(_ADDED)} WHERE tenant = :tenant AND id = :id"  # noqa: S608
_TODAY = (
    "SELECT COUNT(*) AS number FROM report WHERE tenant = :tenant AND reporter = :reporter AND at > :since"
)
_WITHDRAW = "UPDATE report SET state = 'withdrawn' WHERE tenant = :tenant AND id = :id"
_CLOSE = f"UPDATE report SET {assigned(_DECISION)} WHERE tenant = :tenant AND id = :id AND state = 'open'"  # noqa: S608
"""The decision, once."""
_OF_TENANT = "SELECT * FROM report WHERE tenant = :tenant"
_OPEN = f"{_OF_TENANT} AND state = 'open' ORDER BY at DESC, id LIMIT :limit"
_CLOSED = f"{_OF_TENANT} AND state = 'closed' ORDER BY decided_at DESC, at DESC, id LIMIT :limit"
_OF_TOPIC = f"{_OF_TENANT} AND topic = :topic AND state <> 'withdrawn' ORDER BY at, id LIMIT :limit"
_MINE = f"{_OF_TENANT} AND reporter = :reporter AND state <> 'withdrawn' ORDER BY at DESC, id LIMIT :limit"


class Reports:
    """The reports of all tenants."""

    def __init__(self, store: Store, sightings: Sightings) -> None:
        self._store = store
        self._sightings = sightings

    async def add(self, report: Report) -> tuple[Report, bool]:
        """Take a report down, durable on return: (the report, True when it is new). Raises TooMany, StoreError."""
        report = msgspec.structs.replace(
            report,
            topic=topic_of(report.found, report.mail_id, report.id),
            comment=clean(report.comment.strip()[:COMMENT]),
        )

        def operation(transaction: Transaction) -> tuple[Report, bool]:
            key = {"tenant": report.tenant, "topic": report.topic, "reporter": report.reporter}
            rows = transaction.execute(_SAME + transaction.for_update, key)
            if rows:
                old = _report(rows[0])
                again = msgspec.structs.replace(
                    old, comment=report.comment or old.comment, blob=old.blob or report.blob,
                    mail_id=old.mail_id or report.mail_id, proved=old.proved or report.proved,
                )  # fmt: skip
                values = _row(again)
                transaction.execute(_AGAIN, {n: values[n] for n in ("tenant", "id", *_ADDED)})
                return again, False
            since = {"tenant": report.tenant, "reporter": report.reporter, "since": report.at - 86_400}
            if transaction.execute(_TODAY, since)[0]["number"] >= DAILY:
                raise TooMany("too many reports today")
            transaction.execute(_INSERT, _row(report))
            self._store.note(transaction, [_entry(report, JournalEvent.REPORT, report.reporter, report.at)])
            return report, True

        return await bound(self._store.database, report.tenant).write(operation)

    async def withdraw(self, id: str, reporter: str, tenant: str, now: float) -> bool:
        """Take back one's own report; False when there is none, or it was decided."""
        key = {"tenant": tenant, "id": id}

        def operation(transaction: Transaction) -> bool:
            rows = transaction.execute(_ONE + transaction.for_update, key)
            if not rows or rows[0]["reporter"] != reporter or rows[0]["state"] != OPEN:
                return False
            transaction.execute(_WITHDRAW, key)
            report = _report(rows[0])
            _let_go(transaction, [report], now)
            self._store.note(transaction, [_entry(report, JournalEvent.REPORT_WITHDRAWN, reporter, now)])
            return True

        return await bound(self._store.database, tenant).write(operation)

    async def get(self, id: str, tenant: str) -> Report | None:
        found = await self._find(_ONE, {"id": id, "tenant": tenant})
        return found[0] if found else None

    async def open(self, tenant: str) -> list[list[Report]]:
        """Open reports by topic: the most reported first, of these the newest."""
        found = await self._find(_OPEN, {"tenant": tenant})
        return sorted(_by_topic(found), key=lambda topic: (-len(topic), -topic[0].at))

    async def closed(self, tenant: str) -> list[list[Report]]:
        """Decided reports by topic and decision, the newest decision first."""
        return _by_topic(await self._find(_CLOSED, {"tenant": tenant}))

    async def of_topic(self, topic: str, tenant: str) -> list[Report]:
        """All reports on a topic that were not taken back, oldest first."""
        return await self._find(_OF_TOPIC, {"tenant": tenant, "topic": topic})

    async def together(self, id: str, tenant: str) -> list[Report]:
        """All reports on the topic of this one, as it is: this one's state decides which; it stands first. [] without it."""
        chosen = await self.get(id, tenant)
        if chosen is None:
            return []
        same = [r for r in await self.of_topic(chosen.topic, tenant) if r.state == chosen.state]
        return [chosen, *(r for r in same if r.decided_at == chosen.decided_at and r.id != chosen.id)]

    async def mine(self, reporter: str, tenant: str) -> list[Report]:
        """What a person reported and did not take back, newest first."""
        return await self._find(_MINE, {"tenant": tenant, "reporter": reporter}, 100)

    async def resolve(
        self, claim: Reported, mailboxes: Collection[str], tenant: str, now: float
    ) -> Sighted | None:
        """Which of the mails that came for these mailboxes is meant; None when it is none that we know of.

        Whatever the claim says, nobody reports a mail that they did not get.
        """
        for mail_id in claim.mail_ids:
            mail = await self._sightings.mail(mail_id, tenant)
            if mail is not None and mail.among(mailboxes):
                return mail
        summary, since = claim.summary, now - RECENT
        if summary.message_id:
            async for mail in self._sightings.walk(Trait(MESSAGE_ID, summary.message_id), tenant):
                if mail.among(mailboxes):
                    return mail
        author, subject = summary.author.lower(), bare_subject(summary.subject)
        if author and subject:
            async for mail in self._sightings.walk(Trait(ADDRESS, author), tenant, since=since):
                if Trait(SUBJECT, subject) in mail.traits and mail.among(mailboxes):
                    return mail
        return None

    def close(
        self, transaction: Transaction, reports: Sequence[Report], entries: Iterable[Entry] = ()
    ) -> None:
        """Write the decision that stands in these reports; other entries go to the journal with it. Raises NotAllowed
        when somebody else has decided one of them, or its reporter has taken it back."""
        for report in reports:
            values = _row(report)
            transaction.execute(_CLOSE, {n: values[n] for n in ("tenant", "id", *_DECISION)})
            if transaction.changed() != 1:
                raise NotAllowed("somebody else has decided it")
            _let_go(transaction, [report], report.decided_at or report.at)
        told = [
            _entry(
                r,
                JournalEvent.REPORT_CLOSED,
                r.decided_by,
                r.decided_at or 0.0,
                verdict=r.verdict,
                note=r.note,
                **r.outcome,
            )
            for r in reports
        ]
        self._store.note(transaction, [*told, *entries])

    async def _find(self, sql: str, values: dict[str, Any], limit: int = SHOWN) -> list[Report]:
        rows = await bound(self._store.database, values["tenant"]).read(
            lambda t: t.execute(sql, {**values, "limit": limit})
        )
        return [_report(row) for row in rows]


def _let_go(transaction: Transaction, reports: Sequence[Report], now: float) -> None:
    """What they brought is kept for a while ([retention] reports_days); one mail can have brought several reports."""
    let_go.note(
        transaction,
        [LetGo(r.blob, LetGoKind.REPORT, now, r.id, _names(r)) for r in reports if r.blob],
    )


def _names(report: Report) -> tuple[str, ...]:
    """By which a legal hold keeps what was reported."""
    author = report.found.author
    return (report.reporter, report.mail_id, *([without_tag(author)] if "@" in author else []))


def _by_topic(reports: Iterable[Report]) -> list[list[Report]]:
    found: dict[tuple[str, float | None], list[Report]] = {}
    for report in reports:
        found.setdefault((report.topic, report.decided_at), []).append(report)
    return list(found.values())


def _entry(report: Report, event: JournalEvent, actor: str, at: float, **detail: Any) -> Entry:
    said = (
        {"report": report.id, "source": report.source, "comment": report.comment}
        if event is JournalEvent.REPORT
        else {"report": report.id}
    )
    return Entry(
        at,
        event,
        actor,
        "",
        report.mail_id,
        report.tenant,
        {**said, **{k: v for k, v in detail.items() if v}},
    )


def _row(report: Report) -> dict[str, Any]:
    row = msgspec.structs.asdict(report)
    for name in ("found", "outcome"):
        row[name] = canonical(row[name])
    row["proved"] = int(report.proved)
    row["note"] = clean(report.note)
    return row


def _report(row: Row) -> Report:
    values = {name: row[name] for name in _COLUMNS}
    values["found"] = msgspec.json.decode(row["found"], type=Summary)
    values["outcome"] = msgspec.json.decode(row["outcome"], type=dict[str, int])
    values["proved"] = bool(row["proved"])
    return Report(**values)
