"""Behind the border: what PostgreSQL itself keeps from a statement that forgets whose rows it means (docs/adr/0021)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest

from quarantine.store import Query, Store
from storage.border import DELIVERY, HOUSE, ROLES, TENANT, of_all, to_deliver, whose
from storage.column_rights import DELIVERY_MAY, HOUSE_MAY
from storage.database import dialect, open_database, prepare
from storage.interfaces import StoreError, Transaction
from storage.migrations import BORDER, Migration, NewerSchema, OlderSchema, has_border, migrate, shipped
from storage.postgres import Postgres
from storage.postgres_roles import is_whole, lacking, secure
from storage.spool import Spool
from storage.statements import insert_into
from tests.quarantine.items import item
from tests.services.postgres import Cluster, cluster
from tests.storage.border_statements import beyond_one_tenant
from tests.test_sql import OWNERS
from tests.test_tenants import WITHOUT

NODE, OWNER = "sekisho_node", "sekisho_owner"
_COLUMNS = (
    "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
    " ORDER BY table_name, ordinal_position"
)
_PARENTS = "SELECT DISTINCT confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
_FORCED = "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relrowsecurity"


def test_a_statement_says_in_whose_name_it_is_run() -> None:
    assert whose("SELECT 1 FROM item WHERE tenant = :tenant", {"tenant": "acme"}) == (TENANT, "acme")
    assert whose("SELECT 1 FROM item WHERE tenant = :tenant", {"tenant": ""}) == (TENANT, "")
    assert whose("SELECT 1 WHERE (:tenant = '' OR tenant = :tenant)", {"tenant": ""}) == (HOUSE, "")
    assert whose("SELECT 1 WHERE (:tenant = '' OR tenant = :tenant)", {"tenant": "acme"}) == (TENANT, "acme")
    assert whose("SELECT 1 FROM item", {"tenant": "acme"}) == (TENANT, "")
    assert whose("SELECT 1 FROM item WHERE id = :tenants", {"tenants": "acme"}) == (TENANT, "")
    assert whose(of_all("SELECT 1 FROM item WHERE id IN ({})").format(":a"), {}) == (HOUSE, "")
    assert whose(to_deliver("SELECT 1 FROM item") + " FOR UPDATE", {}) == (DELIVERY, "")


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture(scope="module")
def shared(server: Cluster) -> str:
    """The URL of a database that stays as it is."""
    return server.current()


def as_role(url: str, role: str) -> str:
    return url.replace("//postgres@", f"//{role}@")


def make(server: Cluster, role: str, options: str = "") -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
            connection.execute(f"CREATE ROLE {role} LOGIN {options}".encode())


def example(columns: Mapping[str, str], tenant: str) -> dict[str, Any]:
    """A row with something in each column."""
    kinds = {"text": f"of {tenant}", "bytea": b"x"}
    return {name: kinds.get(kind, 1) for name, kind in columns.items()} | {"tenant": tenant}


@pytest.mark.system
def test_every_table_with_a_tenant_is_behind_the_border(shared: str) -> None:
    """The tables are those of the schema: one that is new and is not behind it fails here."""
    with psycopg.connect(shared) as connection:
        found = {table for table, column, _ in connection.execute(_COLUMNS) if column == "tenant"}
        forced = {name for (name,) in connection.execute(_FORCED)}
    assert found == forced == set(OWNERS) - set(WITHOUT)


@pytest.mark.system
def test_no_table_is_seen_or_changed_across_the_border(shared: str) -> None:
    """Each probe is one that finds what it looks for within its own tenant; it says nothing of the tenant itself."""
    with psycopg.connect(shared) as connection:
        tables: dict[str, dict[str, str]] = {}
        for table, column, kind in connection.execute(_COLUMNS):
            tables.setdefault(table, {})[column] = kind
        parents = [name for (name,) in connection.execute(_PARENTS)]
    connection = Postgres(shared).connect(readonly=False)
    order = sorted(set(OWNERS) - set(WITHOUT), key=lambda name: (name != "item", name))
    for table in order:
        columns = tables[table]
        other = next(name for name in columns if name != "tenant")
        insert = insert_into(table, columns)
        seen = f"SELECT tenant FROM {table} WHERE :tenant <> ''"
        changed = f"UPDATE {table} SET {other} = {other} WHERE :tenant <> ''"
        transaction = connection.begin()

        def count(statement: str, tenant: str, transaction: Transaction = transaction) -> int:
            rows = transaction.execute(statement, {"tenant": tenant})
            return len(rows) if statement.startswith("SELECT") else transaction.changed()

        for parent in [one for one in parents if one != table]:
            transaction.execute(insert_into(parent, tables[parent]), example(tables[parent], "acme"))
        transaction.execute(insert, example(columns, "acme"))
        assert count(seen, "acme") == 1, f"{table}: the probe itself"
        assert count(seen, "other") == 0, table
        assert transaction.execute(f"SELECT tenant FROM {table}") == [], f"{table}: forgotten altogether"
        assert count(changed, "acme") == 1, f"{table}: the probe itself"
        assert count(changed, "other") == 0, table
        assert count(f"DELETE FROM {table} WHERE :tenant <> ''", "other") == 0, table
        assert count(f"DELETE FROM {table} WHERE :tenant <> ''", "acme") == 1, f"{table}: the probe itself"
        connection.rollback()
        for refused in (
            insert.replace(":tenant", "'acme'"),
            insert.replace(":tenant", "'acme' || LEFT(:tenant, 0)"),
        ):
            transaction = connection.begin()
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                transaction.execute(refused + " RETURNING tenant", example(columns, "other"))
            connection.rollback()
    connection.close()


@pytest.mark.system
async def test_several_tenants_share_a_transaction_and_no_row(server: Cluster, tmp_path: Path) -> None:
    """Group commit: one transaction, one tenant after the other; and those who deliver and look after all, between them."""
    database = open_database(server.current())
    store = Store(database, Spool(tmp_path / "spool"), "node1")
    await store.put([item(id="a", tenant="acme"), item(id="b", tenant="other")], 1.0, "test")
    seen: list[set[str]] = []

    def both(transaction: Transaction) -> None:
        for tenant in ("acme", "other", "acme"):
            rows = transaction.execute("SELECT tenant FROM item WHERE :tenant <> ''", {"tenant": tenant})
            seen.append({row["tenant"] for row in rows})
        for mark in (of_all, to_deliver):
            seen.append({row["tenant"] for row in transaction.execute(mark("SELECT tenant FROM item"))})

    await database.write(both)
    nobody = "SELECT * FROM device WHERE tenant = :tenant"
    assert await database.read(lambda t: t.execute(nobody, {"tenant": ""})) == [], "none, and no error"
    assert seen == [{"acme"}, {"other"}, {"acme"}, {"acme", "other"}, {"acme", "other"}]
    moving = "UPDATE item SET tenant = 'other' WHERE tenant = :tenant"
    with pytest.raises(StoreError, match="row-level security"):
        await database.write(lambda t: t.execute(moving, {"tenant": "acme"}))
    with pytest.raises(StoreError, match="permission denied"):
        await database.read(lambda t: t.execute(to_deliver("SELECT reverse_path FROM item")))
    with pytest.raises(StoreError, match="permission denied"):
        await database.read(lambda t: t.execute(of_all("SELECT search FROM item")))
    assert {one.id for one in await store.find(Query("acme"))} == {"a"}
    await database.close()


@pytest.mark.system
def test_beyond_one_tenant_nobody_may_more_than_the_statements_need(shared: str) -> None:
    """Each statement runs with the rights of its role; and each right is one without which some statement does not."""
    texts: dict[str, list[str]] = {HOUSE: [], DELIVERY: []}
    for role, text in beyond_one_tenant():
        texts[role].append(text)
    with psycopg.connect(shared) as connection:
        for role, rights in ((HOUSE, HOUSE_MAY), (DELIVERY, DELIVERY_MAY)):
            assert all(runs(connection, role, text) for text in texts[role])
            for table, some in rights.items():
                asks = [text for text in texts[role] if f" {table}" in text]
                for right, columns in some.items():
                    for column in columns or ("",):
                        chosen = f"({column})" if column else ""
                        connection.execute("SAVEPOINT whole")
                        connection.execute(f"REVOKE {right} {chosen} ON {table} FROM {role}".encode())
                        needed = not all(runs(connection, role, text) for text in asks)
                        connection.execute("ROLLBACK TO whole")
                        assert needed, f"{role}: {right} {chosen} ON {table}"
        connection.rollback()


def runs(connection: "psycopg.Connection[Any]", role: str, text: str) -> bool:
    connection.execute("SAVEPOINT one")
    connection.execute(f"SET LOCAL ROLE {role}".encode())
    try:
        connection.execute(text.encode())
    except psycopg.errors.InsufficientPrivilege:
        connection.execute("ROLLBACK TO one")
        return False
    connection.execute("ROLLBACK TO one")
    return True


@pytest.mark.system
def test_an_owner_who_may_make_no_roles_is_told_what_to_ask_for(server: Cluster) -> None:
    """No border without them, and everything works; an owner that is no superuser is behind it as well."""
    make(server, OWNER)
    with psycopg.connect(server.url("postgres"), autocommit=True) as administrator:
        administrator.execute(f"REVOKE {', '.join(ROLES)} FROM {OWNER}".encode())
    empty = server.create()
    with psycopg.connect(empty, autocommit=True) as administrator:
        administrator.execute(f"ALTER DATABASE {empty.rpartition('/')[2]} OWNER TO {OWNER}".encode())
    chosen = dialect(as_role(empty, OWNER))
    prepare(chosen)
    connection = chosen.schema()
    transaction = connection.begin()
    assert not has_border(transaction)
    lacks = lacking(transaction)
    assert (lacks.in_the_way, lacks.login) == (True, OWNER)
    connection.rollback()
    with psycopg.connect(empty, autocommit=True) as administrator:
        for statement in lacks.statements:
            administrator.execute(statement.encode())
    transaction = connection.begin()
    assert not lacking(transaction).in_the_way
    assert set(secure(transaction)) == set(OWNERS) - set(WITHOUT)
    connection.commit()
    connection.close()
    add = "INSERT INTO said_last (tenant, what, at) VALUES ('acme', 'x', 1)"
    with psycopg.connect(empty, autocommit=True) as administrator:
        administrator.execute(add)
    with psycopg.connect(as_role(empty, OWNER), autocommit=True) as owner:
        assert owner.execute("SELECT COUNT(*) FROM said_last").fetchone() == (0,), "FORCE"
    moved = Migration(9999, "9999_x.sql", ("UPDATE said_last SET at = 2",))
    connection = chosen.schema()
    migrate(connection.begin(), [*shipped(), moved])
    connection.commit()
    connection.close()
    with psycopg.connect(empty) as administrator:
        assert administrator.execute("SELECT at FROM said_last").fetchone() == (2.0,), "a migration means all"


@pytest.mark.system
async def test_a_node_whose_login_owns_nothing_works_and_changes_no_table(
    server: Cluster, tmp_path: Path
) -> None:
    make(server, NODE, "NOINHERIT")
    url = server.current()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"GRANT {', '.join(ROLES)} TO {NODE}".encode())
    database = open_database(as_role(url, NODE))
    store = Store(database, Spool(tmp_path / "spool"), "node1")
    await store.put([item(id="a", tenant="acme"), item(id="b", tenant="other")], 1.0, "test")
    assert {one.id for one in await store.lease(5.0, 10, 60.0)} == {"a", "b"}
    await database.close()
    chosen = dialect(as_role(url, NODE)).schema()
    with pytest.raises(OlderSchema, match="sekisho database secure"):
        migrate(chosen.begin(), [*shipped(), Migration(9999, "9999_x.sql", ())])
    chosen.rollback()
    chosen.close()


@pytest.mark.system
def test_a_table_that_comes_later_is_behind_the_border_from_its_migration_on(server: Cluster) -> None:
    url = server.current()
    connection = Postgres(url).schema()
    transaction = connection.begin()
    assert is_whole(transaction)
    transaction.execute("CREATE TABLE later (tenant TEXT NOT NULL)")
    assert not is_whole(transaction)
    connection.commit()
    connection.close()
    prepare(dialect(url))
    with psycopg.connect(url) as connection:
        assert "later" in {name for (name,) in connection.execute(_FORCED)}


@pytest.mark.system
def test_a_program_that_does_not_know_of_the_border_does_not_start_behind_it(shared: str) -> None:
    """It would see no rows. To such a program the note is a file of a generation after its own."""
    assert BORDER.oldest > 1
    connection = Postgres(shared).schema()
    transaction = connection.begin()
    number = {"number": BORDER.number, "to": 225}
    transaction.execute("UPDATE schema_version SET number = :to WHERE number = :number", number)
    transaction.execute("UPDATE schema_beside SET number = :to WHERE number = :number", number)
    with pytest.raises(NewerSchema, match="0224_border"):
        migrate(transaction, shipped())
    connection.rollback()
    connection.close()
