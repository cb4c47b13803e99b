"""Every socket of a node, opened before anything else of it: a port that is taken shows before a lease is touched.

They listen at once, so that nobody else can take them meanwhile; who connects waits until the node answers.
"""

import os
import socket
from collections.abc import Mapping, Sequence

from config.policy import ConfigError
from config.settings import Settings
from gateway.from_settings import listener_of
from gateway.listen.server import opened
from gateway.web.address import ConsoleAddress


class Sockets:
    """The console's, and those of each listener by its name."""

    def __init__(self, settings: Settings, handed: Mapping[str, Sequence[socket.socket]]) -> None:
        """`handed`: listening sockets that somebody opened for us, by listener; the others open their own.

        Raises ConfigError with all that cannot be had; what was opened is closed again.
        """
        self.of_listener: dict[str, list[socket.socket]] = {}
        problems = []
        for section in settings.listeners:
            try:
                theirs = handed.get(section.name) or opened(listener_of(section, settings, ""))
                self.of_listener[section.name] = list(theirs)
            except OSError as error:
                where = f"{section.host}:{section.port} ({_reason(error)})"
                problems.append(f"listener {section.name}: cannot listen on {where}")
        try:
            self.console = ConsoleAddress(settings.console)
        except ConfigError as error:
            problems += error.problems
        if problems:
            self.close()
            raise ConfigError(problems)

    def close(self) -> None:
        """Idempotent; also after somebody has answered through them."""
        for each in (s for listening in self.of_listener.values() for s in listening):
            each.close()
        if hasattr(self, "console"):
            self.console.close()


def _reason(error: OSError) -> str:
    """What the system says, without what Python adds to it; failed look-ups of names have numbers below 0."""
    number = error.errno or 0
    return os.strerror(number) if number > 0 else str(error.strerror or error)
