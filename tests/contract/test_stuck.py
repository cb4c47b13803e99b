"""A stuck queue as the store tells it, on both databases."""

from pathlib import Path
from typing import Any

import pytest

from config.tenant import EVERY
from mail.cause import Cause
from quarantine.item import Item, Outcome, Status
from quarantine.queue.depth import answers, depth
from quarantine.queue.stuck import FRESH, AlreadyTold, Stuck, begin, confirm, end, seen, told, waiting
from quarantine.store import Store
from storage.interfaces import Database
from storage.spool import Spool
from tests.quarantine.items import item, settle_in

NOW = 1_800_000_000.0
LATE = 900.0
RELAY = "relay:25"


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> Store:
    await settle_in(database)
    return Store(database, Spool(tmp_path / "spool"), "node1")


async def tried(
    store: Store, at: float, *attempts: float, cause: Cause | str = Cause.CONNECTION_REFUSED, **more: Any
) -> Item:
    """A mail that was queued at `at` and deferred by each of these attempts."""
    (one,) = await store.put([item("a@x.example", **more)], at, "test")
    for place, attempt in enumerate(attempts):
        leased = next(i for i in await store.lease(attempt, 10, 60) if i.id == one.id)
        outcome = Outcome(0, Status.DEFERRED, "451 no", cause, RELAY)
        due = attempts[place + 1] if place + 1 < len(attempts) else NOW + 9000
        await store.finish(leased, [outcome], attempt, due)
    return one


async def test_a_queue_that_works_is_not_stuck(store: Store) -> None:
    await store.put([item(), item(holds=("x",)), item(delay=100)], NOW - 5000, "test")
    await tried(store, NOW - 60, NOW - 60)
    assert await waiting(store.database, "default", NOW, LATE) == []


async def test_no_session_on_a_second_attempt_is_enough_and_one_put_off_is_not(store: Store) -> None:
    await tried(store, NOW - 400, NOW - 400, NOW - 100)
    await tried(store, NOW - 30, NOW - 30)
    found = await waiting(store.database, "default", NOW, LATE)
    assert found == [Stuck("default", RELAY, True, "connection_refused", 2, NOW - 400, NOW - 30)]
    await tried(store, NOW - 600, NOW - 600, NOW - 300, cause=Cause.TOLD_TO_WAIT, tenant="other")
    assert await waiting(store.database, "other", NOW, LATE) == []
    (late,) = await waiting(store.database, "other", NOW + 301, LATE)
    assert (late.host, late.cause, late.number) == (False, "told_to_wait", 1)
    assert {s.tenant for s in await waiting(store.database, EVERY, NOW + 301, LATE)} == {"default", "other"}


async def test_the_latest_cause_is_told_and_kinds_stand_apart(store: Store) -> None:
    await tried(store, NOW - 5000, NOW - 5000, cause=Cause.CONNECTION_REFUSED)
    await tried(store, NOW - 4000, NOW - 3000, cause=Cause.CERTIFICATE_EXPIRED)
    await tried(store, NOW - 6000, NOW - 200, cause=Cause.TOLD_TO_WAIT)
    await tried(store, NOW - 6000, NOW - 200, cause="of_a_later_version")
    single, absent = await waiting(store.database, "default", NOW, LATE)
    assert (absent.cause, absent.number, absent.since, absent.last) == (
        "certificate_expired", 2, NOW - 5000, NOW - 3000,
    )  # fmt: skip
    assert (single.host, single.number) == (False, 2)


async def test_what_was_delivered_or_ended_does_not_wait(store: Store) -> None:
    await tried(store, NOW - 5000, NOW - 5000, NOW - 4000)
    (leased,) = await store.lease(NOW + 9000, 1, 60)
    assert len(await waiting(store.database, "default", NOW + 9000, LATE)) == 1, "while it is tried"
    await store.finish(leased, [Outcome(0, Status.DELIVERED, "250", "", RELAY)], NOW + 9001, None)
    assert await waiting(store.database, "default", NOW + 9002, LATE) == []


async def test_it_begins_once_and_ends_once(store: Store) -> None:
    one = Stuck("default", RELAY, True, "no_answer", 3, NOW - 400, NOW)
    write = store.database.write
    await write(lambda t: begin(t, one, NOW))
    with pytest.raises(AlreadyTold):
        await write(lambda t: begin(t, one, NOW))
    changed = Stuck("default", RELAY, True, "unreachable", 5, NOW - 400, NOW + 50)
    await write(lambda t: confirm(t, [changed], NOW + 60))
    (row,) = await told(store.database, EVERY)
    assert (row.cause, row.since, row.last) == ("unreachable", NOW - 400, NOW + 60)
    assert await told(store.database, "other") == []
    assert await write(lambda t: end(t, one))
    assert not await write(lambda t: end(t, one))


async def test_what_a_node_finds_with_arriving_mail_is_seen_as_long_as_it_says_so(store: Store) -> None:
    one = Stuck("default", "mailbox:24", True, "no_answer", 0, NOW - 400, NOW, "node1")
    await store.database.write(lambda t: begin(t, one, NOW))
    assert [s.hop for s in await seen(store.database, "default", NOW + 10, LATE)] == ["mailbox:24"]
    assert await seen(store.database, "other", NOW + 10, LATE) == []
    assert await seen(store.database, "default", NOW + FRESH + 1, LATE) == []
    await tried(store, NOW - 5000, NOW - 5000)
    both = await seen(store.database, "default", NOW + 10, LATE)
    assert [(s.hop, s.number) for s in both] == [(RELAY, 1), ("mailbox:24", 0)]


async def test_how_much_waits_is_counted_by_state_and_next_hop(store: Store) -> None:
    await tried(store, NOW - 300, NOW - 300)
    await tried(store, NOW - 60, NOW - 60)
    await store.put([item(), item(holds=("x",)), item(delay=100)], NOW, "test")
    found = await depth(store.database, NOW)
    assert sum(found.held.values()) == 2
    assert (found.queued, found.active) == (3, 0)
    assert found.deferred == {RELAY: (2, NOW - 300)}
    await answers(store.database)
