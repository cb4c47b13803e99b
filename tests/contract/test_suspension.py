"""A suspended organisation on both databases, behind the border of PostgreSQL (OPS-TENANT, OPS-SUSPEND)."""

import asyncio
import datetime
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from directory.account import Account
from directory.people import People
from directory.sessions import Sessions, start
from mail.cause import Cause
from quarantine.digests import held_since
from quarantine.item import Item, Outcome, State, Status
from quarantine.queue import leasing, suspension
from quarantine.queue.leasing import Hand
from quarantine.queue.stuck import waiting as stuck
from quarantine.queue.suspending import resume, suspend
from quarantine.queue.suspension import AGE, Suspension, Suspensions
from quarantine.queue.volumes import volumes
from quarantine.store import Store
from quarantine.waits.waits import due as waits_due
from storage import journal
from storage.interfaces import Database, StoreError, Transaction
from storage.spool import Spool
from tests.quarantine.items import item, settle_in

NOW = 1_800_000_000.0


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "spool")
    await settle_in(database)
    yield Store(database, spool, "node1")
    await spool.close()
    for node in await journal.chains(database):
        assert await journal.verify(database, node) is None


async def halt(store: Store, now: float = NOW, reason: str = "their key was stolen") -> bool:
    return await suspend(store, "acme", reason=reason, by="operator:root", now=now)


async def go_on(store: Store, now: float) -> bool:
    return await resume(store, "acme", reason="a new key", by="operator:root", now=now)


async def told(store: Store) -> list[tuple[str, str, float, object]]:
    return [
        (e.event, e.actor, e.at, e.detail["reason"])
        for e in await store.entries("acme")
        if e.event.startswith("tenant_")
    ]


def of_acme(**changes: object) -> Item:
    return item(tenant="acme", **changes)


async def leased(store: Store, now: float) -> set[str]:
    return {one.tenant for one in await store.lease(now, 10, 60)}


async def test_both_acts_are_noted_once_and_are_there_or_not(store: Store) -> None:
    assert not await go_on(store, NOW), "nobody was suspended"
    assert [await halt(store), await halt(store, NOW + 1, "again")] == [True, False]
    assert await suspension.all_of(store.database) == {
        "acme": Suspension("acme", "their key was stolen", "operator:root", NOW)
    }
    assert [await go_on(store, NOW + 5), await go_on(store, NOW + 6)] == [True, False]
    assert await suspension.all_of(store.database) == {}
    assert await told(store) == [
        ("tenant_suspended", "operator:root", NOW, "their key was stolen"),
        ("tenant_resumed", "operator:root", NOW + 5, "a new key"),
    ]
    assert [e for e in await store.entries("default") if e.event.startswith("tenant_")] == []


async def test_who_breaks_off_in_between_has_changed_nothing(store: Store) -> None:
    def broken(transaction: Transaction) -> None:
        raise StoreError("killed")

    with pytest.raises(StoreError):
        await suspend(store, "acme", reason="x", by="x", now=NOW, first=broken)
    assert await suspension.all_of(store.database) == {}
    await halt(store)
    with pytest.raises(StoreError):
        await resume(store, "acme", reason="x", by="x", now=NOW, first=broken)
    assert set(await suspension.all_of(store.database)) == {"acme"}
    assert [event for event, *_ in await told(store)] == ["tenant_suspended"]


async def test_two_who_say_it_at_once_say_it_once(store: Store, database: Database) -> None:
    other = Store(database, store.blobs, "node2")
    assert sorted(await asyncio.gather(halt(store), halt(other))) == [False, True]
    assert sorted(await asyncio.gather(go_on(store, NOW + 1), go_on(other, NOW + 1))) == [False, True]
    assert len(await told(store)) == 2


async def test_its_mail_is_not_leased_and_goes_on_afterwards(store: Store) -> None:
    await halt(store)
    waiting, timed = of_acme(), of_acme(delay=100)
    await store.put([waiting, timed], NOW, "test")
    assert (await store.get(waiting.id, "acme")).state is State.QUEUED, "stored, and not leased"
    assert await store.next_due() is None, "nobody is woken for it"
    assert await leased(store, NOW + 1000) == set()
    chosen = await store.lease(NOW + 1000, 10, 60, [waiting.id])
    assert chosen == []
    await store.put([item()], NOW, "test")
    rows = await store.database.read(lambda t: leasing.waiting(t, now=NOW + 1000, after=(0.0, ""), limit=10))
    assert {row.tenant for row in rows} == {"default"}
    assert await leased(store, NOW + 1000) == {"default"}, "the others' mail does not wait"
    assert (await store.get(timed.id, "acme")).state is State.HELD
    await go_on(store, NOW + 1000)
    assert await store.next_due() == NOW
    assert {one.id for one in await store.lease(NOW + 1000, 10, 60)} == {waiting.id, timed.id}


async def test_nothing_of_it_goes_from_hand_to_hand(store: Store) -> None:
    """What leaves at once is leased as it is taken, but for who is suspended: a letter of ours waits, too."""
    asked: list[int] = []

    def reserve(count: int) -> list[Hand]:
        asked.append(count)
        return [Hand(NOW + 900) for _ in range(count)]

    store.reserve = reserve
    await halt(store)
    await store.put([of_acme()], NOW, "test")
    assert asked == []
    await store.put([item()], NOW, "test")
    assert asked == [1]


async def test_what_is_in_hand_ends_by_itself(store: Store) -> None:
    """A delivery that has begun is finished; what it leaves for later waits."""
    one = of_acme()
    await store.put([one], NOW, "test")
    (begun,) = await store.lease(NOW, 10, 60)
    await halt(store)
    after = await store.finish(begun, (), NOW + 1, NOW + 10)
    assert after.state is State.QUEUED
    assert await leased(store, NOW + 20) == set()


async def test_who_is_asked_has_the_time_again(store: Store) -> None:
    before = of_acme(approvals=("president",))
    others = item(approvals=("president",))
    await store.put([before, others], NOW - 100, "test")
    await halt(store)
    assert {w.item for w in await waits_due(store.database, NOW + 9e6, 10)} == {others.id}
    await go_on(store, NOW + 5000)
    found = {w.item: (w.since, w.next_at) for w in await waits_due(store.database, NOW + 9e6, 10)}
    assert found == {before.id: (NOW + 4900, NOW + 4900), others.id: (NOW - 100, NOW - 100)}


async def test_a_wait_that_begins_meanwhile_begins_when_it_goes_on(store: Store) -> None:
    await halt(store)
    during = of_acme(approvals=("president",))
    await store.put([during], NOW + 300, "test")
    await go_on(store, NOW + 1000)
    (wait,) = await waits_due(store.database, NOW + 9e6, 10)
    assert (wait.since, wait.next_at) == (NOW + 1000, NOW + 1000)


async def test_nobody_of_it_is_told_of_held_mail_and_no_next_hop_is_blamed(store: Store) -> None:
    kept = of_acme(direction="inbound", holds=("warning_score",), accepted_at=NOW - 10)
    put_off = of_acme(accepted_at=NOW - 60)
    await store.put([kept, put_off], NOW - 60, "test")
    (tried,) = await store.lease(NOW - 60, 10, 60)
    refused = [Outcome(n, Status.DEFERRED, "451 no", Cause.CONNECTION_REFUSED, "relay:25") for n in range(2)]
    await store.finish(tried, refused, NOW - 60, NOW + 60)
    assert len(await stuck(store.database, "acme", NOW, 0.0)) == 1
    assert [each.tenant for each in await held_since(store.database, NOW - 100, NOW)] == ["acme"] * 2
    await halt(store)
    assert await held_since(store.database, NOW - 100, NOW) == []
    assert await stuck(store.database, "acme", NOW, 0.0) == []
    assert await stuck(store.database, "", NOW, 0.0) == []


async def test_its_sessions_have_ended_when_it_goes_on(store: Store) -> None:
    sessions, people = Sessions(store.database), People(store.database)
    await people.save(Account("hanako", addresses=("h@acme.example",), tenant="acme"), 1.0)
    people.close()
    ours, theirs = [
        await store.database.write(lambda t, whose=whose: start(t, whose, "hanako", "192.0.2.1", NOW))  # type: ignore[misc]
        for whose in ("default", "acme")
    ]
    await halt(store)
    await go_on(store, NOW + 1)
    assert await sessions.find(ours, NOW + 2) is not None
    assert await sessions.find(theirs, NOW + 2) is None


async def test_the_doors_of_other_nodes_know_it_soon(store: Store, database: Database) -> None:
    now = [0.0]
    elsewhere = Suspensions(database, lambda: now[0])
    assert await elsewhere.of("acme") is None
    await halt(store)
    assert await store.suspensions.of("acme") is not None, "here at once"
    now[0] = AGE
    assert await elsewhere.of("acme") is not None
    assert await elsewhere.of("default") is None
    await go_on(store, NOW + 1)
    now[0] = 2 * AGE
    assert await elsewhere.of("acme") is None


async def test_a_database_that_is_away_leaves_what_was_known(store: Store) -> None:
    await halt(store)

    class Away:
        broken = False

        async def read(self, operation: object) -> object:
            if self.broken:
                raise StoreError("away")
            return await store.database.read(operation)  # type: ignore[arg-type]

    away, now = Away(), [0.0]
    doors = Suspensions(away, lambda: now[0])  # type: ignore[arg-type]
    assert await doors.of("acme") is not None
    away.broken, now[0] = True, 100.0
    assert await doors.of("acme") is not None


async def test_nobody_waits_long_for_a_database_that_hangs(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many come; and a change that comes meanwhile is asked for anew."""
    monkeypatch.setattr(suspension, "PATIENCE", 0.02)
    waking, asked = asyncio.Event(), 0

    class Hanging:
        async def read(self, operation: object) -> object:
            nonlocal asked
            asked += 1
            await waking.wait()
            return await store.database.read(operation)  # type: ignore[arg-type]

    doors = Suspensions(Hanging())  # type: ignore[arg-type]
    assert await asyncio.gather(*(doors.of("acme") for _ in range(20))) == [None] * 20
    assert asked == 1
    await halt(store)
    doors.forget()
    waking.set()
    monkeypatch.setattr(suspension, "PATIENCE", 60.0)
    assert await doors.of("acme") is not None


async def test_the_houses_numbers_say_since_when_and_why(store: Store) -> None:
    day = datetime.date(2027, 1, 15)
    assert (await volumes(store.database, "acme", NOW, 60.0, day)).suspended is None
    await halt(store)
    found = await volumes(store.database, "acme", NOW, 60.0, day)
    assert (found.suspended, found.reason) == (NOW, "their key was stolen")
    assert (await volumes(store.database, "default", NOW, 60.0, day)).suspended is None
