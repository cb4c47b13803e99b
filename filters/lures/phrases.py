"""Phrases from the lists of lures (config/lists/themes.toml, asks.toml), and how to find them.

One RE2 set says which first pieces occur in a text at all (one pass, 10 kB: 30 µs); only phrases that begin
with one of these are looked for. A search per phrase took 2 ms, a pattern of a thousand alternatives 100 ms.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import msgspec
import re2

from config import lists
from filters.detect.literals import Literals
from mail.charset import fold

GAP = 15
"""The most characters that a star stands for."""
TRIES = 50
"""Places at which a phrase is tried in one text."""
FEW = 3
"""Different weak phrases that together mean something."""
MOST = 20
"""Different phrases of one family that are reported for a text."""

_ALIKE = {
    ord(char): letter
    for letter, chars in {
        "a": "аα", "b": "вβ", "c": "сϲ", "d": "ԁ", "e": "еε", "g": "ɡ", "h": "һн", "i": "іιı", "j": "ј", "k": "кκ", "l": "ӏ",
        "m": "м", "n": "п", "o": "оο", "p": "рρ", "s": "ѕ", "t": "тτ", "u": "υ", "w": "ԝω", "x": "хχ", "y": "уγ",
    }.items()
    for char in chars
}  # fmt: skip


class Phrase(msgspec.Struct, frozen=True):
    """One phrase as the literal pieces between its stars.

    `edge`: it must begin at the beginning of a Latin word; `whole`: it must also end at the end of one.
    """

    pieces: tuple[str, ...]
    edge: bool
    whole: bool = False

    def found(self, text: str) -> str:
        """The words of a `plain` text that match this phrase, "" if it does not occur."""
        first, *others = self.pieces
        for piece in others:
            if piece not in text:
                return ""
        start = text.find(first)
        for _ in range(TRIES):
            if start < 0:
                return ""
            if not (self.edge and start and _is_latin(text[start - 1])) and (end := self._end(text, start)):
                return text[start:end]
            start = text.find(first, start + 1)
        return ""

    def _end(self, text: str, start: int) -> int:
        """Where the phrase that begins at `start` ends, 0 if it does not go on."""
        at = start + len(self.pieces[0])
        for piece in self.pieces[1:]:
            found = text.find(piece, at, at + GAP + len(piece))
            if found < 0 or "\n" in text[at:found]:
                return 0
            at = found + len(piece)
        return 0 if self.whole and at < len(text) and _is_latin(text[at]) else at


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


class Words(msgspec.Struct, frozen=True):
    """Phrases with all their first pieces, which rule out most texts at once, and the numbers of those that begin so."""

    phrases: tuple[Phrase, ...]
    firsts: frozenset[str]
    beginning: dict[str, tuple[int, ...]]

    def __iter__(self) -> Iterator[Phrase]:
        return iter(self.phrases)

    def found(self, text: str) -> list[str]:
        """The different phrases in a `plain` text, at most MOST."""
        found: dict[str, None] = {}
        for phrase in self._possible(text):
            if words := phrase.found(text):
                found[words] = None
                if len(found) == MOST:
                    break
        return list(found)

    def _possible(self, text: str) -> list[Phrase]:
        """Those whose first piece occurs, in their order."""
        present = firsts_in(text) & self.firsts
        return [self.phrases[n] for n in sorted(n for first in present for n in self.beginning[first])]

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where one-piece phrases begin and end in a `plain` text, in order; at most TRIES."""
        found: list[tuple[int, int]] = []
        for word in self._possible(text):
            piece = word.pieces[0]
            start = text.find(piece)
            while start >= 0 and len(found) < TRIES:
                if not (word.edge and start and _is_latin(text[start - 1])):
                    found.append((start, start + len(piece)))
                start = text.find(piece, start + 1)
        return sorted(found)


class Pair(msgspec.Struct, frozen=True):
    """Two concepts that mean something together: a word of `one` and a word of `other`, and one of each of `more` anywhere.

    `apart`: how many characters may lie between the two within one sentence; 0 if they may be anywhere.
    """

    one: Words
    other: Words
    apart: int
    more: tuple[Words, ...] = ()

    def found(self, text: str) -> str:
        """The words of a `plain` text that match this pair, "" if it does not occur."""
        ones = self.one.places(text)
        others = self.other.places(text) if ones else []
        if not others or not all(words.places(text) for words in self.more):
            return ""
        if not self.apart:
            at, end = ones[0]
            return text[at:end]
        for at, end in ones:
            for start, stop in others:
                low, high = (end, start) if start >= end else (stop, at)
                if 0 <= high - low <= self.apart and not _SENTENCE.search(text, low, high):
                    return text[min(at, start) : max(end, stop)]
        return ""


_SENTENCE = re.compile(r"\n|[。!?|•]|\. ")


class Family(msgspec.Struct, frozen=True):
    """A family of phrases; [theme] and [asks] of values.toml have its words for people.

    Deceptive mail uses `strong` phrases and `pairs` of concepts; ordinary mail uses `mild` ones, too; `weak`
    are words that mean something when there are FEW. `weight` is the weight of one strong phrase; `business`
    marks what every company writes about, `anybody` what counts whoever writes. One of `firsts` occurs in every phrase,
    one of `strong_firsts` in every strong one and in every pair; `all_firsts` are those of both sides of pairs.
    """

    name: str
    weight: int
    business: bool
    strong: Words
    mild: Words
    weak: Words
    pairs: tuple[Pair, ...]
    strong_firsts: frozenset[str]
    firsts: frozenset[str]
    all_firsts: frozenset[str]
    anybody: bool = False

    def begins(self, text: str) -> bool:
        """True when the first piece of any phrase occurs in a `plain` text: for most families it ends here."""
        return not self.firsts.isdisjoint(firsts_in(text))

    def strong_in(self, text: str) -> list[str]:
        """The different strong phrases and pairs of concepts in a `plain` text, at most MOST."""
        return list(_strong_in(self.name, text)) if self.begins(text) else []

    def hints_in(self, text: str) -> list[str]:
        """Mild phrases, and weak ones when there are FEW."""
        if not self.begins(text):
            return []
        weak = self.weak.found(text)
        return self.mild.found(text) + (weak if len(weak) >= FEW else [])

    def found(self, text: str) -> list[str]:
        """The different phrases in a `plain` text: strong ones, else hints; at most MOST."""
        return self.strong_in(text) or self.hints_in(text)[:MOST]


@lru_cache(maxsize=32)
def _strong_in(name: str, text: str) -> tuple[str, ...]:
    """`Family.strong_in` of the family of that name: several rules ask for it."""
    family = FAMILIES[name]
    found = dict.fromkeys(family.strong.found(text))
    present = firsts_in(text)
    for pair in family.pairs:
        if present.isdisjoint(pair.one.firsts) or present.isdisjoint(pair.other.firsts):
            continue
        if pair.more and any(present.isdisjoint(words.firsts) for words in pair.more):
            continue
        words = pair.found(text)
        # Do not report twice what a phrase already says.
        if words and not any(known in words or words in known for known in found):
            found[words] = None
    return tuple(found)[:MOST]


_FOREIGN = re.compile("[^\x00-\x7f\u2000-\u20cf\u3000-\u3029\u3030-\u9fff\uff00-\uffef]+")
"""What may have accents or look like a Latin letter: neither ASCII nor Japanese."""
_LATIN_LOOKING = re.compile(r"(?<=[a-z])[а-яёѕіјӏԁԝһα-ω]+|(?<![а-яёѕіјӏԁԝһα-ω])[а-яёѕіјӏԁԝһα-ω]++(?=[a-z])")
_LOOKING = re.compile(r"[α-ω\u0400-\u052f]")
_BLANKS = re.compile(r"[ \t]+")


def plain(text: str) -> str:
    """`text` in the form that phrases are written in: folded, lower case, no accents, look-alikes as Latin letters."""
    text = fold(text).lower().replace("ß", "ss")
    if not text.isascii():
        text = without_accents(text)
        # Look-alikes count only beside Latin letters: a Russian or Greek text stays what it is.
        if _LOOKING.search(text):
            text = _LATIN_LOOKING.sub(lambda m: m[0].translate(_ALIKE), text)
    return _BLANKS.sub(" ", text)


def plain_of(folded: str) -> str:
    """`plain` of a text that is folded and in lower case: most have nothing more to fold, as RE2 sees at once."""
    if not folded.isascii() and _PLAINER.search(folded.encode("utf-8", "replace")):
        return plain(folded)
    return _BLANKS.sub(" ", folded) if "  " in folded or "\t" in folded else folded


_PLAINER = re2.compile(
    "[^\\x00-\x7f\u2000-\u20cf\u3000-\u3029\u3030-\u3098\u309b-\u9fff\uff00-\uff9d\uffa0-\uffef]"
)
"""What `plain` may change in a folded text: neither ASCII nor Japanese, and voicing marks, which folding may have moved
behind a kana."""


def without_accents(text: str) -> str:
    """A folded text without combining characters, except the voicing marks of kana."""
    if text.isascii():
        return text
    text = _FOREIGN.sub(lambda m: _bare(m[0]), text)
    # Voicing marks that were written separately may follow their kana now.
    return unicodedata.normalize("NFC", text) if "\u3099" in text or "\u309a" in text else text


def _bare(text: str) -> str:
    kept = (
        c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c) or c in "\u3099\u309a"
    )
    return unicodedata.normalize("NFC", "".join(kept))


def phrases(texts: list[str], *, whole: bool = False) -> tuple[Phrase, ...]:
    """Phrases from a list. `*` stands for up to GAP characters of the same line; Latin words begin as words.

    With `whole` they also end as words, unless the phrase ends in a star.
    """
    return tuple(
        Phrase(tuple(plain(t.rstrip("*")).split("*")), _is_latin(t[0]), whole and _is_latin(t[-1]))
        for t in dict.fromkeys(texts)
    )


NEAR = 45
"""How many characters may lie between two concepts of a pair."""


def _words(texts: list[str], *, whole: bool = False) -> Words:
    found = phrases(texts, whole=whole)
    beginning: dict[str, tuple[int, ...]] = {}
    for number, phrase in enumerate(found):
        beginning[phrase.pieces[0]] = (*beginning.get(phrase.pieces[0], ()), number)
    return Words(found, frozenset(beginning), beginning)


def families(table: str) -> dict[str, Family]:
    """All families of `config/lists/TABLE.toml` by name."""
    found = {}
    for name, entry in lists.table(table).items():
        strong, mild = _words(entry.get("strong", [])), _words(entry.get("mild", []))
        weak = _words(entry.get("weak", []), whole=True)
        pairs = tuple(
            Pair(_words(one), _words(other), apart, tuple(_words(each) for each in more))
            for key, apart in (("near", NEAR), ("both", 0))
            for one, other, *more in entry.get(key, [])
        )
        strong_firsts = strong.firsts.union(*(pair.one.firsts for pair in pairs))
        firsts = strong_firsts | mild.firsts | weak.firsts
        others = frozenset(f for pair in pairs for words in (pair.other, *pair.more) for f in words.firsts)
        found[name] = Family(
            name,
            entry.get("weight", 2),
            entry.get("business", False),
            strong,
            mild,
            weak,
            pairs,
            strong_firsts,
            firsts,
            firsts | others,
            entry.get("anybody", False),
        )
    return found


ASKS = families("asks")
"""What a mail wants its reader to do."""
FAMILIES = families("themes") | ASKS
"""These, and what a mail is about."""
THEMES = tuple(name for name in FAMILIES if name not in ASKS)

_FIRSTS = Literals(first for f in FAMILIES.values() for first in sorted(f.all_firsts))


@lru_cache(maxsize=4)
def firsts_in(text: str) -> frozenset[str]:
    """Which first pieces of all families' phrases occur in a `plain` text. Several rules ask about the same text."""
    return frozenset(_FIRSTS.within(text))
