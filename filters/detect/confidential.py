"""What counts as confidential in outgoing mail; shared by the rules on bodies, attachments and classes."""

from collections.abc import Iterable, Iterator

import msgspec

from config.policy import Class, Organisation
from filters.detect.marks import SAID
from filters.detect.numbers import masked
from filters.detect.persons import outsiders
from filters.finding import Evidence
from filters.reading.reading import Scan, Text
from filters.views import ContentView


class Hit(msgspec.Struct, frozen=True):
    """A mark, a checked number, an identifier or anything else that counts.

    `what` is "mark" or the kind; `word` what to call it; `of` the class that it stands for: a mark's own, or
    the class that such content belongs to (Class.contains).
    """

    what: str
    word: str
    evidence: Evidence
    of: Class | None = None
    quoted: bool = False


NUMBERS = ("my_number", "card")
"""Numbers that are confidential wherever they appear."""

DOCUMENT = "registered_document"
"""Its own class, where somebody said it when it was registered, counts instead of what `contains` says."""

PEOPLE = 50
"""A text with this many records of people counts as a list, which can raise its class (Class.contains)."""


def hits(
    reading: ContentView,
    texts: Iterable[Text],
    organisation: Organisation,
    level: int,
    *,
    least: int = SAID,
    kinds: Iterable[str] = NUMBERS,
    people: int = 0,
) -> Iterator[Hit]:
    """What these texts contain: marks of classes from `level` up that weigh at least `least`, and content of `kinds`.

    A mark in what the mail quotes is none when it goes back to those who have it (ContentView.returned). With `people`, a text with that many records of people is a hit, too (kind "person_records").
    """
    wanted = frozenset(kinds)
    for text in texts:
        found = reading.scan(text, organisation)
        for mark in found.marks:
            if mark.of.level >= level and mark.weight >= least and not mark.negated:
                if mark.quoted and reading.returned(organisation):
                    continue
                evidence = Evidence(
                    around(text, mark.offset, len(mark.word)), text.place, text.origin(mark.offset)
                )
                yield Hit("mark", mark.of.name, evidence, mark.of, mark.quoted)
        for kind, quote, offset in contents(found):
            if kind in wanted:
                yield Hit(
                    kind, kind, Evidence(quote, text.place, text.origin(offset)), holder(kind, organisation)
                )
        for copied in found.copies:
            own = called(copied.of, organisation)
            if own.level >= level if own else DOCUMENT in wanted:
                evidence = Evidence(copied.quote, text.place, text.origin(copied.offset))
                yield Hit(DOCUMENT, DOCUMENT, evidence, own or holder(DOCUMENT, organisation))
        for match in found.own:
            of = called(match.pattern.of, organisation)
            if of is not None and of.level >= level:
                evidence = Evidence(match.quote, text.place, text.origin(match.offset))
                yield Hit("own_pattern", match.pattern.name, evidence, of)
        if people and len(listed := outsiders(found.people, organisation)) >= people:
            first = listed[0]
            evidence = Evidence(first.quote, text.place, text.origin(first.offset))
            yield Hit("person_records", "person_records", evidence, holder("person_records", organisation))


def contained(organisation: Organisation) -> frozenset[str]:
    """The kinds of content that raise a class in this organisation."""
    return frozenset(kind for each in organisation.classes for kind in each.contains)


def contents(found: Scan) -> Iterator[tuple[str, str, int]]:
    """(kind, masked quotation, offset in the folded text) of everything a scan found besides marks."""
    for number in found.numbers:
        if number.sure:
            yield number.kind, masked(number.digits), number.offset
    for datum in found.data:
        yield datum.kind, masked(datum.value), datum.offset
    for secret in found.secrets:
        yield secret.kind, secret.quote, secret.offset
    for row in found.rows:
        yield "registered_data", row.quote, row.offset


def called(name: str, organisation: Organisation) -> Class | None:
    """The class of this name, None without one."""
    return next((c for c in organisation.classes if c.name == name), None) if name else None


def holder(kind: str, organisation: Organisation) -> Class | None:
    """The highest class that such content belongs to, None if no class says so."""
    named = [c for c in organisation.classes if kind in c.contains]
    return max(named, key=lambda c: c.level, default=None)


def around(text: Text, offset: int, length: int) -> str:
    """A mark with a few characters of context; digits are masked, because the neighbours may be secrets."""
    quote = text.flat[max(0, offset - 12) : offset + length + 12]
    quote = "".join("*" if c.isdigit() else c for c in quote)
    return " ".join(quote.split())[:80]


def said(found: Iterable[Hit]) -> dict[str, str]:
    """Values of a finding: `what` was found, and the most confidential `class` among it, which cases of the policy ask."""
    found = list(found)
    of = max((h.of for h in found if h.of), key=lambda c: c.level, default=None)
    english = named(msgspec.structs.replace(h, word=_english(h)) for h in found)
    what = {"what": named(found)} | ({"what_en": english} if english != named(found) else {})
    return what | ({"class": of.name} if of else {})


def _english(hit: Hit) -> str:
    """What to call it in English: a class may have a name of its own there."""
    return hit.of.english if hit.of and hit.of.english and hit.word == hit.of.name else hit.word


def named(found: Iterable[Hit]) -> str:
    """What was found, as a value of a finding: class names, and kinds that have words in [content] of values.toml."""
    return "\n".join(list(dict.fromkeys(h.word for h in found))[:4])
