"""Policies that can never come true; told with their places in tests/gateway/start/test_configuration.py."""

import msgspec
import pytest

from config.approval import DEPARTMENT_HEAD, MANAGER
from config.cases import Case, OwnWaits, Waits, When
from config.load import shipped
from config.policy import Pattern, Policy, Risk, RulePolicy
from config.sense import KINDS, NAMES_OF_ROLES, ROLES, asked_chains, senseless
from directory.account import Role


def policy(**rules: RulePolicy) -> Policy:
    return msgspec.structs.replace(shipped(), rules={**shipped().rules, **rules})


def test_the_shipped_policy_makes_sense() -> None:
    assert senseless(shipped()) == []


@pytest.mark.parametrize(
    ("waits", "told"),
    [
        (Waits(days=0.5), "waits.days: must be from 1 to 366"),
        (Waits(reminders=()), "waits.reminders: name one day at least"),
        (Waits(reminders=(7, 1)), "waits.reminders: each later"),
        (Waits(reminders=(1, 10)), "waits.reminders: must lie between"),
        (Waits(reminders=(0, 1)), "waits.reminders: must lie between"),
    ],
)
def test_nobodys_mail_ends_unannounced(waits: Waits, told: str) -> None:
    problem, *_ = senseless(msgspec.structs.replace(shipped(), waits=waits))
    assert problem.startswith(told)


def test_so_it_is_for_what_a_rule_a_case_or_the_risk_says() -> None:
    cases = (Case(When(to="external"), "review", waits=OwnWaits(reminders=(10,))),)
    wrong = policy(external_recipient=RulePolicy("delay 5m", cases=cases, waits=OwnWaits(days=0)))
    wrong = msgspec.structs.replace(wrong, risk=Risk(waits=OwnWaits(days=999)))
    told = [problem.partition(": ")[0] for problem in senseless(wrong)]
    assert told == [
        "risk.waits.days",
        "rules.external_recipient.waits.days",
        "rules.external_recipient.waits.reminders",
        "rules.external_recipient.cases.0.waits.reminders",
    ]


def test_roles_are_those_of_accounts_and_of_heads() -> None:
    assert set(NAMES_OF_ROLES) == {*Role, DEPARTMENT_HEAD, MANAGER}
    assert set(NAMES_OF_ROLES) - set(ROLES) == {Role.HOUSE_OPERATOR}, "whom no policy asks"
    assert "my_number" in KINDS


def test_whom_mail_may_have_to_wait_for() -> None:
    assert asked_chains(shipped()) == {
        "department_head": "organisation.classes.社外秘.approver",
        "president": "organisation.classes.極秘.approver",
    }
    nobody = policy(class_approval=RulePolicy("off"), person_records=RulePolicy("hold"))
    assert asked_chains(nobody) == {}
    records = policy(class_approval=RulePolicy("observe"))
    assert asked_chains(records) == {
        "department_head": "rules.person_records.approver",
        "president": "rules.person_records.large_approver",
    }
    own = msgspec.structs.replace(
        nobody.organisation, patterns=(Pattern("x", ("word",), then="approve auditor"),)
    )
    assert asked_chains(msgspec.structs.replace(nobody, organisation=own)) == {
        "auditor": "organisation.patterns.x.then"
    }
    assert (
        asked_chains(policy(credential=RulePolicy("approve operator")))["operator"] == "rules.credential.then"
    )
