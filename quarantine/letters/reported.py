"""What we write to people about reported mail: thanks, the outcome, an alert. Pure texts.

A letter names the mail by subject, sender and day, so that it is found in the mailbox; nothing of its content is
repeated, and what could be clicked in it is broken up.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from config.words import say, when
from filters.examined import Summary
from filters.rewriters.harmless import harmless
from quarantine.letters.letter import Letter, indented, write


class Wave(msgspec.Struct, frozen=True):
    """The mails that a letter is about: one of them, and when they arrived (UTC seconds)."""

    summary: Summary
    first: float
    last: float
    timezone: str = "Asia/Tokyo"


def thanks(wave: Wave, language: str, *, mail_id: str) -> Letter:
    """To somebody who reported by mail. `mail_id` is "" when we do not know which mail is meant."""
    unknown = "" if mail_id else say(language, "letters.report.reporter.unknown")
    return _letter("report.reporter", wave, language, mail_id, unknown=unknown)


def outcome(
    wave: Wave, language: str, *, mail_id: str, verdict: str, note: str, alerted: bool, contact: str
) -> Letter:
    """To somebody who reported: what it was, and, when it was dangerous, what not to do."""
    key = "letters.outcome.reporter"
    return _letter(
        "outcome.reporter", wave, language, mail_id,
        verdict=say(language, f"{key}.{verdict}"),
        answer=say(language, "letters.mail.answer", answer=note) if note else "",
        conduct=_conduct(language, contact) if verdict == "dangerous" else "",
        thanks=say(language, f"{key}.thanks") if alerted else "",
    )  # fmt: skip


def alert(wave: Wave, language: str, *, mail_id: str, line: str, contact: str) -> Letter:
    """To everybody who got a dangerous mail. `line`: what the administrator adds."""
    return _letter("alert.recipient", wave, language, mail_id, line=line, conduct=_conduct(language, contact))


def listed(wave: Wave, language: str, *, kind: str, subject: str, contact: str) -> Letter:
    """To somebody who got a link or a file that has been blocked since. `kind`: "host" or "file"."""
    why = say(language, f"letters.listed.recipient.{kind}", subject=harmless(subject))
    return _letter("listed.recipient", wave, language, "", why=why, conduct=_conduct(language, contact))


def _conduct(language: str, contact: str) -> str:
    contact = contact or say(language, "letters.alert.recipient.contact")
    return say(language, "letters.alert.recipient.conduct", contact=contact)


def _letter(key: str, wave: Wave, language: str, mail_id: str, **values: str) -> Letter:
    summary = wave.summary
    untitled, nobody = say(language, "letters.mail.untitled"), say(language, "letters.mail.nobody")
    name = f"{summary.author_name} <{summary.author}>" if summary.author_name else summary.author
    first, last = (
        when(language, "moment", datetime.fromtimestamp(at, ZoneInfo(wave.timezone)))
        for at in (wave.first, wave.last)
    )
    lines = [
        say(language, "letters.mail.title", subject=harmless(summary.subject) or untitled),
        say(language, "letters.mail.from", author=harmless(name, 160) or nobody),
        say(language, "letters.mail.dates", first=first) if first == last
        else say(language, "letters.mail.between", first=first, last=last),
    ]  # fmt: skip
    subject = harmless(summary.subject, 120) or untitled
    return write(key, language, mail_id=mail_id, subject=subject, mail=indented(lines), **values)
