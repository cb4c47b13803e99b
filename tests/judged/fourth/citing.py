"""Honest arriving mail that resembles attacks. `expects` is "clean"."""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.fourth.attacks import arrivals


def samples(half: Half) -> Iterator[Sample]:
    """Each twice."""
    yield from arrivals("citing", half, "clean")
