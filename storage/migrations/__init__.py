"""The schema: numbered SQL files, applied in order, each once. May open: the database that it is handed.

A file is `NNNN_what.sql`: statements in the common subset of SQLite and PostgreSQL, each ending with a
semicolon at the end of a line. 0001–0099 are custody's, 0100 and above belong to the directory and the console.
A file that was released is never changed; a change is a new file.

A file may begin with `-- generation: G, oldest: O`: it came with generation G of the schema, and programs of generation O
and later can work on the database after it (none said: 1, and no earlier one). That is written down with it, so that a
program that does not know the file can tell: nodes of one generation before run beside, and one can go back to them
(docs/adr/0062, docs/howto/upgrade.md). So a file only adds; what nobody uses any more goes a generation later.

Diagnostics: NewerSchema when the database has seen a file that this program does not know, nor may work beside.
"""

import re
from collections.abc import Iterable
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from storage.interfaces import StoreError, Transaction

GENERATION = 1
"""Of the schema that this program makes: the newest one of its files."""
_HEAD = re.compile(r"-- generation: (\d+), oldest: (\d+)\n")
_NAME = re.compile(r"(\d{4})_\w+\.sql$")
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)

_TABLE = "CREATE TABLE IF NOT EXISTS schema_version (number INTEGER PRIMARY KEY, name TEXT NOT NULL)"
"""Which files were applied."""
_APPLIED = "SELECT * FROM schema_version"
_BESIDE = "CREATE TABLE IF NOT EXISTS schema_beside (number INTEGER PRIMARY KEY, oldest INTEGER NOT NULL)"
"""For each of them: the oldest generation that can work on the database since."""
_OLDEST = "SELECT number, oldest FROM schema_beside"
_NOTE = "INSERT INTO schema_beside (number, oldest) VALUES (:number, :oldest)"
_APPLY = "INSERT INTO schema_version (number, name) VALUES (:number, :name)"


class NewerSchema(StoreError):
    """The database was changed by a newer program; this one must not write to it."""


class OlderSchema(StoreError):
    """The database lacks migrations, and its tables belong to somebody else, who has to run them."""


class Migration(NamedTuple):
    number: int
    name: str
    statements: tuple[str, ...]
    generation: int = 1
    oldest: int = 1


BORDER = Migration(224, "0224_border", (), GENERATION, GENERATION + 1)
"""Noted where tenants are kept apart by the database itself (docs/adr/0021): programs that do not know of it see no rows there."""


def shipped() -> list[Migration]:
    """All migrations of this program in order. Raises ValueError when two have the same number."""
    found = []
    for entry in resources.files(__name__).iterdir():
        if match := _NAME.match(entry.name):
            text = entry.read_text("utf-8")
            head = _HEAD.match(text)
            of = (int(head[1]), int(head[2])) if head else (1, 1)
            found.append(Migration(int(match[1]), entry.name, _statements(text), *of))
    found.sort()
    for one, two in pairwise(found):
        if one.number == two.number:
            raise ValueError(f"{one.name} and {two.name} have the same number")
    return found


def migrate(
    transaction: Transaction, migrations: Iterable[Migration], generation: int = GENERATION
) -> list[str]:
    """Bring the schema up to date; the names of the files that were applied now. All or nothing. `generation`: ours."""
    transaction.lock_schema()
    tables(transaction)
    missing, unknown = compared(transaction, migrations, generation)
    if missing and not transaction.owns_schema:
        raise OlderSchema(
            "the database has an older schema than this program, and its tables belong to another login, which has to bring"
            " them up to date: sekisho database secure (docs/tenants.md)"
        )
    if unknown:
        raise NewerSchema(
            f"the database has a newer schema than this program can work with: {', '.join(unknown)}. Start a newer"
            " program, or restore the backup that was made before the upgrade (docs/howto/upgrade.md)"
        )
    for migration in missing:
        apply(transaction, migration)
    return [m.name for m in missing]


def apply(transaction: Transaction, migration: Migration) -> None:
    """Run a migration, and note that it was."""
    for statement in migration.statements:
        transaction.execute(statement)
    transaction.execute(_APPLY, {"number": migration.number, "name": migration.name})
    transaction.execute(_NOTE, {"number": migration.number, "oldest": migration.oldest})


def has_border(transaction: Transaction) -> bool:
    return BORDER.number in seen(transaction)


def tables(transaction: Transaction) -> None:
    """Make the tables of versions where they are missing."""
    if transaction.owns_schema:
        transaction.execute(_TABLE)
        transaction.execute(_BESIDE)


def compared(
    transaction: Transaction, migrations: Iterable[Migration], generation: int = GENERATION
) -> tuple[list[Migration], list[str]]:
    """What is missing in the database; and names of files that it has seen and a program of this generation, which ships
    `migrations`, can not work with. The tables of versions are there."""
    applied = {row["number"]: row["name"] for row in transaction.execute(_APPLIED)}
    oldest = {row["number"]: row["oldest"] for row in transaction.execute(_OLDEST)}
    migrations = list(migrations)
    foreign = sorted(set(applied) - {m.number for m in migrations} - {BORDER.number})
    unknown = [applied[n] for n in foreign if oldest.get(n, generation + 1) > generation]
    return [m for m in migrations if m.number not in applied], unknown


def seen(transaction: Transaction) -> tuple[int, ...]:
    """Numbers of the files that the database has seen."""
    return tuple(sorted(int(row["number"]) for row in transaction.execute(_APPLIED)))


def _statements(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in re.split(r";[ \t]*(?:\n|$)", _COMMENT.sub("", text)))
    return tuple(part for part in parts if part)
