"""No wait without somebody who is told, and none without an end."""

import datetime
import itertools
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.business_hours import BusinessHours
from config.cases import Calendar
from config.consequence import UNTIL_RELEASED
from quarantine.item import State
from quarantine.waits.steps import DAY, Readers, Times, Wait, kind_of, next_at, steps
from tests.quarantine.items import item

TOKYO = BusinessHours(Calendar(), "Asia/Tokyo")


def at(text: str) -> float:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()


@pytest.mark.parametrize("kind", Wait)
def test_somebody_is_told_the_sender_is_warned_and_it_ends(kind: Wait) -> None:
    every = steps(kind, Times())
    assert all(step.readers is not Readers.NOBODY and step.letter for step in every[:-1])
    assert every[-1].ends
    assert not any(step.ends for step in every[:-1])
    assert every[-2].readers is Readers.SENDER, "nobody's mail is returned unannounced"
    if kind is not Wait.SENDER:  # who hears of it in the letter about the hold
        assert not every[0].hours
        assert not every[0].days


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"approvals": ("president",), "holds": ("x",)}, Wait.APPROVAL),
        ({"holds": ("x",)}, Wait.REVIEW),
        ({"delay": UNTIL_RELEASED, "due_at": None}, Wait.SENDER),
        ({"delay": 300, "due_at": None}, Wait.SENDER),  # stopped
        ({"delay": 300, "due_at": 5.0}, None),
        ({"holds": ("x",), "direction": "inbound"}, None),
        ({"holds": ("x",), "state": State.WITHDRAWN}, None),
    ],
)
def test_whose_word_is_missing(changes: dict[str, Any], kind: Wait | None) -> None:
    assert kind_of(item(**{"state": State.HELD, **changes})) is kind


def test_steps_are_counted_in_business_hours_from_the_beginning() -> None:
    every, friday = steps(Wait.APPROVAL, Times()), at("2026-11-27 17:00")
    reminded = next_at(every[0], every[1], friday, friday, TOKYO)
    assert reminded == at("2026-11-30 12:00")
    alerted = next_at(every[1], every[2], friday, reminded, TOKYO)
    assert alerted == at("2026-11-30 17:00")
    assert next_at(every[2], every[3], friday, alerted, TOKYO) == friday + 5 * DAY
    assert next_at(every[3], every[4], friday, friday + 5 * DAY, TOKYO) == friday + 10 * DAY


@pytest.mark.parametrize("kind", Wait)
def test_after_a_month_of_standstill_nothing_comes_on_the_heels_of_anything(kind: Wait) -> None:
    since = at("2026-11-02 10:00")
    now = since + 30 * DAY
    every = steps(kind, Times())
    for before, step in itertools.pairwise(every):
        due = next_at(before, step, since, now, TOKYO)
        assert due >= now + (DAY if step.days else 4 * 3600)
        now = due
