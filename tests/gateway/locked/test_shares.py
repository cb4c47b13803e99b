"""One client's share of the examining: turns at a time, seconds within a minute. A clock of the test's own."""

import asyncio

import pytest

from filters.facts import Origin
from gateway.locked.shares import Overdrawn, Shares
from mail.networks import Networks
from storage.tally import Tally

STRANGER = "192.0.2.1"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def made(turns: int = 2, seconds: float = 60.0, tally: Tally | None = None) -> tuple[Shares, Clock]:
    clock = Clock()
    return Shares(turns, seconds, Networks(("127.0.0.0/8",)), clock, tally), clock


async def may(of: Shares, client: str) -> bool:
    try:
        async with of.turn(client, 10.0):
            return True
    except Overdrawn:
        return False


def test_a_client_is_an_account_or_a_network() -> None:
    of, _ = made()
    assert of.client(Origin("inbound", STRANGER)) == STRANGER
    assert of.client(Origin("inbound", "2001:db8::1")) == of.client(Origin("inbound", "2001:db8::ffff:2"))
    assert of.client(Origin("inbound", "127.0.0.9")) == ""
    at_home = of.client(Origin("submission", "127.0.0.9", login="taro"))
    assert at_home == of.client(Origin("submission", STRANGER, login="taro"))
    assert at_home != of.client(Origin("submission", STRANGER, login="taro", tenant="other"))


async def test_what_was_spent_comes_back_within_a_minute() -> None:
    of, clock = made(seconds=60.0)
    of.spend(STRANGER, 59.9)
    assert await may(of, STRANGER)
    of.spend(STRANGER, 10.0)
    assert of.left(STRANGER) == pytest.approx(-9.9)
    assert not await may(of, STRANGER)
    assert await may(of, "192.0.2.2")
    clock.now += 9.9
    assert not await may(of, STRANGER)
    clock.now += 0.2
    assert await may(of, STRANGER)
    clock.now += 3_600
    assert of.left(STRANGER) == 60.0


async def test_without_a_bound_and_for_nobody_nothing_is_counted() -> None:
    of, _ = made(seconds=0)
    of.spend(STRANGER, 1e6)
    assert await may(of, STRANGER)
    of, _ = made()
    of.spend("", 1e6)
    assert await may(of, "")


async def test_turns_are_for_each_client_and_nothing_is_left_of_them() -> None:
    of, _ = made(turns=2)
    inside: list[str] = []
    go = asyncio.Event()

    async def one(client: str) -> None:
        async with of.turn(client, 60.0):
            inside.append(client)
            await go.wait()

    async with asyncio.TaskGroup() as group:
        for client in [STRANGER] * 5 + ["192.0.2.2", ""]:
            group.create_task(one(client))
        for _ in range(10):
            await asyncio.sleep(0)
        assert sorted(inside) == ["", STRANGER, STRANGER, "192.0.2.2"]
        go.set()
    assert len(inside) == 7
    assert not of._queues


async def test_who_waits_is_refused_when_those_before_have_spent_it_all() -> None:
    of, _ = made(turns=1)
    async with of.turn(STRANGER, 60.0):
        waiting = asyncio.ensure_future(may(of, STRANGER))
        await asyncio.sleep(0)
        of.spend(STRANGER, 61.0)
    assert not await waiting
    assert not of._queues


async def test_nobody_waits_for_ever() -> None:
    of, _ = made(turns=1)
    async with of.turn(STRANGER, 60.0):
        with pytest.raises(TimeoutError) as raised:
            async with of.turn(STRANGER, 0.0):
                raise AssertionError
        assert not isinstance(raised.value, Overdrawn)
    assert await may(of, STRANGER)


def test_only_so_many_clients_are_remembered() -> None:
    of, _ = made(tally=Tally(most=3))
    for number in (1, 2, 3, 1, 4):
        of.spend(f"192.0.2.{number}", 100.0)
    assert [of.left(f"192.0.2.{number}") < 0 for number in (1, 2, 3, 4)] == [True, False, True, True]
