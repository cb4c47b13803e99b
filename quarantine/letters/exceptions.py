"""The letter about exceptions of the policy that end soon, or have ended: to their owners and to administrators. Pure."""

import datetime
from collections.abc import Sequence

from config.words import say, when
from filters.rewriters.harmless import harmless
from quarantine.letters.letter import Letter, indented, write
from quarantine.policies.exceptions import ExceptionState, SeenException

LISTED = 20
"""Exceptions that one letter names."""


def ends(every: Sequence[SeenException], language: str, page: str) -> Letter:
    """About exceptions (at least one). `page`: where the reader finds them, "" for who may not look there."""
    more, key = len(every) - LISTED, "letters.exceptions.owner"
    return write(
        "exceptions.owner", language, count=len(every),
        exceptions="\n\n".join(indented(_described(one, language)) for one in every[:LISTED]),
        more=say(language, f"{key}.more", count=more) if more > 0 else "",
        where=say(language, f"{key}.where", page=page) if page else "",
    )  # fmt: skip


def _described(one: SeenException, language: str) -> list[str]:
    words = "letters.exceptions.owner"
    day = when(language, "day", datetime.datetime.fromisoformat(one.until))
    key = "ended" if one.standing is ExceptionState.OVER else "ends"
    return [
        say(language, f"{words}.named", name=harmless(one.name, 80), rule=one.rule),
        say(language, f"{words}.{key}", day=day, count=max(one.left, 0)),
        say(language, f"{words}.why", reason=harmless(one.reason, 200)),
        say(language, f"{words}.people", owner=one.owner, approver=one.approved_by),
        say(language, f"{words}.used", count=one.used),
    ]
