"""What the end of a wait means for those who asked for it: noted in the transaction that ends it.

So it does not matter who decided, and where: the console, the command line or the clock. A node tells them then.
"""

from collections.abc import Mapping
from typing import Any

from quarantine.item import Item, State
from storage.interfaces import Transaction
from storage.journal import clean

OPEN, RELEASED, REFUSED = "open", "released", "refused"

_SETTLE = (
    "UPDATE release_requests SET state = :state, answer = :answer, settled_at = :now"
    " WHERE item = :item AND tenant = :tenant AND state = 'open'"
)
"""The decision about everybody's open request for an item."""


def settle(
    transaction: Transaction, before: Item, after: Item, now: float, detail: Mapping[str, Any]
) -> None:
    """Decide the open requests for an item that has just left the state HELD.

    `detail["reason"]` goes to the people who asked only when `detail["tell"]` is true: reasons are written for the
    journal.
    """
    if before.state is not State.HELD or after.state is State.HELD:
        return
    reason = str(detail.get("reason", "")) if detail.get("tell") else ""
    transaction.execute(
        _SETTLE,
        {
            "state": REFUSED if after.state is State.WITHDRAWN else RELEASED,
            "answer": clean(reason[:500]),
            "now": now,
            "item": after.id,
            "tenant": after.tenant,
        },
    )
