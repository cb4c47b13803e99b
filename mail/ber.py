"""ASN.1 values in BER (X.690), as CMS and PKCS #7 use them: a walk over elements, within bounds.

Lengths may be indefinite and octet strings may come in pieces, as programs that encode while they read write them. Nothing is
decoded but what is asked for.

Diagnostics: NotBer for what is no BER, is cut off, or goes deeper or longer than any certificate or mail needs.
"""

from collections.abc import Iterator
from typing import NamedTuple

DEPTH = 32
ELEMENTS = 500_000
"""Elements of one value; a mail of 30 MB in pieces of 1 kB has 30,000."""
SEQUENCE, OCTETS, OID = 0x30, 0x04, 0x06
CONSTRUCTED = 0x20


class NotBer(ValueError):
    """No BER, or more of it than is walked."""


class Value(NamedTuple):
    """One element: its identifier octet, where its contents are, and where the next element begins."""

    tag: int
    start: int
    end: int
    next: int


class Walk:
    """The elements of one buffer."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._left = ELEMENTS
        self._ends: dict[int, int] = {}
        """Of values of indefinite length, by where their contents begin: each is walked once."""

    def element(self, at: int, end: int, depth: int = 0) -> Value:
        """The element that begins at `at` and has to end before `end`. Raises NotBer."""
        self._left -= 1
        if self._left < 0 or depth > DEPTH:
            raise NotBer("too deep, or too many elements")
        if at + 2 > end:
            raise NotBer("cut off")
        tag, first = self.data[at], self.data[at + 1]
        if tag & 31 == 31:
            raise NotBer("a long tag")
        at += 2
        if first == 0x80:
            if not tag & CONSTRUCTED:
                raise NotBer("a primitive value without an end")
            close = self._close(at, end, depth)
            return Value(tag, at, close, close + 2)
        length = first
        if first & 0x80:
            count = first & 0x7F
            if count > 8 or at + count > end:
                raise NotBer("length")
            length = int.from_bytes(self.data[at : at + count], "big")
            at += count
        if at + length > end:
            raise NotBer("cut off")
        return Value(tag, at, at + length, at + length)

    def _close(self, at: int, end: int, depth: int) -> int:
        """Where the two zeros stand that end a value of indefinite length."""
        start = at
        if start not in self._ends:
            while self.data[at : at + 2] != b"\0\0":
                at = self.element(at, end, depth + 1).next
            self._ends[start] = at
        return self._ends[start]

    def children(self, of: Value) -> Iterator[Value]:
        """The elements inside a constructed one. Raises NotBer."""
        at = of.start
        while at < of.end:
            child = self.element(at, of.end)
            yield child
            at = child.next

    def octets(self, of: Value, depth: int = 0) -> bytes:
        """The value of an octet string, in one piece or in many. Raises NotBer."""
        if not of.tag & CONSTRUCTED:
            return self.data[of.start : of.end]
        if depth > DEPTH:
            raise NotBer("too deep")
        return b"".join(self.octets(child, depth + 1) for child in self.children(of))
