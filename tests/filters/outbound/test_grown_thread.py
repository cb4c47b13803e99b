"""OUT-MISSEND: answers to many more."""

import pytest

from filters.facts import Acquaintances, Thread
from tests.filters.mails import SENDER, plain, recalled

BEFORE = frozenset({SENDER, "suzuki@us.example"})


@pytest.mark.parametrize(
    ("new", "before", "found"),
    [(4, BEFORE, False), (5, BEFORE, True), (5, BEFORE | {f"b{n}@p.example" for n in range(9)}, False)],
)
def test_as_many_as_before_and_more_than_a_few(new: int, before: frozenset[str], found: bool) -> None:
    to = ["suzuki@us.example", *(f"n{n}@q.example" for n in range(new))]
    sights = recalled("grown_thread", plain("x"), *to, memory=Acquaintances(thread=Thread(before)))
    assert [f.about for f in sights] == ([tuple(to[1:])] if found else [])
    assert [f.recipients for f in sights] == ([tuple(range(1, new + 1))] if found else [])


def test_lists_of_ours_count_and_come_last() -> None:
    to = ["all@us.example", "x@us.example", "y@us.example", "z@us.example", "a@p.example"]
    (found,) = recalled("grown_thread", plain("x"), *to, memory=Acquaintances(thread=Thread(BEFORE)))
    assert found.about == ("a@p.example", "all@us.example", "x@us.example", "y@us.example", "z@us.example")


def test_a_mail_that_answers_nothing() -> None:
    assert not recalled(
        "grown_thread", plain("x"), *(f"n{n}@q.example" for n in range(9)), memory=Acquaintances()
    )
