"""Whose memory it is."""

import os
import subprocess
import sys
import time

from bench.stand.memory import Memory, Peaks, held

HOLD = "import sys; kept = b'x' * 30_000_000; print('held', flush=True); input()"


def test_memory_is_told_by_what_a_process_does() -> None:
    """The roles are known by the module that a process runs; here a program with its name among its arguments."""
    commands = {"examining": "gateway.locked.process", "console": "gateway.web.process", "gateway": "serve"}
    processes = {
        role: subprocess.Popen(
            [sys.executable, "-c", HOLD, module], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for role, module in commands.items()
    }
    for process in processes.values():
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
    try:
        for role, process in processes.items():
            found = held([process.pid])
            assert getattr(found, role) > 30
            assert sum((found.gateway, found.examining, found.console)) < getattr(found, role) + 1
            assert found.limited == found.gateway + found.examining
            assert bool(found.files) == (role != "console")
    finally:
        for process in processes.values():
            process.communicate(b"\n")


def test_who_has_gone_holds_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert held([process.pid]) == Memory()


def test_the_most_is_kept() -> None:
    with Peaks(lambda: [os.getpid()]) as peaks:
        while not peaks.most.limited:
            time.sleep(0.01)
    assert peaks.most.gateway > 1
