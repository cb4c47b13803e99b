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
from filters.detect.mark_shapes import DENIED, MENTIONED, SAID, STAMP, Spot, as_written, weigh
from filters.detect.text import Text, line_starts
from mail.charset import fold

__all__ = ["DENIED", "MENTIONED", "MOST", "SAID", "STAMP", "Mark", "Marks", "marks_in", "marks_of"]

MOST = 200
"""Most marks counted in one text; more would add nothing."""
LOOKED_AT = 5_000
"""Most occurrences of words of marks that are looked at in one text."""
BESIDE = 400
"""Characters of a line on either side."""


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


_GAP = r"[\s・.,_\-/|*]{0,3}"
_GAPS = re.compile(r"[\s・.,_\-/|*]+")
_JAPANESE = re.compile(r"[\u3005-\u30ff\u3400-\u9fff]")
_NOT_BEFORE = {"極": "究南北両積消至終", "機": "投有無動危", "秘": "神極便"}
_NOT_BEHIND = {"極秘": "伝訣蔵", "秘": "書密訣伝境湯策蔵宝"}
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


class Marks(msgspec.Struct, frozen=True):
    """The marks of a class scheme: `expression` (RE2, over folded text) finds them, `owners` tells whose they are.

    `only_class`: those that people use for classes only, not in everyday sentences.
    """

    owners: dict[str, Class]
    only_class: frozenset[str]
    expression: str
    pattern: "re2._Regexp"

    def within(self, flat: str) -> Iterator[tuple[int, int, str]]:
        """(begin, end, tight form) of each of them in a folded text, unless a longer word goes on around it."""
        for number, match in enumerate(self.pattern.finditer(flat)):
            if number >= LOOKED_AT:
                return
            start, end = match.span()
            tight = _tight(match[0])
            before, after = flat[max(0, start - 1) : start], flat[end : end + 1]
            if tight.isascii():
                longer = _is_letter(before) or _is_letter(after)
            else:
                longer = _goes_on(_NOT_BEFORE, tight[0], before) or _goes_on(_NOT_BEHIND, tight, after)
            if not longer:
                yield start, end, tight


def _tight(words: str) -> str:
    """Without what stands between letters; "&" is "and"."""
    return _GAPS.sub("", words.replace("&", "and"))


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _goes_on(words: dict[str, str], word: str, char: str) -> bool:
    return bool(char) and char in words.get(word, "")


@lru_cache(maxsize=64)
def marks_of(classes: tuple[Class, ...]) -> Marks:
    """The marks of these classes. A word that two classes claim belongs to the higher one."""
    owners: dict[str, Class] = {}
    spelt: dict[str, str] = {}
    only = set()
    for each in sorted(classes, key=lambda c: c.level):
        for mark in (*each.marks, *each.labels):
            plain = " ".join(fold(mark).lower().split())
            tight = _tight(plain)
            owners[tight] = each
            spelt[tight] = _spelt(plain)
            if plain.endswith("秘") or (plain.isascii() and " " in plain):
                only.add(tight)
    expression = "|".join(spelt[tight] for tight in sorted(owners, key=len, reverse=True))
    options = re2.Options()
    options.max_mem = 32 << 20
    return Marks(owners, frozenset(only), expression, re2.compile(expression or r"[^\s\S]", options))


def _spelt(plain: str) -> str:
    """How a mark may be written: 社 外 秘, INTERNAL_ONLY, C O N F I D E N T I A L."""
    if _JAPANESE.search(plain):
        return _GAP.join(map(re2.escape, _GAPS.sub("", plain)))
    words = [word for word in _GAPS.split(plain.replace("&", "and")) if word]
    together = r"[\s_\-./]{0,3}".join("(?:and|&)" if word == "and" else re2.escape(word) for word in words)
    apart = r"\s{1,5}".join(r"[ .]{1,2}".join(map(re2.escape, word)) for word in words)
    return f"{together}|{apart}"


def marks_in(text: Text, classes: tuple[Class, ...]) -> tuple[Mark, ...]:
    """The marks of a text, at most MOST; a stamp is never left out for what is only mentioned."""
    marks = marks_of(classes)
    spots = _Spots(text, marks)
    found = [spots.at(*each) for each in marks.within(text.flat)]
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

    def __init__(self, text: Text, marks: Marks) -> None:
        self._text = text
        self._marks = marks
        self.lines = text.raw.split("\n")
        self._starts = line_starts(text.raw)
        prefix = _ANSWERED.match(text.raw) if text.role == "subject" else None
        self.answered = prefix is not None
        self._page = bool(_PAGE.search(text.place.lower()))

    def at(self, start: int, end: int, tight: str) -> tuple[MarkInRow, Spot]:
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
        word = as_written(raw[begin:last])
        left, right = as_written(cell), as_written(rest).rstrip("\r")
        if raw[begin : begin + 1] == "㊙":  # a drawn stamp ends by itself
            left, right = f"{left} ", right if _SPOKEN.match(right) else f" {right}"
        first = text.role == "content" and not raw[:begin].strip()
        spot = Spot(left, word, right, tight in self._marks.only_class, text.role, self._page, first)
        flat = text.flat[start:end]
        return MarkInRow(self._marks.owners[tight], flat, start, number, before, after), spot
