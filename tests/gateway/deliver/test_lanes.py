"""How many deliveries go to each next hop, and that one which is slow keeps nobody else's mail waiting."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import pytest

from gateway.deliver import retry
from gateway.deliver.courier import BUSY, AttemptOutcome
from gateway.deliver.lanes import Lane
from gateway.deliver.next_hop import NextHop, Timeouts
from gateway.deliver.outcomes import local
from gateway.deliver.settings import Dispatch
from mail.reply import Reply
from quarantine.item import Item, State, Status
from tests.gateway.deliver.test_dispatcher import QUICK, World, hop
from tests.quarantine.items import settle_in
from tests.services.sink import Act, Sink

TAKEN = AttemptOutcome(0, Status.DELIVERED, Reply(250, "taken", 0, 0))
WAIT = AttemptOutcome(0, Status.DEFERRED, Reply(451, "later", 3, 0))
GONE = local(0, Reply(451, "gone", 4, 1))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    opened = World(tmp_path)
    await settle_in(opened.database)
    yield opened
    await opened.close()


def slow(sink: Sink) -> NextHop:
    """Each delivery there takes three seconds, and comes to nothing."""
    return msgspec.structs.replace(hop(sink), timeouts=msgspec.structs.replace(QUICK, final=3.0))


async def all_done(world: World, items: Sequence[Item]) -> None:
    for item in items:
        await world.until(item, State.DONE)


async def test_mail_behind_a_hundred_for_a_host_that_hangs_leaves_at_once(world: World) -> None:
    async with Sink({"DOT": Act.HANG}) as hanging, Sink() as quick:
        world.routes |= {"slow.example": slow(hanging), "quick.example": hop(quick)}
        for number in range(120):
            await world.accept(f"a{number}@slow.example")
        items = [await world.accept(f"b{number}@quick.example") for number in range(30)]
        async with world.running(in_hand=40, concurrency=10, per_hop=5):
            await all_done(world, items)
            assert hanging.hung <= 10, "it had to wait for more than those that were begun before"


async def test_mail_that_comes_while_a_host_hangs_leaves_at_once(world: World) -> None:
    """As it comes: those for the host that hangs leave hands free."""
    async with Sink({"DOT": Act.HANG}) as hanging, Sink() as quick:
        world.routes |= {"slow.example": slow(hanging), "quick.example": hop(quick)}
        async with world.running(in_hand=40, concurrency=10, per_hop=5) as dispatcher:
            for number in range(60):
                await world.accept(f"a{number}@slow.example")
            assert dispatcher.in_hand < 40
            await all_done(world, [await world.accept(f"b{number}@quick.example") for number in range(10)])
            assert hanging.hung <= 10


async def test_many_hosts_that_hang_leave_a_place_for_one_more(world: World) -> None:
    async with Sink({"DOT": Act.HANG}) as hanging, Sink() as quick:
        for number in range(8):
            there = msgspec.structs.replace(slow(hanging), server_name=f"h{number}")
            world.routes[f"slow{number}.example"] = there
            for each in range(12):
                await world.accept(f"a{each}@slow{number}.example")
        world.routes["quick.example"] = hop(quick)
        items = [await world.accept(f"b{number}@quick.example") for number in range(6)]
        async with world.running(in_hand=40, concurrency=10, per_hop=5):
            await all_done(world, items)
            assert hanging.hung <= 8 * 5


async def test_a_host_gets_as_many_at_a_time_as_it_is_said_to(world: World) -> None:
    async with Sink({"DOT": Act.HANG}) as hanging:
        there = msgspec.structs.replace(slow(hanging), deliveries=3)
        world.routes["there.example"] = there
        for number in range(12):
            await world.accept(f"a{number}@there.example")
        async with world.running():
            async with asyncio.timeout(10):
                while hanging.hung < 3:
                    await asyncio.sleep(0.01)
            await asyncio.sleep(0.3)
            assert hanging.hung == hanging.connections == 3


async def test_deliveries_begin_spread_over_the_minute() -> None:
    lane, loop = Lane(5, 600, asyncio.Semaphore(50)), asyncio.get_running_loop()
    began = loop.time()

    async def deliver() -> float:
        async with lane.turn(loop.time() + 30):
            return loop.time() - began

    times = sorted(await asyncio.gather(*(deliver() for _ in range(6))))
    assert all(time >= number * 0.1 - 0.001 for number, time in enumerate(times)), times
    assert lane.most(Dispatch(), 100) == 15
    assert Lane(5, 1, asyncio.Semaphore(50)).most(Dispatch(), 100) == 7, (
        "what does not leave within its lease"
    )


async def test_a_turn_that_does_not_come_in_time_leaves_no_trace() -> None:
    lane, loop = Lane(1, 0, asyncio.Semaphore(1)), asyncio.get_running_loop()
    async with lane.turn(loop.time() + 30):
        with pytest.raises(TimeoutError):
            async with lane.turn(loop.time() + 0.05):
                pass
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await _turn(lane)
        assert lane.full
    assert await _turn(lane) == 1
    assert lane.going == 0


async def _turn(lane: Lane) -> int:
    async with lane.turn(asyncio.get_running_loop().time() + 30):
        return lane.going


def test_a_host_that_says_later_gets_half_and_wins_it_back_one_by_one() -> None:
    lane = Lane(8, 0, asyncio.Semaphore(50))
    widths = []
    for outcomes in ([WAIT], [WAIT], [WAIT], [WAIT]):
        lane.learn(outcomes, 0.0, 30.0)
        widths.append(int(lane.open))
    assert widths == [4, 2, 1, 1]
    for _ in range(40):
        lane.learn([TAKEN], 0.0, 30.0)
    assert lane.open == 8
    lane.learn([TAKEN, WAIT], 0.0, 30.0)
    assert lane.open == 8, "one recipient's mailbox says nothing about the host"
    lane.learn([GONE], 5.0, 30.0)
    assert (lane.closed_at, lane.closed_until, lane.open) == (5.0, 35.0, 8)
    lane.learn([local(0, BUSY)], 6.0, 30.0)
    assert lane.closed_until == 35.0
    lane.learn([TAKEN], 7.0, 30.0)
    assert lane.closed_until == 0.0


@pytest.mark.parametrize(
    "number", [120, pytest.param(2_000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
async def test_a_queue_behind_a_host_that_was_away_drains_without_a_herd(number: int, world: World) -> None:
    """All of it when the host is back, over no more connections than deliveries (O05)."""
    async with Sink() as gone:
        there = msgspec.structs.replace(
            hop(gone), timeouts=Timeouts(connect=30, command=30, block=30, final=30)
        )
    world.routes["there.example"] = there
    items = [await world.accept(f"a{each}@there.example") for each in range(number)]
    async with world.running(cool=3600) as dispatcher:
        for item in items:
            await world.attempted(item)
        async with Sink(port=there.port) as back:
            async with asyncio.timeout(550):
                while len(back.mails) < number:
                    for lane in dispatcher._lanes._lanes.values():
                        lane.closed_until = 0.0
                    if not dispatcher.in_hand:
                        world.clock.now += retry.LONGEST * 2
                    dispatcher.wake()
                    await asyncio.sleep(0.05)
            assert len(back.mails) == number
            assert len({one.recipients[0] for one in back.mails}) == number
            assert back.connections <= Dispatch().per_hop + number / 100
