"""The schema grows by numbered files, in order, each once."""

import json
from pathlib import Path

import pytest

from storage.database import dialect, open_database, prepare
from storage.interfaces import Transaction
from storage.migrations import Migration, NewerSchema, _statements, migrate, shipped
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


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'db'}"
    connection = Sqlite(tmp_path / "db").connect(readonly=False)
    apply(connection, [*shipped(), Migration(9999, "9999_future.sql", ("CREATE TABLE future (id INTEGER)",))])
    with pytest.raises(NewerSchema, match="9999_future"):
        open_database(url)


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
