"""Letters about leaving mail that waits for a person, and about how the wait ended (OUT-APPROVE).

They say what waits, from whom, to whom and why, never what it contains, and they act on nothing: they lead to a page. What
a sender wrote is broken up for other readers (filters/rewriters/harmless.py). When they are written stands in
quarantine/waits/steps.py.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from config.approval import all_spoken
from config.words import known, listed, say, when
from filters.lures.names import marked
from filters.rewriters.harmless import harmless
from filters.sentences import sentences
from quarantine.item import Item, Status
from quarantine.letters.letter import Letter, indented, write
from quarantine.lifecycle import TOLD_HOLDS

LISTED = 20
"""Mails that one letter names."""
REASONS = 5
RECIPIENTS = 5


class Asking(msgspec.Struct, frozen=True):
    """A mail that waits, what its sender is called, in which roles the reader may speak, and for whom else than themselves
    (`places`: what these are called); for administrators, the roles that nobody has, or who let it wait."""

    item: Item
    sender: str
    roles: tuple[str, ...] = ()
    nobody: bool = False
    places: tuple[str, ...] = ()


def asked(key: str, mails: Sequence[Asking], language: str, page: str) -> Letter:
    """The letter `key` ("asked.approver", "overdue.administrator" …) about one mail or several."""
    more = len(mails) - LISTED
    return write(
        key, language, count=len(mails), page=page,
        mails="\n\n".join(indented(_described(key, mail, language)) for mail in mails[:LISTED]),
        more=say(language, "letters.mail.more", count=more) if more > 0 else "",
    )  # fmt: skip


def _described(key: str, mail: Asking, language: str) -> list[str]:
    item, words = mail.item, "letters.asked.approver"
    roles = all_spoken(mail.roles, language)
    lines = [
        say(language, "letters.mail.title", subject=_subject(item, language)),
        say(language, f"{words}.by", person=harmless(mail.sender, 80)),
        say(language, f"{words}.to", recipients=_recipients(item)),
    ]
    if mail.nobody:
        lines.append(say(language, "letters.asked.administrator.nobody", roles=roles))
    elif key == "passed_on.approver":
        lines.append(say(language, "letters.passed_on.approver.waits", roles=roles))
    elif roles and key.endswith(".administrator"):
        lines.append(say(language, "letters.overdue.administrator.waits", roles=roles))
    elif roles:
        lines.append(say(language, f"{words}.as", roles=roles))
    if mail.places:
        lines.append(say(language, f"{words}.for", places=listed(language, mail.places)))
    held = [known(language, f"values.hold.{hold}") for hold in item.holds if hold in TOLD_HOLDS]
    why = [*filter(None, held), *sentences(item.findings, language)][:REASONS]
    return lines + [say(language, f"{words}.why", why=harmless(each, 200)) for each in why]


def reminded(item: Item, language: str, *, page: str, end: float, ending: str, timezone: str) -> Letter:
    """To the sender of a mail that has waited for long; what becomes of it at `end` (UTC seconds) if nobody does anything
    is the event `ending`."""
    until = say(language, f"letters.reminded.sender.{ending}", end=_moment(end, language, timezone))
    return write(
        "reminded.sender", language, mail_id=item.mail_id, subject=_own_subject(item, language),
        mail=_own(item, language), page=page, until=until,
    )  # fmt: skip


def ended(
    key: str,
    item: Item,
    language: str,
    *,
    person: str = "",
    answer: str = "",
    roles: tuple[Sequence[str], Sequence[str]] = ((), ()),
    leaves: float | None,
    timezone: str,
    page: str = "",
) -> Letter:
    """To the sender: "approved", "denied", "returned", "elapsed" or "discarded", by whom, with what they said; when it `leaves`
    (UTC seconds, None: now). Or that it is "passed_on": `roles` are those who did not decide, and who is asked now."""
    at = "letters.approved.sender"
    told = (
        say(language, f"{at}.at", time=_moment(leaves, language, timezone))
        if leaves
        else say(language, f"{at}.now")
    )
    return write(
        f"{key}.sender", language, mail_id=item.mail_id, subject=_own_subject(item, language),
        mail=_own(item, language), person=harmless(person, 80), leaves=told, page=page,
        silent=all_spoken(roles[0], language), instead=all_spoken(roles[1], language),
        answer=say(language, "letters.denied.sender.comment", answer=marked(" ".join(answer.split()))) if answer else "",
    )  # fmt: skip


def _moment(at: float, language: str, timezone: str) -> str:
    return when(language, "moment", datetime.fromtimestamp(at, ZoneInfo(timezone)))


def _own(item: Item, language: str) -> str:
    """The mail as its own sender recognises it: their words as they stand."""
    to = say(language, "letters.asked.approver.to", recipients=_addresses(item))
    return indented([say(language, "letters.mail.title", subject=_own_subject(item, language)), to])


def _own_subject(item: Item, language: str) -> str:
    return " ".join(item.summary.subject.split()) or say(language, "letters.mail.untitled")


def _subject(item: Item, language: str) -> str:
    """As others than the sender may see it: not where something was found in it."""
    found = any(e.part == "header:subject" for f in item.findings for e in f.evidence)
    return say(language, "letters.mail.untold") if found else harmless(_own_subject(item, language))


def _recipients(item: Item) -> str:
    return harmless(_addresses(item), 400)


def _addresses(item: Item) -> str:
    """Who gets it; of a mail that nobody gets any more, from whom it was taken last."""
    last = max((r.at or 0.0 for r in item.recipients), default=0.0)
    kept = [r for r in item.recipients if r.status is not Status.WITHDRAWN]
    addresses = [r.path.address for r in kept or [r for r in item.recipients if (r.at or 0.0) == last]]
    more = f" (+{len(addresses) - RECIPIENTS})" if len(addresses) > RECIPIENTS else ""
    return ", ".join(addresses[:RECIPIENTS]) + more
