"""What a mail costs, counted: a change that makes it dearer is seen here."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import guard
from bench.stand import counting
from tests.services.programs import required

KEPT = {"inbound": {"calls": 1000.0, "statements": 3.0}}


@pytest.mark.parametrize(
    ("calls", "worse", "better"), [(1000, 0, 0), (1030, 0, 0), (970, 0, 0), (1032, 1, 0), (968, 0, 1)]
)
def test_what_grew_and_what_shrank(calls: float, worse: int, better: int) -> None:
    found = guard.compared({"inbound": {"calls": calls, "statements": 3.0}}, KEPT)
    assert tuple(map(len, found)) == (worse, better)


def test_what_was_not_counted_here_is_not_compared() -> None:
    assert guard.compared({"inbound": {"calls": 1000.0}}, KEPT) == ([], [])


def test_a_new_count_must_be_kept() -> None:
    (told,), _ = guard.compared({"inbound": {"re2": 2.0}}, KEPT)
    assert "not kept yet" in told


def test_calls_are_counted() -> None:
    def work() -> None:
        for _ in range(7):
            "ü".encode()
            sorted([], key=len)

    counts = counting.calls(work)
    assert counts["encodes"] == 7
    assert counts["calls"] == 1
    assert counts["c calls"] >= 14


def test_re2_is_counted() -> None:
    import re2

    pattern = re2.compile("a+")
    assert counting.calls(lambda: pattern.search("xaa"))["re2"] > 0


def test_blocks_are_counted() -> None:
    kept: list[object] = []

    def work() -> None:
        kept.extend([n] for n in range(1_000))

    blocks = counting.blocks(work)
    if blocks is None:
        pytest.skip("needs a C compiler")
    assert 1_000 <= blocks < 5_000


@pytest.mark.system
@pytest.mark.timeout(1_200)
def test_a_mail_costs_what_is_kept() -> None:
    """`./dev bench guard --write` keeps new figures, where a change is meant to cost more."""
    required("cc")
    for _ in range(3):  # what a loaded machine adds, waking a process in vain, it does not add three times
        found = subprocess.run(
            [sys.executable, "-m", "bench", "guard"],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=False,
        )
        if not found.returncode:
            return
    raise AssertionError((found.stdout + found.stderr).decode())
