"""Marks of the journal (checkpoints, tombstones) under which key they were made, and made anew under the current one.

Only marks that one of our keys proves are made anew: what somebody else wrote stays what it is, and `journal verify` says so.
"""

from functools import partial

from storage.border import of_all
from storage.interfaces import Database, Transaction
from storage.journal import Tombstone, buried, marked
from storage.seal import Seal

PAGE = 1_000

_CHECKPOINTS = of_all(
    "SELECT node, seq, hash, mark FROM journal_checkpoint"
    " WHERE node > :node OR (node = :node AND seq > :seq) ORDER BY node, seq LIMIT :page"
)
"""Of all chains, a page behind a place."""
_STONES = of_all("SELECT node, seq, hash, mark FROM journal_tombstone ORDER BY node")
"""Of all chains."""
_MARK = of_all("UPDATE journal_checkpoint SET mark = :mark WHERE node = :node AND seq = :seq")
_MARK_STONE = of_all("UPDATE journal_tombstone SET mark = :mark WHERE node = :node AND seq = :seq")


async def older(database: Database, seal: Seal) -> int:
    """How many marks an older key of ours made. Raises StoreError."""
    return await _all(database, seal, anew=False)


async def make_anew(database: Database, seal: Seal) -> int:
    """Make these anew; how many. Raises StoreError."""
    return await _all(database, seal, anew=True)


async def _all(database: Database, seal: Seal, *, anew: bool) -> int:
    run = database.write if anew else database.read
    found, node, seq = await run(partial(_stones, seal, anew)), "", 0
    while True:
        some, last = await run(partial(_page, seal, anew, node, seq))
        found += some
        if last is None:
            return found
        node, seq = last


def _stones(seal: Seal, anew: bool, transaction: Transaction) -> int:
    found = 0
    for row in transaction.execute(_STONES):
        stone = Tombstone(row["seq"], row["hash"], mark=row["mark"])
        data = buried(row["node"], stone.seq, stone.hash)
        if _is_older(seal, data, stone.mark):
            found += 1
            if anew:
                values = {"node": row["node"], "seq": stone.seq, "mark": seal.mark(data)}
                transaction.execute(_MARK_STONE, values)
    return found


def _page(
    seal: Seal, anew: bool, node: str, seq: int, transaction: Transaction
) -> tuple[int, tuple[str, int] | None]:
    rows = transaction.execute(_CHECKPOINTS, {"node": node, "seq": seq, "page": PAGE})
    changed = []
    for row in rows:
        data = marked(row["node"], row["seq"], row["hash"])
        if _is_older(seal, data, row["mark"]):
            changed.append({"node": row["node"], "seq": row["seq"], "mark": seal.mark(data)})
    if changed and anew:
        transaction.executemany(_MARK, changed)
    more = (rows[-1]["node"], rows[-1]["seq"]) if len(rows) == PAGE else None
    return len(changed), more


def _is_older(seal: Seal, data: bytes, mark: str) -> bool:
    return mark != seal.mark(data) and seal.is_mark(data, mark)
