"""Tallies: those of one process, and those that several have together."""

import os
import time
from collections.abc import Callable

import pytest

from storage.tally import MOST, SharedTally, Tallies, Tally


def in_another_process(work: Callable[[], object]) -> int:
    """Run it in a fork; the exit status."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("make", [Tally, lambda: SharedTally(2)])
def test_numbers_are_kept_by_key(make: Callable[[], Tally]) -> None:
    tally = make()
    with tally:
        assert tally.get("a") is None
        tally.set("a", (1.0, -2.5))
        tally.set("鍵\udc80", (3.0, 0.0))
        tally.set("a", (2.0, float("-inf")))
        assert tally.get("a") == (2.0, float("-inf"))
        assert tally.get("鍵\udc80") == (3.0, 0.0)
        assert len(tally) == 2
        tally.drop("a")
        tally.drop("never")
        assert tally.get("a") is None
        assert len(tally) == 1


def test_the_oldest_go_first() -> None:
    tally = Tally(most=3)
    for key in ("a", "b", "c", "a", "d"):
        tally.set(key, (1.0,))
    assert [tally.get(key) is not None for key in "abcd"] == [True, False, True, True]


def test_a_shared_one_remembers_enough_and_no_more_than_it_has_room_for() -> None:
    tally = SharedTally(1)
    for number in range(MOST):
        tally.set(f"{number}", (float(number),))
    kept = [number for number in range(MOST) if tally.get(f"{number}") == (float(number),)]
    assert len(kept) == len(tally) > 0.9 * MOST
    tally.set("last", (1.0,))
    assert tally.get("last") == (1.0,)
    for number in range(2 * MOST):
        tally.set(f"more {number}", (1.0,))
    assert len(tally) <= 32_768
    assert tally.get("last") is None or len(tally) < 32_768


def test_what_another_process_writes_is_there() -> None:
    tally = SharedTally(2)
    tally.set("ours", (1.0, 1.0))
    in_another_process(lambda: (tally.set("theirs", (2.0, 3.0)), tally.drop("ours")))
    assert tally.get("theirs") == (2.0, 3.0)
    assert tally.get("ours") is None


def test_no_change_is_lost_between_processes() -> None:
    tally, times = SharedTally(1), 2_000

    def count() -> None:
        for _ in range(times):
            with tally:
                (number,) = tally.get("n") or (0.0,)
                tally.set("n", (number + 1,))

    pids = []
    for _ in range(3):
        if (pid := os.fork()) == 0:
            count()
            os._exit(0)
        pids.append(pid)
    count()
    for pid in pids:
        os.waitpid(pid, 0)
    assert tally.get("n") == (4.0 * times,)


def test_a_lock_ends_with_its_holder() -> None:
    tally = SharedTally(1)

    def die() -> None:
        tally.__enter__()
        os.kill(os.getpid(), 9)

    assert in_another_process(die) == -9
    before = time.monotonic()
    with tally:
        tally.set("a", (1.0,))
    assert time.monotonic() - before < 60


def test_what_is_counted_by_process_ends_with_it() -> None:
    shared = {"inside": SharedTally(3)}
    first, last = Tallies(shared, 0, 3), Tallies(shared, 2, 3)
    tally = first.of("inside")
    assert last.of("inside") is tally
    tally.set("a", first.added(None, 1))
    tally.set("a", last.added(tally.get("a"), 2))
    tally.set("b", last.added(None, 1))
    assert tally.get("a") == (1.0, 0.0, 2.0)
    assert isinstance(tally, SharedTally)
    tally.clear(2)
    assert tally.get("a") == (1.0, 0.0, 0.0)
    assert tally.get("b") is None
    assert first.added(None, -1) == (0.0, 0.0, 0.0), "never less than none"


def test_alone_everything_is_ones_own() -> None:
    alone = Tallies()
    assert alone.of("x") is not alone.of("x")
    assert alone.added((4.0,), 1) == (5.0,)
