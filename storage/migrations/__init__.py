"""The schema: numbered SQL files, applied in order, each once. May open: the database that it is handed.

A file is `NNNN_what.sql`: statements in the common subset of SQLite and PostgreSQL, each ending with a
semicolon at the end of a line. 0001–0099 are custody's, 0100 and above belong to the directory and the console.
A file that was released is never changed; a change is a new file.

Diagnostics: NewerSchema when the database has seen a file that this program does not know.
"""

import re
from collections.abc import Iterable
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from storage.interfaces import StoreError, Transaction

_NAME = re.compile(r"(\d{4})_\w+\.sql$")
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)

_TABLE = "CREATE TABLE IF NOT EXISTS schema_version (number INTEGER PRIMARY KEY, name TEXT NOT NULL)"
"""Which files were applied."""
_APPLIED = "SELECT * FROM schema_version"
_APPLY = "INSERT INTO schema_version (number, name) VALUES (:number, :name)"


class NewerSchema(StoreError):
    """The database was changed by a newer program; this one must not write to it."""


class Migration(NamedTuple):
    number: int
    name: str
    statements: tuple[str, ...]


def shipped() -> list[Migration]:
    """All migrations of this program in order. Raises ValueError when two have the same number."""
    found = []
    for entry in resources.files(__name__).iterdir():
        if match := _NAME.match(entry.name):
            found.append(Migration(int(match[1]), entry.name, _statements(entry.read_text("utf-8"))))
    found.sort()
    for one, two in pairwise(found):
        if one.number == two.number:
            raise ValueError(f"{one.name} and {two.name} have the same number")
    return found


def migrate(transaction: Transaction, migrations: Iterable[Migration]) -> list[str]:
    """Bring the schema up to date; the names of the files that were applied now. All or nothing."""
    transaction.lock_schema()
    transaction.execute(_TABLE)
    applied = {row["number"]: row["name"] for row in transaction.execute(_APPLIED)}
    migrations = list(migrations)
    if unknown := sorted(set(applied) - {m.number for m in migrations}):
        names = ", ".join(applied[number] for number in unknown)
        raise NewerSchema(f"the database has a newer schema than this program: {names}")
    missing = [m for m in migrations if m.number not in applied]
    for migration in missing:
        for statement in migration.statements:
            transaction.execute(statement)
        transaction.execute(_APPLY, {"number": migration.number, "name": migration.name})
    return [m.name for m in missing]


def _statements(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in re.split(r";[ \t]*(?:\n|$)", _COMMENT.sub("", text)))
    return tuple(part for part in parts if part)
