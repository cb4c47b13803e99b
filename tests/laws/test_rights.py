"""Laws of quarantine/rights.py, for every person, mail and verb."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.account import Account, Role
from quarantine.item import Item
from quarantine.rights import (
    CONFIGURATION,
    CONTENT,
    JUDGEMENTS,
    PARTS,
    SystemPart,
    Verb,
    Voice,
    charge,
    grants,
    own,
    refusal,
    verbs,
)
from tests.quarantine.items import item

LOGINS = ("", "ann", "bob", "eve")
ADDRESSES = ("ann@a.example", "bob@a.example", "Bob+x@a.example", "info@a.example")
DEPARTMENTS = ("", "sales", "law")

accounts = st.builds(
    Account,
    st.sampled_from(LOGINS),
    addresses=st.lists(st.sampled_from(ADDRESSES), max_size=2).map(tuple),
    send_as=st.lists(st.sampled_from(ADDRESSES), max_size=1).map(tuple),
    department=st.sampled_from(DEPARTMENTS),
    head_of=st.lists(st.sampled_from(DEPARTMENTS), max_size=2).map(tuple),
    roles=st.lists(st.sampled_from(list(Role)), max_size=6, unique=True).map(tuple),
    disabled=st.booleans(),
    tenant=st.sampled_from(["default", "other"]),
)
items = st.builds(
    lambda owner, to, direction, approvals, holds, tenant: item(
        *to, owner=owner, direction=direction, approvals=approvals, holds=holds, tenant=tenant
    ),
    st.sampled_from(LOGINS),
    st.lists(st.sampled_from(ADDRESSES), min_size=1, max_size=3),
    st.sampled_from(["inbound", "outbound", "notice"]),
    st.lists(st.sampled_from(["department_head", *Role]), max_size=3, unique=True).map(tuple),
    st.sampled_from([(), ("a",)]),
    st.sampled_from(["default", "other"]),
)


def allowed(who: Account | SystemPart | None, verb: Verb, mail: Item, owner: Account | None) -> bool:
    return any(not refusal(who, verb, mail, owner, Voice(role)) for role in ("", *mail.approvals))


@settings(max_examples=400, deadline=None)
@given(accounts, items, st.none() | accounts, st.sampled_from(list(Verb)))
def test_laws(who: Account, mail: Item, sender: Account | None, verb: Verb) -> None:
    owner = None if sender is None else msgspec.structs.replace(sender, login=mail.owner, tenant=mail.tenant)
    may = allowed(who, verb, mail, owner)
    # What a page asks and what the store asks is the same question.
    assert may is (verb in verbs(who, mail, owner))
    if may:
        assert who.tenant == mail.tenant, "nobody reaches into another tenant"
        assert not who.disabled
        assert who.login
        assert not (verb in JUDGEMENTS and own(who, mail)), "nobody decides on mail of their own"
    # Content comes from sending, receiving, being asked or reviewing; never with a configuration.
    for grant in grants(who, mail, owner):
        if grant.verbs & CONTENT:
            assert not grant.verbs & CONFIGURATION
            assert grant.duty in ("sender", "recipient", "head", "approver", "reviewer", "deputy")
    watching = set(who.roles) <= {Role.OPERATOR, Role.AUDITOR, Role.USER}
    if watching and not own(who, mail) and not set(who.roles) & set(mail.approvals) and not who.head_of:
        assert not verbs(who, mail, owner) & CONTENT
    # The system's own verbs are nobody's, and a part does nothing that is a person's to decide on.
    clock = {Verb.DUE, Verb.LEASE, Verb.FINISH, Verb.LAPSE, Verb.EXPIRE, Verb.ASK_NEXT, Verb.FIND, Verb.SCAN}
    assert not (may and verb in clock)
    for part in SystemPart:
        assert allowed(part, verb, mail, owner) is (verb in PARTS[part])
        assert not (
            verb in CONTENT | CONFIGURATION - {Verb.DELEGATIONS} | {Verb.APPROVE, Verb.DENY}
            and verb in PARTS[part]
        )


@settings(max_examples=200, deadline=None)
@given(accounts, items, st.none() | accounts)
def test_a_smaller_account_may_not_do_more(who: Account, mail: Item, owner: Account | None) -> None:
    """Taking away roles, departments or the account itself never gives a verb."""
    before, all_of_it = verbs(who, mail, owner), charge(who)
    for less in ({"roles": who.roles[1:]}, {"head_of": who.head_of[1:]}, {"disabled": True}):
        smaller = msgspec.structs.replace(who, **less)
        assert verbs(smaller, mail, owner) <= before
        assert charge(smaller) <= all_of_it
