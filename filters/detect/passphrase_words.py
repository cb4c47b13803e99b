"""What can be a passphrase that people give one another: words of several kinds of characters, and no file, address or word of course."""

import re

_WIDTHS = {0xFF01 + at: 0x21 + at for at in range(94)}
_BEFORE, _BEHIND = ":=-'\"[(<{)", "'\"])>},.;(?"
_EXTENSION = re.compile(r"\.(?:zip|7z|rar|lzh|pdf|docx?|xlsx?|pptx?)(?![a-z0-9])", re.IGNORECASE)
_BREAK = re.compile(r"[\s「」『』<>\"'、。/\\]")
_PLACE = re.compile(r"^[A-Za-z]:\\|\\\\|^\.{1,2}/|^/[^/]*[/.]|/[^/]+/|^v?[0-9]+(?:\.[0-9]+)+$")
"""A path, or a version."""
COMMON = frozenset(
    {"password", "passwd", "pass", "passcode", "passphrase", "123456", "12345678", "qwerty", "secret"}
)
"""What is written of, when people write of passwords."""


def narrow(text: str) -> str:
    """The text, of the same length, with full-width letters, digits and signs as ASCII."""
    return text if text.isascii() else text.translate(_WIDTHS)


def file_named(text: str) -> str:
    """The first name of a file in the text, or ""."""
    for extension in _EXTENSION.finditer(text):
        if name := _BREAK.split(text[max(0, extension.start() - 80) : extension.start()])[-1]:
            return name + extension[0]
    return ""


def bare(word: str) -> str:
    """A word without what may stand around it."""
    return word.lstrip(_BEFORE).rstrip(_BEHIND)


def is_password(word: str, *, announced: bool) -> bool:
    """True for a word of several kinds of characters, or of one kind where a passphrase is announced right before it."""
    if (
        len(word) < 4
        or file_named(word) == word
        or "://" in word
        or word.lower() in COMMON
        or re.fullmatch(r"[^@]+@[\w-]+(?:\.[\w-]+)+", word)
    ):
        return False
    if re.fullmatch(r"[\d\-/:.,()+%]+", word):
        return announced and word.isdigit()
    if re.fullmatch(r"[A-Za-z]+:", word) or _PLACE.search(word):
        return False
    capital = re.fullmatch(r"[A-Z][a-z]+(?:[-'][a-z]*)?", word) is not None
    return kinds(word) >= 2 and not capital and (announced or any(c.isdigit() for c in word))


def kinds(word: str) -> int:
    """How many of small letters, capitals, digits and signs it has."""
    return sum(any(test(c) for c in word) for test in (str.islower, str.isupper, str.isdigit, _is_sign))


def _is_sign(character: str) -> bool:
    return not character.isalnum()
