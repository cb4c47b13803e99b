"""The letter to the postmaster about a last backup that is too old, or that there is none. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from config.words import say, when
from quarantine.letters.letter import Letter, write


def late(last: float | None, language: str, *, timezone: str) -> Letter:
    """`last`: when it was made (UTC seconds); None: there is none."""
    key = "letters.late_backup.postmaster"
    if last is None:
        told = say(language, f"{key}.none")
    else:
        at = when(language, "moment", datetime.fromtimestamp(last, ZoneInfo(timezone)))
        told = say(language, f"{key}.last", time=at)
    return write("late_backup.postmaster", language, told=told)
