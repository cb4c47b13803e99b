"""How many steps a backtracking matcher needs: `re`'s own way of matching, counted instead of timed.

A count is the same on every machine and under every load, and a text of a thousand characters shows what only
a hundred thousand would show to a clock. What the machine finds is what `re` finds (test_steps.py), so what it
counts is `re`'s work, but for shortcuts that `re` takes (literal prefixes), which make a factor and no square.
"""

from typing import Any

from tests.patterns.steps import Machine


class Exceeded(Exception):
    """More steps than the limit."""


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
    pc, pos, saved = 0, start, kept  # which nobody changes
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
                if pos < size and instruction[1][text[pos]]:
                    pos += 1
                    pc += 1
                else:
                    good = False
            elif op == "branch":
                ways = instruction[1][text[pos] if pos < size else ""]
                stack += [(at, pos, saved, further, None) for at, further in ways[:-1]]
                pc, further = ways[-1]
                steps += further - 1
                if pc < 0:
                    good = False
            elif op == "peek":  # a look at one character, which is a step, and another to have found it
                _, fits, back, wanted = instruction
                hit = False
                if pos >= back:
                    steps += 1
                    if pos - back < size and fits[text[pos - back]]:
                        steps += 1
                        hit = True
                good = hit == wanted
                pc += 1
            elif op == "found":
                if not whole or pos == size:
                    return pos
                good = False
            elif op == "run":
                _, fits, low, most, mode = instruction
                last = size if most is None else min(size, pos + most)
                end = pos
                first = pos + low
                if mode == "lazy":
                    last = min(first, last)
                while end < last and fits[text[end]]:
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
            else:  # fail
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
                elif pos < bound and fits[text[pos]]:
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
            while start < size and not begins[text[start]]:
                start += 1
                count.steps += 1
            if start == size:
                break
        end = run(made, text, start, count)
        if end is not None:
            found.append((start, end))
        start = start + 1 if end is None or end == start else end
    return found
