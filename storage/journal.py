"""The journal: evidence in a chain, written in the same transaction as what it tells of.

Every node has a chain for each tenant, so that a tenant's evidence can be handed out and verified without that of
others; the column `node` holds the chain's name (`chain_of`). The hash of an entry covers the hash before it and the
entry (storage/journal_links.py), so that an entry which is edited, removed or moved breaks the chain behind it. The head of a chain is kept in a row of its own, and checkpoints with a keyed mark can be noted and carried
elsewhere: who can write the database but has neither the key nor the other place can neither cut nor rewrite it.

Entries that are old enough go from the beginning of a chain (`cut`; docs/adr/0058). A tombstone with a keyed mark says up to
which, and with which hash, the chain once went there; so does an entry of the chain itself, which was written before.

Diagnostics: `verify` answers the first break as a sentence.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from config.tenant import DEFAULT
from storage.border import of_all
from storage.interfaces import Already, Database, Entry, Row, StoreError, Transaction
from storage.journal_links import COLUMNS, START, MarkedHead, again, link
from storage.statements import insert_into

PAGE = 2000

Mark = Callable[[bytes], str]
"""Makes a keyed digest (storage/seal.py: Seal.mark)."""
Proves = Callable[[bytes, str], bool]
"""Knows one again (Seal.is_mark)."""

_json = msgspec.json.Encoder(order="sorted").encode
_NEVER = re.compile("[\x00\ud800-\udfff]")

_INSERT = insert_into("journal", (*COLUMNS, "hash"))
"""An entry; nothing ever changes one, and nothing but `cut` deletes one."""
EXPIRED = "journal_expired"
"""The event of an entry that says up to where its chain loses its beginning, with `seq` and `hash` in its detail."""
PAGES = of_all("SELECT * FROM journal WHERE node = :node AND seq > :after ORDER BY seq LIMIT :page")
"""The next entries of a chain, in its order."""
_HEAD = of_all("SELECT seq, hash FROM journal_head WHERE node = :node")
"""Where a chain ends."""
_OWN_HEAD = "SELECT seq, hash FROM journal_head WHERE node = :node AND tenant = :tenant"
"""The same, for who goes on with it."""
_HEADS = of_all("SELECT node, tenant, seq, hash FROM journal_head ORDER BY node")
"""All chains that have begun."""
_BEGIN = (
    "INSERT INTO journal_head (node, tenant, seq, hash) VALUES (:node, :tenant, 0, :hash)"
    " ON CONFLICT (node) DO NOTHING"
)
"""The head of a chain that has no entry yet."""
_MOVE = "UPDATE journal_head SET seq = :seq, hash = :hash WHERE node = :node AND tenant = :tenant"
"""The head, to the last entry that was written."""
_CHECKPOINT = (
    "INSERT INTO journal_checkpoint (node, tenant, seq, hash, at, mark)"
    " VALUES (:chain, :tenant, :seq, :hash, :at, :mark) ON CONFLICT (node, seq) DO NOTHING"
)
"""A marked head; one for each place of the chain is enough."""
_CHECKPOINTS = of_all("SELECT * FROM journal_checkpoint WHERE node = :node ORDER BY seq")
_TOMBSTONE = of_all("SELECT seq, hash, at, mark FROM journal_tombstone WHERE node = :node")
"""Where a chain begins that lost its old entries."""
_BURY = (
    "INSERT INTO journal_tombstone (node, tenant, seq, hash, at, mark) VALUES (:node, :tenant, :seq, :hash, :at, :mark)"
    " ON CONFLICT (node) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, at = excluded.at, mark = excluded.mark"
    " WHERE journal_tombstone.tenant = excluded.tenant"
)
_CUT = of_all("DELETE FROM journal WHERE node = :node AND seq > :after AND seq <= :seq")
"""The oldest entries of a chain, whose tombstone is written with it."""
_CUT_CHECKPOINTS = of_all("DELETE FROM journal_checkpoint WHERE node = :node AND seq < :seq")
_CHAINS = of_all(
    "SELECT node FROM journal_head UNION SELECT node FROM journal_checkpoint"
    " UNION SELECT node FROM journal_tombstone UNION SELECT DISTINCT node FROM journal ORDER BY node"
)
"""Whoever has a chain, or had one: a missing head or missing entries must show."""


class Break(msgspec.Struct, frozen=True):
    """Where a chain stops being evidence."""

    chain: str
    seq: int
    problem: str


class Tombstone(msgspec.Struct, frozen=True):
    """The last entry that a chain has lost: its number and hash, and when it went (UTC seconds)."""

    seq: int = 0
    hash: str = START
    at: float = 0.0
    mark: str = ""


def chain_of(node: str, tenant: str) -> str:
    """The name of a node's chain for a tenant: the node's own for the default tenant, so that chains from before there
    were others go on; NODE@TENANT otherwise. No node has an @ in its name (config/settings.py)."""
    return node if tenant == DEFAULT else f"{node}@{tenant}"


def node_of(chain: str) -> str:
    """Whose chain it is."""
    return chain.partition("@")[0]


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
    """Add entries to the ends of the node's chains, each to that of its tenant, in this transaction.

    The entries of a whole group are written together at its end: they cannot be read before that.
    """
    for entry in entries:
        tenant = clean(entry.tenant)
        rows = _end(transaction, chain_of(node, tenant), tenant)
        row = {
            "node": rows[-1]["node"],
            "seq": rows[-1]["seq"] + 1,
            "at": float(entry.at),
            "event": clean(str(entry.event)),  # no member of an enum: drivers take those for something else
            "actor": clean(entry.actor),
            "item": clean(entry.item),
            "mail_id": clean(entry.mail_id),
            "tenant": tenant,
            "detail": canonical(entry.detail),
        }
        row["hash"] = link(rows[-1]["hash"], row)
        rows.append(row)


def _end(transaction: Transaction, chain: str, tenant: str) -> list[Row]:
    """What this transaction has gathered for a chain: behind its head, the entries that are written at the end."""
    name = f"journal {chain}"
    rows: list[Row] | None = transaction.memory.get(name)
    if rows is None:
        seq, hash = _head(transaction, chain, tenant)
        rows = transaction.memory[name] = [{"node": chain, "tenant": tenant, "seq": seq, "hash": hash}]
        gathered = rows
        transaction.at_end(name, lambda transaction: _write(transaction, gathered))
    return rows


def _write(transaction: Transaction, rows: Sequence[Row]) -> None:
    """Write the gathered rows; the first of them is the head that they stand behind."""
    transaction.executemany(_INSERT, rows[1:])
    transaction.execute(_MOVE, {name: rows[-1][name] for name in ("seq", "hash", "node", "tenant")})


def entry(row: Row) -> Entry:
    """A row of the journal as a value."""
    return Entry(
        row["at"], row["event"], row["actor"], row["item"], row["mail_id"], row["tenant"],
        msgspec.json.decode(row["detail"]),
    )  # fmt: skip


async def checkpoint(
    database: Database, node: str, now: float, mark: Callable[[bytes], str] = lambda head: ""
) -> list[MarkedHead]:
    """Note where the node's chains stand now, and answer it so that it can be carried elsewhere.

    `mark` makes a keyed digest (storage/seal.py: Seal.mark).
    """

    def note(transaction: Transaction) -> list[MarkedHead]:
        noted = []
        for row in transaction.execute(_HEADS):
            chain, tenant = row["node"], row["tenant"]
            if chain == chain_of(node, tenant):
                seq, hash = _head(transaction, chain, tenant)
                if seq:
                    noted.append(MarkedHead(chain, tenant, seq, hash, now, mark(marked(chain, seq, hash))))
        for each in noted:
            transaction.execute(_CHECKPOINT, msgspec.structs.asdict(each))
        return noted

    return await database.write(note)


async def chains(database: Database) -> list[str]:
    """The names of all chains."""
    return [row["node"] for row in await database.read(lambda t: t.execute(_CHAINS))]


def heads(transaction: Transaction) -> dict[str, tuple[int, str]]:
    """Where all chains end: number and hash of the last entry."""
    return {row["node"]: (int(row["seq"]), str(row["hash"])) for row in transaction.execute(_HEADS)}


async def begun(database: Database) -> dict[str, str]:
    """The chains that have a head, with their tenants; unlike `chains` it does not look for those that lost it."""
    rows = await database.read(lambda t: t.execute(_HEADS))
    return {row["node"]: row["tenant"] for row in rows}


async def tenants(database: Database) -> list[str]:
    """Whose entries there are: everybody who ever had an item."""
    rows = await database.read(lambda t: t.execute(_HEADS))
    return list(dict.fromkeys(row["tenant"] for row in rows))


async def ends(database: Database, node: str) -> dict[str, int]:
    """The chains of a node, each with the number of its last entry."""
    rows = await database.read(lambda t: t.execute(_HEADS))
    return {row["node"]: row["seq"] for row in rows if row["node"] == chain_of(node, row["tenant"])}


async def end(database: Database, chain: str) -> int:
    """The number of a chain's last entry, 0 when it has none."""
    rows = await database.read(lambda t: t.execute(_HEAD, {"node": chain}))
    return rows[0]["seq"] if rows else 0


def is_marked(head: MarkedHead, proves: Proves) -> bool:
    """True when the head was marked with one of our keys."""
    return proves(marked(head.chain, head.seq, head.hash), head.mark)


async def tombstone(database: Database, chain: str) -> Tombstone:
    """Where a chain begins; before its first entry when it has lost none."""
    return await database.read(lambda t: _tombstone(t, chain))


def is_tombstone(chain: str, stone: Tombstone, proves: Proves) -> bool:
    """True when the chain's tombstone was marked with one of our keys."""
    return proves(buried(chain, stone.seq, stone.hash), stone.mark)


def cut(
    transaction: Transaction, chain: str, tenant: str, before: Tombstone, last: Row, now: float, mark: Mark
) -> None:
    """Delete the entries of a chain from its beginning, which is `before`, up to `last`. Raises Already when somebody else has
    begun to, StoreError when there are not all of them."""
    if _tombstone(transaction, chain, transaction.for_update).seq != before.seq:
        raise Already("somebody else has shortened the chain")
    seq, hash = last["seq"], last["hash"]
    transaction.execute(_CUT, {"node": chain, "after": before.seq, "seq": seq})
    if transaction.changed() != seq - before.seq:
        raise StoreError("entries of the journal are missing: it keeps its old ones")
    stone = {"node": chain, "tenant": tenant, "seq": seq, "hash": hash, "at": now}
    transaction.execute(_BURY, {**stone, "mark": mark(buried(chain, seq, hash))})
    transaction.execute(_CUT_CHECKPOINTS, {"node": chain, "seq": seq})


def _tombstone(transaction: Transaction, chain: str, suffix: str = "") -> Tombstone:
    rows = transaction.execute(_TOMBSTONE + suffix, {"node": chain})
    return Tombstone(**rows[0]) if rows else Tombstone()


async def verify(
    database: Database,
    chain: str,
    anchors: Mapping[int, str] = {},
    proves: Proves | None = None,
) -> Break | None:
    """Read a whole chain; None when it is whole, else its first break.

    `anchors` are heads known from elsewhere (seq -> hash). With `proves` (storage/seal.py: Seal.is_mark) the marks of
    checkpoints and tombstones are checked too. Streams: memory does not grow with the chain.
    """
    while True:
        begin = await tombstone(database, chain)
        found = await _verify(database, chain, begin, anchors, proves)
        # Where it lost entries while it was read, it is read again.
        if found is None or await tombstone(database, chain) == begin:
            return found


async def _verify(
    database: Database, chain: str, begin: Tombstone, anchors: Mapping[int, str], proves: Proves | None
) -> Break | None:
    if begin.seq and proves and not is_tombstone(chain, begin, proves):
        return Break(chain, begin.seq, "the tombstone was not made with our key")
    noted = await database.read(lambda t: t.execute(_CHECKPOINTS, {"node": chain}))
    known = dict(anchors)
    for row in noted:
        if proves and not proves(marked(chain, row["seq"], row["hash"]), row["mark"]):
            return Break(chain, row["seq"], "the checkpoint was not made with our key")
        if known.setdefault(row["seq"], row["hash"]) != row["hash"]:
            return Break(chain, row["seq"], "the checkpoint differs from the one kept elsewhere")
    if known.get(begin.seq, begin.hash) != begin.hash:
        return Break(chain, begin.seq, "the tombstone differs from a checkpoint")
    seq, hash, told = begin.seq, begin.hash, Tombstone()
    ends = await database.read(lambda t: t.execute(_HEAD, {"node": chain}))
    while True:
        after = seq
        rows = await database.read(
            lambda t, after=after: t.execute(PAGES, {"node": chain, "after": after, "page": PAGE})  # type: ignore[misc]
        )
        for row in rows:
            if row["seq"] != seq + 1:
                return Break(chain, seq + 1, "the entry is missing")
            seq, hash = row["seq"], again(hash, row)
            if row["hash"] != hash:
                return Break(chain, seq, "the entry was changed, or stood behind another")
            if known.get(seq, hash) != hash:
                return Break(chain, seq, "the chain was rewritten: a checkpoint says otherwise")
            if row["event"] == EXPIRED:
                told = max(told, _told(row), key=lambda stone: stone.seq)
        if len(rows) < PAGE:
            break
    if begin.seq > told.seq or (begin.seq == told.seq and begin.hash != told.hash):
        return Break(chain, begin.seq, "no entry says that the ones before it were to go")
    last = max([*known, *(row["seq"] for row in ends)], default=0)
    if last > seq:
        return Break(chain, seq + 1, f"the chain was cut: it once went to {last}")
    if seq and not ends:
        return Break(chain, seq, "the head of the chain is missing")
    if ends and ends[0]["seq"] == seq and ends[0]["hash"] != hash:
        return Break(chain, seq, "the head of the chain was changed")
    if ends and ends[0]["seq"] < seq and not await _grew(database, chain, ends[0]):
        return Break(chain, ends[0]["seq"] + 1, "entries stand behind the head of the chain")
    return None


def _told(row: Row) -> Tombstone:
    """What an entry says about the beginning of its chain."""
    try:
        return msgspec.json.decode(row["detail"], type=Tombstone)
    except msgspec.MsgspecError:
        return Tombstone()


async def _grew(database: Database, chain: str, before: Row) -> bool:
    """True when entries were added while we read: then the head has moved as well."""
    now = await database.read(lambda t: t.execute(_HEAD, {"node": chain}))
    return bool(now) and now[0]["seq"] > before["seq"]


def _head(transaction: Transaction, chain: str, tenant: str) -> tuple[int, str]:
    """The end of the chain, locked until the transaction ends; a new chain is begun."""
    query, values = _OWN_HEAD + transaction.for_update, {"node": chain, "tenant": tenant}
    rows = transaction.execute(query, values)
    if not rows:
        transaction.execute(_BEGIN, {**values, "hash": START})
        rows = transaction.execute(query, values)
    if not rows:
        raise StoreError("the head of the journal cannot be read")
    return rows[0]["seq"], rows[0]["hash"]


def buried(chain: str, seq: int, hash: str) -> bytes:
    """What the mark of a tombstone is about."""
    return _json(["journal tombstone", chain, seq, hash])


def marked(chain: str, seq: int, hash: str) -> bytes:
    """What the mark of a head is about."""
    return _json(["journal", chain, seq, hash])


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {_cleaned(k): _cleaned(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(v) for v in value]
    return value
