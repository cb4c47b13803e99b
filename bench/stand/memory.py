"""What the processes of a Sekisho hold, by what they do: proportional set sizes, so that a shared page counts once."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from bench.stand import usage

ROLES = {"gateway.web.process": "console", "gateway.locked.process": "examining"}
"""By the module that runs in a process; every other process is the gateway's."""


class Memory(msgspec.Struct, frozen=True):
    """MB. `gateway` and `examining` (the zygote and its workers) are what is limited, `console` beside; `files`: how much
    of the first two is mapped files (programs and mails), which the kernel may drop."""

    gateway: float = 0.0
    examining: float = 0.0
    console: float = 0.0
    files: float = 0.0

    @property
    def limited(self) -> float:
        return self.gateway + self.examining


def held(pids: Sequence[int]) -> Memory:
    """What these processes hold now; who has gone holds nothing."""
    sizes = {"gateway": 0, "examining": 0, "console": 0}
    files = 0
    for pid in pids:
        role = _role(pid)
        found = usage.proportional(pid)
        sizes[role] += found.get("Pss", 0)
        if role != "console":
            files += found.get("Pss_File", 0)
    return Memory(**{name: size / 1e6 for name, size in sizes.items()}, files=files / 1e6)


def _role(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return "gateway"
    return next((role for module, role in ROLES.items() if module in words), "gateway")


class Peaks:
    """The most that was seen while this was open, each figure for itself; looked at twice a second. `most` is the look
    with the most of what is limited."""

    def __init__(self, pids: Callable[[], Sequence[int]]) -> None:
        self.most = Memory()
        self.console = 0.0
        self._pids = pids
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Peaks":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            now = held(self._pids())
            self.console = max(self.console, now.console)
            if now.limited > self.most.limited:
                self.most = now
            if self._end.wait(0.5):
                return
