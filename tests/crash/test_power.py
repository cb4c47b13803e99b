"""The power goes while mail flows, on SQLite and files: what was promised is on the disk when it is back (T02)."""

import contextlib
import random
import signal
import time
from pathlib import Path

import pytest

from tests.crash.harness import Site
from tests.crash.load import Load
from tests.crash.sink import Sink
from tests.crash.test_kill import check
from tests.services.disks import Disk
from tests.services.programs import wait_for

pytestmark = [pytest.mark.system, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("cuts", [3, pytest.param(100, marks=pytest.mark.slow)])
def test_a_power_cut_takes_nothing_that_was_promised(cuts: int, tmp_path: Path) -> None:
    chance = random.Random(cuts)
    with contextlib.ExitStack() as stack:
        disk = stack.enter_context(Disk(tmp_path))
        sink = Sink(pause=0.02)
        stack.callback(sink.close)
        site = stack.enter_context(Site(tmp_path / "site", state=disk.place / "state", sink=sink))
        restarts = []
        for _ in range(cuts):
            began = time.monotonic()
            gateway = site.start()
            restarts.append(time.monotonic() - began)
            site.resend()
            with Load([site], clients=4, pause=0.01, seed=cuts) as load:
                promised = len(site.ledger.acked()) + chance.randint(4, 25)
                wait_for(lambda promised=promised: len(site.ledger.acked()) >= promised, 20)  # type: ignore[misc]
                gateway.signal(signal.SIGSTOP)  # from here on nobody hears anything
                disk.cut()
                gateway.signal(signal.SIGKILL)
                assert gateway.wait(10)
                load.end()
            disk.power()
            site.died()
        print(f"\n{cuts} cuts, starts took {min(restarts):.1f}–{max(restarts):.1f} s: {check(site)}")
        site.sink.close()
