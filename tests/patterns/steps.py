"""How many steps a backtracking matcher needs: `re`'s own way of matching, counted instead of timed.

A count is the same on every machine and under every load, and a text of a thousand characters shows what only
a hundred thousand would show to a clock. What the machine finds is what `re` finds (test_steps.py), so what it
counts is `re`'s work, but for shortcuts that `re` takes (literal prefixes), which make a factor and no square.
"""

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


class Exceeded(Exception):
    """More steps than the limit."""


@dataclass
class Machine:
    """The instructions for one pattern: `(operation, arguments …)`, jumps are indexes."""

    begins: "Callable[[str], bool] | None" = None
    """Whether a match may begin with a character; None: it may be empty, or nobody knows."""
    code: list[tuple[Any, ...]] = field(default_factory=list)
    exact: bool = True
    """False: what it finds may be longer than what `re` finds (COPIES)."""


def machine(pattern: "re.Pattern[Any]") -> Machine:
    flags = pattern.flags & ~re.DEBUG
    tree = parser.parse(pattern.pattern, flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else flags)
    octets = isinstance(pattern.pattern, bytes)
    made = Machine(_begins(tree, pattern.flags, octets))
    _emit(made, tree, pattern.flags, octets)
    made.code.append(("found",))
    return made


def _begins(tree: Any, flags: int, octets: bool) -> "Callable[[str], bool] | None":
    first = _first(tree, flags, octets)
    if first is None:
        return None
    known: dict[str, bool] = {}

    def ask(char: str) -> bool:
        if (answer := known.get(char)) is None:
            answer = known[char] = any(fits(char) for fits in first)
        return answer

    return ask


def _first(tree: Any, flags: int, octets: bool) -> "list[Callable[[str], bool]] | None":
    """What the first character may be; None when there may be none."""
    found: list[Callable[[str], bool]] = []
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


@cache
def _one(op: Any, argument: Any, flags: int, octets: bool) -> Callable[[str], bool]:
    """Whether one character fits, as `re` itself says."""
    state = parser.State()
    state.str = b"x" if octets else "x"
    state.flags = flags & ~re.DEBUG
    tree = parser.SubPattern(state, [(op, list(argument) if op is c.IN else argument)])
    single = compiler.compile(tree, state.flags)
    fits: dict[str, bool] = {}

    def ask(char: str) -> bool:
        if (known := fits.get(char)) is None:
            text: Any = char.encode("latin-1") if octets else char
            known = fits[char] = single.match(text) is not None
        return known

    return ask


class _Ways:
    """The branches of an alternative by the character that comes: those that cannot begin with it are not walked, and the
    two steps that each of them takes (to it, and its first character) are counted all the same."""

    def __init__(self, ways: "list[tuple[int, Callable[[str], bool] | None]]") -> None:
        self._ways, self._known = ways, dict[str, list[tuple[int, int]]]()

    def of(self, char: str) -> list[tuple[int, int]]:
        """(where it begins, steps before it) of each, the last first; where is -1 behind the last of all."""
        if (found := self._known.get(char)) is None:
            found, steps, last = [], 0, len(self._ways) - 1
            for number, (at, fits) in enumerate(self._ways):
                steps += number < last
                if fits is None or (char and fits(char)):
                    found.append((at, steps))
                    steps = 0
                else:
                    steps += 1
            if steps:
                found.append((-1, steps))
            self._known[char] = found = found[::-1]
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
            here, ends, ways = len(code), list[int](), list[tuple[int, Callable[[str], bool] | None]]()
            code.append(())
            for number, branch in enumerate(av[1]):
                ways.append((len(code), _leading(branch, flags, octets)))
                _emit(made, branch, flags, octets)
                if number < len(av[1]) - 1:
                    ends.append(len(code))
                    code.append(())
            code[here] = ("branch", _Ways(ways))
            for end in ends:
                code[end] = ("jump", len(code))
        elif op in (c.ASSERT, c.ASSERT_NOT):
            within = Machine()
            _emit(within, av[1], flags, octets)
            within.code.append(("found",))
            back = av[1].getwidth()[0] if av[0] < 0 else 0
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


def _leading(tree: Any, flags: int, octets: bool) -> "Callable[[str], bool] | None":
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


def fitting(op: Any, av: Any, flags: int, octets: bool) -> Callable[[str], bool]:
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
        before = pos > 0 and word(text[pos - 1])
        behind = pos < len(text) and word(text[pos])
        return (before != behind) == edge

    return boundary


class Count:
    """Steps so far, and how many there may be."""

    def __init__(self, limit: int) -> None:
        self.steps = 0
        self.limit = limit


def run(made: Machine, text: str, start: int, count: Count, whole: bool = False) -> int | None:
    """The end of the match that begins at `start`, or None. Raises Exceeded."""
    return _run(made, text, start, count, {}, whole)


def _run(
    made: Machine, text: str, start: int, count: Count, kept: dict[int, int], whole: bool = False
) -> int | None:
    code, size = made.code, len(text)
    stack: list[tuple[Any, ...]] = []
    pc, pos, saved = 0, start, dict(kept)
    steps, limit = count.steps, count.limit
    try:
        while True:
            steps += 1
            if steps > limit:
                raise Exceeded
            instruction = code[pc]
            op = instruction[0]
            good = True
            if op == "char":
                if pos < size and instruction[1](text[pos]):
                    pos += 1
                    pc += 1
                else:
                    good = False
            elif op == "run":
                _, fits, low, most, mode = instruction
                last = size if most is None else min(size, pos + most)
                end = pos
                first = pos + low
                if mode == "lazy":
                    last = min(first, last)
                while end < last and fits(text[end]):
                    end += 1
                steps += end - pos
                if end < first:
                    good = False
                elif mode == "greedy":
                    if end > first:
                        stack.append((pc, end - 1, saved, first))
                    pos = end
                    pc += 1
                elif mode == "lazy":
                    stack.append((pc, end, saved, size if most is None else min(size, pos + most)))
                    pos = end
                    pc += 1
                else:
                    pos = end
                    pc += 1
            elif op == "branch":
                ways = instruction[1].of(text[pos] if pos < size else "")
                stack += [(at, pos, saved, further, None) for at, further in ways[:-1]]
                pc, further = ways[-1]
                steps += further - 1
                if pc < 0:
                    good = False
            elif op == "split":
                stack.append((instruction[2], pos, saved))
                pc = instruction[1]
            elif op == "jump":
                pc = instruction[1]
            elif op == "save":
                saved = {**saved, instruction[1]: pos}
                pc += 1
            elif op == "mark":
                saved = {**saved, -1 - instruction[1]: pos}
                pc += 1
            elif op == "moved":
                good = saved[-1 - instruction[1]] != pos
                if not good:  # an empty turn ends the loop, as in `re`
                    good = True
                    pc += 1  # to the jump …
                    pc += 1  # … and past it
                else:
                    pc += 1
            elif op == "at":
                good = instruction[1](text, pos)
                pc += 1
            elif op == "look":
                _, within, back, wanted = instruction
                count.steps = steps
                hit = pos >= back and _run(within, text, pos - back, count, saved) is not None
                steps = count.steps
                good = hit == wanted
                pc += 1
            elif op == "atomic":
                count.steps = steps
                ended = _run(instruction[1], text, pos, count, saved)
                steps = count.steps
                if ended is None:
                    good = False
                else:
                    pos = ended
                    pc += 1
            elif op == "same":
                group = instruction[1]
                if 2 * group + 1 not in saved:
                    good = False
                else:
                    part = text[saved[2 * group] : saved[2 * group + 1]]
                    there = text[pos : pos + len(part)]
                    good = part == there or (instruction[2] and part.lower() == there.lower())
                    pos += len(part)
                    steps += len(part)
                    pc += 1
            elif op == "fail":
                good = False
            else:  # found
                if not whole or pos == size:
                    return pos
                good = False
            while not good:
                if not stack:
                    return None
                top = stack.pop()
                if len(top) == 3:
                    pc, pos, saved = top
                    good = True
                    continue
                if len(top) == 5:
                    pc, pos, saved, further, _ = top
                    steps += further
                    good = pc >= 0
                    continue
                at, pos, saved, bound = top
                _, fits, low, most, mode = code[at]
                steps += 1
                if mode == "greedy":
                    if pos > bound:
                        stack.append((at, pos - 1, saved, bound))
                    good = True
                elif pos < bound and fits(text[pos]):
                    pos += 1
                    stack.append((at, pos, saved, bound))
                    good = True
                pc = at + 1
    finally:
        count.steps = max(steps, count.steps)


def find(made: Machine, text: str, count: Count, mode: str = "search") -> list[tuple[int, int]]:
    """Where it matches, `search` one after the other (as `finditer`), or at the beginning only. Raises Exceeded."""
    if mode != "search":
        end = run(made, text, 0, count, mode == "fullmatch")
        return [] if end is None else [(0, end)]
    found: list[tuple[int, int]] = []
    begins, size, start = made.begins, len(text), 0
    while start <= size:
        if begins is not None:
            while start < size and not begins(text[start]):
                start += 1
                count.steps += 1
            if start == size:
                break
        end = run(made, text, start, count)
        if end is not None:
            found.append((start, end))
        start = start + 1 if end is None or end == start else end
    return found
