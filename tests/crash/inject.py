"""Faults at system calls of a running process, by strace: a kill, an error, a delay at the N-th call of a thread.

strace counts per thread, from the moment it attaches. A process that is killed on entering a call has not made it.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.postgres import unavailable

ATTACH = 20.0


def strace() -> str:
    found = shutil.which("strace")
    if found is None:
        unavailable("strace is not installed")
    assert found
    return found


@contextlib.contextmanager
def traced(pid: int, *options: str, trace: Path | None = None) -> Iterator[None]:
    """strace with these options attached to a process and all its threads; their calls go to the file `trace`.

    Its children before (the examining processes) are left alone. Skips the test where attaching is forbidden.
    """
    process = subprocess.Popen(
        [strace(), "-f", "-p", str(pid), "-o", str(trace or os.devnull), *options],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        if "not permitted" in line:
            pytest.skip("strace may not attach to another process here (kernel.yama.ptrace_scope)")
        assert "attached" in line, line + process.stderr.read()
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)  # it detaches, and what was traced goes on
        process.stderr.close()
        process.wait(ATTACH)


@contextlib.contextmanager
def kill_at(pid: int, call: str, when: int, trace: Path) -> Iterator[None]:
    """SIGKILL when a thread enters its `when`-th call of this kind; the calls go to the file `trace`."""
    with traced(pid, "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}", trace=trace):
        yield


def most(trace: Path, call: str) -> int:
    """How many of these calls the thread made that made the most of them."""
    threads = re.findall(rf"^(\d+) +{call}\(", trace.read_text(errors="replace"), re.MULTILINE)
    return max(Counter(threads).values(), default=0)
