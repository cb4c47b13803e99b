"""What the policy makes of findings: each recipient's verdict, by the rules' consequences, their cases and exceptions."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec

from config.cases import OwnWaits, Waits, When, several, strictest
from config.consequence import FORMATS, OPENING, SEALING, UNTIL_RELEASED, Consequence
from config.policy import Policy
from filters.examined import SCORE, UNEXAMINABLE, Applied, Examined, Features
from filters.facts import Facts
from filters.finding import Finding
from filters.lures.belonging import is_author_proved
from filters.rule import Mail
from filters.ruleset import REBUILD, Prepared, PreparedCase
from filters.verdict import PASS, Verdict

Weighed = Sequence[tuple[Finding, Consequence]]
"""Findings with what each leads to for one recipient."""


NOTED = ("off", "observe", "tell")
"""Consequences that do nothing to a mail."""


RISK = "risk"
"""Name of what is applied because of the sum of the factors (policy.risk)."""
STOPPED = Finding(RISK, "OUT-MISSEND")
"""Stands for that sum where consequences are joined; nobody is shown it: its factors say more."""


class Decided(msgspec.Struct, frozen=True):
    """A verdict for each recipient; the highest sum of weights among them, which is the risk of mail that leaves; what
    was applied."""

    verdicts: tuple[Verdict, ...]
    score: int = 0
    applied: tuple[Applied, ...] = ()


class Then(NamedTuple):
    """What a finding leads to: by which case or exception ("": by the rule itself), and how what waits because of it ends."""

    consequence: Consequence
    by: str = ""
    waits: OwnWaits | None = None


class Circumstances:
    """What cases and exceptions ask of one mail."""

    def __init__(
        self, prepared: Prepared, facts: Facts, features: Features, findings: Iterable[Finding]
    ) -> None:
        self._prepared, self._facts, self._features = prepared, facts, features
        self._to: tuple[frozenset[str], ...] = ()
        if not prepared.cased:
            return
        groups = prepared.groups
        self._to = tuple(
            groups.of_address(address).union(
                groups.of_person(facts.colleagues[address], facts.day) if address in facts.colleagues else ()
            )
            for address in facts.envelope.recipients
        )
        self._from = self._senders()
        self._external = len(external(prepared.policy, facts))
        self._levels = {each.name: each.level for each in prepared.policy.organisation.classes}
        self._level = max((self._levels.get(f.values.get("class", ""), 0) for f in findings), default=0)

    def kind(self, index: int) -> frozenset[str]:
        """What tells recipients apart for cases."""
        return self._to[index] if self._to else frozenset()

    def risk(self, findings: Iterable[Finding], kind: frozenset[str]) -> int:
        """The sum of the factors' points. It does not depend on itself: no case of a factor asks for it (ruleset)."""
        return score([(f, self.then(f, kind, 0).consequence) for f in findings if f.weight > 0])[0]

    def then(self, finding: Finding, kind: frozenset[str], risk: int) -> Then:
        """What a finding leads to for recipients of this kind."""
        if finding.rule == UNEXAMINABLE:
            return Then(Consequence("hold"))
        prepared = self._prepared
        rule = prepared.by_name[finding.rule]
        for each in rule.exceptions:
            if each.until >= self._facts.day != "" and self._fits(each.when, kind, risk):
                return Then(each.consequence, each.name, rule.waits)
        for case in rule.cases:
            if self._fits(case.when, kind, risk):
                return Then(case.consequence, case.name, case.waits or rule.waits)
        if finding.rule == "own_pattern":
            then = prepared.own.get(finding.values.get("pattern", ""), rule.consequence)
            return Then(then, "", rule.waits)
        return Then(rule.consequence, "", rule.waits)

    def sealed(self, kind: frozenset[str], risk: int) -> PreparedCase | None:
        """The exception about how attachments are encrypted for recipients of this kind; the first that fits counts."""
        for each in self._prepared.formats:
            if each.until >= self._facts.day != "" and self._fits(each.when, kind, risk):
                return each
        return None

    def _fits(self, when: When, kind: frozenset[str], risk: int) -> bool:
        if when.sender and self._from.isdisjoint(several(when.sender)):
            return False
        if when.to and kind.isdisjoint(several(when.to)):
            return False
        if when.of and self._level < self._levels[when.of]:
            return False
        if when.bytes_over is not None and self._features.size <= when.bytes_over:
            return False
        if when.recipients_over is not None and self._external <= when.recipients_over:
            return False
        if when.risk_below is not None and risk >= when.risk_below:
            return False
        if when.risk_over is not None and risk <= when.risk_over:
            return False
        return not when.hours or (when.hours == "business") == self._facts.working

    def _senders(self) -> frozenset[str]:
        groups, facts = self._prepared.groups, self._facts
        if facts.sender is not None:
            return groups.of_person(facts.sender, facts.day)
        return groups.of_address(self._features.author) if self._features.author else frozenset()


def decide(prepared: Prepared, facts: Facts, features: Features, findings: Sequence[Finding]) -> Decided:
    """The verdict of each recipient: the join of the consequences of the findings that concern it."""
    concerned = concerns(prepared, facts)
    concerning: list[list[int]] = [[] for _ in facts.envelope.forward_paths]
    for number, finding in enumerate(findings):
        for index in concerned(finding):
            concerning[index].append(number)
    circumstances = Circumstances(prepared, facts, features, findings)
    # Most recipients share their findings: one verdict for all of them.
    shared: dict[tuple[tuple[int, ...], frozenset[str]], Verdict] = {}
    verdicts, applied, highest = [], set(), 0
    for index, numbers in enumerate(concerning):
        key = (tuple(numbers), circumstances.kind(index))
        if key not in shared:
            weighed, waits, mine = [], set[Waits](), [findings[number] for number in numbers]
            risk = circumstances.risk(mine, key[1]) if prepared.on_risk else 0
            for finding in mine:
                then, by, own = circumstances.then(finding, key[1], risk)
                weighed.append((finding, then))
                applied.add(Applied(finding.rule, by, str(then)))
                waits |= _ends(prepared.policy, then, own)
            risk = score(weighed)[0]
            if facts.direction == "outbound" and _to_stop(weighed) >= prepared.policy.risk.stop_at:
                weighed.append((STOPPED, prepared.risk))
                applied.add(Applied(RISK, "", str(prepared.risk)))
                waits |= _ends(prepared.policy, prepared.risk, prepared.policy.risk.waits)
            verdict = _verdict(prepared, facts, weighed) | _untouched(prepared.policy, facts, waits)
            form = circumstances.sealed(key[1], risk) if SEALING in verdict.rewrites else None
            if form is not None:
                then = form.consequence
                applied.add(Applied(SEALING, form.name, str(then)))
                verdict |= Verdict(rewrites=frozenset({FORMATS[str(then.argument)]}))
            shared[key] = verdict
            highest = max(highest, risk)
        verdicts.append(shared[key])
    return Decided(tuple(verdicts), highest, tuple(sorted(applied)))


def features(mail: Mail, prepared: Prepared) -> Features:
    """What is measured of a mail for cases and exceptions; who wrote it only where there are some."""
    proved = prepared.cased and mail.facts.direction == "inbound" and is_author_proved(mail)
    return Features(len(mail.message.raw), mail.incoming.author.address if proved else "")


def external(policy: Policy, facts: Facts) -> tuple[int, ...]:
    """Indexes of the recipients outside our own domains."""
    internal = policy.organisation.internal
    return tuple(i for i, address in enumerate(facts.envelope.recipients) if not internal(address))


def concerns(prepared: Prepared, facts: Facts) -> Callable[[Finding], Sequence[int]]:
    """Tells which recipients a finding concerns, by index: as it says, else all; outbound, all external ones."""
    everybody: Sequence[int] = range(len(facts.envelope.forward_paths))
    others = external(prepared.policy, facts) if facts.direction == "outbound" else everybody
    return lambda finding: others if finding.recipients is None else finding.recipients


def score(weighed: Weighed) -> tuple[int, int]:
    """(sum of weights, number of different indicators); each rule counts once, by its heaviest finding."""
    weights: dict[str, int] = {}
    for finding, then in weighed:
        if then.kind not in NOTED and finding.weight > 0:
            weights[finding.rule] = max(weights.get(finding.rule, 0), finding.weight)
    return sum(weights.values()), len(weights)


def _ends(policy: Policy, then: Consequence, own: OwnWaits | None) -> set[Waits]:
    """How a mail ends that a consequence lets wait for a person; nothing where it does not."""
    person = then.kind in ("hold", "review", "approve") or then.argument == UNTIL_RELEASED
    return {policy.waits.of(own)} if person else set()


def _untouched(policy: Policy, facts: Facts, waits: set[Waits]) -> Verdict:
    """Of several ends the strictest; where that is what [waits] says, what it says when the time has come."""
    ends = strictest(waits, policy.waits)
    return PASS if facts.direction == "inbound" or ends == policy.waits else Verdict(waits=frozenset({ends}))


def _to_stop(weighed: Weighed) -> int:
    """The sum that is compared with risk.stop_at. What holds or refuses the mail itself has its own end: whoever
    releases it has looked."""
    return score([(f, then) for f, then in weighed if then.kind not in ("hold", "reject")])[0]


def factors(examined: Examined) -> list[Finding]:
    """The factors of the risk of a mail that leaves, as people are shown them: the heaviest first, then those that name
    least, which say most."""
    counted = {each.rule for each in examined.applied if each.then not in NOTED}
    found = [f for f in examined.findings if f.weight > 0 and f.rule in counted]
    return sorted(found, key=lambda f: (-f.weight, len(f.about) or 99, f.rule))


def by_default(prepared: Prepared, findings: Iterable[Finding]) -> Weighed:
    """Findings with what their rules lead to where no case and no exception fits."""
    return [(f, prepared.by_name[f.rule].consequence) for f in findings if f.rule in prepared.by_name]


def warns(prepared: Prepared, weighed: Weighed) -> bool:
    """True when the indicators together call for a warning."""
    warn = prepared.policy.warn
    total, different = score(weighed)
    return different > 0 and (total >= warn.warn_at or (0 < warn.several <= different))


def verdict_of(finding: Finding, then: Consequence) -> Verdict:
    """What a consequence makes of one finding, warnings apart."""
    match then.kind:
        case "reject":
            return Verdict(rejects=frozenset({finding.rule}))
        case "hold":
            rebuilt = frozenset({REBUILD}) if then.argument == "rebuilt" else frozenset()
            return Verdict(holds=frozenset({finding.rule}), rewrites=rebuilt)
        case "delay":
            if then.argument == OPENING:
                return Verdict(opening=True)
            seconds = int(then.argument)
            return Verdict(delay=seconds, fixed=seconds if then.fixed else 0)
        case "review":
            return Verdict(reviews=frozenset({finding.rule}))
        case "approve":
            role = finding.values.get("approver", "") if then.argument == "class" else str(then.argument)
            return Verdict(approvals=frozenset({role})) if role else PASS
        case "bcc" | "each" | "encrypt" | "tidy" | "wrap":
            return Verdict(rewrites=frozenset({then.kind}))
        case "tell":
            return Verdict(tells=frozenset({finding.rule}))
        case _:
            return PASS


def _verdict(prepared: Prepared, facts: Facts, weighed: Weighed) -> Verdict:
    verdict = PASS
    for finding, then in weighed:
        verdict |= verdict_of(finding, then)
    if verdict.opening and facts.working:
        verdict = msgspec.structs.replace(verdict, opening=False)
    if facts.direction == "inbound":
        verdict |= _warning(prepared, _believed(weighed))
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
        "IN-VIRUS",
    }
)
"""Controls whose indicators count whoever sent the mail: a trusted sender's account may be taken over."""
WHOEVER = frozenset({"payment_change"})
"""Rules that count whoever sent the mail, for the same reason."""


def _believed(weighed: Weighed) -> Weighed:
    """The findings that count towards a warning of one recipient."""
    if not any(f.rule == TRUSTED for f, _ in weighed):
        return weighed
    return [(f, then) for f, then in weighed if f.control in OF_FILES or f.rule in WHOEVER]


def _warning(prepared: Prepared, weighed: Weighed) -> Verdict:
    if not warns(prepared, weighed):
        return PASS
    holds = frozenset({SCORE}) if score(weighed)[0] >= prepared.policy.warn.hold_at else frozenset()
    return Verdict(holds=holds, rewrites=frozenset({"banner", "mark"}) | _shown(prepared.policy))


def _shown(policy: Policy) -> frozenset[str]:
    """The rewriters for mail that people are warned about, besides the warning itself (IN-TEXT, IN-MACRO)."""
    shown = policy.shown(warned=True)
    files = frozenset({"disarm"} if shown.attachments != "keep" else ())
    if (shown.html, shown.links) == ("keep", "keep") and not files:
        return files
    return files | {"text"}
