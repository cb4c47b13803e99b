"""The rules of a policy, prepared once: discovered, checked against the policy file, and turned into verdicts.

Diagnostics: `prepare` raises ConfigError with every misspelt rule, setting and value at once.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

import filters.inbound
import filters.outbound
import filters.rewriters
from config.cases import Case, OwnWaits, When, several
from config.consequence import REWRITES, SEALING, Consequence, consequence, loosens, sealing
from config.expected import refused
from config.load import shipped
from config.policy import ConfigError, Organisation, Policy, RulePolicy
from config.problems import meant
from filters.decision.groups import Groups
from filters.detect import patterns
from filters.detect.detector import detector
from filters.rule import REGISTRY, Mail, Rule
from filters.waking import Waking

REBUILD = "rebuild"
"""Name of the rewriter that rebuilds a mail: the consequence "hold rebuilt"."""


COMPARING = False
"""True in tests and on the bench: every rule is asked as well, and a difference is an error (filters.examine.compare)."""


class PreparedCase(msgspec.Struct, frozen=True):
    """A case or an exception; `until` is the last day of an exception (ISO date); `waits` as in the policy, None: as the
    rule has it."""

    name: str
    when: When
    consequence: Consequence
    until: str = ""
    waits: OwnWaits | None = None


class PreparedRule(msgspec.Struct, frozen=True):
    """A rule with what this policy says about it."""

    rule: Rule
    consequence: Consequence
    weight: int | None
    settings: dict[str, Any]
    cases: tuple[PreparedCase, ...] = ()
    exceptions: tuple[PreparedCase, ...] = ()
    waits: OwnWaits | None = None

    @property
    def is_on_duty(self) -> bool:
        """False for a rule of which nobody wants to know, whatever the case."""
        return any(then.kind != "off" for then in (self.consequence, *(c.consequence for c in self.cases)))


class Prepared(msgspec.Struct, frozen=True):
    """A policy with its rules ready to look; built once per worker. `cased` when any case or exception is written, `risk`
    what happens to a mail from the policy's risk.stop_at on, `on_risk` when a case or an exception asks for the risk;
    `formats` are the exceptions about how attachments are encrypted."""

    policy: Policy
    rules: tuple[PreparedRule, ...]
    by_name: dict[str, PreparedRule]
    ready: dict[str, "OnDuty"]
    groups: Groups
    cased: bool = False
    own: dict[str, Consequence] = {}
    risk: Consequence = Consequence("observe")
    on_risk: bool = False
    formats: tuple[PreparedCase, ...] = ()

    def of(self, direction: str) -> tuple[PreparedRule, ...]:
        """The rules that look at mail of this direction and are not off."""
        return self.ready[direction].rules

    def awake(self, mail: Mail) -> list[PreparedRule]:
        """Those of them that the mail wakes."""
        return self.ready[mail.facts.direction].awake(mail, self.policy.organisation)


class OnDuty:
    """The rules of one direction that are not off, with what wakes them compiled."""

    def __init__(self, rules: Iterable[PreparedRule], direction: str) -> None:
        self.rules = tuple(p for p in rules if p.rule.direction in (direction, "both") and p.is_on_duty)
        self._waking = Waking([(p.rule.wakes, p.settings) for p in self.rules])

    def awake(self, mail: Mail, organisation: Organisation) -> list[PreparedRule]:
        bits = self._waking.awake(mail, organisation)
        return [each for number, each in enumerate(self.rules) if bits >> number & 1]


def discover() -> dict[str, Rule]:
    """Import every module of filters.inbound, filters.outbound and filters.rewriters; return the registered rules."""
    for package in (filters.inbound, filters.outbound, filters.rewriters):
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            importlib.import_module(module.name)
    return REGISTRY


def prepare(policy: Policy) -> Prepared:
    """The policy's rules, ready to look. Raises ConfigError with everything that is wrong."""
    found: list[str] = []
    rules = tuple(_prepared(rule, policy, found) for _, rule in sorted(discover().items()))
    found += [
        f"rules.{name}: there is no such rule{meant(name, REGISTRY)}"
        for name in sorted(policy.rules.keys() - REGISTRY.keys())
    ]
    organisation, risk = policy.organisation, _stop(policy.risk.then, found)
    found += patterns.problems(organisation)
    found += [
        f"exceptions.{number}.rule: there is no rule {each.rule!r}{meant(each.rule, REGISTRY)}"
        for number, each in enumerate(policy.exceptions)
        if each.rule not in (*REGISTRY, SEALING)
    ]
    formats = tuple(_formats(policy, found))
    if found:
        raise ConfigError(found)
    try:
        classes = detector(organisation).classes  # compiled now, so that the examining processes need not
    except ValueError as error:
        raise ConfigError([f"organisation.registered: {error}"]) from None
    known = [each.name for each in organisation.classes]
    if missing := sorted(classes - set(known)):
        raise ConfigError(
            [
                f"organisation.registered: documents were registered with the class {name}, which is not among "
                f"organisation.classes ({', '.join(known)}){meant(name, known)}"
                for name in missing
            ]
        )
    own = {p.name: consequence(p.then) for p in organisation.patterns if p.then}
    ready = {direction: OnDuty(rules, direction) for direction in ("outbound", "inbound")}
    whens = [case.when for p in rules for case in (*p.cases, *p.exceptions)] + [f.when for f in formats]
    asked = {name for when in whens for name in (*several(when.sender), *several(when.to))}
    groups = Groups(policy.groups, organisation, asked)
    return Prepared(
        policy,
        rules,
        {p.rule.name: p for p in rules},
        ready,
        groups,
        bool(whens),
        own,
        risk,
        any(when.on_risk for when in whens),
        formats,
    )


def problems(policy: Policy) -> list[str]:
    """What is wrong with the policy's rules, one sentence each; [] when nothing is."""
    try:
        prepare(policy)
    except ConfigError as error:
        return error.problems
    return []


SHIPPED = shipped().rules
"""What applies where a policy says nothing about a rule. Read at import: examining processes open no file."""


def _prepared(rule: Rule, policy: Policy, found: list[str]) -> PreparedRule:
    here = f"rules.{rule.name}"
    default, said = SHIPPED.get(rule.name, RulePolicy()), policy.rules.get(rule.name, RulePolicy())
    settings: dict[str, Any] = {}
    for key, value in {**default.settings, **said.settings}.items():
        if key not in rule.settings:
            known = ", ".join(sorted(rule.settings)) or "none"
            guess = f"; it belongs to a case, below [[{here}.cases]]" if key == "when" else ""
            guess = guess or meant(key, ("then", "weight", "mode", "cases", *rule.settings))
            found.append(f"{here}.{key}: no such setting (known: then, weight, mode, cases; {known}){guess}")
            continue
        try:
            settings[key] = msgspec.convert(value, rule.settings[key])
        except msgspec.ValidationError as error:
            found.append(refused(f"{here}.{key}", value, rule.settings[key], error))
            settings[key] = None
    found += [f"{here}.{key}: is not set" for key in rule.settings.keys() - settings.keys()]
    weight = default.weight if said.weight is None else said.weight
    if weight is not None and weight < 0:
        found.append(f"{here}.weight: must not be negative")
    then = default.then if said.then is None else said.then
    decided = _consequence(f"{here}.then", "" if then is None else then, rule, found)
    mode = said.mode
    if mode == "tell" and rule.direction != "outbound":
        found.append(f'{here}.mode: "tell" is for outbound rules only: there is no sender of ours to tell')
    cases = tuple(_cases(rule, said.cases, decided, found))
    exceptions = tuple(_exceptions(rule, policy, found))
    kinds = {decided.kind, *(each.consequence.kind for each in (*cases, *exceptions))}
    if rule.direction == "outbound" and "warn" in kinds and not weight:
        found.append(f'{here}.weight: "warn" adds these points to the risk; without them it does nothing')
    if rule.direction != "outbound" or weight or "warn" in kinds:
        found += _without_risk(here, rule, said, policy)
    if mode != "enforce":
        decided, cases = Consequence(mode), ()
    if rule.direction == "inbound":
        named = [(f"{here}.cases.{n}", case.waits) for n, case in enumerate(said.cases)]
        found += [
            f"{key}.waits: only mail that leaves ends by itself"
            for key, own in [(here, said.waits), *named]
            if own
        ]
    return PreparedRule(rule, decided, weight, settings, cases, exceptions, said.waits)


_ONLY = {"tidy": "hidden_content", "wrap": "long_lines"}
"""Consequences that mend what one rule sees."""


def _consequence(key: str, text: str, rule: Rule, found: list[str]) -> Consequence:
    try:
        decided = consequence(text)
    except ConfigError as error:
        found.append(f"{key}: {error}")
        return Consequence("hold")
    if decided.kind in (*REWRITES, "tell", "review") and rule.direction != "outbound":
        found.append(f'{key}: "{decided.kind}" is for outbound rules only')
    if (only := _ONLY.get(decided.kind, rule.name)) != rule.name:
        found.append(f'{key}: "{decided.kind}" is for {only} only')
    if decided.argument == "rebuilt" and rule.direction != "inbound":
        found.append(f'{key}: "hold rebuilt" is for inbound rules only')
    return decided


def _formats(policy: Policy, found: list[str]) -> Iterator[PreparedCase]:
    """The exceptions about the format of encryption."""
    for number, each in enumerate(policy.exceptions):
        if each.rule == SEALING:
            try:
                decided = sealing(each.then)
            except ConfigError as error:
                found.append(f"exceptions.{number}.then: {error}")
                continue
            yield PreparedCase(each.called(number), each.when, decided, each.until.isoformat())


def _stop(text: str, found: list[str]) -> Consequence:
    """What is done from the policy's risk.stop_at on."""
    try:
        decided = consequence(text)
    except ConfigError as error:
        found.append(f"risk.then: {error}")
        return Consequence("hold")
    if decided.kind in (*REWRITES, "warn") or decided.argument in ("rebuilt", "class"):
        found.append(
            f'risk.then: "{text}" is not for the risk: a delay, "approve ROLE", "hold", "reject", "tell"'
        )
    return decided


def _without_risk(here: str, rule: Rule, said: RulePolicy, policy: Policy) -> Iterator[str]:
    """Conditions on the risk where there is none yet: at what it is the sum of, and at mail that arrives."""
    why = (
        f"{rule.name} is one of its factors"
        if rule.direction == "outbound"
        else "only mail that leaves has one"
    )
    whens = [(f"{here}.cases.{n}.when", case.when) for n, case in enumerate(said.cases)]
    whens += [
        (f"exceptions.{n}.when", each.when)
        for n, each in enumerate(policy.exceptions)
        if each.rule == rule.name
    ]
    for key, when in whens:
        if when.on_risk:
            yield f"{key}: cannot ask for the risk: {why}"


def _cases(rule: Rule, cases: Sequence[Case], usual: Consequence, found: list[str]) -> Iterator[PreparedCase]:
    for number, case in enumerate(cases):
        here = f"rules.{rule.name}.cases.{number}"
        decided = _consequence(f"{here}.then", case.then, rule, found)
        if loosens(decided, usual):
            found.append(
                f'{here}.then: a case cannot loosen "{usual}" to "{case.then}"; '
                "write an exception, with its owner, reason and end"
            )
        yield PreparedCase(case.called(number), case.when, decided, waits=case.waits)


def _exceptions(rule: Rule, policy: Policy, found: list[str]) -> Iterator[PreparedCase]:
    for number, each in enumerate(policy.exceptions):
        if each.rule == rule.name:
            decided = _consequence(f"exceptions.{number}.then", each.then, rule, found)
            yield PreparedCase(each.called(number), each.when, decided, each.until.isoformat())
