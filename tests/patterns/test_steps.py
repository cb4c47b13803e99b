"""What counts the steps finds what `re` finds; so it does `re`'s work, and its count can be believed."""

import random
import re
from typing import Any

import pytest

from tests.patterns.attacks import LIKELY, Attacks
from tests.patterns.collected import Used
from tests.patterns.steps import machine
from tests.patterns.test_patterns import FOLDERS, cost, dear, folder, patterns, text
from tests.patterns.walk import Count, Exceeded, find

ENOUGH = 2_000_000


def texts(pattern: "re.Pattern[Any]") -> list[str]:
    """Texts that fit in part: what the attacks are made of, in any order."""
    draw = random.Random(repr(pattern.pattern))
    attacks = Attacks(pattern)
    pieces = [piece for before, pump, _ in attacks.all(40) for piece in (before, pump) if piece]
    pieces += [char for char in LIKELY if not attacks.octets or ord(char) < 256]
    return ["".join(draw.choices(pieces, k=draw.randrange(1, 9))) for _ in range(12)]


@pytest.mark.parametrize("name", FOLDERS)
def test_the_machine_finds_what_re_finds(name: str) -> None:
    wrong = []
    for used in patterns():
        if folder(used.module) != name or not (made := machine(used.pattern)).exact:
            continue
        for each in texts(used.pattern):
            subject: Any = each.encode("latin-1") if isinstance(used.pattern.pattern, bytes) else each
            match = used.pattern.search(subject) if used.mode == "search" else used.pattern.fullmatch(subject)
            mode = "search" if used.mode == "search" else "fullmatch"
            found = find(made, each, Count(ENOUGH), mode)
            if (match and match.span()) != (found[0] if found else None):
                wrong.append((str(used), each, match, found[:1]))
    assert not wrong


@pytest.mark.parametrize(
    ("pattern", "subject", "spans"),
    [
        (r"a+?b|b{2,3}+c", "aabbbbc", [(0, 3), (3, 7)]),
        (r"(?P<q>['\"]).*?(?P=q)", '\'a"b\' "c"', [(0, 5), (6, 9)]),
        (r"(?i)straße|\bK\b", "STRAßE k", [(0, 6), (7, 8)]),
        (r"(?m)^x$", "x\nx\ny", [(0, 1), (2, 3)]),
        (r"(?<![0-9])(?:[0-9]{3}-?){2}(?![0-9])", "012345 0123456 012-345", [(0, 6), (15, 22)]),
        (r"(?>a*)b|a", "aac", [(0, 1), (1, 2)]),
        (r"(?:a|b)*?c|(?:ab)*$", "abcab", [(0, 3), (3, 5), (5, 5)]),
    ],
)
def test_every_operation(pattern: str, subject: str, spans: list[tuple[int, int]]) -> None:
    compiled = re.compile(pattern)
    assert [m.span() for m in compiled.finditer(subject)] == spans
    assert find(machine(compiled), subject, Count(ENOUGH)) == spans


@pytest.mark.parametrize(
    "pattern",
    [
        r"\s+$",  # begins again at every blank
        r"<[^>]*>",
        r"(?m)^\s*param\s*\(",
        r"[a-z]{1,20}[\u0400-\u052f]+[a-z]*|[\u0400-\u052f]+[a-z]{1,20}",
        r"\bfunction\s*\w*\s*\(",  # two runs of blanks with nothing between them
        r"(?:[a-z]+\s?)+[0-9]",  # a power, not a square
        r"(?:a|a)*b",
        r"(?:x{0,4}){0,40}y",
    ],
)
def test_what_is_quadratic_is_found(pattern: str) -> None:
    assert dear(Used("", 0, "", re.compile(pattern), "search"))


@pytest.mark.parametrize("pattern", [r"\s+", r"<[^<>]*>", r"(?<!\s)\s++$", r"[a-z]{1,64}@", r"(?:a|b)*c?"])
def test_what_is_linear_is_not(pattern: str) -> None:
    assert not dear(Used("", 0, "", re.compile(pattern), "search"))


def test_the_count_is_that_of_the_square() -> None:
    made = machine(re.compile(r"\s+$"))
    assert [
        round(cost(made, "search", text("", " ", "x", size), 10_000) / size, 1) for size in (100, 400)
    ] == [1.5] * 2
    with pytest.raises(Exceeded):
        find(made, " " * 1_000 + "x", Count(10_000))
