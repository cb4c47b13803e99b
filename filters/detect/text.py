"""One text of a mail, in the forms that rules compare."""

from mail.charset import fold, normalise

TAB = "\x1f"
"""What a tab becomes in `cells`: folding joins Japanese words over blanks, but must not join two cells."""


class Text:
    """One text of a mail.

    `role` is "subject", "body", "name" (of a file), "content" (of a file) or "property" (of a file or of the mail).
    """

    __slots__ = ("_cells", "_flat", "place", "raw", "role")

    def __init__(self, place: str, raw: str, role: str) -> None:
        self.place = place
        self.raw = raw
        self.role = role
        self._flat: str | None = None
        self._cells: str | None = None

    @property
    def cells(self) -> str:
        """The text folded (NFKC, without invisible characters) with its capitals; cells are divided by TAB."""
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
        """The offset in `raw` of what stands at `offset` of `flat` or `cells`.

        Folding never joins lines, so only the one line has to be folded with its offsets.
        """
        if offset < 0 or self.raw.isascii():
            return offset
        begin = self.flat.rfind("\n", 0, offset) + 1
        start = 0
        for _ in range(self.flat.count("\n", 0, begin)):
            start = self.raw.find("\n", start) + 1
        end = self.raw.find("\n", start)
        line = self.raw[start : end if end >= 0 else len(self.raw)]
        offsets = normalise(line.replace("\t", TAB))[1]
        return start + offsets[min(offset - begin, len(offsets) - 1)]


def _folded(text: str) -> str:
    """`fold(text)`. Lines of ASCII stay what they are, so a text of mostly such lines is folded line by line."""
    if text.isascii():
        return text
    lines = text.split("\n")
    if 2 * sum(len(line) for line in lines if line.isascii()) < len(text):
        return fold(text)
    return "\n".join([line if line.isascii() else fold(line) for line in lines])
