"""The fourth tables: every kind is a recipe of the data file."""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.fourth.recipe import kinds


def samples(half: Half) -> Iterator[Sample]:
    """All kinds, in the order of the file."""
    yield from kinds("tables", half)
