"""What a sender has to look at before a mail leaves that waits for their self-review (OUT-MISSEND), and its points.

Pure. A check is an address, or all addresses of a domain where there are many; a file; or something that was found in the
mail itself. What was found (the factors of the risk, filters.decision.decide) belongs to the first check that it names; what
has been ticked counts no more. Which checks must be ticked is policy (`[review]`).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

import msgspec

from config.consequence import UNTIL_RELEASED, Consequence
from config.policy import Organisation, Policy, Review
from filters.finding import Finding
from mail.address import domain_of
from quarantine.item import Item

_LOGO = re.compile(r"image\d{3}\.(?:png|jpe?g|gif)", re.IGNORECASE)
"""Pictures of signatures, as Outlook names them."""


RELEASED = str(Consequence("delay", UNTIL_RELEASED))


class CheckKind(StrEnum):
    """What is checked."""

    ADDRESS = "address"
    DOMAIN = "domain"  # all addresses of it
    FILE = "file"
    NOTE = "note"  # something in the mail itself


class Word(StrEnum):
    """What a sum of points means."""

    SAFE = "safe"
    CAUTION = "caution"
    WARNING = "warning"


class Check(msgspec.Struct, frozen=True):
    """One thing to look at.

    key        names it in a form
    name       the address, the domain, or the file; "" for a note
    found      what was found about it, the heaviest first; points: what that counts for
    required   it has to be ticked; must_open: and its safe text looked at before
    number     of a file: its place among the attachments
    """

    key: str
    kind: CheckKind
    name: str = ""
    found: tuple[Finding, ...] = ()
    points: int = 0
    required: bool = True
    must_open: bool = False
    number: int = -1


class Party(msgspec.Struct, frozen=True):
    """The recipients of one domain: `scope` is "external", "group" or "internal"; `company` "" for a domain that we do not
    know by name."""

    domain: str
    scope: str
    company: str
    addresses: tuple[str, ...]
    checks: tuple[Check, ...] = ()

    @property
    def is_unknown(self) -> bool:
        return self.scope == "external" and not self.company


class Checklist(msgspec.Struct, frozen=True):
    """All checks of a mail. Parties that nobody knows come first, then the others outside, then the group and ourselves."""

    parties: tuple[Party, ...]
    files: tuple[Check, ...]
    notes: tuple[Check, ...]
    stop_at: int = 0

    @property
    def checks(self) -> tuple[Check, ...]:
        return (*self.notes, *(check for party in self.parties for check in party.checks), *self.files)

    def points(self, ticked: Collection[str] = ()) -> int:
        """The points of what has not been ticked."""
        return sum(check.points for check in self.checks if check.key not in ticked)

    def word(self, points: int) -> Word:
        return Word.SAFE if not points else Word.WARNING if points >= self.stop_at else Word.CAUTION

    def missing(self, ticked: Collection[str], opened: Collection[int] = ()) -> tuple[Check, ...]:
        """What still has to be ticked, or opened, before the mail may leave."""
        return tuple(
            check
            for check in self.checks
            if (check.required and check.key not in ticked)
            or (check.must_open and check.number not in opened)
        )


def checklist(items: Sequence[Item], policy: Policy) -> Checklist:
    """The checks of a mail, of which these are the copies (at least one)."""
    organisation, review = policy.organisation, policy.review
    addresses = list(dict.fromkeys(r.path.address for item in items for r in item.recipients))
    stops = _stops(policy) if any(item.delay >= UNTIL_RELEASED for item in items) else frozenset()
    factors = _Factors(items[0].findings, stops)
    files = _files(items[0].summary.attachments, factors, review)
    parties = _parties(addresses, factors, organisation, review)
    notes = tuple(
        Check(f"note:{number}", CheckKind.NOTE, found=(each,), points=factors.points(each))
        for number, each in enumerate(factors.left())
    )
    return Checklist(parties, files, notes, policy.risk.stop_at)


def _stops(policy: Policy) -> frozenset[str]:
    """Rules that may ask the sender to let a mail go: the look does that too (docs/adr/0036), so it shows why they asked."""
    return frozenset(
        name
        for name, said in policy.rules.items()
        if RELEASED in (said.then, *(case.then for case in said.cases))
    )


class _Factors:
    """The factors of the risk, and what else the sender is asked about (findings of the rules `stops`); each is given to one
    check, and each rule counts once."""

    def __init__(self, findings: Iterable[Finding], stops: Collection[str]) -> None:
        shown = (f for f in findings if f.weight > 0 or f.rule in stops)
        self._left = sorted(shown, key=lambda f: (-f.weight, f.rule))
        self._counted: set[str] = set()

    def about(self, names: Iterable[str]) -> tuple[Finding, ...]:
        """Those of them that name one of these first."""
        wanted = {name.lower() for name in names}
        taken = [f for f in self._left if any(name.lower() in wanted for name in f.about)]
        self._left = [f for f in self._left if f not in taken]
        return tuple(taken)

    def points(self, *findings: Finding) -> int:
        total = 0
        for each in findings:
            if each.rule not in self._counted:
                self._counted.add(each.rule)
                total += each.weight
        return total

    def left(self) -> list[Finding]:
        return self._left


def _files(names: Sequence[str], factors: _Factors, review: Review) -> tuple[Check, ...]:
    checks = []
    for number, name in enumerate(names):
        found = factors.about([name])
        if _LOGO.fullmatch(name) and not found:
            continue
        extension = name.rpartition(".")[2].lower()
        must_open = bool(name) and ("*" in review.must_open or extension in review.must_open)
        key = f"file:{number}"
        required = review.attachments or bool(found) or must_open
        checks.append(
            Check(key, CheckKind.FILE, name, found, factors.points(*found), required, must_open, number)
        )
    return tuple(checks)


def _parties(
    addresses: Sequence[str], factors: _Factors, organisation: Organisation, review: Review
) -> tuple[Party, ...]:
    by_domain: dict[str, list[str]] = {}
    for address in addresses:
        by_domain.setdefault(domain_of(address), []).append(address)
    external = sum(not organisation.group(address) for address in addresses)
    parties = []
    for domain, members in by_domain.items():
        scope = _scope(members[0], organisation)
        checks = tuple(_checks(domain, members, factors, scope, one_by_one=external <= review.addresses))
        parties.append(Party(domain, scope, organisation.partners.get(domain, ""), tuple(members), checks))
    order = ("external", "group", "internal")
    return tuple(
        sorted(
            parties, key=lambda p: (order.index(p.scope), not p.is_unknown, -_points(p), p.company, p.domain)
        )
    )


def _checks(
    domain: str, members: Sequence[str], factors: _Factors, scope: str, *, one_by_one: bool
) -> Iterable[Check]:
    """One for each address that something was found about; the others one by one, or together as their domain."""
    others = []
    for address in members:
        found = factors.about([address])
        if found or (one_by_one and scope == "external"):
            yield Check(f"to:{address}", CheckKind.ADDRESS, address, found, factors.points(*found))
        else:
            others.append(address)
    found = factors.about([domain])
    if found or (others and scope == "external"):
        yield Check(f"at:{domain}", CheckKind.DOMAIN, domain, found, factors.points(*found))


def _scope(address: str, organisation: Organisation) -> str:
    if organisation.internal(address):
        return "internal"
    return "group" if organisation.group(address) else "external"


def _points(party: Party) -> int:
    return sum(check.points for check in party.checks)
