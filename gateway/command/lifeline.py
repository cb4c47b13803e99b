"""What a process of a node tells the one that forked it: single letters over a pair of sockets, and by its end that it
shall end. In the place of systemd (gateway/command/systemd.py), which hears of the whole node from the other end.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

READY, ALIVE = b"R", b"."
BEAT = 5.0
"""Seconds between two signs of life."""


class Lifeline:
    """The end that a process has."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        end.setblocking(False)

    def ready(self) -> None:
        """Started, or everything read again."""
        self._tell(READY)

    def reloading(self) -> None:
        """Whoever hears this asked for it."""

    def stopping(self) -> None:
        """And for that, too."""

    async def keep_telling(self) -> None:
        """Signs of life, for as long as the event loop turns."""
        while True:
            self._tell(ALIVE)
            await asyncio.sleep(BEAT)

    def watch(self, gone: Callable[[], None]) -> None:
        """Call `gone` when nobody is at the other end any more; inside a running event loop."""
        loop = asyncio.get_running_loop()

        def closed() -> None:
            loop.remove_reader(self._end)
            gone()

        loop.add_reader(self._end, closed)

    def _tell(self, letter: bytes) -> None:
        with suppress(OSError):
            self._end.send(letter)
