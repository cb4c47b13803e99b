"""Card numbers and individual numbers (マイナンバー), and numbers that are neither.

`expects` is "card", "mynumber" or "none".
"""

from collections.abc import Iterator

from tests.judged import Half, Sample, numbers_deciding, numbers_development
from tests.judged.digits import Kind
from tests.judged.people import Town

KINDS: dict[Half, list[Kind]] = {
    "development": numbers_development.FOUND + numbers_development.CLEAN,
    "deciding": numbers_deciding.FOUND + numbers_deciding.CLEAN,
}


def samples(half: Half) -> Iterator[Sample]:
    """Each context with other numbers."""
    for kind in KINDS[half]:
        for number in range(kind.variants):
            town = Town(half, f"numbers/{kind.kind}/{number}")
            name = f"numbers/{half}/{kind.kind}/{number}"
            yield Sample(name, half, kind.make(town), kind.expects, kind.doubt)
