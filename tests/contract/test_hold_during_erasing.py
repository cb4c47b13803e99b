"""A legal hold that comes while a round erases stops it from there on; who is held is held under new addresses too. On every
database."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from directory.account import Account
from directory.people import People
from mail.envelope import ForwardPath
from quarantine.events import JournalEvent
from quarantine.item import Recipient
from quarantine.reported.reports import Report, Reports
from quarantine.reported.sightings import Sightings
from quarantine.retention import erasing, legal_holds, others
from quarantine.retention.others import erase_others
from quarantine.store import Store
from storage.day_keys import DAY, DayKeys
from storage.interfaces import Database
from storage.let_go import LetGoKind
from tests.contract.test_erasing import BEGIN, KEEPING, House
from tests.quarantine.items import settle_in

ALL = dict.fromkeys(LetGoKind, 1.0)


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    await settle_in(database)
    made = House(database, tmp_path)
    yield made
    await made.blobs.close()


async def keep(house: House, *names: str) -> None:
    await legal_holds.add(house.store, "default", names, reason="case", by="kansa", now=house.now)


async def test_a_hold_that_comes_during_a_round_stops_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes when the round has gathered what is due, and nothing is destroyed yet."""
    held, free = await house.take(owner="taro"), await house.take(owner="jiro")
    await house.deliver(held, free)
    due = erasing._due

    async def and_then(*arguments: object) -> object:
        found = await due(*arguments)  # type: ignore[arg-type]
        await keep(house, "taro")
        return found

    monkeypatch.setattr(erasing, "_due", and_then)
    assert await house.later(8) == 1
    assert await house.is_readable(held.blob, free.blob) == [True, False]
    assert await house.erased() == [free.id]


async def test_a_hold_that_comes_during_a_round_keeps_a_report(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = Reports(house.store, Sightings(house.store))
    made = []
    for number, who in enumerate(("taro", "jiro")):
        blob = (await house.blobs.put([b"reported"], "default")).key
        report, _ = await reports.add(
            Report("default", who, house.now, "page", mail_id=f"m{number}", blob=blob)
        )
        made.append(report)
    ended = {"state": "closed", "verdict": "spam", "decided_by": "a", "decided_at": house.now}
    closed = [msgspec.structs.replace(report, **ended) for report in made]
    await house.database.write(lambda t: reports.close(t, closed))
    due = others._due

    async def and_then(*arguments: object) -> object:
        found = await due(*arguments)  # type: ignore[arg-type]
        if LetGoKind.REPORT in arguments:
            await keep(house, "taro")
        return found

    monkeypatch.setattr(others, "_due", and_then)
    house.now += 8 * DAY
    assert await erase_others(house.store, house.day_keys, ALL, house.now) == 1
    assert await house.is_readable(*(report.blob for report in made)) == [True, False]


@pytest.mark.parametrize("seed", range(12))
async def test_whoever_is_first_is_first_for_everybody(
    house: House, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Two nodes erase while a hold comes: of its mail, either the end stands in the journal before it, or all is there."""
    monkeypatch.setattr(erasing, "TURN", 3)
    dice = random.Random(seed)
    items = [await house.take(owner=dice.choice(("taro", "jiro")), mail_id=f"m{n}") for n in range(24)]
    await house.deliver(*items)
    house.now = BEGIN + 8 * DAY
    other_keys = DayKeys(house.folder / "keys", house.day_keys._master, house.database, lambda: house.now)
    other = Store(house.database, house.blobs, "node1")  # one chain: its order is that of the events
    destroy = DayKeys.destroy
    turns, when = 0, dice.randrange(8)
    came = asyncio.Event()

    async def slowly(self: DayKeys, *arguments: object) -> None:
        nonlocal turns
        turns += 1
        if turns > when:
            came.set()
        await asyncio.sleep(0)
        await destroy(self, *arguments)  # type: ignore[arg-type]

    async def hold() -> None:
        await came.wait()
        await keep(house, "taro")

    monkeypatch.setattr(DayKeys, "destroy", slowly)
    await asyncio.gather(house.erase(), erasing.erase(other, other_keys, KEEPING, house.now), hold())
    monkeypatch.undo()
    await house.erase()
    entries = await house.store.entries("default", limit=1000)
    order = [(e.event, e.item) for e in entries]
    of_hold = next(n for n, (event, _) in enumerate(order) if event == JournalEvent.LEGAL_HOLD)
    for one in items:
        ended = [n for n, each in enumerate(order) if each == (JournalEvent.ERASED, one.id)]
        (readable,) = await house.is_readable(one.blob)
        assert readable == (not ended), one
        if one.owner == "taro":
            assert readable or ended[0] < of_hold, (ended, of_hold)
        else:
            assert not readable


def to(address: str) -> tuple[Recipient, ...]:
    return (Recipient(ForwardPath(address)),)


def taro(*addresses: str) -> Account:
    return Account("taro", addresses=("taro@example.jp", *addresses))


async def test_whom_a_hold_names_is_held_by_addresses_that_came_later(house: House) -> None:
    people = People(house.database)
    await people.save(taro(), BEGIN)
    names = await legal_holds.known_as(people, "default", ["taro"])
    await legal_holds.add(house.store, "default", names, reason="case", by="kansa", now=house.now)
    assert await legal_holds.follow(house.store, people, house.now) == 0
    await people.save(taro("Sales@example.jp"), BEGIN)
    got = await house.take(owner="x", direction="inbound", recipients=to("sales+q3@example.jp"))
    other = await house.take(owner="x", direction="inbound", recipients=to("jiro@example.jp"))
    await house.deliver(got, other)
    assert await legal_holds.follow(house.store, people, house.now) == 1
    assert await legal_holds.follow(house.store, people, house.now) == 0, "once"
    await people.save(taro(), BEGIN)
    assert await legal_holds.follow(house.store, people, house.now) == 0, "mail of then has it"
    assert await house.later(8) == 1
    assert await house.is_readable(got.blob, other.blob) == [True, False]
    told = await house.store.entries("default", event=JournalEvent.LEGAL_HOLD)
    assert [entry.detail.get("added") for entry in told] == [None, ["sales@example.jp"]]
    people.close()
