"""A small HTTP server for monitoring: /metrics, /livez and /readyz, GET and HEAD, one answer for each connection.

By hand, as it is thirty lines: the console's server lives in another process, and nothing of it shall be loaded here. A
client gets a few seconds and one small request; a few are answered at a time.

Diagnostics: ConfigError when the port cannot be had. Status 503 of /readyz names what is missing, a line each.
"""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from config.policy import ConfigError
from config.problems import why_not
from config.watching import MetricsSection
from gateway.monitor.exposition import CONTENT_TYPE

HEAD = 8192
"""Octets of a request."""
SECONDS = 10.0
"""For a request and its answer."""
AT_ONCE = 8
_TEXT = "text/plain; charset=utf-8"

Answer = tuple[HTTPStatus, str, str]
"""Status, type and text."""


class MonitorPage:
    """`figures` writes the page; `lacks` says what keeps the node from taking mail. `number`: which process of the node."""

    def __init__(
        self,
        section: MetricsSection,
        number: int,
        figures: Callable[[], Awaitable[str]],
        lacks: Callable[[], Awaitable[list[str]]],
    ) -> None:
        self._section = section
        self._number = number
        self._figures = figures
        self._lacks = lacks
        self._inside = 0
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Answer from now on, where the settings want that. Raises ConfigError."""
        if not self._section.port:
            return
        host, port = self._section.host, self._section.port + self._number
        try:
            self._server = await asyncio.start_server(self._welcome, host, port, limit=HEAD)
        except OSError as error:
            raise ConfigError([f"metrics: cannot listen on {host}:{port} ({why_not(error)})"]) from None

    async def close(self) -> None:
        """Idempotent."""
        if self._server is not None:
            self._server.close()

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._inside >= AT_ONCE:
            writer.close()
            return
        self._inside += 1
        try:
            async with asyncio.timeout(SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                method, _, rest = head.partition(b"\r\n")[0].decode("latin-1").partition(" ")
                answer = await self._answer(method, rest.partition(" ")[0].partition("?")[0])
                writer.write(_written(*answer, body=method != "HEAD"))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # no request, or nobody there any more
        finally:
            self._inside -= 1
            writer.close()

    async def _answer(self, method: str, path: str) -> Answer:
        if method not in ("GET", "HEAD"):
            return HTTPStatus.METHOD_NOT_ALLOWED, _TEXT, "GET or HEAD\n"
        if path == "/metrics":
            return HTTPStatus.OK, CONTENT_TYPE, await self._figures()
        if path == "/livez":
            return HTTPStatus.OK, _TEXT, "ok\n"
        if path == "/readyz":
            lacks = await self._lacks()
            status = HTTPStatus.SERVICE_UNAVAILABLE if lacks else HTTPStatus.OK
            return status, _TEXT, "".join(f"{lack}\n" for lack in lacks or ["ok"])
        return HTTPStatus.NOT_FOUND, _TEXT, "/metrics, /livez, /readyz\n"


def _written(status: HTTPStatus, kind: str, text: str, *, body: bool) -> bytes:
    octets = text.encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\nContent-Length: {len(octets)}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + (octets if body else b"")
