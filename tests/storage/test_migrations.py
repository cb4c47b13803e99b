"""The schema grows by numbered files, in order, each once."""

import json
import re
from pathlib import Path

import pytest

from storage import journal
from storage.database import dialect, open_database, prepare
from storage.interfaces import Entry, Transaction
from storage.migrations import GENERATION, Migration, NewerSchema, _statements, migrate, seen, shipped
from storage.sqlite import Sqlite, SqliteConnection


@pytest.fixture
def connection(tmp_path: Path) -> SqliteConnection:
    return Sqlite(tmp_path / "db").connect(readonly=False)


def schema(connection: SqliteConnection) -> list[str]:
    rows = connection.begin().execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    connection.rollback()
    return [row["sql"] for row in rows]


def apply(connection: SqliteConnection, migrations: list[Migration]) -> list[str]:
    transaction: Transaction = connection.begin()
    applied = migrate(transaction, migrations)
    connection.commit()
    return applied


def test_the_shipped_files_are_in_order_and_end_where_they_should() -> None:
    numbers = [m.number for m in shipped()]
    assert numbers == sorted(set(numbers))
    assert numbers[:3] == [1, 2, 3]
    assert all(m.statements for m in shipped())


def test_step_by_step_gives_the_same_schema_as_all_at_once(tmp_path: Path) -> None:
    one = Sqlite(tmp_path / "one").connect(readonly=False)
    two = Sqlite(tmp_path / "two").connect(readonly=False)
    migrations = shipped()
    assert apply(one, migrations) == [m.name for m in migrations]
    for count in range(1, len(migrations) + 1):
        assert apply(two, migrations[:count]) == [migrations[count - 1].name]
    assert schema(one) == schema(two)


def test_a_second_run_changes_nothing(connection: SqliteConnection) -> None:
    apply(connection, shipped())
    before = schema(connection)
    assert apply(connection, shipped()) == []
    assert schema(connection) == before


def test_a_file_with_a_smaller_number_that_came_later_is_applied(connection: SqliteConnection) -> None:
    late, early = (Migration(n, f"{n:04}_t.sql", (f"CREATE TABLE t{n} (id INTEGER)",)) for n in (100, 4))
    assert apply(connection, [late]) == ["0100_t.sql"]
    assert apply(connection, [early, late]) == ["0004_t.sql"]


def future(oldest: int) -> Migration:
    """A file of the next generation, after which programs of generation `oldest` can still work."""
    return Migration(9999, "9999_future.sql", ("CREATE TABLE future (id INTEGER)",), GENERATION + 1, oldest)


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'db'}"
    connection = Sqlite(tmp_path / "db").connect(readonly=False)
    apply(connection, [*shipped(), future(oldest=GENERATION + 1)])
    with pytest.raises(NewerSchema, match=r"9999_future.*newer program.*restore the backup"):
        open_database(url)


def test_a_schema_that_a_version_of_before_never_noted_is_refused(tmp_path: Path) -> None:
    connection = Sqlite(tmp_path / "db").connect(readonly=False)
    apply(connection, [*shipped(), future(oldest=GENERATION)])
    connection.begin().execute("DELETE FROM schema_beside WHERE number = 9999")
    connection.commit()
    with pytest.raises(NewerSchema):
        open_database(f"sqlite:///{tmp_path / 'db'}")


async def test_a_program_of_one_generation_before_works_on_a_schema_that_only_grew(tmp_path: Path) -> None:
    """And finds it as the newer one left it."""
    newer = Sqlite(tmp_path / "db").connect(readonly=False)
    applied = apply(newer, [*shipped(), future(oldest=GENERATION)])
    newer.close()
    older = Sqlite(tmp_path / "db").connect(readonly=False)
    assert apply(older, shipped()) == []
    older.close()
    database = open_database(f"sqlite:///{tmp_path / 'db'}")
    await database.write(lambda t: journal.append(t, "n1", [Entry(1.0, "login", "taro")]))
    assert await journal.verify(database, "n1") is None
    assert await database.read(seen) == tuple(sorted([m.number for m in shipped()] + [9999]))
    await database.close()
    assert applied[-1] == "9999_future.sql"


RELEASED = 237
"""Numbers up to this one came before nodes of two versions could run beside each other."""
SHRINKS: dict[str, str] = {}
"""Files that take something away, each with the version that stopped using it: its `oldest` is that one's generation."""
_TAKES_AWAY = re.compile(
    r"\bDROP\s+(TABLE|COLUMN|INDEX|CONSTRAINT)\b|\bRENAME\b|\bALTER\s+COLUMN\b|^\s*(DELETE|UPDATE)\b",
    re.IGNORECASE,
)
_NEEDS = re.compile(r"\bADD\s+COLUMN\b(?=.*\bNOT\s+NULL\b)(?!.*\bDEFAULT\b)", re.IGNORECASE | re.DOTALL)
_FORBIDS = re.compile(r"\bCREATE\s+UNIQUE\s+INDEX\b", re.IGNORECASE)


def takes_away(statement: str) -> bool:
    """Whether a program that does not know of it could fail on what the statement leaves."""
    return any(pattern.search(statement) for pattern in (_TAKES_AWAY, _NEEDS, _FORBIDS))


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("CREATE TABLE a (b TEXT NOT NULL)", False),
        ("ALTER TABLE a ADD COLUMN b TEXT NOT NULL DEFAULT ''", False),
        ("ALTER TABLE a ADD COLUMN b TEXT", False),
        ("CREATE INDEX b ON a (c)", False),
        ("INSERT INTO a SELECT b FROM c", False),
        ("ALTER TABLE a ADD COLUMN b TEXT NOT NULL", True),
        ("ALTER TABLE a DROP COLUMN b", True),
        ("ALTER TABLE a\n  RENAME TO b", True),
        ("DROP TABLE a", True),
        ("ALTER TABLE a ALTER COLUMN b SET NOT NULL", True),
        ("CREATE UNIQUE INDEX a ON b (c)", True),
        ("UPDATE a SET b = 1", True),
        ("DELETE FROM a", True),
    ],
)
def test_what_takes_something_away_is_known(statement: str, answer: bool) -> None:
    assert takes_away(statement) is answer


def test_files_only_add_so_that_nodes_of_two_versions_run_beside_each_other() -> None:
    for migration in shipped():
        assert migration.oldest <= migration.generation <= GENERATION, migration.name
        shrinks = any(map(takes_away, migration.statements))
        if migration.number <= RELEASED:
            continue
        assert shrinks == (migration.name in SHRINKS), (
            f"{migration.name}: only add; what is unused goes a version later"
        )
        assert migration.generation == 1 or migration.oldest < migration.generation, (
            f"{migration.name}: nodes of the version before cannot run beside"
        )
    assert max(m.generation for m in shipped()) == GENERATION


def test_a_file_that_fails_leaves_nothing(connection: SqliteConnection) -> None:
    bad = Migration(2, "0002_bad.sql", ("CREATE TABLE good (id INTEGER)", "CREATE NONSENSE"))
    connection.begin()
    with pytest.raises(Sqlite.errors):
        migrate(connection, [bad])
    connection.rollback()
    assert schema(connection) == []


def test_statements_end_at_a_semicolon_at_the_end_of_a_line() -> None:
    text = "-- why; not\nCREATE TABLE a (t TEXT DEFAULT ';x');\n\nCREATE INDEX b\n  ON a (t);  \n"
    assert _statements(text) == ("CREATE TABLE a (t TEXT DEFAULT ';x')", "CREATE INDEX b\n  ON a (t)")


def test_preparing_answers_what_was_applied(tmp_path: Path) -> None:
    chosen = dialect(f"sqlite:///{tmp_path / 'db'}")
    assert prepare(chosen) == [m.name for m in shipped()]
    assert prepare(chosen) == []


def test_names_of_two_columns_become_names_by_language(connection: SqliteConnection) -> None:
    apply(connection, [m for m in shipped() if m.number < 103])
    transaction = connection.begin()
    values = {"login": "taro", "name_ja": '山田\\"x"', "name_en": "Taro\n\tY"}
    transaction.execute(
        "INSERT INTO people VALUES (:login, '', :name_ja, :name_en, '[]', '[]', '', '[]', '[]', 'ja', 0, '', '', '', 0)",
        values,
    )
    connection.commit()
    apply(connection, shipped())
    (row,) = connection.begin().execute("SELECT name FROM people")
    connection.rollback()
    assert json.loads(row["name"]) == {"ja": values["name_ja"], "en": "Taro  Y"}


def test_locked_files_that_were_sent_before_are_found_by_their_domain(connection: SqliteConnection) -> None:
    apply(connection, [m for m in shipped() if m.number < 222])
    transaction = connection.begin()
    for address in ("suzuki@client.example", '"a@b"@client.example', "c@日本.example"):
        transaction.execute(
            "INSERT INTO sent_locked VALUES ('default', 'hanako', :address, 'a.zip', 1)", {"address": address}
        )
    connection.commit()
    apply(connection, shipped())
    rows = connection.begin().execute("SELECT domain FROM sent_locked ORDER BY domain")
    connection.rollback()
    assert [row["domain"] for row in rows] == ["client.example", "client.example", "日本.example"]
