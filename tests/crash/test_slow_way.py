"""O08: a way to the next hop that is narrow, loses every tenth packet and is cut for a while: nothing is lost, and nothing is
there twice that was not under way when it was cut.

All of it lies in a network of its own, in which the kernel's filters do that (root; tc, iptables).
"""

import ctypes
import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.harness import Site
from tests.crash.mails import mail
from tests.services.postgres import unavailable
from tests.services.programs import required

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

CLONE_NEWNET = 0x40000000


def apart(work: Callable[[], None]) -> None:
    """Do it in a thread that has a network of its own, as what it starts has. Skips (fails where all is required) where that is not allowed."""
    ended: list[BaseException] = []

    def run() -> None:
        try:
            if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
                unavailable(f"no network of our own: {os.strerror(ctypes.get_errno())}")
            work()
        except BaseException as error:
            ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if ended:
        raise ended[0]


def said(*command: str) -> None:
    """A command of the kernel's network. Skips where it is not there or the kernel cannot do it."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        unavailable(f"{' '.join(command)}: {done.stderr.strip()}")


def test_a_narrow_way_that_loses_packets_loses_no_mail(tmp_path: Path) -> None:
    required("tc", "iptables", "ip", root=True)

    def work() -> None:
        said("ip", "link", "set", "lo", "up")
        with Site(tmp_path, cold=True) as site:
            site.start()
            hop = str(site.sink.port)
            tenth = ("-m", "statistic", "--mode", "random", "--probability", "0.1", "-j", "DROP")
            for way in ("--dport", "--sport"):
                said("iptables", "-A", "OUTPUT", "-p", "tcp", way, hop, *tenth)
            said(
                "tc",
                "qdisc",
                "add",
                "dev",
                "lo",
                "root",
                "tbf",
                "rate",
                "4mbit",
                "burst",
                "70kb",
                "latency",
                "400ms",
            )
            kinds = ("external", "internal", "mixed", "inbound", "encrypted")
            site.play([mail(kind, size) for kind in kinds for size in (0, 60_000)])
            said("iptables", "-I", "OUTPUT", "-p", "tcp", "--dport", hop, "-j", "DROP")
            site.play([mail("external", size) for size in (0, 60_000)])
            time.sleep(2)
            site.ledger.killed(site.custody)  # what is under way now may come twice
            said("iptables", "-F", "OUTPUT")
            said("tc", "qdisc", "del", "dev", "lo", "root")
            site.settle(120)
            audit = site.audit()
            print(f"\n{audit}")
            assert not audit.wrong, audit.wrong
            assert audit.acked == 12
            site.stop()

    apart(work)
