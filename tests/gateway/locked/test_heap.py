"""What is free goes back to the kernel, whatever threads held it."""

import subprocess
import sys

import pytest

from gateway.locked import heap

pytestmark = pytest.mark.skipif(heap._trim is None, reason="needs glibc")

HELD = """
import resource, sys, threading
from pathlib import Path
from gateway.locked import heap

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

if sys.argv[1] == "bounded":
    heap.bounded()
before = resident()
barrier = threading.Barrier(8)

def mail():
    # Pieces of a mail, each too small to be a mapping of its own, and one that stays above them.
    pieces = [bytes(100_000) for _ in range(60)]
    barrier.wait()
    kept.append(bytes(5_000))
    del pieces

kept = []
for _ in range(2):
    threads = [threading.Thread(target=mail) for _ in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
if "trimmed" in sys.argv:
    heap.trim()
print(resident() - before, Path("/proc/self/maps").read_text().count("---p"))
"""


def grown(*how: str) -> tuple[int, int]:
    """Bytes that are held afterwards, and stretches of address space that are reserved: one for each arena, and others."""
    done = subprocess.run([sys.executable, "-c", HELD, *how], capture_output=True, check=True)
    held, reserved = done.stdout.split()
    return int(held), int(reserved)


def test_what_eight_mails_needed_is_given_back() -> None:
    """They took 48 MB together."""
    assert grown("as it is", "trimmed")[0] < 8 << 20


def test_threads_share_arenas() -> None:
    assert grown("bounded")[1] <= grown("as it is")[1] - 4
