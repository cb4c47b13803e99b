"""Who has heard of a delay: the copies of one mail are items of their own, and their sender hears of all that wait at once.

The first copy that has waited long enough speaks for every other that waits at that moment. One that begins to wait later
(it was held until then, or its next hop was well) has a notice of its own.

Sources: RFC 3461 §6.2.5 and RFC 3464 §2.3.3 for "delayed"; a notice may tell of several recipients.
"""

from collections.abc import Sequence

from quarantine.item import Item
from quarantine.queue.stuck import AlreadyTold
from quarantine.store import Query, Store
from storage.bound import bound
from storage.interfaces import Transaction

_UNTOLD = (
    "SELECT id FROM item WHERE tenant = :tenant AND mail_id = :mail_id AND direction = :direction"
    " AND state IN ('queued', 'active') AND delay_told = 0"
)
"""The copies that are on their way, and of which nobody has heard yet."""
_TELL = "UPDATE item SET delay_told = 1 WHERE tenant = :tenant AND id = :id AND delay_told = 0"


async def untold(store: Store, item: Item) -> list[Item]:
    """The item and every other copy of its mail on its way of which its sender has not heard; [] when the item was told."""
    values = {"tenant": item.tenant, "mail_id": item.mail_id, "direction": item.direction}
    rows = await bound(store.database, item.tenant).read(
        lambda transaction: transaction.execute(_UNTOLD, values)
    )
    ids = tuple(str(row["id"]) for row in rows if row["id"] != item.id)
    if len(ids) == len(rows):
        return []
    others = await store.find(Query(item.tenant, ids=ids, order="oldest", limit=len(ids))) if ids else []
    return [item, *others]


def tell(transaction: Transaction, items: Sequence[Item]) -> None:
    """These are told in this transaction; the first is the one that was tried. Raises AlreadyTold for that one."""
    for number, item in enumerate(items):
        transaction.execute(_TELL, {"tenant": item.tenant, "id": item.id})
        if not number and transaction.changed() != 1:
            raise AlreadyTold(f"the delay of {item.mail_id} was told")
