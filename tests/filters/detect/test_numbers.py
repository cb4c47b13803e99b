"""Numbers of people: check digits, groups and borders."""

import random

import pytest

from filters.detect.numbers import (
    beginnings,
    candidates,
    card,
    corporate_number,
    driver_licence,
    insurer,
    luhn,
    masked,
    my_number,
)


def found(text: str) -> list[tuple[str, str]]:
    return [(kind, digits) for at in beginnings(text) for kind, digits, _ in candidates(text, at)]


def test_one_random_number_in_ten_has_a_right_check_digit() -> None:
    chance = random.Random(4)
    right = sum(my_number(f"{chance.randrange(10**12):012d}") for _ in range(5000))
    assert 400 < right < 600


@pytest.mark.parametrize("digits", ["123456789018", "987654321012"])
def test_my_number_has_exactly_one_check_digit(digits: str) -> None:
    assert [d for d in "0123456789" if my_number(digits[:11] + d)] == [
        d for d in "0123456789" if d == expected(digits[:11])
    ]


def expected(eleven: str) -> str:
    weights = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
    rest = sum(int(d) * w for d, w in zip(eleven, weights, strict=True)) % 11
    return str(0 if rest <= 1 else 11 - rest)


@pytest.mark.parametrize(
    "digits", ["000000000000", "111111111111", "12345678901", "１２３４５６７８９０１８"]
)
def test_what_is_not_a_my_number(digits: str) -> None:
    assert not my_number(digits)


@pytest.mark.parametrize(
    "digits",
    ["4111111111111111", "5555555555554444", "2223003122003222", "378282246310005", "3530111333300000",
     "36227206271667", "6011111111111117", "6200000000000005", "4222222222222"],
)  # fmt: skip
def test_cards_of_each_issuer(digits: str) -> None:
    assert card(digits)
    assert not card(digits[:-1] + str((int(digits[-1]) + 1) % 10))


@pytest.mark.parametrize("digits", ["1111111111111117", "9999999999999995", "4111111111111"])
def test_a_luhn_sum_alone_does_not_make_a_card(digits: str) -> None:
    assert not card(digits)


def test_luhn() -> None:
    assert luhn("79927398713")
    assert not luhn("79927398710")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("4111 1111 1111 1111", "card"),
        ("4111-1111-1111-1111", "card"),
        ("card:4111111111111111.", "card"),
        ("3782 822463 10005", "card"),
        ("4111 1111 1111 1111 123", "card"),
        ("1234 5678 9018", "my_number"),
        ("1234-5678-9018", "my_number"),
        ("番号123456789018です", "my_number"),
        ("a\t123456789018\t4", "my_number"),
    ],
)
def test_usual_groups_are_read(text: str, kind: str) -> None:
    assert [k for k, _ in found(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "41111111 11111111",  # two columns, no grouping of a card
        "4111,1111,1111,1111",
        "4111\t1111\t1111\t1111",  # cells
        "4111 1111-1111 1111",  # mixed separators
        "94111111111111111",
        "4111111111111111-2",
        "x4111111111111111",
        "4111111111111111@id.example",
        "1234 5678 9018 4444",  # the beginning of something longer
        "03-1234-5678 090-1234-5678",
        "12345678901 8",
    ],
)
def test_what_only_looks_alike_is_not_read(text: str) -> None:
    assert found(text) == []


def test_evidence_shows_the_last_four_only() -> None:
    assert masked("123456789018") == "********9018"


def test_corporate_numbers_begin_with_their_check_digit() -> None:
    assert corporate_number("7000012050002")
    assert not any(corporate_number(f"{d}000012050002") for d in "012345689")
    assert not corporate_number("1" * 13)


def test_driver_licences() -> None:
    right = [d for d in "0123456789" if driver_licence(f"4598033587{d}0")]
    assert right == ["2"]
    assert not driver_licence("159803358720")


def test_insurers() -> None:
    assert insurer("06139992")
    assert not insurer("06139991")
    assert not insurer("0613999")
