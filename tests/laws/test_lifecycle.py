"""Laws of the life cycle, for every sequence of events that anybody can bring about."""

from hypothesis import given, settings
from hypothesis import strategies as st

from config.consequence import UNTIL_RELEASED
from filters.examined import LOCKED, UNREAD
from quarantine.item import FINAL, Act, Event, Item, Looked, NotAllowed, Outcome, State, Status
from quarantine.lifecycle import UNATTENDED, accept, apply
from tests.quarantine.items import item

ROLES = ("department_head", "president")
STATUSES = (Status.DELIVERED, Status.DEFERRED, Status.FAILED)

items = st.builds(
    lambda delay, holds, approvals, direction, fixed: accept(
        item(
            delay=delay, holds=holds, approvals=approvals, direction=direction, fixed=fixed, accepted_at=0.0
        ),
        0.0,
    ),
    st.sampled_from([0, 300, UNTIL_RELEASED]),
    st.sampled_from([(), ("a",), ("a", "b"), (LOCKED,), ("a", LOCKED)]),
    st.sampled_from([(), ROLES[:1], ROLES]),
    st.sampled_from(["outbound", "inbound"]),
    st.sampled_from([0, 0, 300]),
)
looks = st.sampled_from(
    [None, Looked("new", 1, "cd" * 32), Looked("new", 1, "cd" * 32, ("b",)), Looked("", 1, "", (LOCKED,))]
)
steps = st.lists(
    st.tuples(
        st.sampled_from(list(Event)),
        st.integers(0, 400),
        st.sampled_from([*ROLES, "other"]),
        st.lists(
            st.tuples(st.integers(0, 1), st.sampled_from(STATUSES)), max_size=2, unique_by=lambda o: o[0]
        ),
        st.sampled_from([0, 0, 1]),
        looks,
    ),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(items, steps)
def test_laws(
    start: Item, moves: list[tuple[Event, int, str, list[tuple[int, Status]], int, Looked | None]]
) -> None:
    now, before = 0.0, start
    agreed: set[str] = set()
    for event, seconds, role, learned, behind, looked in moves:
        now += seconds
        outcomes = [Outcome(index, status) for index, status in learned]
        due_at = now + 60 if event in (Event.LEASE, Event.FINISH) else None
        try:
            act = Act(
                event, now, role, due_at, before.token - behind, outcomes, looked=looked,
                recipients=[index for index, _ in learned] or [0], hold=UNATTENDED,
            )  # fmt: skip
            after = apply(before, act)
        except NotAllowed:
            continue
        assert after.version == before.version + 1
        # A withdrawn or done item never leaves.
        assert before.state not in (State.WITHDRAWN, State.DONE)
        # A held one is queued only when nobody has anything more to say and, by the clock, when it is time.
        if before.state is State.HELD and after.state is State.QUEUED:
            assert not after.holds
            assert not after.approvals
            assert event is not Event.SEND_NOW or now >= start.fixed
            assert event is not Event.ELAPSE or not (start.approvals or UNREAD.intersection(before.holds))
            if event in (Event.DUE, Event.APPROVE):
                assert before.due_at is not None
                assert before.due_at <= now
        assert (before.state, after.state) != (State.HELD, State.ACTIVE)
        if event is Event.APPROVE:
            agreed.add(role)
        if after.state in (State.QUEUED, State.ACTIVE):
            assert set(start.approvals) <= agreed
            assert after.due_at is not None
            assert after.queued_at is not None
        # Who is taken back never gets it, and nobody else is touched.
        if event is Event.DROP:
            for index, (old, new) in enumerate(zip(before.recipients, after.recipients, strict=True)):
                assert (new.status is Status.WITHDRAWN) if index in act.recipients else old == new
        # Looking again lifts the hold for the password and no other; only it changes what leaves.
        if event is Event.EXAMINE:
            assert set(before.holds) - set(after.holds) == {LOCKED}
        else:
            assert (after.blob, after.sha256) == (before.blob, before.sha256)
        # Nothing that is final changes; the token only grows.
        for old, new in zip(before.recipients, after.recipients, strict=True):
            assert old.status not in FINAL or old == new
        assert after.token == before.token + (event is Event.LEASE)
        if after.state in (State.DONE, State.WITHDRAWN):
            assert after.due_at is None
            assert all(r.status in FINAL for r in after.recipients)
        before = after
