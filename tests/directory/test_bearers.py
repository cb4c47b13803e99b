"""Who is meant by a step of a chain, and who is asked instead where nobody is."""

import msgspec
import pytest

from config.approval import Turn, chain
from config.cases import Group, Staff
from config.policy import Organisation, Policy
from directory.account import Account, Role
from directory.bearers import Bearers, Membership, bears

TARO = Account("taro", department="sales", manager="hanako")
PEOPLE = (
    TARO,
    Account("hanako", department="sales", head_of=("sales",), attributes={"board": "yes"}),
    Account("deputy", department="hr", head_of=("hr",)),
    Account("head", department="hr", head_of=("hr",), attributes={"board": "yes"}),
    Account("chief", roles=(Role.PRESIDENT,), attributes={"board": "yes"}),
    Account("aki", roles=(Role.APPROVER,)),
    Account("kanri", roles=(Role.ADMINISTRATOR, Role.APPROVER, Role.PRESIDENT)),
    Account("gone", roles=(Role.AUDITOR,), head_of=("empty",), disabled=True),
)
BOARD = Policy(groups={"directors": Group(people=Staff(attributes={"board": "yes"}))})
MEMBERS = Membership(lambda tenant: BOARD, lambda: "2026-11-30")
ORGANISATION = Organisation(next_in_line={"department_head": "president"}, last_in_line="approver")


def account(login: str) -> Account:
    return next(each for each in PEOPLE if each.login == login)


@pytest.mark.parametrize(
    ("step", "owner", "expected"),
    [
        (Turn("department_head"), "taro", {"hanako"}),
        (Turn("department_head"), "hanako", set()),
        (Turn("department_head"), "head", {"deputy"}),
        (Turn("department_head"), "chief", set()),
        (Turn("manager"), "taro", {"hanako"}),
        (Turn("manager"), "chief", set()),
        (Turn("president"), "taro", {"chief", "kanri"}),
        (Turn("president", stands_in="next in line"), "taro", {"chief"}),
        (Turn("auditor"), "taro", set()),
        (Turn("directors", 2), "taro", {"hanako", "head", "chief"}),
        (Turn("directors", 2), "chief", {"hanako", "head"}),
        (Turn("person aki"), "taro", {"aki"}),
        (Turn("person gone"), "taro", set()),
    ],
)
def test_who_is_meant(step: Turn, owner: str, expected: set[str]) -> None:
    known, sender = Bearers(PEOPLE, MEMBERS), account(owner)
    assert known.able(step, sender) == expected
    assert known.able(step, sender, {"chief"}) == expected - {"chief"}
    one_by_one = {a.login for a in PEOPLE if not a.disabled and bears(a, step, sender, MEMBERS)} - {owner}
    assert one_by_one == expected, "the same for one account"


@pytest.mark.parametrize(
    ("owner", "chains", "barred", "asked"),
    [
        ("taro", ["department_head"], (), ["department_head"]),
        ("hanako", ["department_head"], (), ["president (next in line)"]),
        ("hanako", ["department_head, then president"], (), ["president (next in line)"]),
        ("chief", ["department_head"], (), ["approver (last in line)"]),
        ("chief", ["president"], ("kanri",), ["approver (last in line)"]),
        ("taro", ["4 of directors"], (), ["3 of directors, then approver (last in line)"]),
        ("taro", ["2 of directors, then president"], ("hanako", "head"), ["directors, then approver (last in line), then president"]),
        ("taro", ["auditor"], ("aki",), ["auditor"]),
        ("hanako", ["department_head", "president"], (), ["president (next in line)", "president"]),
    ],
)  # fmt: skip
def test_who_is_asked_instead(
    owner: str, chains: list[str], barred: tuple[str, ...], asked: list[str]
) -> None:
    known = Bearers(PEOPLE, MEMBERS)
    found = known.passed_on(chains, account(owner), ORGANISATION, barred)
    assert list(found) == asked
    assert known.passed_on(found, account(owner), ORGANISATION, barred) == found, "and then they are asked"


def test_who_did_not_answer_is_followed_by_the_next_then_the_last_and_then_nobody() -> None:
    known = Bearers(PEOPLE, MEMBERS)
    once = known.handed_up(["department_head, then president"], TARO, ORGANISATION)
    assert once == ("president (next in line)",), "who comes later anyway is asked once"
    twice = known.handed_up(once, TARO, ORGANISATION)
    assert twice != once
    assert known.handed_up(twice, TARO, ORGANISATION) == twice
    for text in (*once, *twice):
        assert TARO.login not in known.able(chain(text)[0], TARO)


def test_the_last_in_line_is_asked_only_where_that_is_meant() -> None:
    known = Bearers(PEOPLE, MEMBERS)
    both = known.handed_up(["department_head", "president"], TARO, ORGANISATION, last=False)
    assert both == ("president (next in line)", "president")
    assert known.handed_up(["president"], TARO, ORGANISATION, last=False) == ("president",)
    assert known.handed_up(["president"], TARO, ORGANISATION) == ("approver (last in line)",)


def test_a_line_that_is_a_circle_ends_with_the_last() -> None:
    circle = Organisation(
        next_in_line={"president": "directors", "directors": "president"}, last_in_line="approver"
    )
    asked: tuple[str, ...] = ("president",)
    seen: list[tuple[str, ...]] = []
    while asked not in seen:
        seen.append(asked)
        asked = Bearers(PEOPLE, MEMBERS).handed_up(asked, TARO, circle)
    assert len(seen) <= 3


def test_a_chain_that_comes_to_its_end_and_one_that_does_not() -> None:
    known = Bearers(PEOPLE, MEMBERS)
    assert known.stuck("department_head, then president", TARO, ORGANISATION) is None
    assert known.stuck("3 of directors, then president", TARO, ORGANISATION) is None, (
        "kanri is president, too"
    )
    nobody = Organisation()
    assert known.stuck("department_head", account("hanako"), nobody) == Turn("department_head")
    assert known.stuck("manager, then department_head", TARO, nobody) == Turn("department_head"), (
        "one counts once"
    )


def test_groups_are_those_of_the_policy_in_force() -> None:
    policies = [BOARD]
    members = Membership(lambda tenant: policies[-1], lambda: "2026-11-30")
    assert members(account("chief")) == {"directors"}
    policies.append(msgspec.structs.replace(BOARD, groups={}))
    assert members(account("chief")) == frozenset()
