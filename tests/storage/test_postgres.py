"""What is particular to PostgreSQL: parameters, and a server that stops."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest

from storage.database import open_database
from storage.interfaces import StoreError
from storage.postgres import Postgres, translated
from tests.services.postgres import Cluster, cluster


@pytest.mark.parametrize(
    ("sql", "text", "rows"),
    [
        ("SELECT :a", "SELECT %(a)s", True),
        ("INSERT INTO t VALUES (:a, ':b', '%', 'it''s :c')", "INSERT INTO t VALUES (%(a)s, ':b', '%%', 'it''s :c')", False),
        ("UPDATE t SET a = a % 2 RETURNING a::text", "UPDATE t SET a = a %% 2 RETURNING a::text", True),
        ("INSERT INTO t (returning_address) VALUES (:x1)", "INSERT INTO t (returning_address) VALUES (%(x1)s)", False),
    ],
)  # fmt: skip
def test_parameters_are_translated_and_literals_are_not(sql: str, text: str, rows: bool) -> None:
    assert translated(sql) == (text.encode(), rows)


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.mark.system
async def test_a_server_that_stops_is_a_store_error_and_then_it_recovers(own_cluster: Cluster) -> None:
    database = open_database(own_cluster.create())
    await database.write(lambda t: t.execute("CREATE TABLE x (id INTEGER)"))
    await database.read(lambda t: t.execute("SELECT * FROM x"))
    await asyncio.to_thread(own_cluster.stop)
    add = "INSERT INTO x VALUES (1)"
    waiting = [database.write(lambda t: t.execute(add)) for _ in range(300)]
    done = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 20)
    assert all(isinstance(d, StoreError) for d in done)
    with pytest.raises(StoreError):
        await database.read(lambda t: t.execute("SELECT * FROM x"))
    await asyncio.to_thread(own_cluster.start)
    await database.write(lambda t: t.execute(add))
    assert len(await database.read(lambda t: t.execute("SELECT * FROM x"))) == 1
    await database.close()


@pytest.mark.system
async def test_a_connection_that_died_while_idle_is_not_noticed(own_cluster: Cluster) -> None:
    database = open_database(own_cluster.create())
    await database.write(lambda t: t.execute("CREATE TABLE x (id INTEGER)"))
    await database.read(lambda t: t.execute("SELECT * FROM x"))
    await asyncio.to_thread(own_cluster.stop)
    await asyncio.to_thread(own_cluster.start)
    await database.write(lambda t: t.execute("INSERT INTO x VALUES (1)"))
    assert len(await database.read(lambda t: t.execute("SELECT * FROM x"))) == 1
    await database.close()


@pytest.mark.system
async def test_what_a_paused_process_has_locked_becomes_free(own_cluster: Cluster) -> None:
    """The server ends a transaction that idles, but it did not know that ours did: rows stayed locked for ever."""
    url = own_cluster.create()
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("CREATE TABLE x AS SELECT 1 AS id")
        connection = Postgres(url).connect(readonly=False)
        transaction = connection.begin()
        assert len(transaction.execute("SELECT * FROM x FOR UPDATE SKIP LOCKED")) == 1
        pid = connection._connection.info.backend_pid
        row = other.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", (pid,)).fetchone()
        assert row == ("idle in transaction",)
        connection.rollback()
        connection.close()
