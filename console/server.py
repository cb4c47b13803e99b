"""The HTTP server of a node: its socket is open before anything that tells people where to find it."""

import socket

import uvicorn
from starlette.applications import Starlette

from config.policy import ConfigError
from config.settings import ConsoleSection


class ConsoleServer:
    """Serves an application on a socket of its own. `url` is where people reach it, without a slash at its end."""

    def __init__(self, section: ConsoleSection, sock: socket.socket | None = None) -> None:
        """`sock` is one that is open already; else one is opened. Raises ConfigError."""
        self._socket = sock or _opened(section.host, section.port)
        self._server: uvicorn.Server | None = None
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        host, port = self.address
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.url = section.base_url.rstrip("/") or f"http://{place}"

    async def serve(self, application: Starlette) -> None:
        """Answer requests until `stop`."""
        config = uvicorn.Config(
            application, log_config=None, access_log=False, server_header=False, proxy_headers=False,
            lifespan="off", timeout_graceful_shutdown=3,
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
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        raise ConfigError([f"console: cannot listen on {host}:{port} ({error.strerror})"]) from error
