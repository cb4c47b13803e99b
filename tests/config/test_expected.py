"""What a value should have been is told as it is written, not as msgspec calls it."""

from typing import Any

import msgspec
import pytest

from config.cases import Case, PolicyException
from config.expected import refused
from config.policy import Calendar, Organisation
from directory.people_file import PeopleEntry


def field(struct: Any, name: str) -> Any:
    return next(each.type for each in msgspec.structs.fields(struct) if each.name == name)


@pytest.mark.parametrize(
    ("value", "type", "sentence"),
    [
        ("5", int, "k: must be a whole number, without quotation marks; it is a text"),
        (True, int, "k: must be a whole number, without quotation marks; it is true or false"),
        ("yes", bool, "k: must be true or false, without quotation marks; it is a text"),
        ({"koyo.example": ["高洋"]}, field(Organisation, "partners"),
         "k.koyo.example: must be a text in quotation marks; it is a list"),
        ({"president": 1}, field(Organisation, "next_in_line"),
         "k.president: must be a text in quotation marks; it is a number"),
        (["mon", "月"], field(Calendar, "days"),
         'k.1: must be "mon", "tue", "wed", "thu", "fri", "sat" or "sun"'),
        ("9:00", field(Calendar, "opens"), "k: must be a time such as 09:00:00"),
        ("2027-3-31", field(PolicyException, "until"), "k: must be a day such as 2027-03-31"),
        ({"when": {"size_over": 10}, "then": "hold"}, Case,
         'k.when.size_over: must be a text in quotation marks, such as "10 MB"; it is a number'),
        ({"when": {"hours": "busines"}, "then": "hold"}, Case,
         'k.when.hours: must be "business" or "outside"; did you mean "business"?'),
        ({"then": "hold", "from": "sales", "when": {}}, Case,
         "k.from: no such key; it belongs in when = { from = … }"),
        ("2027-3-31", field(PeopleEntry, "leaving"), "k: must be a day such as 2027-03-31"),
    ],
)  # fmt: skip
def test_what_a_value_should_have_been(value: Any, type: Any, sentence: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(value, type)
    assert refused("k", value, type, caught.value) == sentence
