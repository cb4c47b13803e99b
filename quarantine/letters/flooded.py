"""The letters about a mailbox that many strangers write to within minutes: to its owner and to administrators. Pure."""

from config.words import say
from quarantine.letters.letter import Letter, write


def flooded(
    address: str, strangers: int, minutes: int, language: str, *, owner: bool, contact: str
) -> Letter:
    """`owner`: to whoever reads the mailbox; else to who is in charge. `contact`: whom to call, "" where nobody said."""
    key = "flooded.owner" if owner else "flooded.keeper"
    call = contact or say(language, "letters.flooded.owner.contact")
    return write(
        key,
        language,
        address="".join(c for c in address if c.isprintable())[:120],
        count=strangers,
        minutes=minutes,
        contact=call if owner else "",
    )
