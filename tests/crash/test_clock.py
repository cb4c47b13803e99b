"""The wall clock jumps by an hour, by a day, forward and back: nothing held leaves early, nothing waits for it (T12); and
mail that waits for business hours leaves when they begin, whatever lies between."""

import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.crash.harness import START, Site
from tests.crash.mails import SATO, mail
from tests.services.postgres import unavailable

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

DELAY = 4
LATE = 20.0
"""Seconds after its time by which a held mail must have left, on a busy machine."""
HOUR, DAY = 3600, 86400


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of seconds to add to the true time. One for all tests: a launcher keeps the environment that it was given."""
    return tmp_path_factory.mktemp("clock") / "wall"


def faked(wall: Path) -> dict[str, str]:
    """The environment of a process whose wall clock is what the file says; its monotonic one goes on."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        unavailable("libfaketime is not installed")
    return {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_TIMESTAMP_FILE": str(wall),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


@pytest.fixture
def site(tmp_path: Path, wall: Path) -> Site:
    """A site whose gateway believes what `set_clock` says."""
    wall.write_text("+0\n")
    return Site(tmp_path, delay=DELAY, environment=faked(wall))


def set_clock(wall: Path, ahead: int) -> None:
    wall.write_text(f"{ahead:+d}\n")


def left(site: Site) -> int:
    """How many mails to the outsider were delivered."""
    return sum(SATO in delivery.recipients for delivery in site.sink.deliveries)


@pytest.mark.parametrize(
    "jumps", [(HOUR, -DAY, 0), pytest.param((-HOUR, HOUR, DAY, 0, -DAY, DAY), marks=pytest.mark.slow)]
)
def test_jumps_release_nothing_early_and_hold_nothing_back(
    jumps: tuple[int, ...], site: Site, wall: Path
) -> None:
    set_clock(wall, 0)
    with site:
        site.start()
        for ahead in jumps:
            site.play([mail("external") for _ in range(3)])
            set_clock(wall, ahead)
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


EVENINGS = {
    "a Friday": ("2026-11-27 19:30", "2026-11-30 09:00"),
    "before a holiday on Monday": ("2026-11-20 18:00", "2026-11-24 09:00"),
    "before the new year, when it is closed": ("2026-12-28 18:30", "2027-01-04 09:00"),
    "before the 29th of February": ("2028-02-28 23:59", "2028-02-29 09:00"),
    "on the 29th of February": ("2028-02-29 18:00", "2028-03-01 09:00"),
    "in the golden week, with a holiday moved to Wednesday": ("2026-05-01 20:00", "2026-05-07 09:00"),
}


@pytest.mark.parametrize(("evening", "morning"), EVENINGS.values(), ids=EVENINGS)
def test_mail_of_the_evening_leaves_when_the_office_opens(
    evening: str, morning: str, site: Site, wall: Path
) -> None:
    """A real node that believes in that evening, then in the last seconds of the night, with a restart between."""
    file = site.folder / "policy.toml"
    closed = "[calendar]\nclosed = [2026-12-29, 2026-12-30, 2026-12-31, 2027-01-02, 2027-01-03]\n"
    waits = file.read_text().replace(f'then = "delay {DELAY}s"', 'then = "delay until opening"')
    file.write_text(waits + closed)
    with site:
        set_clock(wall, _until(evening) + 1)
        site.start()
        sent = site.play([mail("external") for _ in range(2)] + [mail("internal")])
        assert [one.code for one in sent] == [250, 250, 250]
        dues = {row[0] for row in site.custody.sql("SELECT due_at FROM item WHERE state = 'held'")}
        assert dues == {_moment(morning)}
        site.stop()
        set_clock(wall, _until(morning) - 8)  # the night before an office opens is over in eight seconds
        site.start()
        end = time.time() + LATE + START
        while left(site) < 2 and time.time() < end:
            time.sleep(0.1)
        assert left(site) == 2
        ahead = int(wall.read_text())
        times = [d.at + ahead for d in site.sink.deliveries if SATO in d.recipients]
        assert min(times) >= _moment(morning), "not a second before"
        assert site.quiet()
        assert not [row for row in site.custody.rows() if row.live]


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()


def _until(text: str) -> int:
    """Seconds from now to a moment in Tokyo."""
    return round(_moment(text) - time.time())


def test_an_exception_ends_with_its_last_day(site: Site, wall: Path) -> None:
    """The policy stays as it is: the date alone ends it (OPS-EXCEPTION)."""
    file = site.folder / "policy.toml"
    asked = file.read_text().replace(f'then = "delay {DELAY}s"', 'then = "delay until released"')
    file.write_text(
        f'{asked}\n[groups.fair]\nrecipients = {{ addresses = "{SATO}" }}\n\n[[exceptions]]\nrule = "external_recipient"\n'
        'when = { to = "fair" }\nthen = "observe"\nowner = "taro"\napproved_by = "hanako"\nreason = "fair"\n'
        "until = 2026-11-27\n"
    )
    with site:
        set_clock(wall, _until("2026-11-27 22:00"))
        site.start()
        site.play([mail("external")])
        end = time.time() + LATE
        while left(site) < 1 and time.time() < end:
            time.sleep(0.1)
        assert left(site) == 1, "on its last day, until midnight, it holds"
        site.stop()
        set_clock(wall, _until("2026-11-28 00:01"))
        site.start()
        (sent,) = site.play([mail("external")])
        assert sent.code == 250
        held = site.custody.sql("SELECT due_at FROM item WHERE state = 'held' AND direction = 'outbound'")
        assert [row[0] for row in held] == [None], "it waits for its sender"
        assert left(site) == 1
