"""Legends: where the classes of a scheme are listed, so that none of them is a mark of this paper."""

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from config.policy import Class

NEAR = 4
"""Lines between two entries of a list."""

_JOIN = re.compile(
    r"\W{0,6}(?:or|and|または|又は|もしくは|と|及び|および|から|[、,/・|，／｜→>＞])\W{0,4}|"
    r"[」』\"'][「『\"']|\t{1,8}|\W{1,3}\w\W{1,3}"
)
_PUBLIC = r"(?:公開|一般|社外可|オープン|public|unclassified)"
_THEN_PUBLIC = re.compile(
    rf"(?i)\W{{1,4}}(?:or |and |または|と|および)?\W{{0,2}}{_PUBLIC}(?:$|\W|の|など|等)"
)
_PUBLIC_THEN = re.compile(
    rf"(?i){_PUBLIC}\W{{1,4}}(?:or |and )?\W{{0,2}}$|{_PUBLIC}(?:と|または|および)\W{{0,2}}$"
)
_CHOSEN = re.compile(r"(?:[☑☒■✔✓◉●✅◎🗹]|[\[(][xX✓レ][\])])[\s　]*$")
_LEFT_OPEN = re.compile(r"(?:[□☐○◯⬜❏]|[\[(][ 　][\])])[\s　]*$")
_OPEN = re.compile(r"(?:[□☐○◯⬜❏]|[\[(][ 　][\])])[\s　]*\w")
_CHOSEN_BEHIND = re.compile(r"[\s　]{0,3}(?:[☑☒■✔✓◉●✅🗹]|[\[(][xX✓レ][\])])")
_OPEN_BEHIND = re.compile(r"[\s　]{0,3}(?:[□☐○◯⬜❏]|[\[(][ 　][\])])[\s　]*(?:$|\w)")
_ENDS_OPEN = re.compile(r"(?:[□☐○◯⬜❏]|[\[(][ 　][\])])\W*$")
_TICK = re.compile(r"[☑☒■✔✓◉●✅🗹]|[\[(][xX✓レ][\])]")
_EQUAL = re.compile(r"[」』\"')]?\s{0,2}(?:[=≒⇔→]|->)\s{0,2}\w")
_EQUALS = re.compile(r"\w[」』\"')]?\s{0,2}(?:[=≒⇔→]|->)\s{0,2}[「『\"'(]?$")
_ADDS = ("for ", "not ", "do not ", "nur ", "nicht ", "à usage ", "de uso ", "ad uso ", "para uso ", "voor ")
"""What a mark begins with that says more of the class before it."""
_HEAD = re.compile(r"\W*$")


class MarkInRow(msgspec.Struct, frozen=True):
    """A mark in its row: class, folded words, offset in the folded text, number of its line, what stands beside it."""

    of: Class
    word: str
    offset: int
    line: int
    before: str
    after: str

    @property
    def names(self) -> bool:
        """True for the name of a class; 関係者限り beside it says who may read it."""
        return self.word.isascii() or self.word.endswith("秘")

    @property
    def heads(self) -> bool:
        """True at the beginning of a line or a cell."""
        return bool(_HEAD.match(self.before.rpartition("\t")[2]))


def only_listed(marks: Sequence[MarkInRow], stamps: Sequence[MarkInRow]) -> frozenset[MarkInRow]:
    """Those of these stamps that only list the classes of a scheme; one that is ticked in a list is not among them.

    `marks`: all that the text names, which have to be stamps only where they stand below one another.
    """
    listed: set[MarkInRow] = set()
    for one in stamps:
        if _CHOSEN_BEHIND.match(one.after) and _ENDS_OPEN.search(one.after):
            continue  # Confidential ☒ Public ☐
        open_box = _LEFT_OPEN.search(one.before)
        others = open_box and (_OPEN.search(one.after.lstrip()[:12]) or _TICK.search(one.before + one.after))
        left_open = others or (_OPEN_BEHIND.match(one.after) and _TICK.search(one.after))
        if left_open or _THEN_PUBLIC.match(one.after) or _PUBLIC_THEN.search(one.before):
            listed.add(one)
    for one, other in pairwise(marks):
        if _differ(one, other) and one.line == other.line:
            between = other.before[len(other.before) - (other.offset - one.offset - len(one.word)) :]
            if other.word.startswith(_ADDS):
                continue
            if _JOIN.fullmatch(between) and one.names and other.names:
                listed |= {one, other}
    equal = [one for one in marks if _EQUAL.match(one.after) or _EQUALS.search(one.before)]
    for line in {one.line for one in equal}:
        if (
            len({one.of for one in equal if one.line == line}) >= 2
        ):  # 社外秘 = company confidential / 極秘 = …
            listed |= {one for one in (*marks, *stamps) if one.line == line}
    for one, other in pairwise(stamps):
        if _differ(one, other) and 0 < other.line - one.line <= NEAR and one.heads and other.heads:
            listed |= {one, other}
    boxes = [one for one in stamps if _LEFT_OPEN.search(one.before)]
    ticked = {one for one in stamps if _CHOSEN.search(one.before) and any(o.line == one.line for o in boxes)}
    ticked |= {one for one in listed if _CHOSEN.search(one.before) and _OPEN.search(one.before + one.after)}
    listed |= {one for one in boxes if any(o.line == one.line for o in ticked)}
    return frozenset(listed - ticked)


def _differ(one: MarkInRow, other: MarkInRow) -> bool:
    """True for two classes; 社外秘 beside its translation is no list."""
    return one.of != other.of and one.word.isascii() == other.word.isascii()
