"""The console as a process of its own: `python -I -m gateway.web.process CHANNEL SOCKET PARENT`.

It has the descriptors of its channel to the service and of the listening socket. Everything it needs is loaded, then the
walls go up, and only then it accepts: no file, no connection to anywhere, no other program. What it knows it has asked
in the name of a session. When the node goes, it goes.

Diagnostics: what goes wrong before the walls goes to standard error with the exit status; the node starts it again.
"""

import asyncio
import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import msgspec

from config.console import ConsoleSection
from console.app import create_app, warm
from console.context import Context
from gateway import log
from gateway.locked import probes, sandbox
from gateway.service.asking import Remote, ServiceLine
from gateway.web.address import descriptors
from gateway.web.server import ConsoleServer
from gateway.web.setup import received
from quarantine.service.service import Service

SPARE = 32
"""Descriptors besides those of the visitors' connections."""


def main() -> None:
    """Until SIGTERM, or until the node is gone."""
    channel, listening = (socket.socket(fileno=int(number)) for number in sys.argv[1:3])
    sandbox.die_with_parent(int(sys.argv[3]))
    setup = received(channel)
    section = ConsoleSection.model_validate(setup.section)
    warm(section.timezone, *setup.zones.values())
    loop = asyncio.new_event_loop()  # its descriptors cannot be made behind the walls
    loop.set_default_executor(
        ThreadPoolExecutor()
    )  # nor the processors be counted, as Python 3.13 does for it
    asking = _Asking()
    context = Context(
        asking.services, base_url=section.base_url, margin=setup.margin, timezone=section.timezone,
        reports=setup.reports, keep_days=setup.keep_days, language=setup.language, zones=setup.zones, doors=setup.doors,
    )  # fmt: skip
    server = ConsoleServer(section, listening, create_app(context))
    loop.add_signal_handler(signal.SIGTERM, server.stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # from a terminal: the node says when
    sandbox.limit_serving(descriptors(section.limits) + SPARE)
    if setup.walls:
        sandbox.lock(setup.walls, serving=True)
    writer = log.configure(setup.log_level, node=setup.node)
    try:
        if setup.bait:
            channel.sendall(msgspec.msgpack.encode(probes.attempt(setup.bait)))
        else:
            loop.run_until_complete(_serve(channel, asking, server))
    finally:
        writer.close()
        sys.stderr.flush()
        os._exit(0)


class _Asking:
    """The way to the service, once the loop runs."""

    line: ServiceLine

    def services(self, token: str) -> Service:
        return cast(Service, Remote(self.line, token))


async def _serve(channel: socket.socket, asking: _Asking, server: ConsoleServer) -> None:
    asking.line = ServiceLine(*await asyncio.open_unix_connection(sock=channel), Service)
    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(asking.line.run())
        reading.add_done_callback(lambda _: server.stop())  # the node is gone
        await server.serve()
        reading.cancel()


if __name__ == "__main__":
    main()
