"""Shipped presets: what they make of mail that leaves."""

import msgspec
import pytest

from config.cases import Waits
from config.consequence import Consequence
from config.load import load_policy, shipped
from config.policy import Policy
from filters.decision.decide import decide
from filters.examined import Features
from filters.finding import Finding
from filters.ruleset import prepare, problems
from filters.verdict import Verdict
from tests.filters.mails import ORGANISATION, facts

EXTERNAL = Finding("external_recipient", "OUT-DELAY")


def preset(*names: str) -> Policy:
    policy = load_policy(None, names, demo=True, check=problems)
    return msgspec.structs.replace(policy, organisation=ORGANISATION)


def verdict(policy: Policy, risk: int) -> Verdict:
    """Of a mail to one partner whose factors make this risk."""
    factor = (Finding("first_time", "OUT-MISSEND", weight=risk, about=("x@y.example",)),) if risk else ()
    decided = decide(prepare(policy), facts(), Features(), (EXTERNAL, *factor))
    return decided.verdicts[0]


@pytest.mark.parametrize(("risk", "minutes"), [(0, 0), (1, 1), (2, 1), (3, 5), (4, 5), (5, 15)])
def test_adaptive_waits_by_the_risk(risk: int, minutes: int) -> None:
    found = verdict(preset("adaptive"), risk)
    assert (found.delay, found.reviews) == (60 * minutes, frozenset())


def test_adaptive_asks_for_a_look_at_what_is_risky() -> None:
    policy = preset("adaptive")
    assert verdict(policy, policy.risk.stop_at).reviews == {"risk"}


def test_look_or_delete_asks_for_a_look_at_all_that_leaves() -> None:
    policy = preset("look_or_delete")
    assert verdict(policy, 0).reviews == {"external_recipient"}
    assert verdict(policy, 0).waits == {Waits("return", 4, (1, 3))}
    assert policy.waits == shipped().waits, "an approval keeps its own time"


def test_the_rule_book_never_lets_mail_leave_at_once() -> None:
    prepared = prepare(preset("rulebook"))
    rule = prepared.by_name["external_recipient"]
    every = (rule.consequence, *(case.consequence for case in rule.cases))
    assert Consequence("delay", 0) not in every
    assert [verdict(preset("rulebook"), risk).delay // 60 for risk in (0, 2, 3, 5)] == [5, 5, 15, 15]
    assert verdict(preset("rulebook"), 6).reviews == {"risk"}
    assert verdict(preset("adaptive", "rulebook"), 0).delay == 300, "whichever comes first"
