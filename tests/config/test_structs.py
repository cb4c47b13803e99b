"""Tables as values: each mistake with its whole key."""

from typing import Any

import pytest

from config.cases import Case, Group
from config.structs import table_as, tables


@pytest.mark.parametrize(
    ("written", "type", "problem"),
    [
        ({"peple": {}}, Group, 'g.peple: no such key; did you mean "people"?'),
        ({"people": {"departement": "x"}}, Group, 'g.people.departement: no such key; did you mean "department"?'),
        ({"recipients": {"domains": 3}}, Group, "g.recipients.domains: must be a text in quotation marks or a list in brackets: [ … ]; it is a number"),
        ({"then": "hold"}, Case, "g: when is missing"),
        ({"when": {"hours": "night"}, "then": "hold"}, Case, 'g.when.hours: must be "business" or "outside"'),
        ({"when": {"form": "a"}, "then": "hold"}, Case, 'g.when.form: no such key; did you mean "from"?'),
        ("text", Group, "g: must be a table in braces: { … }; it is a text"),
    ],
)  # fmt: skip
def test_mistakes_have_their_keys(written: Any, type: Any, problem: str) -> None:
    problems: list[str] = []
    assert table_as("g", written, type, problems) is None
    assert problems == [problem]


def test_a_list_keeps_its_numbers_or_is_not_read() -> None:
    problems: list[str] = []
    good = {"when": {}, "then": "hold"}
    assert len(tables("c", [good, good], Case, problems)) == 2
    assert not problems
    assert tables("c", [good, {}, good], Case, problems) == ()
    assert tables("c", good, Case, problems) == ()
    assert [p.partition(":")[0] for p in problems] == ["c.1", "c"]
