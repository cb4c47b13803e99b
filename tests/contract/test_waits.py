"""Waits for a person, as both databases keep them."""

import datetime
from pathlib import Path

import pytest

from config.consequence import UNTIL_RELEASED
from directory.account import Account
from directory.people import People
from quarantine.item import Event
from quarantine.lifecycle import UNATTENDED
from quarantine.rights import HOUSEKEEPING
from quarantine.store import Store
from quarantine.waits import gone
from quarantine.waits.waits import Waiting, advance, due, forget
from storage.interfaces import Already, Database
from storage.spool import Spool
from tests.quarantine.items import ADMIN, BOSS, SENDER, item, settle_in

NOW = 1_800_000_000.0


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> Store:
    await settle_in(database)
    return Store(database, Spool(tmp_path / "spool"), "node1")


async def only(store: Store, now: float = NOW) -> Waiting:
    (wait,) = await due(store.database, now, 10)
    return wait


async def test_only_leaving_mail_that_waits_for_a_person_is_noted(store: Store) -> None:
    kept = [
        item(), item(delay=300), item(holds=("x",), direction="inbound"),
        item(approvals=("president",)), item(holds=("x",)), item(delay=UNTIL_RELEASED),
    ]  # fmt: skip
    await store.put(kept, NOW, "test")
    assert {(w.item, w.kind) for w in await due(store.database, NOW, 10)} == {
        (kept[3].id, "approval"), (kept[4].id, "review"), (kept[5].id, "sender"),
    }  # fmt: skip
    assert await due(store.database, NOW - 1, 10) == []


async def test_a_step_is_done_once_and_an_end_is_told_once(store: Store) -> None:
    (one,) = await store.put([item(approvals=("president",))], NOW, "test")
    wait = await only(store)
    await store.database.write(lambda t: advance(t, wait, NOW + 50))
    with pytest.raises(Already):
        await store.database.write(lambda t: advance(t, wait, NOW + 50))
    assert await due(store.database, NOW + 49, 10) == []
    assert (await only(store, NOW + 50)).step == 1
    await store.change(one.id, Event.DENY, BOSS, NOW + 2, {"role": "president", "comment": "wrong price"})
    over = await only(store, NOW + 2)
    assert (over.state, over.person, over.answer) == ("deny", "boss", "wrong price")
    await store.database.write(lambda t: forget(t, over))
    with pytest.raises(Already):
        await store.database.write(lambda t: forget(t, over))
    assert await due(store.database, NOW + 99, 10) == []


async def test_an_approval_ends_the_wait_although_the_delay_goes_on(store: Store) -> None:
    (one,) = await store.put([item(approvals=("president",), delay=300)], NOW, "test")
    await store.change(one.id, Event.APPROVE, BOSS, NOW + 2, {"role": "president"})
    assert (await only(store, NOW + 2)).state == "approve"


async def test_when_the_president_agrees_an_administrator_may_still_be_missing(store: Store) -> None:
    (one,) = await store.put([item(approvals=("president",), holds=("x",))], NOW, "test")
    wait = await only(store)
    await store.database.write(lambda t: advance(t, wait, NOW + 50))
    await store.change(one.id, Event.APPROVE, BOSS, NOW + 2, {"role": "president"})
    turned = await only(store, NOW + 2)
    assert (turned.kind, turned.step, turned.state) == ("review", 0, "open")
    await store.change(one.id, Event.RELEASE, ADMIN, NOW + 3, {"reason": "for the journal"})
    over = await only(store, NOW + 3)
    assert (over.state, over.answer) == ("release", "")


async def test_when_an_administrator_decides_instead_the_whole_time_runs_again(store: Store) -> None:
    (one,) = await store.put([item(delay=UNTIL_RELEASED)], NOW, "test")
    wait = await only(store)
    await store.database.write(lambda t: advance(t, wait, NOW + 9))
    await store.change(one.id, Event.ESCALATE, HOUSEKEEPING, NOW + 50, {"hold": UNATTENDED})
    turned = await only(store, NOW + 50)
    assert (turned.kind, turned.step, turned.since) == ("review", 0, NOW + 50)
    await store.change(one.id, Event.ELAPSE, HOUSEKEEPING, NOW + 60)
    assert (await only(store, NOW + 60)).state == "elapse"


async def test_when_everybody_agrees_and_only_the_sender_is_missing_they_hear_of_it(store: Store) -> None:
    (one,) = await store.put([item(approvals=("president",), delay=UNTIL_RELEASED)], NOW, "test")
    await store.change(one.id, Event.APPROVE, BOSS, NOW + 2, {"role": "president"})
    turned = await only(store, NOW + 2)
    assert (turned.kind, turned.step) == ("sender", 1)


async def test_mail_of_people_who_are_gone_is_found(store: Store) -> None:
    people = People(store.database)
    await people.save(Account("gone", disabled=True), NOW)
    await people.save(Account("left", leaving=datetime.date(2026, 11, 30)), NOW)
    kept = [
        item(owner="sender", delay=300), item(owner="sender", delay=UNTIL_RELEASED),
        item(owner="gone", delay=300), item(owner="nobody", delay=300), item(owner="left", delay=300),
        item(owner="gone", delay=UNTIL_RELEASED), item(owner="gone", approvals=("president",)),
        item(owner="gone", delay=300, direction="inbound"), item(owner="", delay=300), item(owner="gone"),
    ]  # fmt: skip
    await store.put(kept, NOW, "test")

    async def found(today: str, until: float) -> set[str]:
        return {each.id for each in await gone.timed(store.database, today, until)}

    assert await found("2026-12-01", NOW + 300) == {kept[n].id for n in (2, 3, 4)}
    assert await found("2026-11-30", NOW + 300) == {kept[n].id for n in (2, 3)}
    assert await found("2026-12-01", NOW + 299) == set()
    assert [each.id for each in await gone.waiting(store.database, "2026-12-01")] == [kept[5].id]


async def test_what_the_sender_does_themselves_nobody_tells_them(store: Store) -> None:
    one, two, three = await store.put(
        [item(approvals=("president",)), item(delay=UNTIL_RELEASED), item(delay=300)], NOW, "test"
    )
    await store.change(one.id, Event.RECALL, SENDER, NOW + 1)
    await store.change(two.id, Event.SEND_NOW, SENDER, NOW + 1)
    assert await due(store.database, NOW + 1, 10) == []
    await store.change(three.id, Event.STOP, SENDER, NOW + 1)
    assert (await only(store, NOW + 1)).kind == "sender"
    await store.change(three.id, Event.RESUME, SENDER, NOW + 2)
    assert await due(store.database, NOW + 2, 10) == []
