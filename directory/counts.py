"""What is counted of a mail that left, and how counts become what rules are told (filters.facts.Acquaintances).

A row of the memory is one thing with its counts by aspect, each aspect bounded. A count is decayed forward: a mail adds
2 ** (its day / HALF), and whoever reads divides by that of today, so that adding up needs no date.
"""

import hashlib
from collections.abc import Mapping

from config.policy import Organisation
from directory.likeness import ends
from filters.examined import Examined, Lesson
from filters.facts import Acquaintance, Facts, Thread
from filters.lures.hosts import organisational
from filters.reading.lesson import surnames
from mail.address import domain_of, without_tag

HALF = 120 * 86_400.0
"""Seconds in which a count halves."""
_EPOCH = 1_767_225_600.0  # 2026: forward decay starts here, far from the end of a float
ADDRESS, DOMAIN, SURNAME, END, THREAD, PENDING = "address", "domain", "surname", "end", "thread", "pending"
HABIT = "habit"
"""Kinds of rows."""
KEPT = {"by": 50, "names": 8, "beside": 100, "at": 40, "of": 200, "people": 120, "stood": 120, "came": 121}
"""Most values of an aspect; those with the smallest counts go."""
TOGETHER = 12
"""Companies of one mail that stand together; with more it is a circular."""

HIDES = frozenset({"bcc", "each"})
"""Rewriters after which nobody reads the others' addresses."""

Counts = dict[str, dict[str, float]]
"""Aspect -> value -> count."""
Taught = list[tuple[str, str, Counts]]
"""Kinds and names of rows, with what is added to each."""


def teachings(facts: Facts, examined: Examined, organisation: Organisation) -> dict[str, Taught]:
    """Recipient -> what is learnt when the mail has been delivered there."""
    lesson, login = examined.lesson, facts.origin.login
    found: dict[str, Taught] = {}
    visible = [a for a in lesson.visible if not organisation.group(a)]
    beside = {organisational(domain_of(a)) for a in lesson.visible if not organisation.internal(a)}
    thread = thread_name(examined.summary.message_id)
    people = {"people": dict.fromkeys((*lesson.visible, facts.envelope.reverse_path.lower()), 1.0)}
    openly = {i for copy in examined.copies if not HIDES & copy.verdict.rewrites for i in copy.recipients}
    for index, address in enumerate(a.lower() for a in facts.envelope.recipients):
        openly_named = index in openly and address in lesson.visible
        stood = {"stood": {f"{facts.mail_id} {address}": 1.0}} if openly_named else {}
        rows: Taught = [(THREAD, thread, {**people, **stood})] if thread else []
        if not organisation.internal(address):
            together = beside if address in lesson.visible and len(beside) <= TOGETHER else set()
            rows += _of_one(address, login, lesson, together, visible)
        if rows:
            found[address] = rows
    return found


def _of_one(address: str, login: str, lesson: Lesson, beside: set[str], visible: list[str]) -> Taught:
    domain, names = organisational(domain_of(address)), lesson.names.get(address, ())
    of_domain: Counts = {"by": {login: 1.0}, "beside": dict.fromkeys(beside - {domain}, 1.0)}
    if lesson.company and {organisational(domain_of(a)) for a in visible} == {domain}:
        of_domain["names"] = {lesson.company: 1.0}
    rows: Taught = [
        (ADDRESS, without_tag(address), {"by": {login: 1.0}, "names": dict.fromkeys(names, 1.0)}),
        (DOMAIN, domain, of_domain),
    ]
    rows += [
        (SURNAME, surname, {"at": {without_tag(address): 1.0}})
        for surname in sorted(surnames(address, names))
    ]
    return rows + [(END, end, {"of": {domain: 1.0}}) for end in ends(domain)]


def thread_name(message_id: str) -> str:
    """The name under which a mail is remembered, "" without a Message-ID."""
    text = message_id.strip().strip("<>").strip()
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32] if "@" in text else ""


def scale(now: float) -> float:
    """What a mail of this moment counts."""
    return float(2.0 ** ((now - _EPOCH) / HALF))


def add(total: Counts, counts: Mapping[str, Mapping[str, float]], times: float = 1.0) -> None:
    """Add counts to a total, each so many times."""
    for aspect, values in counts.items():
        mine = total.setdefault(aspect, {})
        for value, count in values.items():
            mine[value] = mine.get(value, 0.0) + count * times


def joined(one: Mapping[str, Mapping[str, float]], other: Mapping[str, Mapping[str, float]]) -> Counts:
    """The sum of both."""
    total = {aspect: dict(values) for aspect, values in one.items()}
    add(total, other)
    return total


def bounded(counts: Counts) -> Counts:
    return {
        aspect: values
        if len(values) <= (most := KEPT.get(aspect, 20))
        else dict(sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))[:most])
        for aspect, values in counts.items()
        if values
    }


def values_of(counts: Counts | None, aspect: str) -> list[str]:
    """The values of an aspect, the most frequent first."""
    values = (counts or {}).get(aspect, {})
    return sorted(values, key=lambda value: (-values[value], value))


def acquaintance(counts: Counts, login: str, today: float) -> Acquaintance:
    by = counts.get("by", {})
    names = counts.get("names", {})
    least = max(names.values(), default=0.0) / 10
    return Acquaintance(
        by.get(login, 0.0) / today,
        sum(by.values()) / today,
        len(by),
        tuple(name for name in values_of(counts, "names") if names[name] >= least)[:6],
        frozenset(counts.get("beside", {})),
    )


def stood(counts: Counts | None) -> list[frozenset[str]]:
    """Whose addresses everybody could read, mail by mail, in what passed under one Message-ID, which anybody can write: of
    ours to whom each was delivered; of arrivals under it, those who stood in all."""
    ours: dict[str, set[str]] = {}
    for mail_id, _, address in (value.partition(" ") for value in (counts or {}).get("stood", {})):
        ours.setdefault(mail_id, set()).add(address)
    came = (counts or {}).get("came", {})
    all_times = came.get("", 0.0) * (1 - 1e-9)
    theirs = {address for address, count in came.items() if address and count >= all_times > 0}
    return [frozenset(each) for each in (*ours.values(), theirs) if each]


def thread_of(counts: Counts) -> Thread:
    return Thread(
        frozenset(counts.get("people", {})),
        next(iter(counts.get("from", {})), ""),
        next(iter(counts.get("reply_to", {})), ""),
        "warned" in counts,
    )
