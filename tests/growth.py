"""Whether a cost grows with its input: the same work on an input four times as large, in CPU time of this thread.

A square takes sixteen times as long, what is linear four times; the bar is between them. Other processes take
wall-clock time from us, but little CPU time; a bad moment is met by the best of several, and who passes needs one.
"""

import time
from collections.abc import Callable
from typing import TypeVar

TIMES = 4
BAR = 8.5
ROUNDS = 12
"""At most: on a busy machine the caches are cold, and of four rounds none was like a quiet one's."""
NOTHING = 0.05
"""Seconds below which nobody cares how they grow, nor a clock could say."""

Made = TypeVar("Made")


def growth(make: Callable[[int], Made], work: Callable[[Made], object], size: int) -> float:
    """How many times as long `work` takes on `make(TIMES * size)` as on `make(size)`; 0 when both are quick."""
    small, large = make(size), make(TIMES * size)
    best, most = float("inf"), float("inf")
    for _ in range(ROUNDS):
        most = min(most, _seconds(work, large))
        if most < NOTHING:
            return 0
        best = min(best, _seconds(work, small))
        if most < BAR * best:
            break
    return most / best


def _seconds(work: Callable[[Made], object], given: Made) -> float:
    begin = time.thread_time()
    work(given)
    return time.thread_time() - begin
