"""What one peer uses of the machine: its processes in a cgroup (version 2) of their own, or as a tree where none can
be made. A cgroup counts what threads and processes used that have ended; a tree loses ended threads, and says so.
"""

import asyncio
import contextlib
import itertools
import os
import time
from collections.abc import Sequence
from pathlib import Path

from bench.stand import usage

_numbers = itertools.count(1)


def _mounted() -> Path | None:
    """Where cgroups of version 2 are mounted, when groups can be made there."""
    for line in Path("/proc/self/mounts").read_text().splitlines():
        where, kind = line.split()[1:3]
        if kind == "cgroup2" and os.access(where, os.W_OK):
            return Path(where)
    return None


class Group:
    """Processes that are counted together: those that `command` starts, and all that descend from them."""

    def __init__(self) -> None:
        self._roots: list[int] = []
        self._path: Path | None = None
        if mounted := _mounted():
            path = mounted / f"sekisho-bench-{os.getpid()}-{next(_numbers)}"
            with contextlib.suppress(OSError):
                path.mkdir()
                self._path = path

    def __enter__(self) -> "Group":
        return self

    def __exit__(self, *_: object) -> None:
        """Forget the group; whoever has not ended by then is ended (Postfix leaves its logger behind)."""
        for attempt in range(50):
            with contextlib.suppress(OSError):
                if self._path is not None and attempt == 10:
                    (self._path / "cgroup.kill").write_text("1")
                if self._path is not None:
                    self._path.rmdir()
                return
            time.sleep(0.1)

    @property
    def exact(self) -> bool:
        """Whether threads that ended are counted too."""
        return self._path is not None

    def command(self, command: Sequence[str | Path]) -> list[str]:
        """The command, to be started in this group; it keeps the process id."""
        if self._path is None:
            return [str(c) for c in command]
        return ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(self._path), *map(str, command)]

    def started(self, pid: int) -> None:
        """Count this process and its children when there is no cgroup."""
        self._roots.append(pid)

    def pids(self) -> list[int]:
        if self._path is None:
            return [pid for root in self._roots for pid in usage.tree(root)]
        return [int(pid) for pid in (self._path / "cgroup.procs").read_text().split()]

    def cpu(self) -> float:
        """Seconds on a processor so far."""
        if self._path is None:
            return sum(usage.cpu(root) for root in self._roots)
        return int((self._path / "cpu.stat").read_text().split()[1]) / 1e6

    async def at_rest(self, seconds: float = 60.0) -> None:
        """Wait until it uses less than a tenth of a processor, or for so long."""
        for _ in range(round(seconds)):
            before = self.cpu()
            await asyncio.sleep(1.0)
            if self.cpu() - before < 0.1:
                return

    def delays(self) -> dict[int, float]:
        """By thread that lives: seconds so far in which it was ready to run and waited for a processor."""
        found = {}
        for pid in self.pids():
            with contextlib.suppress(OSError):
                for thread in os.listdir(f"/proc/{pid}/task"):
                    with contextlib.suppress(OSError):
                        words = Path(f"/proc/{pid}/task/{thread}/schedstat").read_text().split()
                        found[int(thread)] = int(words[1]) / 1e9
        return found

    def memory(self) -> int:
        """Bytes of memory, shared pages counted once (proportional set size)."""
        return sum(map(usage.pss, self.pids()))
