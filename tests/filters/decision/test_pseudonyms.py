"""Digests of addresses fit a policy under the same key as the addresses fitted the policy."""

import string

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.cases import Group, Recipients
from filters.decision.groups import Groups
from filters.decision.pseudonyms import Pseudonyms, written
from mail.address import routes_onward, without_tag
from tests.filters.mails import ORGANISATION, policy

PSEUDONYMS = Pseudonyms(b"k" * 32)
labels = st.sampled_from(["us", "one", "sister", "mail", "a"])
domains = st.lists(labels, max_size=3).map(lambda found: ".".join([*found, "example"]))
addresses = st.builds("{}@{}".format, st.text(string.ascii_letters + "+%!.", min_size=1, max_size=4), domains)


def disguise(address: str) -> str:
    return written(PSEUDONYMS.address(address))


@given(addresses, domains, domains, addresses)
def test_they_belong_to_the_same_groups(address: str, ours: str, sister: str, named: str) -> None:
    organisation = msgspec.structs.replace(
        ORGANISATION, domains=(ours,), group_domains=(sister,), partners={"one.example": "One"}
    )
    groups = {
        "domain": Group(recipients=Recipients(domains=(sister, "mail.example"))),
        "partner": Group(recipients=Recipients(partners="One")),
        "named": Group(recipients=Recipients(addresses=(named,))),
    }
    plain = msgspec.structs.replace(policy(), organisation=organisation, groups=groups)
    under = PSEUDONYMS.under(plain)
    asked = [*groups, "internal", "group", "external"]
    as_it_is = Groups(plain.groups, plain.organisation, asked).of_address(address)
    assert Groups(under.groups, under.organisation, asked).of_address(disguise(address)) == as_it_is
    assert under.organisation.internal(disguise(address)) == organisation.internal(address)
    assert under.organisation.group(disguise(address)) == organisation.group(address)


@given(addresses, addresses)
def test_they_are_equal_when_the_addresses_are(one: str, other: str) -> None:
    assert (disguise(one) == disguise(other)) == (one.lower() == other.lower())
    assert disguise(without_tag(one)) == without_tag(disguise(one))
    assert routes_onward(disguise(one)) == routes_onward(one)


@pytest.mark.parametrize("address", ["taro@us.example", "taro+x@us.example", "postmaster"])
def test_another_key_makes_other_digests(address: str) -> None:
    assert Pseudonyms(b"x" * 32).address(address) != PSEUDONYMS.address(address)
    assert len(PSEUDONYMS.address(address)) <= 25


def test_many_domains_are_not_kept_in_memory_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("filters.decision.pseudonyms._MANY", 3)
    here = Pseudonyms(b"k" * 32)
    assert [here.address(f"a@{n}.example") for n in range(9)] == [
        PSEUDONYMS.address(f"a@{n}.example") for n in range(9)
    ]
    assert len(here._domains) <= 3
