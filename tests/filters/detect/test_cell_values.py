"""Values of cells, alone."""

import pytest

from filters.detect.cell_values import (
    ABROAD,
    IBAN,
    is_birth,
    is_company,
    is_mobile,
    is_number,
    is_phone,
    is_place,
    is_told,
)


@pytest.mark.parametrize(
    "value",
    [
        "090-1234-5678",
        "03-1234-5678",
        "0312345678",
        "+44 20 7946 0958",
        "(212) 555-0123",
        "TEL: 03-1234-5678 内線 12",
    ],
)
def test_telephone_numbers(value: str) -> None:
    assert is_phone(value)


@pytest.mark.parametrize(
    "value", ["0120-123-456", "2026-11-02", "123456", "10.4.74.216", "4947681730857", "9012345678", "12:30"]
)
def test_no_telephone_numbers(value: str) -> None:
    assert not is_phone(value)


def test_a_heading_makes_up_for_the_zero_that_a_sheet_dropped() -> None:
    assert is_phone("9012345678", lost=True)
    assert is_phone("312345678", lost=True)
    assert not is_phone("1234", lost=True)
    assert is_mobile("9012345678")
    assert not is_mobile("03-1234-5678")


@pytest.mark.parametrize(
    "value",
    [
        "豊田市元町5-1-10",
        "東京都江東区豊洲3-1-5",
        "14 Mill Lane, Leeds LS2 9TQ",
        "〒135-0061 江東区豊洲3丁目",
    ],
)
def test_places(value: str) -> None:
    assert is_place(value)


@pytest.mark.parametrize("value", ["軸受", "5230", "第3会議室", "青木商店", "2026/11/02"])
def test_no_places(value: str) -> None:
    assert not is_place(value)


@pytest.mark.parametrize(
    "value",
    ["1978/3/9", "1978-03-09", "昭和53年3月9日", "S53.3.9", "9.3.1978", "19780309", "1978-03-09T00:00:00Z"],
)
def test_dates_of_birth(value: str) -> None:
    assert is_birth(value)


@pytest.mark.parametrize("value", ["2026/11/02", "令和8年11月2日", "4:55:29", "1978", "R8.1.1"])
def test_other_dates(value: str) -> None:
    assert not is_birth(value)


def test_companies_and_numbers() -> None:
    assert is_company("青木商店")
    assert not is_company("12 Main Street, Springfield, IL 62701")
    assert is_number("A-1204")
    assert not is_number("山田 2")


def test_numbers_of_china_and_accounts_of_europe() -> None:
    assert ABROAD.match("13812345678")
    assert not ABROAD.match("12812345678")
    assert IBAN.match("DE89 3704 0044 0532 0130 00")
    assert IBAN.match("DE89370400440532013000")
    assert not IBAN.match("DE89")


def test_what_is_said_of_people_only() -> None:
    assert all(map(is_told, ("34歳", "34歳・女性", "月給28万円", "評価A、賞与40万円", "うつ病")))
    assert not any(map(is_told, ("34", "28万円", "病院", "11/3 までに")))
    assert is_birth("昭和53年3月9日生まれ")
