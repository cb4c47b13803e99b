"""What would have to be otherwise: the smallest changes that make it easier for a mail."""

import datetime
from typing import Any

import msgspec
import pytest

from config.cases import Case, Group, PolicyException, Recipients, Staff, When
from config.consequence import UNTIL_RELEASED
from config.policy import Policy, RulePolicy
from directory.account import Account
from filters.verdict import PASS, Verdict
from gateway.command import explain as command
from gateway.command.explain import explain, readable
from gateway.command.otherwise import described, without
from mail.message import Message
from tests.gateway.test_app import HANAKO, SATO, TARO, mail
from tests.services.node import policy_of

GROUPS = {
    "hr": Group(people=Staff(department="hr")),
    "koyo": Group(recipients=Recipients(domains="koyo.example")),
}


def policy(*cases: Case, exceptions: tuple[PolicyException, ...] = ()) -> Policy:
    rules = {**policy_of().rules, "external_recipient": RulePolicy("delay 5m", cases=cases)}
    return policy_of(groups=GROUPS, rules=rules, exceptions=exceptions)


def told(raw: bytes, of: Policy, **more: Any) -> dict[str, str]:
    answer = explain(raw.replace(b"\n", b"\r\n"), of, "outbound", **more)
    lines = readable(answer)
    for each in answer["changes"]:
        assert f"  {each['what']}: {each['then']}" in lines
    return {each["what"]: each["then"] for each in answer["changes"]}


def test_without_the_only_outsider_it_leaves_at_once() -> None:
    assert told(mail(f"{HANAKO}, {SATO}"), policy_of()) == {f"without {SATO}": "leaves at once"}


def test_without_one_of_many_their_addresses_need_not_be_hidden() -> None:
    many = ", ".join(f"x{n}@client.example" for n in range(6))
    found = told(mail(many), policy_of())
    assert found["without x3@client.example"] == "leaves after 5m"
    assert len(found) == 6


def test_where_no_single_one_helps_a_domain_may() -> None:
    koyo = Case(When(to="koyo"), "approve president")
    found = told(mail(f"a@koyo.example, b@koyo.example, {SATO}"), policy(koyo))
    assert found == {"without the recipients at koyo.example": "leaves after 5m"}


def test_an_hour_a_group_a_size_and_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monday = datetime.datetime(2026, 11, 30, 20, tzinfo=datetime.UTC).timestamp()
    monkeypatch.setattr(command.time, "time", lambda: monday)
    over = PolicyException(
        "external_recipient", When(to="external", size_over="1 kB"), "hanako", "r", "shacho", datetime.date(2026, 11, 1),
        name="until autumn",
    )  # fmt: skip
    cases = (
        Case(When(size_over="10 kB"), "delay until released"),
        Case(When(sender="hr"), "delay 2m"),
        Case(When(hours="business"), "delay 1m"),
    )
    large = told(mail(SATO, "x\n" * 8000), policy(*cases, exceptions=(over,)))
    assert large == {
        "at 10 kB or less": "leaves after 5m",
        "until 2026-11-01, when the exception until autumn ended": "leaves at once",
    }
    small = told(mail(SATO), policy(*cases))
    assert small == {
        "in business hours": "leaves after 1m",
        "from somebody of the group hr": "leaves after 2m",
    }


def test_an_hour_that_helps_only_some_says_for_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    monday = datetime.datetime(2026, 11, 30, 20, tzinfo=datetime.UTC).timestamp()
    monkeypatch.setattr(command.time, "time", lambda: monday)
    in_hours = Case(When(to="koyo", hours="business"), "delay 1m")
    found = told(mail(f"a@koyo.example, {SATO}"), policy(in_hours))
    assert found == {"in business hours": "leaves after 1m, for a@koyo.example"}


def test_without_what_is_confidential() -> None:
    found = told(mail(SATO, "社外秘\n"), policy_of())
    assert found == {"without what is 社外秘 in it": "leaves after 5m"}


def test_nothing_is_said_of_a_mail_that_leaves_and_where_nothing_is_done() -> None:
    assert told(mail(HANAKO), policy_of()) == {}
    assert told(mail(SATO), msgspec.structs.replace(policy_of(), mode="observe")) == {}


def test_people_behind_recipients_are_known_to_groups() -> None:
    to_hr = policy(Case(When(to="hr"), "hold"))
    people = [Account("hanako", addresses=(SATO,), department="hr"), Account("taro", addresses=(TARO,))]
    assert explain(mail(SATO).replace(b"\n", b"\r\n"), to_hr, "outbound", people=people)["copies"][0][
        "verdict"
    ]["holds"]


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (PASS, "leaves at once"),
        (Verdict(rewrites=frozenset({"encrypt"})), "leaves at once, changed (encrypt)"),
        (Verdict(delay=60), "leaves after 1m"),
        (Verdict(delay=UNTIL_RELEASED), "waits until released"),
        (Verdict(approvals=frozenset({"president", "approver"})), "waits for approver and president"),
        (Verdict(rejects=frozenset({"x"}), delay=60), "refused (x)"),
    ],
)
def test_a_verdict_in_words(verdict: Verdict, words: str) -> None:
    assert described(verdict) == words


def test_a_field_without_anybody_goes_too() -> None:
    raw = b"From: a@x.example\r\nTo: =?utf-8?b?5L2Q6Jek?= <b@y.example>,\r\n c@z.example\r\nCc: d@z.example\r\n\r\nx"
    message = Message(without(raw, ["C@z.example", "d@z.example"]))
    assert [h.name for h in message.headers] == ["from", "to"]
    assert message.headers[1].text == "佐藤 <b@y.example>"
    assert without(raw, ["e@z.example"]) == raw
