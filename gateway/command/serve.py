"""`sekisho serve`: a node as a process, or as one of several, from its start until somebody asks it to stop; signals,
the log, systemd."""

import asyncio
import signal
from pathlib import Path

import structlog
import uvloop

from config.log_events import LogEvent
from gateway import log
from gateway.app import Node
from gateway.command.lifeline import Lifeline
from gateway.command.processes import Processes
from gateway.command.systemd import Systemd, sockets
from gateway.locked import heap
from gateway.start.configuration import Configuration
from gateway.start.cores import processes_of
from gateway.start.ending import Ending
from gateway.start.seat import Seat


def run(path: Path | None, configuration: Configuration) -> int:
    """Run a node until SIGTERM or SIGINT; SIGHUP reads certificates, people and policy again. Answers the exit status.

    `path` is where the configuration was read, and is again.
    """
    heap.bounded()
    seat, line = Seat(), None
    if (number := processes_of(configuration.settings)) > 1:
        found = Processes(configuration.settings, configuration.policies, number).run()
        if isinstance(found, int):
            return found
        seat, line = found
    return uvloop.run(_run(path, configuration, seat, line))


async def _run(path: Path | None, configuration: Configuration, seat: Seat, line: Lifeline | None) -> int:
    ending = Ending()
    if line is not None:
        line.watch(ending.ask)
    listening = line or Systemd.of_environment()
    settings = configuration.settings
    writer = log.configure(
        settings.log_level, node=seat.name(settings.node), section=settings.log, hostname=settings.hostname
    )
    try:
        node = Node(
            settings,
            seat.policy or configuration.policies,
            sockets(),
            seat=seat,
            written=configuration.written,
        )
        if not await ending.given_up(node.start()):
            try:
                if configuration.doubts and seat.first:
                    structlog.get_logger().warning(
                        LogEvent.CONFIGURATION_DOUBTED, doubts=configuration.doubts
                    )
                await _serve(node, path, listening, ending)
            finally:
                listening.stopping()
                await node.stop()
                structlog.get_logger().info(LogEvent.STOPPED)
    finally:
        writer.close()
    return 0


async def _serve(node: Node, path: Path | None, listening: Systemd | Lifeline, ending: Ending) -> None:
    """Until somebody asks for the end."""
    heap.settle()

    async def reload() -> None:
        listening.reloading()
        await _reload(node, await asyncio.to_thread(Configuration, path))
        listening.ready()

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, lambda: node.background(reload()))
    addresses = {name: f"{host}:{port}" for name, (host, port) in node.addresses.items()}
    structlog.get_logger().info(LogEvent.READY, addresses=addresses)
    listening.ready()
    node.background(listening.keep_telling())
    await node.run(ending.asked)


async def _reload(node: Node, again: Configuration) -> None:
    """Take what may change while a node runs, and say what waits for the next start, or would keep it from starting."""
    logger = structlog.get_logger()
    if not node.seat.first:  # the first one says that for all
        return await node.reload(again.policies_alone, written=again.written)
    if again.of_settings or again.together:
        logger.error(LogEvent.CONFIGURATION_REFUSED, problems=[*again.of_settings, *again.together])
    running, written = node.settings, again.settings
    changed = [
        name for name in type(written).model_fields if getattr(running, name) != getattr(written, name)
    ]
    if changed and not again.of_settings:
        logger.warning(LogEvent.SETTINGS_WAIT, settings=changed)
    return await node.reload(again.policies_alone, again.of_people, again.written)
