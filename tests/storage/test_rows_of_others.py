"""No statement of one tenant changes a row of another's, also where that row has the very same keys: in SQLite, which has no
wall of its own. Made of the schema and of the statements themselves (tests/test_tenants.py)."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from storage.border import TENANT, whose
from tests.services import databases
from tests.test_sql import OWNERS
from tests.test_tenants import WITHOUT, statements

MINE, OTHERS = "acme", "other"
FILLED = {"TEXT": "x", "INTEGER": 1, "BIGINT": 1, "DOUBLE PRECISION": 1.0, "BYTEA": b"x", "BLOB": b"x"}
"""What stands in every column, by its type: so the keys of all rows are the same."""
ANEW = {kind: value * 2 for kind, value in FILLED.items()}  # type: ignore[operator]
_COMPARED = re.compile(r"(?:\w+\.)?(\w+)\)? *(<=|>=|<>|=|<|>|\bIN\b) *(?:\()?:(\w+)")
_FIXED = re.compile(r"(?:\w+\.)?(\w+) (?:= ('\w*'|\d+)|IN \(('\w*')[^)]*\)|(IS NULL)|(< 1))")
_BEYOND = {"<=": (1e9, "~"), "<": (1e9, "~"), ">=": (-1, ""), ">": (-1, ""), "<>": (7, "y")}


class Change(NamedTuple):
    """A statement that changes rows of tenants: where it stands, the table, its text."""

    place: str
    table: str
    text: str


def changes() -> Iterator[Change]:
    for place, text, _ in statements():
        table = re.match(r"(?:INSERT INTO|UPDATE|DELETE FROM)\s+(\w+)", text)
        ours = table and table[1] in OWNERS and table[1] not in WITHOUT
        whole = not text.endswith(" DO ")  # others are made of that
        if ours and whole and whose(text, {"tenant": MINE}) == (TENANT, MINE):
            yield Change(place, str(table and table[1]), re.sub(r"\{\w*\}", ":listed", text))


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = databases.sqlite(tmp_path_factory.mktemp("rows") / "db").removeprefix("sqlite:///")
    opened = sqlite3.connect(Path(path), isolation_level=None)
    opened.execute("PRAGMA foreign_keys = OFF")
    yield opened
    opened.close()


def columns(connection: sqlite3.Connection) -> dict[str, dict[str, str]]:
    """Columns by table, each with its type."""
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {t: {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({t})")} for t in tables}


def fill(connection: sqlite3.Connection, table: str, tenant: str, fixed: Mapping[str, object]) -> None:
    kinds = columns(connection)[table]
    row = {name: fixed.get(name, FILLED[kind]) for name, kind in kinds.items()}
    row["tenant"] = tenant
    marks = ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)


def asked(change: Change, kinds: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """Values for what a statement is given: it means the row that is there, whoever's that is, and would write something else
    into it."""
    types = {name: kind for columns in kinds.values() for name, kind in columns.items()}
    types.update(kinds[change.table])
    values: dict[str, object] = {}
    condition = change.text.partition(" WHERE ")[2]
    if inserted := re.match(r"INSERT INTO \w+ \(([^)]*)\)\s+VALUES \(([^)]*)\)", change.text):
        target = re.search(r"ON CONFLICT \(([^)]*)\) DO UPDATE", change.text)
        for column, value in zip(inserted[1].split(","), inserted[2].split(","), strict=True):
            kind = types[column.strip()]
            same = target is None or column.strip() in target[1].split(", ")
            values[value.strip().removeprefix(":")] = FILLED[kind] if same else ANEW[kind]
    for column, how, name in _COMPARED.findall(condition):
        kind = types.get(column, "DOUBLE PRECISION")
        values[name] = FILLED[kind] if how in ("=", "IN") else _BEYOND[how][kind == "TEXT"]
    for column, _, name in _COMPARED.findall(change.text.removesuffix(condition)):
        values.setdefault(name, ANEW[types.get(column, "TEXT")])
    return {name: values.get(name, 1) for name in re.findall(r":(\w+)", change.text)}


def rows(connection: sqlite3.Connection, tenant: str) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: connection.execute(
            f"SELECT * FROM {table} WHERE tenant = ? ORDER BY 1, 2", [tenant]
        ).fetchall()
        for table, kinds in columns(connection).items()
        if "tenant" in kinds
    }


CHANGES = sorted(set(changes()))


@pytest.mark.parametrize("change", CHANGES, ids=[change.place for change in CHANGES])
def test_a_row_of_the_same_keys_stays_as_it_is(connection: sqlite3.Connection, change: Change) -> None:
    kinds = columns(connection)
    where = change.text.partition(" WHERE ")[2]
    fixed: dict[str, object] = {}
    for column, literal, first, empty, _ in _FIXED.findall(where):
        value = literal or first or "0"
        fixed.setdefault(column, None if empty else value.strip("'") if value.startswith("'") else int(value))
    connection.execute("BEGIN")
    try:
        for table in kinds:
            if "tenant" in kinds[table]:
                fill(connection, table, OTHERS, fixed if table == change.table else {})
        values = asked(change, kinds)
        before = rows(connection, OTHERS)
        try:
            connection.execute(change.text, values | {"tenant": MINE})
        except sqlite3.IntegrityError:
            pass  # its key is taken: refused, and nothing is changed
        assert rows(connection, OTHERS) == before
        try:
            cursor = connection.execute(change.text, values | {"tenant": OTHERS})
            touched = len(cursor.fetchall()) or cursor.rowcount
        except sqlite3.IntegrityError:
            touched = 0
        keeps = change.text.startswith("INSERT") and "DO UPDATE" not in change.text
        assert keeps or touched > 0, "its own it does change, so that the others' could be"
    finally:
        connection.execute("ROLLBACK")
