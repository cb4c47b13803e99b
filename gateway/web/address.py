"""Where the console is reached: its socket is open before anything that tells people where to find it, and stays open
while nobody answers there."""

import socket

from config.console import ConsoleLimits, ConsoleSection
from config.policy import ConfigError

BACKLOG = 64
"""Connections that the system may hold for us; so many can be accepted at once, before the first is counted."""


def descriptors(limits: ConsoleLimits) -> int:
    """Most descriptors that the console's connections take from its process."""
    return limits.connections + BACKLOG


class ConsoleAddress:
    """The listening socket, where it is, and the `url` under which people reach it, without a slash at its end."""

    def __init__(self, section: ConsoleSection) -> None:
        """Raises ConfigError."""
        self.socket = _opened(section.host, section.port)
        self.address: tuple[str, int] = self.socket.getsockname()[:2]
        host, port = self.address
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.url = section.base_url.rstrip("/") or f"http://{place}"

    def close(self) -> None:
        """Idempotent."""
        self.socket.close()


def _opened(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise ConfigError([f"console: cannot listen on {host}:{port} ({error.strerror})"]) from error
