"""OUT-MISSEND: a first mail."""

from filters.facts import Acquaintances
from tests.filters.mails import plain, recalled, written_to


def test_addresses_to_which_nothing_ever_left() -> None:
    memory = Acquaintances({"a@p.example": written_to()})
    (found,) = recalled("first_time", plain("x"), "a@p.example", "B@p.example", "c@us.example", memory=memory)
    assert found.about == ("b@p.example",)
    assert not recalled("first_time", plain("x"), "b@p.example", memory=memory, learning=True)
