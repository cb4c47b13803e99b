"""Rows that a name leads, without a table around them (OUT-PII).

    ・桑原 由香（1981/3/4）          桑原 由香：090-…          "桑原 由香": {"病名": "喘息"}
    - **桑原 由香** — 病名: 喘息     桑原 由香                 [桑原 由香]
    3. Grace Whitfield - +44 …         浜松市中央区元城町…      birth=1981-03-04

What stands behind the name is a value, or a label with one.
"""

import re
from collections.abc import Iterator
from itertools import islice

import re2

from filters.detect.headings import kind_of
from filters.detect.person_names import NONE, likeness
from filters.detect.told import SAID

Row = tuple[tuple[str, ...], int, int]
MOST = 8_000
"""Lines that are looked at."""
LEAST = 3
_BULLET = r"[ \t>]*(?:[-*・●•◎○■◆◇□▪]|[0-9]{1,3}[.):])?[ \t]*(?:[0-9]{1,4}(?:号室|番|号|年[0-9]{1,2}組)[ \t]*)?\*{0,2}[\[\"'【<「]?"
_ODD = r"\n:：/|()\[\]{}<>=,;\"*—–\x1f0-9!#$%&+?@\\^_`~"
_NAME = rf"([^\s'{_ODD}][^{_ODD}]{{1,28}}?)"
_TELLING = (
    r"([^\n\x1f0-9@:=]{0,88}[0-9@:=][^\n\x1f]{0,90}?|[ァ-ヶー ]{4,40}?"
    rf"|(?:{SAID})[^\n\x1f0-9@:=]{{0,24}}?)"
)
"""What has none of these says nothing that can be told from words."""
_END = r"[ \t)}\r,]*$"
_memory = re2.Options()
_memory.max_mem = 64 << 20  # with less it takes twenty times as long for Japanese prose
_LINE = re2.compile(
    rf"(?m)^{_BULLET}{_NAME}[\]\"'】>」]?\*{{0,2}}(?:[ \t]*(?:[:/|—–(]|->|→|…)[ \t(]*| - ){_TELLING}{_END}",
    _memory,
)
_LOOSE = re2.compile(
    rf"(?m)^{_BULLET}{_NAME}[\]\"'】>」]?\*{{0,2}}(?:[ \t]*(?:[:/|—–(]|->|→|…)[ \t(]*| - )([^\s\x1f][^\n\x1f]{{0,40}}?){_END}",
    _memory,
)
"""The same with any few words, for what a title says that it lists."""
_ABOVE = re2.compile(
    rf"(?m)^{_BULLET}{_NAME}[\]\"'】>」]?\*{{0,2}}[ \t]*:?[ \t]*\{{?[ \t\r]*\n(?:[ \t\r\x1f]{{0,8}}\n)?"
    rf"[ \t\x1f-]{{0,12}}{_TELLING}{_END}",
    _memory,
)
_OBJECT = re2.compile(r"\"([^\"\n:]{2,30})\" ?: ?\{ ?(\"[^{}]{3,400})\}")
_PAIR = re.compile(r"[ \t,{\-]*[\"']?([^\s:=\"'{}][^\n:=\"'{}]{0,24})[\"']? ?[:=] ?[\"']?([^\"'\n{}]{1,80})")
_FIRST_PAIR = re.compile(r"\"?([^\":=\n]{1,24}?)\"? ?[:=] ?\"?([^\"\n]{1,80}?)\"?$")


def led(cells: str, *, titled: bool = False) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
    """(headings, rows) of what may be such lists: those in lines, those above their values, those that are keys.

    `titled`: something says that people are listed: then a few words behind a name may say something of them.
    """
    yield from _arranged(_in_lines(cells, _LOOSE if titled else _LINE))
    yield from _arranged(_above(cells))
    if '": {' in cells or '":{' in cells:
        yield from _arranged(_as_keys(cells))


def _arranged(found: Iterator[Row]) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
    """By what stands behind the names: one label, the same for all, is a heading."""
    plain: list[Row] = []
    labelled: dict[str, list[Row]] = {}
    for cells, start, end in found:
        pair = _FIRST_PAIR.match(cells[1])
        if pair and kind_of(pair[1].strip()):
            labelled.setdefault(pair[1].strip(), []).append(((cells[0], pair[2].strip()), start, end))
        else:
            plain.append((cells, start, end))
    for label, rows in labelled.items():
        if len(rows) >= LEAST:
            yield ("name", label), rows
    if len(plain) >= LEAST:
        yield (), plain


def _is_name(words: str) -> bool:
    return likeness(words) != NONE and kind_of(words.strip()) == ""


def _in_lines(cells: str, line: "re2._Regexp[str]") -> Iterator[Row]:
    for match in islice(line.finditer(cells), MOST):
        if _is_name(match[1]):
            yield (match[1], match[2].strip(" \"'")), match.start(), match.end()


def _above(cells: str) -> Iterator[Row]:
    """A name alone on its line, and the line below it."""
    for match in islice(_ABOVE.finditer(cells), MOST):
        if _is_name(match[1]):
            yield (match[1], match[2].strip(" \t\r,-")), match.start(), match.end()


def _as_keys(cells: str) -> Iterator[Row]:
    for match in islice(_OBJECT.finditer(cells), MOST):
        if _is_name(match[1]):
            first = _PAIR.match(match[2])
            yield (match[1], f"{first[1]}: {first[2]}" if first else match[2]), match.start(), match.end()
