"""No wait for an approval is without an end: a walk over organisations and policies (OUT-APPROVE)."""

import msgspec
from hypothesis import event, given, settings
from hypothesis import strategies as st

from config.approval import Turn, written
from config.cases import Group, Staff
from config.policy import Organisation, Policy
from directory.account import Account, Role
from directory.bearers import Bearers, Membership
from quarantine.item import Act, Event, Item, State
from quarantine.lifecycle import accept, apply
from quarantine.rights import Ties, Verb, Voice, asked, charge, refusal
from tests.quarantine.items import item

LOGINS = ("ann", "bob", "cho", "dan", "eve", "fay")
NAMES = ("department_head", "manager", "president", "approver", "board", "person ann", "person fay")
ROLES = (Role.USER, Role.APPROVER, Role.PRESIDENT, Role.ADMINISTRATOR)

accounts = st.fixed_dictionaries(
    {
        login: st.builds(
            Account,
            st.just(login),
            department=st.sampled_from(["", "sales", "law"]),
            head_of=st.sampled_from([(), ("sales",), ("law",), ("sales", "law")]),
            manager=st.sampled_from(["", *LOGINS]),
            roles=st.lists(st.sampled_from(ROLES), max_size=2, unique=True).map(tuple),
            attributes=st.sampled_from([{}, {"board": "yes"}]),
            disabled=st.sampled_from([False, False, False, True]),
        )
        for login in LOGINS
    }
)
steps = st.builds(Turn, st.sampled_from(NAMES), st.integers(1, 3))
chains = st.lists(steps, min_size=1, max_size=3, unique_by=lambda step: step.of).map(written)
organisations = st.builds(
    Organisation,
    next_in_line=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NAMES), max_size=3),
    last_in_line=st.sampled_from(["", "approver", "president"]),
)


def passed_on(mail: Item, known: Bearers, owner: Account, organisation: Organisation) -> Item:
    """As the rounds do it."""
    for _ in range(20):
        instead = known.passed_on(mail.approvals, owner, organisation, mail.barred)
        if instead == mail.approvals:
            return mail
        mail = apply(mail, Act(Event.ASK_NEXT, 2.0, approvals=instead))
    raise AssertionError("it is passed on for ever")


@settings(max_examples=500, deadline=None)
@given(
    accounts,
    organisations,
    st.lists(chains, min_size=1, max_size=2, unique=True),
    st.sampled_from(LOGINS),
    st.data(),
)
def test_somebody_who_can_end_it_is_told_and_never_the_sender(
    people: dict[str, Account], organisation: Organisation, asks: list[str], sender: str, data: st.DataObject
) -> None:
    policy = Policy(organisation, groups={"board": Group(people=Staff(attributes={"board": "yes"}))})
    members = Membership(lambda tenant: policy, lambda: "2026-11-30")
    known, ties, owner = Bearers(people.values(), members), Ties((), members), people[sender]
    mail = accept(item(owner=sender, approvals=tuple(sorted(asks))), 1.0)
    had_their_say: set[str] = set()
    while mail.approvals:
        mail = passed_on(mail, known, owner, organisation)
        told = {login: voices for login, who in people.items() if (voices := asked(who, mail, owner, ties))}
        assert sender not in told
        assert not had_their_say & set(told), "one person counts once"
        for login, voices in told.items():
            for voice in voices:
                spoken = Voice(voice.role, voice.place, True)
                assert refusal(people[login], Verb.APPROVE, mail, owner, spoken, ties) == ""
                assert refusal(people[login], Verb.DENY, mail, owner, spoken, ties) == ""
        if not told:  # the administrators hear of it, and can end it undelivered
            event("nobody")
            last = Turn(organisation.last_in_line, stands_in="last in line")
            assert not organisation.last_in_line or not known.able(last, owner, mail.barred)
            for who in people.values():
                if Verb.QUARANTINE in charge(who):
                    assert refusal(who, Verb.DISCARD, mail, owner) == ""
            return
        login = data.draw(st.sampled_from(sorted(told)))
        voice = told[login][0]
        before = mail
        mail = apply(mail, Act(Event.APPROVE, 3.0, role=voice.role, person=login, bound=mail.bound))
        assert mail.approvals != before.approvals
        had_their_say.add(login)
        if any(step.endswith("line)") for step in before.approvals[0].split(", then ")[:1]):
            event("somebody stood in")
    event("agreed")
    assert mail.state is State.QUEUED
    assert not [who for who in people.values() if asked(who, mail, owner, ties)]


@settings(max_examples=200, deadline=None)
@given(accounts, organisations, chains, st.sampled_from(LOGINS))
def test_who_edits_the_policy_stands_in_for_nobody(
    people: dict[str, Account], organisation: Organisation, asks: str, sender: str
) -> None:
    policy = Policy(organisation)
    members = Membership(lambda tenant: policy, lambda: "2026-11-30")
    owner = people[sender]
    mail = accept(item(owner=sender, approvals=(asks,)), 1.0)
    passed = passed_on(mail, Bearers(people.values(), members), owner, organisation)
    asked_now = {
        step.partition(" (")[0] for step in passed.approvals[0].split(", then ")[:1] if "line)" in step
    }
    for who in people.values():
        if Role.ADMINISTRATOR in who.roles:
            assert not {v.role for v in asked(who, passed, owner, Ties((), members))} & asked_now
    assert msgspec.structs.replace(passed, approvals=(), version=0) == msgspec.structs.replace(
        mail, approvals=(), version=0
    )
