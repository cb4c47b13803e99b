"""What is remembered of a mail that was decided on, so that another policy can decide on it again (`sekisho policy replay`).

Measurements, and which rules saw something, for whom, and of which class. Nothing of its text: of a finding's values only
those that decide (VALUES); addresses, departments and attributes are digests (filters/decision/pseudonyms.py).
"""

from collections.abc import Callable
from typing import Any

import msgspec

from filters.decision.decide import Decided
from filters.decision.groups import Groups
from filters.decision.outcome import outcome
from filters.decision.pseudonyms import Pseudonyms, Somebody, somebody, written
from filters.examined import UNEXAMINABLE, Applied, Examined, Features
from filters.facts import Facts, Origin
from filters.finding import Finding
from filters.ruleset import Prepared
from filters.verdict import PASS, Verdict
from mail.envelope import Envelope, ForwardPath

VALUES = frozenset({"class", "approver", "pattern"})
"""What decide reads of a finding's values: names that the policy itself has given."""
FACTS = frozenset(
    {"direction", "envelope", "sender", "colleagues", "day", "working", "released"}
)  # fmt: skip
"""What decide reads of the facts; all of it is remembered (tests/filters/decision/test_remembered.py)."""


class RememberedFinding(msgspec.Struct, frozen=True, array_like=True):
    """A finding without its evidence."""

    rule: str
    weight: int = 0
    recipients: tuple[int, ...] | None = None
    values: dict[str, str] = {}


class Remembered(msgspec.Struct, frozen=True, array_like=True):
    """A mail. `author` and `recipients` are digests; `colleagues` are people by the index of their forward-path;
    `verdicts` are those that counted, each with the indexes of its recipients, what is empty left out."""

    direction: str
    measured: dict[str, Any]
    author: bytes
    recipients: tuple[bytes, ...]
    findings: tuple[RememberedFinding, ...]
    sender: Somebody | None
    colleagues: tuple[tuple[int, Somebody], ...]
    day: str
    released: bool
    verdicts: tuple[tuple[dict[str, Any], tuple[int, ...]], ...]
    applied: tuple[tuple[str, str, str], ...]

    @property
    def was(self) -> tuple[Verdict, ...]:
        """The verdict of each recipient as it counted then."""
        found = [PASS] * len(self.recipients)
        for said, indexes in self.verdicts:
            verdict = msgspec.convert(said, Verdict)
            for index in indexes:
                found[index] = verdict
        return tuple(found)

    @property
    def did(self) -> frozenset[Applied]:
        """What the policy did with the findings then."""
        return frozenset(Applied(*each) for each in self.applied)


_encode = msgspec.msgpack.Encoder(order="deterministic").encode
read: Callable[[bytes], Remembered] = msgspec.msgpack.Decoder(Remembered).decode
"""What `packed` made. Raises msgspec.DecodeError."""


def packed(facts: Facts, examined: Examined, pseudonyms: Pseudonyms) -> bytes:
    """What is remembered of a mail, as MessagePack."""
    to, address = facts.envelope.recipients, pseudonyms.address
    measured = {name: value for name, value in msgspec.structs.asdict(examined.features).items() if value}
    author = measured.pop("author", "")
    return _encode(
        Remembered(
            facts.direction,
            measured,
            address(author) if author else b"",
            tuple(map(address, to)),
            tuple(_sighted(finding) for finding in examined.findings),
            somebody(facts.sender, pseudonyms) if facts.sender is not None else None,
            tuple(
                (index, somebody(facts.colleagues[each], pseudonyms))
                for index, each in enumerate(to)
                if each in facts.colleagues
            ),
            facts.day,
            bool(facts.released),
            tuple((_said(copy.verdict), copy.recipients) for copy in examined.copies),
            tuple((each.rule, each.by, each.then) for each in examined.applied),
        )
    )


def _sighted(finding: Finding) -> RememberedFinding:
    values = finding.values
    kept = {name: values[name] for name in VALUES & values.keys()} if values else {}
    return RememberedFinding(finding.rule, finding.weight, finding.recipients, kept)


def _said(verdict: Verdict) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(verdict).items() if value}


class Rehearsal:
    """A policy that decides again on mails that are remembered."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._under: dict[bytes, Prepared] = {}

    def again(self, key: bytes, mail: Remembered, *, working: bool) -> tuple[Decided, list[Verdict]]:
        """What it decides on a mail that is remembered under a key and was accepted within its business hours, or not; as
        `outcome` has it."""
        prepared = self._under.get(key)
        if prepared is None:
            prepared = self._under[key] = disguised(self._prepared, Pseudonyms(key))
        measured = msgspec.convert(
            {**mail.measured, "author": written(mail.author) if mail.author else ""}, Features
        )
        facts = _facts(mail, working=working)
        return outcome(prepared, facts, measured, _findings(prepared, mail))


def disguised(prepared: Prepared, pseudonyms: Pseudonyms) -> Prepared:
    """The policy, ready to decide on digests."""
    policy = pseudonyms.under(prepared.policy)
    groups = Groups(policy.groups, policy.organisation, prepared.groups.asked)
    return msgspec.structs.replace(prepared, policy=policy, groups=groups)


def _facts(mail: Remembered, *, working: bool) -> Facts:
    to = tuple(map(written, mail.recipients))
    return Facts(
        direction=mail.direction,
        origin=Origin("rehearsal", ""),
        envelope=Envelope("", tuple(map(ForwardPath, to))),
        sender=mail.sender.person if mail.sender is not None else None,
        colleagues={to[index]: each.person for index, each in mail.colleagues},
        day=mail.day,
        working=working,
        released="released" if mail.released else "",
    )


def _findings(prepared: Prepared, mail: Remembered) -> list[Finding]:
    """What the rules would have seen that look under this policy; a weight that it fixes counts."""
    found = []
    for each in mail.findings:
        rule, weight, control = prepared.by_name.get(each.rule), each.weight, ""
        if rule is not None:
            if not rule.is_on_duty:
                continue
            weight = each.weight if rule.weight is None else rule.weight
            control = rule.rule.control
        elif each.rule != UNEXAMINABLE:
            continue  # a rule of another release
        found.append(
            Finding(each.rule, control, weight=weight, recipients=each.recipients, values=each.values)
        )
    return found
