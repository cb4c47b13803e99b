"""Confidentiality marks (OUT-CLASS): the words of a class scheme, where they occur, and how much they mean there.

A stamp (in a subject, a file name, the head of a page, a property, in brackets, on a line of its own) means most; a
sentence that declares a class ("添付の資料は社外秘です") means much; one that only talks about such marks means little,
and so do a legend and a disclaimer; a negation means nothing (mark_shapes, legends, disclaimers).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

import msgspec
import re2

from config.policy import Class
from filters.detect.disclaimers import Surroundings
from filters.detect.legends import MarkInRow, only_listed
from filters.detect.mark_levels import is_level
from filters.detect.mark_shapes import DENIED, MENTIONED, SAID, STAMP, Spot, as_written, weigh
from filters.detect.mark_words import (
    GRADED,
    LETTERS_APART,
    LISTS,
    MARK_LISTS,
    WIDE,
    WORDS,
    expression,
    latin,
    spelt,
    tight,
    together,
)
from filters.detect.text import Text, line_starts
from mail.charset import fold

__all__ = ["DENIED", "MENTIONED", "MOST", "SAID", "STAMP", "Mark", "Marks", "marks_in", "marks_of"]

MOST = 200
"""Most marks counted in one text; more would add nothing."""
LOOKED_AT = 5_000
"""Most occurrences of words of marks that are looked at in one text."""
BESIDE = 400
"""Characters of a line on either side."""
OF_LIST = "@"
"""What the name of a list of words begins with, among the marks of a class (config/lists/markings.toml)."""


class Mark(msgspec.Struct, frozen=True):
    """A confidentiality mark: the words found, their class, where, and how much it counts.

    `negated`: the sentence denies it. `quoted`: it is in the quoted text of a reply, or in the subject that a reply or
    a forwarded mail took over.
    """

    word: str
    of: Class
    offset: int
    negated: bool
    quoted: bool
    weight: int = SAID


_NOT_BEFORE = {"極": "究南北両積消至終", "機": "投有無動危", "秘": "神極便"}
_NOT_BEHIND = {"極秘": "伝訣蔵", "秘": "書密訣伝境湯策蔵宝"}
_BEHIND = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "・.,_-/|*"
"""What may stand between words (GAPS), behind the last of them."""
_PARTED = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff'][\s_\-./&:]+[a-z\u00df-\u024f\u1e00-\u1eff]")
_EXPECTED = re.compile(r"[^\w\s][\s\"'\[(【「*]{0,4}$|\t\s{0,8}$|は$")
"""In front of an everyday word that may be behind a label."""
_SPOKEN = re.compile(r"[のをはがにで\u30a1-\u30fa]")
_PAGE = re.compile(r"(?:^|/)(?:header|footer)\d*\.xml$|docprops/|/properties$|#(?:header|footer)")
_QUOTE = re.compile(r"[ \t]{0,4}(?:[A-Za-z]{0,4}[>|＞][ \t]?){1,20}")
_FIELD = re.compile(
    r"(?:SUMMARY|DESCRIPTION|LOCATION|COMMENT|CATEGORIES|NOTE|TITLE|X-[A-Z-]{2,30})(?:;[^:\n]{0,80})?:[ ]?"
)
"""What a line of a calendar or a card begins with (RFC 5545, RFC 6350)."""
_ANSWERED = re.compile(
    r"\s{0,4}(?:(?:re|fwd?|aw|wg|sv|tr|返信|転送) ?(?:\[\d{1,3}\]|\d{1,3})? ?[:：]\s{0,4}){1,20}",
    re.IGNORECASE,
)


class MarkWords(msgspec.Struct, frozen=True):
    """What is known of the words of a mark: whose they are.

    `only_class`: people use them for classes only, not in everyday sentences. `asks`: what must stand around them (the
    list of markings.toml that has them).
    """

    of: Class
    only_class: bool
    asks: str = ""


class Marks:
    """The marks of a class scheme: `expression` (RE2, over folded text) finds them, `known` tells whose they are."""

    def __init__(self, classes: tuple[Class, ...]) -> None:
        higher_first = sorted(classes, key=lambda c: -c.level)
        of = [(asks, each, "|".join(_written(each, asks))) for asks in LISTS for each in higher_first]
        found = [expression for *_, expression in of if expression]
        self.expression = "|".join([*found, LETTERS_APART] if found else [])
        self._pattern = _compiled(self.expression)
        self._of = [(asks, each, _compiled(expression)) for asks, each, expression in of if expression]
        self._known: dict[str, MarkWords | None] = {}

    def within(self, text: Text) -> Iterator[tuple[int, int, MarkWords]]:
        """(begin, end, whose) of each of them in a folded text, unless a longer word goes on around it."""
        flat, number = text.flat, 0
        for match in self._pattern.finditer(flat):
            for start, words in _pieces(match.start(), match[0]):
                end = start + len(words)
                before, after = flat[max(0, start - 1) : start], flat[end : end + 1]
                if _is_longer(words, before, after) and not (
                    text.role == "name" and _humps(text, start, end)
                ):
                    continue
                known = self.known(words)
                if known and (known.asks != GRADED or _EXPECTED.search(flat[max(0, start - 8) : start])):
                    yield start, end, known
                    number += 1
            if number >= LOOKED_AT:
                return

    def known(self, words: str) -> MarkWords | None:
        """Whose these folded words are; those that two classes claim belong to the higher one."""
        if words in self._known:
            return self._known[words]
        known = self._asked(words)
        if len(self._known) < LOOKED_AT and len(words) < BESIDE:
            self._known[words] = known
        return known

    def _asked(self, words: str) -> MarkWords | None:
        whole = together(words)
        for asks, of, pattern in self._of:
            if pattern.fullmatch(whole):
                only_class = bool(_PARTED.search(whole)) if latin(words) else whole.endswith("秘")
                return MarkWords(of, only_class, "" if asks == WORDS else asks)
        return None


def _written(each: Class, asks: str) -> Iterator[str]:
    """The expressions of the marks of a class; `asks` one of LISTS."""
    for mark in (*each.marks, *each.labels):
        if mark.startswith(OF_LIST):
            yield from map(expression, MARK_LISTS[mark[len(OF_LIST) :]].get(asks, ()))
        elif asks == WORDS:
            yield spelt(" ".join(fold(mark).lower().split()))


def _compiled(expression: str) -> "re2._Regexp":
    options = re2.Options()
    options.max_mem = 64 << 20
    options.longest_match = True
    return re2.compile(expression or r"[^\s\S]", options)


def _pieces(at: int, found: str) -> Iterator[tuple[int, str]]:
    """(begin, words) of what was found, without what stands behind; two where too much stands between."""
    begin = 0
    for gap in WIDE.finditer(found):
        yield at + begin, found[begin : gap.start()]
        begin = gap.end()
    if last := found[begin:].rstrip(_BEHIND):
        yield at + begin, last


def _is_longer(words: str, before: str, after: str) -> bool:
    """True when a longer word goes on around these."""
    if latin(words):
        return _is_letter(before) or _is_letter(after)
    short = tight(words)
    return _goes_on(_NOT_BEFORE, short[0], before) or _goes_on(_NOT_BEHIND, short, after)


def _humps(text: Text, start: int, end: int) -> bool:
    """True when capitals part these words from their neighbours: PlanConfidential."""
    raw, begin, last = text.raw, text.origin(start), text.origin(end - 1) + 1
    if raw[begin:last].lower().endswith("secret"):
        return False  # a product: TopSecretDiary
    before, after = raw[max(0, begin - 1) : begin], raw[last : last + 1]
    starts = not _is_letter(before) or (raw[begin].isupper() and not before.isupper())
    return starts and (not _is_letter(after) or (not after.islower() and raw[last - 1].islower()))


def _is_letter(char: str) -> bool:
    return bool(char) and char.isalnum() and latin(char)


def _goes_on(words: dict[str, str], word: str, char: str) -> bool:
    return bool(char) and char in words.get(word, "")


@lru_cache(maxsize=64)
def marks_of(classes: tuple[Class, ...]) -> Marks:
    """The marks of these classes."""
    return Marks(classes)


def marks_in(text: Text, classes: tuple[Class, ...]) -> tuple[Mark, ...]:
    """The marks of a text, at most MOST; a stamp is never left out for what is only mentioned."""
    marks = marks_of(classes)
    spots = _Spots(text)
    found = [spots.at(*each) for each in marks.within(text)]
    if not found:
        return ()
    known: dict[Spot, int] = {}
    weights = [known[spot] if spot in known else known.setdefault(spot, weigh(spot)) for _, spot in found]
    stamps = [entry for (entry, _), weight in zip(found, weights, strict=True) if weight == STAMP]
    listed = only_listed([entry for entry, _ in found], stamps)
    around = Surroundings(spots.lines, text.role)
    result: list[Mark] = []
    stamped = 0
    for (entry, spot), weight in zip(found, weights, strict=True):
        if weight >= SAID and (entry in listed or around.disclaims(entry.line, spot)):
            weight = MENTIONED
        if weight == STAMP or len(result) < MOST:
            stamped += weight == STAMP
            quoted = spots.answered if text.role == "subject" else around.quoted(entry.line)
            result.append(Mark(entry.word, entry.of, entry.offset, weight == DENIED, quoted, weight))
            if stamped == MOST:  # nothing weighs more
                break
    return tuple(sorted(result, key=lambda m: -m.weight)[:MOST])


class _Spots:
    """Where marks stand in a text, by its lines as they are written."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self.lines = text.raw.split("\n")
        self._starts = line_starts(text.raw)
        prefix = _ANSWERED.match(text.raw) if text.role == "subject" else None
        self.answered = prefix is not None
        self._page = bool(_PAGE.search(text.place.lower()))

    def at(self, start: int, end: int, known: MarkWords) -> tuple[MarkInRow, Spot]:
        """What stands at [start, end) of the folded text."""
        text, raw = self._text, self._text.raw
        begin, last = text.origin(start), text.origin(end - 1) + 1
        number = bisect_right(self._starts, begin) - 1
        below = bisect_right(self._starts, last - 1) - 1
        before = raw[max(self._starts[number], begin - BESIDE) : begin]
        after = raw[last : min(self._starts[below + 1] - 1, last + BESIDE)]
        cell, rest = before.rpartition("\t")[2], after.partition("\t")[0]
        if quote := _QUOTE.match(cell):
            cell = cell[quote.end() :]
        elif (text.role == "content" and (prefix := _FIELD.match(cell))) or (
            text.role == "subject" and (prefix := _ANSWERED.match(cell))
        ):
            cell = cell[prefix.end() :]
        elif not cell.strip() and "\t" in before and is_level(as_written(before.strip()) + ":", ""):
            cell = before.strip().rpartition("\t")[2] + ":"
        word = as_written(raw[begin:last])
        left, right = as_written(cell), as_written(rest).rstrip("\r")
        if raw[begin : begin + 1] == "㊙":  # a drawn stamp ends by itself
            left, right = f"{left} ", right if _SPOKEN.match(right) else f" {right}"
        first = text.role == "content" and not raw[:begin].strip()
        spot = Spot(left, word, right, known.only_class, text.role, self._page, first, known.asks)
        flat = text.flat[start:end]
        return MarkInRow(known.of, flat, start, number, before, after), spot
