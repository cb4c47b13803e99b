"""The line between a process of a node and its parent."""

import asyncio
import socket
from contextlib import suppress

from gateway.command.lifeline import ALIVE, READY, Lifeline


async def test_it_says_that_it_is_ready_and_alive_and_hears_the_end() -> None:
    ours, theirs = socket.socketpair()
    line, gone = Lifeline(theirs), asyncio.Event()
    line.watch(gone.set)
    line.ready()
    line.reloading()
    line.stopping()
    telling = asyncio.ensure_future(line.keep_telling())
    await asyncio.sleep(0)
    assert ours.recv(10) == READY + ALIVE
    assert not gone.is_set()
    ours.close()
    await asyncio.wait_for(gone.wait(), 60)
    line.ready()  # nobody hears it
    telling.cancel()
    with suppress(asyncio.CancelledError):
        await telling
