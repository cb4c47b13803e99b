"""IN-LINK: numbers instead of names."""

import pytest

from tests.filters.inbound.arriving import look, mail


@pytest.mark.parametrize("host", ["203.0.113.7", "3405803783", "0xCB007107", "[2001:db8::7]"])
def test_a_bare_number_is_found_however_it_is_written(host: str) -> None:
    (finding,) = look(
        "numeric_link", mail("", html=f'<a href="http://{host}/login">log in</a>', sender="info@shop.example")
    )
    assert finding.weight == 2
    assert finding.values["host"]


def test_names_are_fine_also_with_digits() -> None:
    assert not list(
        look(
            "numeric_link",
            mail("https://www.example.org/1 http://web24.example.net/203.0.113.7", sender="a@b.example"),
        )
    )


def test_a_number_in_plain_text_is_seen_too() -> None:
    (finding,) = look("numeric_link", mail("http://192.0.2.7/login を開いてください"))
    assert finding.values == {"host": "192.0.2.7"}
