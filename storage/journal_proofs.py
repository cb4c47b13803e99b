"""A mail's entries of the journal, each with the proof that it stands in its chain (storage/journal_links.py)."""

from storage.interfaces import Row, Transaction
from storage.journal import PAGE
from storage.journal_links import COLUMNS, FORM, START, ChainProof, MarkedHead, digest, holds

_OF_MAIL = (
    f"SELECT {', '.join(COLUMNS)}, hash FROM journal"  # noqa: S608
    " WHERE tenant = :tenant AND mail_id = :mail_id ORDER BY at, node, seq LIMIT :limit"
)
_BEFORE = "SELECT hash FROM journal WHERE tenant = :tenant AND node = :node AND seq = :seq"
_BURIED = "SELECT hash FROM journal_tombstone WHERE tenant = :tenant AND node = :node AND seq = :seq"
_NOTED = (
    "SELECT node, tenant, seq, hash, at, mark FROM journal_checkpoint"
    " WHERE tenant = :tenant AND node = :node AND seq >= :seq ORDER BY seq LIMIT 1"
)
"""The first marked head that covers an entry: the shortest way there."""
_END = "SELECT node, tenant, seq, hash FROM journal_head WHERE tenant = :tenant AND node = :node"
_BEHIND = (
    f"SELECT {', '.join(COLUMNS)}, hash FROM journal"  # noqa: S608
    " WHERE tenant = :tenant AND node = :node AND seq > :seq AND seq <= :last ORDER BY seq LIMIT :page"
)


def entries_of(transaction: Transaction, tenant: str, mail_id: str, limit: int) -> list[Row]:
    """All entries of a mail, of all nodes, in the order of time; as they are hashed, with their hashes."""
    return transaction.execute(_OF_MAIL, {"tenant": tenant, "mail_id": mail_id, "limit": limit})


def prove(transaction: Transaction, row: Row, now: float) -> ChainProof | None:
    """The way from an entry to the first marked head behind it, or to the end of its chain. None for an entry from before
    there were digests, or with one behind it, and where the chain is not whole: `verify` says where."""
    place = {"tenant": row["tenant"], "node": row["node"]}
    noted = transaction.execute(_NOTED, {**place, "seq": row["seq"]})
    ends = noted or transaction.execute(_END, place)
    before = _before(transaction, row)
    if not ends or before is None or not row["hash"].startswith(FORM):
        return None
    head = MarkedHead(
        row["node"], row["tenant"], ends[0]["seq"], ends[0]["hash"], ends[0].get("at", now), ends[0].get("mark", "")
    )  # fmt: skip
    behind: list[str] = []
    while (seq := row["seq"] + len(behind)) < head.seq:
        values = {**place, "seq": seq, "last": head.seq, "page": PAGE}
        rows = transaction.execute(_BEHIND, values)
        if not rows or not all(each["hash"].startswith(FORM) for each in rows):
            return None
        behind += [digest(each) for each in rows]
    proof = ChainProof(before, tuple(behind), head, noted=bool(noted))
    return proof if holds(proof, row) else None


def _before(transaction: Transaction, row: Row) -> str | None:
    if row["seq"] == 1:
        return START
    values = {"tenant": row["tenant"], "node": row["node"], "seq": row["seq"] - 1}
    rows = transaction.execute(_BEFORE, values) or transaction.execute(_BURIED, values)
    return rows[0]["hash"] if rows else None
