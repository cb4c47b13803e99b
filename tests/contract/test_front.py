"""Mail of a suspended organisation that is due costs nobody else's anything, on every database: counted, not timed."""

import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from quarantine.item import Event, State
from quarantine.queue.front import FRESH, SLACK
from quarantine.queue.leasing import DUE, NEXT_DUE, WHOLE, waiting
from quarantine.queue.suspending import resume, suspend
from quarantine.store import Store
from storage.interfaces import Database
from storage.spool import Spool
from tests.quarantine.items import BOSS, item, settle_in

NOW = 1_800_000_000.0
LONG_AGO = NOW - 7 * 86_400


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "spool")
    yield Store(database, spool, "node1")
    await spool.close()


async def halted(store: Store, overdue: int) -> None:
    """So many mails of acme are overdue, and it is suspended."""
    await store.put([item(tenant="acme") for _ in range(overdue)], LONG_AGO, "sender")
    await suspend(store, "acme", reason="x", by="operator:root", now=NOW)


async def leased(store: Store, now: float) -> list[str]:
    return [each.id for each in await store.lease(now, 10, 90)]


async def test_who_leases_begins_behind_it(store: Store) -> None:
    await halted(store, 20)
    assert await store.front.since(NOW) == NOW - SLACK, "nothing else is due"
    (ours,) = await store.put([item()], NOW, "sender")
    assert await leased(store, NOW) == [ours.id]
    assert await store.next_due() == NOW + 90, "our lease; not what is overdue"
    (late,) = await store.put([item()], NOW - SLACK / 2, "sender")
    assert await leased(store, NOW) == [late.id], "of a node whose clock is behind"
    seen = await store.database.read(lambda t: waiting(t, now=NOW + 99, after=(NOW - SLACK, ""), limit=9))
    assert {each.item for each in seen} == {ours.id, late.id}


async def test_what_another_puts_before_it_is_found_when_all_is_looked_at(store: Store) -> None:
    await halted(store, 3)
    assert await leased(store, NOW) == []
    (own,) = await store.put([item()], NOW - 10 * SLACK, "sender")
    assert await leased(store, NOW) == [own.id], "this process has put it there itself"
    other = Store(store.database, store.blobs, "node2")
    assert await leased(store, NOW + FRESH) == [], "all is looked at, and the place is remembered anew"
    (early,) = await other.put([item()], NOW - 10 * SLACK, "sender")
    assert await leased(store, NOW + 2 * FRESH - 1) == [own.id], "whose lease is over"
    assert await leased(store, NOW + 2 * FRESH) == [early.id]


async def test_what_waited_for_somebody_leaves_at_once_though_its_delay_is_long_over(store: Store) -> None:
    await settle_in(store.database)
    await halted(store, 3)
    (asked,) = await store.put([item(delay=300, approvals=("president",))], NOW - 9_000, "sender")
    assert await leased(store, NOW) == []
    await store.change(asked.id, Event.APPROVE, BOSS, NOW, {"role": "president"})
    assert await leased(store, NOW) == [asked.id]


async def test_it_is_as_before_at_once_when_it_goes_on(store: Store) -> None:
    await halted(store, 3)
    await store.put([item() for _ in range(2)], NOW, "sender")
    assert len(await leased(store, NOW)) == 2
    await resume(store, "acme", reason="", by="operator:root", now=NOW + 1)
    found = await store.lease(NOW + 1, 10, 90)
    assert [(each.tenant, each.state) for each in found] == [("acme", State.ACTIVE)] * 3
    assert store.front.known == WHOLE
    assert await store.next_due() == NOW + 90


async def test_when_somebody_else_is_suspended_all_is_looked_at_anew(store: Store) -> None:
    await halted(store, 3)
    (theirs,) = await store.put([item(tenant="other")], NOW - 10 * SLACK, "sender")
    assert await store.front.since(NOW) == NOW - 11 * SLACK, "before the first of all others"
    await suspend(store, "other", reason="x", by="operator:root", now=NOW)
    assert await store.front.since(NOW + 1) == NOW + 1 - SLACK
    await resume(store, "other", reason="x", by="operator:root", now=NOW + 2)
    assert await leased(store, NOW + 2) == [theirs.id]


async def test_a_lease_costs_the_same_whatever_is_overdue(url: str, store: Store) -> None:
    """In steps of SQLite's machine; in PostgreSQL by the condition of its index."""
    values = {"now": NOW, "limit": 10, "since": 0.0}
    if not url.startswith("sqlite"):
        await halted(store, 500)
        values["since"] = await store.front.since(NOW)
        asked = re.sub(r":(\w+)", lambda name: str(values[name[1]]), DUE)
        with psycopg.connect(url) as connection:
            connection.execute("SET enable_seqscan = off")
            text = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {asked}".encode()))
        assert "item_due" in text
        condition = next(line for line in text.splitlines() if "Index Cond" in line)
        assert condition.count("due_at") == 2, text
        return
    steps = []
    for overdue in (50, 500):
        await halted(store, overdue)
        await store.put([item()], NOW, "sender")
        values["since"] = await store.front.since(NOW)
        with_them = {**values, "since": WHOLE}
        steps.append([_steps(url, text, each) for each in (values, with_them) for text in (DUE, NEXT_DUE)])
    (few, few_next, walked, _), (many, many_next, walked_all, _) = steps
    assert walked_all > 3 * walked, "as it would be without"
    assert (many, many_next) == pytest.approx((few, few_next), abs=100)


def _steps(url: str, text: str, values: dict[str, float]) -> int:
    """How many steps of its virtual machine SQLite needs for a statement."""
    counted = [0]

    def step() -> None:
        counted[0] += 1

    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    try:
        connection.set_progress_handler(step, 1)
        connection.execute(text, values).fetchall()
    finally:
        connection.close()
    return counted[0]
