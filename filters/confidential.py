"""What counts as confidential in outgoing mail; shared by the rules on bodies, attachments and classes."""

from collections.abc import Iterable, Iterator

import msgspec

from config.policy import Class, Organisation
from filters.finding import Evidence
from filters.numbers import masked
from filters.reading import Reading, Text


class Hit(msgspec.Struct, frozen=True):
    """A mark or a checked number that counts. `what` is "mark", "my_number" or "card"; `of` a mark's class."""

    what: str
    word: str
    evidence: Evidence
    of: Class | None = None
    quoted: bool = False


LEVEL = 2
"""Class level from which a mark asks for encryption and keeps text out of the body."""

WORDS = {
    "my_number": ("マイナンバー", "My Number"),
    "card": ("クレジットカード番号", "payment card number"),
}


def hits(reading: Reading, texts: Iterable[Text], organisation: Organisation, level: int) -> Iterator[Hit]:
    """The marks of classes from `level` on, not negated, and the sure numbers in these texts."""
    for text in texts:
        found = reading.scan(text, organisation.classes)
        for mark in found.marks:
            if mark.of.level >= level and not mark.negated:
                evidence = Evidence(around(text, mark.offset, len(mark.word)), text.place, mark.offset)
                yield Hit("mark", mark.of.name, evidence, mark.of, mark.quoted)
        for number in found.numbers:
            if number.sure:
                evidence = Evidence(masked(number.digits), text.place, number.offset)
                yield Hit(number.kind, number.kind, evidence)


def around(text: Text, offset: int, length: int) -> str:
    """A mark with a few characters on both sides, digits masked: the neighbours may be secrets."""
    quote = text.flat[max(0, offset - 12) : offset + length + 12]
    quote = "".join("*" if c.isdigit() else c for c in quote)
    return " ".join(quote.split())[:80]


def named(found: Iterable[Hit]) -> str:
    """What was found, for a sentence: 社外秘・マイナンバー."""
    words = dict.fromkeys(WORDS[h.word][0] if h.word in WORDS else h.word for h in found)
    return "・".join(list(words)[:4])
