"""The letters about a mailbox that many strangers write to within minutes: to its owner and to administrators. Pure."""

from collections.abc import Mapping

from config.words import say
from quarantine.letters.letter import Letter, indented, write

NAMED = 50
"""Mailboxes that one letter names."""


def flooded(counts: Mapping[str, int], minutes: int, language: str, *, owner: bool, contact: str) -> Letter:
    """About these mailboxes, each with how many strangers wrote. `owner`: to whoever reads the only one; else to who is in
    charge of all. `contact`: whom to call, "" where nobody said."""
    shown = [("".join(c for c in address if c.isprintable())[:120], n) for address, n in counts.items()]
    first, count = shown[0]
    if owner:
        call = contact or say(language, "letters.flooded.owner.contact")
        return write("flooded.owner", language, address=first, count=count, minutes=minutes, contact=call)
    key = "letters.flooded.keeper"
    lines = [say(language, f"{key}.line", address=address, count=n) for address, n in shown[:NAMED]]
    if len(shown) > NAMED:
        lines.append(say(language, f"{key}.more", count=len(shown) - NAMED))
    title = first if len(shown) == 1 else say(language, f"{key}.several", address=first, count=len(shown) - 1)
    return write("flooded.keeper", language, address=title, minutes=minutes, mailboxes=indented(lines))
