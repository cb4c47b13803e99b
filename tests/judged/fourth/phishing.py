"""Mass phishing of Japan and of the world. `expects` is "warned"."""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.fourth.attacks import arrivals


def samples(half: Half) -> Iterator[Sample]:
    """Each twice."""
    yield from arrivals("phishing", half, "warned")
