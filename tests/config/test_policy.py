"""Policy values: whose address it is, and what a consequence means."""

import pytest

from config.policy import ConfigError, Consequence, Organisation, consequence
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


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("hold", Consequence("hold")),
        ("delay 90s", Consequence("delay", 90)),
        ("delay 5m", Consequence("delay", 300)),
        ("delay 60m", Consequence("delay", 3600)),
        ("delay until released", Consequence("delay", 10**9)),
        ("approve president", Consequence("approve", "president")),
        ("approve class", Consequence("approve", "class")),
    ],
)
def test_consequences(text: str, meaning: Consequence) -> None:
    assert consequence(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hold",
        "delay",
        "delay 5",
        "delay 5h",
        "delay 61m",
        "delay 5m\n",
        "approve",
        "approve a b",
        "bcc now",
        "banner",
    ],
)
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(ConfigError):
        consequence(text)


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
