"""Versions of the policy: what was in force, as it was written, by whom, when; rows that are added and never changed.

Each has its entry in the journal with the SHA-256 of its text, so that a row which somebody edits in the database is
noticed. Tenants of a node share its policy (docs/adr/0012), so all rows are the default tenant's.

Diagnostics: Damaged for a text that is not the one that was written; Already when another node was quicker; StoreError.
"""

import difflib
import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from config.written import Written
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.store import Store
from storage.bound import bound
from storage.interfaces import Already, Row, StoreError, Transaction
from storage.journal import clean
from storage.statements import insert_into

COMMENT = 500
"""Characters of a comment."""
LISTED = 1000
"""Versions that are listed at most, the newest."""
NEVER = 2**31 - 1
"""A number that no version reaches."""

_COLUMNS = ("tenant", "number", "sha256", "policy", "text", "presets", "author", "at", "comment")
_ADD = insert_into("policy_version", _COLUMNS) + " ON CONFLICT (tenant, number) DO NOTHING"
_ONE = "SELECT * FROM policy_version WHERE tenant = :tenant AND number = :number"
_NAMED = "SELECT * FROM policy_version WHERE tenant = :tenant AND policy = :policy ORDER BY number LIMIT 1"
_LAST = "SELECT * FROM policy_version WHERE tenant = :tenant AND number < :before ORDER BY number DESC LIMIT :limit"


class Damaged(StoreError):
    """A version's text is not the one whose SHA-256 stands beside it."""


class PolicyVersion(msgspec.Struct, frozen=True):
    """A policy as it was written.

    number    from 1 on
    policy    the name of the whole as it stands in verdicts (Policy.version)
    text      the site's own file
    presets   the presets that stood below it, by name
    author    "operator:NAME" (command line), "file:NAME" (the file's owner on the host), "program" (it changed by itself)
    at        UTC seconds
    """

    number: int
    sha256: str
    policy: str
    text: str
    presets: dict[str, str]
    author: str
    at: float
    comment: str = ""


class Versions:
    """All versions of a tenant's policy, as one node sees them. Tenants that have no policy of their own share the house's,
    which is the tenant "default"'s."""

    def __init__(self, store: Store, tenant: str) -> None:
        self._store = store
        self._tenant = tenant

    async def latest(self) -> PolicyVersion | None:
        """The newest, None before there is one. Raises Damaged, StoreError."""
        return next(iter(await self.newest(1)), None)

    async def newest(self, limit: int = LISTED, before: int = NEVER) -> list[PolicyVersion]:
        """Those before a number, the newest first. Raises Damaged, StoreError."""
        values = {"tenant": self._tenant, "limit": limit, "before": before}
        rows = await bound(self._store.database, self._tenant).read(lambda t: t.execute(_LAST, values))
        return [_version(row) for row in rows]

    async def get(self, number: int) -> PolicyVersion | None:
        """Raises Damaged, StoreError."""
        values = {"tenant": self._tenant, "number": number}
        rows = await bound(self._store.database, self._tenant).read(lambda t: t.execute(_ONE, values))
        return _version(rows[0]) if rows else None

    async def named(self, policy: str) -> PolicyVersion | None:
        """The first with this name, as it stands in verdicts. Raises Damaged, StoreError."""
        values = {"tenant": self._tenant, "policy": policy}
        rows = await bound(self._store.database, self._tenant).read(lambda t: t.execute(_NAMED, values))
        return _version(rows[0]) if rows else None

    async def add(
        self,
        written: Written,
        author: str,
        now: float,
        comment: str = "",
        noted: Mapping[str, object] = {},
    ) -> tuple[PolicyVersion, bool]:
        """Keep a policy, unless the newest version is the same: that version, and whether it is new. `noted` goes to
        the journal besides. Raises Already, StoreError."""

        def operation(transaction: Transaction) -> tuple[PolicyVersion, bool]:
            rows = transaction.execute(_LAST, {"tenant": self._tenant, "limit": 1, "before": NEVER})
            last = _version(rows[0]) if rows else None
            if last is not None and (last.policy, last.text) == (written.policy, written.text):
                return last, False
            made = PolicyVersion(
                last.number + 1 if last else 1, _digest(written.text), written.policy, written.text, written.presets,
                author, now, clean(comment.strip()[:COMMENT]),
            )  # fmt: skip
            row = {**msgspec.structs.asdict(made), "tenant": self._tenant}
            row["presets"] = msgspec.json.encode(made.presets).decode()
            transaction.execute(_ADD, row)
            if transaction.changed() != 1:
                raise Already("another node has kept a version")
            detail = {
                "number": made.number,
                "sha256": made.sha256,
                "policy": made.policy,
                "comment": made.comment,
            }
            entry = Entry(
                now, JournalEvent.POLICY_VERSION, author, tenant=self._tenant, detail={**detail, **noted}
            )
            self._store.note(transaction, [entry])
            return made, True

        return await bound(self._store.database, self._tenant).write(operation)


def difference(before: PolicyVersion | None, after: PolicyVersion) -> list[str]:
    """The lines that changed, as `diff -u` shows them."""
    old, new = (before.text if before else "").splitlines(), after.text.splitlines()
    names = (f"version {before.number}" if before else "nothing", f"version {after.number}")
    lines = list(difflib.unified_diff(old, new, *names, lineterm=""))
    for name in sorted({*(before.presets if before else ()), *after.presets}):
        was, is_ = (before.presets.get(name, "") if before else ""), after.presets.get(name, "")
        if was != is_:
            lines += difflib.unified_diff(was.splitlines(), is_.splitlines(), name, name, lineterm="")
    return lines


def numbers(lines: Sequence[str]) -> tuple[int, int]:
    """How many lines a difference adds, and how many it takes away."""
    added = sum(line.startswith("+") and not line.startswith("+++") for line in lines)
    removed = sum(line.startswith("-") and not line.startswith("---") for line in lines)
    return added, removed


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _version(row: Row) -> PolicyVersion:
    if _digest(row["text"]) != row["sha256"]:
        raise Damaged(f"version {row['number']} of the policy is not as it was written")
    presets = msgspec.json.decode(row["presets"], type=dict[str, str])
    return PolicyVersion(
        int(row["number"]), row["sha256"], row["policy"], row["text"], presets, row["author"], row["at"], row["comment"]
    )  # fmt: skip
