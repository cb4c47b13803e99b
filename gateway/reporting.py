"""Mail to the report address (IN-REPORT): taken down as a report, never relayed; other recipients get it as usual.

On the submission listener the login says who reports. On the inbound listener, where everybody can claim to be
somebody, the reverse-path must belong to one of our people, and only what is authenticated, or comes from a host of
ours that vouches for it (`report_networks`), counts as proved: who is not proved gets no letter.

Diagnostics: 550 5.7.1 the sender is none of our people; 450 4.7.1 too many reports in a day; StoreError.
"""

from collections.abc import Callable

import msgspec
import structlog

from config.log_events import LogEvent
from config.settings import Settings
from directory.account import Account
from directory.people import People
from filters.examined import Reported, Summary
from filters.facts import Facts, Origin
from filters.lures.belonging import is_author_proved
from filters.reading.report import REPORT
from filters.rule import Mail
from gateway.locked.workers import Workers
from gateway.notices import Notices
from mail.envelope import Envelope
from mail.message import Message
from mail.networks import Networks
from mail.reply import Reply
from quarantine.letters import reported
from quarantine.letters.reported import Wave
from quarantine.reported.reports import MAIL, Report, Reports, TooMany
from quarantine.reported.sightings import Sighted
from quarantine.store import Store
from storage.interfaces import Draft, StoreError

log = structlog.get_logger()

STRANGER = Reply(550, "Reports are taken from our own people only", 7, 1)
ENOUGH = Reply(450, "Too many reports today, please tell your administrator", 7, 1)
TAKEN = Reply(250, "Thank you, your report was taken")


class Reporting:
    """Takes down what people report by mail. `console_url` is where they reach the console."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        people: People,
        workers: Workers,
        reports: Reports,
        notices: Notices,
        clock: Callable[[], float],
        console_url: str,
    ) -> None:
        self._settings = settings
        self._store = store
        self._people = people
        self._workers = workers
        self._reports = reports
        self._notices = notices
        self._clock = clock
        self._console_url = console_url

    def is_for(self, tenant: str, address: str) -> bool:
        """True for a tenant's report address."""
        reporting = self._settings.of(tenant).report_address
        return bool(reporting) and address.lower() == reporting

    def without_reports(self, tenant: str, envelope: Envelope) -> Envelope:
        """The envelope without the report address: the very same when that is not among its recipients."""
        paths = tuple(p for p in envelope.forward_paths if not self.is_for(tenant, p.address))
        if len(paths) == len(envelope.forward_paths):
            return envelope
        return msgspec.structs.replace(envelope, forward_paths=paths)

    async def reporter(self, origin: Origin, reverse_path: str) -> Account | None:
        """Whose report it is: the login's, else that of the person whose mailbox it comes from; None for a stranger.
        Raises StoreError."""
        if origin.login:
            account = await self._people.account(origin.tenant, origin.login)
        else:
            account = await self._people.owner_of(origin.tenant, reverse_path) if reverse_path else None
        return None if account is None or account.disabled else account

    def _is_proved(self, facts: Facts, draft: Draft) -> bool:
        """True when a report comes from whom it names: by a login, authenticated, or by a host that vouches for it."""
        origin = facts.origin
        trusted = bool(origin.login) or origin.peer in Networks(
            self._settings.of(origin.tenant).report_networks
        )
        return trusted or is_author_proved(Mail(Message(draft.view()), facts))

    async def take(self, facts: Facts, draft: Draft) -> Reply:
        """Take down what a mail to the report address says: durable before the answer. Raises StoreError."""
        origin, reverse_path = facts.origin, facts.envelope.reverse_path
        account = await self.reporter(origin, reverse_path)
        if account is None:
            return STRANGER
        now, blobs, proved = self._clock(), self._store.blobs, self._is_proved(facts, draft)
        pages = self._settings.of(origin.tenant).console.page(self._console_url)
        report_facts = Facts(REPORT, origin, Envelope(reverse_path, ()), console=pages, now=now)
        examined = await self._workers.examine(draft, report_facts, origin)
        # What cannot be read is seen by the administrator all the same.
        claims = examined.reported or (Reported(Summary()),)
        blob = (await blobs.put([draft.view()], account.tenant)).key
        made = []
        try:
            for claim in claims:
                mail = await self._reports.resolve(claim, account.mailboxes, account.tenant, now)
                report = Report(
                    account.tenant, account.login, now, MAIL, _known(claim, mail),
                    mail.mail_id if mail else "", blob=blob, proved=proved,
                )  # fmt: skip
                made.append(await self._reports.add(report))
        except TooMany:
            if not any(new for _, new in made):
                await blobs.delete(blob)
                return ENOUGH
        if all(report.blob != blob for report, _ in made):  # they have what an earlier mail brought
            await blobs.delete(blob)
        first = next((report for report, new in made if new), None)
        if proved and first is not None:
            await self._thank(account, first, now)
        return TAKEN

    async def _thank(self, account: Account, report: Report, now: float) -> None:
        """A short letter; a report is worth more than it, so nothing of it can fail the report."""
        if not account.addresses:
            return
        wave = Wave(report.found, report.at, report.at, self._settings.zone(report.tenant))
        letter = reported.thanks(wave, account.language, mail_id=report.mail_id)
        try:
            await self._notices.send([(letter, account)], now, self._store.node)
        except StoreError as error:
            log.warning(LogEvent.LETTER_FAILED, report=report.id, error=str(error))


def _known(claim: Reported, mail: Sighted | None) -> Summary:
    """What we know of a mail: as it arrived here, else as it was described."""
    if mail is None:
        return claim.summary
    hosts = (*mail.summary.hosts, *claim.summary.hosts)
    files = (*mail.summary.files, *(claim.summary.files if claim.attached else ()))
    return msgspec.structs.replace(
        mail.summary, hosts=tuple(dict.fromkeys(hosts))[:30], files=tuple(dict.fromkeys(files))[:30]
    )
