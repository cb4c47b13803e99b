"""Cards and individual numbers in other contexts, and other numbers that pass. `expects`: "card", "mynumber", "none"."""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.people import Town
from tests.judged.third.held import FOUND
from tests.judged.third.passing import CLEAN


def samples(half: Half) -> Iterator[Sample]:
    """Each context with other numbers."""
    for kind in (*FOUND, *CLEAN):
        for number in range(kind.variants):
            town = Town(half, f"numbers/{kind.kind}/{number}")
            name = f"numbers/{half}/{kind.kind}/{number}"
            yield Sample(name, half, kind.make(town), kind.expects, kind.doubt)
