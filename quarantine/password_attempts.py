"""Password attempts on a held mail, counted in the database beforehand, so that guesses cannot run in parallel."""

from quarantine.item import Item
from storage.bound import bound
from storage.interfaces import Database

MOST = 5
"""Wrong passwords for one mail, of all its recipients together; then an administrator decides."""

_COUNT = (
    "INSERT INTO password_tries (item, tenant, tries) VALUES (:item, :tenant, 1)"
    " ON CONFLICT (item) DO UPDATE SET tries = password_tries.tries + 1"
    " WHERE password_tries.tenant = :tenant AND password_tries.tries < :most RETURNING tries"
)
"""One try more, unless there were `most`: then no row comes back."""
_TRIES = "SELECT tries FROM password_tries WHERE item = :item AND tenant = :tenant"
_GIVE_BACK = (
    "UPDATE password_tries SET tries = tries - 1 WHERE item = :item AND tenant = :tenant AND tries > 0"
)


async def begin(database: Database, item: Item) -> int:
    """Count one try; how many are left after it, -1 when it is one too many."""
    rows = await bound(database, item.tenant).write(lambda t: t.execute(_COUNT, {**_key(item), "most": MOST}))
    return MOST - int(rows[0]["tries"]) if rows else -1


async def left(database: Database, item: Item) -> int:
    """How many tries are left."""
    rows = await bound(database, item.tenant).read(lambda t: t.execute(_TRIES, _key(item)))
    return MOST - (int(rows[0]["tries"]) if rows else 0)


async def give_back(database: Database, item: Item) -> None:
    """Take back the count of a try in which nothing could be tried."""
    await bound(database, item.tenant).write(lambda t: t.execute(_GIVE_BACK, _key(item)))


def _key(item: Item) -> dict[str, str]:
    return {"item": item.id, "tenant": item.tenant}
