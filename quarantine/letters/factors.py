"""What we write to people about how they log in. Pure texts."""

from config.words import say
from quarantine.letters.letter import Letter, write


def was_reset(language: str) -> Letter:
    """To somebody whose second factor was taken away, as it was lost."""
    return write("factor_reset.person", language)


def invited(language: str, *, login: str, code: str, page: str, hours: int) -> Letter:
    """To somebody who is to set a password. `page` is "" where nobody said how the console is reached."""
    key = "invitation.person"
    where = f"    {page}" if page else say(language, f"letters.{key}.where")
    return write(key, language, login=login, code=code, where=where, hours=str(hours))
