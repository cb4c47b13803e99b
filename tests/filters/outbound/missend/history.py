"""Makes the year of history of each company: `python -m tests.filters.outbound.missend.history` writes the files.

Partners are written to as often as their rhythm says, in threads that go to and fro; some are there from the
first day, some since a date, some moved to another domain. The same seed makes the same lines.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from tests.filters.outbound.missend import (
    DECIDING,
    DEVELOPMENT,
    FOLDER,
    HOLIDAYS,
    Company,
    Contact,
    Partner,
    Project,
    company,
)

FROM, UNTIL = date(2025, 11, 1), date(2026, 10, 31)
THREADS = {"daily": 210, "often": 90, "weekly": 40, "monthly": 14, "quarterly": 5, "once": 1}
"""Threads of a year."""
ENGLISH = (
    "Quotation {n} | Quotation_{n}.pdf", "Delivery schedule", "Invoice {n} | Invoice_{n}.pdf", "Minutes of our call",
    "Change request {n} | CR-{n}.docx", "Visit in month {m}", "Status update", "Samples", "Question on drawing {n}",
)  # fmt: skip
"""Subjects of mail to partners that are written to in English."""
Row = dict[str, Any]
T = TypeVar("T")


@dataclass
class Year:
    """What is written so far; `number` counts quotations and orders."""

    owner: Company
    chance: Random
    rows: list[Row] = field(default_factory=list)
    number: int = 2600

    def add(self, when: datetime, sender: str, to: list[str], cc: list[str], **rest: Any) -> int:
        row: Row = {"date": when.isoformat(timespec="minutes"), "from": sender, "to": to}
        row |= {"cc": cc} if cc else {}
        self.rows.append(row | {name: value for name, value in rest.items() if value not in ("", [], None)})
        return len(self.rows) - 1

    def moment(self, since: date) -> datetime:
        """A working hour of a working day from `since` on."""
        while True:
            day = since + timedelta(self.chance.randrange((UNTIL - since).days + 1))
            if day.weekday() < 5 and day not in HOLIDAYS:
                return datetime(
                    day.year, day.month, day.day, self.chance.randrange(8, 19), self.chance.randrange(60)
                )

    def few(self, of: list[T], most: int) -> list[T]:
        """Some, the first ones likelier."""
        chosen = [each for n, each in enumerate(of) if self.chance.random() < 1 / (n + 1.6)][:most]
        return chosen or [of[0] if self.chance.random() < 0.6 else self.chance.choice(of)]

    def topic(self, of: tuple[str, ...], name: str, when: datetime) -> tuple[str, list[str]]:
        """A subject, and the attachments that go with it."""
        self.number += self.chance.randrange(1, 4)
        filled = self.chance.choice(of).format(p=name, n=self.number, m=when.month, d=f"{when:%m%d}")
        subject, *files = (part.strip() for part in filled.split("|"))
        return subject, files


def _address(contact: Contact, partner: Partner, day: date) -> str:
    return contact.was if partner.moved and day < partner.moved else contact.address


def _at_work(when: datetime) -> datetime:
    """Nothing is answered at night or on Sunday."""
    while not 8 <= when.hour < 20 or when.weekday() == 6:
        when += timedelta(minutes=173)
    return when


def _head(year: Year, partner: Partner, to: list[Contact], sender: str) -> str:
    """The first lines of a mail to a partner."""
    who = year.owner.person(sender)
    if partner.english:
        first = " and ".join(f"Mr. {c.surname}" if year.chance.random() < 0.5 else c.given_name for c in to)
        return f"Dear {first},"
    mark = "さん" if partner.group and year.chance.random() < 0.7 else "様"
    names = "、".join(c.surname + mark for c in to)
    hello = year.chance.choice(
        ["いつもお世話になっております。", "お世話になっております。", "いつも大変お世話になっております。"]
    )
    own = f"{hello}{year.owner.name.replace('株式会社', '')}の{who.name.split(' ')[0]}です。"
    form = year.chance.random()
    if len(to) > 2 and form < 0.5:
        return f"{partner.name} 各位\n{own}"
    if form < 0.35:
        return f"{partner.name}\n{to[0].department} {names}\n{own}"
    return f"{partner.name} {names}\n{own}" if form < 0.55 else f"{names}\n{own}"


def _thread(year: Year, partner: Partner, contacts: list[Contact], since: date) -> None:
    when = year.moment(since)
    own = year.few(list(partner.own), 2)
    sender, colleagues = own[0], own[1:]
    head = year.owner.person(sender).head
    if head and head != sender and year.chance.random() < 0.25 and head not in colleagues:
        colleagues = [*colleagues, head]
    to, cc = contacts[:1], contacts[1:]
    if len(cc) and year.chance.random() < 0.3:
        to, cc = contacts[:2], contacts[2:]
    subject, files = year.topic(ENGLISH if partner.english else year.owner.topics, partner.name, when)
    outward = year.chance.random() < 0.65
    at = [_address(c, partner, when.date()) for c in to]
    others = [_address(c, partner, when.date()) for c in cc]
    last: int | None = None
    for n in range(year.chance.choice([1, 1, 1, 2, 2, 3, 4])):
        title = subject if n == 0 else f"Re: {subject}"
        if outward:
            last = year.add(
                when, sender, at, others + colleagues, subject=title, head=_head(year, partner, to, sender),
                files=files if n == 0 or year.chance.random() < 0.1 else [], answers=last,
            )  # fmt: skip
        else:
            last = year.add(when, at[0], [sender], at[1:] + others + colleagues, subject=title, answers=last)
        outward = not outward
        when = _at_work(when + timedelta(minutes=year.chance.randrange(12, 700)))


def _partner_year(year: Year, partner: Partner) -> None:
    share = (UNTIL - partner.since).days / (UNTIL - FROM).days
    for _ in range(max(1, round(THREADS[partner.rhythm] * share * year.chance.uniform(0.8, 1.2)))):
        _thread(year, partner, year.few(list(partner.contacts), 4), partner.since)
    if partner.moved:
        for contact in partner.contacts:
            _thread(year, partner, [contact], partner.moved)
    if partner.rhythm != "once":
        for contact in partner.contacts:
            _thread(year, partner, [contact], partner.since)


def _project_year(year: Year, project: Project) -> None:
    partners = [p for p in year.owner.partners if p.domains[-1] in project.domains]
    for n in range(12):
        when = year.moment(project.since)
        chosen = partners if n == 0 else year.few(partners, 4)
        chosen = chosen if len(chosen) > 1 else partners[:2]
        contacts = [(c, p) for p in chosen for c in year.few(list(p.contacts), 2)]
        at = [_address(c, p, when.date()) for c, p in contacts]
        sender, *rest = year.few(list(project.own), 3)
        head = "関係者各位" if n % 2 else "、".join(f"{p.name} {c.surname}様" for c, p in contacts[:2])
        files = [f"{project.name}_議事録_{when:%m%d}.docx"] if n % 3 == 0 else []
        year.add(when, sender, at, rest, subject=f"【{project.name}】進捗の件", head=head, files=files)


def _inside_year(year: Year, count: int) -> None:
    people, lists = year.owner.people, list(year.owner.lists)
    for _ in range(count):
        when = year.moment(FROM)
        sender = year.chance.choice(people)
        near = [p for p in people if p.department == sender.department and p != sender] or list(people[:3])
        far = [p for p in people if p != sender]
        to = year.few(near if year.chance.random() < 0.7 else year.chance.sample(far, 6), 4)
        subject, files = year.topic(year.owner.inside, year.chance.choice(year.owner.partners).name, when)
        if lists and year.chance.random() < 0.18:
            year.add(
                when,
                sender.address,
                [year.chance.choice(lists)],
                [],
                subject=subject,
                head="各位",
                files=files,
            )
            continue
        head = "、".join(f"{p.name.split(' ')[0]}さん" for p in to)
        year.add(when, sender.address, [p.address for p in to], [], subject=subject, head=head, files=files)


def _private_year(year: Year) -> None:
    """Known private addresses: those of our own people got one mail each."""
    for address, name in year.owner.private.items():
        writers = year.owner.writers[address]
        ours = any(name == person.name for person in year.owner.people)
        for n in range(1 if ours else year.chance.randrange(3, 9)):
            subject = year.chance.choice(["日程のご相談", "書類の件", "次回のお打ち合わせ", "ご連絡", "お礼"])
            head = f"{name.split(' ')[0]}様"
            year.add(year.moment(FROM), writers[n % len(writers)], [address], [], subject=subject, head=head)


def _group_year(year: Year) -> None:
    """Mail to all companies of the group at once."""
    groups = [p for p in year.owner.partners if p.group]
    for _ in range(25):
        contacts = [c for p in groups for c in year.few(list(p.contacts), 2)]
        sender = year.chance.choice([own for p in groups for own in p.own])
        subject = year.chance.choice(
            ["グループ連絡会", "決算日程のご連絡", "規程の改定", "グループ合同研修", "保険の更新"]
        )
        head = (
            "グループ各社 ご担当者各位"
            if year.chance.random() < 0.4
            else "、".join(f"{c.surname}さん" for c in contacts)
        )
        year.add(year.moment(FROM), sender, [c.address for c in contacts], [], subject=subject, head=head)


def _bulk_year(year: Year) -> None:
    """A newsletter a month, in Bcc, and notices to all partners twice."""
    customers = [(c, p) for p in year.owner.partners if p.rhythm != "once" for c in p.contacts[:2]]
    sender = year.owner.people[-1].address
    for month in range(12):
        day = date(2025 + (month + 10) // 12, (month + 10) % 12 + 1, 10)
        when = datetime(day.year, day.month, day.day, 10, 5)
        bcc = [_address(c, p, day) for c, p in customers if p.since <= day]
        subject = (
            f"【{year.owner.name.replace('株式会社', '')}通信】{day.month}月号"
            if month % 6
            else "年末年始・夏季休業のお知らせ"
        )
        year.add(when, sender, [sender], [], bcc=bcc, subject=subject, head="お取引先各位")


def _in_order(rows: list[Row]) -> Iterator[Row]:
    order = sorted(range(len(rows)), key=lambda n: (rows[n]["date"], n))
    place = {old: new for new, old in enumerate(order)}
    for old in order:
        yield rows[old] | ({"answers": place[rows[old]["answers"]]} if "answers" in rows[old] else {})


def lines(key: str) -> str:
    """The history of one company as JSON lines."""
    owner = company(key)
    year = Year(owner, Random(f"missend {key}"))
    for partner in owner.partners:
        _partner_year(year, partner)
    for project in owner.projects:
        _project_year(year, project)
    _inside_year(year, 900)
    _group_year(year)
    _private_year(year)
    _bulk_year(year)
    rows = (row for row in _in_order(year.rows) if row["date"] < "2026-11-01")
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)


def _place(key: str) -> Path:
    return FOLDER / f"{'deciding' if key in DECIDING else 'development'}_{key}.history.jsonl.gz"


def packed(key: str) -> str:
    """The history as it is stored."""
    return gzip.decompress(_place(key).read_bytes()).decode()


if __name__ == "__main__":
    for each in (*DECIDING, *DEVELOPMENT):
        _place(each).write_bytes(gzip.compress(lines(each).encode(), 9, mtime=0))
