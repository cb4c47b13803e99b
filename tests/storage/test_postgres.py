"""What is particular to PostgreSQL: parameters, and a server that stops."""

import asyncio
import select
import socket
import threading
from collections.abc import Iterator

import psycopg
import pytest

from storage.database import open_database
from storage.interfaces import StoreError
from storage.postgres import Postgres, translated
from storage.writer import Undecided
from tests.services.databases import ByHand
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
    await database.write(lambda t: ByHand(t).create("x", "id INTEGER"))
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
    await database.write(lambda t: ByHand(t).create("x", "id INTEGER"))
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


class Between:
    """Stands between a client and a server, and counts how often the client asks anew after an answer."""

    def __init__(self, port: int) -> None:
        self.turns = 0
        self._asking = False
        self._server = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        client, _ = self._listening.accept()
        with client, socket.create_connection(("127.0.0.1", self._server)) as server:
            while True:
                for ready in select.select([client, server], [], [])[0]:
                    if not (data := ready.recv(65536)):
                        return
                    self.turns += ready is client and not self._asking
                    self._asking = ready is client
                    (server if ready is client else client).sendall(data)


@pytest.mark.system
@pytest.mark.parametrize("bound", [False, True], ids=["alone", "behind the border"])
def test_a_transaction_waits_for_the_server_as_seldom_as_it_can(own_cluster: Cluster, bound: bool) -> None:
    between = Between(own_cluster.port)
    direct = own_cluster.current() if bound else own_cluster.create()
    with psycopg.connect(direct, autocommit=True) as other:
        other.execute("CREATE TABLE x (id INTEGER)")
        other.execute("GRANT ALL ON x TO PUBLIC")
    url = direct.replace(f":{own_cluster.port}/", f":{between.port}/")
    connection = Postgres(url).connect(readonly=False)
    assert (connection._border is not None) == bound
    for _ in range(4):  # statements are prepared at the second time
        connection.begin().executemany("DELETE FROM x WHERE id = :id", [{"id": 0}])
        connection.commit()
    before = between.turns
    transaction = connection.begin()
    assert transaction.execute("SELECT id FROM x FOR UPDATE") == []
    transaction.executemany("INSERT INTO x VALUES (:id)", [{"id": n} for n in range(5)])
    transaction.at_end("last", lambda t: t.execute("UPDATE x SET id = id + 1"))
    connection.commit()
    assert between.turns - before == 2, "for the rows that it looks at, and at the end"
    before = between.turns
    assert connection.begin().execute("SELECT SUM(id) AS sum FROM x") == [{"sum": 15}]
    connection.rollback()
    assert between.turns - before == 2
    connection.close()


@pytest.mark.system
@pytest.mark.parametrize("heard", [False, True])
def test_a_statement_that_fails_late_leaves_nothing_behind_and_it_is_known(
    own_cluster: Cluster, heard: bool
) -> None:
    """Also when the answer is there before we commit: the driver tells it then."""
    connection = Postgres(own_cluster.create()).connect(readonly=False)
    connection.begin().execute("CREATE TABLE x (id INTEGER PRIMARY KEY)")
    connection.commit()
    transaction = connection.begin()
    for number in (1, 2, 1):
        transaction.execute("INSERT INTO x VALUES (:id)", {"id": number})
    if heard:
        inner = connection._connection
        inner.pgconn.flush()
        assert select.select([inner], [], [], 60)[0]
    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.commit()
    connection.rollback()
    assert connection.begin().execute("SELECT * FROM x") == []
    connection.rollback()
    connection.close()


@pytest.mark.system
def test_a_server_that_goes_while_it_commits_leaves_it_open_whether_it_did(own_cluster: Cluster) -> None:
    connection = Postgres(own_cluster.create()).connect(readonly=False)
    transaction = connection.begin()
    transaction.execute("SELECT 1 AS one")
    own_cluster.stop()
    try:
        with pytest.raises(Undecided):
            connection.commit()
        assert connection.lost
    finally:
        own_cluster.start()
        connection.close()
