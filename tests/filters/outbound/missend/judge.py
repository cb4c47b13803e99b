"""Runs the checkpoint over a half of the set, with the house's memory of its history, and counts.

`python -m tests.filters.outbound.missend.judge development` prints each mail; of the deciding half it prints counts only.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email import policy as email_policy
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import msgspec

from config.consequence import UNTIL_RELEASED
from config.load import shipped
from config.policy import Organisation, Policy
from directory.past_mail import PastMail
from filters.decision.decide import factors
from filters.examine import run
from filters.examined import Examined, Lesson, Summary
from filters.facts import Facts, Origin, Person, SentLocked
from filters.finding import Finding
from filters.reading.lesson import lesson
from filters.rule import Mail
from filters.ruleset import Prepared, prepare
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from storage.database import open_database
from tests.filters.outbound.missend import (
    DECIDING,
    DEVELOPMENT,
    Case,
    Company,
    Earlier,
    Line,
    cases,
    company,
    history,
)
from tests.filters.outbound.missend.mime import JAPAN, mime
from tests.services import databases

HALVES = {"development": DEVELOPMENT, "deciding": DECIDING}
MEDIUM = 3
"""Points from which a factor is one of medium weight."""


@dataclass
class Counts:
    """What became of the mails. `kinds`: kind -> (right, all); `traps`: clean mails that were stopped or showed a factor
    of medium weight, by what makes them hard."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)
    medium: Counter[str] = field(default_factory=Counter)

    @property
    def clean(self) -> int:
        return self.all[""]

    def lines(self) -> list[str]:
        kinds = [k for k in sorted(self.all) if k]
        right, mistakes = sum(self.right.values()), sum(self.all[k] for k in kinds)
        return [
            *(f"{kind:20} {self.right[kind]:3} of {self.all[kind]:3}" for kind in kinds),
            f"{'together':20} {right:3} of {mistakes:3} ({right / max(mistakes, 1):.1%})",
            f"clean: {self.clean}, stopped {sum(self.stopped.values())}, medium {sum(self.medium.values())}",
        ]


def organisation(owner: Company) -> Organisation:
    """What the site's settings say: domains, group companies, partners by name, people."""
    return Organisation(
        name=owner.name,
        domains=(owner.domain,),
        group_domains=tuple(d for p in owner.partners if p.group for d in p.domains),
        partners={d: p.name for p in owner.partners if not p.group for d in p.domains},
        people=tuple(person.name for person in owner.people),
        classes=shipped().organisation.classes,
    )


def policy_of(owner: Company) -> Policy:
    """The shipped policy for this company."""
    return msgspec.structs.replace(shipped(), organisation=organisation(owner))


def at(when: datetime) -> float:
    return when.replace(tzinfo=JAPAN).timestamp()


def facts(owner: Company, line: Line, mail_id: str, recipients: Iterable[str]) -> Facts:
    """Of a mail that one of ours submits."""
    person = next((p for p in owner.people if p.address == line.sender), None)
    sender = Person(
        line.sender, person.name if person else "", (line.sender,), person.department if person else ""
    )
    return Facts(
        "outbound",
        Origin("submission", "192.0.2.1", login=line.sender),
        Envelope(line.sender, tuple(ForwardPath(r) for r in recipients)),
        sender=sender,
        fresh_passphrase="7KQM-X2RD-94TB-WPHE-3CJY",
        mail_id=mail_id,
        now=at(line.date),
        day=line.date.date().isoformat(),
    )


class House:
    """One company, and what it remembers."""

    def __init__(self, key: str, past_mail: PastMail) -> None:
        self.key, self.owner = key, company(key)
        self.organisation = organisation(self.owner)
        self.past_mail = past_mail
        self.names = self.owner.names()
        self.now = 0.0

    async def live(self) -> None:
        """Its year: everything that left is learnt."""
        for number, line in enumerate(history(self.key)):
            self.now = at(line.date)
            if line.sender.endswith("@" + self.owner.domain):
                self._sent(f"{self.key}.{number}", line, written(line, self.names, line.head))
            if number % 200 == 0:
                await self.past_mail.flush()
        await self.past_mail.flush()

    async def before(self, case: Case) -> None:
        """The thread of a mail."""
        for number, earlier in enumerate(case.before):
            self.now = at(earlier.line.date)
            domain = earlier.line.sender.rpartition("@")[2]
            message_id = f"<{case.key}.{number}@{domain}>"
            if domain == self.owner.domain:
                raw = written(earlier.line, earlier.names, earlier.text, message_id)
                self._sent(f"{case.key}.{number}", earlier.line, raw)
            else:
                self._came(earlier, message_id)
        self.now = at(case.date)

    def _sent(self, mail_id: str, line: Line, raw: bytes) -> None:
        recipients = tuple(dict.fromkeys((*line.to, *line.cc, *line.bcc)))
        told = facts(self.owner, line, mail_id, recipients)
        mail = Mail(Message(raw), told)
        header = mail.message.first("message-id")
        summary = Summary(message_id=header.text if header else "")
        self.past_mail.accepted(
            told, Examined(summary=summary, lesson=lesson(mail.leaving)), self.organisation
        )
        self.past_mail.left("default", mail_id, recipients)

    def _came(self, earlier: Earlier, message_id: str) -> None:
        line = earlier.line
        told = Facts(
            "inbound", Origin("inbound", "192.0.2.9"), Envelope(line.sender, tuple(map(ForwardPath, line.to)))
        )
        taught = Lesson(visible=(*line.to, *line.cc), reply_to=line.reply_to)
        summary = Summary(author=line.sender, message_id=message_id)
        self.past_mail.arrived(told, Examined(summary=summary, lesson=taught))

    async def examined(self, case: Case, prepared: Prepared) -> Examined:
        await self.before(case)
        line = Line(case.date, case.sender, case.to, case.cc, case.bcc)
        told = facts(self.owner, line, case.key, case.recipients)
        raw = mime(case)
        answers = [h.text for h in Message(raw).headers if h.name == "in-reply-to"]
        outside = [r for r in case.recipients if not self.organisation.internal(r)]
        memory = await self.past_mail.about("default", case.sender, outside, answers, self.organisation)
        told = msgspec.structs.replace(told, memory=memory, locked_lately=locked(case))
        return run(raw, told, prepared)


def locked(case: Case) -> tuple[SentLocked, ...]:
    """What the sender sent before in this matter, as if all of it had been locked (directory/sent_locked.py): of a
    mistake with a passphrase the set says that it was, and clean mail is judged the harder."""
    return tuple(
        SentLocked(name, address.lower(), at(each.line.date))
        for each in case.before
        if each.line.sender == case.sender
        for name in each.line.files
        for address in each.line.to
    )


def written(line: Line, names: dict[str, str], text: str, message_id: str = "") -> bytes:
    """A mail of the past: its recipients with their names, and its first lines."""
    mail = EmailMessage(policy=email_policy.SMTP)
    mail["From"] = line.sender
    for header, addresses in (("To", line.to), ("Cc", line.cc)):
        if addresses:
            mail[header] = [Address(names.get(a, ""), addr_spec=a) for a in addresses]
    mail["Subject"] = line.subject
    if message_id:
        mail["Message-ID"] = message_id
    mail.set_content(text or " ", charset="utf-8", cte="8bit")
    return mail.as_bytes()


def is_right(case: Case, shown: list[Finding]) -> bool:
    """True when the first or the second factor names what is wrong."""
    if case.kind == "absent-file":  # words: a factor quotes the sentence in which they stand
        return any(word in said for word in case.wrong for f in shown[:2] for said in f.about)
    return any(set(case.wrong) & set(f.about) for f in shown[:2])


def stops(examined: Examined) -> bool:
    """True when somebody has to act before the mail leaves whole."""
    return any(
        c.verdict.holds
        or c.verdict.approvals
        or c.verdict.rejects
        or c.verdict.reviews
        or c.verdict.delay >= UNTIL_RELEASED
        for c in examined.copies
    ) or bool(examined.verdict.rejects)


async def judged(half: str, folder: Path, *, show: bool = False) -> Counts:
    counts = Counts()
    for key in HALVES[half]:
        database = await asyncio.to_thread(open_database, databases.sqlite(folder / f"{key}.db"))
        try:
            now = [0.0]
            past_mail = PastMail(database, lambda now=now: now[0])  # type: ignore[misc]
            house = House(key, past_mail)
            past_mail._clock = lambda house=house: house.now  # type: ignore[misc]
            await house.live()
            prepared = prepare(policy_of(house.owner))
            for case in cases(key):
                examined = await house.examined(case, prepared)
                count(counts, case, examined, show=show and half == "development")
        finally:
            await database.close()
    return counts


def count(counts: Counts, case: Case, examined: Examined, *, show: bool) -> None:
    shown = factors(examined)
    counts.all[case.kind] += 1
    good = (
        is_right(case, shown)
        if case.kind
        else not stops(examined) and not any(f.weight >= MEDIUM for f in shown)
    )
    if case.kind:
        counts.right[case.kind] += good
    else:
        counts.stopped[case.trap] += stops(examined)
        counts.medium[case.trap] += any(f.weight >= MEDIUM for f in shown)
    if show:
        print(
            "ok  " if good else "BAD ",
            case.key,
            case.kind or f"({case.trap})",
            case.wrong,
            "STOPPED" if stops(examined) else "",
        )
        for f in shown:
            print("       ", f.weight, f.rule, f.about, f.meant, [e.quote for e in f.evidence][:1])
        others = [f.rule for f in examined.findings if f not in shown and f.rule != "external_recipient"]
        if others:
            print("       ", others)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        result = asyncio.run(judged(sys.argv[1], Path(place), show=True))
    print("\n".join(result.lines()))
