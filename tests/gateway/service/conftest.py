"""A service over a pair of sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from gateway.service import wire
from gateway.service.asking import Remote, ServiceLine
from gateway.service.serving import Answering
from gateway.service.wire import Malformed, Method
from tests.console.conftest import full, place

__all__ = ["full", "joined", "place"]


@asynccontextmanager
async def joined(
    service: type,
    offer: Callable[[str], object],
    *,
    seconds: float = 30.0,
    patience: float = 30.0,
    beat: float = wire.BEAT,
) -> AsyncIterator[Callable[[str], Remote]]:
    """Both ends, as they are in two processes."""
    ours, theirs = socket.socketpair()
    methods: Mapping[str, Method] = wire.methods(service)
    connection = Answering(
        *await asyncio.open_unix_connection(sock=ours), offer, methods, seconds=seconds, beat=beat
    )
    line = ServiceLine(*await asyncio.open_unix_connection(sock=theirs), service, seconds=patience, beat=beat)
    tasks = [asyncio.ensure_future(connection.serve()), asyncio.ensure_future(line.run())]
    try:
        yield lambda token: Remote(line, token)
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError, Malformed):
                await task
