"""A database bound to one tenant refuses what is not that tenant's, before any database sees it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.tenant import EVERY
from quarantine.store import Missing, Query, Store
from storage.border import of_all, to_deliver
from storage.bound import AnotherTenants, bound
from storage.database import open_database
from storage.interfaces import Database, Transaction
from storage.spool import Spool
from tests.quarantine.items import item
from tests.services import databases

_OWN = "SELECT tenant FROM item WHERE tenant = :tenant"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(databases.sqlite(tmp_path / "db"))
    store = Store(opened, Spool(tmp_path / "spool"), "node1")
    await store.put([item(id="a", tenant="acme"), item(id="b", tenant="other")], 1.0, "test")
    yield opened
    await opened.close()


async def test_what_names_its_tenant_is_run(database: Database) -> None:
    mine = bound(database, "acme")
    assert await mine.read(lambda t: t.execute(_OWN, {"tenant": "acme"})) == [{"tenant": "acme"}]
    forget = "DELETE FROM recipient WHERE tenant = :tenant"

    def change(transaction: Transaction) -> int:
        transaction.executemany("UPDATE item SET search = '' WHERE tenant = :tenant", [{"tenant": "acme"}])
        transaction.execute(forget, {"tenant": "acme"})
        return transaction.changed()

    assert await mine.write(change) > 0


@pytest.mark.parametrize(
    ("statement", "tenant"),
    [
        (_OWN, "other"),
        (_OWN, EVERY),
        ("SELECT tenant FROM item WHERE (:tenant = '' OR tenant = :tenant)", EVERY),
        ("SELECT tenant FROM item", "acme"),
        (of_all("SELECT tenant FROM item"), "acme"),
        (to_deliver("SELECT tenant FROM item WHERE tenant = :tenant"), "acme"),
    ],
)
async def test_any_other_is_refused(database: Database, statement: str, tenant: str) -> None:
    mine = bound(database, "acme")
    with pytest.raises(AnotherTenants):
        await mine.read(lambda t: t.execute(statement, {"tenant": tenant}))
    with pytest.raises(AnotherTenants):
        await mine.write(lambda t: t.executemany(statement, [{"tenant": "acme"}, {"tenant": tenant}]))
    with pytest.raises(AnotherTenants):
        await mine.write(lambda t: t.at_end("x", lambda end: end.execute(statement, {"tenant": tenant})))
    with pytest.raises(AnotherTenants):
        await mine.write(lambda t: t.lock_schema())


async def test_one_that_is_refused_leaves_no_trace(database: Database) -> None:
    def partly(transaction: Transaction) -> None:
        transaction.execute("UPDATE item SET owner = 'x' WHERE tenant = :tenant", {"tenant": "acme"})
        transaction.execute(_OWN, {"tenant": "other"})

    with pytest.raises(AnotherTenants):
        await bound(database, "acme").write(partly)
    rows = await database.read(lambda t: t.execute("SELECT owner FROM item WHERE owner = 'x'"))
    assert rows == []


async def test_who_asks_for_all_has_the_database_itself(database: Database, tmp_path: Path) -> None:
    assert bound(database, EVERY) is database
    store = Store(database, Spool(tmp_path / "spool"), "node1")
    assert {one.id for one in await store.find(Query(EVERY))} == {"a", "b"}
    assert {one.id for one in await store.find(Query("acme"))} == {"a"}
    with pytest.raises(Missing):
        await store.get("b", "acme")
    await bound(database, "acme").close()
    assert len(await store.find(Query(EVERY))) == 2, "it is not closed for others"
