"""How an entry of the journal hangs on the one before it, and the proof that one stands in a chain, without the others.

The hash of an entry is "2:" and SHA-256 over the hash before it and the entry's digest, which is SHA-256 over its canonical
JSON (docs/adr/0073). So who has the digests of the entries behind one can follow the chain to a head that was carried
elsewhere, and learns nothing of those. Entries from before are SHA-256 over the hash before and the JSON itself: they are
verified as they are, and can be proved to nobody who may not read what stands behind them.
"""

import hashlib
from collections.abc import Iterable

import msgspec

from storage.interfaces import Row

START = "0" * 64
"""The hash before the first entry."""
COLUMNS = ("node", "seq", "at", "event", "actor", "item", "mail_id", "tenant", "detail")
"""What a hash covers, in this order."""
FORM = "2:"
"""How hashes over digests begin."""

_json = msgspec.json.Encoder(order="sorted").encode


class MarkedHead(msgspec.Struct, frozen=True):
    """A head of a chain as it was once noted. `mark` is a keyed digest of it, "" without a key."""

    chain: str
    tenant: str
    seq: int
    hash: str
    at: float
    mark: str = ""


class ChainProof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That an entry stands in its chain: the hash before it, the digests of those behind it, and the head which they lead to.

    `noted`: the head is a checkpoint, which is carried elsewhere; False: it was the end of the chain when the proof was made.
    """

    before: str
    behind: tuple[str, ...]
    head: MarkedHead
    noted: bool


def digest(row: Row) -> str:
    """Of an entry, hex."""
    return hashlib.sha256(_json([row[c] for c in COLUMNS])).hexdigest()


def link(before: str, row: Row) -> str:
    """The hash of an entry that stands behind the hash `before`."""
    return _joined(before, digest(row))


def again(before: str, row: Row) -> str:
    """The hash that the entry should have, in the form in which it was written."""
    if row["hash"].startswith(FORM):
        return link(before, row)
    return hashlib.sha256(before.encode() + _json([row[c] for c in COLUMNS])).hexdigest()


def holds(proof: ChainProof, row: Row) -> bool:
    """Whether the proof leads from this entry to its head."""
    head, place = proof.head, (row["node"], row["seq"] + len(proof.behind))
    return (
        place == (head.chain, head.seq) and _followed(proof.before, [digest(row), *proof.behind]) == head.hash
    )


def _followed(hash: str, digests: Iterable[str]) -> str:
    for each in digests:
        hash = _joined(hash, each)
    return hash


def _joined(before: str, digest: str) -> str:
    return FORM + hashlib.sha256(f"{before}{digest}".encode()).hexdigest()
