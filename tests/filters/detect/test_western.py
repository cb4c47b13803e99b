"""Addresses and telephone numbers outside Japan, and what looks like them; records of people that are made of them."""

import pytest

from filters.detect.persons import records
from filters.detect.western import DATA, number
from mail.charset import fold


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12 Main Street, Springfield", "street"),
        ("4B Old Mill Rd", "street"),
        ("1600 Pennsylvania Avenue NW", "street"),
        ("Springfield, IL 62701", "postcode"),
        ("Austin TX 78701-1234", "postcode"),
        ("London SW1A 1AA", "postcode"),
        ("+44 20 7946 0958", "foreign"),
        ("tel +1 (212) 555-0123", "foreign"),
        ("(212) 555-0123", "foreign"),
        ("212-555-0123", "foreign"),
    ],
)
def test_found(text: str, kind: str) -> None:
    match = DATA.search(text)
    assert match is not None
    assert match.lastgroup == kind


@pytest.mark.parametrize(
    "text",
    [
        "12 apples on the way",
        "Order 1-212-555-0123-4",
        "2026-11-02 10:00",
        "version 1.212.555",
        "AB 12345",
        "IN 2026",
        "part A1 2BC3",
        "+81 3-1234-5678",
        "3 of the best drive shafts",
    ],
)
def test_not_found(text: str) -> None:
    assert not DATA.search(text)


def test_a_number_has_a_length() -> None:
    assert number("+44 20 7946 0958") == "442079460958"
    assert number("+1 2 3 4 5 6 7") == ""


ROWS = [("John Smith", "12 Main Street, Springfield, IL 62701"), ("Mary O. Jones", "4 High Road, London N1 9GU"),
        ("Peter Brown", "(212) 555-0123"), ("Anna Lee", "+44 20 7946 0958")]  # fmt: skip


@pytest.mark.parametrize("joint", [", ", "\t", "\n", " | "])
def test_records_of_names_and_addresses(joint: str) -> None:
    text = "\n\n".join(joint.join(row) for row in ROWS)
    assert len(records(fold(text.replace("\t", "\x1f")), text).records) == 4
