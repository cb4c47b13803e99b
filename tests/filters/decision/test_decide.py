"""What the policy makes of findings: consequences joined, for each recipient, by cases and exceptions."""

import datetime
from typing import Any

import msgspec
import pytest

from config.cases import Case, Group, OwnWaits, PolicyException, Recipients, Staff, Waits, When
from config.consequence import UNTIL_RELEASED, consequence
from config.policy import Policy, Risk, RulePolicy
from filters.decision.decide import decide, factors, verdict_of
from filters.examined import UNEXAMINABLE, Applied, Examined, Features
from filters.facts import Facts, Person
from filters.finding import Finding
from filters.ruleset import Prepared, prepare
from filters.verdict import PASS, Verdict
from tests.filters.mails import SENDER, examined, facts, plain, policy

GROUPS = {
    "sales": Group(people=Staff(department="sales")),
    "leavers": Group(people=Staff(leaving_within="30d")),
    "koyo": Group(recipients=Recipients(domains=("koyo.example",))),
}
OUTSIDE = Finding("external_recipient", "")


def decided(prepared: Prepared, of: Facts, *found: Finding, size: int = 0) -> tuple[Verdict, ...]:
    return decide(prepared, of, Features(size), found).verdicts


def cased(*cases: Case, then: str = "delay 5m", **more: Any) -> Prepared:
    """The rule about external recipients with these cases."""
    rules = {"external_recipient": RulePolicy(then, cases=cases)}
    return prepare(msgspec.structs.replace(policy(), groups=GROUPS, rules=rules, **more))


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
        ("delay 5m fixed", Verdict(delay=300, fixed=300)),
        ("delay until opening", Verdict(opening=True)),
        ("delay until released", Verdict(delay=UNTIL_RELEASED)),
        ("approve president", Verdict(approvals=frozenset({"president"}))),
        ("approve class", Verdict(approvals=frozenset({"department_head"}))),
        ("bcc", Verdict(rewrites=frozenset({"bcc"}))),
        ("encrypt", Verdict(rewrites=frozenset({"encrypt"}))),
    ],
)
def test_each_consequence(then: str, verdict: Verdict) -> None:
    finding = Finding("external_recipient", "", values={"approver": "department_head"})
    assert verdict_of(finding, consequence(then)) == verdict


def test_unexaminable_is_a_hold_whatever_policy_says() -> None:
    (verdict,) = decided(prepare(policy()), facts(), Finding(UNEXAMINABLE, ""))
    assert verdict.holds == {UNEXAMINABLE}


SOON, LATE = OwnWaits("send", 2), OwnWaits("return", 30, (1.0,))


@pytest.mark.parametrize(
    ("then", "of_rule", "of_case", "ends"),
    [
        ("review", SOON, None, {Waits("send", 2, (1.0,))}),
        ("review", SOON, OwnWaits("escalate"), {Waits("escalate")}),
        ("review", SOON, OwnWaits("return"), set()),  # as [waits] has it
        ("review", None, OwnWaits(days=0.5), {Waits("return", 0.5, (0.25,))}),
        ("delay until released", SOON, None, {Waits("send", 2, (1.0,))}),
        ("delay 5m", SOON, None, set()),
        ("observe", SOON, None, set()),
    ],
)
def test_what_waits_for_a_person_ends_as_its_case_says(
    then: str, of_rule: OwnWaits | None, of_case: OwnWaits | None, ends: set[Waits]
) -> None:
    cases = (Case(When(to="external"), then, waits=of_case),)
    rules = {"external_recipient": RulePolicy("delay 5m", cases=cases, waits=of_rule)}
    prepared = prepare(msgspec.structs.replace(policy(), rules=rules))
    (verdict,) = decided(prepared, facts("b@p.example"), OUTSIDE)
    assert verdict.waits == ends


def test_of_several_that_make_a_mail_wait_the_strictest_end_counts() -> None:
    rules = {
        "external_recipient": RulePolicy("review", waits=SOON),
        "many_external": RulePolicy("hold"),
        "private_address": RulePolicy("approve president", waits=LATE),
    }
    prepared = prepare(msgspec.structs.replace(policy(), rules=rules))
    people = facts("b@p.example")
    found = [Finding(name, "") for name in rules]
    assert [v.waits for v in decided(prepared, people, *found[:2])] == [frozenset()], "[waits] is stricter"
    assert [v.waits for v in decided(prepared, people, *found)] == [{Waits("return", 30, (1.0,))}]


def test_whom_a_finding_concerns() -> None:
    prepared = prepare(policy(external_recipient="hold"))
    people = facts("a@us.example", "b@p.example")
    everyone = [Finding("external_recipient", "")]
    assert [bool(v.holds) for v in decided(prepared, people, *everyone)] == [False, True]
    named = [Finding("external_recipient", "", recipients=(0,))]
    assert [bool(v.holds) for v in decided(prepared, people, *named)] == [True, False]
    inbound = facts("a@us.example", "b@us.example", direction="inbound")
    assert [bool(v.holds) for v in decided(prepared, inbound, *everyone)] == [True, True]


def test_the_first_case_that_fits_counts_for_each_recipient() -> None:
    prepared = cased(
        Case(When(sender="leavers"), "approve department_head"),
        Case(When(to="koyo"), "delay 1m"),
    )
    people = facts("a@koyo.example", "b@sub.koyo.example", "c@other.example")
    assert [v.delay for v in decided(prepared, people, OUTSIDE)] == [60, 60, 300]
    leaver = Person("sato", addresses=(SENDER,), leaving="2026-12-20")
    leaving = facts("a@koyo.example", "c@other.example", sender=leaver, day="2026-11-29")
    assert decided(prepared, leaving, OUTSIDE) == (Verdict(approvals=frozenset({"department_head"})),) * 2
    assert decided(prepared, msgspec.structs.replace(leaving, day="2026-11-19"), OUTSIDE)[0].delay == 60


@pytest.mark.parametrize(
    ("when", "fits", "does_not"),
    [
        (When(size_over="10 MB"), {"size": 10_000_001}, {"size": 10_000_000}),
        (When(recipients_over=1), {"to": ("a@p.example", "b@p.example")}, {"to": ("a@p.example", "b@us.example")}),
        (When(hours="outside"), {"working": False}, {"working": True}),
        (When(hours="business"), {"working": True}, {"working": False}),
        (When(of="社外秘"), {"of": "極秘"}, {"of": "グループ外秘"}),
        (When(sender=("leavers", "sales")), {"department": "sales"}, {"department": "hr"}),
        (When(sender="sales", to="koyo"), {"department": "sales", "to": ("a@koyo.example",)},
         {"department": "hr", "to": ("a@koyo.example",)}),
        (When(to="external"), {"to": ("a@sister.example",)}, {"to": ("a@us.example",)}),
        (When(to=("internal", "group")), {"to": ("a@sister.example",)}, {"to": ("a@p.example",)}),
    ],
)  # fmt: skip
def test_what_a_case_can_ask(when: When, fits: dict[str, Any], does_not: dict[str, Any]) -> None:
    prepared = cased(Case(when, "hold"), then="observe")
    for circumstances, then in ((fits, Verdict(holds=frozenset({"external_recipient"}))), (does_not, PASS)):
        said = dict(circumstances)
        sender = Person("sato", addresses=(SENDER,), department=said.pop("department", ""))
        found = [OUTSIDE, Finding("class_approval", "", values={"class": said.pop("of", "")})]
        found[0] = msgspec.structs.replace(OUTSIDE, recipients=(0,))
        size, to = said.pop("size", 0), said.pop("to", ("a@p.example",))
        verdicts = decided(prepared, facts(*to, sender=sender, **said), *found, size=size)
        assert verdicts[0].holds == then.holds, (when, circumstances)


def test_a_rule_that_is_off_looks_where_a_case_wants_it() -> None:
    case = Case(When(to="koyo"), "hold")
    kept = cased(case, then="off")
    mail = plain("本文です。")
    policies = msgspec.structs.replace(policy(), groups=GROUPS, rules=kept.policy.rules)
    assert examined(mail, "a@koyo.example", rules=policies).verdict.holds == {"external_recipient"}
    assert not examined(mail, "a@other.example", rules=policies).verdict.holds


def exception(**more: Any) -> PolicyException:
    said: dict[str, Any] = {
        "rule": "external_recipient", "when": When(sender="sales"), "owner": "hanako", "reason": "newsletter",
        "approved_by": "shacho", "until": datetime.date(2027, 3, 31),
    }  # fmt: skip
    return PolicyException(**said | more)


@pytest.mark.parametrize(
    ("day", "holds"), [("2026-11-29", False), ("2027-03-31", False), ("2027-04-01", True), ("", True)]
)
def test_an_exception_loosens_and_stops_by_itself(day: str, holds: bool) -> None:
    prepared = cased(then="hold", exceptions=(exception(),))
    sales = facts(sender=Person("sato", addresses=(SENDER,), department="sales"), day=day)
    assert bool(decided(prepared, sales, OUTSIDE)[0].holds) is holds
    assert decided(prepared, facts(day="2026-11-29"), OUTSIDE)[0].holds


def test_no_exception_lets_through_what_could_not_be_examined() -> None:
    every = tuple(exception(rule=name) for name in ("external_recipient", "unsupported_attachment"))
    prepared = cased(then="hold", exceptions=every)
    sales = facts(sender=Person("sato", addresses=(SENDER,), department="sales"), day="2026-11-29")
    assert decided(prepared, sales, Finding(UNEXAMINABLE, ""))[0].holds == {UNEXAMINABLE}


@pytest.mark.parametrize(
    ("mode", "verdict"),
    [
        ("enforce", Verdict(holds=frozenset({"external_recipient"}))),
        ("tell", Verdict(tells=frozenset({"external_recipient"}))),
        ("observe", PASS),
        ("off", PASS),
    ],
)
def test_modes_of_a_rule(mode: str, verdict: Verdict) -> None:
    rules = {"external_recipient": RulePolicy("hold", mode=mode)}
    (copy,) = examined(plain("本文です。"), rules=msgspec.structs.replace(policy(), rules=rules)).copies
    assert (copy.verdict.holds, copy.verdict.tells) == (verdict.holds, verdict.tells)


def test_the_answer_says_what_was_applied_and_by_which_policy() -> None:
    cases = (Case(When(to="koyo"), "delay 1m", name="koyo is quick"),)
    said: Policy = msgspec.structs.replace(
        policy(), groups=GROUPS, version="abc",
        rules={"external_recipient": RulePolicy("delay 5m", cases=cases)},
    )  # fmt: skip
    answer = examined(plain("本文です。"), "a@koyo.example", "b@other.example", rules=said)
    assert answer.policy == "abc"
    assert {a for a in answer.applied if a.rule == "external_recipient"} == {
        Applied("external_recipient", "koyo is quick", "delay 1m"),
        Applied("external_recipient", "", "delay 5m"),
    }
    assert answer.features.size == len(plain("本文です。"))


def test_who_writes_counts_for_arriving_mail_only_when_it_is_proved() -> None:
    groups = {"koyo": GROUPS["koyo"]}
    rules = {"first_contact": RulePolicy("hold", cases=(Case(When(sender="koyo"), "reject"),))}
    prepared = prepare(msgspec.structs.replace(policy(), groups=groups, rules=rules))
    found = [Finding("first_contact", "")]
    inbound = facts("a@us.example", direction="inbound")
    for author, rejects in (("x@koyo.example", True), ("", False), ("x@other.example", False)):
        (verdict,) = decide(prepared, inbound, Features(0, author), found).verdicts
        assert bool(verdict.rejects) is rejects


@pytest.mark.parametrize(
    ("to", "then"), [("a@koyo.example", "hold"), ("a@other.example", "approve president")]
)
def test_the_class_of_a_real_mail(to: str, then: str) -> None:
    """What rules find says of which class it is."""
    cases = (Case(When(of="極秘", to="koyo"), "hold"),)
    rules = {"class_approval": RulePolicy("approve class", cases=cases), "class_audience": RulePolicy("observe"),
             "confidential_body": RulePolicy("observe")}  # fmt: skip
    said = msgspec.structs.replace(policy(), groups=GROUPS, rules=rules)
    answer = examined(plain("極秘\n本文です。"), to, rules=said)
    assert {a.then for a in answer.applied if a.rule == "class_approval"} == {
        then if then == "hold" else "approve class"
    }
    assert all(
        f.values["class"] == "極秘"
        for f in answer.findings
        if f.rule in ("class_approval", "confidential_body")
    )


FACTORS = {"many_external": RulePolicy("warn", 2), "private_address": RulePolicy("warn", 3)}
"""Two rules that are factors of the risk."""


def risky(
    *cases: Case, stop_at: int = 5, then: str = "delay until released", **rules: RulePolicy
) -> Prepared:
    said = {"external_recipient": RulePolicy("delay 5m", cases=cases), **FACTORS, **rules}
    return prepare(msgspec.structs.replace(policy(), rules=said, risk=Risk(stop_at, then)))


def test_the_risk_is_the_sum_of_the_factors_about_each_recipient() -> None:
    people = facts("a@p.example", "b@q.example", "c@us.example")
    found = [
        OUTSIDE,
        Finding("many_external", "", weight=2),
        Finding("private_address", "", weight=3, recipients=(1,), about=("b@q.example",)),
    ]
    result = decide(risky(), people, Features(), found)
    assert [v.delay for v in result.verdicts] == [300, UNTIL_RELEASED, 0]
    assert result.score == 5
    assert Applied("risk", "", "delay until released") in result.applied
    said = [f.rule for f in factors(Examined(tuple(found), applied=result.applied))]
    assert said == ["private_address", "many_external"]


def test_a_factor_that_is_only_noted_does_not_count() -> None:
    found = [Finding("private_address", "", weight=3), Finding("many_external", "", weight=2)]
    noted = risky(private_address=RulePolicy("warn", 3, mode="observe"))
    result = decide(noted, facts("a@p.example"), Features(), found)
    assert result.score == 2
    assert [f.rule for f in factors(Examined(tuple(found), applied=result.applied))] == ["many_external"]


@pytest.mark.parametrize(("weight", "delay"), [(0, 60), (1, 60), (2, 300), (4, 300), (5, 900)])
def test_cases_ask_for_the_risk_after_all_rules_looked(weight: int, delay: int) -> None:
    prepared = risky(Case(When(risk_below=2), "delay 1m"), Case(When(risk_over=4), "delay 15m"), stop_at=99)
    found = [OUTSIDE, Finding("private_address", "", weight=weight)]
    for order in (found, found[::-1]):
        assert decided(prepared, facts("a@p.example"), *order)[0].delay == delay


def test_what_is_done_about_the_risk() -> None:
    found = [Finding("private_address", "", weight=9)]
    people = facts("a@p.example")
    assert decided(risky(then="approve department_head"), people, *found)[0].approvals == {"department_head"}
    assert decided(risky(then="hold"), people, *found)[0].holds == {"risk"}
    assert decided(risky(then="tell"), people, *found)[0].tells == {"risk"}
    assert decided(risky(stop_at=10), people, *found) == (PASS,)
    held = risky(private_address=RulePolicy("hold", 9))
    assert decided(held, people, *found) == (Verdict(holds=frozenset({"private_address"})),)
    arriving = facts("a@us.example", direction="inbound")
    assert not decided(risky(), arriving, *found)[0].delay


def test_a_chain_is_the_verdict_of_a_recipient() -> None:
    prepared = prepare(policy(external_recipient="approve department_head, then 2 of approver"))
    (verdict,) = decided(prepared, facts(), OUTSIDE)
    assert verdict.approvals == {"department_head, then 2 of approver"}


def test_the_look_that_the_risk_asks_for_has_its_own_end() -> None:
    risk = Risk(3, "review", OwnWaits("escalate", 3))
    prepared = prepare(msgspec.structs.replace(policy(), rules=FACTORS, risk=risk))
    (verdict,) = decided(prepared, facts("b@q.example"), Finding("private_address", "", weight=3))
    assert verdict.waits == {Waits("escalate", 3, (1.0,))}
