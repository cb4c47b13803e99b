"""Who has to agree, as the policy file writes it behind "approve": "department_head, then president", "2 of directors".

A chain is a row of steps, one after the other; each asks one person or several of a role, of a group of the policy's,
the sender's manager, or somebody by login. A word counts once, for its role, in all chains of a mail. What an item has
outstanding is written the same way, so a chain is always text: what is left of it.

Pure. Diagnostics: ValueError for what is no chain.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from config.words import known, listed, say

DEPARTMENT_HEAD, MANAGER = "department_head", "manager"
"""Who is found by who sent the mail: the head of their department, their manager; others are asked by role or name."""
HOUSE_OPERATOR = "house_operator"
"""A role that no policy can ask: whoever has it is shown no mail (docs/adr/0068)."""
PERSON = "person "
NEXT, LAST = "next in line", "last in line"
"""Why somebody is asked whom the policy did not name for the mail; the last in line gives a reason."""
STEPS, MOST = 5, 9
"""Of a chain, and people of one step."""
_STEP = re.compile(rf"(?:([1-{MOST}]) of )?((?:{PERSON})?[^\s,()]{{1,80}})(?: \(({NEXT}|{LAST})\))?")
_THEN = ", then "


class Turn(msgspec.Struct, frozen=True):
    """`need` people of whom `of` names; `stands_in` is NEXT or LAST for who is asked instead of others."""

    of: str
    need: int = 1
    stands_in: str = ""

    def __str__(self) -> str:
        several = f"{self.need} of " if self.need > 1 else ""
        return f"{several}{self.of}" + (f" ({self.stands_in})" if self.stands_in else "")

    @property
    def person(self) -> str:
        """The login that it names, "" when it names none."""
        return self.of.removeprefix(PERSON) if self.of.startswith(PERSON) else ""


Chain = tuple[Turn, ...]


@lru_cache(maxsize=1024)
def chain(text: str) -> Chain:
    """The steps of a chain. Raises ValueError."""
    steps = []
    for part in text.split(_THEN):
        match = _STEP.fullmatch(part)
        if match is None:
            raise ValueError(f"{part!r} does not say who agrees")
        steps.append(Turn(match[2], int(match[1] or 1), match[3] or ""))
    if len(steps) > STEPS:
        raise ValueError(f"has more than {STEPS} steps")
    if len({step.of for step in steps}) < len(steps):
        raise ValueError("asks the same twice: one word counts once")
    return tuple(steps)


def written(steps: Iterable[Turn]) -> str:
    """The text of a chain."""
    return _THEN.join(map(str, steps))


def merged(chains: Iterable[str]) -> tuple[str, ...]:
    """Chains of one mail in their order, without those of which another one asks everything."""
    found = sorted(set(chains))
    return tuple(one for one in found if not any(_covers(other, one) for other in found))


def _covers(other: str, one: str) -> bool:
    """True when `other` asks all that `one` asks; of two that ask the same, the first in order stays."""
    return other != one and _within(one, other) and not (one < other and _within(other, one))


def _within(one: str, other: str) -> bool:
    needs = {step.of: step.need for step in chain(other)}
    return all(step.need <= needs.get(step.of, 0) for step in chain(one))


def now_asked(chains: Iterable[str]) -> tuple[Turn, ...]:
    """The steps whose turn it is, each name once."""
    found: dict[str, Turn] = {}
    for text in chains:
        found.setdefault((step := chain(text)[0]).of, step)
    return tuple(found.values())


def agreed(chains: Iterable[str], name: str) -> tuple[str, ...]:
    """What is left when one of whom `name` means has agreed."""
    left = []
    for text in chains:
        steps = []
        for step in chain(text):
            need = step.need - (step.of == name)
            if need:
                steps.append(msgspec.structs.replace(step, need=need))
        left.append(written(steps))
    return tuple(dict.fromkeys(filter(None, left)))


def spoken(text: str, language: str) -> str:
    """A chain as people say it."""
    try:
        steps = chain(text)
    except ValueError:  # of before there were chains, or of a rule of somebody's own
        return known(language, f"values.role.{text}") or text
    return say(language, "values.approval.then").join(_said(step, language) for step in steps)


def _said(step: Turn, language: str) -> str:
    role = known(language, f"values.role.{step.of}") or step.person or step.of
    if step.need > 1:
        role = say(language, "values.approval.several", count=step.need, role=role)
    return role


def all_spoken(chains: Iterable[str], language: str) -> str:
    """Several chains as people say them."""
    return listed(language, [spoken(text, language) for text in chains])
