"""Backups as rows of the database that they are of: which there were, and how old the last one is."""

import math

from storage.backup.manifest import Manifest
from storage.interfaces import Already, Transaction
from storage.statements import insert_into

MIGRATION = "0248_backups.sql"
"""By which the tables came."""
_NOTE = insert_into("backup", ("id", "at", "node", "place", "octets")) + " ON CONFLICT (id) DO NOTHING"
_LAST = "SELECT MAX(at) AS at FROM backup"
_TELL = "INSERT INTO backup_late (last, at) VALUES (:last, :at) ON CONFLICT (last) DO NOTHING"
_PENDING = "SELECT backup FROM restore_pending"
"""A backup that was put back, and nobody has said yet what has left since."""
_DONE = "DELETE FROM restore_pending"
"""All that was put back is known for what it is: nodes may start."""


def note(transaction: Transaction, made: Manifest, place: str, octets: int) -> None:
    transaction.execute(
        _NOTE, {"id": made.id, "at": made.at, "node": made.node, "place": place, "octets": octets}
    )


def last(transaction: Transaction) -> float | None:
    """When the last backup was begun (UTC seconds)."""
    at: float | None = transaction.execute(_LAST)[0]["at"]
    return at


def age(last: float | None, now: float) -> float:
    """Seconds since the last backup was begun; infinite where there is none."""
    return math.inf if last is None else max(0.0, now - last)


def tell(transaction: Transaction, last: float, now: float) -> None:
    """It is told that the last backup, which was begun at `last` (0: none), is too old. Raises Already."""
    transaction.execute(_TELL, {"last": last, "at": now})
    if transaction.changed() != 1:
        raise Already("told")


def pending(transaction: Transaction) -> str:
    """The backup whose restore has not come to its end, "" for none."""
    rows = transaction.execute(_PENDING)
    return str(rows[0]["backup"]) if rows else ""


def done(transaction: Transaction) -> None:
    """The restore has come to its end."""
    transaction.execute(_DONE)
