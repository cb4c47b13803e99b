"""How groups, cases and exceptions are written."""

import datetime
from typing import Any

import msgspec
import pytest

from config.cases import (
    Calendar,
    Case,
    Group,
    PolicyException,
    Recipients,
    Staff,
    When,
    days,
    named,
    several,
    size,
)


@pytest.mark.parametrize(("text", "number"), [("10 MB", 10_000_000), ("500kB", 500_000), ("0 MB", 0)])
def test_sizes(text: str, number: int) -> None:
    assert size(text) == When(size_over=text).bytes_over == number


@pytest.mark.parametrize("text", ["", "10", "10 mb", "-1 MB", "1.5 MB", "10 MB ", "１０ MB"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        size(text)


@pytest.mark.parametrize("text", ["", "30", "30 days", "-1d", "d"])
def test_what_is_no_number_of_days(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number of days"):
        days(text)


def test_what_is_not_said_is_not_asked() -> None:
    assert (When().bytes_over, Staff().leaving_days) == (None, None)
    assert several("one") == ("one",)
    assert several(("one", "two")) == ("one", "two")


@pytest.mark.parametrize(
    ("group", "empty"),
    [
        (Group(), True),
        (Group(people=Staff()), True),
        (Group(recipients=Recipients()), True),
        (Group(people=Staff(attributes={"site": "Osaka"})), False),
        (Group(recipients=Recipients(domains="a.example")), False),
    ],
)
def test_groups_of_nobody(group: Group, empty: bool) -> None:
    assert group.empty is empty


def test_they_are_what_the_file_says_and_survive_the_way_to_a_worker() -> None:
    written: dict[str, Any] = {
        "rule": "many_external",
        "when": {"from": "hr", "to": ["alumni"], "class": "社外秘"},
        "owner": "hanako", "reason": "r", "approved_by": "shacho", "until": datetime.date(2027, 3, 31),
    }  # fmt: skip
    read = msgspec.convert(written, PolicyException)
    assert (read.when.sender, read.when.of, read.then) == ("hr", "社外秘", "observe")
    for value in (read, Calendar(closed=(datetime.date(2026, 12, 29),))):
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=type(value)) == value


def test_what_has_no_name_is_called_by_its_place_in_each_language() -> None:
    assert named(Case(When(to="x"), "hold").called(1), "ja") == "事例2"
    assert named("exception 3", "ja") == "例外3"
    assert named("exception 3", "en") == "exception 3"
    assert named("case closed", "ja") == "case closed", "somebody's own name"
