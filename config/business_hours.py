"""When the organisation works: the policy's calendar in its time zone, asked about a moment.

Public holidays come from the package `holidays` (python-holidays, MIT), by country.
"""

import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from config.cases import Calendar

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FOREVER = 3660
"""Days to look ahead for one that is worked on: a calendar without any has no end."""


class BusinessHours:
    """`calendar` in a time zone (IANA name). Moments are UTC seconds since the epoch."""

    def __init__(self, calendar: Calendar, zone: str) -> None:
        self._calendar = calendar
        self._zone = ZoneInfo(zone)
        self._closed = frozenset(calendar.closed)
        self._hours = lru_cache(maxsize=64)(self._hours_of)

    def day(self, moment: float) -> datetime.date:
        """The date where the organisation is."""
        return self._local(moment).date()

    def open(self, moment: float) -> bool:
        """True within the hours of a day that is worked on; the closing minute is outside."""
        day = self.day(moment)
        opens, closes = self._hours(day)
        return opens <= moment < closes and self.worked(day)

    def worked(self, day: datetime.date) -> bool:
        """True for a day of the week that is worked on, and no holiday."""
        calendar = self._calendar
        if WEEK[day.weekday()] not in calendar.days or day in self._closed:
            return False
        return not calendar.holidays or day not in _holidays(calendar.holidays, day.year)

    def after(self, moment: float, seconds: float) -> float:
        """The moment at which so many seconds of business hours have passed since `moment`.

        Raises ValueError when no day is worked on within ten years.
        """
        day = self.day(moment)
        for _ in range(FOREVER):
            if self.worked(day):
                opens, closes = self._hours(day)
                start = max(moment, opens)
                if start < closes and seconds <= closes - start:
                    return start + seconds
                seconds -= max(0.0, closes - start)
            day += datetime.timedelta(days=1)
        raise ValueError("the calendar has no working day")

    def opens(self, moment: float) -> float:
        """When business hours begin next; the same moment within them, and where no day is worked on."""
        try:
            return self.after(moment, 0.0)
        except ValueError:
            return moment

    def _hours_of(self, day: datetime.date) -> tuple[float, float]:
        calendar = self._calendar
        ends = (calendar.opens, calendar.closes)
        opens, closes = (datetime.datetime.combine(day, each, tzinfo=self._zone).timestamp() for each in ends)
        return opens, closes

    def _local(self, moment: float) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(moment, self._zone)


@lru_cache(maxsize=4)
def business_hours(calendar: Calendar, zone: str) -> BusinessHours:
    """The same for the same calendar and zone."""
    return BusinessHours(calendar, zone)


def countries() -> frozenset[str]:
    """The countries whose holidays are known (ISO 3166-1 alpha-2)."""
    return frozenset(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> frozenset[datetime.date]:
    return frozenset(holidays.country_holidays(country, years=year))
