"""Where two policies look for different things, and are told apart by it."""

from typing import Any

import msgspec
import pytest

from config.cases import Case, Group, Staff, When
from config.policy import Arriving, Pattern, Policy, RulePolicy, Warn
from filters.decision.looking import looking, unrehearsed
from filters.ruleset import prepare
from tests.filters.mails import ORGANISATION, policy
from tests.filters.outbound.test_registered_data import REGISTERED


def between(before: Policy, after: Policy) -> dict[str, str]:
    return unrehearsed(looking(prepare(before)), looking(prepare(after)))


def with_rule(name: str, *arguments: Any, **more: Any) -> Policy:
    return msgspec.structs.replace(policy(), rules={name: RulePolicy(*arguments, **more)})


def with_organisation(**more: Any) -> Policy:
    return msgspec.structs.replace(policy(), organisation=msgspec.structs.replace(ORGANISATION, **more))


@pytest.mark.parametrize(
    "after",
    [
        policy("observe"),
        policy(many_external="hold", external_recipient="off"),
        with_rule("urgency", weight=9),
        with_organisation(next_in_line={"president": "approver"}, people_of={"default": ("山田",)}),
        msgspec.structs.replace(policy(), warn=Warn(warn_at=1)),
    ],
)
def test_what_only_decides_can_be_rehearsed(after: Policy) -> None:
    assert between(policy(), after) == {}


@pytest.mark.parametrize(
    ("before", "after", "setting", "why"),
    [
        (policy(many_external="off"), policy(), "rules.many_external", "did not look"),
        (policy(), with_rule("many_external", settings={"addresses": 9}), "rules.many_external.addresses", "text"),
        (with_rule("urgency", weight=9), policy(), "rules.urgency.weight", "text"),
        (policy(), with_organisation(patterns=(Pattern("x", ("yy",)),)), "organisation.patterns", "text"),
        (policy(), msgspec.structs.replace(policy(), arriving=Arriving(html="text")), "arriving", "not compared"),
        (policy(), with_organisation(registered=REGISTERED), "organisation.registered", "text"),
    ],
)  # fmt: skip
def test_what_needs_the_text_is_named(before: Policy, after: Policy, setting: str, why: str) -> None:
    found = between(before, after)
    assert setting in found
    assert why in found[setting]
    assert {name for name in found if not name.startswith("rules.many")} <= {setting}


@pytest.mark.parametrize(
    ("rule", "when", "missing"),
    [
        ("many_external", When(to="sales"), {"facts.colleagues"}),
        ("many_external", When(sender="sales"), set()),
        ("urgency", When(sender="external"), {"facts.author"}),
        ("urgency", When(to="sales", sender="external"), {"facts.author", "facts.colleagues"}),
    ],
)
def test_who_was_never_asked_for_cannot_be_asked_for_now(rule: str, when: When, missing: set[str]) -> None:
    cased = msgspec.structs.replace(
        policy(),
        groups={"sales": Group(people=Staff(department="sales"))},
        rules={rule: RulePolicy("hold", cases=(Case(when, "reject"),))},
    )
    assert set(between(policy(), cased)) == missing
    assert between(cased, cased) == {}
