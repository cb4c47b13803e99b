"""Password attempts on a held mail, counted in the database beforehand, so that guesses cannot run in parallel."""

from storage.interfaces import Database

MOST = 5
"""Wrong passwords for one mail, of all its recipients together; then an administrator decides."""

_COUNT = (
    "INSERT INTO password_tries (item, tries) VALUES (:item, 1)"
    " ON CONFLICT (item) DO UPDATE SET tries = password_tries.tries + 1"
    " WHERE password_tries.tries < :most RETURNING tries"
)
"""One try more, unless there were `most`: then no row comes back."""
_TRIES = "SELECT tries FROM password_tries WHERE item = :item"
_GIVE_BACK = "UPDATE password_tries SET tries = tries - 1 WHERE item = :item AND tries > 0"


async def begin(database: Database, item: str) -> int:
    """Count one try; how many are left after it, -1 when it is one too many."""
    rows = await database.write(lambda t: t.execute(_COUNT, {"item": item, "most": MOST}))
    return MOST - int(rows[0]["tries"]) if rows else -1


async def left(database: Database, item: str) -> int:
    """How many tries are left."""
    rows = await database.read(lambda t: t.execute(_TRIES, {"item": item}))
    return MOST - (int(rows[0]["tries"]) if rows else 0)


async def give_back(database: Database, item: str) -> None:
    """Take back the count of a try in which nothing could be tried."""
    await database.write(lambda t: t.execute(_GIVE_BACK, {"item": item}))
