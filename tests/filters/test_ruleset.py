"""Policy and rules put together: mistakes are named, consequences joined."""

import msgspec
import pytest

from config.load import shipped
from config.policy import ConfigError, Consequence, Policy, RulePolicy
from config.words import LANGUAGES
from filters.examined import UNEXAMINABLE
from filters.finding import Finding
from filters.ruleset import (
    SHIPPED,
    decide,
    discover,
    prepare,
    problems,
    verdict_of,
)
from filters.verdict import PASS, UNTIL_RELEASED, Verdict
from tests.filters.mails import facts, policy


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
        "addresses": 9, "domains": 3, "exempt_domains": ("a.example",)
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
        "rules.many_external.exempt_domains:",
    }  # fmt: skip


def test_rewrites_of_leaving_mail_are_not_a_consequence_for_arriving_mail() -> None:
    inbound = [r.name for r in discover().values() if r.direction == "inbound"]
    if not inbound:
        pytest.skip("there is no inbound rule")
    assert any("outbound" in f for f in with_rules(**{inbound[0]: RulePolicy("encrypt")}))


@pytest.mark.parametrize(
    ("then", "verdict"),
    [
        ("off", PASS),
        ("observe", PASS),
        ("warn", PASS),
        ("hold", Verdict(holds=frozenset({"external_recipient"}))),
        ("reject", Verdict(rejects=frozenset({"external_recipient"}))),
        ("delay 30s", Verdict(delay=30)),
        ("delay 5m", Verdict(delay=300)),
        ("delay until released", Verdict(delay=UNTIL_RELEASED)),
        ("approve president", Verdict(approvals=frozenset({"president"}))),
        ("approve class", Verdict(approvals=frozenset({"department_head"}))),
        ("bcc", Verdict(rewrites=frozenset({"bcc"}))),
        ("encrypt", Verdict(rewrites=frozenset({"encrypt"}))),
    ],
)
def test_each_consequence(then: str, verdict: Verdict) -> None:
    finding = Finding("external_recipient", "", values={"approver": "department_head"})
    assert verdict_of(prepare(policy(external_recipient=then)), finding) == verdict


def test_unexaminable_is_a_hold_whatever_policy_says() -> None:
    assert verdict_of(prepare(policy()), Finding(UNEXAMINABLE, "")).holds == {UNEXAMINABLE}


def test_whom_a_finding_concerns() -> None:
    prepared = prepare(policy(external_recipient="hold"))
    people = facts("a@us.example", "b@p.example")
    everyone = [Finding("external_recipient", "")]
    assert [bool(v.holds) for v in decide(prepared, people, everyone)] == [False, True]
    named = [Finding("external_recipient", "", recipients=(0,))]
    assert [bool(v.holds) for v in decide(prepared, people, named)] == [True, False]
    inbound = facts("a@us.example", "b@us.example", direction="inbound")
    assert [bool(v.holds) for v in decide(prepared, inbound, everyone)] == [True, True]


def test_every_rule_tells_its_sentences_and_control() -> None:
    for rule in discover().values():
        assert f"rules.{rule.name}" in LANGUAGES["ja"].sentences, rule.name
        assert rule.description, rule.name
        assert rule.control.startswith({"outbound": "OUT-", "inbound": "IN-"}.get(rule.direction, "")), (
            rule.name
        )
