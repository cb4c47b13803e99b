"""What a tree of processes uses: CPU seconds and memory, read from /proc; and a line about this machine."""

import os
import platform
import threading
from collections.abc import Callable
from pathlib import Path

from bench.stand.calibrate import milliseconds

TICK = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (fields := _stat(int(entry))):
            children.setdefault(int(fields[1]), []).append(int(entry))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def cpu(root: int) -> float:
    """CPU seconds of the tree so far, with those of its members that have ended and were collected."""
    return sum(sum(map(int, fields[11:15])) for pid in tree(root) if (fields := _stat(pid))) / TICK


def own_cpu(pid: int) -> float:
    """CPU seconds of one process so far, without its children."""
    return sum(map(int, _stat(pid)[11:13])) / TICK


def by_thread(pid: int) -> dict[str, float]:
    """CPU seconds so far of a process' main thread ("loop"), its second thread by age ("database": the writer is
    started first, after the log's), its other threads, and of all processes that descend from it ("workers")."""
    used = dict.fromkeys(("loop", "database", "other threads", "workers"), 0.0)
    for number, thread in enumerate(_threads(pid)):
        name = {0: "loop", 2: "database"}.get(number, "other threads")
        used[name] += _nanoseconds(f"/proc/{pid}/task/{thread}") / 1e9
    for child in tree(pid)[1:]:
        used["workers"] += _nanoseconds(f"/proc/{child}") / 1e9
    return used


def _threads(pid: int) -> list[int]:
    """Its threads, the oldest first, which is the main one. Their numbers do not say: they begin again at a limit."""
    begun: list[tuple[int, int]] = []
    for entry in os.listdir(f"/proc/{pid}/task"):
        if fields := _stat(f"{pid}/task/{entry}"):
            begun.append((int(fields[19]), int(entry)))
    return [thread for _, thread in sorted(begun, key=lambda each: (each[1] != pid, *each))]


class Peak:
    """The most memory that was seen while this was open, looked at four times a second."""

    def __init__(self, memory: Callable[[], int]) -> None:
        self.bytes = 0
        self._memory = memory
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.bytes = max(self.bytes, self._memory())
            if self._end.wait(0.25):
                return


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    ram = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    return (
        f"{os.cpu_count()} × {model}, {ram:.0f} GiB, Linux {platform.release().partition('-')[0]}, "
        f"Python {platform.python_version()} ({milliseconds():.1f} ms); load before: {load}"
    )


def _stat(pid: int | str) -> list[str]:
    """The fields of /proc/PID/stat behind the name: state, parent, …; [] when it has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _nanoseconds(place: str) -> int:
    """Time on a processor of a process' main thread, or of a thread; 0 when it has gone."""
    try:
        return int(Path(f"{place}/schedstat").read_text().split()[0])
    except OSError:
        return 0


def pss(pid: int) -> int:
    """Bytes of memory of a process, shared pages divided by those who share them; 0 when it has gone."""
    return proportional(pid).get("Pss", 0)


def proportional(pid: int) -> dict[str, int]:
    """Bytes of a process by the kernel's names ("Pss", "Pss_File", …), shared pages divided; {} when it has gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return {}
    return {name: int(size.split()[0]) * 1024 for name, _, size in (line.partition(":") for line in lines)}
