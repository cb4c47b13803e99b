"""Domains that people write by mistake for another: one or two letters off, another ending, Japanese spelt another way."""

import re
from functools import lru_cache

from filters.lures.hosts import is_customers, label, near, readable, skeleton

LONG = 9
"""From so many letters on two mistakes are forgiven."""
_SPELT = tuple(
    (re.compile(pattern), same)
    for pattern, same in (
        (r"([aiueo])\1", r"\1"), (r"sy(?=[aueo])", "sh"), (r"[tc]y(?=[aueo])", "ch"), (r"[zj]y(?=[aueo])", "j"),
        (r"shi", "si"), (r"chi", "ti"), (r"tsu", "tu"), (r"fu", "hu"), (r"ji", "zi"), (r"ou", "o"),
        (r"oh(?![aiueo])", "o"), (r"m(?=[bmp])", "n"),
    )
)  # fmt: skip
"""Spellings of one sound."""
_ADDED = re.compile(r"-?(?:jp|japan|co|inc|corp|ltd|com|net|mail|office|info)$|^(?:mail|www)-")
"""What people add to a name that they do not know for sure."""


@lru_cache(maxsize=8192)
def looks(domain: str) -> str:
    """The name of a domain as it is compared: look-alike letters and spellings of Japanese unified, no hyphens; "" for a
    name that is too short to be mistaken, is nobody's (RFC 2606), or whose mailboxes belong to anybody."""
    name = label(readable(domain)).lower()
    look = skeleton(spelt(name)).replace("-", "")
    return "" if len(look) < 4 or name == "example" or is_customers(domain) else look


def spelt(name: str) -> str:
    """A Japanese name in Latin letters in one spelling: syouji, shoji and shohji are one."""
    for pattern, same in _SPELT:
        name = pattern.sub(same, name)
    return name


def mistyped(domain: str, meant: str) -> bool:
    """True when somebody who wrote `domain` may well have meant `meant`. A longer name is a company of its own."""
    one, other = looks(domain), looks(meant)
    if not one or not other:
        return False
    if one == other or (min(len(one), len(other)) >= 5 and near(one, other)):
        return True
    if _ADDED.sub("", label(domain)) == label(meant):
        return True
    return min(len(one), len(other)) >= LONG and _within_two(one, other)


def _within_two(one: str, other: str) -> bool:
    """True when two insertions, deletions or substitutions make them equal."""
    if abs(len(one) - len(other)) > 2:
        return False
    row = list(range(len(other) + 1))
    for n, char in enumerate(one, 1):
        last, row = row, [n]
        for m, at in enumerate(other, 1):
            row.append(min(last[m] + 1, row[-1] + 1, last[m - 1] + (char != at)))
    return row[-1] <= 2
