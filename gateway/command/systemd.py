"""systemd: the sockets that it hands over, and what it is told (ready, reading again, stopping, still alive).

Without systemd there are no such sockets, nobody listens and nothing is said. The environment's names are taken out of
it at once, so that no process of ours speaks for us.

Source: sd_listen_fds(3), sd_notify(3), systemd.service(5) Type=notify and WatchdogSec.
"""

import asyncio
import os
import socket
import time
from itertools import zip_longest

from config.policy import ConfigError

FIRST = 3
"""The number of the first descriptor that is handed over (SD_LISTEN_FDS_START)."""


def sockets() -> list[tuple[str, socket.socket]]:
    """What systemd's socket units opened, each with its name (FileDescriptorName=, else the unit's name; "" when it was
    not told). Once: they are the caller's from then on. Raises ConfigError for what is not a socket."""
    pid, count, names = (os.environ.pop(f"LISTEN_{name}", "") for name in ("PID", "FDS", "FDNAMES"))
    if pid != str(os.getpid()) or not count.isdigit():
        return []
    found = []
    for fd, name in zip_longest(
        range(FIRST, FIRST + int(count)), names.split(":")[: int(count)], fillvalue=""
    ):
        try:
            opened = socket.socket(fileno=int(fd))
        except OSError:
            raise ConfigError([f"systemd: {name or fd}, which was opened for us, is not a socket"]) from None
        opened.set_inheritable(False)
        found.append((name, opened))
    return found


class Systemd:
    """The one who started us, when it was systemd and it wants to hear."""

    def __init__(self, address: str, watchdog: float) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.watchdog = watchdog
        """Seconds of silence after which we are killed; 0: never."""

    @classmethod
    def of_environment(cls) -> "Systemd":
        address, patience = os.environ.pop("NOTIFY_SOCKET", ""), os.environ.pop("WATCHDOG_USEC", "0")
        meant = os.environ.pop("WATCHDOG_PID", "") in ("", str(os.getpid()))
        return cls(address, int(patience) / 1e6 if meant and patience.isdigit() else 0.0)

    def ready(self) -> None:
        self._tell("READY=1")

    def reloading(self) -> None:
        """Until `ready` is said again."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        self._tell("STOPPING=1")

    def alive(self) -> None:
        self._tell("WATCHDOG=1")

    async def keep_telling(self) -> None:
        """A sign of life of this event loop, twice within what systemd waits for. Never ends; at once when it waits
        for none."""
        while self.watchdog:
            self.alive()
            await asyncio.sleep(self.watchdog / 2)

    def _tell(self, state: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            try:
                channel.sendto(state.encode(), socket.MSG_DONTWAIT, self._address)
            except OSError:
                pass  # who does not listen any more cannot be told
