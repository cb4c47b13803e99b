"""The words by which a passphrase is told, by concept (OUT-PASSWORD): config/lists/passphrases.toml, as RE2.

    CONCEPTS["open"].search(text)        some word for opening stands in the text
    pattern("word", "zh", "ko")           an expression for these languages, for Python's `re` and for RE2 alike

A concept is what is spoken of ("word", "weak": names for it; "file"; "lock": that it is locked), what is done ("open",
"enter", "tell"), what is said instead ("otherwise", "fact").
"""

import re

import re2

from config import lists

_TABLE: dict[str, dict[str, list[str]]] = lists.table("passphrases")


def pattern(concept: str, *languages: str, python: bool = False) -> str:
    """Alternatives for the words of a concept in these languages, all where none is named; for RE2, or Python's `re`."""
    said = _TABLE[concept].items()
    words = {word.lower() for of, some in said if not languages or of in languages for word in some}
    return "|".join(spelt(word, python=python) for word in sorted(words, key=lambda w: (-len(w), w)))


def spelt(word: str, *, python: bool) -> str:
    """Bounded where it begins or ends with an ASCII letter: RE2's \\b knows no other letters, Python's takes kana for some."""
    front, behind = (r"(?<![A-Za-z])", r"(?![A-Za-z])") if python else (r"\b", r"\b")
    stem = word.strip("*")
    opens = front if stem[0].isascii() and stem[0].isalnum() and not word.startswith("*") else ""
    ends = behind if stem[-1].isascii() and stem[-1].isalnum() and not word.endswith("*") else ""
    return f"{opens}{re.escape(stem)}{ends}"


CONCEPTS = {concept: re2.compile(f"(?i){pattern(concept)}") for concept in _TABLE}


def spoken_of(text: str, *concepts: str) -> bool:
    """True where a word of one of the concepts stands in the text."""
    return any(CONCEPTS[concept].search(text) is not None for concept in concepts)
