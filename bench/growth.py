"""How costs grow: `python -m bench growth [--held N] [--people N] [--only mail|rules|store|people] [--keep FOLDER]`.

store    one database, filled up to N held mails: lists, counts, searches, the journal, the comparison behind a start
people   accounts and partners in the directory, up to N
mail     what one mail costs to examine, by its parts, recipients and links
rules    what one mail costs to examine, by how many rules there are

Milliseconds of this process's CPU (all threads), the best of three: other work on the machine does not count. Prints
tables as docs/performance.md shows them. A million held mails take ten minutes and 2.5 GB.
"""

import argparse
import asyncio
import random
import resource
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import msgspec

from bench.examine import checkpoint
from bench.stand.mails import OUTSIDER, SENDER, mail, part, text
from config.consequence import UNTIL_RELEASED
from config.tenant import DEFAULT
from directory.account import Account
from directory.people import People
from directory.vault import Vault
from filters.examined import Summary
from filters.finding import Sight
from filters.ruleset import OnDuty, PreparedRule
from filters.trigger import Always, Field, Says, Trigger
from filters.warm import run
from mail.envelope import Envelope, ForwardPath
from quarantine import handed_over
from quarantine.item import Item, Recipient, State
from quarantine.reconcile import reconcile
from quarantine.search import index
from quarantine.store import Query, Store
from quarantine.waits.asking import Approver
from storage.database import open_database
from storage.day_seal import DaySeal
from storage.seal import open_seal
from storage.spool import Spool

STEPS = (1, 10, 100, 1_000, 10_000, 100_000, 300_000, 1_000_000, 3_000_000)
BATCH = 1_000
RULES = (100, 200, 300, 500)
WORDS = [
    "見積書",
    "請求書",
    "納品",
    "会議",
    "議事録",
    "資料",
    "契約",
    "更新",
    "お知らせ",
    "山田商事",
    "佐藤工業",
    "の件",
    "送付",
    "依頼",
    "日程",
    "Invoice",
    "Re:",
    "meeting",
]
PASSPHRASE = "kq7w-zx4m-pt9d-hv2r-bn6y"
KANJI = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]

Rows = dict[str, list[str]]


def steps(least: int, most: int) -> list[int]:
    return [*(step for step in STEPS if least <= step < most), most]


def _item(chance: random.Random, number: int) -> Item:
    kind, key = number % 10, secrets.token_hex(16)
    subject = "".join(chance.choices(WORDS, k=4)) + " " + "".join(chance.choices(KANJI, k=2)) + f" {number}"
    address = f"p{number % 500}@example.co.jp"
    return Item(
        id=secrets.token_hex(16), mail_id=secrets.token_hex(16), tenant=DEFAULT,
        direction="inbound" if kind < 4 else "outbound", state=State.HELD, reverse_path=address,
        recipients=(Recipient(ForwardPath(f"r{number % 3000}@partner{number % 900}.example")),),
        blob=f"{DEFAULT}.{key}-5", size=5, sha256="0" * 64, accepted_at=1e9 + number,
        delay=UNTIL_RELEASED if kind < 3 else 600, holds=("blocked",) if kind < 3 else (),
        approvals=("president",) if kind == 4 else (), owner=f"u{number % 500}",
        summary=Summary(subject, address, "山田 太郎", f"<{secrets.token_hex(12)}@example.co.jp>"),
    )  # fmt: skip


async def _best(work: Callable[[], Awaitable[object]], times: int = 3) -> str:
    """Milliseconds of CPU."""
    found = []
    for _ in range(times):
        start = time.process_time()
        await work()
        found.append(time.process_time() - start)
    return f"{min(found) * 1e3:,.1f}"


def _asked(store: Store) -> dict[str, Callable[[], Awaitable[object]]]:
    """What pages ask."""

    def find(**wanted: object) -> Callable[[], Awaitable[object]]:
        query = msgspec.structs.replace(Query(DEFAULT, limit=101), **wanted)
        return lambda: store.find(query)

    asks = Query(DEFAULT, asks=(Approver("boss", ("president",)),))
    return {
        "list of held mail": find(state=(State.HELD,)),
        "list of another, empty tenant": find(tenant="acme"),
        "list to review": find(review=True),
        "mail for one mailbox": find(mailboxes=("r7@partner7.example",)),
        "counts of the home page": lambda: store.counts(DEFAULT),
        "count to review": lambda: store.count(Query(DEFAULT, review=True)),
        "count that waits for a role": lambda: store.count(asks),
        "search: many have it": find(text="山田商事"),
        "search: nobody has it": find(text="存在しない"),
        "search: 2 characters, nobody": find(text="龘龗"),
        "search: 1 character, nobody": find(text="龘"),
        "search: an address": find(text="r77@partner77.example"),
        "search: part of an id": find(text="deadbeef"),
        "search: 77777": find(text="77777"),
        "what is due next": store.next_due,
        "journal: the latest 100": lambda: store.entries(DEFAULT, limit=100),
        "journal: mail that was no item": lambda: handed_over.inline(store.database, DEFAULT),
    }


async def held(folder: Path, most: int) -> Rows:
    """A database that grows; what is asked of it at each step."""
    database = open_database(f"sqlite:///{folder / 'db'}")
    store, chance, number = Store(database, Spool(folder / "spool"), "bench"), random.Random(1), 0
    rows: Rows = {}
    for step in steps(BATCH, most):
        start, before = time.process_time(), number
        while number < step:
            some = [_item(chance, number + n) for n in range(min(BATCH, step - number))]
            await store.put(some, 1e9 + number, "bench")
            number += len(some)
        rows.setdefault("taken, for each", []).append(
            f"{(time.process_time() - start) / (number - before) * 1e3:.2f}"
        )
        start, count = time.process_time(), 0
        while done := await index.index(database, DEFAULT):
            count += done
        spent = f"{(time.process_time() - start) / count * 1e3:.2f}" if count else "–"
        rows.setdefault("indexed, for each", []).append(spent)
        for name, work in _asked(store).items():
            rows.setdefault(name, []).append(await _best(work))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rows.setdefault("contents and items compared", []).append(
            await _best(lambda: reconcile(store, 1e9), 1)
        )
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024
        rows.setdefault("… MB of memory for that, every content missing", []).append(f"{more:.0f}")
        size = (folder / "db").stat().st_size / number / 1e3
        rows.setdefault("kB on disk, for each", []).append(f"{size:.1f}")
        print(step, flush=True)
    await database.close()
    return rows


async def people(folder: Path, most: int) -> Rows:
    database = open_database(f"sqlite:///{folder / 'people'}")
    directory, number = People(database), 0
    rows: Rows = {}
    vault = Vault(database, DaySeal(await open_seal(folder / "key", database)), lambda tenant: 70)
    for step in steps(100, most):
        while number < step:
            await directory.save(Account(f"u{number}", addresses=(f"u{number}@example.co.jp",)), 1e9)
            await vault.add(
                DEFAULT,
                f"p{number}.example",
                PASSPHRASE,
                note="by telephone",
                by="u0",
                valid_until=None,
            )
            number += 1
        unasked = People(database)  # without answers that are remembered
        rows.setdefault("an account by its address", []).append(
            await _best(lambda f=unasked: f.account(DEFAULT, "u7@example.co.jp"))  # type: ignore[misc]
        )
        rows.setdefault("all accounts", []).append(await _best(lambda f=unasked: f.all(DEFAULT)))  # type: ignore[misc]
        rows.setdefault("partners' passphrases, all", []).append(await _best(lambda: vault.all(DEFAULT)))
        print(step, flush=True)
    await database.close()
    return rows


def examined() -> dict[str, Rows]:
    """Milliseconds for one mail, by what it has many of."""
    chance = random.Random(1)
    prose = part(text(chance, 300).encode(), "text/plain; charset=utf-8")
    small = part(text(chance, 600).encode(), "text/plain; charset=utf-8", "notes.txt")
    tables: dict[str, Rows] = {}
    for way in ("inbound", "outbound"):
        facts, prepared = checkpoint(way)
        sender, recipient = (SENDER, OUTSIDER) if way == "outbound" else (OUTSIDER, SENDER)
        for count in steps(1, 10_000):
            links = " ".join(f"https://h{n}.example/{n}" for n in range(count)).encode()
            paths = tuple(ForwardPath(f"r{n}@p{n % 50}.example") for n in range(count))
            told = msgspec.structs.replace(facts, envelope=Envelope(sender, paths))
            kinds = {
                "links in a text": (facts, [part(links, "text/plain; charset=utf-8")]),
                **({"small files": (facts, [prose] + [small] * count)} if count <= 1000 else {}),
                **({"recipients": (told, [prose])} if count <= 1000 and way == "outbound" else {}),
            }
            for name, (about, parts) in kinds.items():
                content, best = mail(count, sender, recipient, parts), float("inf")
                for _ in range(3):
                    start = time.process_time()
                    run(content, about, prepared)
                    best = min(best, time.process_time() - start)
                tables.setdefault(way, {}).setdefault(name, []).append(f"{best * 1e3:,.1f}")
    return tables


def ruled() -> Rows:
    """Milliseconds for one mail of 10 kB, by how many rules there are: those of each direction, and more of their kind
    that a text, a field or a phrase would wake and this one does not; one in ten looks at every mail."""
    shown: Rows = {}
    for way in ("inbound", "outbound"):
        facts, prepared = checkpoint(way)
        pair = (SENDER, OUTSIDER) if way == "outbound" else (OUTSIDER, SENDER)
        content = mail(1, *pair, [part(text(random.Random(1), 2700).encode(), "text/plain; charset=utf-8")])
        there = prepared.of(way)
        for count in RULES:
            more = [_another(there[n % len(there)], n) for n in range(count - len(there))]
            ready = {**prepared.ready, way: OnDuty([*there, *more], way)}
            grown = msgspec.structs.replace(prepared, ready=ready)
            best = float("inf")
            for _ in range(30):
                start = time.process_time()
                run(content, facts, grown)
                best = min(best, time.process_time() - start)
            shown.setdefault(way, []).append(f"{best * 1e3:,.2f}")
    return shown


def _another(each: PreparedRule, number: int) -> PreparedRule:
    wakes: tuple[Trigger, ...] = (
        Says((f"ticket{number:04d}[a-z]{{3}}", f"{number:04d}番の書類")),
        Field((f"x-own-{number}",)),
    )
    if number % 10 == 0:
        wakes = (Always("as some must"),)
    rule = msgspec.structs.replace(each.rule, name=f"more_{number}", wakes=wakes, check=_sees_nothing)
    return msgspec.structs.replace(each, rule=rule, settings={}, cases=(), exceptions=())


def _sees_nothing(*_: object) -> Iterator[Sight]:
    return iter(())


def table(title: str, columns: list[int], rows: Rows) -> str:
    head = [f"| {title} | " + " | ".join(f"{n:,}" for n in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    return "\n".join(head + [f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows.items()])


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench growth", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--held", type=int, default=10_000, help="most held mails")
    parser.add_argument("--people", type=int, default=1_000, help="most accounts and partners")
    parser.add_argument("--only", choices=("store", "people", "mail", "rules"), help="one table")
    parser.add_argument("--keep", type=Path, help="leave the database in this empty folder")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sekisho-growth-", dir="/var/tmp") as name:
        folder = options.keep or Path(name)
        folder.mkdir(exist_ok=True)
        if options.only in (None, "store"):
            print(table("held mails", steps(BATCH, options.held), asyncio.run(held(folder, options.held))))
        if options.only in (None, "people"):
            print(
                table(
                    "people, partners",
                    steps(100, options.people),
                    asyncio.run(people(folder, options.people)),
                )
            )
    if options.only in (None, "mail"):
        for way, rows in examined().items():
            print(table(f"{way}, of these", steps(1, 10_000), rows))
    if options.only in (None, "rules"):
        print(table("10 kB, by rules", [*RULES], ruled()))
