"""How a kind of number is recognised in a folded text: by a keyword nearby, by its shape, by its check digit."""

import re
from collections.abc import Callable, Iterator

import msgspec

MOST = 200
"""Most data counted in one text; more would add nothing."""


class Datum(msgspec.Struct, frozen=True):
    """One personal datum: its kind, the characters that identify it, its offset in the folded text."""

    kind: str
    value: str
    offset: int


class Kind(msgspec.Struct, frozen=True):
    """How one kind is recognised: `value` at most `near` characters from `keyword`, and `valid`.

    `firsts` are literals of which one occurs in every keyword (the prefilter asks for them). Where there is no keyword, the
    number tells by itself what it is: `shape` is an RE2 expression that matches wherever one may stand. `behind`: the
    value must follow the keyword. `of` is the kind of datum, where several forms are one kind; `cut` answers what
    of a match is the number, where what follows may look like more of it.
    """

    name: str
    firsts: tuple[str, ...]
    keyword: re.Pattern[str] | None
    value: re.Pattern[str]
    near: int = 0
    valid: Callable[[str], bool] = bool
    behind: bool = False
    shape: str = ""
    of: str = ""
    cut: Callable[[str], str] = str

    def found(self, flat: str) -> Iterator[Datum]:
        """The data of this kind in a folded text, without duplicates."""
        if self.keyword is None:
            for match in self.value.finditer(flat):
                value = _bare(self.cut(match[0]))
                if self.valid(value):
                    yield Datum(self.of or self.name, value, match.start())
            return
        done = 0
        for keyword in self.keyword.finditer(flat):
            start = max(done, keyword.end() if self.behind else keyword.start() - self.near)
            end = keyword.end() + self.near
            for match in self.value.finditer(flat, start, end):
                value = match.groupdict().get("value") or match[0]
                value = _bare(value)
                if match.end() <= end and self.valid(value):
                    yield Datum(self.of or self.name, value, match.start())
                done = max(done, match.end())


def _bare(value: str) -> str:
    """Without blanks and separators."""
    return re.sub(r"[^0-9a-z<]", "", value)
