"""Waits for a person as rows: begun and ended in the transaction that changes the mail, told once by whichever node is first."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from quarantine.item import Event, Item, State
from quarantine.waits import attention
from quarantine.waits.steps import HEARS, OWN, Wait, kind_of
from storage.border import of_all
from storage.interfaces import Already, Database, Row, Transaction
from storage.journal import clean
from storage.statements import insert_into

ANSWER = 500
"""Characters of a comment that are told."""
OPEN = "open"
BY_THE_SENDER = frozenset(event for event, hears in HEARS.items() if hears is OWN)
"""What only the sender does: nobody has to tell them."""

_BEGIN = (
    insert_into("wait", ("tenant", "item", "kind", "since", "step", "next_at", "state", "person", "answer"))
    + " ON CONFLICT (tenant, item) DO UPDATE SET kind = excluded.kind, since = excluded.since, step = 0,"
    " next_at = excluded.next_at, state = 'open', answer = excluded.answer"
)
_END = (
    "UPDATE wait SET state = :state, person = :person, answer = :answer, next_at = :now"
    " WHERE tenant = :tenant AND item = :item AND state = 'open'"
)
_TURN = (
    "UPDATE wait SET kind = :kind, step = :step, next_at = :now"
    " WHERE tenant = :tenant AND item = :item AND state = 'open'"
)
"""Somebody else's word is missing now: they are told from the beginning."""
_FORGET = "DELETE FROM wait WHERE tenant = :tenant AND item = :item AND state = :state"
_ADVANCE = (
    "UPDATE wait SET step = :next, next_at = :at WHERE tenant = :tenant AND item = :item AND state = 'open'"
    " AND step = :step AND kind = :kind"
)
_DUE = of_all(
    "SELECT * FROM wait WHERE next_at <= :now"
    " AND NOT EXISTS (SELECT 1 FROM suspension WHERE suspension.tenant = wait.tenant)"
    " ORDER BY next_at LIMIT :limit"
)
_PUT_OFF = (
    "UPDATE wait SET next_at = next_at + :now - CASE WHEN since < :at THEN :at ELSE since END,"
    " since = since + :now - CASE WHEN since < :at THEN :at ELSE since END"
    " WHERE tenant = :tenant AND state = 'open'"
)


class Waiting(msgspec.Struct, frozen=True):
    """A wait as it stands: the number of the next step and when it is due (UTC seconds), or how it ended and the comment
    (`answer`; while it is open: whose word was asked before, and did not come)."""

    tenant: str
    item: str
    kind: str
    since: float
    step: int
    next_at: float
    state: str
    person: str
    answer: str


def begin(
    transaction: Transaction, items: Sequence[Item], now: float, silent: Sequence[str] = (), *, step: int = 0
) -> None:
    """Note the waits of items that are taken; their first `step` is due at once. `silent`: whose word was asked before."""
    for item in items:
        if kind := kind_of(item):
            row = {
                "kind": kind.value,
                "since": now,
                "step": step,
                "next_at": now,
                "state": OPEN,
                "person": "",
            }
            transaction.execute(_BEGIN, {**_key(item.tenant, item.id), **row, "answer": ", ".join(silent)})


def _ended(transaction: Transaction, item: Item, event: Event, person: str, said: str, now: float) -> None:
    """Note the end of what waited for no person, so that its sender hears of it."""
    row = {"kind": Wait.SENDER.value, "since": now, "step": 0, "next_at": now}
    over = {"state": event.value, "person": person, "answer": said}
    transaction.execute(
        _BEGIN, {**_key(item.tenant, item.id), **row, "state": OPEN, "person": "", "answer": ""}
    )
    transaction.execute(_END, {**_key(item.tenant, item.id), **over, "now": now})


def _said(detail: Mapping[str, Any]) -> str:
    """What its sender is told of why; reasons are written for the journal."""
    reason = detail.get("reason", "") if detail.get("tell") else ""
    return clean(str(detail.get("comment", "") or reason)[:ANSWER])


def note(
    transaction: Transaction,
    before: Item,
    after: Item,
    event: Event,
    person: str,
    now: float,
    detail: Mapping[str, Any],
) -> None:
    """Note what an event means for the wait: it goes on, for somebody else, or it is over. A comment is for the sender,
    a reason for the journal."""
    was, is_ = kind_of(before), kind_of(after)
    key = _key(after.tenant, after.id)
    others = not set(after.asks) <= set(before.asks) or len(after.excluded) > len(before.excluded)
    if was is is_ and not (is_ is Wait.APPROVAL and others):
        unsent = was is None and after.state is State.WITHDRAWN and after.direction == "outbound"
        if unsent and event not in BY_THE_SENDER:
            _ended(transaction, after, event, person, _said(detail), now)
        return
    if is_ is None:
        attention.forget(transaction, after)
    late = event is Event.ASK_NEXT and detail.get("late")
    if was is None or event is Event.ESCALATE or late:  # somebody else has the whole time
        unheard = event is Event.STOP and person != after.owner  # an operator stopped it
        begin(transaction, [after], now, before.asks if late else (), step=int(unheard))
    elif is_ is not None:
        step = int(
            is_ is Wait.SENDER
        )  # who has not heard of it, as the letter about the hold named somebody else
        transaction.execute(_TURN, {**key, "kind": is_.value, "step": step, "now": now})
    elif event in BY_THE_SENDER:
        transaction.execute(_FORGET, {**key, "state": OPEN})
    else:
        transaction.execute(
            _END, {**key, "state": event.value, "person": person, "answer": _said(detail), "now": now}
        )


async def due(database: Database, now: float, limit: int) -> list[Waiting]:
    """Waits of all tenants whose next step is due, or which are over and not told, the longest due first; none of a tenant that
    is suspended."""
    rows = await database.read(lambda t: t.execute(_DUE, {"now": now, "limit": limit}))
    return [_waiting(row) for row in rows]


def advance(transaction: Transaction, wait: Waiting, at: float, *, same: bool = False) -> None:
    """Its step is done, the next is due at `at`; or the `same` once more. Raises Already."""
    values = {"step": wait.step, "kind": wait.kind, "next": wait.step + (not same), "at": at}
    transaction.execute(_ADVANCE, {**_key(wait.tenant, wait.item), **values})
    if transaction.changed() != 1:
        raise Already("told")


def put_off(transaction: Transaction, tenant: str, at: float, now: float) -> None:
    """Give everybody the time again that has passed since then (UTC seconds), in which nobody could do anything."""
    transaction.execute(_PUT_OFF, {"tenant": tenant, "at": at, "now": now})


def forget(transaction: Transaction, wait: Waiting) -> None:
    """It is over, and everybody has been told. Raises Already."""
    transaction.execute(_FORGET, {**_key(wait.tenant, wait.item), "state": wait.state})
    if transaction.changed() != 1:
        raise Already("told")


def _key(tenant: str, item: str) -> dict[str, Any]:
    return {"tenant": tenant, "item": item}


def _waiting(row: Row) -> Waiting:
    return Waiting(**{name: row[name] for name in Waiting.__struct_fields__})
