"""Ids of mails and items. The values themselves: tests/quarantine and tests/laws use every one."""

from quarantine.item import State, new_id, together, waits_as
from tests.quarantine.items import item


def test_ids_are_different_and_in_the_order_of_time() -> None:
    ids = [new_id(1_790_000_000.0 + n / 1000) for n in range(500)]
    assert len(set(ids)) == 500
    assert all(len(i) == 16 and i.isalnum() and i == i.lower() for i in ids)
    assert sorted(i[:8] for i in ids) == [i[:8] for i in ids]
    assert new_id(1.0) != new_id(1.0)


def test_copies_for_each_recipient_are_one_where_they_wait_for_the_same() -> None:
    mine = {"mail_id": "m", "rewrites": ("each",), "state": State.HELD, "due_at": 5.0}
    copies = [item(f"p{n}@c.example", **mine) for n in range(4)]
    stopped = item("p4@c.example", **{**mine, "due_at": None})
    other = item("p5@c.example", mail_id="n", rewrites=("bcc",), state=State.HELD, due_at=5.0)
    found = together([*copies[:2], stopped, other, *copies[2:]])
    # What was stopped stands by itself; the last two begin anew behind it.
    assert [i.id for i in found] == [copies[0].id, stopped.id, other.id, copies[2].id]
    assert [len(i.recipients) for i in found] == [2, 1, 1, 2]
    assert not waits_as(other, other), "a mail of one copy is its only one"
    assert waits_as(
        item(**{**mine, "state": State.QUEUED, "due_at": 1.0}), item(**{**mine, "state": State.QUEUED})
    )
