"""The console's HTTP server in the node: its socket is open before anything that tells people where to find it."""

import socket
from typing import cast

import uvicorn
from starlette.applications import Starlette

from config.policy import ConfigError
from config.settings import ConsoleLimits, ConsoleSection
from console.visit import FORM_LIMIT
from gateway.web.connection import protocol
from gateway.web.door import Door
from gateway.web.forwarded import Field, Forwarded
from mail.networks import Networks

BACKLOG = 64
"""Connections that the system may hold for us; so many can be accepted at once, before the first is counted."""


def descriptors(limits: ConsoleLimits) -> int:
    """Most descriptors that the console's connections take from the process."""
    return limits.connections + BACKLOG


class ConsoleServer:
    """Serves an application on a socket of its own. `url` is where people reach it, without a slash at its end."""

    def __init__(self, section: ConsoleSection, sock: socket.socket | None = None) -> None:
        """`sock` is one that is open already; else one is opened. Raises ConfigError."""
        self._socket = sock or _opened(section.host, section.port)
        self._limits = section.limits
        self._proxies = Networks(section.trusted_proxies)
        self._field: Field = section.proxy_header
        self.door = Door(section.limits, self._proxies)
        self._server: uvicorn.Server | None = None
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        host, port = self.address
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.url = section.base_url.rstrip("/") or f"http://{place}"

    async def serve(self, application: Starlette) -> None:
        """Answer requests until `stop`."""
        made = protocol(self.door, self._limits, FORM_LIMIT)
        config = uvicorn.Config(
            Forwarded(application, self._proxies, self._field), http=cast(type, made), ws="none", log_config=None, log_level="error", access_log=False,
            server_header=False, proxy_headers=False, lifespan="off", backlog=BACKLOG,
            timeout_keep_alive=self._limits.idle, timeout_graceful_shutdown=3,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        # `serve` would take the process's signals, which are the node's.
        await self._server._serve([self._socket])

    def stop(self) -> None:
        """Let `serve` come to its end."""
        if self._server is not None:
            self._server.should_exit = True

    def close(self) -> None:
        """Give the socket back when nothing was served."""
        self._socket.close()


def _opened(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise ConfigError([f"console: cannot listen on {host}:{port} ({error.strerror})"]) from error
