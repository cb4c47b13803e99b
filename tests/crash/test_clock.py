"""The wall clock jumps by an hour, by a day, forward and back: nothing held leaves early, nothing waits for it (T12)."""

import time
from pathlib import Path

import pytest

from tests.crash.harness import Site
from tests.crash.mails import SATO, mail
from tests.services.postgres import unavailable

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

DELAY = 4
LATE = 20.0
"""Seconds after its time by which a held mail must have left, on a busy machine."""
HOUR, DAY = 3600, 86400


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site whose gateway believes the file `wall`: seconds to add to the true time."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        unavailable("libfaketime is not installed")
    environment = {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_TIMESTAMP_FILE": str(tmp_path / "wall"),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    return Site(tmp_path, delay=DELAY, environment=environment)


def set_clock(site: Site, ahead: int) -> None:
    (site.folder / "wall").write_text(f"{ahead:+d}\n")


def left(site: Site) -> int:
    """How many mails to the outsider were delivered."""
    return sum(SATO in delivery.recipients for delivery in site.sink.deliveries)


@pytest.mark.parametrize(
    "jumps", [(HOUR, -DAY, 0), pytest.param((-HOUR, HOUR, DAY, 0, -DAY, DAY), marks=pytest.mark.slow)]
)
def test_jumps_release_nothing_early_and_hold_nothing_back(jumps: tuple[int, ...], site: Site) -> None:
    set_clock(site, 0)
    with site:
        site.start()
        for ahead in jumps:
            site.play([mail("external") for _ in range(3)])
            set_clock(site, ahead)
            site.play([mail("external")])  # accepted after the jump
            wanted, end = len(site.ledger.acked()), time.time() + DELAY + LATE
            while left(site) < wanted and time.time() < end:
                time.sleep(0.1)
            assert left(site) == wanted, f"held back: {ahead:+d} s"
            assert not site.audit().early, f"early: {ahead:+d} s"
        assert site.quiet()
        audit = site.audit()
        noticed = sum(line.get("event") == "clock_jumped" for line in site.running.log())
        print(f"\n{noticed} jumps noticed: {audit}")
        assert not audit.wrong, audit.wrong
        assert noticed
        assert {row.status for row in site.custody.rows()} == {"delivered"}, "nothing expires by a jump"
