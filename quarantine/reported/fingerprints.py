"""Traits: by which an arriving mail is found again among three years of others (IN-REPORT, retro-search).

What the journal tells of a mail is enough to know its traits, so the table of sightings is a function of the
journal: it is written in the same transaction, and rebuilt by `sekisho sightings`. A sighting names its trait by a
64-bit digest alone; the finder reads the journal and compares (quarantine/reported/sightings.py).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

from filters.examined import TRACES, Summary
from filters.finding import Finding
from filters.listing import LABELS
from filters.lures.hosts import organisational
from filters.reading.report import bare_subject
from mail.address import domain_of
from quarantine.events import JournalEvent
from quarantine.item import Event
from storage.interfaces import Entry, Transaction
from storage.statements import insert_into

ADDRESS, DOMAIN, SUBJECT, HOST, ABOVE, FILE, MESSAGE_ID, WARNED = KINDS = (
    "address", "domain", "subject", "host", "above", "file", "message_id", "warned",
)  # fmt: skip
EVENTS = (JournalEvent.HAND_OVER, JournalEvent.PASS, Event.ACCEPT)
"""The journal's events by which an arriving mail is ours to be found: it went on to its recipients (a PASS of years ago
tells that alone), or it was kept."""
REASONS = 8
RECIPIENTS = 200
"""Recipients of one warned mail under whose name it is found; beyond, it is a mailing to everybody."""
_VALUE = 200
_BY_TRACE = itemgetter("trace")
_INSERT = insert_into("sighting", ("tenant", "trace", "at", "mail_id"))
"""A mail that has a trait."""
FORGET = "DELETE FROM sighting WHERE tenant = :tenant AND trace = :trace AND at = :at AND mail_id = :mail_id"
"""A sighting that is written again, or that was none: nobody got the mail."""


class Trait(NamedTuple):
    """One thing that mails can have in common: a kind of KINDS and its value in the form that is compared.

    above    a domain above the host of a link, down to the organisation's: a list names hosts with all that is below them
    warned   the address of a recipient, of a mail that people were warned of
    """

    kind: str
    value: str


def journal_fields(summary: Summary, findings: Sequence[Finding], warned: bool) -> dict[str, Any]:
    """What the journal keeps of an arriving mail: who, what about, where its links lead, which files, and why we
    warned. Bounded; no content."""
    found: dict[str, Any] = {
        "author": summary.author,
        "author_name": summary.author_name,
        "subject": summary.subject,
        "message_id": summary.message_id,
        "warned": warned,
    }
    if summary.attachments:
        found["attachments"] = [name[:_VALUE] for name in summary.attachments[:10]]
    for name in ("hosts", "files"):
        if values := getattr(summary, name)[:TRACES]:
            found[name] = list(values)
    heaviest = sorted((f for f in findings if f.weight), key=lambda f: -f.weight)[:REASONS]
    if heaviest:
        found["why"] = [[f.rule, {k: v[:_VALUE] for k, v in list(f.values.items())[:5]}] for f in heaviest]
    return found


def traits_of(detail: Mapping[str, Any]) -> list[Trait]:
    """The traits of a mail as the journal tells of it (`told`); () for what is not an arriving mail."""
    if detail.get("direction") != "inbound":
        return []
    author = str(detail.get("author", "")).lower()
    hosts = [host.lower() for host in _texts(detail.get("hosts"))]
    found = [
        Trait(ADDRESS, author),
        Trait(DOMAIN, domain_of(author)),
        Trait(SUBJECT, bare_subject(str(detail.get("subject", "")))),
        Trait(MESSAGE_ID, str(detail.get("message_id", ""))),
        *(Trait(HOST, host) for host in hosts),
        *(Trait(ABOVE, domain) for host in hosts for domain in _above(host)),
        *(Trait(FILE, digest) for digest in _texts(detail.get("files"))),
    ]
    if detail.get("warned"):
        found += [Trait(WARNED, address.lower()) for address in _texts(detail.get("to"))[:RECIPIENTS]]
    return list(dict.fromkeys(t for t in found if t.value))


def _above(host: str) -> list[str]:
    """The domains above a host, the nearest first; the last one is the organisation's."""
    last = organisational(host)
    if last.rpartition(".")[2].isdecimal():  # an address
        return []
    labels = host.rstrip(".").split(".")[-LABELS:]
    names = [".".join(labels[i:]) for i in range(1, len(labels))]
    return [name for name in names if name == last or name.endswith(f".{last}")]


def _texts(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple) else []


def trace(tenant: str, trait: Trait) -> int:
    """The digest under which the sightings of a trait stand: a signed 64-bit number."""
    text = f"{tenant}\0{trait.kind}\0{trait.value}".encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)


def rows_of(entries: Iterable[Entry], events: Sequence[str] = EVENTS) -> list[dict[str, Any]]:
    """The sightings of these entries of the journal."""
    return [
        {
            "tenant": entry.tenant,
            "trace": trace(entry.tenant, trait),
            "at": float(entry.at),
            "mail_id": entry.mail_id,
        }
        for entry in entries
        if entry.event in events and entry.mail_id
        for trait in traits_of(entry.detail)
    ]


def note(transaction: Transaction, entries: Iterable[Entry]) -> None:
    """Write the sightings of these entries, in this transaction, and forget those of mails that the next hop did not
    take; those of a group are written together at its end."""
    entries = list(entries)
    for row in rows_of(entries):
        _gathered(transaction, row["tenant"]).sighted.append(row)
    for row in rows_of(entries, (JournalEvent.NEXT_HOP_REFUSED,)):
        _gathered(transaction, row["tenant"]).refused.append(row)


def forget(transaction: Transaction, entries: Iterable[Entry]) -> None:
    """Forget the sightings of these entries, which are to go."""
    if rows := rows_of(entries):
        transaction.executemany(FORGET, sorted(rows, key=_BY_TRACE))


class _Gathered(NamedTuple):
    sighted: list[dict[str, Any]]
    refused: list[dict[str, Any]]


def _gathered(transaction: Transaction, tenant: str) -> _Gathered:
    name = f"sightings {tenant}"
    gathered: _Gathered | None = transaction.memory.get(name)
    if gathered is None:
        gathered = transaction.memory[name] = _Gathered([], [])
        transaction.at_end(name, partial(_write, gathered))
    return gathered


def _write(gathered: _Gathered, transaction: Transaction) -> None:
    # In the order of the index, in which the rows of a group then stand near each other.
    transaction.executemany(_INSERT, sorted(gathered.sighted, key=_BY_TRACE))
    if gathered.refused:
        transaction.executemany(FORGET, gathered.refused)
