"""What processes use."""

import os
import subprocess
import sys
import time

from bench.stand import usage
from bench.stand.group import Group

BUSY = "import threading; t = threading.Thread(target=lambda: sum(range(8_000_000))); t.start(); t.join(); print('done', flush=True); input()"


def test_a_thread_that_ended_is_counted_when_there_is_a_cgroup() -> None:
    with Group() as group:
        process = subprocess.Popen(
            group.command([sys.executable, "-c", BUSY]), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        group.started(process.pid)
        assert process.stdout is not None
        assert process.stdout.readline() == b"done\n"
        assert process.pid in group.pids()
        assert group.memory() > 1_000_000
        assert group.cpu() > 0.01
        assert process.pid in group.delays()
        process.communicate(b"\n")


def test_what_a_process_uses_can_be_read() -> None:
    assert os.getpid() in usage.tree(os.getpid())
    assert usage.cpu(os.getpid()) > 0
    assert usage.pss(os.getpid()) > 1_000_000


def test_cpu_is_told_by_thread() -> None:
    before = usage.by_thread(os.getpid())
    end = time.thread_time() + 0.1
    while time.thread_time() < end:
        pass
    after = usage.by_thread(os.getpid())
    assert after["loop"] > before["loop"]
    assert set(after) == {"loop", "database", "other threads", "workers"}


def test_who_stays_behind_is_ended() -> None:
    with Group() as group:
        process = subprocess.Popen(group.command(["sleep", "600"]))
        group.started(process.pid)
        exact = group.exact
        while not group.pids():
            time.sleep(0.01)
    if exact:
        assert process.wait(20) < 0
    process.kill()
