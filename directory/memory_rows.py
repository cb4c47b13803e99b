"""Rows of the house's memory: read, added to, written. One row is one thing with its counts (directory/counts.py).

Used by directory/past_mail.py, in its transactions.
"""

from collections.abc import Iterable, Mapping

import msgspec

from directory.counts import PENDING, Counts, Taught, add, bounded, joined, scale
from storage.interfaces import Transaction
from storage.statements import among

MANY = 400
"""Names of one question."""

_ROWS = "SELECT kind, name, counts FROM remembered WHERE tenant = :tenant AND kind IN ({}) AND name IN ({})"
"""What is remembered of these."""
KEEP = (
    "INSERT INTO remembered (tenant, kind, name, seen_at, counts) VALUES (:tenant, :kind, :name, :now, :counts)"
    " ON CONFLICT (tenant, kind, name) DO UPDATE SET seen_at = excluded.seen_at, counts = excluded.counts"
)
"""One row as it is now."""
_DROP = "DELETE FROM remembered WHERE tenant = :tenant AND kind = 'pending' AND name = :name"
"""A mail that has left."""

Key = tuple[str, str, str]
"""Tenant, kind and name of a row."""
_counts = msgspec.json.Decoder(Counts)
_pending = msgspec.json.Decoder(dict[str, Taught])


def row_of(key: Key, counts: bytes, now: float) -> dict[str, object]:
    """What KEEP writes."""
    tenant, kind, name = key
    return {"tenant": tenant, "kind": kind, "name": name, "now": now, "counts": counts.decode()}


def _select(tenant: str, wanted: Iterable[tuple[str, str]]) -> tuple[str, dict[str, object]]:
    pairs = sorted(wanted)
    kinds, of_kinds = among("k", sorted({kind for kind, _ in pairs}))
    names, of_names = among("n", sorted({name for _, name in pairs}))
    return _ROWS.format(kinds, names), {"tenant": tenant, **of_kinds, **of_names}


def read(
    transaction: Transaction, tenant: str, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Counts]:
    """The rows of these kinds and names of a tenant that there are."""
    rows = transaction.execute(*_select(tenant, wanted))
    return {(r["kind"], r["name"]): _counts.decode(r["counts"]) for r in rows if r["kind"] != PENDING}


def kept(transaction: Transaction, keys: Iterable[Key]) -> dict[Key, Counts]:
    """The rows that there are."""
    by_tenant: dict[str, list[tuple[str, str]]] = {}
    for tenant, kind, name in keys:
        by_tenant.setdefault(tenant, []).append((kind, name))
    found: dict[Key, Counts] = {}
    for tenant, pairs in by_tenant.items():
        pairs.sort()
        for start in range(0, len(pairs), MANY):
            rows = read(transaction, tenant, pairs[start : start + MANY])
            found |= {(tenant, *key): counts for key, counts in rows.items()}
    return {key: counts for key, counts in found.items() if key in set(keys)}


def add_missing(transaction: Transaction, wanted: Mapping[Key, Counts], now: float) -> None:
    """Keep what is wanted of rows that have nothing of that kind: an address or a domain to which nobody wrote yet, a domain
    that does not stand under its end."""
    stored = kept(transaction, wanted)
    rows = []
    for key, counts in wanted.items():
        have = stored.get(key, {})
        new = {
            aspect: {v: c for v, c in values.items() if v not in have.get(aspect, {})}
            for aspect, values in counts.items()
            if aspect != "by" or not have.get("by")
        }
        if any(new.values()):
            rows.append(row_of(key, msgspec.json.encode(bounded(joined(have, new))), now))
    transaction.executemany(KEEP, rows)


def take_up(
    transaction: Transaction,
    tenant: str,
    mail_id: str,
    addresses: set[str],
    learnt: dict[Key, Counts],
    now: float,
) -> None:
    """Learn what was written down of a mail that has left now."""
    rows = transaction.execute(*_select(tenant, [(PENDING, mail_id)]))
    for row in rows:
        waiting = _pending.decode(row["counts"])
        for address in addresses & waiting.keys():
            for kind, name, counts in waiting.pop(address):
                add(learnt.setdefault((tenant, kind, name), {}), counts, scale(now))
        if waiting:
            encoded = msgspec.json.encode(waiting)
            transaction.executemany(KEEP, [row_of((tenant, PENDING, mail_id), encoded, now)])
        else:
            transaction.execute(_DROP, {"tenant": tenant, "name": mail_id})
