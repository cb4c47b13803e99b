"""Who may do what with one mail, written out by hand (the matrix over all pages is tests/console/test_app.py)."""

import msgspec
import pytest

from directory.account import Account, Role
from directory.delegations import Action, Mandate
from quarantine.item import Agreed, Event, State
from quarantine.lifecycle import TABLE as MOVES
from quarantine.queue.leasing import WAKING
from quarantine.rights import (
    CONFIGURATION,
    CONTENT,
    JUDGEMENTS,
    PARTS,
    TABLE,
    SystemPart,
    Ties,
    Verb,
    Voice,
    addressed,
    asked,
    charge,
    grants,
    markdown,
    needs_reason,
    own,
    refusal,
    verbs,
    verbs_on_arrival,
)
from tests.quarantine.items import item

V = Verb
HANAKO = Account("hanako", addresses=("hanako@example.jp",), department="sales")
TARO = Account("taro", addresses=("taro@example.jp",), department="sales", head_of=("sales",))
SHACHO = Account("shacho", roles=(Role.USER, Role.PRESIDENT))
KANRI = Account("kanri", addresses=("kanri@example.jp",), roles=(Role.USER, Role.ADMINISTRATOR))
UNYO = Account("unyo", roles=(Role.OPERATOR,))
KANSA = Account("kansa", roles=(Role.AUDITOR,))
BAN = Account("ban", roles=(Role.HOUSE_OPERATOR,))
STRANGER = Account("jiro", head_of=("other",))
ELSEWHERE = Account("hanako", head_of=("sales",), roles=tuple(Role), tenant="other")
GONE = Account("hanako", head_of=("sales",), roles=tuple(Role), disabled=True)

SENT = item("b@example.com", owner="hanako", approvals=("department_head", "president"))
CAME = item("Hanako+list@example.jp", "kanri@example.jp", owner="", direction="inbound", holds=("a",))
SENDER = {
    V.SEE, V.OPEN, V.PASSPHRASE, V.RECALL, V.DROP, V.STOP, V.RESUME, V.SEND_NOW, V.CONFIRM, V.EXCLUDE,
}  # fmt: skip
APPROVER = {V.SEE, V.OPEN, V.APPROVE, V.DENY}
REVIEWER = {V.SEE, V.OPEN, V.RELEASE, V.DISCARD, V.RETRY}
RECIPIENT = {V.READ, V.ASK, V.EXAMINE, V.REPORT, V.TRUST}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (HANAKO, SENDER),
        (TARO, APPROVER),
        (SHACHO, APPROVER),
        (KANRI, REVIEWER),
        (UNYO, {V.SEE, V.RETRY}),
        (KANSA, {V.SEE}),
        (STRANGER, set()),
        (ELSEWHERE, set()),
        (GONE, set()),
    ],
)
def test_leaving_mail(who: Account, expected: set[Verb]) -> None:
    assert verbs(who, SENT, HANAKO) == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (HANAKO, RECIPIENT),
        (TARO, set()),
        (KANRI, RECIPIENT | REVIEWER - {V.RELEASE}),
        (UNYO, {V.SEE, V.RETRY}),
        (ELSEWHERE, set()),
    ],
)
def test_arriving_mail(who: Account, expected: set[Verb]) -> None:
    assert verbs(who, CAME) == expected


def test_a_shared_mailbox_is_everybodys_who_may_use_it() -> None:
    shared = Account("taro", send_as=("hanako@example.jp",))
    assert verbs(shared, CAME) == RECIPIENT
    assert addressed(shared, ["x@example.jp", "HANAKO+a@example.jp"])
    assert not addressed(Account("nobody"), ["hanako@example.jp"])


def test_mail_without_an_owner_is_nobodys_own() -> None:
    assert verbs(Account(""), CAME) == verbs(Account(""), SENT) == frozenset()
    assert own(Account(""), CAME) == ""
    assert own(KANRI, item("kanri@example.jp", owner="hanako")) == "", "leaving mail to them is not theirs"


def test_nobody_decides_on_mail_of_their_own() -> None:
    chief = msgspec.structs.replace(HANAKO, head_of=("sales",), roles=tuple(Role))
    mine = msgspec.structs.replace(SENT, holds=("a",))
    assert asked(chief, mine, chief) == ()
    for verb in JUDGEMENTS:
        assert verb not in verbs(chief, mine, chief)
        assert refusal(chief, verb, mine, chief, Voice("president")) == "nobody decides on mail of their own"
    assert refusal(chief, V.DISCARD, mine, chief) == ""
    assert refusal(KANRI, V.RELEASE, CAME) == "nobody decides on mail of their own"


def test_whose_word_is_asked() -> None:
    assert asked(TARO, SENT, HANAKO) == (Voice("department_head"),)
    assert asked(SHACHO, SENT, HANAKO) == (Voice("president"),)
    both = msgspec.structs.replace(SHACHO, head_of=("sales",))
    assert asked(both, SENT, HANAKO) == (Voice("department_head"), Voice("president"))
    assert asked(KANRI, SENT, HANAKO) == asked(TARO, SENT, None) == ()
    assert asked(TARO, SENT, msgspec.structs.replace(HANAKO, department="")) == ()
    agreed = msgspec.structs.replace(SENT, approvals=("president",))
    assert verbs(TARO, agreed, HANAKO) == set(), "the right ends with the question"
    assert asked(KANRI, item(owner="hanako", approvals=("administrator",)), HANAKO) == (
        Voice("administrator"),
    )


def test_managers_groups_and_people_by_name() -> None:
    by_name = msgspec.structs.replace(SENT, approvals=("manager, then board", "person jiro"))
    sender = msgspec.structs.replace(HANAKO, manager="taro")
    members = Ties((), lambda account: frozenset({"board"} if account.login == "shacho" else ()))
    assert asked(TARO, by_name, sender, members) == (Voice("manager"),)
    assert asked(JIRO, by_name, sender, members) == (Voice("person jiro"),)
    assert asked(SHACHO, by_name, sender, members) == (), "not yet"
    board = msgspec.structs.replace(SENT, approvals=("board",))
    assert asked(SHACHO, board, sender, members) == (Voice("board"),)
    assert V.APPROVE in verbs(SHACHO, board, sender, members)
    assert V.APPROVE not in verbs(SHACHO, board, sender), "of no known policy"
    left_out = msgspec.structs.replace(board, excluded=("shacho",))
    assert asked(SHACHO, left_out, sender, members) == ()
    gave = msgspec.structs.replace(board, agreed=(Agreed("jiro", "x", "shacho"),))
    assert asked(SHACHO, gave, sender, members) == (), "in whose place somebody spoke, has spoken"


def test_the_last_in_line_gives_a_reason_and_edits_no_policy() -> None:
    last = msgspec.structs.replace(SENT, approvals=("president (last in line)",))
    assert asked(SHACHO, last, HANAKO) == (Voice("president", "", True),)
    assert refusal(SHACHO, V.APPROVE, last, HANAKO, Voice("president")) == "the last in line says why"
    assert refusal(SHACHO, V.APPROVE, last, HANAKO, Voice("president", "", True)) == ""
    both = msgspec.structs.replace(SHACHO, roles=(Role.PRESIDENT, Role.ADMINISTRATOR))
    assert asked(both, last, HANAKO) == ()
    assert asked(both, SENT, HANAKO) == (Voice("president"),), "who is asked by the policy itself may"


def test_a_role_speaks_for_itself_only() -> None:
    assert refusal(TARO, V.APPROVE, SENT, HANAKO, Voice("department_head")) == ""
    assert refusal(TARO, V.APPROVE, SENT, HANAKO, Voice("president")) == "this role is not theirs"


JIRO = Account("jiro", addresses=("jiro@example.jp",), department="law")
"""Heads nothing, bears no role."""


def mandate(*actions: Action, account: Account | None = None, mailbox: str = "") -> Mandate:
    return Mandate(frozenset(actions), account, mailbox)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (mandate(Action.APPROVE, account=TARO), {V.SEE, V.OPEN, V.APPROVE, V.DENY}),
        (mandate(Action.APPROVE, account=HANAKO), set()),
        (mandate(Action.SEND, Action.READ, account=TARO), set()),
        (
            mandate(Action.SEND, account=HANAKO),
            {V.SEE, V.RECALL, V.DROP, V.STOP, V.RESUME, V.SEND_NOW, V.CONFIRM},
        ),
        (mandate(Action.READ, account=HANAKO), {V.SEE, V.OPEN}),
        (
            mandate(Action.SEND, mailbox="sender@example.jp"),
            {V.SEE, V.RECALL, V.DROP, V.STOP, V.RESUME, V.SEND_NOW, V.CONFIRM},
        ),
        (mandate(Action.SEND, mailbox="other@example.jp"), set()),
        (mandate(Action.APPROVE, account=GONE), set()),
        (mandate(Action.APPROVE, account=ELSEWHERE), set()),
    ],
)
def test_what_a_delegation_lets_one_do(given: Mandate, expected: set[Verb]) -> None:
    assert verbs(JIRO, SENT, HANAKO, Ties((given,))) == expected
    assert not verbs(JIRO, CAME, None, Ties((given,))), "arriving mail is not delegated"


def test_whoever_sent_a_mail_speaks_for_nobody_about_it() -> None:
    given = Ties((mandate(*Action, account=TARO),))
    assert asked(HANAKO, SENT, HANAKO, given) == ()
    assert refusal(HANAKO, V.APPROVE, SENT, HANAKO, Voice("department_head", "taro"), given)
    assert V.APPROVE not in verbs(HANAKO, SENT, HANAKO, given)
    his = msgspec.structs.replace(SENT, owner="taro")
    assert asked(JIRO, his, TARO, given) == (), "nor does anybody speak for the sender"


def test_in_whose_place_one_speaks_is_said() -> None:
    given = Ties((mandate(Action.APPROVE, account=TARO),))
    assert asked(JIRO, SENT, HANAKO, given) == (Voice("department_head", "taro"),)
    assert refusal(JIRO, V.APPROVE, SENT, HANAKO, Voice("department_head", "taro"), given) == ""
    assert (
        refusal(JIRO, V.APPROVE, SENT, HANAKO, Voice("department_head"), given) == "this role is not theirs"
    )
    assert asked(TARO, SENT, HANAKO, Ties((mandate(Action.APPROVE, account=TARO),))) == (
        Voice("department_head"),
    )
    assert not needs_reason(JIRO, SENT, HANAKO, given)
    assert asked(msgspec.structs.replace(JIRO, disabled=True), SENT, HANAKO, given) == ()


def test_who_needs_a_reason_to_open() -> None:
    assert needs_reason(KANRI, SENT, HANAKO)
    assert not needs_reason(HANAKO, SENT, HANAKO)
    assert not needs_reason(TARO, SENT, HANAKO)


def test_what_people_are_in_charge_of() -> None:
    office = {V.APPROVALS, V.QUARANTINE, V.REPORTS, V.OPEN, V.TRACE, V.RETRY, V.LEGAL_HOLDS, *CONFIGURATION}
    assert charge(KANRI) == office
    assert charge(UNYO) == {V.TRACE, V.PEOPLE, V.RETRY}
    assert charge(KANSA) == {V.TRACE, V.PEOPLE, V.POLICY, V.LEGAL_HOLDS}
    assert charge(TARO) == charge(SHACHO) == {V.APPROVALS}
    assert charge(HANAKO) == charge(GONE) == frozenset()
    assert charge(BAN) == {V.ORGANISATIONS}
    assert charge(msgspec.structs.replace(BAN, tenant="acme")) == frozenset(), "a role of the house"
    assert V.ORGANISATIONS not in charge(ELSEWHERE)


def test_nobody_is_asked_as_operator_of_the_house() -> None:
    """A policy that asked them would show them the mail."""
    for mail in (SENT, CAME, msgspec.structs.replace(SENT, approvals=("house_operator",))):
        assert verbs(BAN, mail, HANAKO) == frozenset()
        assert asked(BAN, mail, HANAKO) == ()


def test_a_mail_that_only_the_journal_knows_is_its_recipients() -> None:
    came = [r.path.address for r in CAME.recipients]
    assert verbs_on_arrival(HANAKO, "default", came) == RECIPIENT
    for who in (TARO, ELSEWHERE, GONE):
        assert verbs_on_arrival(who, "default", came) == frozenset()
    assert verbs_on_arrival(HANAKO, "other", came) == frozenset()


def test_parts_of_the_system_do_their_own_work_only() -> None:
    for part, mine in PARTS.items():
        for verb in Verb:
            assert (refusal(part, verb, SENT) == "") is (verb in mine)
    assert refusal(None, V.SEE, SENT) == "it is not there"
    assert PARTS[SystemPart.WORKER] == frozenset()


def test_what_the_store_does_for_the_dispatcher_is_the_dispatchers_to_do() -> None:
    """Leasing and finishing ask the table nothing: they are many, and the dispatcher has no account."""
    done = {event for events in WAKING.values() for event in events} | {Event.FINISH}
    assert {e.value for e in done} == {v.value for v in PARTS[SystemPart.DISPATCHER]}


def test_every_move_of_the_life_cycle_has_somebody_who_may_make_it() -> None:
    given = {v for g in TABLE for v in g.verbs} | {v for mine in PARTS.values() for v in mine}
    assert given == set(Verb), "a verb that nobody may use"
    for state, event in MOVES:
        assert Verb[event.name] in given, (state, event)
    assert {e for e in Event if e.name not in Verb.__members__} == {Event.ACCEPT}
    assert State.WITHDRAWN not in {state for state, _ in MOVES}


def test_content_and_configuration_never_stand_in_one_row() -> None:
    for grant in TABLE:
        assert not (grant.verbs & CONTENT and grant.verbs & CONFIGURATION), grant.duty
    assert not any(mine & CONTENT for mine in PARTS.values())
    assert all(g.duty != "watcher" for g in grants(UNYO, SENT) if g.verbs & CONTENT)


def test_the_document_names_every_row_and_verb() -> None:
    text = markdown()
    assert text.count("\n- ") == len(TABLE) + len(PARTS)
    for verb in Verb:
        style = "**" if verb in CONTENT else "*" if verb in CONFIGURATION else ""
        assert f"| {style}{verb}{style} | {verb.meaning} |" in text
