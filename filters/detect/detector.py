"""What a text contains: marks, numbers, identifiers, people, credentials, own words, registered data; in one scan.

Most texts contain nothing. So one pass of an RE2 set over the folded text finds out which literals occur at
all, and only what those make possible is searched for.
"""

from collections.abc import Iterable
from functools import lru_cache

import msgspec
import re2

from config.policy import Class, Organisation, Pattern, Registered
from filters.detect import western
from filters.detect.credentials import FIRSTS, WAKES, Secret, credentials
from filters.detect.datum import Datum
from filters.detect.identifiers import KINDS, identifiers
from filters.detect.marks import Mark, marks_in, marks_of
from filters.detect.number_context import NAMED_NUMBERS, Number, numbers
from filters.detect.patterns import Match, Own
from filters.detect.persons import FIELDS, ListedPeople, PersonRecord, records
from filters.detect.register import NONE_REGISTERED, Copied, Register, Row
from filters.detect.text import Text
from filters.detect.told import WAKES as TOLD
from filters.detect.told import may_list

__all__ = ["OWN", "Detector", "Mark", "Number", "Scan", "detector", "scan"]


class Scan(msgspec.Struct, frozen=True):
    """What one pass over a text found. Offsets are those of the folded text (Text.origin leads back)."""

    marks: tuple[Mark, ...] = ()
    numbers: tuple[Number, ...] = ()
    data: tuple[Datum, ...] = ()
    people: tuple[PersonRecord, ...] = ()
    public: frozenset[str] = frozenset()
    secrets: tuple[Secret, ...] = ()
    own: tuple[Match, ...] = ()
    rows: tuple[Row, ...] = ()
    copies: tuple[Copied, ...] = ()


_NOTHING = Scan()
_NOBODY = ListedPeople()
OWN = "own:"
_LONG_NUMBER = r"[0-9][0-9 .\-‐‑–−ー]{10,16}[0-9]"
_PERSON = r"@[a-z0-9]|(?:\+81|0[1-9])[0-9() \-]{8}|〒|生年月日|[都道府県][^\n]{1,14}[市区町村郡]"


class Detector:
    """Scans texts for one organisation. Built once per policy; everything is compiled here, nothing later."""

    def __init__(
        self,
        classes: tuple[Class, ...],
        patterns: tuple[Pattern, ...] = (),
        registered: Registered = NONE_REGISTERED,
    ) -> None:
        self._classes = classes
        self._own = Own(patterns)
        self._register = Register(registered) if registered.indexes else None
        self._names: list[str] = []
        options = re2.Options()
        options.max_mem = 64 << 20
        options.never_nl = False
        self._set = re2.Set.SearchSet(options)
        self._add("number", _LONG_NUMBER)
        self._add("apart", NAMED_NUMBERS)
        self._add("person", _PERSON)
        self._add("abroad", western.SHAPE)
        self._add("told", TOLD)
        for name, expression in FIELDS.items():
            self._add(name, expression)
        if marks := marks_of(classes).expression:
            self._add("mark", marks)
        for kind in KINDS:
            self._literals(kind.name, kind.firsts)
            if kind.shape:
                self._add(kind.name, kind.shape)
        for name, firsts in FIRSTS.items():
            self._literals(name, firsts)
        for name, expression in WAKES.items():
            self._add(name, expression)
        for number, expression in enumerate(self._own.triggers):
            self._add(f"{OWN}{number}", expression)
        self._set.Compile()

    def _people(self, text: Text, present: frozenset[str], title: str) -> ListedPeople:
        if text.role == "name":
            return _NOBODY
        told = bool(title) or ("told" in present and may_list(text.flat))
        if not told and present.isdisjoint(("person", "abroad", "field")):
            return _NOBODY
        return records(
            text.cells,
            text.raw,
            abroad="abroad" in present,
            fields="field" in present,
            told=told,
            title=title,
        )

    def _add(self, name: str, pattern: str) -> None:
        self._set.Add(pattern)
        self._names.append(name)

    def _literals(self, name: str, literals: Iterable[str]) -> None:
        if words := [re2.escape(literal) for literal in literals]:
            self._add(name, "|".join(words))

    @property
    def classes(self) -> frozenset[str]:
        """The classes with which documents were registered."""
        return self._register.classes if self._register is not None else frozenset()

    def present(self, flat: str) -> frozenset[str]:
        """The names of what a folded text may contain."""
        found = {self._names[n] for n in self._set.Match(flat.encode("utf-8", "replace")) or ()}
        if "name field" in found or "personal field" in found:
            if {"name field", "personal field"} <= found:
                found.add("field")
            found -= {"name field", "personal field"}
        return frozenset(found)

    def scan(self, text: Text, present: frozenset[str] | None = None, title: str = "") -> Scan:
        """Everything found in a text; `present` if it was asked before; `title`: what the mail or a file is called, where that
        says what a list tells of people."""
        flat = text.flat
        title = "" if text.role in ("subject", "name") else title
        present = self.present(flat) if present is None else present
        if not present and not title and self._register is None:
            return _NOTHING
        rows, copies = self._register.found(flat) if self._register is not None else ((), ())
        people = self._people(text, present, title)
        return Scan(
            marks_in(text, self._classes) if "mark" in present else (),
            () if present.isdisjoint(("number", "apart")) else tuple(numbers(flat, text.place, present)),
            identifiers(flat, present),
            people.records,
            people.public,
            credentials(text, present),
            tuple(self._own.found(flat, [int(n[len(OWN) :]) for n in sorted(present) if n.startswith(OWN)])),
            rows,
            copies,
        )


@lru_cache(maxsize=8)
def _detector(classes: tuple[Class, ...], patterns: tuple[Pattern, ...], registered: Registered) -> Detector:
    return Detector(classes, patterns, registered)


def detector(organisation: Organisation) -> Detector:
    """The detector of this organisation; the same one for the same words."""
    return _detector(organisation.classes, organisation.patterns, organisation.registered)


def scan(text: Text, organisation: Organisation) -> Scan:
    """What one text contains."""
    return detector(organisation).scan(text)
