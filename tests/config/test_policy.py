"""Policy values: whose address it is, and what a consequence means."""

import pytest

from config.policy import Organisation
from tests.routing import forms

US = Organisation(domains=("us.example",), group_domains=("sister.example",))


@pytest.mark.parametrize(
    ("address", "internal", "group"),
    [
        ("a@us.example", True, True),
        ("a@Dept.US.example.", True, True),
        ("a@sister.example", False, True),
        ("a@notus.example", False, False),
        ("a@us.example.evil.example", False, False),
        ("a@us.example@evil.example", False, False),
        ("", False, False),
    ],
)
def test_whose_address_it_is(address: str, internal: bool, group: bool) -> None:
    assert (US.internal(address), US.group(address)) == (internal, group)


@pytest.mark.parametrize("domain", ["us.example", "dept.us.example", "sister.example", "mailbox.example"])
def test_who_asks_a_host_of_ours_to_send_on_is_not_ours(domain: str) -> None:
    routed = ("mailbox.example",)
    for address in forms(domain):
        assert not US.internal(address), address
        assert not US.group(address), address
        assert US.reroutes(address, routed), address
    assert not US.reroutes(f"taro@{domain}", routed)


def test_elsewhere_such_an_address_is_an_ordinary_external_one() -> None:
    for address in forms("partner.example"):
        assert not US.reroutes(address), address
        assert not US.internal(address), address


def test_hosts_that_take_such_characters_literally_can_be_told() -> None:
    literal = Organisation(domains=("us.example",), literal_local_parts=True)
    for address in forms("us.example"):
        assert literal.internal(address), address
        assert not literal.reroutes(address), address
