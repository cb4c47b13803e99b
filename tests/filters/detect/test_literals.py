"""Literals: one pass finds exactly those that a search for each would find."""

from hypothesis import given
from hypothesis import strategies as st

from filters.detect.literals import Literals

_TEXTS = st.text(alphabet="ab関所.(*\n", max_size=40)


@given(st.lists(st.text(alphabet="ab関所.(*", min_size=1, max_size=3), min_size=1, max_size=6), _TEXTS)
def test_exactly_those_that_occur(literals: list[str], text: str) -> None:
    assert list(Literals(literals).within(text)) == [w for w in dict.fromkeys(literals) if w in text]


def test_lone_surrogates_are_not_an_error() -> None:
    assert Literals(["b"]).within("a\udc80b") == ("b",)
