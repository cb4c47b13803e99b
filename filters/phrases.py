"""Phrases of the lists of lures (config/lists/themes.toml), and how to look for them.

Each phrase is first looked for as a literal: one pattern of a thousand alternatives took a hundred times longer.
"""

import re
import unicodedata

import msgspec

from config import lists
from mail.charset import fold

GAP = 15
"""Characters for which a star stands at most."""
TRIES = 50
"""Places at which a phrase is looked for in one text."""
FEW = 3
"""Different weak phrases that together say something."""
MOST = 20
"""Different phrases of one family that are reported of a text."""

_ALIKE = {
    ord(char): letter
    for letter, chars in {
        "a": "аα", "b": "вβ", "c": "сϲ", "d": "ԁ", "e": "еε", "g": "ɡ", "h": "һн", "i": "іιı", "j": "ј", "k": "кκ", "l": "ӏ",
        "m": "м", "n": "п", "o": "оο", "p": "рρ", "s": "ѕ", "t": "тτ", "u": "υ", "w": "ԝω", "x": "хχ", "y": "уγ", "ss": "ß",
    }.items()
    for char in chars
}  # fmt: skip


class Phrase(msgspec.Struct, frozen=True):
    """One phrase as the literal pieces around its stars.

    `edge`: it must begin where a Latin word begins; `whole`: it must also end where one ends.
    """

    pieces: tuple[str, ...]
    edge: bool
    whole: bool = False

    def found(self, text: str) -> str:
        """The words of a `plain` text that are this phrase, "" when it does not occur."""
        first = self.pieces[0]
        start = text.find(first)
        for _ in range(TRIES):
            if start < 0:
                return ""
            if not (self.edge and start and _is_latin(text[start - 1])) and (end := self._end(text, start)):
                return text[start:end]
            start = text.find(first, start + 1)
        return ""

    def _end(self, text: str, start: int) -> int:
        """Where the phrase that begins at `start` ends, 0 when it does not go on."""
        at = start + len(self.pieces[0])
        for piece in self.pieces[1:]:
            found = text.find(piece, at, at + GAP + len(piece))
            if found < 0 or "\n" in text[at:found]:
                return 0
            at = found + len(piece)
        return 0 if self.whole and at < len(text) and _is_latin(text[at]) else at


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


class Family(msgspec.Struct, frozen=True):
    """A family of phrases with its words for people."""

    name: str
    ja: str
    en: str
    strong: tuple[Phrase, ...]
    weak: tuple[Phrase, ...]

    def strong_in(self, text: str) -> list[str]:
        """The different strong phrases in a `plain` text, at most MOST."""
        return _found(self.strong, text)

    def found(self, text: str) -> list[str]:
        """The different phrases in a `plain` text: strong ones, else weak ones when there are FEW; at most MOST."""
        if strong := self.strong_in(text):
            return strong
        weak = _found(self.weak, text)
        return weak if len(weak) >= FEW else []


def _found(phrases: tuple[Phrase, ...], text: str) -> list[str]:
    found: dict[str, None] = {}
    for phrase in phrases:
        if words := phrase.found(text):
            found[words] = None
            if len(found) == MOST:
                break
    return list(found)


def plain(text: str) -> str:
    """`text` in the form that phrases are written in: folded, lower case, no accents, look-alikes as Latin letters."""
    text = fold(text).lower()
    if text.isascii():
        return re.sub(r"[ \t]+", " ", text)
    text = "".join(
        c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c) or c in "\u3099\u309a"
    )
    text = unicodedata.normalize("NFC", text)
    # Look-alikes count only beside Latin letters: a Russian or Greek text stays what it is.
    text = re.sub(
        r"(?<=[a-z])[а-яёѕіјӏԁԝһα-ω]+|[а-яёѕіјӏԁԝһα-ω]+(?=[a-z])", lambda m: m[0].translate(_ALIKE), text
    )
    return re.sub(r"[ \t]+", " ", text)


def phrases(texts: list[str], *, whole: bool = False) -> tuple[Phrase, ...]:
    """Phrases of a list. `*` stands for up to GAP characters of the same line; Latin words begin as words.

    With `whole` they also end as words, unless the phrase ends in a star.
    """
    return tuple(
        Phrase(tuple(plain(t.rstrip("*")).split("*")), _is_latin(t[0]), whole and _is_latin(t[-1]))
        for t in dict.fromkeys(texts)
    )


def families() -> dict[str, Family]:
    """All families of config/lists/themes.toml by name."""
    return {
        name: Family(
            name, entry["ja"], entry["en"], phrases(entry["strong"]), phrases(entry["weak"], whole=True)
        )
        for name, entry in lists.table("themes").items()
    }


FAMILIES = families()
