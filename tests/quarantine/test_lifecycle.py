"""The table of moves: each row, each guard, and nothing besides."""

import itertools
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.consequence import UNTIL_RELEASED
from filters.examined import LOCKED, SCORE
from filters.facts import Origin
from filters.finding import Finding
from quarantine.item import Act, Arrival, Event, Item, Looked, NotAllowed, Outcome, State, Status, unbound
from quarantine.lifecycle import TABLE, accept, apply, possible
from quarantine.waits.steps import table_markdown
from tests.quarantine.items import item

NOW = 1000.0
HELD, QUEUED, ACTIVE, DONE, WITHDRAWN = State


def held(**changes: Any) -> Item:
    return accept(item(**({"delay": 300} | changes)), NOW)


def queued() -> Item:
    return accept(item(), NOW)


def active() -> Item:
    return apply(queued(), Act(Event.LEASE, NOW, due_at=NOW + 60, node="n"))


def act(event: Event, now: float = NOW + 1, **more: Any) -> Act:
    return Act(event, now, **more)


@pytest.mark.parametrize(
    ("changes", "state", "due_at", "queued_at"),
    [
        ({}, QUEUED, NOW, NOW),
        ({"delay": 300}, HELD, NOW + 300, None),
        ({"delay": UNTIL_RELEASED}, HELD, None, None),
        ({"holds": ("a",)}, HELD, NOW, None),
        ({"approvals": ("president",)}, HELD, NOW, None),
        ({"approvals": ("president",), "delay": 300}, HELD, NOW + 300, None),
        ({"self_review": True}, HELD, NOW, None),
        ({"self_review": True, "delay": UNTIL_RELEASED}, HELD, None, None),
    ],
)
def test_accept(changes: dict[str, Any], state: State, due_at: float | None, queued_at: float | None) -> None:
    accepted = accept(item(token=7, attempts=3, version=9, **changes), NOW)
    assert (accepted.state, accepted.due_at, accepted.queued_at) == (state, due_at, queued_at)
    assert (accepted.token, accepted.attempts, accepted.version) == (0, 0, 0)


def test_whatever_is_not_in_the_table_is_not_allowed() -> None:
    items = {
        HELD: held(),
        QUEUED: queued(),
        ACTIVE: active(),
        DONE: msgspec.structs.replace(queued(), state=DONE, due_at=None),
        WITHDRAWN: apply(held(), act(Event.RECALL)),
    }
    for state, event in itertools.product(State, Event):
        if (state, event) not in TABLE:
            assert not possible(items[state], event, NOW + 10**6)
            with pytest.raises(NotAllowed):
                apply(items[state], act(event, NOW + 10**6, role="president", due_at=NOW + 10**7, token=1))
    assert not {state for state, _ in TABLE} & {DONE, WITHDRAWN}


def test_due() -> None:
    with pytest.raises(NotAllowed):
        apply(held(), act(Event.DUE, NOW + 299))
    after = apply(held(), act(Event.DUE, NOW + 300))
    assert (after.state, after.queued_at, after.version) == (QUEUED, NOW + 300, 1)


@pytest.mark.parametrize(
    "outstanding", [{"holds": ("a",)}, {"approvals": ("president",)}, {"self_review": True}]
)
@pytest.mark.parametrize("event", [Event.DUE, Event.SEND_NOW])
def test_the_clock_and_the_sender_do_not_pass_an_outstanding_decision(
    event: Event, outstanding: dict[str, Any]
) -> None:
    with pytest.raises(NotAllowed):
        apply(held(**outstanding), act(event, NOW + 10**6))


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, HELD),  # its delay goes on
        ({"delay": 0}, QUEUED),
        ({"delay": UNTIL_RELEASED}, QUEUED),  # who looked through it need not let it go besides
        ({"delay": UNTIL_RELEASED, "fixed": 300}, HELD),  # but not before they could
        ({"delay": 0, "holds": ("a",)}, HELD),
        ({"delay": 0, "approvals": ("president",)}, HELD),
    ],
)
def test_who_looked_through_it_gives_no_other_word(changes: dict[str, Any], state: State) -> None:
    before = held(self_review=True, **changes)
    after = apply(before, act(Event.CONFIRM))
    assert (after.state, after.self_review) == (state, False)
    assert (after.holds, after.approvals) == (before.holds, before.approvals)
    with pytest.raises(NotAllowed):
        apply(held(**changes), act(Event.CONFIRM))


def test_nobody_elses_word_is_the_senders_look() -> None:
    approved = apply(held(self_review=True, approvals=("president",)), act(Event.APPROVE, role="president"))
    released = apply(held(self_review=True, holds=("a",)), act(Event.RELEASE))
    for after in (approved, released):
        assert (after.state, after.self_review) == (HELD, True)
        assert not possible(after, Event.DUE, NOW + 10**6)


def test_send_now() -> None:
    after = apply(held(), act(Event.SEND_NOW))
    assert (after.state, after.due_at, after.queued_at) == (QUEUED, NOW + 1, NOW + 1)


def test_the_later_of_delay_and_time_to_leave_counts_also_after_a_stop() -> None:
    tomorrow = NOW + 86_400
    one = held(not_before=tomorrow)
    assert one.due_at == tomorrow
    assert held(delay=0, not_before=tomorrow).state is HELD, "also without any delay"
    assert held(not_before=NOW + 1).due_at == NOW + 300
    assert accept(item(not_before=NOW - 1), NOW).state is QUEUED
    assert held(delay=UNTIL_RELEASED, not_before=tomorrow).due_at is None
    stopped = apply(one, act(Event.STOP))
    assert apply(stopped, act(Event.RESUME, NOW + 50)).due_at == tomorrow
    assert apply(stopped, act(Event.RESUME, tomorrow)).due_at == tomorrow + 300
    assert apply(one, act(Event.SEND_NOW)).due_at == NOW + 1, "its sender may change their mind"
    assert apply(one, act(Event.RECALL)).state is WITHDRAWN
    released = apply(held(delay=UNTIL_RELEASED, not_before=tomorrow), act(Event.RELEASE))
    assert (released.state, released.due_at) == (HELD, tomorrow)
    elapsed = apply(held(delay=UNTIL_RELEASED, not_before=tomorrow), act(Event.ELAPSE))
    assert (elapsed.state, elapsed.due_at) == (HELD, tomorrow)


def test_what_the_policy_fixes_its_sender_cannot_shorten_but_take_back_or_stop() -> None:
    one = held(fixed=300, accepted_at=NOW)
    with pytest.raises(NotAllowed, match="policy"):
        apply(one, act(Event.SEND_NOW, NOW + 299))
    assert apply(one, act(Event.RECALL, NOW + 299)).state is WITHDRAWN
    stopped = apply(one, act(Event.STOP, NOW + 10))
    assert not possible(stopped, Event.SEND_NOW, NOW + 299)
    assert apply(stopped, act(Event.RESUME, NOW + 20)).due_at == NOW + 320


def test_after_the_fixed_time_the_sender_decides_about_the_rest() -> None:
    longer = held(delay=UNTIL_RELEASED, fixed=300, accepted_at=NOW)
    assert not possible(longer, Event.SEND_NOW, NOW + 299)
    assert apply(longer, act(Event.SEND_NOW, NOW + 300)).state is QUEUED


def test_stop_and_resume_restart_the_full_delay() -> None:
    stopped = apply(held(), act(Event.STOP, NOW + 290))
    assert (stopped.state, stopped.due_at) == (HELD, None)
    with pytest.raises(NotAllowed):
        apply(stopped, act(Event.DUE, NOW + 10**6))
    with pytest.raises(NotAllowed):
        apply(stopped, act(Event.STOP))
    resumed = apply(stopped, act(Event.RESUME, NOW + 5000))
    assert resumed.due_at == NOW + 5300
    with pytest.raises(NotAllowed):
        apply(resumed, act(Event.RESUME))
    assert apply(stopped, act(Event.SEND_NOW)).state is QUEUED


def test_mail_held_until_released_is_not_resumed_by_the_clock() -> None:
    waiting = held(delay=UNTIL_RELEASED)
    with pytest.raises(NotAllowed):
        apply(waiting, act(Event.RESUME))
    assert apply(waiting, act(Event.SEND_NOW)).state is QUEUED
    assert apply(waiting, act(Event.RELEASE)).state is QUEUED


def test_every_role_that_was_asked_must_agree() -> None:
    one = held(delay=0, approvals=("department_head", "president"))
    first = apply(one, act(Event.APPROVE, role="president"))
    assert (first.state, first.approvals) == (HELD, ("department_head",))
    with pytest.raises(NotAllowed):
        apply(first, act(Event.APPROVE, role="president"))
    assert apply(first, act(Event.APPROVE, role="department_head")).state is QUEUED


def test_steps_come_one_after_the_other_and_one_person_counts_once() -> None:
    one = held(delay=0, approvals=("2 of directors, then president",))
    assert one.asks == ("directors",)
    for role, person in (("president", "chief"), ("nobody", "ann")):
        with pytest.raises(NotAllowed, match="not asked"):
            apply(one, act(Event.APPROVE, role=role, person=person))
    first = apply(one, act(Event.APPROVE, role="directors", person="ann"))
    assert first.approvals == ("directors, then president",)
    for person, place in (("ann", ""), ("bob", "ann"), ("ann", "bob")):
        with pytest.raises(NotAllowed, match="counts once"):
            apply(first, act(Event.APPROVE, role="directors", person=person, place=place))
    second = apply(first, act(Event.APPROVE, role="directors", person="cho", place="bob"))
    assert (second.asks, second.barred) == (("president",), {"ann", "bob", "cho"})
    for person in ("ann", "bob", "cho"):
        with pytest.raises(NotAllowed, match="counts once"):
            apply(second, act(Event.APPROVE, role="president", person=person))
    assert apply(second, act(Event.APPROVE, role="president", person="dan")).state is QUEUED
    assert apply(second, act(Event.DENY, role="president", person="dan")).state is WITHDRAWN


def test_one_agrees_to_what_one_was_shown() -> None:
    one = held(delay=0, approvals=("president",))
    with pytest.raises(NotAllowed, match="not what was shown"):
        apply(one, act(Event.APPROVE, role="president", bound="0" * 64))
    for other in ({"sha256": "cd" * 32}, {"recipients": one.recipients[:1]}):
        assert msgspec.structs.replace(one, **other).bound != one.bound
    assert apply(one, act(Event.APPROVE, role="president", bound=one.bound)).state is QUEUED


def test_what_was_agreed_to_is_void_when_content_or_recipients_change() -> None:
    one = held(delay=0, approvals=("department_head, then president",))
    agreed = apply(one, act(Event.APPROVE, role="department_head", person="ann"))
    fewer = tuple(
        msgspec.structs.replace(r, status=Status.WITHDRAWN) if n else r
        for n, r in enumerate(agreed.recipients)
    )
    for change in ({"recipients": fewer}, {"sha256": "cd" * 32}):
        after = unbound(agreed, msgspec.structs.replace(agreed, **change))
        assert (after.approvals, after.agreed) == (one.approvals, ())
    assert unbound(agreed, agreed) is agreed
    assert apply(agreed, act(Event.RECALL)).state is WITHDRAWN


def test_others_are_asked_and_somebody_is_left_out() -> None:
    one = held(approvals=("department_head",))
    passed = apply(one, act(Event.ASK_NEXT, approvals=("president (next in line)",)))
    assert (passed.state, passed.asks) == (HELD, ("president",))
    for approvals in ((), passed.approvals):
        with pytest.raises(NotAllowed):
            apply(passed, act(Event.ASK_NEXT, approvals=approvals))
    without = apply(passed, act(Event.EXCLUDE, excluded="ann"))
    assert without.barred == {"ann"}
    for excluded in ("ann", ""):
        with pytest.raises(NotAllowed):
            apply(without, act(Event.EXCLUDE, excluded=excluded))
    with pytest.raises(NotAllowed):
        apply(held(), act(Event.EXCLUDE, excluded="ann"))


def test_an_approval_does_not_shorten_the_delay_or_lift_a_stop() -> None:
    one = held(approvals=("president",))
    agreed = apply(one, act(Event.APPROVE, NOW + 10, role="president"))
    assert (agreed.state, agreed.due_at) == (HELD, NOW + 300)
    late = apply(one, act(Event.APPROVE, NOW + 400, role="president"))
    assert late.state is QUEUED
    stopped = apply(apply(one, act(Event.STOP)), act(Event.APPROVE, NOW + 400, role="president"))
    assert stopped.state is HELD


def test_release_clears_the_holds_only() -> None:
    one = held(delay=0, holds=("a", "b"), approvals=("president",))
    after = apply(one, act(Event.RELEASE))
    assert (after.state, after.holds, after.approvals) == (HELD, (), ("president",))
    with pytest.raises(NotAllowed):
        apply(after, act(Event.RELEASE))
    assert apply(held(delay=0, holds=("a",)), act(Event.RELEASE)).state is QUEUED


def test_mail_whose_change_failed_is_not_released_as_it_came() -> None:
    """Introduced with release: a mail that could not be encrypted kept its original bytes, and the
    administrator's release sent them."""
    one = held(delay=0, holds=("unexaminable",), rewrites=("encrypt",))
    with pytest.raises(NotAllowed, match="could not be made"):
        apply(one, act(Event.RELEASE))
    assert not possible(one, Event.RELEASE, NOW)
    assert apply(one, act(Event.DISCARD)).state is WITHDRAWN
    asis = held(holds=("unexaminable",), rewrites=())
    assert apply(asis, act(Event.RELEASE)).holds == (), "nothing was to be changed"
    changed = held(holds=("corrupt_attachment",), rewrites=("encrypt",))
    assert apply(changed, act(Event.RELEASE)).holds == (), "the change was made"
    arriving = held(delay=0, holds=("unexaminable",), rewrites=("banner",), direction="inbound")
    assert apply(arriving, act(Event.RELEASE)).state is QUEUED, "only a warning is missing"


@pytest.mark.parametrize("event", [Event.RECALL, Event.DISCARD, Event.EXPIRE, Event.DENY])
def test_what_is_withdrawn_is_so_for_every_open_recipient(event: Event) -> None:
    after = apply(held(approvals=("president",)), act(event, role="president"))
    assert (after.state, after.due_at) == (WITHDRAWN, None)
    assert {r.status for r in after.recipients} == {Status.WITHDRAWN}


def test_recall_between_attempts_leaves_what_was_delivered() -> None:
    outcomes = (Outcome(0, Status.DELIVERED, "250"), Outcome(1, Status.DEFERRED, "451"))
    later = apply(active(), act(Event.FINISH, token=1, outcomes=outcomes, due_at=NOW + 300))
    after = apply(later, act(Event.RECALL))
    assert [r.status for r in after.recipients] == [Status.DELIVERED, Status.WITHDRAWN]


def test_single_recipients_are_taken_back_and_the_others_get_it() -> None:
    one = apply(held(), act(Event.DROP, recipients=[0]))
    assert (one.state, one.due_at) == (HELD, NOW + 300)
    assert [r.status for r in one.recipients] == [Status.WITHDRAWN, Status.WAITING]
    assert apply(one, act(Event.DUE, NOW + 300)).state is QUEUED
    with pytest.raises(NotAllowed, match="too late"):
        apply(one, act(Event.DROP, recipients=[0]))
    assert not possible(one, Event.DROP, NOW), "one recipient only: that is to recall it"
    nobody = apply(held(), act(Event.DROP, recipients=[0, 1]))
    assert (nobody.state, nobody.due_at) == (WITHDRAWN, None)
    assert possible(held(), Event.DROP, NOW)
    with pytest.raises(ValueError):
        apply(held(), act(Event.DROP))


def test_nobody_is_taken_back_who_has_it_or_is_just_getting_it() -> None:
    with pytest.raises(NotAllowed):
        apply(active(), act(Event.DROP, recipients=[0]))
    outcomes = (Outcome(0, Status.DELIVERED, "250"), Outcome(1, Status.DEFERRED, "451"))
    later = apply(active(), act(Event.FINISH, token=1, outcomes=outcomes, due_at=NOW + 300))
    with pytest.raises(NotAllowed):
        apply(later, act(Event.DROP, recipients=[0, 1]))
    after = apply(later, act(Event.DROP, recipients=[1]))
    assert (after.state, after.due_at) == (DONE, None), "somebody has it"
    assert [r.status for r in after.recipients] == [Status.DELIVERED, Status.WITHDRAWN]


def test_time_stands_for_nobodys_word_and_for_nobodys_look() -> None:
    waiting = held(delay=UNTIL_RELEASED)
    assert apply(waiting, act(Event.ELAPSE)).state is QUEUED
    assert apply(held(delay=0, holds=("own_pattern",)), act(Event.ELAPSE)).holds == ()
    for asks in (
        {"approvals": ("president",)}, {"holds": ("unexaminable",)}, {"holds": ("own_pattern", "corrupt_attachment")},
        {"direction": "inbound", "holds": ("blocked",)}, {"delay": 300},
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            apply(held(**asks), act(Event.ELAPSE))


def test_an_administrator_decides_in_the_senders_place() -> None:
    for before in (held(delay=UNTIL_RELEASED), held(), apply(held(), act(Event.STOP))):
        up = apply(before, act(Event.ESCALATE, hold="unattended"))
        assert (up.state, up.holds, up.due_at) == (HELD, ("unattended",), None)
        assert not possible(up, Event.SEND_NOW, NOW)
        assert apply(up, act(Event.RECALL)).state is WITHDRAWN
        assert apply(up, act(Event.RELEASE)).state is QUEUED
    for other in (held(approvals=("president",)), held(holds=("x",)), held(direction="inbound")):
        with pytest.raises(NotAllowed):
            apply(other, act(Event.ESCALATE, hold="unattended"))
    with pytest.raises(ValueError):
        apply(held(), act(Event.ESCALATE))


def test_lease() -> None:
    one = active()
    assert (one.state, one.token, one.attempts, one.due_at, one.node) == (ACTIVE, 1, 1, NOW + 60, "n")
    with pytest.raises(NotAllowed):
        apply(msgspec.structs.replace(queued(), due_at=NOW + 5), act(Event.LEASE, due_at=NOW + 60))
    with pytest.raises(ValueError):
        apply(queued(), act(Event.LEASE))


def test_lapse() -> None:
    with pytest.raises(NotAllowed):
        apply(active(), act(Event.LAPSE, NOW + 59))
    after = apply(active(), act(Event.LAPSE, NOW + 60))
    assert (after.state, after.due_at, after.token) == (QUEUED, NOW + 60, 1)


def test_finish() -> None:
    both = (Outcome(0, Status.DELIVERED, "250 a"), Outcome(1, Status.FAILED, "550 b"))
    done = apply(active(), act(Event.FINISH, token=1, outcomes=both))
    assert (done.state, done.due_at) == (DONE, None)
    assert [(r.status, r.reply, r.at) for r in done.recipients] == [
        (Status.DELIVERED, "250 a", NOW + 1), (Status.FAILED, "550 b", NOW + 1),
    ]  # fmt: skip
    part = apply(active(), act(Event.FINISH, token=1, outcomes=both[:1], due_at=NOW + 300))
    assert (part.state, part.due_at) == (QUEUED, NOW + 300)
    with pytest.raises(ValueError, match="next attempt"):
        apply(active(), act(Event.FINISH, token=1, outcomes=both[:1]))
    with pytest.raises(NotAllowed, match="lease"):
        apply(active(), act(Event.FINISH, token=0, outcomes=both))
    again = apply(part, act(Event.LEASE, NOW + 300, due_at=NOW + 360))
    with pytest.raises(NotAllowed, match="final"):
        apply(again, act(Event.FINISH, token=2, outcomes=both))


def test_the_table_as_text_is_in_the_documents() -> None:
    text = table_markdown()
    assert text.count("\n") == len(TABLE) + 3
    path = Path(__file__).parents[2] / "docs" / "states.md"
    assert text in path.read_text(), "write table_markdown() into docs/states.md"


def locked(**changes: Any) -> Item:
    values: dict[str, Any] = {"direction": "inbound", "delay": 0, "holds": (LOCKED,)}
    return held(**values | changes)


def looked(*holds: str, **changes: Any) -> Looked:
    return Looked("new", 7, "cd" * 32, holds, ("banner",), (Finding("seen", "IN-X"),), **changes)


def test_the_right_password_lets_a_mail_go_that_nothing_else_holds() -> None:
    after = apply(locked(), act(Event.EXAMINE, looked=looked()))
    assert (after.state, after.holds, after.blob, after.size, after.rewrites) == (
        QUEUED,
        (),
        "new",
        7,
        ("banner",),
    )
    assert [f.rule for f in after.findings] == ["seen"]
    assert after.queued_at == NOW + 1


def test_what_was_found_inside_holds_it_for_the_administrator() -> None:
    after = apply(locked(), act(Event.EXAMINE, looked=looked("executable")))
    assert (after.state, after.holds) == (HELD, ("executable",))


def test_what_else_held_it_still_does() -> None:
    """Looking again cannot see what an administrator or another host said; the score needs the facts of then."""
    blocked = Finding("blocked", "IN-REPORT")
    before = locked(holds=(LOCKED, SCORE, "blocked"), findings=(blocked, Finding(LOCKED, "IN-CRYPT")))
    after = apply(before, act(Event.EXAMINE, looked=looked()))
    assert (after.state, after.holds) == (HELD, ("blocked", SCORE))
    assert [f.rule for f in after.findings] == ["seen", "blocked"]
    known = msgspec.structs.replace(before, arrival=Arrival(Origin("inbound", "192.0.2.1")))
    assert apply(known, act(Event.EXAMINE, looked=looked())).holds == ("blocked",)
    until = locked(delay=UNTIL_RELEASED)
    assert apply(until, act(Event.EXAMINE, looked=looked())).state is HELD


def test_no_password_opens_what_is_not_locked() -> None:
    for one, found in ((locked(), None), (locked(), looked(LOCKED)), (held(holds=("a",)), looked())):
        with pytest.raises(NotAllowed):
            apply(one, act(Event.EXAMINE, looked=found))
    with pytest.raises(NotAllowed):
        apply(locked(direction="outbound"), act(Event.EXAMINE, looked=looked()))


def test_what_was_read_in_pictures_has_others_decide_and_takes_nothing_back() -> None:
    before = held(approvals=("president",))
    after = apply(before, act(Event.FIND, looked=looked("my_number"), approvals=("department_head",)))
    assert (after.state, after.holds) == (HELD, ("my_number",))
    assert after.approvals == ("department_head", "president")
    assert (after.blob, after.sha256, after.due_at) == (before.blob, before.sha256, before.due_at)
    assert [f.rule for f in after.findings] == ["seen"]
    for item_, wrong in (
        (held(direction="inbound"), act(Event.FIND, looked=looked("my_number"))),
        (before, act(Event.FIND)),
        (before, act(Event.FIND, looked=looked())),
    ):
        with pytest.raises(NotAllowed):
            apply(item_, wrong)


def test_who_waits_for_the_scanner_goes_on_when_somebody_has_looked() -> None:
    waits = held(holds=("unscanned_mail",), delay=0)
    after = apply(waits, act(Event.SCAN, looked=looked()))
    assert (after.state, after.holds, after.blob) == (QUEUED, (), waits.blob)
    found = apply(waits, act(Event.SCAN, looked=looked("infected_mail")))
    assert (found.state, found.holds) == (HELD, ("infected_mail",))
    still = apply(waits, act(Event.SCAN, looked=looked("unscanned_mail")))
    assert (still.state, still.holds) == (HELD, ("unscanned_mail",))
    others = held(holds=("unscanned_mail", "credential"), delay=300)
    after = apply(others, act(Event.SCAN, looked=looked()))
    assert (after.state, after.holds, after.due_at) == (HELD, ("credential",), others.due_at)
    for item_, wrong in (
        (held(), act(Event.SCAN, looked=looked())),
        (waits, act(Event.SCAN)),
        (held(holds=("unscanned_mail",), direction="inbound"), act(Event.SCAN, looked=looked())),
    ):
        with pytest.raises(NotAllowed):
            apply(item_, wrong)
    with pytest.raises(NotAllowed):
        apply(waits, act(Event.ELAPSE, NOW + 10**8))
