"""One HTTP connection of the console: uvicorn's, which gets a head and its body only, in time and in measure.

Every wait for the client has a deadline: for a head, for a body, for it to take our answer; how long it may stay silent
between two requests is uvicorn's own. Octets that come before the answer and belong to no body (pipelining) are no
browser's: the connection ends with the answer, so that nobody's second request hides in the first.

Diagnostics: HTTP_REFUSED with the status that was answered; HTTP_FULL when somebody was turned away.
"""

import asyncio
import http
from collections.abc import Callable
from typing import Any

import structlog
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from config.console import ConsoleLimits
from config.log_events import LogEvent
from gateway.web import head
from gateway.web.door import Door

log = structlog.get_logger()

LINGER = 2.0
"""Seconds for which the rest of a refused request is thrown away, so that the client gets to read why."""
OVERRUN = 256 * 1024
"""Octets that are thrown away at most."""


class HttpConnection(H11Protocol):
    """A client from its connection to its end. `body_limit`: octets that a body may have."""

    def __init__(
        self,
        door: Door,
        limits: ConsoleLimits,
        body_limit: int,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._door = door
        self._limits = limits
        self._body_limit = body_limit
        self._head = bytearray()
        self._reading_head = True
        self._left = 0
        """Octets of the body that have not come yet."""
        self._overrun: int | None = None
        """Octets thrown away after a refusal; None before one."""
        self._input: asyncio.TimerHandle | None = None
        self._output: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # so that "may write" means "has taken everything"
        peer = self.client[0] if self.client else ""
        if not self._door.enter(self, peer):
            if (silenced := self._door.full(self.loop.time())) is not None:
                log.info(LogEvent.HTTP_FULL, peer=peer, silenced=silenced)
            return transport.abort()
        self._expect(self._limits.head)
        return None

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        self.resume_writing()
        self._door.left(self)
        super().connection_lost(exc)

    def leave(self) -> None:
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._overrun is not None:
            self._overrun += len(data)
            if self._overrun > OVERRUN:
                self.transport.abort()
        elif self._reading_head:
            self._receive_head(data)
        else:
            self._receive_body(data)

    def _receive_head(self, data: bytes) -> None:
        if not self._head:
            self._unset_keepalive_if_required()
            self._expect(self._limits.head)
        self._head += data
        end = self._head.find(b"\r\n\r\n", max(0, len(self._head) - len(data) - 3))
        if end < 0:
            status, self._left = head.begun(bytes(self._head)), 0
            if status != head.OK:
                self._refuse(status)
            return None
        whole, rest = bytes(self._head[: end + 4]), bytes(self._head[end + 4 :])
        status, self._left = head.read(whole, self._body_limit)
        if status != head.OK:
            return self._refuse(status)
        self._head.clear()
        self._reading_head = False
        self._door.served(self)
        self._expect(self._limits.body if self._left else None)
        super().data_received(whole)
        if rest and not self.transport.is_closing():  # h11 refused it, too
            self._receive_body(rest)
        return None

    def _receive_body(self, data: bytes) -> None:
        body, rest = data[: self._left], data[self._left :]
        self._left -= len(body)
        if not self._left:
            self._expect(None)
        if body:
            super().data_received(body)
        answered = not self._left and self.cycle.response_complete
        if answered and body:
            self._next()
        if rest and answered:
            self._receive_head(rest)
        elif rest:
            self.cycle.keep_alive = False

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._left and not self.transport.is_closing():
            self._next()

    def _next(self) -> None:
        """Both the request and its answer are over."""
        self._reading_head = True
        self._door.waits(self)
        if self.timeout_keep_alive_task is None:  # the body came after the answer
            self._expect(self._limits.head)

    def _refuse(self, status: int) -> None:
        """Say why and end; what the client still sends is thrown away for a moment."""
        peer, silenced = self.client[0] if self.client else "", self._door.refused(self.loop.time())
        if silenced is not None:
            log.info(LogEvent.HTTP_REFUSED, peer=peer, status=status, silenced=silenced)
        text = f"{status} {http.HTTPStatus(status).phrase}\n"
        self.transport.write(
            f"HTTP/1.1 {text.rstrip()}\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\n"
            f"Connection: close\r\n\r\n{text}".encode()
        )
        self._overrun = 0
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._expect(LINGER)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._output is None:
            self._output = self.loop.call_later(self._limits.write, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._output is not None:
            self._output.cancel()
            self._output = None

    def _expect(self, seconds: float | None) -> None:
        """The client has so long for what it says next; None: it has said everything for now."""
        if self._input is not None:
            self._input.cancel()
        self._input = None if seconds is None else self.loop.call_later(seconds, self.transport.abort)


def protocol(door: Door, limits: ConsoleLimits, body_limit: int) -> Callable[..., HttpConnection]:
    """What uvicorn calls for each connection."""

    def made(**given: Any) -> HttpConnection:
        return HttpConnection(door, limits, body_limit, **given)

    return made
