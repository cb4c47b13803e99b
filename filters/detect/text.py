"""One text of a mail, in the forms that rules compare."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, repeat
from operator import add

from mail.charset import fold, normalise

TAB = "\x1f"
"""What a tab becomes in `cells`: folding joins Japanese words over blanks, but must not join two cells."""


KEPT = 256


class Idle(set[str]):
    """Pieces of a text that were looked at in vain, the last KEPT of them: what is the same, and stands between the same, need
    not be looked at again. `different`: how many there were.

    "" is a piece near the beginning or the end of the text, where less than usual stands around it: those are looked at each
    time, since in a short text all pieces have the same surroundings, the whole text.
    """

    different = 0

    def add(self, piece: str) -> None:
        if not piece:
            return
        if len(self) >= KEPT:
            self.clear()
        self.different += 1
        super().add(piece)


class Text:
    """One text of a mail.

    `role` is "subject", "body", "name" (of a file), "content" (of a file) or "property" (of a file or of the
    mail).
    """

    __slots__ = ("_cells", "_flat", "_folded", "_lines", "place", "raw", "role")

    def __init__(self, place: str, raw: str, role: str) -> None:
        self.place = place
        self.raw = raw
        self.role = role
        self._flat: str | None = None
        self._cells: str | None = None
        self._lines: tuple[list[int], list[int]] | None = None
        self._folded: tuple[int, Sequence[int]] = (-1, ())

    @property
    def cells(self) -> str:
        """The text folded (NFKC, without invisible characters) with its capitals; cells are separated by TAB."""
        if self._cells is None:
            self._cells = _folded(self.raw.replace("\t", TAB))
        return self._cells

    @property
    def flat(self) -> str:
        """The text as rules compare it: folded, lower case."""
        if self._flat is None:
            self._flat = self.cells.lower().replace(TAB, "\t")
        return self._flat

    def origin(self, offset: int) -> int:
        """The offset in `raw` of what is at `offset` of `flat` or `cells`.

        Folding never joins lines, so only that one line has to be folded with its offsets.
        """
        if offset < 0 or self.raw.isascii():
            return offset
        if self._lines is None:
            self._lines = line_starts(self.flat), line_starts(self.raw)
        number = bisect_right(self._lines[0], offset, hi=len(self._lines[0]) - 1) - 1
        begin, start = self._lines[0][number], self._lines[1][number]
        if self._folded[0] != number:  # what is asked for one after the other mostly stands in one line
            end = self.raw.find("\n", start)
            line = self.raw[start : end if end >= 0 else len(self.raw)]
            self._folded = number, normalise(line.replace("\t", TAB))[1]
        offsets = self._folded[1]
        return start + offsets[min(offset - begin, len(offsets) - 1)]


def line_starts(text: str) -> list[int]:
    """Where each line begins, and where one more would, behind the last; nothing in Python for each of them."""
    return list(accumulate(map(add, map(len, text.split("\n")), repeat(1)), initial=0))


def _folded(text: str) -> str:
    """`fold(text)`. Lines of ASCII stay as they are, so a text of mostly such lines is folded line by line."""
    if text.isascii():
        return text
    lines = text.split("\n")
    if 2 * sum(map(len, filter(str.isascii, lines))) < len(text):
        return fold(text)
    return "\n".join([line if line.isascii() else fold(line) for line in lines])
