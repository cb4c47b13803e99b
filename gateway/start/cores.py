"""How many processors we may use, and how many processes a node is on them (docs/adr/0029)."""

import math
import os
from pathlib import Path

from config.settings import Settings

QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""The processors that a container may use: "QUOTA PERIOD", or "max PERIOD" (cgroup v2)."""
EACH = 2
"""Processors for each process where the settings say "auto": its loop and threads keep one busy, the examining
processes that it has to feed the other (docs/performance.md)."""


def cores(quota: Path = QUOTA) -> int:
    """Those that we may run on, fewer when the cgroup has a quota; at least one."""
    most = len(os.sched_getaffinity(0))
    try:
        allowed, period = quota.read_text().split()
    except (OSError, ValueError):
        return most
    return min(most, math.ceil(int(allowed) / int(period))) if allowed.isdigit() else most


def processes_of(settings: Settings) -> int:
    """How many processes a node is. SQLite has one writer: one."""
    if settings.database_url.startswith("sqlite"):
        return 1
    return max(1, cores() // EACH) if settings.processes == "auto" else settings.processes
