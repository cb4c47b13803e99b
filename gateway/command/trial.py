"""`sekisho policy test`: a folder of mails is examined under a policy, and compared with what is expected of each.

For those who change a policy and want to know that it still does what it did. Nothing is sent, kept or changed.

Diagnostics: ConfigError for a policy or expectations that cannot be used, and for files that are not there.
"""

import datetime
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from config.consequence import OPENING, REWRITES, Consequence
from config.policy import ConfigError, Policy
from config.problems import why_not
from directory.account import Account
from filters.examined import Examined
from filters.facts import Facts
from filters.rule import REGISTRY
from filters.ruleset import REBUILD, prepare
from filters.verdict import PASS, Verdict
from gateway.command.expectations import ANY, Expected, read_expected, write_expected
from gateway.command.explain import examine, facts_of
from mail.address import domain_of, header_addresses
from mail.message import Message


class MailFolder:
    """A policy on the mails of a folder. `zone` is the time zone of the organisation."""

    def __init__(self, folder: Path, policy: Policy, people: Sequence[Account], zone: str) -> None:
        self._folder = folder
        self._policy = policy
        self._prepared = prepare(policy)
        self._people = people
        self._zone = ZoneInfo(zone)

    @property
    def files(self) -> list[str]:
        """The mails in the folder and below, in order."""
        return sorted(
            p.relative_to(self._folder).as_posix() for p in self._folder.rglob("*.eml") if p.is_file()
        )

    def compared(self, expected: Expected) -> list[str]:
        """What is not as expected, one line each; [] when all is. Raises ConfigError."""
        facts, examined = self._examined(expected)
        now = _said_of_each(facts, examined)
        told = []
        for recipient in sorted(set(expected.verdicts) - {ANY, *now}):
            told.append(
                f"{expected.file}: {recipient} is not among the recipients: {', '.join(now) or 'there are none'}"
            )
        for recipient, is_said in now.items():
            wanted = expected.verdicts.get(recipient, expected.verdicts.get(ANY))
            if wanted is not None and _parts(wanted) != _parts(is_said):
                told.append(
                    f"{expected.file}: to {recipient}: expected {wanted}, but {is_said}{_why(examined)}"
                )
        seen = {finding.rule for finding in examined.findings}
        told += [
            f"{expected.file}: {rule} should see something" for rule in expected.rules if rule not in seen
        ]
        told += [f"{expected.file}: {rule} should see nothing" for rule in expected.not_rules if rule in seen]
        return told

    def now(self) -> datetime.datetime:
        """The local time, to the minute."""
        return datetime.datetime.now(self._zone).replace(second=0, microsecond=0, tzinfo=None)

    def observed(self, file: str, at: datetime.datetime) -> Expected:
        """What happens to a mail at this local time, as an expectation."""
        facts, examined = self._examined(Expected(file, at=at))
        now = _said_of_each(facts, examined)
        usual = Counter(now.values()).most_common(1)
        verdicts = {recipient: said for recipient, said in now.items() if not usual or said != usual[0][0]}
        if usual:
            verdicts[ANY] = usual[0][0]
        rules = tuple(sorted({f.rule for f in examined.findings} & REGISTRY.keys()))
        return Expected(file, facts.direction, verdicts=verdicts, rules=rules)

    def _examined(self, expected: Expected) -> tuple[Facts, Examined]:
        try:
            raw = (self._folder / expected.file).read_bytes()
        except OSError as error:
            raise ConfigError([f"{expected.file}: cannot be read ({why_not(error)})"]) from None
        direction = expected.direction or self._direction(raw)
        facts = facts_of(
            raw, self._policy, direction, expected.sender, expected.to, self._people, self._zone.key,
            _moment(expected.at, self._zone),
        )  # fmt: skip
        return facts, examine(raw, facts, self._prepared)

    def _direction(self, raw: bytes) -> str:
        """By the author: our own people send, others are received."""
        header = Message(raw).first("from")
        author = next(iter(header_addresses(header.value)), None) if header else None
        ours = author is not None and self._policy.organisation.ours(domain_of(author.address))
        return "outbound" if ours else "inbound"


def test(trial: MailFolder, path: Path) -> int:
    """Compare, and say what differs; the exit status: 1 when anything does."""
    expected = read_expected(path, sorted(REGISTRY))
    told = [line for each in expected for line in trial.compared(each)]
    for line in told:
        print(line)
    for file in sorted(set(trial.files) - {each.file for each in expected}):
        print(f"note: nothing is expected of {file}")
    wrong = len({line.partition(": ")[0] for line in told})
    mails = f"{len(expected)} mail{'s' * (len(expected) != 1)}"
    print(f"{mails}, {wrong} not as expected" if wrong else f"ok: {mails}")
    return 1 if told else 0


def write(trial: MailFolder, path: Path) -> int:
    """Write down what happens now, to be looked through."""
    at = trial.now()
    expected = [trial.observed(file, at) for file in trial.files]
    write_expected(path, expected, at)
    mails = "1 mail, as it is" if len(expected) == 1 else f"{len(expected)} mails, as they are"
    print(f"{path}: {mails} treated now; read it before you rely on it")
    return 0


def _moment(at: datetime.datetime | None, zone: ZoneInfo) -> float:
    if at is None:
        return time.time()
    return (at if at.tzinfo else at.replace(tzinfo=zone)).timestamp()


def _said_of_each(facts: Facts, examined: Examined) -> dict[str, str]:
    verdicts = dict.fromkeys(facts.envelope.recipients, PASS)
    for copy in examined.copies:
        for index in copy.recipients:
            verdicts[facts.envelope.recipients[index]] = copy.verdict
    return {recipient: said(verdict) for recipient, verdict in verdicts.items()}


def said(verdict: Verdict) -> str:
    """A verdict as an expectation writes it."""
    if verdict.rejects:
        return "reject"
    parts = ["hold rebuilt" if REBUILD in verdict.rewrites else "hold"] if verdict.holds else []
    parts += [f"approve {role}" for role in sorted(verdict.approvals)]
    parts += [str(Consequence(name)) for name in REWRITES if name in verdict.rewrites]
    parts += ["warn"] if "banner" in verdict.rewrites else []
    parts += [str(Consequence("delay", verdict.delay))] if verdict.delay > verdict.fixed else []
    parts += [str(Consequence("delay", verdict.fixed, fixed=True))] if verdict.fixed else []
    parts += [str(Consequence("delay", OPENING))] if verdict.opening else []
    parts += ["tell"] if verdict.tells else []
    return " + ".join(parts) or "deliver"


def _parts(text: str) -> frozenset[str]:
    return frozenset(" ".join(part.split()) for part in text.split("+"))


def _why(examined: Examined) -> str:
    named = [f"{a.rule}: {a.then}" + (f' by "{a.by}"' if a.by else "") for a in examined.applied]
    return f" ({'; '.join(named)})" if named else ""
