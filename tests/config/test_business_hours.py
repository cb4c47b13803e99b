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
