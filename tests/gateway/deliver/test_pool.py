"""The pool: connections are bounded in all and per client, and nobody waits for one that is not used."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.deliver.pool import ConnectionPool, PoolLimits


def entering(pool: ConnectionPool, client: str, seconds: float = 5) -> asyncio.Task[bool]:
    return asyncio.ensure_future(pool.enter(client, seconds))


async def settled(*tasks: asyncio.Task[bool]) -> list[bool]:
    """Which of them are through."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return [task.done() and task.result() for task in tasks]


async def test_no_more_than_connections_at_once() -> None:
    pool = ConnectionPool(PoolLimits(connections=2))
    assert await pool.enter("", 1)
    assert await pool.enter("", 1)
    assert not await pool.enter("", 0.01)
    third = entering(pool, "")
    assert await settled(third) == [False]
    pool.leave("", None)
    assert await settled(third) == [True]


async def test_a_client_has_its_share_and_no_more() -> None:
    pool = ConnectionPool(PoolLimits(connections=4, per_client=2))
    greedy = [entering(pool, "greedy") for _ in range(4)]
    assert await settled(*greedy) == [True, True, False, False]
    others = [entering(pool, "honest"), entering(pool, "")]
    assert await settled(*others) == [True, True]
    pool.leave("", None)
    assert await settled(*greedy) == [True, True, False, False], "a free connection is not theirs"
    pool.leave("greedy", None)
    assert await settled(*greedy) == [True, True, True, False]
    greedy[3].cancel()


async def test_who_uses_least_is_served_first_and_of_equals_who_came_first() -> None:
    pool = ConnectionPool(PoolLimits(connections=2, per_client=2))
    assert await pool.enter("a", 1)
    assert await pool.enter("a", 1)
    waiting = [entering(pool, client) for client in ("a", "b", "c")]
    await settled(*waiting)
    pool.leave("a", None)
    assert await settled(*waiting) == [False, True, False]
    pool.leave("a", None)
    assert await settled(*waiting) == [True, True, False]
    waiting[2].cancel()


async def test_what_is_lent_is_called_in_when_somebody_waits() -> None:
    pool = ConnectionPool(PoolLimits(connections=3))
    called: list[str] = []

    def holder(name: str, client: str) -> Callable[[], None]:
        def call_in() -> None:
            called.append(name)
            pool.leave(client, None)

        return call_in

    for name, client in (("1", "few"), ("2", "many"), ("3", "many")):
        assert await pool.enter(client, 1)
        pool.lend(client, holder(name, client))
    assert await pool.enter("new", 1)
    assert called == ["2"], "of the client that has most, what was lent first"
    assert await pool.enter("new", 1)
    assert called == ["2", "1"] or called == ["2", "3"]


async def test_a_client_with_its_share_loses_what_it_does_not_use() -> None:
    pool = ConnectionPool(PoolLimits(connections=10, per_client=1))
    called: list[str] = []

    def call_in() -> None:
        called.append("own")
        pool.leave("a", None)

    assert await pool.enter("b", 1)
    pool.lend("b", lambda: called.append("another's"))
    assert await pool.enter("a", 1)
    pool.lend("a", call_in)
    assert await pool.enter("a", 1)
    assert called == ["own"]


async def test_a_cancelled_wait_leaks_nothing() -> None:
    pool = ConnectionPool(PoolLimits(connections=1))
    assert await pool.enter("", 1)
    waiting = entering(pool, "")
    await settled(waiting)
    pool.leave("", None)  # it is its turn, and at the same moment it goes
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await pool.enter("", 0.01)


async def test_who_was_cancelled_and_has_not_noticed_yet_is_given_nothing() -> None:
    pool = ConnectionPool(PoolLimits(connections=1))
    assert await pool.enter("", 1)
    waiting = entering(pool, "")
    await settled(waiting)
    waiting.cancel()
    pool.leave("", None)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await pool.enter("", 0.01)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=60),
    st.integers(1, 5),
    st.integers(1, 5),
)
def test_the_books_balance(steps: list[tuple[str, bool]], connections: int, share: int) -> None:
    """Whatever the order: never above a limit, nobody waits who could be served, and at the end all is free."""

    async def play() -> None:
        pool = ConnectionPool(PoolLimits(connections=connections, per_client=share))
        inside: list[str] = []
        waiting: list[tuple[str, asyncio.Task[bool]]] = []

        async def look() -> None:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            for entry in [e for e in waiting if e[1].done()]:
                waiting.remove(entry)
                assert entry[1].result()
                inside.append(entry[0])
            assert len(inside) <= connections
            assert all(inside.count(c) <= share for c in "abc")
            assert len(inside) == connections or all(inside.count(c) == share for c, _ in waiting)

        for client, comes in steps:
            if comes or not inside:
                waiting.append((client, entering(pool, client, 60)))
            else:
                pool.leave(inside.pop(0), None)
            await look()
        while inside:
            pool.leave(inside.pop(), None)
            await look()
        assert not waiting

    asyncio.run(play())
