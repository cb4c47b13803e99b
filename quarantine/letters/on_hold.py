"""The letter to the sender of mail that waits to leave: what waits, for what, and the page where they act.

It holds nothing of the mail but its subject and recipients, and those as they stand: they are the reader's own words,
who should see a wrong address letter by letter. What strangers wrote is broken up (filters/rewriters/harmless.py).
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from config.approval import all_spoken
from config.cases import Waits
from config.words import known, say, when
from filters.examined import Examined
from filters.finding import Finding
from filters.sentences import sentences
from quarantine.item import Event, Item, together
from quarantine.letters.letter import Letter, write
from quarantine.lifecycle import accept, leaves_at
from quarantine.waits.steps import DAY, Wait, ending, kind_of

SOON = 2 * 3600
"""Seconds within which a clock time needs no date."""

HIDES = frozenset({"each", "bcc"})
"""Changes that hide recipients from each other."""
HIDING = "OUT-BCC"
"""The control that asks for them."""


def held(
    items: Sequence[Item],
    examined: Examined,
    language: str,
    *,
    console: str,
    timezone: str,
    margin: float,
    usual: Waits,
) -> Letter:
    """About the held copies of one mail (at least one). `margin`: seconds by which the server waits longer than told;
    `usual`: how a wait ends for which nobody does anything, where the mail's own rules say nothing else.

    Where its sender has to look through it first, the letter says so and leads to that page; what weighs most comes first.
    """
    key = "review.sender" if any(item.self_review for item in items) else "held.sender"
    subject = " ".join(items[0].summary.subject.split()) or say(language, "letters.mail.untitled")
    copies = []
    for item in together(items):
        source = "agreed" if item.passphrase_source not in ("", "generated") else item.passphrase_source
        if source and "zip_crypto" in item.rewrites:
            source = f"{source}_old"
        copies.append(
            say(
                language, f"letters.{key}.copy" if item.self_review else "letters.held.sender.copy",
                recipients=_recipients(item),
                waits=_waits(item, language, margin, timezone),
                ends=_ends(item, language, usual, timezone),
                act=say(language, f"letters.held.sender.{_acts(item, margin)}"),
                changed=_changed(item, language),
                page=f"{console}/mail/{item.id}",
                passphrase=say(language, f"letters.held.sender.{source}") if source else "",
            )
        )  # fmt: skip
    bullet = "  " + say(language, "language.bullet")
    found = sorted(examined.findings, key=lambda finding: -finding.weight)
    why = "\n".join(bullet + sentence for sentence in sentences(found, language))
    return write(key, language, mail_id=items[0].mail_id, subject=subject, copies="\n".join(copies), why=why)


def _acts(item: Item, margin: float) -> str:
    """The sentence about what its sender can do with a copy."""
    if item.approvals or item.holds:
        return "act_asked"
    fixed = item.fixed and item.fixed + margin >= item.delay and item.not_before is None
    if fixed:
        return "act_fixed"
    return "act" if len(item.recipients) > 1 else "act_one"


def changed(items: Sequence[Item], examined: Examined, language: str) -> Letter:
    """About the copies of one mail (at least one) that left at once with another To than their author wrote."""
    subject = " ".join(items[0].summary.subject.split()) or say(language, "letters.mail.untitled")
    copies = [
        say(
            language,
            "letters.changed.sender.copy",
            recipients=_recipients(item),
            changed=_changed(item, language),
        )
        for item in together(items)
    ]
    bullet = "  " + say(language, "language.bullet")
    found = [f for f in examined.findings if f.control == HIDING]
    why = "\n".join(bullet + sentence for sentence in sentences(found, language))
    return write(
        "changed.sender",
        language,
        mail_id=items[0].mail_id,
        subject=subject,
        copies="\n".join(copies),
        why=why,
    )


def _changed(item: Item, language: str) -> str:
    """What is done to its To and Cc; "" for nothing."""
    if HIDES.isdisjoint(item.rewrites):
        return ""
    return say(language, "letters.held.sender.each" if "each" in item.rewrites else "letters.held.sender.bcc")


def found(
    items: Sequence[Item], findings: Sequence[Finding], language: str, *, console: str, timezone: str
) -> Letter:
    """About the copies of one mail (at least one) that others decide on, because of what was read in its pictures."""
    subject = " ".join(items[0].summary.subject.split()) or say(language, "letters.mail.untitled")
    copies = [
        say(
            language,
            "letters.found.sender.copy",
            recipients=_recipients(item),
            waits=_waits(item, language, 0, timezone),
            page=f"{console}/mail/{item.id}",
        )
        for item in together(items)
    ]
    bullet = "  " + say(language, "language.bullet")
    why = "\n".join(bullet + sentence for sentence in sentences(findings, language))
    return write("found.sender", language, subject=subject, copies="\n".join(copies), why=why)


def told(item: Item, findings: Sequence[Finding], language: str) -> Letter:
    """What was found in a mail that goes its way all the same; its sender's own words stand as they are."""
    subject = " ".join(item.summary.subject.split()) or say(language, "letters.mail.untitled")
    bullet = "  " + say(language, "language.bullet")
    why = "\n".join(bullet + sentence for sentence in sentences(findings, language))
    return write("told.sender", language, mail_id=item.mail_id, subject=subject, why=why)


def refused(
    mail_id: str, subject: str, recipients: Sequence[str], findings: Sequence[Finding], language: str
) -> Letter:
    """Why a mail was not taken, and how to mend that: nobody got it, and nothing of it is kept. `subject` "" stays out."""
    bullet = "  " + say(language, "language.bullet")
    mends = [
        known(language, f"letters.refused.mend.{rule}") for rule in dict.fromkeys(f.rule for f in findings)
    ]
    return write(
        "refused.sender",
        language,
        mail_id=mail_id,
        title=subject or say(language, "letters.mail.untitled"),
        subject=say(language, "letters.refused.sender.titled", subject=subject) if subject else "",
        recipients=_listed(recipients),
        why="\n".join(bullet + sentence for sentence in sentences(findings, language)),
        mend="\n".join(dict.fromkeys(mend or say(language, "letters.refused.mend.other") for mend in mends)),
        code=mail_id,
    )


def _recipients(item: Item) -> str:
    return _listed([r.path.address for r in item.recipients])


def _listed(addresses: Sequence[str]) -> str:
    more = f" (+{len(addresses) - 20})" if len(addresses) > 20 else ""
    return ", ".join(addresses[:20]) + more


def _ends(item: Item, language: str, usual: Waits, timezone: str) -> str:
    """What becomes of a copy that waits for a person, and for which nobody does anything; "" where the clock ends the wait."""
    item = accept(item, item.accepted_at)  # the letter is written before the mail is taken
    kind, waits, since = kind_of(item), item.untouched or usual, item.accepted_at
    if kind is None:
        return ""
    event = ending(item, waits, since)
    if kind is Wait.APPROVAL and waits.on_timeout == "escalate":
        event = Event.ASK_NEXT
    end = datetime.fromtimestamp(since + waits.days * DAY, ZoneInfo(timezone))
    return say(language, f"letters.reminded.sender.{event}", end=when(language, "moment", end))


def _waits(item: Item, language: str, margin: float, timezone: str) -> str:
    """What one copy waits for."""
    if item.approvals:
        return say(language, "letters.held.sender.approval", roles=all_spoken(item.approvals, language))
    if item.holds:
        return say(language, "letters.held.sender.review")
    if item.self_review:
        return say(language, "letters.review.sender.waits")
    if (leaves := leaves_at(item, item.accepted_at)) is None:
        return say(language, "letters.held.sender.forever")
    soon = leaves - item.accepted_at < SOON
    local = datetime.fromtimestamp(leaves - margin, ZoneInfo(timezone))
    return say(
        language, "letters.held.sender.until", time=when(language, "zoned" if soon else "moment", local)
    )
