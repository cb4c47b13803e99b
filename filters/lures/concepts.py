"""What a mail is made of, whatever its sentences: whom it claims to speak for, what it asks, why at once.

read(name, text) -> Pretence; config/lists/schemes.toml has the words of each concept, in ten languages. The text is cut into sentences, and one RE2 set says of each which words stand in
it: an ask is two concepts in one sentence, or in two of which one is no longer than a button.
"""

import re
from functools import lru_cache

import msgspec
import re2

from config import lists
from filters.lures.phrases import plain

LISTED = lists.table("schemes")
"""config/lists/schemes.toml."""
ROLES, ASKS, URGES = (tuple(LISTED[kind]) for kind in ("roles", "asks", "urges"))
MOST = 80
"""Sentences that are read."""
NEAR = 140
"""Characters that two sentences together have where a concept of the one belongs to a concept of the other: buttons, headings,
lists."""
SIGNED = 45
"""Characters of a line that says who signs."""
HEAD, TAIL = 4, 4
"""Sentences at the beginning (the subject is the first) and the end in which a mail says who writes."""

_SENTENCES = re.compile(r"[^。!?|•\n.]+(?:\.(?! )[^。!?|•\n.]*)*")
_WRAPPED = re.compile(r"(?<=[a-z,;、])\n(?=[a-z])")


class Pretence(msgspec.Struct, frozen=True):
    """By name, with words of the mail that show it: roles, asks and urges."""

    roles: dict[str, str]
    asks: dict[str, str]
    urges: dict[str, str]


NOTHING = Pretence({}, {}, {})


_NO_LESS = {
    "odd": ("odd", "bare", "blunt", "curt", "weight", "home"),
    "blunt": ("blunt", "curt", "home"),
    "curt": ("curt", "home"),
    "bare": ("bare", "home"),
    "bare elsewhere": ("bare", "weight", "home"),
    "led": ("led", "known"),
    "changed": ("changed", "known"),
    "changed led": ("changed", "led", "known"),
}
"""By who writes: the columns of the table that count."""


class Scheme(msgspec.Struct, frozen=True):
    """A row of the table: which roles, asks and urges make a scheme; its weights by who writes (schemes.toml)."""

    weight: int = 0
    home: int = 0
    shared: int = 0
    known: int = 0
    led: int = 0
    changed: int = 0
    odd: int = 0
    curt: int = 0
    blunt: int = 0
    bare: int = 0
    of: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    urges: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    least: int = 1

    def fits(self, claims: Pretence) -> bool:
        """True when each that is named has one in the mail, and no urge stands in it that excuses."""
        return (
            (not self.of or not self.of.isdisjoint(claims.roles))
            and (not self.asks or not self.asks.isdisjoint(claims.asks))
            and (not self.urges or len(self.urges & claims.urges.keys()) >= self.least)
            and self.unless.isdisjoint(claims.urges)
        )

    def weighs(self, who: str) -> int:
        """By who writes; what more speaks against them weighs no less."""
        return max(int(getattr(self, each)) for each in _NO_LESS.get(who, (who,)))


EXCUSES = frozenset(("calls",))
"""Urges that only excuse: they may stand in a sentence that counts for nothing."""
SCHEMES = tuple(msgspec.convert(row, Scheme) for row in LISTED["schemes"])
WEIGHED = {
    who: sorted(((row.weighs(who), row) for row in SCHEMES if row.weighs(who)), key=lambda each: -each[0])
    for who in ("weight", "home", "shared", "known", "odd", *_NO_LESS)
}
"""By who writes: the rows that count, with their weights, the heaviest first."""


class _Vocabulary:
    """All words of all concepts as one set; each concept is a bit."""

    def __init__(self) -> None:
        concepts = {
            **{f"{n}": w for n, w in LISTED["words"].items()},
            **{f"role {n}": w for n, w in LISTED["roles"].items()},
            **{f"urge {n}": w for n, w in LISTED["urges"].items()},
        }
        self.bits = {name: 1 << n for n, name in enumerate(concepts)}
        masks: dict[str, int] = {}
        for name, words in concepts.items():
            for word in words:
                whole = plain(word)
                masks[whole] = masks.get(whole, 0) | self.bits[name]
        self._words = tuple(masks)
        self._masks = tuple(masks.values())
        options = re2.Options()
        options.max_mem = 64 << 20
        self._set = re2.Set.SearchSet(options)
        for word in self._words:
            begin = r"\b" if word[0].isascii() and word[0].isalnum() else ""
            self._set.Add(begin + re2.escape(word.rstrip("_")) + (r"\b" if word.endswith("_") else ""))
        self._set.Compile()

    def within(self, text: str) -> tuple[int, list[int]]:
        """The concepts of a text, and the numbers of the words."""
        found = self._set.Match(text.encode("utf-8", "replace")) or []
        mask = 0
        for number in found:
            mask |= self._masks[number]
        return mask, found

    def word(self, found: list[int], bit: int) -> str:
        """The longest of these words that belongs to a concept."""
        return max((self._words[n] for n in found if self._masks[n] & bit), key=len, default="").rstrip("_")


_VOCABULARY = _Vocabulary()
_BITS = _VOCABULARY.bits


def _bits(names: list[str]) -> int:
    return sum(_BITS[name] for name in names)


_DEEDS = tuple(
    (name, _bits(entry[0]), _bits(entry[1]), _bits(entry[2]) if len(entry) > 2 else 0)
    for name, entry in LISTED["asks"].items()
)
_NAMED = tuple((name, _BITS[f"role {name}"]) for name in ROLES)
_URGING = tuple((name, _BITS[f"urge {name}"]) for name in URGES)
_DENIED, _ADDRESSED, _AWAY = _BITS["denied"], _BITS["addressed"], _BITS["urge away"]
_SIGNED = frozenset(LISTED["signed"])


def complains(text: str) -> bool:
    """True for a `plain` text whose author speaks of what they ordered, paid or were charged themselves."""
    return bool(_VOCABULARY.within(text)[0] & _BITS["mine"])


def may_fit(who: str, name: str, text: str, attached: str = "") -> bool:
    """False when no row of the table fits that weighs for them, in whichever sentence a word stands: most mails are read no further."""
    mask, _ = _VOCABULARY.within(_WRAPPED.sub(" ", f"{name}\n{text}\n{attached}"))
    most = Pretence(
        {role: "" for role, bit in _NAMED if mask & bit},
        {ask: "" for ask, one, two, _ in _DEEDS if mask & one and mask & two},
        {urge: "" for urge, bit in _URGING if mask & bit and urge not in EXCUSES},
    )
    return any(row.fits(most) for _, row in WEIGHED[who])


def _sentences(text: str) -> list[str]:
    found = (s.strip() for s in _SENTENCES.findall(_WRAPPED.sub(" ", text))[:MOST])
    return [s for s in found if s]


@lru_cache(maxsize=8)
def read(name: str, text: str, attached: str = "") -> Pretence:
    """Of a sender's name, a text and what is attached, all `plain`. What is attached says what is asked, not who writes."""
    own = _sentences(text)
    sentences = own + _sentences(attached)
    seen = [_VOCABULARY.within(s) for s in sentences]
    masks = [mask for mask, _ in seen]
    asks: dict[str, str] = {}
    for n, mask in enumerate(masks):
        if mask & _DENIED:
            continue
        near = mask
        for other in (n - 1, n + 1):
            if (
                0 <= other < len(masks)
                and not masks[other] & _DENIED
                and len(sentences[other]) + len(sentences[n]) <= NEAR
            ):
                near |= masks[other]
        for ask, one, two, unless in _DEEDS:
            if ask not in asks and mask & one and near & two and not near & unless:
                asks[ask] = _VOCABULARY.word(seen[n][1], one)
    for n, mask in enumerate(masks[1:]):
        if mask & _ADDRESSED and len(sentences[n]) <= SIGNED:
            masks[n] |= _ADDRESSED
    seen = [(mask, found) for mask, (_, found) in zip(masks, seen, strict=True)]
    head = [_VOCABULARY.within(name), *(s for s in seen[: min(HEAD, len(own))] if not s[0] & _DENIED)]
    closing = range(max(HEAD, len(own) - TAIL), len(own))
    tail = [*head, *(seen[n] for n in closing if len(sentences[n]) <= SIGNED and not masks[n] & _DENIED)]
    roles = {
        role: word
        for role, bit in _NAMED
        if (
            word := next(
                (
                    w
                    for m, f in (tail if role in _SIGNED else head)
                    if m & bit and (role == "staff" or not m & _ADDRESSED) and (w := _VOCABULARY.word(f, bit))
                ),
                "",
            )
        )
    }
    urges = {
        urge: word
        for urge, bit in _URGING
        if (
            word := next(
                (
                    w
                    for m, f in seen
                    if m & bit
                    and not m & (_AWAY if urge in EXCUSES else _DENIED)
                    and (w := _VOCABULARY.word(f, bit))
                ),
                "",
            )
        )
    }
    return Pretence(roles, asks, urges)
