"""The journal: evidence in a chain, written in the same transaction as what it tells of.

Every node has its own chain. The hash of an entry is SHA-256 over the hash before it and the canonical JSON
of the entry, so that an entry which is edited, removed or moved breaks the chain behind it. The head of a
chain is kept in a row of its own, and checkpoints with a keyed mark can be noted and carried elsewhere: who
can write the database but has neither the key nor the other place can neither cut nor rewrite the chain.

Diagnostics: `verify` answers the first break as a sentence.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from storage.interfaces import Database, Entry, Row, StoreError, Transaction
from storage.statements import insert_into

START = "0" * 64
"""The hash before the first entry."""
PAGE = 2000

_json = msgspec.json.Encoder(order="sorted").encode
_NEVER = re.compile("[\x00\ud800-\udfff]")
_COLUMNS = ("node", "seq", "at", "event", "actor", "item", "mail_id", "tenant", "detail")

_INSERT = insert_into("journal", (*_COLUMNS, "hash"))
"""An entry; nothing ever changes or deletes one."""
PAGES = "SELECT * FROM journal WHERE node = :node AND seq > :after ORDER BY seq LIMIT :page"
"""The next entries of a chain, in its order."""
_HEAD = "SELECT seq, hash FROM journal_head WHERE node = :node"
"""Where a chain ends."""
_BEGIN = "INSERT INTO journal_head (node, seq, hash) VALUES (:node, 0, :hash) ON CONFLICT (node) DO NOTHING"
"""The head of a chain that has no entry yet."""
_MOVE = "UPDATE journal_head SET seq = :seq, hash = :hash WHERE node = :node"
"""The head, to the last entry that was written."""
_CHECKPOINT = (
    "INSERT INTO journal_checkpoint (node, seq, hash, at, mark) VALUES (:node, :seq, :hash, :at, :mark)"
    " ON CONFLICT (node, seq) DO NOTHING"
)
"""A marked head; one for each place of the chain is enough."""
_CHECKPOINTS = "SELECT * FROM journal_checkpoint WHERE node = :node ORDER BY seq"
_NODES = (
    "SELECT node FROM journal_head UNION SELECT node FROM journal_checkpoint"
    " UNION SELECT DISTINCT node FROM journal ORDER BY node"
)
"""Whoever has a chain, or had one: a missing head or missing entries must show."""


class Break(msgspec.Struct, frozen=True):
    """Where a chain stops being evidence."""

    node: str
    seq: int
    problem: str


class MarkedHead(msgspec.Struct, frozen=True):
    """A head of a chain as it was once noted. `mark` is a keyed digest of it, "" without a key."""

    node: str
    seq: int
    hash: str
    at: float
    mark: str = ""


def clean(text: str) -> str:
    """The text without what no database takes: NUL and lone surrogates become U+FFFD."""
    if text.isprintable():
        return text
    return _NEVER.sub("\N{REPLACEMENT CHARACTER}", text)


def canonical(value: Any) -> str:
    """JSON with sorted keys and without spaces; lone surrogates become U+FFFD."""
    try:
        return _json(value).decode()
    except UnicodeEncodeError:
        return _json(_cleaned(msgspec.to_builtins(value))).decode()


def append(transaction: Transaction, node: str, entries: Sequence[Entry]) -> None:
    """Add entries to the end of the node's chain, in this transaction.

    The entries of a whole group are written together at its end: they cannot be read before that.
    """
    if not entries:
        return
    name = f"journal {node}"
    rows = transaction.memory.get(name)
    if rows is None:
        seq, hash = _head(transaction, node)
        rows = transaction.memory[name] = [{"seq": seq, "hash": hash}]
        transaction.at_end(name, lambda transaction: _write(transaction, node, rows))
    seq, hash = rows[-1]["seq"], rows[-1]["hash"]
    for entry in entries:
        seq += 1
        row = {
            "node": node,
            "seq": seq,
            "at": float(entry.at),
            "event": clean(str(entry.event)),  # no member of an enum: drivers take those for something else
            "actor": clean(entry.actor),
            "item": clean(entry.item),
            "mail_id": clean(entry.mail_id),
            "tenant": clean(entry.tenant),
            "detail": canonical(entry.detail),
        }
        row["hash"] = hash = link(hash, row)
        rows.append(row)


def _write(transaction: Transaction, node: str, rows: Sequence[Row]) -> None:
    """Write the gathered rows; the first of them is the head that they stand behind."""
    transaction.executemany(_INSERT, rows[1:])
    transaction.execute(_MOVE, {"seq": rows[-1]["seq"], "hash": rows[-1]["hash"], "node": node})


def link(before: str, row: Row) -> str:
    """The hash (hex) of an entry that stands behind the hash `before`."""
    return hashlib.sha256(before.encode() + _json([row[c] for c in _COLUMNS])).hexdigest()


def entry(row: Row) -> Entry:
    """A row of the journal as a value."""
    return Entry(
        row["at"], row["event"], row["actor"], row["item"], row["mail_id"], row["tenant"],
        msgspec.json.decode(row["detail"]),
    )  # fmt: skip


async def checkpoint(
    database: Database, node: str, now: float, mark: Callable[[bytes], str] = lambda head: ""
) -> MarkedHead | None:
    """Note where the chain stands now, and answer it so that it can be carried elsewhere; None: no entry yet.

    `mark` makes a keyed digest (storage/seal.py: Seal.mark).
    """

    def note(transaction: Transaction) -> MarkedHead | None:
        seq, hash = _head(transaction, node)
        if seq == 0:
            return None
        noted = MarkedHead(node, seq, hash, now, mark(_marked(node, seq, hash)))
        transaction.execute(_CHECKPOINT, msgspec.structs.asdict(noted))
        return noted

    return await database.write(note)


async def nodes(database: Database) -> list[str]:
    """The names of all nodes that have a chain."""
    return [row["node"] for row in await database.read(lambda t: t.execute(_NODES))]


async def verify(
    database: Database,
    node: str,
    anchors: Mapping[int, str] = {},
    mark: Callable[[bytes], str] | None = None,
) -> Break | None:
    """Read the whole chain of a node; None when it is whole, else its first break.

    `anchors` are heads known from elsewhere (seq -> hash). With `mark` the checkpoints' marks are checked too.
    Streams: memory does not grow with the chain.
    """
    noted = await database.read(lambda t: t.execute(_CHECKPOINTS, {"node": node}))
    known = dict(anchors)
    for row in noted:
        if mark and row["mark"] != mark(_marked(node, row["seq"], row["hash"])):
            return Break(node, row["seq"], "the checkpoint was not made with our key")
        if known.setdefault(row["seq"], row["hash"]) != row["hash"]:
            return Break(node, row["seq"], "the checkpoint differs from the one kept elsewhere")
    seq, hash = 0, START
    ends = await database.read(lambda t: t.execute(_HEAD, {"node": node}))
    while True:
        after = seq
        rows = await database.read(
            lambda t, after=after: t.execute(PAGES, {"node": node, "after": after, "page": PAGE})  # type: ignore[misc]
        )
        for row in rows:
            if row["seq"] != seq + 1:
                return Break(node, seq + 1, "the entry is missing")
            seq, hash = row["seq"], link(hash, row)
            if row["hash"] != hash:
                return Break(node, seq, "the entry was changed, or stood behind another")
            if known.get(seq, hash) != hash:
                return Break(node, seq, "the chain was rewritten: a checkpoint says otherwise")
        if len(rows) < PAGE:
            break
    last = max([*known, *(row["seq"] for row in ends)], default=0)
    if last > seq:
        return Break(node, seq + 1, f"the chain was cut: it once went to {last}")
    if seq and not ends:
        return Break(node, seq, "the head of the chain is missing")
    if ends and ends[0]["seq"] == seq and ends[0]["hash"] != hash:
        return Break(node, seq, "the head of the chain was changed")
    if ends and ends[0]["seq"] < seq and not await _grew(database, node, ends[0]):
        return Break(node, ends[0]["seq"] + 1, "entries stand behind the head of the chain")
    return None


async def _grew(database: Database, node: str, before: Row) -> bool:
    """True when entries were added while we read: then the head has moved as well."""
    now = await database.read(lambda t: t.execute(_HEAD, {"node": node}))
    return bool(now) and now[0]["seq"] > before["seq"]


def _head(transaction: Transaction, node: str) -> tuple[int, str]:
    """The end of the chain, locked until the transaction ends; a new chain is begun."""
    query = _HEAD + transaction.for_update
    rows = transaction.execute(query, {"node": node})
    if not rows:
        transaction.execute(_BEGIN, {"node": node, "hash": START})
        rows = transaction.execute(query, {"node": node})
    if not rows:
        raise StoreError("the head of the journal cannot be read")
    return rows[0]["seq"], rows[0]["hash"]


def _marked(node: str, seq: int, hash: str) -> bytes:
    return _json(["journal", node, seq, hash])


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {_cleaned(k): _cleaned(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(v) for v in value]
    return value
