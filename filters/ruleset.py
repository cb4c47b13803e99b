"""The rules of a policy, prepared once: discovered, checked against the policy file, and turned into verdicts.

Diagnostics: `prepare` raises ConfigError with every misspelt rule, setting and value at once.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

import filters.inbound
import filters.outbound
import filters.rewriters
from config.load import shipped
from config.policy import REWRITES, ConfigError, Consequence, Organisation, Policy, RulePolicy, consequence
from config.problems import meant
from filters.detect import patterns
from filters.detect.detector import detector
from filters.examined import SCORE, UNEXAMINABLE
from filters.facts import Facts
from filters.finding import Finding
from filters.rule import REGISTRY, Mail, Rule
from filters.verdict import PASS, Verdict
from filters.waking import Waking

REBUILD = "rebuild"
"""Name of the rewriter that rebuilds a mail: the consequence "hold rebuilt"."""


COMPARING = False
"""True in tests and on the bench: every rule is asked as well, and a difference is an error (filters.examine.compare)."""


class PreparedRule(msgspec.Struct, frozen=True):
    """A rule with what this policy says about it."""

    rule: Rule
    consequence: Consequence
    weight: int | None
    settings: dict[str, Any]


class Prepared(msgspec.Struct, frozen=True):
    """A policy with its rules ready to look; built once per worker."""

    policy: Policy
    rules: tuple[PreparedRule, ...]
    by_name: dict[str, PreparedRule]
    ready: dict[str, "OnDuty"]
    own: dict[str, Consequence] = {}

    def of(self, direction: str) -> tuple[PreparedRule, ...]:
        """The rules that look at mail of this direction and are not off."""
        return self.ready[direction].rules

    def awake(self, mail: Mail) -> list[PreparedRule]:
        """Those of them that the mail wakes."""
        return self.ready[mail.facts.direction].awake(mail, self.policy.organisation)


class OnDuty:
    """The rules of one direction that are not off, with what wakes them compiled."""

    def __init__(self, rules: Iterable[PreparedRule], direction: str) -> None:
        self.rules = tuple(
            p for p in rules if p.rule.direction in (direction, "both") and p.consequence.kind != "off"
        )
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
    organisation = policy.organisation
    found += patterns.problems(organisation)
    if found:
        raise ConfigError(found)
    try:
        detector(organisation)  # compiled now, so that the examining processes need not
    except ValueError as error:
        raise ConfigError([f"organisation.registered: {error}"]) from None
    own = {p.name: consequence(p.then) for p in organisation.patterns if p.then}
    ready = {direction: OnDuty(rules, direction) for direction in ("outbound", "inbound")}
    return Prepared(policy, rules, {p.rule.name: p for p in rules}, ready, own)


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
            guess = meant(key, ("then", "weight", *rule.settings))
            found.append(f"{here}.{key}: no such setting (known: then, weight; {known}){guess}")
            continue
        try:
            settings[key] = msgspec.convert(value, rule.settings[key])
        except msgspec.ValidationError as error:
            found.append(f"{here}.{key}: {error}")
            settings[key] = None
    found += [f"{here}.{key}: is not set" for key in rule.settings.keys() - settings.keys()]
    weight = default.weight if said.weight is None else said.weight
    if weight is not None and weight < 0:
        found.append(f"{here}.weight: must not be negative")
    then = default.then if said.then is None else said.then
    try:
        decided = consequence("" if then is None else then)
    except ConfigError as error:
        found.append(f"{here}.then: {error}")
        decided = Consequence("hold")
    if decided.kind in REWRITES and rule.direction != "outbound":
        found.append(f'{here}.then: "{decided.kind}" is for outbound rules only')
    if decided.argument == "rebuilt" and rule.direction != "inbound":
        found.append(f'{here}.then: "hold rebuilt" is for inbound rules only')
    return PreparedRule(rule, decided, weight, settings)


def external(policy: Policy, facts: Facts) -> tuple[int, ...]:
    """Indexes of the recipients outside our own domains."""
    internal = policy.organisation.internal
    return tuple(i for i, address in enumerate(facts.envelope.recipients) if not internal(address))


def score(prepared: Prepared, findings: Iterable[Finding]) -> tuple[int, int]:
    """(sum of weights, number of different indicators); each rule counts once, by its heaviest finding."""
    weights: dict[str, int] = {}
    for finding in findings:
        rule = prepared.by_name.get(finding.rule)
        if rule is not None and rule.consequence.kind != "observe" and finding.weight > 0:
            weights[finding.rule] = max(weights.get(finding.rule, 0), finding.weight)
    return sum(weights.values()), len(weights)


def warns(prepared: Prepared, findings: Iterable[Finding]) -> bool:
    """True when the indicators together call for a warning."""
    warn = prepared.policy.warn
    total, different = score(prepared, findings)
    return different > 0 and (total >= warn.warn_at or (0 < warn.several <= different))


def verdict_of(prepared: Prepared, finding: Finding) -> Verdict:
    """What policy makes of one finding, warnings apart."""
    if finding.rule == UNEXAMINABLE:
        return Verdict(holds=frozenset({UNEXAMINABLE}))
    then = prepared.by_name[finding.rule].consequence
    if finding.rule == "own_pattern":
        then = prepared.own.get(finding.values.get("pattern", ""), then)
    match then.kind:
        case "reject":
            return Verdict(rejects=frozenset({finding.rule}))
        case "hold":
            rebuilt = frozenset({REBUILD}) if then.argument == "rebuilt" else frozenset()
            return Verdict(holds=frozenset({finding.rule}), rewrites=rebuilt)
        case "delay":
            return Verdict(delay=int(then.argument))
        case "approve":
            role = finding.values.get("approver", "") if then.argument == "class" else str(then.argument)
            return Verdict(approvals=frozenset({role})) if role else PASS
        case "bcc" | "encrypt":
            return Verdict(rewrites=frozenset({then.kind}))
        case _:
            return PASS


def concerns(prepared: Prepared, facts: Facts) -> Callable[[Finding], Sequence[int]]:
    """Tells which recipients a finding concerns, by index: as it says, else all; outbound, all external ones."""
    everybody: Sequence[int] = range(len(facts.envelope.forward_paths))
    others = external(prepared.policy, facts) if facts.direction == "outbound" else everybody
    return lambda finding: others if finding.recipients is None else finding.recipients


def decide(prepared: Prepared, facts: Facts, findings: Sequence[Finding]) -> list[Verdict]:
    """The verdict of each recipient: the join of the consequences of the findings that concern it."""
    concerned = concerns(prepared, facts)
    concerning: list[list[int]] = [[] for _ in facts.envelope.forward_paths]
    for number, finding in enumerate(findings):
        for index in concerned(finding):
            concerning[index].append(number)
    # Most recipients share their findings: one verdict for all of them.
    shared: dict[tuple[int, ...], Verdict] = {}
    for numbers in map(tuple, concerning):
        if numbers not in shared:
            shared[numbers] = _verdict(prepared, facts, [findings[number] for number in numbers])
    return [shared[tuple(numbers)] for numbers in concerning]


def _verdict(prepared: Prepared, facts: Facts, findings: list[Finding]) -> Verdict:
    verdict = PASS
    for finding in findings:
        verdict |= verdict_of(prepared, finding)
    if facts.direction == "inbound":
        verdict |= _warning(prepared, _believed(findings))
    return Verdict(rejects=verdict.rejects) if facts.released else verdict


TRUSTED = "trusted_sender"
"""Name of the finding that says the sender is trusted, by one recipient or for all."""

OF_FILES = frozenset(
    {
        "IN-EXEC",
        "IN-SHORTCUT",
        "IN-ICON",
        "IN-DOUBLE-EXT",
        "IN-SPACES",
        "IN-RLO",
        "IN-TYPE",
        "IN-MACRO",
        "IN-CRYPT",
    }
)
"""Controls whose indicators count whoever sent the mail: a trusted sender's account may be taken over."""


def _believed(findings: list[Finding]) -> list[Finding]:
    """The findings that count towards a warning of one recipient."""
    if not any(f.rule == TRUSTED for f in findings):
        return findings
    return [f for f in findings if f.control in OF_FILES]


def _warning(prepared: Prepared, findings: list[Finding]) -> Verdict:
    if not warns(prepared, findings):
        return PASS
    holds = (
        frozenset({SCORE}) if score(prepared, findings)[0] >= prepared.policy.warn.hold_at else frozenset()
    )
    return Verdict(holds=holds, rewrites=frozenset({"banner", "mark"}) | _shown(prepared.policy))


def _shown(policy: Policy) -> frozenset[str]:
    """The rewriters for mail that people are warned about, besides the warning itself (IN-TEXT, IN-MACRO)."""
    shown = policy.shown(warned=True)
    files = frozenset({"disarm"} if shown.attachments != "keep" else ())
    if (shown.html, shown.links) == ("keep", "keep") and not files:
        return files
    return files | {"text"}
