"""Check digits: examples of their standards and of the offices that give the numbers out, and the same with a wrong digit."""

from collections.abc import Callable

import pytest

from filters.detect import check_digits as c

VECTORS: tuple[tuple[Callable[[str], bool], str], ...] = (
    (c.iban, "gb82west12345698765432"),
    (c.iban, "de89370400440532013000"),
    (c.iban, "fr1420041010050500013m02606"),
    (c.us_ssn, "536225541"),
    (c.us_itin, "912903456"),
    (c.uk_nino, "ab123456c"),
    (c.uk_utr, "1955839661"),
    (c.de_id, "86095742719"),
    (c.de_id, "36574261809"),
    (c.fr_nir, "295109912611193"),
    (c.it_code, "rccmnl83s18d969h"),
    (c.es_dni, "12345678z"),
    (c.es_dni, "x2482300w"),
    (c.nl_bsn, "111222333"),
    (c.pl_pesel, "44051401359"),
    (c.se_number, "8112189876"),
    (c.cn_id, "11010519491231002x"),
    (c.kr_rrn, "9710139019902"),
    (c.tw_id, "a123456789"),
    (c.sg_nric, "s1234567d"),
    (c.br_cpf, "39053344705"),
    (c.ca_sin, "130692544"),
    (c.au_tfn, "123456782"),
    (c.in_aadhaar, "234123412346"),
    (c.mrz, "l898902c36uto7408122f1204159ze184226b<<<<<10"),
)


@pytest.mark.parametrize(("check", "number"), VECTORS)
def test_vectors(check: Callable[[str], bool], number: str) -> None:
    assert check(number)


WITHOUT = (c.us_ssn, c.us_itin, c.uk_nino)
"""Numbers that have rules, but no check digit."""


@pytest.mark.parametrize(("check", "number"), [v for v in VECTORS if v[0] not in WITHOUT])
def test_a_wrong_digit_shows(check: Callable[[str], bool], number: str) -> None:
    places = [n for n, character in enumerate(number) if character.isdigit()]
    at = places[len(places) // 2]
    wrong = [number[:at] + d + number[at + 1 :] for d in "0123456789" if d != number[at]]
    assert sum(map(check, wrong)) <= 1


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (c.us_ssn, "000123456"),
        (c.us_ssn, "666123456"),
        (c.us_ssn, "912123456"),
        (c.us_ssn, "536005541"),
        (c.us_ssn, "536220000"),
        (c.us_ssn, "078051120"),
        (c.us_itin, "912663456"),
        (c.uk_nino, "gb123456c"),
        (c.uk_nino, "ab123456e"),
        (c.iban, "de8937040044053201300"),
        (c.iban, "zz89370400440532013000"),
        (c.nl_bsn, "000000000"),
        (c.br_cpf, "11111111111"),
        (c.cn_id, "110105194913310020"),
    ],
)
def test_what_is_never_given_out(check: Callable[[str], bool], number: str) -> None:
    assert not check(number)
