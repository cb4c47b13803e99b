"""Every socket of a node, opened before anything else of it: a port that is taken shows before a lease is touched.

They listen at once, so that nobody else can take them meanwhile; who connects waits until the node answers.
"""

import os
import socket
from collections.abc import Mapping, Sequence
from copy import copy

import msgspec

from config.policy import ConfigError
from config.settings import Settings
from gateway.from_settings import listener_of
from gateway.listen.server import beside, opened
from gateway.listen.settings import BACKLOG, ListenerSettings
from gateway.web.address import ConsoleAddress


class Sockets:
    """The console's, and those of each listener by its name."""

    def __init__(
        self, settings: Settings, handed: Mapping[str, Sequence[socket.socket]], *, several: bool = False
    ) -> None:
        """`handed`: listening sockets that somebody opened for us, by listener; the others open their own, with
        SO_REUSEPORT where there will be `several` processes.

        Raises ConfigError with all that cannot be had; what was opened is closed again.
        """
        self.of_listener: dict[str, list[socket.socket]] = {}
        problems = []
        for section in settings.listeners:
            try:
                theirs = handed.get(section.name) or _opened(listener_of(section, settings, ""), several)
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

    def beside(self) -> "Sockets":
        """Those of another process of the node: at the same addresses, each with a queue of its own where we opened the
        first; what somebody opened for us all have together, and so the console's. Raises OSError."""
        theirs = copy(self)
        theirs.of_listener = {}
        for name, listening in self.of_listener.items():
            theirs.of_listener[name] = [_another(each) for each in listening]
        return theirs

    def leave(self) -> None:
        """Close those of the listeners. Idempotent."""
        for each in (s for listening in self.of_listener.values() for s in listening):
            each.close()

    def close(self) -> None:
        """Idempotent; also after somebody has answered through them."""
        self.leave()
        if hasattr(self, "console"):
            self.console.close()


def _opened(settings: ListenerSettings, several: bool) -> list[socket.socket]:
    found = opened(settings)
    if not several:
        return found
    for (
        each
    ) in found:  # nobody else is there: with SO_REUSEPORT we would not hear of another node of this user
        each.close()
    return opened(msgspec.structs.replace(settings, reuse_port=True))


def _another(listening: socket.socket) -> socket.socket:
    if not listening.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT):
        return listening.dup()
    try:
        return beside(listening, BACKLOG)
    except PermissionError:  # a port that only somebody else may open, as systemd did
        return listening.dup()


def _reason(error: OSError) -> str:
    """What the system says, without what Python adds to it; failed look-ups of names have numbers below 0."""
    number = error.errno or 0
    return os.strerror(number) if number > 0 else str(error.strerror or error)
