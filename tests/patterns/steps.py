"""The instructions of a backtracking matcher for a pattern, from `re`'s own parse tree; tests/patterns/walk.py walks them."""

import re
import re._compiler as compiler
import re._constants as c
import re._parser as parser
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

COPIES = 300
"""Most copies of a repeated group; beyond that a bound is taken for none."""


@dataclass
class Machine:
    """The instructions for one pattern: `(operation, arguments …)`, jumps are indexes."""

    begins: "Begins | None" = None
    """Whether a match may begin with a character; None: it may be empty, or nobody knows."""
    code: list[tuple[Any, ...]] = field(default_factory=list)
    exact: bool = True
    """False: what it finds may be longer than what `re` finds (COPIES)."""


def machine(pattern: "re.Pattern[Any]") -> Machine:
    flags = pattern.flags & ~re.DEBUG
    tree = parser.parse(pattern.pattern, flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else flags)
    octets = isinstance(pattern.pattern, bytes)
    first = _first(tree, pattern.flags, octets)
    made = Machine(None if first is None else Begins(first))
    _emit(made, tree, pattern.flags, octets)
    made.code.append(("found",))
    return made


def _first(tree: Any, flags: int, octets: bool) -> "list[Fits] | None":
    """What the first character may be; None when there may be none."""
    found: list[Fits] = []
    for op, av in tree:
        if op in SINGLE:
            return [*found, fitting(op, av, flags, octets)]
        if op in REPEATS:
            more = _first(av[2], flags, octets)
            if more is None:
                return None
            found += more
            if av[0]:
                return found
        elif op is c.SUBPATTERN:
            more = _first(av[3], (flags | av[1]) & ~av[2], octets)
            if more is None:
                return None
            return [*found, *more]
        elif op is c.ATOMIC_GROUP:
            more = _first(av, flags, octets)
            return None if more is None else [*found, *more]
        elif op is c.BRANCH:
            for branch in av[1]:
                more = _first(branch, flags, octets)
                if more is None:
                    return None
                found += more
            return found
        elif op not in (c.AT, c.ASSERT, c.ASSERT_NOT):
            return None
    return None


class Fits(dict[str, bool]):
    """By character: whether it fits one item, as `re` itself says."""

    def __init__(self, single: "re.Pattern[Any]", octets: bool) -> None:
        self._single, self._octets = single, octets

    def __missing__(self, char: str) -> bool:
        text: Any = char.encode("latin-1") if self._octets else char
        self[char] = fits = self._single.match(text) is not None
        return fits


class Begins(dict[str, bool]):
    """By character: whether it fits one of several items."""

    def __init__(self, several: list[Fits]) -> None:
        self._several = several

    def __missing__(self, char: str) -> bool:
        self[char] = begins = any(fits[char] for fits in self._several)
        return begins


@cache
def _one(op: Any, argument: Any, flags: int, octets: bool) -> Fits:
    state = parser.State()
    state.str = b"x" if octets else "x"
    state.flags = flags & ~re.DEBUG
    tree = parser.SubPattern(state, [(op, list(argument) if op is c.IN else argument)])
    return Fits(compiler.compile(tree, state.flags), octets)


class Ways(dict[str, list[tuple[int, int]]]):
    """The branches of an alternative by the character that comes ("" for none): (where it begins, steps before it) of each,
    the last first; where is -1 behind the last of all. Those that cannot begin so are not walked; the two steps that each
    of them takes (to it, and its first character) are counted all the same."""

    def __init__(self, ways: list[tuple[int, Fits | None]]) -> None:
        self._ways = ways

    def __missing__(self, char: str) -> list[tuple[int, int]]:
        found, steps, last = list[tuple[int, int]](), 0, len(self._ways) - 1
        for number, (at, fits) in enumerate(self._ways):
            steps += number < last
            if fits is None or (char and fits[char]):
                found.append((at, steps))
                steps = 0
            else:
                steps += 1
        if steps:
            found.append((-1, steps))
        self[char] = found = found[::-1]
        return found


SINGLE = {c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN}
REPEATS = {c.MAX_REPEAT: "greedy", c.MIN_REPEAT: "lazy", c.POSSESSIVE_REPEAT: "possessive"}


def _emit(made: Machine, tree: Any, flags: int, octets: bool) -> None:
    code = made.code
    for op, av in tree:
        if op in SINGLE:
            code.append(("char", fitting(op, av, flags, octets)))
        elif op in REPEATS:
            low, high, inner = av
            mode = REPEATS[op]
            items = list(inner)
            while (
                len(items) == 1
                and items[0][0] is c.SUBPATTERN
                and items[0][1][0] is None
                and not any(items[0][1][1:3])
            ):
                items = list(items[0][1][3])
            if len(items) == 1 and items[0][0] in SINGLE:
                most = None if high is c.MAXREPEAT else high
                code.append(("run", fitting(*items[0], flags, octets), low, most, mode))
            elif mode == "possessive":
                within = Machine()
                _repeat(within, low, high, inner, "greedy", flags, octets)
                within.code.append(("found",))
                code.append(("atomic", within))
                made.exact &= within.exact
            else:
                _repeat(made, low, high, inner, mode, flags, octets)
        elif op is c.SUBPATTERN:
            group, plus, minus, inner = av
            if group is not None:
                code.append(("save", 2 * group))
            _emit(made, inner, (flags | plus) & ~minus, octets)
            if group is not None:
                code.append(("save", 2 * group + 1))
        elif op is c.BRANCH:
            here, ends, ways = len(code), list[int](), list[tuple[int, Fits | None]]()
            code.append(())
            for number, branch in enumerate(av[1]):
                ways.append((len(code), _leading(branch, flags, octets)))
                _emit(made, branch, flags, octets)
                if number < len(av[1]) - 1:
                    ends.append(len(code))
                    code.append(())
            code[here] = ("branch", Ways(ways))
            for end in ends:
                code[end] = ("jump", len(code))
        elif op in (c.ASSERT, c.ASSERT_NOT):
            within = Machine()
            _emit(within, av[1], flags, octets)
            within.code.append(("found",))
            back = av[1].getwidth()[0] if av[0] < 0 else 0
            if [step[0] for step in within.code] == ["char", "found"]:  # nearly all: no walk of its own
                code.append(("peek", within.code[0][1], back, op is c.ASSERT))
            else:
                code.append(("look", within, back, op is c.ASSERT))
            made.exact &= within.exact
        elif op is c.ATOMIC_GROUP:
            within = Machine()
            _emit(within, av, flags, octets)
            within.code.append(("found",))
            code.append(("atomic", within))
            made.exact &= within.exact
        elif op is c.AT:
            code.append(("at", _place(av, flags, octets)))
        elif op is c.GROUPREF:
            code.append(("same", av, bool(flags & re.IGNORECASE)))
        elif op is c.FAILURE:
            code.append(("fail",))
        else:
            raise NotImplementedError(f"{op} in a pattern: teach it to tests/patterns/steps.py")


def _leading(tree: Any, flags: int, octets: bool) -> "Fits | None":
    """What the first character must be, where asking for it is the first step; else None."""
    for op, av in tree:
        if op in SINGLE:
            return fitting(op, av, flags, octets)
        if op is c.SUBPATTERN and av[0] is None:
            return _leading(av[3], (flags | av[1]) & ~av[2], octets)
        if op in REPEATS and op is not c.POSSESSIVE_REPEAT and av[0]:
            return _leading(av[2], flags, octets)
        return None
    return None


def fitting(op: Any, av: Any, flags: int, octets: bool) -> Fits:
    return _one(op, tuple(av) if op is c.IN else av, flags, octets)


def _repeat(made: Machine, low: int, high: Any, inner: Any, mode: str, flags: int, octets: bool) -> None:
    code = made.code
    for _ in range(low):
        _emit(made, inner, flags, octets)
    if high is not c.MAXREPEAT and high - low <= COPIES:
        splits = []
        for _ in range(high - low):
            splits.append(len(code))
            code.append(())
            _emit(made, inner, flags, octets)
        for split in splits:
            into, past = split + 1, len(code)
            code[split] = ("split", into, past) if mode == "greedy" else ("split", past, into)
        return
    made.exact &= high is c.MAXREPEAT
    split = len(code)
    code.append(())
    code.append(("mark", split))
    _emit(made, inner, flags, octets)
    code.append(("moved", split))
    code.append(("jump", split))
    into, past = split + 1, len(code)
    code[split] = ("split", into, past) if mode == "greedy" else ("split", past, into)


def _place(at: Any, flags: int, octets: bool) -> Callable[[str, int], bool]:
    if at is c.AT_BEGINNING and flags & re.MULTILINE:
        return lambda text, pos: pos == 0 or text[pos - 1] == "\n"
    if at in (c.AT_BEGINNING, c.AT_BEGINNING_STRING):
        return lambda text, pos: pos == 0
    if at is c.AT_END and flags & re.MULTILINE:
        return lambda text, pos: pos == len(text) or text[pos] == "\n"
    if at is c.AT_END:
        return lambda text, pos: pos == len(text) or (pos == len(text) - 1 and text[pos] == "\n")
    if at is c.AT_END_STRING:
        return lambda text, pos: pos == len(text)
    word = _one(c.IN, ((c.CATEGORY, c.CATEGORY_WORD),), flags, octets)
    edge = at is c.AT_BOUNDARY

    def boundary(text: str, pos: int) -> bool:
        before = pos > 0 and word[text[pos - 1]]
        behind = pos < len(text) and word[text[pos]]
        return (before != behind) == edge

    return boundary
