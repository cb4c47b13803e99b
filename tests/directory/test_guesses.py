"""Counters of guesses, with time as an argument."""

from directory.guesses import Guesses
from storage.tally import MOST

TARO = ("account", "taro")


def test_an_attempt_counts_against_each_of_its_counters() -> None:
    guesses = Guesses(3, 900)
    assert all(guesses.attempt([("network", f"192.0.2.{n}"), TARO], float(n)) for n in range(3))
    assert not guesses.attempt([("network", "192.0.2.99"), TARO], 4.0)
    assert guesses.attempt([("network", "192.0.2.99"), TARO], 901.0)
    guesses = Guesses(3, 900)
    assert all(guesses.attempt([("network", "192.0.2.1"), ("account", n)], float(n)) for n in range(3))
    assert not guesses.attempt([("network", "192.0.2.1"), ("account", 9)], 4.0)
    assert guesses.attempt([("account", 9)], 4.0), "what was refused counted nowhere"


def test_what_succeeds_is_no_failure() -> None:
    guesses = Guesses(2, 900)
    for n in range(20):
        assert guesses.attempt([TARO], float(n))
        guesses.settle([TARO], float(n), float(n), failed=False)


def test_attempts_at_the_same_moment_do_not_outrun_the_limit() -> None:
    guesses = Guesses(3, 900)
    assert [guesses.attempt([TARO], 0.0) for _ in range(5)] == [True] * 3 + [False] * 2


def test_what_is_undecided_may_make_room_and_what_failed_does_not() -> None:
    guesses = Guesses(2, 900)
    assert guesses.attempt([TARO], 0.0)
    assert guesses.attempt([TARO], 1.0)
    assert guesses.undecided([TARO], 2.0)
    guesses.settle([TARO], 0.0, 2.0, failed=True)
    assert guesses.undecided([TARO], 2.0)
    guesses.settle([TARO], 1.0, 2.0, failed=True)
    assert not guesses.undecided([TARO], 2.0)
    assert not guesses.attempt([TARO], 2.0)
    assert not len(guesses._open)


def test_tables_are_bounded_and_a_full_one_makes_no_other_forget() -> None:
    guesses = Guesses(1, 900)
    guesses.attempt([TARO], 0.0)
    for n in range(MOST + 50):
        guesses.attempt([("nobody", n)], 0.0)
    assert not guesses.attempt([TARO], 1.0)
    assert len(guesses._kinds["nobody"].tally) == MOST
