"""Whether a word looks drawn by chance, as keys are, or was made by people: a name, an identifier, a word, a place to fill.

Nothing tells for certain. Words that people make have the pairs of letters of their language, keep to one kind of
character, and repeat; what is drawn by chance changes between small, capital letters and digits all the time.
"""

import hashlib
import math
import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

from config.lists import table

EXAMPLES = frozenset(table("secrets")["examples"]["digests"])
_USUAL = (
    "thheineranreonatenndtiesorteofedisitalarsttontngsehaasouiolevecomedehiriroicneearacelichllbemasiomur"
    "caeltalansdifohopeecprnoctusacotiltrlyncetutsssorsunlowageiewheewiemadolrtpowenaulnitsmoowpaimmiaish"
    "irsuidosiviaamficivipligtuevldrympfeblabghtyopwosaayexkeuifrooageyapifyedockupgookeiue"
)
_PAIRS = frozenset(_USUAL[at : at + 2] for at in range(0, len(_USUAL), 2))
"""Pairs of letters that make up most of what is written in Western languages, and in identifiers."""
_LETTERS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_HEX = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}")
_FILLER = re.compile(
    r"(?i)x{4,}|\*{3,}|\.{3}|…|0{6,}|_{4,}|#{4,}|1234567|abcdef|example|sample|dummy|placeholder|change_?me|replace|insert|redacted"
    r"|(?:^|[-_ .])(?:your|my|foo|bar|baz|fake|todo|tbd|demo|mock|test)(?:[-_ .]|$)|<[^>]{0,40}>|^(?:\$|%|\{|@)|\$\{|\{\{|\$\(|%\(|%[sd]$"
)
WORDY = 0.6
"""From this share of usual pairs on, letters are words; a quarter of the pairs are usual where chance drew them."""
ODD, MIXED = 0.36, 0.3
"""Letters alone must be odder than that, or small and capital ones must change so often."""
FEW = 5
"""With fewer pairs their share tells nothing."""


def is_real(word: str) -> bool:
    """False for what only shows where a secret would stand: xxxx, <your key>, ${KEY}, changeme, …EXAMPLE, and for what
    manuals print as an example."""
    return _FILLER.search(word) is None and len(set(word)) > 3 and digest(word) not in EXAMPLES


def digest(word: str) -> str:
    """By which an example is known without standing here."""
    return hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()[:16]


@lru_cache(maxsize=512)
def is_random(word: str, least: int = 16) -> bool:
    """True for a word of at least `least` characters that looks drawn by chance, and is no place to fill."""
    if len(word) < least or not is_real(word):
        return False
    if _UUID.fullmatch(word) or _has_hex(word):
        return True
    digits = sum(c.isdigit() for c in word)
    letters = sum(c.isalpha() for c in word)
    if not letters:
        return False
    if not digits:
        mixed = len(word) >= 20 and _turns(word) >= MIXED
        return len(word) >= 15 and wordiness(word) < (WORDY - 0.15 if mixed else ODD)
    if entropy(word) < min(3.6, 0.72 * math.log2(len(word))):
        return False
    return wordiness(word) < WORDY and _turns(word) >= 0.12


def entropy(word: str) -> float:
    """Bits per character, by how often each occurs in the word."""
    return -sum(n / len(word) * math.log2(n / len(word)) for n in Counter(word).values())


def _has_hex(word: str) -> bool:
    """True when a piece of the word is hexadecimal, as digests and many keys are: letters tell nothing there."""
    return any(map(_is_hex, re.split(r"[_\-.:~]", word)))


def _is_hex(piece: str) -> bool:
    return (
        _HEX.fullmatch(piece) is not None
        and sum(c.isdigit() for c in piece) >= 2
        and not piece.isdigit()
        and entropy(piece) >= 2.4
    )


def wordiness(word: str) -> float:
    """The share of usual pairs among the pairs of letters within one piece (fooBar is foo and bar)."""
    if _has_hex(word):
        return 0.0
    pairs = [piece[i : i + 2].lower() for piece in _LETTERS.findall(word) for i in range(len(piece) - 1)]
    return sum(pair in _PAIRS for pair in pairs) / len(pairs) if len(pairs) >= FEW else 0.0


def _turns(word: str) -> float:
    """How often a small letter, a capital or a digit is followed by another kind of them."""
    kinds = [0 if c.islower() else 1 if c.isupper() else 2 for c in word if c.isalnum()]
    return sum(a != b for a, b in pairwise(kinds)) / max(1, len(kinds) - 1)
