"""When the organisation works."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from config.business_hours import BusinessHours, countries
from config.cases import Calendar

TOKYO = BusinessHours(Calendar(), "Asia/Tokyo")


def at(text: str, zone: str = "Asia/Tokyo") -> float:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(
    ("moment", "open"),
    [
        ("2026-11-30 09:00", True),
        ("2026-11-30 08:59:59", False),
        ("2026-11-30 17:59:59", True),
        ("2026-11-30 18:00", False),
        ("2026-11-29 12:00", False),  # Sunday
        ("2026-11-23 12:00", False),  # 勤労感謝の日
        ("2026-09-22 12:00", False),  # 国民の休日, between two holidays
        ("2027-01-01 12:00", False),
        ("2026-11-24 12:00", True),
    ],
)
def test_business_hours(moment: str, open: bool) -> None:
    assert TOKYO.open(at(moment)) is open


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-30 10:00", 2, "2026-11-30 12:00"),
        ("2026-11-27 17:00", 2, "2026-11-30 10:00"),  # Friday evening
        ("2026-11-28 03:00", 1, "2026-11-30 10:00"),
        ("2026-11-20 17:00", 2, "2026-11-24 10:00"),  # Monday is a holiday
        ("2026-11-30 18:00", 9, "2026-12-01 18:00"),
        ("2026-11-30 10:00", 0, "2026-11-30 10:00"),
        ("2026-12-30 17:30", 1, "2027-01-04 09:30"),
    ],
)
def test_time_that_passes_only_while_somebody_works(start: str, hours: float, end: str) -> None:
    closed = (datetime.date(2026, 12, 31), datetime.date(2027, 1, 2))
    clock = BusinessHours(Calendar(closed=closed), "Asia/Tokyo")
    assert clock.after(at(start), hours * 3600) == at(end)


def test_a_clock_that_is_put_forward_moves_the_hours_not_their_number() -> None:
    berlin = BusinessHours(Calendar(holidays="DE"), "Europe/Berlin")
    friday, monday = at("2027-03-26 17:00", "Europe/Berlin"), at("2027-03-30 10:00", "Europe/Berlin")
    assert not berlin.worked(datetime.date(2027, 3, 29))  # Easter Monday; the clocks change on the 28th
    assert berlin.after(friday, 3600) > friday
    assert berlin.after(at("2027-03-25 17:00", "Europe/Berlin"), 7200) == monday


def test_a_calendar_without_a_working_day_has_no_end() -> None:
    with pytest.raises(ValueError, match="no working day"):
        BusinessHours(Calendar(days=()), "Asia/Tokyo").after(0.0, 1.0)


def test_the_day_is_the_organisations() -> None:
    assert TOKYO.day(at("2026-11-29 23:30", "UTC")) == datetime.date(2026, 11, 30)


def test_countries() -> None:
    assert {"JP", "US", "DE"} <= countries()


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-30 12:00", "2026-11-30 12:00"),
        ("2026-11-30 07:00", "2026-11-30 09:00"),
        ("2026-11-27 18:00", "2026-11-30 09:00"),  # Friday evening
        ("2026-11-20 21:00", "2026-11-24 09:00"),  # Monday is a holiday
        ("2026-09-18 20:00", "2026-09-24 09:00"),  # a weekend and three holidays
        ("2028-02-28 19:00", "2028-02-29 09:00"),
        ("2027-02-28 19:00", "2027-03-01 09:00"),
    ],
)
def test_the_next_opening(moment: str, opens: str) -> None:
    assert TOKYO.opens(at(moment)) == at(opens)


def test_where_nobody_ever_works_nothing_waits_for_an_opening() -> None:
    assert BusinessHours(Calendar(days=()), "Asia/Tokyo").opens(at("2026-11-30 12:00")) == at(
        "2026-11-30 12:00"
    )


@pytest.mark.parametrize(
    ("zone", "friday", "seconds", "monday"),
    [
        ("Europe/Berlin", "2026-03-27 17:00", 2 * 3600, "2026-03-30 10:00"),
        ("Europe/Berlin", "2026-10-23 17:00", 10 * 3600, "2026-10-26 18:00"),
        ("America/New_York", "2026-03-06 17:30", 1800, "2026-03-06 18:00"),
        ("America/New_York", "2026-10-30 17:30", 4.5 * 3600, "2026-11-02 13:00"),
    ],
)
def test_a_weekend_on_which_clocks_change_adds_and_takes_nothing(
    zone: str, friday: str, seconds: float, monday: str
) -> None:
    hours = BusinessHours(Calendar(holidays=""), zone)
    assert hours.after(at(friday, zone), seconds) == at(monday, zone)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-10-26"])
@pytest.mark.parametrize("opens", ["01:30", "02:30", "00:00"])
@pytest.mark.parametrize("closes", ["02:45", "03:30", "23:59"])
def test_hours_in_the_night_of_the_change_are_said_alike(day: str, opens: str, closes: str) -> None:
    """An hour that does not exist, or that comes twice: whether it is open now, and when it opens, agree."""
    times = {"opens": datetime.time.fromisoformat(opens), "closes": datetime.time.fromisoformat(closes)}
    hours = BusinessHours(Calendar(days=("sun", "mon"), holidays="", **times), "Europe/Berlin")
    start = at(f"{day} 00:00", "Europe/Berlin")
    for moment in (start + 600.0 * n for n in range(36)):
        assert hours.open(moment) is (hours.opens(moment) == moment and hours.after(moment, 1) <= moment + 1)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2027-03-27 00:00", 5, "2027-03-28 04:00"),  # 3 hours on Saturday; from 1 to 4 are 2 on Sunday
        ("2027-03-27 00:00", 6, "2027-03-29 02:00"),
        ("2027-03-28 01:30", 1, "2027-03-28 03:30"),
        ("2027-10-30 00:00", 7, "2027-10-31 04:00"),  # from 1 to 4 are 4
        ("2027-10-30 00:00", 8, "2027-11-01 02:00"),
        ("2027-10-31 01:30", 1, "2027-10-31 02:30"),  # the first of both
        ("2027-10-31 01:30", 2, "2027-10-31 02:30 CET"),
    ],
)
def test_hours_within_which_the_clocks_change_count_as_they_pass(start: str, hours: float, end: str) -> None:
    every = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    night = Calendar(days=every, opens=datetime.time(1), closes=datetime.time(4), holidays="")
    berlin = BusinessHours(night, "Europe/Berlin")
    moment, _, second = end.rpartition(" CET")
    wall = datetime.datetime.fromisoformat(moment or second).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    reached = berlin.after(at(start, "Europe/Berlin"), hours * 3600)
    assert reached == wall.replace(fold=1 if moment else 0).timestamp()


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Tokyo"])
def test_so_many_hours_are_as_many_minutes_at_which_somebody_works(zone: str) -> None:
    """Half a year over both changes of the clocks, whatever they change by."""
    clock = BusinessHours(Calendar(holidays=""), zone)
    for start in (at("2027-03-12 13:17", zone), at("2027-03-26 17:59", zone), at("2027-10-29 03:00", zone)):
        for hours in (0.5, 9, 30):
            end = clock.after(start, hours * 3600)
            minutes = sum(clock.open(start + 60 * n) for n in range(int((end - start) / 60)))
            assert minutes == hours * 60, (zone, start, hours)


def test_who_waits_for_the_opening_waits_for_the_clock_on_the_wall() -> None:
    berlin = BusinessHours(Calendar(holidays=""), "Europe/Berlin")
    for friday, monday in (
        ("2027-03-26 19:00", "2027-03-29 09:00"),
        ("2027-10-29 19:00", "2027-11-01 09:00"),
    ):
        assert berlin.opens(at(friday, "Europe/Berlin")) == at(monday, "Europe/Berlin")
