"""Hours in short: mail flows in both directions, the node is killed again and again, and what it holds does not grow (T10).

SOAK_MINUTES=480 ./dev test --all tests/crash/test_soak.py -s
"""

import os
import statistics
import time
from pathlib import Path

import pytest

from tests.crash.harness import Gateway, Site
from tests.crash.load import Load
from tests.crash.test_kill import check

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.timeout(12 * 3600)]

MINUTES = float(os.environ.get("SOAK_MINUTES", "4"))
KILLS = 4
SLOPE = 8.0
"""MB that a gateway may have more in the last third of its time than in the second one: caches that fill are no leak."""


def memory(gateway: Gateway) -> float:
    """MB of the gateway's own pages and of its examining processes', shared ones by their part."""
    total = 0
    for pid in (gateway.pid, *gateway.workers()):
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def descriptors(gateway: Gateway) -> int:
    return len(os.listdir(f"/proc/{gateway.pid}/fd"))


def test_nothing_grows_and_nothing_is_lost(tmp_path: Path) -> None:
    seen: list[tuple[float, int]] = []
    with Site(tmp_path) as site:
        site.start()
        with Load([site], clients=4, pause=0.02):
            for _ in range(KILLS):
                time.sleep(MINUTES * 60 / 2 / KILLS)
                site.kill()
                site.start()
            end = time.monotonic() + MINUTES * 60 / 2
            while time.monotonic() < end:
                time.sleep(MINUTES)
                seen.append((memory(site.running), descriptors(site.running)))
        third = len(seen) // 3
        before, after = seen[third : 2 * third], seen[2 * third :]
        mean = [statistics.mean(each[0] for each in part) for part in (before, after)]
        most = [max(each[1] for each in part) for part in (before, after)]
        print(
            f"\n{MINUTES:.0f} minutes: {mean[0]:.1f} → {mean[1]:.1f} MB, {most[0]} → {most[1]} descriptors: {check(site)}"
        )
        assert mean[1] - mean[0] < SLOPE
        assert most[1] <= most[0] + 8
