"""Requests for release and tries of a password, on every database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from quarantine import password_attempts
from quarantine.item import Event, Item, NotAllowed, State
from quarantine.requests import Requests, announce, tell
from quarantine.rights import HOUSEKEEPING, Actor
from quarantine.store import Query, Store
from storage.interfaces import Already, Database
from storage.spool import Spool
from tests.quarantine.items import ADMIN, HANAKO, OPERATOR, TARO, item, settle_in

NOW = 1000.0


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "spool")
    await settle_in(database)
    yield Store(database, spool, "node1")
    await spool.close()


BOTH = ("taro@example.jp", "hanako@example.jp")


async def waiting(store: Store, *addresses: str, **changes: Any) -> Item:
    values = {"direction": "inbound", "owner": "", "holds": ("a",)} | changes
    (kept,) = await store.put([item(*(addresses or BOTH), **values)], NOW, "192.0.2.1")
    return kept


async def test_a_request_is_made_once_for_each_person(store: Store) -> None:
    requests, one = Requests(store), await waiting(store)
    assert await requests.ask(one, TARO, " please\0 ", NOW)
    assert not await requests.ask(one, TARO, "again", NOW + 1)
    assert await requests.ask(one, HANAKO, "", NOW + 2)
    assert await requests.open("default") == 1
    assert await requests.open("other") == 0
    (first, second) = (await requests.of("default", [one.id]))[one.id]
    assert (first.person, first.comment, first.state) == ("taro", "please\N{REPLACEMENT CHARACTER}", "open")
    assert second.person == "hanako"
    assert list(await requests.of("default", [one.id, "nothing"], "hanako")) == [one.id]
    assert [e.actor for e in await store.entries("default", event="request")] == ["taro", "hanako"]
    assert [i.id for i in await store.find(Query("default", requested=True))] == [one.id]


@pytest.mark.parametrize(
    ("event", "actor", "state"),
    [
        (Event.RELEASE, OPERATOR, "released"),
        (Event.DISCARD, ADMIN, "refused"),
        (Event.EXPIRE, HOUSEKEEPING, "refused"),
    ],
)
async def test_whoever_decides_the_requests_are_decided(
    store: Store, event: Event, actor: Actor, state: str
) -> None:
    requests, one, other = Requests(store), await waiting(store), await waiting(store)
    for each in (one, other):
        await requests.ask(each, TARO, "", NOW)
    await store.change(one.id, event, actor, NOW + 5, {"reason": "because", "tell": True})
    (decided,) = await requests.untold()
    assert (decided.item, decided.state, decided.answer, decided.settled_at) == (
        one.id,
        state,
        "because",
        NOW + 5,
    )
    assert await requests.open("default") == 1
    with pytest.raises(NotAllowed):
        await requests.ask(one, HANAKO, "", NOW + 6)


async def test_nobody_asks_for_mail_of_others(store: Store) -> None:
    one = await waiting(store, "hanako@example.jp")
    for stranger in (TARO, ADMIN, OPERATOR, Actor("nobody", tenant="default")):
        with pytest.raises(NotAllowed):
            await Requests(store).ask(one, stranger, "", NOW)
    assert await Requests(store).of("default", [one.id]) == {}


async def test_what_is_told_is_told_by_one_node_only(store: Store) -> None:
    requests, one = Requests(store), await waiting(store)
    await requests.ask(one, TARO, "", NOW)
    await store.change(one.id, Event.RELEASE, OPERATOR, NOW)
    (decided,) = await requests.untold()
    notices = [item(direction="notice", owner="taro") for _ in range(2)]
    results = await asyncio.gather(
        *(store.put([n], NOW, "node", claim=lambda t: tell(t, decided)) for n in notices),
        return_exceptions=True,
    )
    assert sorted(isinstance(r, Already) for r in results) == [False, True]
    assert len(await store.find(Query("default", direction="notice"))) == 1
    assert await requests.untold() == []


async def test_administrators_hear_at_most_once_in_a_while(store: Store) -> None:
    requests, one, other = Requests(store), await waiting(store), await waiting(store)
    await requests.ask(one, TARO, "", NOW)
    told = await requests.unannounced()
    await store.put([item()], NOW, "node", claim=lambda t: announce(t, told, NOW, 900))
    await requests.ask(other, TARO, "", NOW + 1)
    again = await requests.unannounced()
    assert [r.item for r in again] == [other.id]
    with pytest.raises(Already):
        await store.put([item()], NOW + 2, "node", claim=lambda t: announce(t, again, NOW + 2, 900))
    await store.put([item()], NOW + 900, "node", claim=lambda t: announce(t, again, NOW + 900, 900))
    assert await requests.unannounced() == []


async def test_tries_are_counted_before_anything_is_tried(store: Store) -> None:
    one = await waiting(store)
    found = await asyncio.gather(*(password_attempts.begin(store.database, one) for _ in range(8)))
    assert sorted(found) == [-1, -1, -1, 0, 1, 2, 3, 4]
    assert await password_attempts.left(store.database, one) == 0
    await password_attempts.give_back(store.database, one)
    assert await password_attempts.left(store.database, one) == 1
    assert await password_attempts.left(store.database, await waiting(store)) == password_attempts.MOST


async def test_mail_is_found_by_who_waits_for_it(store: Store) -> None:
    mine = await waiting(store, "Taro+news@Example.jp", "hanako@example.jp")
    await waiting(store, "hanako@example.jp")
    gone = await waiting(store, "taro@example.jp")
    await store.change(gone.id, Event.DISCARD, OPERATOR, NOW)
    query = Query(
        "default", state=(State.HELD,), direction="inbound", mailboxes=("taro@example.jp", "sales@example.jp")
    )
    assert [i.id for i in await store.find(query)] == [mine.id]
    assert await store.count(query) == 1
