"""The console's HTTP server, over a socket that the node has opened for it."""

import socket
from typing import cast

import uvicorn
from starlette.applications import Starlette

from config.console import ConsoleSection
from console.form import FORM_LIMIT
from gateway.web.address import BACKLOG
from gateway.web.connection import protocol
from gateway.web.door import Door
from gateway.web.forwarded import Field, Forwarded
from mail.networks import Networks


class ConsoleServer:
    """Serves an application until `stop`."""

    def __init__(self, section: ConsoleSection, listening: socket.socket, application: Starlette) -> None:
        """Loads everything that serving needs: afterwards no file is opened."""
        self._socket = listening
        proxies = Networks(section.trusted_proxies)
        field: Field = section.proxy_header
        self.door = Door(section.limits, proxies)
        made = protocol(self.door, section.limits, FORM_LIMIT)
        config = uvicorn.Config(
            Forwarded(application, proxies, field), http=cast(type, made), ws="none", log_config=None, log_level="error", access_log=False,
            server_header=False, proxy_headers=False, lifespan="off", backlog=BACKLOG,
            timeout_keep_alive=section.limits.idle, timeout_graceful_shutdown=3,
        )  # fmt: skip
        config.load()
        self._server = uvicorn.Server(config)

    async def serve(self) -> None:
        """Answer requests until `stop`. Signals are the caller's: uvicorn's own `serve` would take them."""
        await self._server._serve([self._socket])

    def stop(self) -> None:
        """Let `serve` come to its end."""
        self._server.should_exit = True
