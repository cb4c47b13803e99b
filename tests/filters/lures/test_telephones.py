"""Which telephone numbers no plan has."""

import pytest

from filters.lures.telephones import digits, impossible, possible


@pytest.mark.parametrize(
    ("number", "expected"),
    [("0312345678", True), ("09012345678", True), ("0120123456", True), ("08001234567", True), ("+4930123456", True),
     ("031234567", False), ("0901234567", False), ("0501234567", False), ("08000234567", True), ("0112345678", True),
     ("011234", False), ("01144123456789", True)],
)  # fmt: skip
def test_the_numbering_plan(number: str, expected: bool) -> None:
    assert possible(number) is expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("03-0123-4567", True), ("(045)012-3456", True), ("0120-012-345", False), ("0570-012-345", False),
     ("050-0123-4567", False), ("03-2123-4567", False), ("03-0000-1234", False), ("+81-3-0123-4567", False)],
)  # fmt: skip
def test_no_exchange_begins_with_nothing(number: str, expected: bool) -> None:
    assert impossible(number, "") is expected


def test_a_number_of_japan_is_judged_where_japanese_is_written() -> None:
    assert impossible("03-123-4567", "〒100")
    assert not impossible("020 7946 0958", "london")
    assert digits("+81 (0)3-1234-5678") == "0312345678"
