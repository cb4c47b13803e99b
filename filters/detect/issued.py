"""Keys that issuers mark as theirs by how they begin (config/lists/secrets.toml): found wherever they stand."""

import re
from collections.abc import Iterator

import msgspec
import re2

from config.lists import table
from filters.detect.randomness import EXAMPLES, digest, entropy, is_real

_LIST = table("secrets")
LONGEST, AHEAD = 1_500, 120
"""Characters of a key that are looked at; those before what tells of it, where it stands inside."""
TRIES = 50_000
"""How often one form is looked for in one text."""
_PLAIN = re.compile(r"(\[[^\]]+\])\{(\d+)")
_AT_ONCE = 4
"""Characters behind the beginning without which nothing is woken."""


class Issued(msgspec.Struct, frozen=True):
    """One form: whose it is, the octets that tell, the whole of it, and whether those octets stand inside."""

    issuer: str
    tells: str
    whole: "re2._Regexp"
    inside: bool

    def found(self, cells: str) -> Iterator[tuple[int, str]]:
        """(offset, key) of each in a text with its capitals."""
        at = -1
        for _ in range(TRIES):
            if (at := cells.find(self.tells, at + 1)) < 0:
                return
            start = max(0, at - AHEAD) if self.inside else at
            window = cells[start : at + LONGEST]
            match = self.whole.search(window) if self.inside else self.whole.match(window)
            if match is None or (start + match.start() and cells[start + match.start() - 1].isalnum()):
                continue
            if cells[start + match.end() : start + match.end() + 1].isalnum() or not _drawn(
                match[0], 0 if self.inside else len(self.tells)
            ):
                continue
            yield start + match.start(), match[0]


def _drawn(key: str, begins: int) -> bool:
    """False for places to fill, and for what manuals print as an example."""
    return digest(key) not in EXAMPLES and is_real(key[begins:]) and entropy(key) >= 2.5


def _wakes(tells: str, rest: str) -> str:
    """RE2, for a text in lower case: the octets and a few of what must follow them."""
    first = _PLAIN.match(rest)
    behind = f"(?i:{first[1]})" * min(_AT_ONCE, int(first[2])) if first else ""
    return str(re2.escape(tells.lower())) + behind


def _all() -> Iterator[tuple[Issued, str]]:
    """Each form, and what wakes it."""
    for issuer, forms in _LIST["keys"].items():
        for tells, rest in forms.items():
            yield Issued(issuer, tells, re2.compile(re2.escape(tells) + rest), False), _wakes(tells, rest)
    for issuer, forms in _LIST["inside"].items():
        for tells, (wakes, whole) in forms.items():
            yield Issued(issuer, tells, re2.compile(whole), True), wakes


_FORMS = tuple(_all())
WAKES = "|".join(dict.fromkeys(wakes for _, wakes in _FORMS))
"""RE2: matches a folded text in lower case wherever one of them may stand."""


def _compiled() -> "re2._Set":
    options = re2.Options()
    options.max_mem = 64 << 20
    compiled = re2.Set.SearchSet(options)
    for _, wakes in _FORMS:
        compiled.Add(wakes)
    compiled.Compile()
    return compiled


_SET = _compiled()


def issued(cells: str, flat: str) -> Iterator[tuple[str, int, str]]:
    """(issuer, offset, key) of the keys in a text; `cells` is `flat` with its capitals."""
    for number in sorted(_SET.Match(flat.encode("utf-8", "replace")) or ()):
        form = _FORMS[number][0]
        for offset, key in form.found(cells):
            yield form.issuer, offset, key
