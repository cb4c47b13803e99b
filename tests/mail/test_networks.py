"""Networks and the addresses in them."""

import pytest

from mail.networks import Networks, client_key, plain_address


@pytest.mark.parametrize(
    ("given", "expected"),
    [("::ffff:192.0.2.1", "192.0.2.1"), ("192.0.2.1", "192.0.2.1"), ("fe80::1%eth0", "fe80::1"), ("x", "x")],
)
def test_plain_address(given: str, expected: str) -> None:
    assert plain_address(given) == expected


def test_networks() -> None:
    networks = Networks(("192.0.2.0/24", "::1"))
    assert "192.0.2.9" in networks
    assert "::1" in networks
    assert "192.0.3.9" not in networks
    assert "not an address" not in networks
    assert not Networks(())
    with pytest.raises(ValueError):
        Networks(("300.0.0.0/8",))


def test_an_address_is_looked_for_in_its_plain_form() -> None:
    networks = Networks(("192.0.2.0/28", "2001:db8:1::/48"))
    given = (
        "192.0.2.15",
        "192.0.2.16",
        "::ffff:192.0.2.1",
        "2001:db8:1::9",
        "2001:db8:1::9%eth0",
        "fe80::1%eth0",
        "",
    )
    assert [address in networks for address in given] == [True, False, True, True, True, False, False]


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("unknown", "unknown"),
    ],
)
def test_one_client_is_an_IPv4_address_or_a_64(address: str, client: str) -> None:
    assert client_key(address) == client
