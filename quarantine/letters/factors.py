"""What we write to people about how they log in. Pure texts."""

from quarantine.letters.letter import Letter, write


def was_reset(language: str) -> Letter:
    """To somebody whose second factor was taken away, as it was lost."""
    return write("factor_reset.person", language)
