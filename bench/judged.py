"""How the shipped policy answers the judged sets: `python -m bench judged [SET …] [--half deciding] [--show]`.

Counts by kind, and of development halves the names of the mails that were answered wrongly; `--show` says what was
found in each of these. tests/judged/README.md has the sets, and who may look at which half; docs/detection.md and
docs/reading.md keep the figures.

Every sender is one of ours (leaving), or is told what the sample's zone says of them (arriving). For `passphrases`
everybody was sent a locked file ten minutes before; for `secrets` the clean files of this machine are asked, too.
"""

import argparse
import asyncio
from collections.abc import Callable, Iterator
from importlib import import_module

import msgspec

from config.consequence import UNTIL_RELEASED
from config.load import shipped
from config.policy import Organisation
from directory.floods import MANY
from directory.likeness import candidates
from filters.examine import run
from filters.examined import Examined
from filters.facts import Authentication, Facts, Origin, Person, SentLocked, Thread
from filters.lures.hosts import organisational
from filters.ruleset import prepare
from gateway.authenticate.results import authenticate
from gateway.resolver import DnsAnswer
from mail.address import domain_of, header_addresses
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from tests.judged import BLIND, HALVES, SETS, Half, Sample
from tests.judged.fifth import FIFTH
from tests.judged.fifth import written as written_fifth
from tests.judged.fourth import FOURTH, written
from tests.judged.score import score
from tests.judged.sixth import SIXTH
from tests.judged.sixth import written as written_sixth

OUR = "corp.example"
US = Organisation(
    name="株式会社コーポ",
    domains=(OUR,),
    people=("佐藤 由紀", "Yuki Sato"),
    classes=shipped().organisation.classes,
)
PREPARED = prepare(msgspec.structs.replace(shipped(), organisation=US))
NOW = 1_795_000_000.0  # November 2026
PEOPLE, PASSPHRASES = (
    {"person_records", "contact_list"},
    {"credential", "password_pair", "following_password", "confidential_body", "confidential_attachment"},
)
SECRETS = {"credential", "password_pair"}
NUMBERS = {"my_number": "mynumber", "card": "card"}
WRONG = 40
"""Names that are told of a set."""


class Zone:
    """A resolver that knows what the sample says; what is not there does not exist."""

    def __init__(self, zone: dict[str, dict[str, list[str]]]) -> None:
        self._zone = zone

    async def look_up(self, name: str, kind: str) -> DnsAnswer:
        records = self._zone.get(name.rstrip(".").lower())
        if records is None:
            return DnsAnswer("nothing", exists=False)
        values = tuple(v.split()[-1].rstrip(".") if kind == "MX" else v for v in records.get(kind, ()))
        return DnsAnswer("found" if values else "nothing", tuple(v.encode() for v in values))


def addresses(message: Message, *names: str) -> tuple[str, ...]:
    found = [b.address for n in names for h in message.all(n) for b in header_addresses(h.value)]
    return tuple(dict.fromkeys(a for a in found if "@" in a))


def leaving(sample: Sample) -> Examined:
    """As its sender submits it."""
    message = Message(sample.content)
    author = next(iter(addresses(message, "from")), f"y.sato@{OUR}")
    recipients = addresses(message, "to", "cc", "bcc") or ("info@kyaku.example",)
    outside = [r for r in recipients if domain_of(r) != OUR]
    before = tuple(SentLocked("meisai.zip", r.lower(), NOW - 600) for r in outside)
    facts = Facts(
        "outbound",
        Origin("submission", "192.0.2.1", login="sato"),
        Envelope(author, tuple(ForwardPath(r) for r in recipients)),
        sender=Person("sato", "佐藤 由紀", (author,), "営業部"),
        known=frozenset(r.lower() for r in outside),
        locked_lately=before if sample.name.startswith("passphrases") else (),
        fresh_passphrase="7KQM-X2RD-94TB-WPHE-3CJY",
        mail_id="m",
        now=NOW,
        day="2026-11-17",
    )
    return run(sample.content, facts, PREPARED)


HABITS: dict[str, dict[str, dict[str, float]]] = {}
"""By author, how the mails of `history` showed that they write: twenty of an author's are told apart from none."""


def learn(sample: Sample) -> None:
    """What the house would remember of a mail that was delivered."""
    seen = arriving(sample)
    mine = HABITS.setdefault(seen.summary.author.lower(), {})
    for aspect, value in seen.lesson.habits.items():
        counts = mine.setdefault(aspect, {})
        counts[value] = counts.get(value, 0.0) + 1


def arriving(sample: Sample) -> Examined:
    """As it arrives. A kind that ends in `-unseeded` is told nothing of what we sent, one in `-nodns` nothing of the DNS."""
    told = sample.facts
    message = Message(sample.content)
    origin = Origin("mx", str(told["ip"]), helo=str(told["helo"]))
    envelope = Envelope(str(told["mail_from"]), tuple(ForwardPath(r) for r in told["rcpt"]))  # type: ignore[attr-defined]
    zone: dict[str, dict[str, list[str]]] = told.get("zone") or {}  # type: ignore[assignment]
    result = Authentication()
    if zone:
        result = asyncio.run(authenticate(origin, envelope, message, Zone(zone)))
    friends = set(told.get("known", ()))  # type: ignore[call-overload]
    known = frozenset(a for a in addresses(message, "from", "reply-to") if domain_of(a) in friends)
    near = {organisational(domain_of(a)) for a in addresses(message, "from", "reply-to")} - friends
    alike = {d: tuple(found) for d in near if (found := candidates(d, sorted(friends), US))}
    before = list(told.get("before", ()))  # type: ignore[call-overload]
    flooded = {str(r): len(before) + 1 for r in told["rcpt"]} if len(before) + 1 >= MANY else {}  # type: ignore[attr-defined]
    sent = {name: Thread() for name in told.get("sent", ())}  # type: ignore[attr-defined]
    habits = next((HABITS[a] for a in known if a in HABITS), {})
    facts = Facts(
        "inbound", origin, envelope, authentication=result, known=known, familiar=known, sent=sent, alike=alike, flooded=flooded,
        habits=habits, mail_id="m", now=NOW,
    )  # fmt: skip
    return run(sample.content, facts, PREPARED)


def clean_files(half: Half) -> Iterator[Sample]:
    """Sources, manuals and logs of this machine."""
    # by name: mypy takes the folder of the same name for the module
    found: Iterator[Sample] = import_module("tests.judged.secrets").from_machine(half)
    return found


def stopped(seen: Examined) -> bool:
    """Whether a recipient's copy waits for a person, or is refused."""
    verdict = seen.verdict
    asks = verdict.rejects or verdict.holds or verdict.approvals or verdict.reviews
    return bool(asks) or verdict.delay >= UNTIL_RELEASED


def answer(which: str, seen: Examined) -> str:
    """A word of the set's expectations."""
    rules = {f.rule for f in seen.findings}
    said = {word for f in seen.findings for word in f.values.get("what", "").split("\n")}
    match which:
        case "ordinary":
            return "stopped" if stopped(seen) else "flows"
        case "marks":
            classes = {f.values["class"] for f in seen.findings if "class" in f.values}
            return next((c for c in ("極秘", "社外秘") if c in classes), "none")
        case "tables":
            return "people" if rules & PEOPLE else "none"
        case "numbers":
            return next((NUMBERS[k] for k in NUMBERS if k in said), "none")
        case "secrets":
            return "secret" if rules & SECRETS else "none"
        case "passphrases":
            return "passphrase" if "password" in said or rules & PASSPHRASES else "none"
    return "warned" if seen.warned or stopped(seen) else "clean"


LEAVING = ("marks", "tables", "numbers", "secrets", "passphrases", "ordinary")


def judge(which: str) -> tuple[Callable[[Sample], str], dict[str, str]]:
    """Who answers the set, and what they saw in each mail."""
    notes: dict[str, str] = {}
    look = leaving if which in LEAVING else arriving

    def asked(sample: Sample) -> str:
        if sample.expects == "history":
            learn(sample)
            return "history"
        seen = look(sample)
        said = answer(which, seen)
        if said != sample.expects:
            found = (f"{f.rule}:{f.weight}{sorted(f.values.values())}" for f in seen.findings)
            notes[sample.name] = f"{said}: {', '.join(found)}"[:400]
        return said

    return asked, notes


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench judged", description=__doc__)
    parser.add_argument("sets", nargs="*", choices=[*SETS, []], metavar="SET", help=", ".join(SETS))
    parser.add_argument("--half", choices=[*HALVES, "third", *FOURTH, *FIFTH, *SIXTH], default="development")
    parser.add_argument("--show", action="store_true", help="what was found in those answered wrongly")
    options = parser.parse_args(arguments)
    if options.show and options.half in BLIND:
        parser.error(f"of {options.half} only counts are told (tests/judged/README.md)")
    later = {
        **dict.fromkeys(FOURTH, written),
        **dict.fromkeys(FIFTH, written_fifth),
        **dict.fromkeys(SIXTH, written_sixth),
    }
    sets = later[options.half]() if options.half in later else SETS
    for which in options.sets or sets:
        asked, notes = judge(which)
        told = score(which, options.half, asked)
        print(f"{which} ({options.half})", *told.lines(), sep="\n  ")
        if which == "secrets":
            clean = [asked(sample) for sample in clean_files(options.half)]
            print(f"  clean files of this machine: {clean.count('none')} of {len(clean)}")
        if options.half not in BLIND:
            names = [*told.wrong, *(n for n in notes if which == "secrets" and n not in told.wrong)]
            print(
                *(
                    f"    {n}  {notes.get(n, '') if options.show else ''}"
                    for n in names[: None if options.show else WRONG]
                ),
                sep="\n",
            )
