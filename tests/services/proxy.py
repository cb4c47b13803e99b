"""A way between two programs that a test can cut: TCP connections on loopback, in threads of the test process.

with Proxy(5432) as way:
    way.mode = "refuse"     # gone, silent, slow; "pass" heals it
"""

import contextlib
import select
import socket
import threading
import time
from types import TracebackType
from typing import Literal, Self

Mode = Literal["pass", "refuse", "silent", "slow", "full"]
_ERROR = b"<?xml version='1.0'?><Error><Code>StorageFull</Code><Message>no room</Message></Error>"
FULL = (
    b"HTTP/1.1 507 Insufficient Storage\r\nContent-Type: application/xml\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_ERROR), _ERROR)
)
BEAT = 0.02


class Proxy:
    """`mode`: pass; refuse (connections end, and new ones are closed at once: the host is gone); silent (nothing comes through,
    and nobody says so: the network is cut); slow (each piece comes `delay` seconds late, and is small); full (an HTTP store that
    answers every PUT with 507)."""

    def __init__(self, target: int, delay: float = 0.2) -> None:
        self.mode: Mode = "pass"
        self.delay = delay
        self._target = target
        self._ended = False
        self._server = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        self._server.close()

    def _accept(self) -> None:
        while not self._ended:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        host: socket.socket | None = None
        with client, contextlib.suppress(OSError):
            while self.mode == "silent" and not self._ended:
                time.sleep(BEAT)
            if self.mode == "refuse":
                return
            host = socket.create_connection(("127.0.0.1", self._target), 10)
            with host:
                self._exchange(client, host)

    def _exchange(self, client: socket.socket, host: socket.socket) -> None:
        while not self._ended and self.mode != "refuse":
            if self.mode == "silent":
                time.sleep(BEAT)
                continue
            ready, _, _ = select.select([client, host], [], [], BEAT)
            if self.mode in ("silent", "refuse"):  # while it waited
                continue
            for one in ready:
                data = one.recv(4096 if self.mode == "slow" else 1 << 16)
                if not data:
                    return
                if self.mode == "full" and one is client and data.startswith(b"PUT "):
                    client.sendall(FULL)
                    return
                if self.mode == "slow":
                    time.sleep(self.delay)
                (host if one is client else client).sendall(data)
