"""Groups, cases and exceptions that cannot be meant."""

import datetime
from typing import Any

import msgspec
import pytest

from config.cases import Case, Group, PolicyException, Recipients, Staff, When
from config.load import shipped
from config.policy import Policy, RulePolicy
from config.sense_cases import senseless_cases

SALES = Group(people=Staff(department="sales"))
KOYO = Group(recipients=Recipients(domains="koyo.example"))
KNOWN = {"sales": SALES, "koyo": KOYO}


def policy(**more: Any) -> Policy:
    return msgspec.structs.replace(shipped(), **{"groups": KNOWN} | more)


def cased(*cases: Case) -> Policy:
    return policy(rules={"external_recipient": RulePolicy("delay 5m", cases=cases)})


def excepted(**more: Any) -> Policy:
    said: dict[str, Any] = {
        "rule": "many_external", "when": When(sender="sales"), "owner": "hanako", "reason": "r",
        "approved_by": "shacho", "until": datetime.date(2027, 3, 31),
    }  # fmt: skip
    return policy(exceptions=(PolicyException(**said | more),))


def test_the_shipped_policy_and_one_with_cases_make_sense() -> None:
    assert senseless_cases(shipped()) == []
    good = cased(Case(When(sender="sales", to="koyo"), "observe"), Case(When(sender="sales"), "delay 1m"))
    assert senseless_cases(good) == []
    assert senseless_cases(excepted()) == []


@pytest.mark.parametrize(
    ("group", "words"),
    [
        (Group(), "is either of people or of recipients"),
        (Group(people=Staff(department="a"), recipients=Recipients(domains="b.example")), "is either"),
        (Group(people=Staff()), "names nobody"),
        (Group(people=Staff(leaving_within="a month")), "people.leaving_within: 'a month' is not"),
        (Group(recipients=Recipients(partners="高洋")), "recipients.partners: no partner"),
        (Group(recipients=Recipients(domains="koyo")), "recipients.domains: 'koyo' is not a domain"),
        (
            Group(recipients=Recipients(addresses="koyo.example")),
            "recipients.addresses: 'koyo.example' is not",
        ),
    ],
)
def test_groups(group: Group, words: str) -> None:
    (problem,) = senseless_cases(policy(groups={"g": group}))
    assert problem.startswith("groups.g")
    assert words in problem


@pytest.mark.parametrize(
    ("when", "key", "words"),
    [
        (When(), "when", "fits always"),
        (When(sender="seles"), "when.from", 'did you mean "sales"?'),
        (When(to="koyoo"), "when.to", 'did you mean "koyo"?'),
        (When(of="社外"), "when.class", 'did you mean "社外秘"?'),
        (When(size_over="10"), "when.size_over", "is not a size"),
        (When(recipients_over=0), "when.recipients_over", "1 or more"),
        (When(to="internal"), "when.to", "nothing to say of internal ones"),
        (When(risk_below=0), "when.risk_below", "1 or more"),
        (When(risk_over=-1), "when.risk_over", "0 or more"),
        (When(risk_below=4, risk_over=3), "when", "never fits"),
    ],
)
def test_cases(when: When, key: str, words: str) -> None:
    (problem,) = senseless_cases(cased(Case(when, "hold")))
    assert problem.startswith(f"rules.external_recipient.cases.0.{key}: ")
    assert words in problem


@pytest.mark.parametrize(
    ("first", "second", "reached"),
    [
        (When(sender="sales"), When(sender="sales", to="koyo"), False),
        (When(sender=("sales", "koyo")), When(sender="sales"), False),
        (When(sender="sales"), When(sender=("sales", "koyo")), True),
        (When(sender="sales", to="koyo"), When(sender="sales"), True),
        (When(hours="outside"), When(hours="outside", size_over="1 MB"), False),
        (When(hours="outside"), When(hours="business"), True),
        (When(size_over="1 MB"), When(size_over="1 MB"), False),
        (When(risk_below=3), When(risk_below=2), False),
        (When(risk_below=2), When(risk_below=3), True),
        (When(risk_over=2), When(risk_over=5, sender="sales"), False),
        (When(risk_over=5), When(risk_over=2), True),
        (When(risk_over=5), When(sender="sales"), True),
    ],
)
def test_a_case_behind_a_wider_one_is_never_reached(first: When, second: When, reached: bool) -> None:
    problems = senseless_cases(cased(Case(first, "hold"), Case(second, "delay 1m")))
    assert problems == ([] if reached else [
        "rules.external_recipient.cases.1: is never reached: case 1 fits whenever this one does"
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"when": When()}, "when: fits always, so that many_external never counts"),
        ({"owner": " "}, "owner: must not be empty"),
        ({"reason": ""}, "reason: must not be empty"),
        ({"approved_by": "Hanako"}, "approved_by: is the owner"),
        ({"rule": "encrypt", "then": "encrypt zip-aes"}, 'then: "encrypt zip-aes" is how attachments'),
        ({"when": When(to="nobody")}, "when.to: no group 'nobody'"),
    ],
)
def test_exceptions(more: dict[str, Any], words: str) -> None:
    (problem,) = senseless_cases(excepted(**more))
    assert problem.startswith("exceptions.0.")
    assert words in problem
