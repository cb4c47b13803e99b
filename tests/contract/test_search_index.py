"""Search by words answers what reading every text would answer, on every database, and reads little for it."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from filters.examined import Summary
from quarantine.item import Item, State
from quarantine.rows import Place, Query
from quarantine.search import index as text_index
from quarantine.search.text import searched, words_of
from quarantine.store import Store
from storage.interfaces import Database, StoreError, Transaction
from storage.spool import Spool
from tests.quarantine.items import item

NOW = 1000.0
PIECES = (
    "見積書", "山田", "山田商事", "ヤマダ", "ﾔﾏﾀﾞ", "ｶﾞｷﾞ", "Ｉｎｖｏｉｃｅ", "invoice", "INVOICE", "straße", "100%", "_", "\\",
    "777", "0000", "a", "林", "㍿", "é", "e\u0301", "👩‍👩", "\0", "\ud800", "'", '"', " ", "　", "\n", "ﬁ", "İ",
)  # fmt: skip


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that there are many, in which a pair stands as a list and as bits."""
    for name, value in (("BLOCK", 64), ("LOOK", 10), ("WINDOWS", (1, 2)), ("TOGETHER", 8)):
        monkeypatch.setattr(text_index, name, value)


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "store-spool")
    yield Store(database, spool, "node1")
    await spool.close()


def mails(chance: random.Random, number: int, **more: Any) -> list[Item]:
    """Of texts that have much in common, at times of which some are the same."""
    return [
        item(
            f"{chance.choice(('taro', 'hanako', 'r77'))}@partner{chance.randrange(30)}.example",
            accepted_at=float(chance.randrange(number)),
            direction=chance.choice(("inbound", "outbound")),
            holds=chance.choice(((), ("virus",))),
            summary=Summary("".join(chance.choices(PIECES, k=4)), "a@example.jp", "".join(chance.choices(PIECES, k=2))),
            **more,
        )
        for _ in range(number)
    ]  # fmt: skip


async def index_all(database: Database, tenant: str = "default") -> int:
    total = 0
    while count := await text_index.index(database, tenant):
        total += count
    return total


def expected(items: list[Item], text: str, limit: int, after: Place | None, **wanted: object) -> list[str]:
    """By reading them all."""
    words = words_of(text)
    found = [
        i
        for i in sorted(items, key=lambda i: (i.accepted_at, i.id), reverse=True)
        if all(word in searched(i) for word in words)
        and all(getattr(i, name) == value for name, value in wanted.items())
        and (after is None or (i.accepted_at, i.id) < after)
    ]
    return [i.id for i in found[:limit]]


@pytest.mark.parametrize("seed", range(4))
async def test_the_answers_are_those_of_reading_every_text(
    store: Store, database: Database, seed: int
) -> None:
    chance = random.Random(seed)
    items: list[Item] = []
    for _ in range(3):  # mail that comes later may be older: clocks of nodes, and of transactions
        items += await store.put(mails(chance, 150), NOW, "sender")
        await index_all(database)
    await store.put(mails(chance, 70, tenant="acme"), NOW, "sender")
    await index_all(database, "acme")
    asked = 0
    for number in range(120):
        words = [
            "".join(chance.choices(PIECES, k=chance.choice((1, 1, 2))))
            for _ in range(chance.choice((1, 1, 2)))
        ]
        source = searched(chance.choice(items))
        start = chance.randrange(len(source))
        words.append(source[start : start + chance.choice((1, 2, 3, 8))]) if number % 2 else None
        text = " ".join(words).upper() if number % 3 == 0 else " ".join(words)
        limit, after = chance.choice((1, 5, 500)), None
        if number % 4 == 0:
            last = chance.choice(items)
            after = Place(last.accepted_at, last.id)
        wanted: dict[str, str] = {"direction": "inbound"} if number % 5 == 0 else {}
        query = Query("default", text=text, limit=limit, after=after, **wanted)  # type: ignore[arg-type]
        found = [i.id for i in await store.find(query)]
        assert found == expected(items, text, limit, after, **wanted), (text, limit, after, wanted)
        asked += len(found)
    assert asked > 500


@pytest.mark.parametrize("text", ["見積", "山田", "ﾔﾏﾀﾞ", "ＩＮＶＯＩＣＥ", "林", "100%", "00000"])
async def test_what_is_searched_is_found_among_what_is_indexed_and_behind_it(
    store: Store, database: Database, text: str
) -> None:
    texts = ("見積書 山田 ヤマダ Invoice 林 100% 00000", "x")
    made = [
        item(accepted_at=float(n), summary=Summary(texts[n not in (3, 60, 199)]), holds=("virus",))
        for n in range(200)
    ]
    await store.put(made, NOW, "sender")
    wanted = [made[n].id for n in (199, 60, 3)]
    for indexed in (64, 64, 64, 0):
        assert [i.id for i in await store.find(Query("default", text=text))] == wanted
        review = Query("default", text=text, review=True, state=(State.HELD,))
        assert [i.id for i in await store.find(review)] == wanted
        assert await text_index.index(database, "default") == indexed


async def test_few_texts_are_read_for_a_word_that_few_have(
    store: Store, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [item(accepted_at=float(n), summary=Summary("龍龘" if n == 3 else "見積")) for n in range(300)]
    await store.put(made, NOW, "sender")
    await index_all(database)
    read: list[str] = []
    among = text_index.among

    def spied(prefix: str, values: list[str]) -> Any:
        read.extend(values if prefix == "one" else [])
        return among(prefix, values)

    monkeypatch.setattr(text_index, "among", spied)
    assert [i.id for i in await store.find(Query("default", text="龍龘"))] == [made[3].id]
    assert set(read) == {made[3].id}
    read.clear()
    assert await store.find(Query("default", text="存在しない")) == []
    assert read == []


async def test_a_block_that_could_not_be_written_is_not_there(
    store: Store, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await store.put(mails(random.Random(9), 64), NOW, "sender")
    whole = text_index._INSERT_PAIR
    monkeypatch.setattr(text_index, "_INSERT_PAIR", "INSERT INTO nothing (a) VALUES (:pair)")
    with pytest.raises(StoreError):
        await text_index.index(database, "default")
    monkeypatch.setattr(text_index, "_INSERT_PAIR", whole)
    assert len(await store.find(Query("default", text="example"))) == 64
    assert await text_index.index(database, "default") == 64
    assert len(await store.find(Query("default", text="example"))) == len(made)


async def test_two_nodes_index_an_item_once(store: Store, database: Database) -> None:
    await store.put(mails(random.Random(9), 100), NOW, "sender")
    done = await asyncio.gather(
        *(text_index.index(database, "default") for _ in range(3)), return_exceptions=True
    )
    # The others found it done while they wrote or, if they came late, took what was left: nobody what was done.
    assert all(isinstance(d, int | text_index.Indexed) for d in done), done
    assert sorted(d for d in done if isinstance(d, int) and d) in ([64], [36, 64])
    while await text_index.index(database, "default"):
        pass
    assert len(await store.find(Query("default", text="example"))) == 100


async def test_statements_go_by_their_indexes(url: str, store: Store) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("the planner of PostgreSQL reads small tables as a whole")

    async def plan(sql: str, **values: object) -> str:
        def operation(transaction: Transaction) -> str:
            return "\n".join(
                row["detail"] for row in transaction.execute("EXPLAIN QUERY PLAN " + sql, values)
            )

        return await store.database.read(operation)

    has = {"has": "search LIKE :word", "where": " AND state = 'held'", "ids": ":id"}
    tail = await plan(text_index._TAIL.format(**has), tenant="default", word="x", limit=1)
    assert "item_unindexed" in tail
    assert "item_unindexed" in await plan(text_index._OLDEST, tenant="default", block=1)
    assert "item_unindexed" in await plan(text_index._WAITING, tenant="default", block=1)
    places = await plan(text_index._PLACES, tenant="default", low=1, high=9, first=1, last=1)
    assert "(tenant=? AND block=? AND pair>? AND pair<?)" in places
    assert "(id=?)" in await plan(text_index._AMONG.format(**has), tenant="default", word="x", id="x")
    assert "(id=?)" in await plan(text_index._INDEXED.format(":id"), tenant="default", id="x")
