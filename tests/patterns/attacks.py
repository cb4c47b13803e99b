"""Texts that make a pattern work hard, made from its own parse tree: something that begins a match, something that can
be repeated, and (the caller's) an end that does not fit."""

import re
import re._constants as c
import re._parser as parser
from collections.abc import Iterator
from typing import Any

from tests.patterns.steps import REPEATS, SINGLE, fitting

LIKELY = "a1 -.\n/A@<=,あ\u3000\t:;\"'{(\\&%z0"
"""One of each kind of character that patterns tell apart."""
WAYS = 24
"""Most branches of an alternative that are walked into for the repeated part."""
LEAD = 60
"""Characters of what may stand before; a longer one would only dilute what is repeated."""


def characters(op: Any, av: Any, flags: int, octets: bool) -> list[str]:
    """Some characters that fit one item; the item's own first."""
    fits = fitting(op, av, flags, octets)
    own: list[str] = []
    if op is c.LITERAL:
        return [chr(av)]
    if op is c.IN and av[0][0] is not c.NEGATE:
        for kind, value in av:
            own += [chr(v) for v in (value if kind is c.RANGE else (value,) if kind is c.LITERAL else ())]
    return [x for x in dict.fromkeys([*own, *LIKELY]) if (not octets or ord(x) < 256) and fits[x]][:6] or [
        "\x01"
    ]


class Attacks:
    """`all`: different ones, each of (what begins, what is repeated, what ends)."""

    def __init__(self, pattern: "re.Pattern[Any]") -> None:
        self.octets = isinstance(pattern.pattern, bytes)
        self.flags = pattern.flags
        self.tree = parser.parse(
            pattern.pattern, pattern.flags & ~re.UNICODE if self.octets else pattern.flags
        )
        # An end that does not fit; lines matter to those that speak of them, or of nearly every character.
        lines = re.search(r"\\[rnsSDW]|\n|\.|\[\^", str(pattern.pattern))
        self.tails = ("\0", "\0\n") if lines else ("\0",)

    def all(self, most: int) -> list[tuple[str, str, str]]:
        found = {("", char): None for char in LIKELY if not self.octets or ord(char) < 256}
        for pick in range(4):
            whole = self._sample(self.tree, pick)
            for cut in (0, 1, 2, 3, len(whole) // 2):
                found["", whole[: len(whole) - cut]] = None
                found["", whole[cut:]] = None
        found |= dict.fromkeys(self._walk(self.tree, ""))
        pairs = [(before, pump) for before, pump in found if pump]
        step = max(1.0, len(pairs) / most)
        some = [pairs[int(number * step)] for number in range(min(most, len(pairs)))]
        return [(*pair, tail) for pair in some for tail in self.tails]

    def _sample(self, tree: Any, pick: int = 0) -> str:
        """A text that fits the tree (but for look-around and back references)."""
        text = ""
        for op, av in tree:
            if op in SINGLE:
                fits = characters(op, av, self.flags, self.octets)
                text += fits[pick % len(fits)]
            elif op in REPEATS:
                low, high, inner = av
                text += self._sample(inner, pick) * min(max(low, 1 if high else 0), 8)
            elif op is c.SUBPATTERN:
                text += self._sample(av[-1], pick)
            elif op is c.ATOMIC_GROUP:
                text += self._sample(av, pick)
            elif op is c.BRANCH:
                text += self._sample(av[1][pick % len(av[1])], pick)
            elif op is c.GROUPREF:
                text += "a"
        return text

    def _ways(self, tree: Any) -> int:
        """How many picks show every branch at the top of a tree."""
        most = 4
        for op, av in tree:
            if op is c.BRANCH:
                most = max(most, len(av[1]))
            elif op is c.SUBPATTERN:
                most = max(most, self._ways(av[-1]))
        return min(most, WAYS)

    def _walk(self, tree: Any, before: str) -> Iterator[tuple[str, str]]:
        items = list(tree)
        for number, (op, av) in enumerate(items):
            if op in REPEATS:
                for pick in range(self._ways(av[2])):
                    pump = self._sample(av[2], pick)
                    longer = pump + self._sample(items[number + 1 : number + 2], pick)
                    for each in dict.fromkeys((pump, longer)):
                        yield from ((before, each), ("", before + each), ("", each))
                yield from self._walk(av[2], before)
            elif op is c.SUBPATTERN:
                yield from self._walk(av[-1], before)
            elif op is c.ATOMIC_GROUP:
                yield from self._walk(av, before)
            elif op in (c.ASSERT, c.ASSERT_NOT):
                yield from self._walk(av[1], before)
            elif op is c.BRANCH:
                for branch in av[1]:
                    yield from self._walk(branch, before)
            before += self._sample([(op, av)])
            if len(before) < LEAD:
                yield "", before
