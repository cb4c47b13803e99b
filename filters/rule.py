"""A rule: one function that looks at a mail and says what it sees.

    @rule(control="OUT-BCC", direction="outbound", then="bcc")
    def many_external(mail: Mail, organisation: Organisation, *, addresses: int = 5) -> Iterator[Sight]: ...

The keyword-only parameters, with their types and defaults, are the rule's settings in policy.toml; the
consequence (`then`) and the weight there replace the defaults given here. What it says to people stands under its
name in config/words/LANGUAGE/rules.toml. A rule keeps no state, does no I/O, and never decides: consequence is policy.
"""

import inspect
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar, TypeVarTuple, get_type_hints

import msgspec

from config.policy import Organisation
from filters.facts import Facts
from filters.finding import Finding, Sight
from filters.reading.contents import Reading
from filters.reading.incoming import Incoming
from mail.message import Message

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Mail:
    """One mail at the checkpoint: its bytes, the facts about it, and what was worked out from them once for all.

    reading    what stands in it, for both directions
    incoming   what the inbound indicators ask besides
    """

    def __init__(self, message: Message, facts: Facts) -> None:
        self.message, self.facts = message, facts
        self._done: dict[tuple[object, ...], Any] = {}

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.message, self.facts)

    @cached_property
    def incoming(self) -> Incoming:
        return Incoming(self.message, self.facts, self.reading)

    def once(self, work: Callable[[*Ts], T], *args: *Ts) -> T:
        """`work(*args)`, done for the first copy of the mail and remembered for the others; `args` are hashable."""
        key = (work, *args)
        if key not in self._done:
            self._done[key] = work(*args)
        done: T = self._done[key]
        return done


class Rule(msgspec.Struct, frozen=True):
    """A check with its name, control id, direction, default consequence and weight.

    `settings` maps a setting's name to (type, default).
    """

    name: str
    control: str
    direction: str
    check: Callable[..., Iterator[Sight]]
    then: str
    weight: int
    settings: dict[str, tuple[Any, Any]]
    module: str

    @property
    def description(self) -> str:
        return inspect.getdoc(self.check) or ""

    def look(
        self, mail: Mail, organisation: Organisation, settings: dict[str, Any], weight: int | None = None
    ) -> list[Finding]:
        """What the rule sees, as findings under its name and control.

        `weight` is what the policy says and wins; without it a sight's own weight, else the rule's.
        """
        return [
            Finding(
                self.name,
                self.control,
                sight.evidence,
                weight if weight is not None else sight.weight or self.weight,
                sight.recipients,
                sight.values,
            )
            for sight in self.check(mail, organisation, **settings)
        ]


REGISTRY: dict[str, Rule] = {}


def rule(
    *, control: str, direction: str, then: str, weight: int = 0
) -> Callable[[Callable[..., Iterator[Sight]]], Callable[..., Iterator[Sight]]]:
    """Register the decorated function as a rule. `direction` is "outbound", "inbound" or "both"."""

    def register(check: Callable[..., Iterator[Sight]]) -> Callable[..., Iterator[Sight]]:
        hints = get_type_hints(check)
        if hints.get("return") != Iterator[Sight]:
            raise TypeError(f"{check.__name__} must say that it returns Iterator[Sight]")
        settings = {
            p.name: (hints[p.name], p.default)
            for p in inspect.signature(check).parameters.values()
            if p.kind is p.KEYWORD_ONLY
        }
        name = check.__name__
        if name in REGISTRY and REGISTRY[name].module != check.__module__:
            raise ValueError(f"two rules are called {name}")
        REGISTRY[name] = Rule(name, control, direction, check, then, weight, settings, check.__module__)
        return check

    return register
