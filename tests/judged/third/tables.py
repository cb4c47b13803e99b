"""Tables of people and of anything else, in other forms than the halves before. `expects` is "people" or "none"."""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.people import Town
from tests.judged.third.charts import CLEAN
from tests.judged.third.rosters import PEOPLE

VARIANTS = 3
FEW = {"card-sheets", "emergency-chain", "sentence-birth", "slide-table", "turned"}  # nobody sends these long


def samples(half: Half) -> Iterator[Sample]:
    """Each form with other rows: ten to forty, a dozen where more would be odd."""
    for forms, expects in ((PEOPLE, "people"), (CLEAN, "none")):
        for form in forms:
            for number in range(VARIANTS):
                town = Town(half, f"tables/{form.kind}/{expects}/{number}")
                count = town.draw.randint(10, 14 if form.kind in FEW else 40)
                drawn = [form.row(one, town.draw) for one in town.people(count)]
                rows = [row for n, row in enumerate(drawn) if row not in drawn[:n]]
                content = form.container(form.heads, rows, town.partner())
                yield Sample(f"tables/{half}/{form.kind}/{number}", half, content, expects, form.doubt)
