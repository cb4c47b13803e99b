"""Groups of nobody, exceptions of nobody, exceptions that are over."""

import datetime
from typing import Any

import msgspec
import pytest

from config.cases import Group, PolicyException, Recipients, Staff, When
from config.load import load_policy, shipped
from directory.people_file import PeopleEntry
from gateway.start.never_cases import doubts_of_delay, doubts_of_groups

TODAY = datetime.date(2026, 11, 29)
PEOPLE = [
    PeopleEntry("hanako", department="sales", addresses=("hanako@us.example",)),
    PeopleEntry("shacho", department="board"),
    PeopleEntry("gone", department="hr", disabled=True),
]
EXCEPTION = PolicyException("many_external", When(sender="sales"), "hanako", "r", "shacho", TODAY)


def doubts(*exceptions: PolicyException, **groups: Group) -> list[str]:
    policy = msgspec.structs.replace(shipped(), groups=groups, exceptions=exceptions)
    return list(doubts_of_groups(PEOPLE, policy, TODAY))


@pytest.mark.parametrize(
    ("group", "doubted"),
    [
        (Group(people=Staff(department="sales")), False),
        (Group(people=Staff(department="hr")), True),
        (Group(people=Staff(department="seles")), True),
        (Group(people=Staff(leaving_within="30d")), False),
        (Group(recipients=Recipients(domains="koyo.example")), False),
    ],
)
def test_groups_of_people_who_are_not_there(group: Group, doubted: bool) -> None:
    assert doubts(g=group) == (["groups.g: nobody in the people file belongs to it"] if doubted else [])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, ""),
        ({"until": datetime.date(2026, 11, 28)}, "exceptions.0.until: is over since 2026-11-28"),
        ({"owner": "hanoko"}, "exceptions.0.owner: nobody has the login 'hanoko'; did you mean \"hanako\"?"),
        ({"approved_by": "gone"}, "exceptions.0.approved_by: nobody has the login 'gone'"),
    ],
)
def test_exceptions(more: dict[str, Any], words: str) -> None:
    found = doubts(msgspec.structs.replace(EXCEPTION, **more))
    assert [f[: len(words)] for f in found] == ([words] if words else [])


@pytest.mark.parametrize(
    ("presets", "doubted"),
    [
        (("rulebook",), ""),
        (("adaptive", "rulebook"), ""),
        (("adaptive",), ""),
        (
            ("rulebook", "adaptive"),
            'rules.external_recipient.cases.0.then: "delay 0s" lets mail leave at once',
        ),
        (("rulebook", "adaptive", "observe"), ""),
    ],
)
def test_the_rule_book_is_not_undone_by_what_lies_above_it(presets: tuple[str, ...], doubted: str) -> None:
    found = list(doubts_of_delay(presets, load_policy(None, presets, demo=True)))
    assert [each[: len(doubted)] for each in found] == ([doubted] if doubted else [])
