"""Names whose keys are to be destroyed, and whose contents deleted, though they belong to no item that ends: agreements of
the vault, contents of reports, contents that belong to nothing. Who erases them: quarantine/retention.

Diagnostics: StoreError.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from storage import keys
from storage.border import of_all
from storage.bound import apart
from storage.interfaces import Row, Transaction


class LetGoKind(StrEnum):
    """What a name was of; how long it is still kept depends on it."""

    PASSPHRASE = "passphrase"  # noqa: S105 (what it is, not one)
    REPORT = "report"
    ORPHAN = "orphan"


class LetGo(msgspec.Struct, frozen=True):
    """`of`: the id of what it was of. `names`: by which a legal hold keeps it. `at`: when it ended, UTC seconds."""

    key: str
    kind: LetGoKind
    at: float
    of: str = ""
    names: tuple[str, ...] = ()

    @property
    def tenant(self) -> str:
        return keys.tenant_of(self.key)


_NOTE = (
    "INSERT INTO let_go (key, tenant, kind, of_id, names, at) VALUES (:key, :tenant, :kind, :of, :names, :at)"
    " ON CONFLICT (key) DO "
)
_AGAIN = {
    True: f"{_NOTE}NOTHING",
    False: f"{_NOTE}UPDATE SET at = excluded.at, names = excluded.names WHERE let_go.tenant = excluded.tenant",
}
"""The first time counts, or the last one."""
_NAMES = "SELECT names FROM let_go WHERE key = :key AND tenant = :tenant"
_DUE = of_all(
    "SELECT * FROM let_go WHERE kind = :kind AND at <= :until AND (at > :at OR (at = :at AND key > :after))"
    " ORDER BY at, key LIMIT :page"
)
"""A page of names of all tenants whose time is over."""
_ALL = of_all("SELECT key FROM let_go WHERE key > :after ORDER BY key LIMIT :page")
"""All that are to go, of all tenants: until then they have their keys."""
_DONE = "DELETE FROM let_go WHERE key = :key AND tenant = :tenant"

_names = msgspec.json.Decoder(tuple[str, ...])


def note(transaction: Transaction, gone: Sequence[LetGo]) -> None:
    """Let these go, in a transaction of the caller's. An orphan that was found before keeps its time; what was of several
    things is kept by the names of each."""
    for mine, each in ((mine, each) for mine, theirs in apart(transaction, gone) for each in theirs):
        known = {"key": each.key, "tenant": each.tenant}
        before = mine.execute(_NAMES, known) if each.names else []
        names = dict.fromkeys(
            [*(name for row in before for name in _names.decode(row["names"])), *each.names]
        )
        values = {
            **known, "kind": each.kind.value, "of": each.of,
            "names": msgspec.json.encode(list(names)).decode(), "at": each.at,
        }  # fmt: skip
        mine.execute(_AGAIN[each.kind is LetGoKind.ORPHAN], values)


def due(
    transaction: Transaction, kind: LetGoKind, until: float, behind: LetGo | None, page: int
) -> list[LetGo]:
    """A page of what ended by `until`, the longest ago first, behind one of them."""
    at, after = (0.0, "") if behind is None else (behind.at, behind.key)
    values = {"kind": kind.value, "until": until, "at": at, "after": after, "page": page}
    return [_of(row) for row in transaction.execute(_DUE, values)]


def waiting(transaction: Transaction, after: str, page: int) -> list[str]:
    """A page of all names that are to go."""
    return [row["key"] for row in transaction.execute(_ALL, {"after": after, "page": page})]


def done(transaction: Transaction, each: LetGo) -> bool:
    """It is gone; False when somebody else has said so."""
    transaction.execute(_DONE, {"key": each.key, "tenant": each.tenant})
    return transaction.changed() > 0


def _of(row: Row) -> LetGo:
    return LetGo(row["key"], LetGoKind(row["kind"]), row["at"], row["of_id"], _names.decode(row["names"]))
