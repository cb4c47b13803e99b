"""Alerts: who may have a dangerous mail in their mailbox, by the language in which they are told. Pure."""

from collections.abc import Container, Iterable, Mapping, Sequence

from directory.account import Account
from mail.address import without_tag
from quarantine.reported.sightings import Sighted

BATCH = 100
"""Recipients of one alert, as many as every host takes at once (RFC 5321 §4.5.3.1.8)."""


def receivers(mails: Iterable[Sighted], others: Container[str] = ()) -> dict[str, Sighted]:
    """Mailboxes in which one of these mails may lie -> the first of them that does; not `others`."""
    found: dict[str, Sighted] = {}
    for mail in mails:
        for got in mail.got:
            mailbox = without_tag(got.address)
            if got.has_it and mailbox not in others:
                found.setdefault(mailbox, mail)
    return found


def by_language(mailboxes: Iterable[str], owners: Mapping[str, Account]) -> dict[str, list[str]]:
    """Mailboxes by the language of their owner; "" where nobody is known."""
    found: dict[str, list[str]] = {}
    for mailbox in mailboxes:
        account = owners.get(mailbox)
        found.setdefault(account.language if account is not None else "", []).append(mailbox)
    return found


def batches(mailboxes: Sequence[str]) -> list[list[str]]:
    """Recipients of one letter each."""
    # A host without SMTPUTF8 refuses a whole mail for one such recipient; the others are to hear all the same.
    groups = [a for a in mailboxes if a.isascii()], [a for a in mailboxes if not a.isascii()]
    return [group[at : at + BATCH] for group in groups for at in range(0, len(group), BATCH)]
