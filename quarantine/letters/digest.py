"""The digest: a few times a day, a letter to each person for whom mail waits that they have not heard of.

`slot` is the hour for which a digest is written. One row for each person and slot is inserted with the letter, in one
transaction: several nodes and any number of starts write one. The link opens this list only, for this person only,
after login, and for LIFE seconds; only a digest of its secret is kept. It shows; it does nothing.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from zoneinfo import ZoneInfo

import jinja2
import msgspec

from config.settings import DigestSection
from config.words import say, when
from filters.rewriters.harmless import harmless
from filters.sentences import sentences
from quarantine.digests import LIFE
from quarantine.item import Item
from quarantine.letters.held import author
from quarantine.letters.letter import Letter, write

KEY = "letters.digest.recipient"
HOURS = int(LIFE // 3600)


class Line(msgspec.Struct, frozen=True):
    """One held mail as the digest tells of it: words that nobody can click."""

    subject: str
    author: str
    when: str
    why: tuple[str, ...]


def slot(section: DigestSection, timezone: str, now: float) -> float | None:
    """The last hour of the settings that is not after `now` (UTC seconds); None when there is none within a week."""
    if not section.enabled or not section.hours:
        return None
    zone = ZoneInfo(timezone)
    today = datetime.fromtimestamp(now, zone).date()
    for back in range(8):
        day = today - timedelta(days=back)
        if section.weekdays_only and day.weekday() >= 5:
            continue
        for hour in sorted(set(section.hours), reverse=True):
            at = datetime(day.year, day.month, day.day, hour, tzinfo=zone).timestamp()
            if at <= now:
                return at
    return None


def fresh() -> tuple[str, str]:
    """A secret of 256 bits for a link, and what is kept of it."""
    secret = secrets.token_urlsafe(32)
    return secret, hashlib.sha256(secret.encode()).hexdigest()


def letter(items: Sequence[Item], language: str, timezone: str, url: str, *, more: int = 0) -> Letter:
    """The digest of these mails, newest first, and of `more` that are not named; `url` opens its page."""
    lines = [_line(item, language, timezone) for item in items]
    words = partial(say, language)
    values = {
        "lead": words(f"{KEY}.lead"),
        "what": words(f"{KEY}.what"),
        "more": words("letters.mail.more", count=more) if more else "",
        "page": url,
    }
    html = (
        templates()
        .get_template("digest.html")
        .render(
            values,
            language=language,
            lines=lines,
            title=words(f"{KEY}.open"),
            note=words(f"{KEY}.note", hours=HOURS),
        )
    )
    mails = "\n\n".join(_text(number, line, language) for number, line in enumerate(lines, 1))
    return write(
        "digest.recipient", language, html=html, count=len(items) + more, mails=mails, hours=HOURS, **values
    )


def _line(item: Item, language: str, timezone: str) -> Line:
    local = datetime.fromtimestamp(item.accepted_at, UTC).astimezone(ZoneInfo(timezone))
    return Line(
        harmless(item.summary.subject, 120) or say(language, "letters.mail.untitled"),
        author(item) or say(language, "letters.mail.nobody"),
        when(language, "moment", local),
        tuple(harmless(why, 160) for why in sentences(item.findings, language)[:3])
        or (say(language, f"{KEY}.unsaid"),),
    )


def _text(number: int, line: Line, language: str) -> str:
    said = [
        say(language, "letters.mail.from", author=line.author),
        say(language, "letters.mail.received", time=line.when),
        *(say(language, f"{KEY}.why", why=why) for why in line.why),
    ]
    return "\n   ".join([f"{number}. {line.subject}", *said])


@cache
def templates() -> jinja2.Environment:
    """The letters that have a form in HTML: everything is escaped, and an unknown name is an error."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("quarantine.letters"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
