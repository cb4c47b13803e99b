"""Labels and their values in a text, in all the ways in which forms, records and markup write them (OUT-PII).

A pair is (label, value, start, end): where both stand in the text.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

import re2

from filters.detect.headings import NAME_LABEL, TITLED, headed, kind_of

Pair = tuple[str, str, int, int]
MOST = 40_000
"""Pairs that are looked at, of each kind."""
_LINES = 4_000
"""Lines that are labels, each with its value below it."""
_BETWEEN = 20
"""Lines in which a label's value is looked for: the first short one that says something."""
_SOME = 6
_LABEL = re2.compile(
    r"(?m)^[ \t\x1f>・■□●◆◇○*\-<【\[\"'{,(]*([^\n:=\]】>\"'\x1f]{1,24}?)[ \"'\]】>)*]*(?:[:=]|=>|[\]】] ?)[ \t\x1f]*([^\n]*)$"
)
_OBJECT = re2.compile(r'"([^"\n]{1,40})" ?: ?(?:"((?:[^"\\\n]|\\.)*)"|(-?[0-9][0-9.]*)|(null|true|false))')
_GIVEN = re2.compile(r"[\s{(,\['\"]([^\s'\":=,{}()\[\]]{1,30})['\"]? ?(?:=>|[:=]) ?'([^'\n]*)'")
_ELEMENT = re2.compile(r"<([^\s<>/!?=]{1,40})(?: [^<>]*)?>(?:<!\[CDATA\[)?([^<>]*?)(?:\]\]>)?</")
_SAID = re2.compile(
    r"<[a-zA-Z]{1,20}(?: [^<>]*?)? (?:name|key|label|title)=[\"']([^\"'<>]{1,40})[\"'][^<>]*>([^<>]*)</"
    r"|\"(?:label|name|key|field|column|title|question|項目|項目名)\"\s*:\s*\"([^\"\n]{1,40})\",\s*"
    r"\"(?:value|val|text|answer|content|値|回答)\"\s*:\s*\"?([^\"\n,}]{0,120})"
)
"""A field that is told which it is by its attribute, or by the member before its value."""
_FLOWING = re2.compile(
    r"(?m)(?:^|[{,、;/|\x1f ]|- )[ \t]*([^\s:=,、;{}/|\"'<>]{1,24}) ?[:=] ?([^\n,、;{}:=|\x1f\"'<>]{1,60})"
)
"""Labels with their values, several on a line."""
_ATTRIBUTE = re2.compile(r"[\s<]([^\s<>/\"'=]{1,40})=(?:\"([^\"\n<>]*)\"|'([^'\n<>]*)'|([^\s\"'<>=&]{1,80}))")
_ALONE = re.compile(r"[ \t\x1f]*([^ \t\f\r\x1f][^\x1f]{0,80}?)[ \t\x1f\r]*\Z")
_LONGEST = 400
"""Characters of a line that are looked at, blanks in front of it included."""


def pairs(cells: str) -> Iterator[Iterable[Pair]]:
    """All pairs, by the way in which they are written: a record is written in one way."""
    if '":' in cells or '" :' in cells:
        yield ((m[1], m[2] or m[3] or "", m.start(), m.end()) for m in _OBJECT.finditer(cells))
    if "='" in cells or ("'" in cells and ("=>" in cells or ":" in cells)):
        yield ((m[1], m[2], m.start(), m.end()) for m in _GIVEN.finditer(cells))
    if "</" in cells:
        yield ((m[1], m[2], m.start(), m.end()) for m in _ELEMENT.finditer(cells))
    if '="' in cells or "='" in cells:
        said = _ATTRIBUTE.finditer(cells)
        yield ((m[1], m[2] or m[3] or m[4] or "", m.start(), m.end()) for m in said)
    if ":" in cells or "]" in cells or "】" in cells or "=" in cells:
        yield _labelled(cells)
        if cells.count(":") + cells.count("=") >= _SOME:
            yield _flowing(cells)
    if '":' in cells or '" :' in cells or "</" in cells:
        yield ((m[1] or m[3], m[2] or m[4] or "", m.start(), m.end()) for m in _SAID.finditer(cells))
    if TITLED.search(cells):
        yield _below(cells)


def _flowing(cells: str) -> Iterator[Pair]:
    """Labels that stand behind one another: what a label ends is not its neighbour's value."""
    if not NAME_LABEL.search(cells):
        return
    for m in islice(_FLOWING.finditer(cells), MOST):
        value = m[2].rstrip()
        # 氏名:山田 太郎 生年月日:… : the next label has been taken for the end of the value
        front, _, last = value.rpartition(" ")
        if front and cells[m.end() : m.end() + 1] in (":", "=") and kind_of(last):
            yield m[1], front, m.start(1), m.end()
            yield last, _rest(cells, m.end() + 1), m.end(), m.end() + 1
        else:
            yield m[1], value, m.start(1), m.end()


def _rest(cells: str, begin: int) -> str:
    return re.split(r"[\n,、;{}|\x1f]", cells[begin : begin + 60])[0].strip()


def _labelled(cells: str) -> Iterator[Pair]:
    """Labels at the beginnings of lines, each with the rest of its line."""
    for begin, end in islice(headed(cells, label=True), MOST):
        if m := _LABEL.match(cells[begin:end]):
            yield m[1], m[2], begin, end


def _below(cells: str) -> Iterator[Pair]:
    """Labels on lines of their own, each with its value on the next."""
    for begin, end in islice(headed(cells, label=False), _LINES):
        label = _ALONE.match(cells[begin : min(end, begin + _LONGEST)])
        if label is None or not kind_of(label[1]):
            continue
        below = cells[end + 1 : end + 1 + _BETWEEN * _LONGEST].split("\n", _BETWEEN)
        start = end + 1
        for line in below:
            if value := _ALONE.match(line[:_LONGEST]):
                if not kind_of(value[1]):
                    yield label[1].strip("【】[]<>: "), value[1], begin + label.start(1), start + value.end(1)
                break
            start += len(line) + 1
