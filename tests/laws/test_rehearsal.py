"""The laws of rehearsing a policy: what is remembered decides as the mail did, and never tells whose it was."""

import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from config.cases import Case, Group, PolicyException, Recipients, Staff, When
from config.policy import Policy, Risk, RulePolicy, Warn
from filters.decision.looking import looking, unrehearsed
from filters.decision.pseudonyms import Pseudonyms
from filters.decision.remembered import Rehearsal, Remembered, packed, read
from filters.examine import run
from filters.examined import UNEXAMINABLE, Examined
from filters.facts import Authentication, Facts, Person
from filters.ruleset import prepare
from filters.verdict import PASS, Verdict
from tests.filters.mails import attached, facts, plain, policy

KEY = b"k" * 32
quick = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

ADDRESSES = (
    "a@us.example", "head+x@us.example", "b%one.example@us.example", "c@sister.example", "d@one.example",
    "d+sales@one.example", "e@mail.one.example", "f@two.example", "G@three.example", "info@two.example",
)  # fmt: skip
GROUPS = {
    "sales": Group(people=Staff(department=("sales", "営業部"))),
    "leavers": Group(people=Staff(leaving_within="30d")),
    "osaka": Group(people=Staff(role="approver", attributes={"site": "Osaka"})),
    "one": Group(recipients=Recipients(domains="one.example")),
    "named": Group(recipients=Recipients(addresses=("d@one.example", "c@sister.example"), partners="三番")),
    "author": Group(recipients=Recipients(domains="partner.example")),
}
NAMES = (*GROUPS, "internal", "group", "external")
RULES = (
    "external_recipient",
    "many_external",
    "class_approval",
    "confidential_body",
    "own_pattern",
    "urgency",
    "theme",
)
THEN = (
    "observe", "delay 1m", "delay 5m", "delay until released", "delay until opening", "delay 3m fixed",
    "one copy each", "hold", "reject", "bcc", "approve president",
    "approve class", "warn",
)  # fmt: skip

IN_BOTH = ("observe", "hold", "reject")
whens = st.one_of(
    st.builds(When, sender=st.sampled_from(NAMES)),
    st.builds(When, to=st.sampled_from(NAMES) | st.just(("one", "named"))),
    st.builds(When, of=st.sampled_from(["社外秘", "極秘"])),
    st.builds(When, size_over=st.just("1 kB"), hours=st.sampled_from(["business", "outside"])),
    st.builds(When, recipients_over=st.sampled_from([1, 3]), sender=st.sampled_from(["", *NAMES])),
    st.builds(When, to=st.sampled_from(NAMES), sender=st.sampled_from(NAMES)),
)
risky = whens.map(lambda when: msgspec.structs.replace(when, risk_below=5)) | whens.map(
    lambda when: msgspec.structs.replace(when, risk_over=3)
)
people = st.builds(
    Person,
    st.just("sato"),
    addresses=st.sampled_from([("sato@us.example",), ("sato@us.example", "a@us.example")]),
    department=st.sampled_from(["sales", "営業部", "hr"]),
    roles=st.sampled_from([(), ("approver",)]),
    leaving=st.sampled_from(["", "2026-12-20", "2027-12-20"]),
    attributes=st.sampled_from([{}, {"site": "Osaka"}]),
)


@st.composite
def policies(draw: st.DrawFn, direction: str) -> Policy:
    """Policies that look for the same and decide differently."""
    rules = {}
    for name in RULES:
        inbound, factor = name in ("urgency", "theme"), name == "class_approval"
        then = draw(
            st.sampled_from([t for t in THEN if t in IN_BOTH or (inbound or factor) == (t == "warn")])
        )
        asked = whens if inbound or factor else st.one_of(whens, risky)
        cases = (
            draw(st.lists(st.builds(Case, asked, st.just(then)), max_size=2)) if draw(st.booleans()) else []
        )
        weight = draw(st.sampled_from([2, 7] if factor else [None, 1, 7])) if inbound or factor else None
        rules[name] = RulePolicy(then, weight, cases=tuple(cases))
    exceptions = draw(
        st.lists(
            st.builds(
                PolicyException, st.sampled_from(RULES), whens, st.just("x"), st.just("y"), st.just("z"),
                st.sampled_from([datetime.date(2026, 11, 1), datetime.date(2027, 1, 1)]),
            ),
            max_size=2,
        )
    )  # fmt: skip
    made = policy(mode=draw(st.sampled_from(["enforce", "enforce", "observe"])))
    organisation = msgspec.structs.replace(
        made.organisation, partners={"three.example": "三番"}, next_in_line={"president": "approver"}
    )
    warn = Warn(
        warn_at=draw(st.integers(1, 12)), hold_at=draw(st.integers(1, 30)), several=draw(st.integers(0, 2))
    )
    return msgspec.structs.replace(
        made,
        organisation=organisation,
        groups=GROUPS,
        rules=rules,
        exceptions=tuple(exceptions),
        warn=warn,
        risk=Risk(draw(st.integers(1, 8)), draw(st.sampled_from(["hold", "delay 10m"]))),
    )


@st.composite
def mails(draw: st.DrawFn, direction: str) -> tuple[bytes, Facts]:
    to = draw(st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=6, unique=True))
    if draw(st.booleans()):
        to = list(dict.fromkeys(("a@us.example", *to)))
    body = draw(
        st.sampled_from(
            [
                "本文です。",
                "社外秘資料",
                "極秘",
                "> 極秘",
                "24時間以内に更新しない場合、アカウントは停止されます。至急ご対応ください。IDとパスワードを入力して容量を増やしてください。",
            ]
        )
    )
    raw = attached(("a.txt", b"x" * draw(st.sampled_from([10, 3000]))), body=body, to=", ".join(to))
    if draw(st.booleans()):
        raw = plain(body, to=", ".join(to))
    more: dict[str, Any] = {
        "day": draw(st.sampled_from(["", "2026-11-29"])),
        "working": draw(st.booleans()),
        "colleagues": {"a@us.example": draw(people)} if "a@us.example" in to else {},
    }
    if direction == "outbound":
        more["sender"] = draw(people)
    else:
        raw = raw.replace(
            b"sato@us.example", draw(st.sampled_from([b"tanaka@partner.example", b"x@stranger.example"]))
        )
        more["released"] = draw(st.sampled_from(["", "", "m1"]))
        more["authentication"] = Authentication(dmarc=draw(st.sampled_from(["", "pass"])))
    return raw, facts(*to, direction=direction, **more)


def remembered(of: Facts, answer: Examined) -> Remembered:
    return read(packed(of, answer, Pseudonyms(KEY)))


def verdicts(of: Facts, answer: Examined) -> tuple[Verdict, ...]:
    found = [PASS] * len(of.envelope.recipients)
    for copy in answer.copies:
        for index in copy.recipients:
            found[index] = copy.verdict
    return tuple(found)


@pytest.mark.parametrize("direction", ["outbound", "inbound"])
@quick
@given(st.data())
def test_the_same_policy_changes_nothing(direction: str, data: st.DataObject) -> None:
    raw, of = data.draw(mails(direction))
    prepared = prepare(data.draw(policies(direction)))
    answer = run(raw, of, prepared)
    mail = remembered(of, answer)
    decided, again = Rehearsal(prepared).again(KEY, mail, working=of.working)
    assert mail.was == verdicts(of, answer)
    assert tuple(again) == mail.was
    assert decided.applied == answer.applied
    assert frozenset(decided.applied) == mail.did


@pytest.mark.parametrize("direction", ["outbound", "inbound"])
@quick
@given(st.data())
def test_another_policy_decides_as_if_it_had_examined_the_mail(direction: str, data: st.DataObject) -> None:
    """Where both could look at it, and make what they want of it."""
    raw, of = data.draw(mails(direction))
    before, after = prepare(data.draw(policies(direction))), prepare(data.draw(policies(direction)))
    assume(not unrehearsed(looking(before), looking(after)))
    then, now = run(raw, of, before), run(raw, of, after)
    assume(not any(f.rule == UNEXAMINABLE for f in (*then.findings, *now.findings)))
    decided, again = Rehearsal(after).again(KEY, remembered(of, then), working=of.working)
    assert tuple(again) == verdicts(of, now)
    assert decided.applied == now.applied
    assert decided.score == now.score


@quick
@given(st.data(), st.sampled_from(["outbound", "inbound"]))
def test_what_is_remembered_names_nobody_and_quotes_nothing(data: st.DataObject, direction: str) -> None:
    raw, of = data.draw(mails(direction))
    answer = run(raw, of, prepare(data.draw(policies(direction))))
    kept = packed(of, answer, Pseudonyms(KEY)).lower()
    addresses = (*of.envelope.recipients, of.envelope.reverse_path)
    for secret in (*addresses, *(a.partition("@")[2] for a in addresses), "sales", "営業部", "osaka", "至急"):
        assert secret.lower().encode() not in kept
    assert kept != packed(of, answer, Pseudonyms(b"x" * 32)).lower()
