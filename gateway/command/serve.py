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


def run(settings: Settings, load: Callable[[], Policy]) -> int:
    """Run a node until SIGTERM or SIGINT; SIGHUP reads certificates, people and policy again. Answers the exit status."""
    return uvloop.run(_run(settings, load))


async def _run(settings: Settings, load: Callable[[], Policy]) -> int:
    systemd = Systemd.of_environment()
    writer = log.configure(settings.log_level, node=settings.node)
    node = Node(settings, load(), sockets())
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await node.start()
    gc.collect()
    gc.freeze()  # what is loaded now stays: no collection need look at it again: a full one takes 0.2 s

    async def reload() -> None:
        systemd.reloading()
        await node.reload(load)
        systemd.ready()

    loop.add_signal_handler(signal.SIGHUP, lambda: node.background(reload()))
    addresses = {name: f"{host}:{port}" for name, (host, port) in node.addresses.items()}
    structlog.get_logger().info(LogEvent.READY, addresses=addresses)
    systemd.ready()
    node.background(systemd.keep_telling())
    try:
        await node.run(stop)
    finally:
        systemd.stopping()
        await node.stop()
        structlog.get_logger().info(LogEvent.STOPPED)
        writer.close()
    return 0
