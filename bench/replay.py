"""How long a rehearsal takes: `python -m bench replay [--mails N] [--days D] [--on sqlite|postgresql]`.

A year-old house is made up by a seed: its people, departments, partners; LETTERS mails of all kinds are examined by the
shipped checkpoint, and N are put into the database as a node does it (quarantine/rehearsal/memory.py), each with people,
an hour and a size of its own. Then `sekisho policy replay` tries a policy with groups, cases and an exception on them.

seconds   from the command's start to its end: Python, modules and policy included
CPU       of that process alone
peak      most resident memory of it
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.stand import usage
from bench.stand.compiled import Missing
from bench.stand.mails import docx, mail, part, text
from bench.stand.postgres import postgres
from config.business_hours import BusinessHours
from config.load import load_policy
from config.policy import Policy
from filters.examined import Examined, Features
from filters.facts import Authentication, Facts, Origin, Person
from filters.ruleset import Prepared, prepare
from filters.warm import run, warm
from mail.envelope import Envelope, ForwardPath
from quarantine.rehearsal.memory import Memory
from storage.database import open_database
from storage.seal import open_seal

HOUSE = "example.co.jp"
ZONE = "Asia/Tokyo"
PEOPLE, PARTNERS, ADDRESSES = 500, 400, 6_000
LETTERS = 300
BATCH = 500
BEFORE = f"""
[organisation]
domains = ["{HOUSE}"]
[organisation.partners]
{chr(10).join(f'"partner{n}.example" = "第{n}商事"' for n in range(40))}
[groups.sales]
people = {{ department = ["営業部", "海外営業部"] }}
[groups.koyo]
recipients = {{ domains = ["partner1.example", "partner2.example"] }}
[rules.external_recipient]
then = "delay 5m"
[[rules.external_recipient.cases]]
name = "koyo"
when = {{ from = "sales", to = "koyo" }}
then = "delay 1m"
"""
AFTER = (
    BEFORE.replace('"partner2.example"]', '"partner2.example", "partner3.example"]')
    + """
[rules.many_external]
then = "delay 15m"
[[rules.many_external.cases]]
name = "late"
when = { recipients_over = 3, hours = "outside" }
then = "hold"
[[exceptions]]
rule = "confidential_body"
when = { to = "koyo" }
owner = "taro"
reason = "joint development"
approved_by = "president"
until = 2099-12-31
"""
)

KINDS = (
    ("text", 60), ("marked", 4), ("private", 4), ("document", 12), ("links", 14), ("numbers", 3), ("lure", 3),
)  # fmt: skip
"""What mails are about, out of a hundred."""


def house() -> list[Person]:
    departments = ("営業部", "海外営業部", "人事部", "経理部", "開発部", "総務部")
    return [
        Person(
            f"p{n}", addresses=(f"p{n}@{HOUSE}",), department=departments[n % 6],
            roles=("approver",) if n % 20 == 0 else (), attributes={"site": ("東京", "大阪", "名古屋")[n % 3]},
        )
        for n in range(PEOPLE)
    ]  # fmt: skip


def _content(chance: random.Random, number: int, sender: str, recipient: str) -> bytes:
    kind = chance.choices([name for name, _ in KINDS], [share for _, share in KINDS])[0]
    words = text(chance, chance.randint(100, 1_500))
    more = {
        "marked": f"【{chance.choice(('社外秘', '極秘', 'CONFIDENTIAL'))}】\n",
        "links": " ".join(f"https://h{chance.randrange(900)}.example/{n}" for n in range(3)) + "\n",
        "numbers": "\n".join(f"山田 太郎 03-{chance.randint(1000, 9999)}-{n:04d}" for n in range(40)) + "\n",
        "lure": "至急、パスワードの確認をお願いします。アカウントが停止されます。 http://203.0.113.9/login\n",
    }
    parts = [part((more.get(kind, "") + words).encode(), "text/plain; charset=utf-8")]
    if kind == "document":
        office = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        parts.append(part(docx(chance, 2_000, 2_000), office, f"見積書{number}.docx"))
    return mail(number, sender, recipient, parts)


def _outside(chance: random.Random) -> str:
    """Half of all mail is with a tenth of the partners."""
    number = int(ADDRESSES * chance.random() ** 3)
    return (
        f"r{number}@partner{number % PARTNERS}.example" if chance.random() > 0.04 else f"{number}@gmail.com"
    )


class Letter(msgspec.Struct, frozen=True):
    """One that was examined: the same answer goes for others with as many recipients, inside and outside."""

    facts: Facts
    examined: Examined
    inside: tuple[bool, ...]


def letters(policy: Policy, people: list[Person], chance: random.Random) -> list[Letter]:
    """Examined by the checkpoint. Six of ten leave."""
    warm()
    prepared: Prepared = prepare(policy)
    found = []
    for number in range(LETTERS):
        outbound, person = chance.random() < 0.6, chance.choice(people)
        other = "yamada.taro@gmail.com" if chance.random() < 0.04 else _outside(chance)
        inside = [
            not outbound,
            *(chance.random() < 0.5 for _ in range(min(30, int(chance.expovariate(0.6))))),
        ]
        names = [_ours(chance, people).addresses[0] if each else _outside(chance) for each in inside]
        sender = person.addresses[0] if outbound else other
        facts = Facts(
            "outbound" if outbound else "inbound",
            Origin("submission" if outbound else "inbound", "192.0.2.1", login=person.login if outbound else ""),
            Envelope(sender, tuple(map(ForwardPath, names))),
            sender=person if outbound else None,
            authentication=Authentication(spf="pass", spf_domain=sender.rpartition("@")[2], dmarc="pass"),
            fresh_passphrase="kq7w-zx4m-pt9d-hv2r-bn6y",
        )  # fmt: skip
        found.append(
            Letter(facts, run(_content(chance, number, sender, names[0]), facts, prepared), tuple(inside))
        )
    return found


def _ours(chance: random.Random, people: list[Person]) -> Person:
    return people[int(len(people) * chance.random() ** 2)]


def mails(
    count: int, days: float, policy: Policy, now: float, chance: random.Random
) -> Iterator[tuple[Facts, Examined]]:
    """What a node has in hand when it remembers a mail: so many, the oldest first."""
    people, hours = house(), BusinessHours(policy.calendar, ZONE)
    by_address = {person.addresses[0]: person for person in people}
    known = letters(policy, people, chance)
    for number in range(count):
        at = now - days * 86_400 * (1 - number / count)
        letter = chance.choice(known)
        names = [_ours(chance, people).addresses[0] if each else _outside(chance) for each in letter.inside]
        leaves = letter.facts.direction == "outbound"
        sender = _ours(chance, people)
        facts = msgspec.structs.replace(
            letter.facts, envelope=Envelope("", tuple(map(ForwardPath, names))), mail_id=f"{number:016x}",
            now=at, day=hours.day(at).isoformat(), working=hours.open(at), sender=sender if leaves else None,
            colleagues={name: by_address[name] for name in names if name in by_address},
        )  # fmt: skip
        author = "" if leaves or chance.random() < 0.2 else _outside(chance)
        features = Features(int(2_000 * chance.paretovariate(0.7)), author)
        yield facts, msgspec.structs.replace(letter.examined, features=features, policy=policy.version)


async def filled(folder: Path, database_url: str, count: int, days: float) -> None:
    """A database with what a node would remember of so many mails."""
    database = open_database(database_url)
    policy = load_policy(folder / "before.toml")
    memory = Memory(database, await open_seal(folder / "seal.key", database), lambda tenant: policy, 366)
    some = []
    for facts, examined in mails(count, days, policy, time.time(), random.Random(1)):
        some.append(await memory.of(facts, examined))
        if len(some) == BATCH:
            await database.write(lambda t, some=tuple(some): [each(t) for each in some])  # type: ignore[misc]
            some.clear()
    await database.write(lambda t: [each(t) for each in some])
    await database.close()


def measured(folder: Path, database_url: str, days: float) -> str:
    """A line about one run of the command. Raises CalledProcessError."""
    settings = folder / "sekisho.toml"
    settings.write_text(
        f'state_dir = "{folder}"\ndatabase = "{database_url}"\nseal_key_file = "{folder}/seal.key"\n'
        f'hostname = "bench.example"\npolicy = "{folder}/before.toml"\n[console]\ntimezone = "{ZONE}"\n'
        '[relay]\nhost = "127.0.0.1"\n[mailbox]\nhost = "127.0.0.1"\n'
    )
    command = [
        sys.executable,
        "-c",
        "from gateway.command.program import main; raise SystemExit(main())",
        "policy",
        "replay",
    ]
    start = time.monotonic()
    process = subprocess.Popen(
        [*command, folder / "after.toml", "--days", f"{days + 1:g}", "--json", "--config", settings],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    answer = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    told = msgspec.json.decode(answer)
    return (
        f"| {told['mails']:,} | {seconds:.1f} | {used.ru_utime + used.ru_stime:.1f} | {used.ru_maxrss / 1024:.0f} |"
        f" {told['mails'] - told['same']:,} in {len(told['changed'])} kinds |"
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench replay", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=100_000)
    parser.add_argument("--days", type=float, default=7.0, help="over which they came")
    parser.add_argument("--on", choices=("sqlite", "postgresql"), help="one of both")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--dir", type=Path, default=Path("/var/tmp"), help="where databases lie (a real disk)"
    )
    options = parser.parse_args(arguments)
    print(usage.machine())
    print("| database | mails | seconds | CPU s | peak MB | changed |\n|---|---|---|---|---|---|")
    for on in [options.on] if options.on else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir=options.dir) as name:
            folder = Path(name)
            (folder / "before.toml").write_text(BEFORE)
            (folder / "after.toml").write_text(AFTER)
            try:
                if on == "sqlite":
                    _rounds(on, folder, f"sqlite:///{folder}/sekisho.db", options)
                else:
                    with postgres(options.dir) as server:
                        _rounds(on, folder, server.url, options)
            except Missing as error:
                print(f"not measured: {error}")


def _rounds(on: str, folder: Path, url: str, options: argparse.Namespace) -> None:
    asyncio.run(filled(folder, url, options.mails, options.days))
    for _ in range(options.rounds):
        print(f"| {on} {measured(folder, url, options.days)}", flush=True)
