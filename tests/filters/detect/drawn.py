"""Keys drawn by chance from the expressions of config/lists/secrets.toml: no key stands in the tests."""

import random
import re._constants as kinds
import re._parser as parser
import string
from collections.abc import Iterable

_ALL = string.ascii_letters + string.digits + "-_+/=.%"


def drawn(expression: str, seed: str) -> str:
    """A text that the expression matches in full; the same one for the same seed."""
    return _of(parser.parse(expression), random.Random(seed))


def _of(tree: Iterable[tuple[object, object]], chance: random.Random) -> str:
    return "".join(_one(op, of, chance) for op, of in tree)


def _one(op: object, of: object, chance: random.Random) -> str:
    match op, of:
        case kinds.LITERAL, int(code):
            return chr(code)
        case kinds.IN, list(members):
            return chance.choice([c for c in _ALL if _has(members, c)])
        case kinds.MAX_REPEAT, (low, high, inner):
            most = min(int(high), max(low, 1) + 5)
            return "".join(_of(inner, chance) for _ in range(chance.randint(low, max(low, most))))
        case kinds.BRANCH, (_, ways):
            return _of(chance.choice(ways), chance)
        case kinds.SUBPATTERN, (*_, inner):
            return _of(inner, chance)
    raise ValueError(f"{op} is not drawn")


def _has(members: Iterable[tuple[object, object]], char: str) -> bool:
    inside, negated = False, False
    for op, of in members:
        if op is kinds.NEGATE:
            negated = True
        elif op is kinds.LITERAL:
            inside = inside or ord(char) == of
        elif op is kinds.RANGE and isinstance(of, tuple):
            inside = inside or of[0] <= ord(char) <= of[1]
    return inside != negated
