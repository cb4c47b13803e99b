"""Mail to the report address (IN-REPORT): taken down as a report, never relayed; other recipients get it as usual.

On the submission listener the login says who reports. On the inbound listener, where everybody can claim to be
somebody, the reverse-path must belong to one of our people, and only what is authenticated, or comes from a host of
our own (`limits.trusted`), counts as proved: who is not proved gets no letter.

Diagnostics: 550 5.7.1 the sender is none of our people; 450 4.7.1 too many reports in a day; StoreError.
"""

import ipaddress

import msgspec
import structlog

from config.log_events import LogEvent
from directory.account import Account
from filters.examined import Reported, Summary
from filters.facts import Facts, Origin
from filters.lures.belonging import is_author_proved
from filters.reading.report import REPORT
from filters.rule import Mail
from gateway.context import Context
from mail.envelope import Envelope
from mail.message import Message
from mail.reply import Reply
from quarantine.letters import reported
from quarantine.letters.reported import Wave
from quarantine.reported.reports import MAIL, Report, TooMany
from quarantine.reported.sightings import Sighted
from storage.interfaces import Draft, StoreError

log = structlog.get_logger()

STRANGER = Reply(550, "Reports are taken from our own people only", 7, 1)
ENOUGH = Reply(450, "Too many reports today, please tell your administrator", 7, 1)
TAKEN = Reply(250, "Thank you, your report was taken")


def meant(context: Context, address: str) -> bool:
    """True for the report address."""
    wanted = context.settings.report_address
    return bool(wanted) and address.lower() == wanted.lower()


def without_reports(context: Context, envelope: Envelope) -> Envelope:
    """The envelope without the report address."""
    paths = tuple(p for p in envelope.forward_paths if not meant(context, p.address))
    return (
        envelope
        if len(paths) == len(envelope.forward_paths)
        else msgspec.structs.replace(envelope, forward_paths=paths)
    )


async def reporter(context: Context, reverse_path: str) -> Account | None:
    """Whose mailbox this is, when it is one of our people's."""
    account = await context.people.owner_of(reverse_path) if reverse_path else None
    return None if account is None or account.disabled else account


def is_proved(context: Context, facts: Facts, message: Message) -> bool:
    """True when an arriving report comes from the mailbox that it names: authenticated, or by a host of our own."""
    try:
        peer = ipaddress.ip_address(facts.origin.peer)
        trusted = [ipaddress.ip_network(n, strict=False) for n in context.settings.limits.trusted]
        if any(peer in network for network in trusted):
            return True
    except ValueError:
        pass
    return is_author_proved(Mail(message, facts))


async def take(
    context: Context, account: Account, envelope: Envelope, draft: Draft, origin: Origin, *, proved: bool
) -> Reply:
    """Take down what this mail reports: durable before the answer. Raises StoreError."""
    now = context.clock()
    facts = Facts(
        REPORT, origin, Envelope(envelope.reverse_path, ()), console=context.console_url(), now=now
    )  # fmt: skip
    examined = await context.workers.examine(draft, facts)
    claims = examined.reported or (
        Reported(Summary()),
    )  # not readable: the administrator sees it all the same
    blob = (await context.blobs.put([draft.view()])).key
    made = []
    try:
        for claim in claims:
            mail = await context.reports.resolve(claim, account.mailboxes, account.tenant, now)
            report = Report(
                account.tenant, account.login, now, MAIL, _known(claim, mail),
                mail.mail_id if mail else "", blob=blob, proved=proved,
            )  # fmt: skip
            made.append(await context.reports.add(report))
    except TooMany:
        if not any(new for _, new in made):
            await context.blobs.delete(blob)
            return ENOUGH
    if proved and any(new for _, new in made):
        await _thank(context, account, next(report for report, new in made if new), now)
    return TAKEN


def _known(claim: Reported, mail: Sighted | None) -> Summary:
    """What we know of a mail: as it arrived here, else as it was described."""
    if mail is None:
        return claim.summary
    return msgspec.structs.replace(
        mail.summary,
        hosts=tuple(dict.fromkeys((*mail.summary.hosts, *claim.summary.hosts)))[:30],
        files=tuple(dict.fromkeys((*mail.summary.files, *(claim.summary.files if claim.attached else ()))))[
            :30
        ],
    )


async def _thank(context: Context, account: Account, report: Report, now: float) -> None:
    """A short letter; a report is worth more than it, so nothing of it can fail the report."""
    if not account.addresses:
        return
    wave = Wave(report.found, report.at, report.at, context.settings.console.timezone)
    letter = reported.thanks(wave, account.language, mail_id=report.mail_id)
    try:
        item = await context.post.to_account(letter, account, now)
        await context.store.put([item], now, context.settings.node)
        context.wake()
    except StoreError as error:
        log.warning(LogEvent.LETTER_FAILED, report=report.id, error=str(error))
