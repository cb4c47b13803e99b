"""Tables of people, and tables of anything else. `expects` is "people" or "none"."""

from collections.abc import Iterator

from tests.judged import Half, Sample, tables_deciding, tables_development
from tests.judged.forms import Form
from tests.judged.people import Town

FORMS: dict[Half, tuple[list[Form], list[Form]]] = {
    "development": (tables_development.PEOPLE, tables_development.CLEAN),
    "deciding": (tables_deciding.PEOPLE, tables_deciding.CLEAN),
}
PEOPLE, CLEAN = 9, 8  # variants of each form


def samples(half: Half) -> Iterator[Sample]:
    """Each form with other people and 12 to 45 rows."""
    for forms, variants, expects in zip(FORMS[half], (PEOPLE, CLEAN), ("people", "none"), strict=True):
        for form in forms:
            for number in range(variants):
                town = Town(half, f"tables/{form.kind}/{expects}/{number}")
                rows = [form.row(one, town.draw) for one in town.people(town.draw.randint(12, 45))]
                content = form.container(form.heads, rows, town.partner())
                name = f"tables/{half}/{form.kind}/{number}"
                yield Sample(name, half, content, expects, form.doubt)
