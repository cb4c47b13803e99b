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
from bench.stand.compiled import Missing

PERIOD = 100_000
"""Microseconds for which a share of a processor is given out at a time."""
_numbers = itertools.count(1)


def _mounted(kind: str = "cgroup2", controller: str = "") -> Path | None:
    """Where cgroups of a kind (and with a controller of version 1) are mounted, when groups can be made there."""
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, where, mounted, options = line.split()[:4]
        if (
            mounted == kind
            and os.access(where, os.W_OK)
            and (not controller or controller in options.split(","))
        ):
            return Path(where)
    return None


class Group:
    """Processes that are counted together: those that `command` starts, and all that descend from them."""

    def __init__(self, share: float = 0.0) -> None:
        """`share` of a processor (0.4) that they may use together; 0: all there is. Raises Missing where that cannot
        be had."""
        self._roots: list[int] = []
        self._path: Path | None = None
        self._held: Path | None = None
        """The group of version 1 that holds them to their share."""
        name = f"sekisho-bench-{os.getpid()}-{next(_numbers)}"
        if mounted := _mounted():
            with contextlib.suppress(OSError):
                (mounted / name).mkdir()
                self._path = mounted / name
        if share:
            self._hold(share, name)

    def _hold(self, share: float, name: str) -> None:
        most = round(share * PERIOD)
        try:
            if self._path and "cpu" in (self._path.parent / "cgroup.controllers").read_text().split():
                (self._path.parent / "cgroup.subtree_control").write_text("+cpu")
                (self._path / "cpu.max").write_text(f"{most} {PERIOD}")
                return
            if mounted := _mounted("cgroup", "cpu"):
                (mounted / name).mkdir()
                self._held = mounted / name
                (self._held / "cpu.cfs_period_us").write_text(str(PERIOD))
                (self._held / "cpu.cfs_quota_us").write_text(str(most))
                return
        except OSError as error:
            raise Missing(f"no quota of processor time can be had here: {error}") from error
        raise Missing("no quota of processor time can be had here: no cgroup of ours has that controller")

    def __enter__(self) -> "Group":
        return self

    def __exit__(self, *_: object) -> None:
        """Forget the group; whoever has not ended by then is ended (Postfix leaves its logger behind)."""
        for attempt in range(50):
            with contextlib.suppress(OSError):
                if self._path is not None and attempt == 10:
                    (self._path / "cgroup.kill").write_text("1")
                for path in (self._held, self._path):
                    if path is not None and path.exists():
                        path.rmdir()
                return
            time.sleep(0.1)

    @property
    def exact(self) -> bool:
        """Whether threads that ended are counted too."""
        return self._path is not None

    def command(self, command: Sequence[str | Path]) -> list[str]:
        """The command, to be started in this group; it keeps the process id."""
        started = [str(c) for c in command]
        for path in (self._path, self._held):
            if path is not None:
                started = ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(path), *started]
        return started

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
