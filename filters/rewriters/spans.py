"""The elements of an XML member as spans of its octets, so that some can be cut out and all others keep theirs.

    whole = elements(data)                    Element: .name .attributes .start .opened .closed .end .parent
    cut(data, [(start, end, b""), …])         the octets without these spans, or with others in their place

Diagnostics: expat.ExpatError, ValueError for XML that is not well-formed or has a document type.
"""

import re
from collections.abc import Iterable
from xml.parsers import expat

import msgspec

_TAG = re.compile(rb"<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
DEPTH = 500

Span = tuple[int, int, bytes]
"""From, to, and what stands there instead."""


class Element(msgspec.Struct):
    """An element: `name` without its prefix; `start` and `end` of all of it, `opened` behind its first tag, `closed` before
    its last one; `parent` is the index of the one around it, -1 for the root."""

    name: str
    attributes: dict[str, str]
    start: int
    opened: int
    closed: int
    end: int
    parent: int

    @property
    def is_empty(self) -> bool:
        return self.opened == self.end


def elements(data: bytes) -> list[Element]:
    """All elements in the order of their first tags."""
    found: list[Element] = []
    open_: list[int] = []
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        match = _TAG.match(data, at)
        if match is None or len(open_) > DEPTH:
            raise ValueError("a tag that cannot be found, or nested too deep")
        name = tag.rpartition(":")[2]
        found.append(
            Element(name, attributes, at, match.end(), match.end(), match.end(), open_[-1] if open_ else -1)
        )
        open_.append(len(found) - 1)

    def end(tag: str) -> None:
        element = found[open_.pop()]
        if data[element.opened - 2 : element.opened] == b"/>":
            return
        element.closed = parser.CurrentByteIndex
        element.end = data.index(b">", element.closed) + 1

    def doctype(*_: object) -> None:
        raise ValueError("a document type")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(data, True)
    return found


def cut(data: bytes, spans: Iterable[Span]) -> bytes:
    """`data` with the spans replaced; what lies within one that is cut goes with it."""
    pieces, at = [], 0
    for start, end, instead in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < at:
            continue
        pieces += [data[at:start], instead]
        at = end
    return b"".join([*pieces, data[at:]])


def without(element: Element) -> Span:
    return element.start, element.end, b""


def unwrapped(element: Element) -> list[Span]:
    """Its tags go, what is in it stays."""
    return [(element.start, element.opened, b""), (element.closed, element.end, b"")]


def emptied(element: Element) -> Span:
    """Its tags stay, what is in it goes."""
    return element.opened, element.closed, b""
