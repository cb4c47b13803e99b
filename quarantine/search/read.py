"""Items read with their recipients, each in its tenant's name (docs/adr/0021).

Who asks for the mail of all tenants learns whose it is; what it is is read tenant by tenant.
"""

from collections.abc import Iterator, Mapping, Sequence

from quarantine.item import Item
from quarantine.rows import WHOSE, item_of
from storage.bound import within
from storage.interfaces import Row, Transaction

_SIZES = (1, 8, 64)
_MANY = _SIZES[-1]
_CHOSEN = {size: ", ".join(f":i{n}" for n in range(size)) for size in _SIZES}
_RECIPIENTS = {
    size: f"SELECT * FROM recipient WHERE tenant = :tenant AND item IN ({chosen}) ORDER BY item, number"  # noqa: S608
    for size, chosen in _CHOSEN.items()
}
"""The recipients of items. Few texts instead of one per number of items, so that they stay prepared."""
_ITEMS = {
    size: f"SELECT * FROM item WHERE {WHOSE[False]} AND id IN ({chosen})"  # noqa: S608
    for size, chosen in _CHOSEN.items()
}
"""Items by their ids; as `in_order` says, not through an index of the tenant's."""


def items_of(transaction: Transaction, rows: Sequence[Row]) -> list[Item]:
    """The items of these rows, in their order, with their recipients."""
    recipients: dict[str, list[Row]] = {row["id"]: [] for row in rows}
    for row in _of_places(transaction, _RECIPIENTS, rows):
        recipients[row["item"]].append(row)
    return [item_of(row, recipients[row["id"]]) for row in rows]


def items_at(transaction: Transaction, places: Sequence[Row]) -> list[Item]:
    """The items that have these `tenant` and `id`, in their order: each asked for in its tenant's name."""
    found = {row["id"]: row for row in _of_places(transaction, _ITEMS, places)}
    return items_of(transaction, [found[place["id"]] for place in places])


def _of_places(transaction: Transaction, texts: Mapping[int, str], places: Sequence[Row]) -> Iterator[Row]:
    ids: dict[str, list[str]] = {}
    for place in places:
        ids.setdefault(place["tenant"], []).append(place["id"])
    for tenant, theirs in ids.items():
        for start in range(0, len(theirs), _MANY):
            some = theirs[start : start + _MANY]
            size = next(size for size in _SIZES if size >= len(some))
            some += some[-1:] * (size - len(some))
            values = {f"i{n}": value for n, value in enumerate(some)}
            yield from within(transaction, tenant).execute(texts[size], {**values, "tenant": tenant})


READING = {True: ("*", items_of), False: ("tenant, id", items_at)}
"""By whether it is one tenant's mail: the columns to ask for, and what makes items of the rows."""
