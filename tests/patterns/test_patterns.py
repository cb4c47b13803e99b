"""No pattern of the product costs more than its text is long (reliability T33b).

Every one is run, in counted steps, on texts made from its own parse tree. No clock is asked: the counts are the same
on every machine and under every load.
"""

from contextlib import suppress
from functools import cache

import pytest

from tests.house import rooms
from tests.patterns.attacks import Attacks
from tests.patterns.collected import MADE, Used, collected, imported_otherwise, put_together
from tests.patterns.steps import Machine, machine
from tests.patterns.walk import Count, Exceeded, find

SMALL, MIDDLE, LONG, LONGER = 120, 400, 1_200, 4_800
"""Characters of the texts. All attacks are tried with the small one, only the worst with the others."""
ATTACKS, LOOKED_AT = 300, 2
CHEAP = 8
"""Steps for each character that need no closer look."""
DEAR = 350
"""Most steps for each character, about a microsecond: what repeats with a bound (`{0,300}`) may cost."""
GROWTH = 2.0
"""How much dearer a character may become in a text three or four times as long; a square makes it as many
times as dear."""
LEVEL = 1.2
"""What is no growth at all."""
TRUSTED = {
    "config.toml_lines": "reads what the standard library has read before: texts that end",
    "filters.examples": "reads the examples beside the rules, for the documents",
    "storage.migrations": "reads its own files",
    "gateway.command.documents": "writes the documents",
}
SHORT = {
    ("filters.extract.embedded", "_ADDRESS"): 300,
    ("filters.detect.number_names", "_NAMES"): 160,
    ("filters.inbound.spoofed_name", "_TITLES"): 500,
    ("filters.reading.greeting", "_CALLED"): 200,
    ("filters.reading.own_words", "_ADDRESS_LAST"): 202,
}
"""Dear ones that are shown no more than so many characters; MOST steps are the most that this may cost."""
MOST = 3_000_000


def cost(made: Machine, mode: str, text: str, most: float) -> float:
    """Steps for each character, `most` when it would be more."""
    count = Count(int(most * len(text)))
    with suppress(Exceeded):
        find(made, text, count, mode)
    return min(most, count.steps / len(text))


def text(before: str, pump: str, tail: str, size: int) -> str:
    return before + (pump * (size // len(pump) + 1))[:size] + tail


def dear(used: Used) -> str:
    """The text that is too dear for a pattern, "" when none was found."""
    made, attacks = machine(used.pattern), Attacks(used.pattern)
    if bound := SHORT.get((used.module, used.name)):
        for attack in attacks.all(ATTACKS):
            find(made, text(*attack, bound), Count(MOST), used.mode)
        return ""
    growing = []
    for attack in attacks.all(ATTACKS):
        small = cost(made, used.mode, text(*attack, SMALL), SMALL)
        if small > CHEAP:
            middle = cost(made, used.mode, text(*attack, MIDDLE), MIDDLE / 2)
            if middle > DEAR / 4 or middle > small * GROWTH:
                growing.append((middle / small, middle, attack))
    fastest = sorted(growing)[-LOOKED_AT:]
    for middle, attack in {
        (middle, attack) for _, middle, attack in [*fastest, *sorted(growing, key=by_cost)[-1:]]
    }:
        long = cost(made, used.mode, text(*attack, LONG), DEAR)
        if long > middle * LEVEL or long >= DEAR:
            longer = cost(made, used.mode, text(*attack, LONGER), DEAR)
            if longer >= DEAR or longer > long * GROWTH:
                return f"{used}: {long:.0f}, then {longer:.0f} steps for each character of {attack}"
    return ""


def by_cost(found: tuple[float, float, tuple[str, str, str]]) -> float:
    return found[1]


def folder(module: str) -> str:
    """By which the patterns are divided among the cases."""
    return "/".join(module.split(".")[:2])


@cache
def patterns() -> list[Used]:
    """Each once; read only where they are tried: every process that loads the tests would read the whole product."""
    return list(
        {(used.pattern, used.mode): used for used in collected() if used.module not in TRUSTED}.values()
    )


FOLDERS = sorted(
    {folder(module) for module, path in rooms.modules().items() if b"import re\n" in path.read_bytes()}
)


@pytest.mark.parametrize("name", FOLDERS)
def test_no_pattern_costs_more_than_its_text_is_long(name: str) -> None:
    assert not [found for used in patterns() if folder(used.module) == name and (found := dear(used))]


def test_every_pattern_is_in_one_of_the_folders() -> None:
    assert {folder(used.module) for used in patterns()} <= set(FOLDERS)


def test_what_is_put_together_at_run_time_has_samples() -> None:
    assert put_together() == {module: number for module, (number, _, _) in MADE.items()}


def test_no_call_is_hidden() -> None:
    assert not imported_otherwise()


def test_the_exceptions_are_there() -> None:
    assert set(TRUSTED) <= set(rooms.modules())
    assert set(SHORT) <= {(used.module, used.name) for used in patterns()}
