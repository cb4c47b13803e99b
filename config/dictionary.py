"""Whether a password is a word that people know, with a little around it (OPS-PASSWORD).

The words lie in config/lists/dictionary.bin as digests in order, 5 octets each, behind a line with their sources and
licences: common passwords, English words and names, and common Japanese words in romaji. tests/dictionary_words.py makes it.
The table is 0.8 MB, read once, when a password is first looked at.
"""

import hashlib
from bisect import bisect_left
from functools import cache

from config.lists import octets

SIZE = 5
"""Octets of a digest: one of ten million others is taken for a word."""
LEAST, LONGEST = 4, 16
"""Letters of a word in the table."""
AROUND, BETWEEN = 6, 3
"""Characters that must stand around one word, and around two, for a password not to be them."""
LOOKED = 64
"""Characters of a password that are looked at: whoever types more has more than a word."""
_LEET = str.maketrans("0134578@$!|+", "oieastbasilt")


def plain(word: str) -> str:
    """A word as it is compared: small letters, what is written for a letter read as one."""
    return word.lower().translate(_LEET)


def digest(word: str) -> bytes:
    return hashlib.sha256(word.encode("utf-8", "replace")).digest()[:SIZE]


@cache
def _table() -> bytes:
    return octets("dictionary.bin").partition(b"\n")[2]


def is_word(word: str) -> bool:
    """Whether it is in the table."""
    table, wanted = _table(), digest(word)
    at = bisect_left(range(len(table) // SIZE), wanted, key=lambda n: table[n * SIZE : n * SIZE + SIZE])
    return table[at * SIZE : at * SIZE + SIZE] == wanted


def is_words(password: str) -> bool:
    """True when there is nothing to a password but one word or two, with a few characters around or between."""
    if len(password) > LOOKED:
        return False
    lower = password.lower()
    return any(_few(text) for text in {lower, plain(password)})


def _few(text: str) -> bool:
    rest = len(text)
    for number in (1, 2):
        found = _longest(text)
        if not found:
            return False
        rest -= len(found)
        if rest < (AROUND if number == 1 else BETWEEN):
            return True
        text = text.replace(found, "\0", 1)
    return False


def _longest(text: str) -> str:
    """The longest word in it, "" for none."""
    for length in range(min(LONGEST, len(text)), LEAST - 1, -1):
        for at in range(len(text) - length + 1):
            piece = text[at : at + length]
            if piece.isalpha() and is_word(piece):
                return piece
    return ""
