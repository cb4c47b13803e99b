"""Trying queued mail now, on both databases: what it moves, what it leaves alone, what it says."""

from collections.abc import Callable
from typing import Any

import pytest

from mail.cause import Cause
from quarantine.item import Item, NotAllowed, Outcome, State, Status
from quarantine.queue import retrying
from quarantine.queue.retrying import causes
from quarantine.rights import Actor
from quarantine.store import Query, Store
from storage.interfaces import Blobs, Database, Transaction
from tests.quarantine.items import ADMIN, HANAKO, OPERATOR, item, settle_in

NOW = 1_800_000_000.0
HERE = Actor(OPERATOR.name, OPERATOR.part, "default")


@pytest.fixture
async def store(database: Database, blobs: Blobs) -> Store:
    await settle_in(database)
    return Store(database, blobs, "node1")


@pytest.fixture(params=["spool"])
def blobs(request: pytest.FixtureRequest, tmp_path: object) -> object:
    from storage.spool import Spool

    return Spool(tmp_path / "spool")  # type: ignore[operator]


async def retry(store: Store, actor: Actor, now: float, **what: str) -> list[Item]:
    """All pages."""
    found: list[Item] = []
    page = retrying.Retried((), None)
    while True:
        page = await retrying.retry(store, actor, now, after=page.after, **what)  # type: ignore[arg-type]
        found += page.items
        if page.after is None:
            return found


async def deferred(
    store: Store, to: str, hop: str, cause: Cause = Cause.CONNECTION_REFUSED, **more: object
) -> Item:
    """A mail that was tried twice, for the last time at NOW."""
    (one,) = await store.put([item(to, **more)], NOW - 400, "test")
    for at, due in ((NOW - 400, NOW - 100), (NOW, NOW + 600)):
        (leased,) = await store.lease(at, 1, 60)
        outcome = Outcome(0, Status.DEFERRED, "451 4.4.1 no", cause, hop)
        await store.finish(leased, [outcome], at, due)
    return await store.get(one.id, one.tenant)


async def test_all_that_waits_is_due_now_and_twice_changes_nothing(store: Store) -> None:
    one = await deferred(store, "a@x.example", "relay:25")
    two = await deferred(store, "b@y.example", "relay:25", Cause.CERTIFICATE_EXPIRED)
    before = await retry(store, HERE, NOW + 1, reason="mended")
    assert [(i.id, i.due_at) for i in before] == [(one.id, NOW + 600), (two.id, NOW + 600)]
    assert causes(before) == {("relay:25", "connection_refused"): 1, ("relay:25", "certificate_expired"): 1}
    again = await store.get(one.id, "default")
    assert (again.state, again.due_at, again.attempts, again.queued_at) == (
        State.QUEUED, NOW + 1, 0, one.queued_at,
    )  # fmt: skip
    entry = (await store.entries("default", item=one.id))[-1]
    assert (entry.event, entry.actor) == ("retry", HERE.name)
    assert entry.detail["reason"] == "mended"
    assert (entry.detail["due_at"], entry.detail["attempts"]) == (NOW + 600, 2)
    assert await retry(store, HERE, NOW + 1) == []
    assert await retry(store, HERE, NOW + 50) == []
    assert [e.event for e in await store.entries("default", item=one.id)].count("retry") == 1


async def test_one_mail_a_domain_or_a_next_hop(store: Store) -> None:
    one = await deferred(store, "a@x.example", "relay:25")
    two = await deferred(store, "b@Y.example", "relay:25")
    three = await deferred(store, "c@x.example.net", "mailbox:24")
    assert [i.id for i in await retry(store, HERE, NOW + 1, item=one.id)] == [one.id]
    assert [i.id for i in await retry(store, HERE, NOW + 1, domain="y.EXAMPLE")] == [two.id]
    assert await retry(store, HERE, NOW + 1, domain="_.example") == []
    assert [i.id for i in await retry(store, HERE, NOW + 1, hop="mailbox:24")] == [three.id]
    assert await retry(store, HERE, NOW + 1, hop="mailbox:24") == []


async def test_what_waits_for_a_person_or_is_on_its_way_stays(store: Store) -> None:
    await store.put([item("h@x.example", holds=("x",)), item("d@x.example", delay=600)], NOW, "test")
    gone = await deferred(store, "a@x.example", "relay:25")
    await store.lease(NOW + 700, 10, 60)
    assert await retry(store, HERE, NOW + 701) == []
    assert (await store.get(gone.id, "default")).state is State.ACTIVE
    held = await store.find(Query("default", state=(State.HELD,)))
    assert len(held) == 1  # the delay ended with the lease above
    assert held[0].due_at is not None


async def test_only_those_whose_duty_it_is_and_only_in_their_tenant(store: Store) -> None:
    one = await deferred(store, "a@x.example", "relay:25")
    other = await deferred(store, "a@x.example", "relay:25", tenant="other")
    assert await retry(store, HANAKO, NOW + 1) == []
    assert [i.id for i in await retry(store, ADMIN, NOW + 1)] == [one.id]
    assert (await store.get(other.id, "other")).due_at == NOW + 600
    with pytest.raises(NotAllowed):
        await store.get(other.id, "default")


async def test_more_than_a_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quarantine.queue.retrying.PAGE", 3)
    made = {(await deferred(store, f"a{n}@x.example", "relay:25")).id for n in range(8)}
    assert {i.id for i in await retry(store, HERE, NOW + 1)} == made
    assert len(await store.lease(NOW + 1, 20, 60)) == 8


async def test_a_page_is_one_transaction_and_who_is_interrupted_begins_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It changed mail by mail: 100,000 of them were cut off after 30 seconds, and nobody heard how many were done."""
    monkeypatch.setattr("quarantine.queue.retrying.PAGE", 5)
    made = [(await deferred(store, f"a{n}@x.example", "relay:25")).id for n in range(12)]
    write, writes = store.database.write, []

    async def counted(operation: Callable[[Transaction], Any]) -> Any:
        writes.append(operation)
        return await write(operation)

    monkeypatch.setattr(store.database, "write", counted)
    page = await retrying.retry(store, HERE, NOW + 1)
    assert [item.id for item in page.items] == made[:5]
    assert page.after is not None
    assert len(writes) == 1
    assert [i.id for i in await retry(store, HERE, NOW + 2)] == made[5:], "the rest, from the beginning"
    assert len(writes) == 3
    told = await store.entries("default", event="retry")
    assert len(told) == 12
    assert {e.detail["attempts"] for e in told} == {2}
