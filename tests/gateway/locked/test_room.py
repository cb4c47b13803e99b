"""Large mails wait for room; small ones never do."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from gateway.locked import room
from gateway.locked.room import LARGE, Room

MB = 1 << 20
PATIENCE = 60.0


class Held:
    """Mails of these sizes that want a place, in order."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._stacks: dict[int, AsyncExitStack] = {}
        self._tasks: list[asyncio.Future[None]] = []

    async def come(self, *sizes: int) -> None:
        for size in sizes:
            self._tasks.append(asyncio.ensure_future(self._take(len(self._tasks), size)))
        await self._settled()

    async def _take(self, number: int, size: int) -> None:
        stack = AsyncExitStack()
        await stack.enter_async_context(self._room.place(size, PATIENCE))
        self._stacks[number] = stack

    async def go(self, number: int) -> None:
        await self._stacks.pop(number).aclose()
        await self._settled()

    async def give_up(self, number: int) -> None:
        self._tasks[number].cancel()
        await self._settled()

    async def _settled(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    @property
    def examined(self) -> list[int]:
        return sorted(self._stacks)


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "TURN", 1000.0)


async def test_so_many_bytes_at_once_and_the_others_in_order(turn: None) -> None:
    held = Held(Room(12 * MB))
    await held.come(5 * MB, 5 * MB, 5 * MB, 2 * MB)
    assert held.examined == [0, 1]  # the last one would fit, but is not preferred
    await held.go(0)
    assert held.examined == [1, 2, 3]
    await held.go(1)
    await held.go(2)
    await held.go(3)
    await held.come(6 * MB, 6 * MB)
    assert held.examined == [4, 5]


async def test_small_mails_never_wait(turn: None) -> None:
    held = Held(Room(2 * MB))
    await held.come(9 * MB, 9 * MB, 9 * MB, LARGE - 1, LARGE - 1, LARGE - 1)
    assert held.examined == [0, 1, 3, 4, 5]


async def test_two_go_at_once_however_large(turn: None) -> None:
    held = Held(Room(12 * MB))
    await held.come(50 * MB, 50 * MB, LARGE)
    assert held.examined == [0, 1]
    await held.go(1)
    assert held.examined == [0, 2]


async def test_who_gives_up_stands_in_nobodys_way(turn: None) -> None:
    held = Held(Room(4 * MB))
    await held.come(2 * MB, 2 * MB, 2 * MB, 1 * MB)
    await held.give_up(2)
    assert held.examined == [0, 1]
    await held.go(0)
    assert held.examined == [1, 3]
    await held.go(1)
    await held.go(3)
    await held.come(2 * MB, 2 * MB)
    assert held.examined == [4, 5]


async def test_a_place_in_time_or_none(turn: None) -> None:
    large = Room(2 * MB)
    async with large.place(MB, PATIENCE), large.place(MB, PATIENCE):
        with pytest.raises(TimeoutError):
            async with large.place(MB, 0):
                raise AssertionError
    async with large.place(MB, 0), large.place(MB, 0):
        pass


async def test_who_takes_long_lets_the_next_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "TURN", 0.0)
    large = Room(2 * MB)
    async with large.place(MB, PATIENCE), large.place(MB, PATIENCE), large.place(MB, PATIENCE):
        pass
    monkeypatch.setattr(room, "TURN", 1000.0)
    held = Held(large)
    await held.come(MB, MB, MB)
    assert held.examined == [0, 1]  # what was given back early is not given back twice
