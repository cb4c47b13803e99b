"""Outgoing mail of four made-up companies, half of it with one mistake; README.md says how it was made and is used."""

import gzip
import json
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
DECIDING = ("hayase", "minamo")
"""Companies whose mails decide: frozen; no rule is developed on them."""
DEVELOPMENT = ("hokuto", "aoba")
KINDS = (
    "lookalike", "newcomer", "namesake", "strangers", "salutation", "absent-file", "other-partners-file",
    "growth", "reply-to", "hidden-content", "passphrase", "private",
)  # fmt: skip
"""The mistakes; README.md describes each."""
TRAPS = (
    "new-partner", "joint-project", "several-names", "everyone", "kana", "quoted-announcement", "forward",
    "english", "newsletter", "short", "signature", "own-name-file", "invitation", "domain-moved", "group",
    "same-surname", "link", "announced-changes", "large-thread", "other-reply-to", "agreed-passphrase", "plain",
)  # fmt: skip
"""What makes a clean mail hard."""
FIRST_DAY = date(2026, 11, 4)
"""The first mails of a set; its history is of the year before."""
HOLIDAYS = frozenset({date(2026, 11, 23)})


@dataclass(frozen=True)
class Person:
    """Somebody of the company: one line of `people`. `head` is the address of the department's head."""

    name: str
    kana: str
    romaji: str
    address: str
    department: str
    role: str
    head: str


@dataclass(frozen=True)
class Contact:
    """Somebody of a partner. The address is the one in use now, `was` the one before the partner moved."""

    name: str
    kana: str
    address: str
    department: str
    was: str = ""

    @property
    def surname(self) -> str:
        return self.name.split(" ")[0]

    @property
    def given_name(self) -> str:
        return self.name.partition(" ")[2]

    @property
    def shown(self) -> str:
        """As mail shows it: given name first in Latin letters, where no reading is needed."""
        return self.name if self.kana else f"{self.given_name} {self.surname}"


@dataclass(frozen=True)
class Partner:
    """A company that ours writes to. `rhythm`: daily … once; `own`: who of us writes to it; `moved`: new domain since."""

    name: str
    latin: str
    domains: tuple[str, ...]
    contacts: tuple[Contact, ...]
    rhythm: str
    own: tuple[str, ...]
    since: date
    moved: date | None
    group: bool
    english: bool


@dataclass(frozen=True)
class Project:
    """Partners that rightly stand together in one mail."""

    name: str
    domains: tuple[str, ...]
    own: tuple[str, ...]
    since: date


@dataclass(frozen=True)
class Company:
    """One company and all it knows. `lists`: address to members; `private`: known private addresses, with a name;
    `writers`: who writes to each of them.
    """

    key: str
    name: str
    latin: str
    domain: str
    place: str
    people: tuple[Person, ...]
    partners: tuple[Partner, ...]
    projects: tuple[Project, ...]
    lists: dict[str, tuple[str, ...]]
    private: dict[str, str]
    writers: dict[str, tuple[str, ...]]
    topics: tuple[str, ...]
    inside: tuple[str, ...]

    def person(self, address: str) -> Person:
        """Raises StopIteration for an address that is nobody's."""
        return next(person for person in self.people if person.address == address)

    def names(self) -> dict[str, str]:
        """Every address of the address book to the name that a client shows."""
        book = {person.address: person.name for person in self.people} | self.private
        for partner in self.partners:
            for contact in partner.contacts:
                book[contact.address] = contact.shown
                if contact.was:
                    book[contact.was] = contact.shown
        return book


@dataclass(frozen=True)
class Line:
    """One mail of the past. `head`: its first lines; `answers`: the number of the line that it answers."""

    date: datetime
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    head: str = ""
    files: tuple[str, ...] = ()
    answers: int | None = None
    reply_to: str = ""


@dataclass(frozen=True)
class File:
    """An attachment: its name, the text in it ("" for none), and `hidden`: what a reader does not see at once."""

    name: str
    text: str = ""
    hidden: tuple[str, ...] = ()
    password: str = ""


@dataclass(frozen=True)
class Earlier:
    """A mail before ours in the same thread; `text` is what ours quotes of it, `names` the addresses' display names."""

    line: Line
    text: str
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One outgoing mail. Clean when `kind` is ""; otherwise an explanation must name one of `wrong`."""

    key: str
    kind: str
    trap: str
    wrong: tuple[str, ...]
    date: datetime
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    names: dict[str, str]
    subject: str
    text: str
    client: str
    english: bool
    signed: bool
    bulk: bool
    files: tuple[File, ...]
    before: tuple[Earlier, ...]
    cites: str
    invite: str

    @property
    def recipients(self) -> tuple[str, ...]:
        """The envelope's."""
        return tuple(dict.fromkeys((*self.to, *self.cc, *self.bcc)))


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in row.split("|")] for row in table.strip().splitlines()]


def _full(local: str, domain: str) -> str:
    return local if "@" in local or not local else f"{local}@{domain}"


def _partner(entry: dict[str, Any], domain: str) -> Partner:
    domains = tuple(entry["domains"])
    moved: date | None = entry.get("moved")
    contacts = tuple(
        Contact(
            name,
            kana,
            _full(local, domains[-1 if moved else 0]),
            department,
            _full(local, domains[0]) if moved else "",
        )
        for name, kana, local, department in _rows(entry["contacts"])
    )
    return Partner(
        entry["name"], entry["latin"], domains, contacts, entry["rhythm"],
        tuple(_full(own, domain) for own in entry["own"]), entry.get("since", date(2025, 11, 1)), moved,
        entry.get("group", False), entry.get("english", False),
    )  # fmt: skip


@cache
def _read(key: str) -> dict[str, Any]:
    half = "deciding" if key in DECIDING else "development"
    return tomllib.loads((FOLDER / f"{half}_{key}.toml").read_text("utf-8"))


@cache
def company(key: str) -> Company:
    """The company of one file, `key` of DECIDING or DEVELOPMENT."""
    read = _read(key)
    domain = read["domain"]
    people = tuple(
        Person(name, kana, romaji, _full(local, domain), department, role, _full(head, domain))
        for name, kana, romaji, local, department, role, head in _rows(read["people"])
    )
    return Company(
        key, read["name"], read["latin"], domain, read["place"], people,
        tuple(_partner(entry, domain) for entry in read["partner"]),
        tuple(
            Project(p["name"], tuple(p["domains"]), tuple(_full(own, domain) for own in p["own"]), p["since"])
            for p in read["project"]
        ),
        {_full(name, domain): tuple(_full(m, domain) for m in members) for name, members in read["lists"].items()},
        {address: name for name, address, _ in _rows(read["private"])},
        {
            address: tuple(_full(writer.strip(), domain) for writer in writers.split(","))
            for _, address, writers in _rows(read["private"])
        },
        tuple(read["topics"].strip().splitlines()), tuple(read["inside"].strip().splitlines()),
    )  # fmt: skip


@cache
def history(key: str) -> tuple[Line, ...]:
    """The year before the mails, oldest first; history.py made it."""
    half = "deciding" if key in DECIDING else "development"
    with gzip.open(FOLDER / f"{half}_{key}.history.jsonl.gz", "rt", encoding="utf-8") as lines:
        return tuple(_line(json.loads(line)) for line in lines)


def _line(read: dict[str, Any]) -> Line:
    return Line(
        datetime.fromisoformat(read["date"]), read["from"], tuple(read.get("to", ())), tuple(read.get("cc", ())),
        tuple(read.get("bcc", ())), read.get("subject", ""), read.get("head", ""), tuple(read.get("files", ())),
        read.get("answers"), read.get("reply_to", ""),
    )  # fmt: skip


def _addresses(read: list[str], domain: str, names: dict[str, str]) -> tuple[str, ...]:
    """Addresses of "Name <address>" or of local parts; the names go into `names`."""
    found = []
    for each in read:
        name, address = parseaddr(each) if "<" in each else ("", _full(each, domain))
        if name:
            names[address] = name
        found.append(address)
    return tuple(found)


def _earlier(read: dict[str, Any], at: datetime, domain: str, names: dict[str, str]) -> Earlier:
    own = dict(names)
    (sender,) = _addresses([read["from"]], domain, own)
    to, cc = _addresses(read["to"], domain, own), _addresses(read.get("cc", []), domain, own)
    text = read.get("text", "").strip()
    head = "\n".join(text.splitlines()[:2])
    when = at - timedelta(minutes=read.get("ago", 1440))
    if when.date() < at.date():
        when -= timedelta(max(0, when.weekday() - 4))
    files, reply_to = tuple(read.get("files", ())), read.get("reply_to", "")
    return Earlier(Line(when, sender, to, cc, (), read["subject"], head, files, None, reply_to), text, own)


def _days(count: int) -> list[datetime]:
    """When the mails of a set were sent: mixed, over the working days from FIRST_DAY to 20 November."""
    days = [FIRST_DAY + timedelta(n) for n in range(17)]
    days = [day for day in days if day.weekday() < 5 and day not in HOLIDAYS]
    minutes = [n * 47 % count * len(days) * 540 // count for n in range(count)]
    return [
        datetime(d.year, d.month, d.day, 9) + timedelta(minutes=m % 540)
        for m in minutes
        for d in [days[m // 540]]
    ]


@cache
def cases(key: str) -> tuple[Case, ...]:
    """The mails of one company, in the order of the file."""
    domain, book = company(key).domain, company(key).names()
    read = _read(key)["mail"]
    return tuple(
        _case(f"{key}-{number:03}", entry, at, domain, dict(book))
        for number, (entry, at) in enumerate(zip(read, _days(len(read)), strict=True), 1)
    )


def _case(key: str, read: dict[str, Any], at: datetime, domain: str, names: dict[str, str]) -> Case:
    (sender,) = _addresses([read["from"]], domain, names)
    kind = read.get("kind", "")
    before = read.get("before", [])
    count = len(before)
    earlier = [
        _earlier(
            {"ago": 1440 * (count - n), "subject": read["subject"].removeprefix("Re: ")} | each,
            at,
            domain,
            names,
        )
        for n, each in enumerate(before)
    ]
    return Case(
        key, kind, "" if kind else read["trap"], tuple(_full(w, domain) if kind == "growth" else w for w in read.get("wrong", ())),
        at, sender, _addresses(read["to"], domain, names), _addresses(read.get("cc", []), domain, names),
        _addresses(read.get("bcc", []), domain, names), names, read["subject"], read["text"].strip(),
        read.get("client", "outlook"), read.get("english", False), read.get("signed", True), read.get("bulk", False),
        tuple(
            File(each, "") if isinstance(each, str)
            else File(each["name"], each.get("text", ""), tuple(each.get("hidden", ())), each.get("password", ""))
            for each in read.get("files", ())
        ),
        tuple(earlier), read.get("cites", "reply" if before else ""), read.get("invite", ""),
    )  # fmt: skip
