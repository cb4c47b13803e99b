"""Items that are leased in the transaction that takes them into custody, on every database."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from config.consequence import UNTIL_RELEASED
from quarantine.item import Item, NotAllowed, Outcome, State, Status
from quarantine.queue.leasing import Hand, waiting
from quarantine.store import Store
from storage import journal
from storage.interfaces import Database, StoreError, Transaction, Unknown
from storage.spool import Spool
from tests.quarantine.items import item, settle_in

NOW = 1000.0
UNTIL = NOW + 900
DELIVERED = (Outcome(0, Status.DELIVERED, "250 OK"), Outcome(1, Status.DELIVERED, "250 OK"))


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "store-spool")
    await settle_in(database)
    yield Store(database, spool, "node1")
    await spool.close()
    for node in await journal.chains(database):
        assert await journal.verify(database, node) is None


class Hands:
    """Somebody who keeps a hand free for all that comes; `woken` counts what it is told of otherwise."""

    def __init__(self, store: Store) -> None:
        self.kept: list[Hand] = []
        self.woken = 0
        store.reserve, store.wake = self.reserve, self.wake

    def reserve(self, count: int) -> Sequence[Hand]:
        self.kept = [Hand(UNTIL) for _ in range(count)]
        return self.kept

    def wake(self) -> None:
        self.woken += 1

    async def items(self) -> list[Item | None]:
        return [await hand.item() for hand in self.kept]


async def events(store: Store, one: Item) -> list[str]:
    return [entry.event for entry in await store.entries("default", item=one.id)]


async def test_what_leaves_at_once_is_in_hand_when_it_is_taken(store: Store) -> None:
    hands = Hands(store)
    one, two = item(), item()
    taken = await store.put([one, two], NOW, "sender")
    assert [i.state for i in taken] == [State.QUEUED, State.QUEUED]  # as they came
    leased = await hands.items()
    assert [i and (i.id, i.state, i.token, i.attempts, i.due_at, i.node) for i in leased] == [
        (i.id, State.ACTIVE, 1, 1, UNTIL, "node1") for i in (one, two)
    ]
    assert leased[0] == await store.get(one.id, "default")
    assert await store.lease(NOW, 10, 60) == []
    assert hands.woken == 0
    assert leased[0] is not None
    done = await store.finish(leased[0], DELIVERED, NOW + 1, None)
    assert await store.get(one.id, "default") == done
    assert done.state is State.DONE
    accepted, lease, _ = await store.entries("default", item=one.id)
    assert (accepted.event, accepted.detail["state"], accepted.detail["due_at"]) == ("accept", "queued", NOW)
    assert (lease.event, lease.actor, lease.detail) == ("lease", "dispatcher", {"token": 1})


async def test_what_waits_is_leased_when_it_is_due(store: Store) -> None:
    hands = Hands(store)
    waiting = [
        item(delay=300),
        item(approvals=("president",)),
        item(holds=("x",)),
        item(delay=UNTIL_RELEASED),
    ]
    atonce = item()
    await store.put([*waiting[:2], atonce, *waiting[2:]], NOW, "sender")
    assert [i and i.id for i in await hands.items()] == [atonce.id]
    for each in waiting:
        assert (await store.get(each.id, "default")).state is State.HELD
    assert [i.id for i in await store.lease(NOW + 300, 10, 60)] == [waiting[0].id]


async def test_without_hands_it_waits_as_before(store: Store) -> None:
    hands = Hands(store)
    store.reserve = lambda count: ()
    await store.put([one := item()], NOW, "sender")
    assert hands.woken == 1
    assert [i.id for i in await store.lease(NOW, 10, 60)] == [one.id]


async def test_what_was_not_taken_leaves_its_hand_free(store: Store) -> None:
    hands = Hands(store)

    def refuse(transaction: Transaction) -> None:
        raise StoreError("no")

    with pytest.raises(StoreError):
        await store.put([item()], NOW, "sender", claim=refuse)
    assert await hands.items() == [None]


async def test_what_may_have_been_taken_is_told_as_that(store: Store) -> None:
    """Whoever kept the hand gives it back: if it is there, anybody may deliver it."""
    hands = Hands(store)

    def unheard(transaction: Transaction) -> None:
        raise Unknown("no answer")

    with pytest.raises(Unknown):
        await store.put([lost := item()], NOW, "sender", claim=unheard)
    (got,) = await hands.items()
    assert got is not None
    assert (got.id, hands.kept[0].sure) == (lost.id, False)
    assert await store.give_back([got], NOW) == 0


async def test_what_is_given_back_is_due_for_everybody(store: Store) -> None:
    hands = Hands(store)
    await store.put([one := item()], NOW, "sender")
    (got,) = await hands.items()
    assert got is not None
    other = Store(store.database, store.blobs, "node2")
    assert await other.give_back([got], NOW) == 0  # it is not theirs
    assert await store.give_back([got], NOW) == 1
    assert await store.give_back([got], NOW) == 0
    (again,) = await other.lease(NOW, 10, 60)
    assert (again.id, again.token) == (one.id, 2)
    with pytest.raises(NotAllowed):
        await store.finish(got, DELIVERED, NOW + 1, None)
    assert await events(store, one) == ["accept", "lease", "lapse", "lease"]


async def test_a_hand_that_is_gone_gives_back_at_once(store: Store) -> None:
    hands = Hands(store)
    waiters: list[asyncio.Future[Item | None]] = []

    def reserve(count: int) -> Sequence[Hand]:
        kept = Hands.reserve(hands, count)
        waiters.extend(asyncio.ensure_future(hand.item()) for hand in kept)
        return kept

    store.reserve = reserve

    async def given_up() -> None:
        await asyncio.sleep(0)
        waiters[0].cancel()

    assert await store.suspensions.of("default") is None, "known from here on: nobody is asked in between"
    await asyncio.gather(store.put([one := item(), two := item()], NOW, "sender"), given_up())
    assert (await store.get(one.id, "default")).state is State.QUEUED
    assert (await store.get(two.id, "default")).state is State.ACTIVE
    assert hands.woken == 1
    assert await events(store, one) == ["accept", "lease", "lapse"]


async def test_those_that_are_chosen_are_leased_and_no_others(store: Store) -> None:
    store.reserve = lambda count: []
    made = await store.put([item() for _ in range(5)], NOW, "sender")
    await store.put([item(delay=600)], NOW, "sender")
    seen = await store.database.read(lambda t: waiting(t, now=NOW, after=(0.0, ""), limit=100))
    assert {each.item for each in seen} == {each.id for each in made}
    assert all(each.address and each.due_at <= NOW for each in seen)
    cursor, found = (0.0, ""), []
    while page := await store.database.read(
        lambda t, after=cursor: waiting(t, now=NOW, after=after, limit=2)
    ):  # type: ignore[misc]
        found += [each.item for each in page]
        cursor = page[-1].due_at, page[-1].item
    assert set(found) == {each.id for each in made}
    wanted = [made[3].id, made[1].id, "nobody's"]
    assert {each.id for each in await store.lease(NOW, 1, 900, wanted)} == {made[1].id, made[3].id}
    assert await store.lease(NOW, 10, 900, []) == []
    assert await store.lease(NOW, 10, 900, wanted) == [], "they are somebody's"
    assert len(await store.lease(NOW, 10, 900)) == 3
