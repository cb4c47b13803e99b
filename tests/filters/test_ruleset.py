"""Policy and rules put together: mistakes are named, consequences joined."""

import msgspec
import pytest

from config.cases import Case, When
from config.consequence import Consequence
from config.load import shipped
from config.policy import ConfigError, Policy, Risk, RulePolicy
from config.words import LANGUAGES
from filters.ruleset import SHIPPED, discover, prepare, problems
from tests.filters.mails import policy


def with_rules(**rules: RulePolicy) -> list[str]:
    return problems(msgspec.structs.replace(policy(), rules=rules))


def test_every_mistake_is_named() -> None:
    found = with_rules(
        nonsense=RulePolicy("hold"),
        many_external=RulePolicy("hodl", -1, {"adresses": 3, "addresses": "three", "domains": True}),
    )
    assert len(found) == 6
    for word in ("rules.nonsense", "rules.many_external.adresses", "rules.many_external.addresses",
                 "rules.many_external.domains", "rules.many_external.weight", '"hodl"'):  # fmt: skip
        assert any(word in f for f in found), (word, found)
    with pytest.raises(ConfigError):
        prepare(msgspec.structs.replace(policy(), rules={"nonsense": RulePolicy()}))


def test_settings_reach_the_rule_in_their_types() -> None:
    said = {"many_external": RulePolicy(settings={"addresses": 9, "exempt_domains": ["a.example"]})}
    prepared = prepare(msgspec.structs.replace(policy(), rules=said))
    assert prepared.by_name["many_external"].settings == {
        "addresses": 9, "domains": 3, "exempt_domains": ("a.example",), "exempt_addresses": (),
        "known_thread": True,
    }  # fmt: skip


def test_what_a_policy_does_not_say_is_as_shipped() -> None:
    bare, shipped_alone = prepare(Policy()), prepare(shipped())
    assert bare.rules == shipped_alone.rules
    assert bare.by_name["executable"].consequence == Consequence("hold")
    changed = prepare(Policy(rules={"executable": RulePolicy(weight=1)})).by_name["executable"]
    assert (changed.consequence, changed.weight, changed.settings) == (
        Consequence("hold"), 1, {"also": (), "allowed": ()}
    )  # fmt: skip


def test_the_shipped_policy_says_all_of_every_rule() -> None:
    said = shipped().rules
    for name, rule in discover().items():
        assert said[name].then is not None, name
        assert said[name].settings.keys() == rule.settings.keys(), name


def test_a_rule_of_which_no_policy_speaks_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(SHIPPED, "many_external")
    found = problems(Policy())
    assert {f.partition(" ")[0] for f in found} == {
        "rules.many_external.then:", "rules.many_external.addresses:", "rules.many_external.domains:",
        "rules.many_external.exempt_domains:", "rules.many_external.exempt_addresses:",
        "rules.many_external.known_thread:",
    }  # fmt: skip


def test_rewrites_of_leaving_mail_are_not_a_consequence_for_arriving_mail() -> None:
    inbound = [r.name for r in discover().values() if r.direction == "inbound"]
    if not inbound:
        pytest.skip("there is no inbound rule")
    assert any("outbound" in f for f in with_rules(**{inbound[0]: RulePolicy("encrypt")}))


def test_a_case_that_loosens_and_a_letter_to_nobody_are_mistakes() -> None:
    loose = RulePolicy("approve president", cases=(Case(When(to="group"), "observe"),))
    (found,) = with_rules(external_recipient=loose)
    assert found.startswith("rules.external_recipient.cases.0.then: a case cannot loosen")
    (found,) = with_rules(executable=RulePolicy(mode="tell"))
    assert found.startswith("rules.executable.mode:")


def test_the_risk_is_not_asked_for_where_there_is_none_yet() -> None:
    case = (Case(When(risk_over=3), "hold"),)
    assert with_rules(external_recipient=RulePolicy("delay 5m", cases=case)) == []
    (found,) = with_rules(many_external=RulePolicy("warn", 2, cases=case))
    assert found.endswith("cannot ask for the risk: many_external is one of its factors")
    (found,) = with_rules(lookalike=RulePolicy(cases=case))
    assert found.endswith("cannot ask for the risk: only mail that leaves has one")


def test_a_factor_has_points() -> None:
    (found,) = with_rules(many_external=RulePolicy("warn"))
    assert found.startswith("rules.many_external.weight:")
    for then in ("bcc", "warn", "hold rebuilt", "nonsense"):
        (found,) = problems(msgspec.structs.replace(policy(), risk=Risk(5, then)))
        assert found.startswith("risk.then:"), then


def test_every_rule_tells_its_sentences_and_control() -> None:
    for rule in discover().values():
        assert f"rules.{rule.name}" in LANGUAGES["ja"].sentences, rule.name
        assert rule.description, rule.name
        assert rule.control.startswith({"outbound": "OUT-", "inbound": "IN-"}.get(rule.direction, "")), (
            rule.name
        )
