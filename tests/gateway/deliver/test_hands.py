"""Mail that leaves at once is leased in the transaction that takes it, while the dispatcher keeps a hand free for it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.deliver.courier import AttemptOutcome
from gateway.deliver.dispatcher import Dispatcher
from gateway.deliver.next_hop import NextHop
from mail.envelope import Envelope
from mail.reply import Reply
from quarantine.item import Item, State, Status
from quarantine.store import Query
from storage.interfaces import Unknown
from tests.gateway.deliver.test_dispatcher import World, hop
from tests.quarantine.items import settle_in
from tests.services.sink import Sink


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    opened = World(tmp_path)
    await settle_in(opened.database)
    yield opened
    await opened.close()


async def at_rest(dispatcher: Dispatcher) -> None:
    """Wait until it has looked for what waits, and has found nothing."""
    async with asyncio.timeout(10):
        while dispatcher._waiting:
            await asyncio.sleep(0.01)


async def test_it_is_written_twice_before_and_behind_the_delivery(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        async with world.running(poll=60.0) as dispatcher:
            await at_rest(dispatcher)
            writes, write = [], world.database.write

            async def counted(operation: Any) -> Any:
                writes.append(operation)
                return await write(operation)

            monkeypatch.setattr(world.database, "write", counted)
            item = await world.accept("a@there.example")
            await world.until(item, State.DONE)
            assert len(writes) == 2
        assert await world.events(item) == ["accept", "lease", "finish"]
        assert len(sink.mails) == 1


async def test_none_goes_before_those_that_wait(world: World) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        async with world.running(poll=60.0, in_hand=1, per_hop=1) as dispatcher:
            await at_rest(dispatcher)
            items = [await world.accept(f"a{n}@there.example") for n in range(6)]
            for item in items:
                await world.until(item, State.DONE)
    assert [mail.recipients for mail in sink.mails] == [[b"a%d@there.example" % n] for n in range(6)]


async def test_what_was_not_heard_of_is_given_back_and_delivered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store commits and does not say so: the sender hears 451, and what is there must not wait for its lease."""
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        async with world.running(poll=60.0) as dispatcher:
            await at_rest(dispatcher)
            write, failures = world.database.write, iter([Unknown("no answer")])

            async def unheard(operation: Any) -> Any:
                done = await write(operation)
                for failure in failures:
                    raise failure
                return done

            monkeypatch.setattr(world.database, "write", unheard)
            with pytest.raises(Unknown):
                await world.accept("a@there.example")
            (item,) = await world.store.find(Query("default"))
            await world.until(item, State.DONE)
        assert await world.events(item) == ["accept", "lease", "lapse", "lease", "finish"]
        assert len(sink.mails) == 1


async def test_stop_waits_for_what_is_being_taken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        async with world.running(poll=60.0) as dispatcher:
            await at_rest(dispatcher)
            taken, writing = await slowly(world, monkeypatch, "a@there.example")
            stopped = asyncio.ensure_future(dispatcher.stop())
            await asyncio.sleep(0)
            assert world.store.reserve(1) == []
            taken.set()
            item = await writing
            await stopped
            assert (await world.store.get(item.id, "default")).state is State.DONE


async def test_a_lease_that_comes_behind_the_end_is_given_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Sink() as sink:
        world.routes["there.example"] = hop(sink)
        async with world.running(poll=60.0) as dispatcher:
            await at_rest(dispatcher)
            taken, writing = await slowly(world, monkeypatch, "a@there.example")
            await dispatcher.stop(grace=0.01)
            taken.set()
            item = await writing
        assert (await world.store.get(item.id, "default")).state is State.QUEUED
        assert await world.events(item) == ["accept", "lease", "lapse"]
        assert not sink.mails


async def slowly(
    world: World, monkeypatch: pytest.MonkeyPatch, address: str
) -> tuple[asyncio.Event, asyncio.Task[Item]]:
    """Take a mail whose commit ends when the event is set; a hand is kept for it already."""
    write, begun, taken = world.database.write, asyncio.Event(), asyncio.Event()

    async def slow(operation: Any) -> Any:
        done = await write(operation)
        begun.set()
        await taken.wait()
        return done

    monkeypatch.setattr(world.database, "write", slow)
    writing = asyncio.ensure_future(world.accept(address))
    await begun.wait()
    return taken, writing


class OneByOne:
    """Delivers at once, but to one next hop only as many as the test lets pass."""

    hostname = "gw.example"

    def __init__(self, slow: NextHop) -> None:
        self.slow = slow
        self.passing = asyncio.Semaphore(0)
        self.gone: list[str] = []

    async def deliver(
        self, hop: NextHop, envelope: Envelope, content: object, left: float
    ) -> list[AttemptOutcome]:
        if hop == self.slow:
            await self.passing.acquire()
        self.gone += [path.address for path in envelope.forward_paths]
        return [
            AttemptOutcome(n, Status.DELIVERED, Reply(250, "OK"))
            for n, _ in enumerate(envelope.forward_paths)
        ]


async def test_mail_that_leaves_at_once_passes_what_a_slow_next_hop_keeps_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds of holds due in one second, to a next hop that takes them one by one: what comes meanwhile for another is
    gone although not one of them is; what comes for the same goes behind them."""
    slow = NextHop(host="slow.example")
    courier = OneByOne(slow)
    world.routes.update({"partner.example": slow, "corp.example": NextHop(host="quick.example")})
    held = [await world.accept(f"held{n}@partner.example", delay=60) for n in range(60)]
    monkeypatch.setattr(world, "courier", courier)
    async with world.running(in_hand=20, per_hop=5) as dispatcher:
        await at_rest(dispatcher)
        world.clock.now += 60
        dispatcher.wake()
        async with asyncio.timeout(10):
            while dispatcher.in_hand < 15:
                await asyncio.sleep(0.01)
        late = [await world.accept(f"late{n}@partner.example") for n in range(10)]
        for number in range(20):  # more than there are hands
            await world.until(await world.accept(f"new{number}@corp.example"), State.DONE)
        assert courier.gone == [f"new{n}@corp.example" for n in range(20)]
        for _ in (*held, *late):
            courier.passing.release()
        for item in (*held, *late):
            await world.until(item, State.DONE)
    behind = courier.gone[20:]
    assert max(behind.index(f"held{n}@partner.example") for n in range(60)) < 65
    assert min(behind.index(f"late{n}@partner.example") for n in range(10)) >= 55
