"""A rule: one function that looks at a mail and says what it sees.

    @rule(control="OUT-BCC", direction="outbound", wakes=(Field(("to", "cc")),))
    def many_external(mail: ByFields, organisation: Organisation, *, addresses: int) -> Iterator[Sight]: ...

`wakes` are its triggers (filters.trigger): the rule is asked about mails that have one of them. The type of its
first parameter is what it may ask for (filters.views). The keyword-only
parameters are the rule's settings. Their values, the consequence (`then`) and, unless the
rule grades what it sees, the weight are in config/policy.toml; what it says to people is in
config/words/LANGUAGE/rules.toml. A rule keeps no state, does no I/O, and never decides: the consequence is
policy.
"""

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar, TypeVarTuple, get_type_hints

import msgspec

from config.policy import Organisation
from filters.facts import LOCKED_FILE, Facts, Secrets
from filters.finding import Finding, Sight
from filters.reading.incoming import Incoming
from filters.reading.leaving import Leaving
from filters.reading.reading import Reading
from filters.trigger import Field, Trigger
from filters.verdict import PASS, Verdict
from filters.views import HANDLES
from mail.cached import cached_property
from mail.long_lines import Shortened, shortened
from mail.message import Message

Ask = Callable[[str, Verdict], Secrets]
"""Asks for secrets: what for, and the verdict that needs them."""

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class _Told:
    """The facts about a mail, and who tells the secrets among them. Apart from the mail, so that its reading can ask
    without a circle of references: a mail is gone when its last user is."""

    def __init__(self, facts: Facts, ask: Ask | None) -> None:
        self.facts, self.ask = facts, ask

    def told(self, purpose: str, verdict: Verdict = PASS) -> Facts:
        if self.ask is not None:
            self.facts = self.facts.with_secrets(self.ask(purpose, verdict))
        return self.facts


class Mail:
    """One mail at the checkpoint: its bytes, the facts about it, and what is worked out from them only once.

    reading    what the mail contains, for both directions
    incoming   what inbound indicators need besides
    leaving   what the rules about wrong recipients need besides
    """

    def __init__(self, message: Message, facts: Facts, ask: Ask | None = None) -> None:
        """`ask` is called for the secrets among the facts when they are needed; None: they are there already."""
        self.message = message
        self._told = _Told(facts, ask)
        self._done: dict[tuple[object, ...], Any] = {}

    @property
    def facts(self) -> Facts:
        """With the secrets that were told so far."""
        return self._told.facts

    @cached_property
    def reading(self) -> Reading:
        return Reading(self.message, self.facts, partial(self._told.told, LOCKED_FILE))

    @cached_property
    def incoming(self) -> Incoming:
        return Incoming(self.message, self.facts, self.reading)

    @cached_property
    def leaving(self) -> Leaving:
        return Leaving(self.message, self.facts, self.reading)

    @cached_property
    def shortened(self) -> Shortened:
        """What becomes of lines that are too long (outbound)."""
        return shortened(self.message)

    def afresh(self) -> "Mail":
        """The same mail, with nothing worked out yet."""
        return Mail(self.message, self.facts, self._told.ask)

    def told(self, purpose: str, verdict: Verdict = PASS) -> Facts:
        """The facts with the secrets for this purpose (filters.facts)."""
        return self._told.told(purpose, verdict)

    def once(self, work: Callable[[*Ts], T], *args: *Ts) -> T:
        """`work(*args)`, done for the first copy of the mail and remembered for the others; `args` must be hashable."""
        key = (work, *args)
        if key not in self._done:
            self._done[key] = work(*args)
        done: T = self._done[key]
        return done


class Rule(msgspec.Struct, frozen=True):
    """A check with its name, control id, direction and triggers, and its view of a mail
    (filters.views). `settings` maps a setting's name to its type."""

    name: str
    control: str
    direction: str
    wakes: tuple[Trigger, ...]
    sees: type
    check: Callable[..., Iterator[Sight]]
    settings: dict[str, Any]
    module: str

    @property
    def description(self) -> str:
        return inspect.getdoc(self.check) or ""

    def look(
        self, mail: Mail, organisation: Organisation, settings: dict[str, Any], weight: int | None = None
    ) -> list[Finding]:
        """What the rule sees, as findings under its name and control. The policy's `weight` wins over a sight's."""
        return [
            Finding(
                self.name,
                self.control,
                sight.evidence,
                sight.weight if weight is None else weight,
                sight.recipients,
                sight.values,
                sight.about,
                sight.meant,
            )
            for sight in self.check(mail, organisation, **settings)
        ]


REGISTRY: dict[str, Rule] = {}


def rule(
    *, control: str, direction: str, wakes: tuple[Trigger, ...]
) -> Callable[[Callable[..., Iterator[Sight]]], Callable[..., Iterator[Sight]]]:
    """Register the decorated function as a rule. `direction` is "outbound", "inbound" or "both"."""
    if not wakes:
        raise TypeError("a rule without a trigger says why: wakes=(Always(reason),)")

    def register(check: Callable[..., Iterator[Sight]]) -> Callable[..., Iterator[Sight]]:
        hints = get_type_hints(check)
        if hints.get("return") != Iterator[Sight]:
            raise TypeError(f"{check.__name__} must say that it returns Iterator[Sight]")
        keywords = [p for p in inspect.signature(check).parameters.values() if p.kind is p.KEYWORD_ONLY]
        if any(p.default is not p.empty for p in keywords):
            raise TypeError(f"{check.__name__}: the defaults of settings are in config/policy.toml")
        name = check.__name__
        sees = hints.get(next(iter(hints), ""))
        if sees not in HANDLES:
            raise TypeError(f"{name} must say what it asks a mail for (filters.views)")
        if name in REGISTRY and REGISTRY[name].module != check.__module__:
            raise ValueError(f"two rules are called {name}")
        settings = {p.name: hints[p.name] for p in keywords}
        for each in wakes:
            if isinstance(each, Field) and each.setting and each.setting not in settings:
                raise TypeError(f"{name} has no setting {each.setting}")
        REGISTRY[name] = Rule(name, control, direction, wakes, sees, check, settings, check.__module__)
        return check

    return register
