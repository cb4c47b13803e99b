"""`sekisho serve`: a node as a process, from its start until somebody asks it to stop; signals, the log, systemd."""

import asyncio
import gc
import signal
from collections.abc import Callable

import structlog
import uvloop

from config.log_events import LogEvent
from config.policy import Policy
from config.settings import Settings
from gateway import log
from gateway.app import Node
from gateway.command.systemd import Systemd, sockets
from gateway.start.ending import Ending


def run(settings: Settings, load: Callable[[], Policy]) -> int:
    """Run a node until SIGTERM or SIGINT; SIGHUP reads certificates, people and policy again. Answers the exit status."""
    return uvloop.run(_run(settings, load))


async def _run(settings: Settings, load: Callable[[], Policy]) -> int:
    ending = Ending()
    systemd = Systemd.of_environment()
    writer = log.configure(settings.log_level, node=settings.node)
    try:
        node = Node(settings, load(), sockets())
        if not await ending.given_up(node.start()):
            try:
                await _serve(node, load, systemd, ending)
            finally:
                systemd.stopping()
                await node.stop()
                structlog.get_logger().info(LogEvent.STOPPED)
    finally:
        writer.close()
    return 0


async def _serve(node: Node, load: Callable[[], Policy], systemd: Systemd, ending: Ending) -> None:
    """Until somebody asks for the end."""
    gc.collect()
    gc.freeze()  # what is loaded now stays: no collection need look at it again: a full one takes 0.2 s

    async def reload() -> None:
        systemd.reloading()
        await node.reload(load)
        systemd.ready()

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, lambda: node.background(reload()))
    addresses = {name: f"{host}:{port}" for name, (host, port) in node.addresses.items()}
    structlog.get_logger().info(LogEvent.READY, addresses=addresses)
    systemd.ready()
    node.background(systemd.keep_telling())
    await node.run(ending.asked)
