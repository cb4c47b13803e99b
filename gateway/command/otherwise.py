"""What would have to be otherwise for a mail to go its way more easily: the smallest changes that change its verdict.

Recipients are taken out one by one (then by domain, then all outsiders) and the mail is examined again, its To and Cc
without them; hour, group, class, size and ends of exceptions are changed one at a time, and the findings decided again.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

import msgspec

from config.cases import several
from config.consequence import SEALING, UNTIL_RELEASED, Consequence
from filters.decision.decide import decide, external
from filters.examine import run
from filters.examined import Examined
from filters.facts import Facts
from filters.finding import Finding
from filters.ruleset import Prepared, PreparedCase, PreparedRule
from filters.verdict import PASS, Disposition, Verdict
from mail.address import header_addresses
from mail.charset import encode_mailbox
from mail.compose import Edit, applied
from mail.message import Message

MOST = 20
"""Recipients, or domains, without which a mail is examined again."""


class Change(msgspec.Struct, frozen=True):
    """`what` would be otherwise, and what would become of the mail then."""

    what: str
    then: str


def changes(raw: bytes, facts: Facts, prepared: Prepared, examined: Examined) -> list[Change]:
    """Those that make it easier for the mail, the smallest first; none for one that leaves at once as it came."""
    whole = reduce(or_, _each(prepared, facts, examined, examined.findings), PASS)
    if whole == PASS or prepared.policy.mode == "observe":
        return []
    found = list(_recipients(raw, facts, prepared, whole))
    some: list[Change] = []
    before = _each(prepared, facts, examined, examined.findings)
    for what, after in _facts(prepared, facts, examined):
        found.append((what, reduce(or_, after, PASS)))
        if found[-1][1] == whole:
            some += _for_some(what, facts, before, after)
    easier = [(what, verdict) for what, verdict in found if verdict != whole and verdict <= whole]
    most = [(what, verdict) for what, verdict in easier if _worst(verdict) < _worst(whole)]
    return [*(Change(what, described(verdict)) for what, verdict in most or easier), *some]


def _for_some(what: str, facts: Facts, before: Sequence[Verdict], after: Sequence[Verdict]) -> list[Change]:
    """What makes it easier for some recipients, while the others wait as before."""
    easier: dict[Verdict, list[str]] = {}
    for address, was, would in zip(facts.envelope.recipients, before, after, strict=True):
        if would != was and would <= was:
            easier.setdefault(would, []).append(address)
    return [Change(what, f"{described(verdict)}, for {', '.join(to)}") for verdict, to in easier.items()]


def _worst(verdict: Verdict) -> tuple[int, int]:
    """What of a verdict is hardest on a mail, as numbers that are compared."""
    kinds = (verdict.rejects, verdict.holds, verdict.approvals, verdict.delay)
    at = next((len(kinds) - number for number, kind in enumerate(kinds) if kind), 0)
    return at, verdict.delay if at == 1 else 0


def described(verdict: Verdict) -> str:
    """A verdict on a whole mail in words."""
    words = []
    if verdict.rejects:
        return f"refused ({', '.join(sorted(verdict.rejects))})"
    if verdict.holds:
        words.append(f"held for review ({', '.join(sorted(verdict.holds))})")
    if verdict.approvals:
        words.append(f"waits for {' and '.join(sorted(verdict.approvals))}")
    if verdict.delay:
        words.append(
            "waits until released"
            if verdict.delay >= UNTIL_RELEASED
            else f"leaves after {str(Consequence('delay', verdict.delay)).removeprefix('delay ')}"
        )
    if verdict.opening:
        words.append("leaves in business hours")
    if verdict.rewrites:
        words.append(f"changed ({', '.join(sorted(verdict.rewrites))})")
    at_once = verdict.disposition is Disposition.DELIVER
    return ", ".join(["leaves at once", *words] if at_once else words)


def _each(
    prepared: Prepared, facts: Facts, examined: Examined, findings: Sequence[Finding]
) -> tuple[Verdict, ...]:
    """By recipient."""
    return decide(prepared, facts, examined.features, findings).verdicts


def _recipients(
    raw: bytes, facts: Facts, prepared: Prepared, whole: Verdict
) -> Iterator[tuple[str, Verdict]]:
    """Without one recipient; when that helps nowhere, without all of a domain; then without all outsiders."""
    everybody = list(dict.fromkeys(facts.envelope.recipients))
    outsiders = [facts.envelope.recipients[index] for index in external(prepared.policy, facts)]
    domains: dict[str, list[str]] = {}
    for address in outsiders:
        domains.setdefault(address.rpartition("@")[2].lower(), []).append(address)
    wider = [(f"the recipients at {domain}", them) for domain, them in domains.items() if len(them) > 1]
    for stage in (
        [(address, [address]) for address in everybody[:MOST]],
        wider[:MOST],
        [("all external recipients", outsiders)] if len(domains) > 1 else [],
    ):
        helps = False
        for called, gone in stage:
            rest = [path for path in facts.envelope.forward_paths if path.address not in gone]
            if not rest:
                continue
            envelope = msgspec.structs.replace(facts.envelope, forward_paths=tuple(rest))
            again = msgspec.structs.replace(facts, envelope=envelope)
            verdict = run(without(raw, gone), again, prepared).verdict
            helps = helps or (verdict <= whole and _worst(verdict) < _worst(whole))
            yield f"without {called}", verdict
        if helps:
            return


def _facts(prepared: Prepared, facts: Facts, examined: Examined) -> Iterator[tuple[str, tuple[Verdict, ...]]]:
    """By recipient, with another hour, sender, class, size or day."""
    concerned = [
        prepared.by_name[r] for r in sorted({f.rule for f in examined.findings} & prepared.by_name.keys())
    ]
    cases = [case for rule in concerned for case in (*rule.exceptions, *rule.cases)]
    cases += prepared.formats if SEALING in examined.verdict.rewrites else ()

    def verdict(
        prepared: Prepared = prepared, facts: Facts = facts, findings: Sequence[Finding] = examined.findings,
        size: int = examined.features.size,
    ) -> tuple[Verdict, ...]:  # fmt: skip
        features = msgspec.structs.replace(examined.features, size=size)
        return decide(prepared, facts, features, findings).verdicts

    if any(case.when.hours for case in cases):
        hours = "outside business hours" if facts.working else "in business hours"
        yield hours, verdict(facts=msgspec.structs.replace(facts, working=not facts.working))
    for group in _once(name for case in cases for name in several(case.when.sender)):
        yield f"from somebody of the group {group}", verdict(prepared=_as_sender(prepared, group))
    sizes = {case.when.bytes_over or 0: case.when.size_over for case in cases if case.when.size_over}
    last = verdict()
    for limit in sorted((each for each in sizes if each < examined.features.size), reverse=True):
        if (smaller := verdict(size=limit)) != last:
            yield f"at {sizes[limit]} or less", smaller
        last = smaller
    for name in _once(f.values.get("class", "") for f in examined.findings):
        rest = [f for f in examined.findings if f.values.get("class", "") != name]
        yield f"without what is {name} in it", verdict(findings=rest)
    for case in cases:
        if case.until and case.until < facts.day:
            then = verdict(facts=msgspec.structs.replace(facts, day=case.until))
            yield f"until {case.until}, when the exception {case.name} ended", then


def _once(names: Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name]


def _as_sender(prepared: Prepared, group: str) -> Prepared:
    """The policy for which the sender belongs to a group."""

    def of(case: PreparedCase) -> PreparedCase:
        if group not in several(case.when.sender):
            return case
        return msgspec.structs.replace(case, when=msgspec.structs.replace(case.when, sender=()))

    def with_cases(rule: PreparedRule) -> PreparedRule:
        cases, exceptions = tuple(map(of, rule.cases)), tuple(map(of, rule.exceptions))
        return msgspec.structs.replace(rule, cases=cases, exceptions=exceptions)

    by_name = {name: with_cases(rule) for name, rule in prepared.by_name.items()}
    return msgspec.structs.replace(prepared, by_name=by_name)


def without(raw: bytes, gone: Sequence[str]) -> bytes:
    """The mail whose To and Cc do not name these addresses; where nothing is left, the field goes too."""
    away = {address.lower() for address in gone}
    edits = []
    for header in (h for h in Message(raw).headers if h.name in ("to", "cc")):
        mailboxes = [m for m in header_addresses(header.value) if m.address]
        left = [m for m in mailboxes if m.address.lower() not in away]
        if len(left) < len(mailboxes):
            line = b",\r\n ".join(encode_mailbox(m.name, m.address) for m in left)
            edits.append(Edit(*header.span, header.raw_name + b": " + line + b"\r\n" if left else b""))
    return applied(raw, edits)
