"""The letter to the postmaster about a next hop that keeps mail waiting: which one, since when, why, what to do. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from config.words import known, say, when
from quarantine.letters.letter import Letter, write
from quarantine.queue.stuck import Stuck


def stuck(one: Stuck, language: str, *, timezone: str, console: str) -> Letter:
    """About one next hop; nothing of the mails that wait."""
    key = "letters.stuck.postmaster"
    cause = known(language, f"values.cause.{one.cause}") or one.cause
    number = (
        say(language, f"{key}.mails", count=one.number) if one.number else say(language, f"{key}.arriving")
    )
    since = when(language, "moment", datetime.fromtimestamp(one.since, ZoneInfo(timezone)))
    return write(
        "stuck.postmaster", language, hop=one.hop or say(language, f"{key}.none"), number=number, since=since,
        cause=cause, remedy=known(language, f"values.remedy.{one.cause}") or "", page=f"{console}/",
    )  # fmt: skip
