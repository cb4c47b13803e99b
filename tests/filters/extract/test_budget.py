"""One budget, four limits."""

import pytest

from filters.extract.budget import Budget, Stop


def test_each_limit_stops() -> None:
    budget = Budget(members=1, size=100, characters=3)
    budget.take_member()
    budget.take_bytes(100)
    assert budget.take_text("abc") == "abc"
    for spend in (budget.take_member, lambda: budget.take_bytes(1), lambda: budget.take_text("a")):
        with pytest.raises(Stop) as stop:
            spend()
        assert stop.value.verdict == "limit"


def test_the_ratio_counts_beyond_the_free_bytes() -> None:
    budget = Budget()
    budget.take_bytes(1, inflated=Budget.FREE, compressed=1)
    with pytest.raises(Stop):
        budget.take_bytes(1, inflated=Budget.FREE + 1, compressed=1)
