"""Who belongs to which group."""

from typing import Any

import pytest

from config.cases import Group, Recipients, Staff
from config.policy import Organisation
from filters.decision.groups import Groups
from filters.facts import Person
from mail.address import parse

US = Organisation(
    domains=("us.example",),
    group_domains=("sister.example",),
    partners={"koyo.example": "高洋商事", "koyo.co.example": "高洋商事", "b.example": "B"},
)


def groups(**each: Group) -> Groups:
    return Groups(each, US, (*each, "internal", "group", "external"))


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("a@koyo.example", {"koyo", "external"}),
        ("A@Tokyo.KOYO.co.example", {"koyo", "external"}),
        ("a@notkoyo.example", {"external"}),
        ("vip@b.example", {"vip", "external"}),
        ("vip+tag@b.example", {"vip", "external"}),
        ("a@us.example", {"internal", "group"}),
        ("a@sister.example", {"group", "external"}),
        ("a%koyo.example@us.example", {"external"}),
        ("", {"external"}),
    ],
)
def test_groups_of_addresses(address: str, names: set[str]) -> None:
    asked = groups(
        koyo=Group(recipients=Recipients(partners="高洋商事")),
        vip=Group(recipients=Recipients(addresses=("VIP@b.example",))),
    )
    assert asked.of_address(address) == names


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({"department": ("sales", "hr")}, True),
        ({"department": "hr"}, False),
        ({"department": "sales", "role": "president"}, False),
        ({"department": "sales", "role": "approver"}, True),
        ({"addresses": "SATO@us.example"}, True),
        ({"addresses": "sato@other.example"}, False),
        ({"attributes": {"site": ("Osaka", "Kobe")}}, True),
        ({"attributes": {"site": "Tokyo"}}, False),
        ({"attributes": {"floor": "3"}}, False),
        ({"leaving_within": "30d"}, True),
        ({"leaving_within": "3d"}, False),
        ({}, False),
    ],
)
def test_all_that_is_asked_of_people_must_be_so(asked: dict[str, Any], fits: bool) -> None:
    sato = Person(
        "sato", addresses=("sato+x@us.example",), department="sales", roles=("user", "approver"),
        leaving="2026-12-10", attributes={"site": "Osaka"},
    )  # fmt: skip
    assert ("g" in groups(g=Group(people=Staff(**asked))).of_person(sato, "2026-11-29")) is fits


def test_who_has_left_belongs_to_the_leavers_and_nobody_does_on_no_day() -> None:
    asked = groups(g=Group(people=Staff(leaving_within="30d")))
    gone = Person("sato", leaving="2026-01-31")
    assert "g" in asked.of_person(gone, "2026-11-29")
    assert "g" not in asked.of_person(gone, "")


def test_groups_that_no_case_names_are_not_looked_at() -> None:
    koyo = {"koyo": Group(recipients=Recipients(domains="koyo.example"))}
    assert Groups(koyo, US, ()).of_address("a@koyo.example") == frozenset()


def test_a_group_knows_its_members_however_their_domain_is_written() -> None:
    """The envelope has A-labels; whoever writes a policy writes what they read."""
    rivals = Group(recipients=Recipients(domains="高洋.example", addresses="社長@光陽.example"))
    asked = groups(rivals=rivals)
    for address in ("x@高洋.example", "X@sub.高洋.example", "社長@光陽.example", "社長+x@光陽.example"):
        assert "rivals" in asked.of_address(parse(address, smtputf8=True))
