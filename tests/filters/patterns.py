"""Strings that a regular expression matches: at least one for each of its branches."""

import re
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_OF_CATEGORY = {
    op.CATEGORY_DIGIT: "7", op.CATEGORY_NOT_DIGIT: "x", op.CATEGORY_SPACE: " ", op.CATEGORY_NOT_SPACE: "x",
    op.CATEGORY_WORD: "k", op.CATEGORY_NOT_WORD: "-",
}  # fmt: skip


def strings(pattern: str) -> list[str]:
    """One string for each branch, however deep; what may be left out is left out in the first ones. Look-around and
    anchors are ignored, so a string need not match."""
    pattern = re.sub(r"\\x\{([0-9a-f]+)\}", lambda m: chr(int(m[1], 16)), pattern)
    pattern = pattern.replace(r"\p{Nd}", r"\d")
    return list(dict.fromkeys(_all(_parser.parse(pattern, re.UNICODE))))


def _all(parsed: Any) -> list[str]:
    found = [""]
    for code, argument in parsed:
        pieces = _piece(code, argument)
        count = max(len(found), len(pieces))
        found = [found[n % len(found)] + pieces[n % len(pieces)] for n in range(count)]
    return found


def _piece(code: Any, argument: Any) -> list[str]:
    match code:
        case op.LITERAL:
            return [chr(argument)]
        case op.NOT_LITERAL:
            return ["x" if argument != ord("x") else "y"]
        case op.ANY:
            return ["x"]
        case op.IN:
            return _members(argument)
        case op.BRANCH:
            return [s for branch in argument[1] for s in _all(branch)]
        case op.SUBPATTERN:
            return _all(argument[-1])
        case op.ATOMIC_GROUP:
            return _all(argument)
        case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
            least, most, inner = argument
            some = _all(inner)
            fewest = ["".join(some[(n + k) % len(some)] for k in range(least)) for n in range(len(some))]
            return fewest if least or most == 0 else ["", *some]
        case _:
            return [""]


def _members(argument: Any) -> list[str]:
    """A few characters of a class: the first one of each range, or one outside a negated class."""
    negated = argument[0][0] is op.NEGATE
    found = []
    for code, value in argument[1:] if negated else argument:
        if code is op.LITERAL:
            found.append(chr(value))
        elif code is op.RANGE:
            found.append(chr(value[0]))
        elif code is op.CATEGORY:
            found.append(_OF_CATEGORY[value])
    return [next(c for c in "xz7字 -" if c not in found)] if negated else found
