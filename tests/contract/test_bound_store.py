"""What the system does to one tenant's mail cannot reach another's, on every database (docs/adr/0027)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from directory.account import Account
from directory.people import People
from quarantine.item import Entry, Item, NotAllowed, Outcome, State, Status
from quarantine.reported.sightings import Sightings
from quarantine.store import Store
from storage import journal
from storage.bound import AnotherTenants, apart, within
from storage.interfaces import Database, Transaction
from storage.spool import Spool
from tests.contract.test_sightings import SENDER, TARO, passed
from tests.quarantine.items import item

NOW = 1000.0
DELIVERED = (Outcome(0, Status.DELIVERED, "250 OK"), Outcome(1, Status.DELIVERED, "250 OK"))
_OWNED = "UPDATE item SET owner = :owner WHERE tenant = :tenant"


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "spool")
    yield Store(database, spool, "node1")
    await spool.close()
    for chain in await journal.chains(database):
        assert await journal.verify(database, chain) is None


async def leased(store: Store) -> dict[str, Item]:
    """One item of each of two tenants, by tenant."""
    await store.put([item(tenant="acme"), item(tenant="other")], NOW, "sender")
    return {each.tenant: each for each in await store.lease(NOW, 10, 60)}


async def told(store: Store, tenant: str) -> list[str]:
    return [entry.event for entry in await store.entries(tenant)]


def owning(tenant: str) -> Callable[[Transaction], None]:
    """A claim that writes into this tenant's rows."""

    def claim(transaction: Transaction) -> None:
        transaction.execute(_OWNED, {"owner": "x", "tenant": tenant})

    return claim


async def test_an_attempt_in_the_name_of_another_changes_nothing(store: Store) -> None:
    mine, theirs = (await leased(store)).values()
    with pytest.raises(NotAllowed):
        await store.finish(msgspec.structs.replace(mine, tenant="other"), DELIVERED, NOW + 1, None)
    with pytest.raises(NotAllowed):
        await store.finish(msgspec.structs.replace(mine, id=theirs.id), DELIVERED, NOW + 1, None)
    for each in (mine, theirs):
        assert (await store.get(each.id, each.tenant)).state is State.ACTIVE
        assert await told(store, each.tenant) == ["accept", "lease"]


async def test_what_an_attempt_brings_with_it_is_of_the_same_tenant(store: Store) -> None:
    mine, theirs = (await leased(store)).values()
    with pytest.raises(AnotherTenants):
        await store.finish(mine, DELIVERED, NOW + 1, None, [item(tenant="other", direction="dsn")])
    with pytest.raises(AnotherTenants):
        await store.finish(mine, DELIVERED, NOW + 1, None, claim=owning("other"))
    assert (await store.get(mine.id, "acme")).state is State.ACTIVE
    assert (await store.get(theirs.id, "other")).owner == "sender"
    done = await store.finish(
        mine, DELIVERED, NOW + 1, None, [item(tenant="acme", direction="dsn")], owning("acme")
    )
    assert done.state is State.DONE
    assert await told(store, "acme") == ["accept", "lease", "finish", "accept"]


async def test_each_is_leased_and_given_back_in_its_own_name_the_longest_waiting_first(store: Store) -> None:
    tenants = ["acme", "other", "acme", "third", "other"]
    made = [item(tenant=tenant) for tenant in tenants]
    for number, each in enumerate(made):
        await store.put([each], NOW + number, "sender")
    taken = await store.lease(NOW + 10, 10, 60)
    assert [each.id for each in taken] == [each.id for each in made]
    assert await store.give_back(taken[:3], NOW + 11) == 3
    assert await store.reclaim(NOW + 12) == 2
    for tenant in set(tenants):
        number = tenants.count(tenant)
        assert await told(store, tenant) == ["accept"] * number + ["lease"] * number + ["lapse"] * number


async def test_entries_of_several_stand_each_in_their_own_chain(store: Store) -> None:
    """Also when they are written in one group, with what makes their mail found again."""
    await asyncio.gather(
        *(
            store.record(passed(f"{tenant}{n}", TARO, at=NOW, tenant=tenant))
            for n in range(5)
            for tenant in ("acme", "other")
        )
    )
    await store.record(*(Entry(NOW, "login", "ann", tenant=tenant) for tenant in ("acme", "other", "acme")))
    found = Sightings(store)
    for tenant, logins in (("acme", 2), ("other", 1)):
        assert (await told(store, tenant)).count("login") == logins
        assert {mail.mail_id for mail in await found.find([SENDER], tenant)} == {
            f"{tenant}{n}" for n in range(5)
        }


async def test_a_person_is_written_in_the_name_of_their_tenant(database: Database) -> None:
    people = People(database)
    for tenant in ("acme", "other"):
        await people.save(Account("ann", tenant=tenant, addresses=("ann@us.example",)), NOW)
    await people.set_password("acme", "ann", "Correct-Horse-7-battery")
    assert [await people.has_password(tenant, "ann") for tenant in ("acme", "other")] == [True, False]
    people.close()


async def test_nobody_widens_what_is_bound(store: Store, database: Database) -> None:
    def asked(transaction: Transaction) -> None:
        mine = within(transaction, "acme")
        assert within(mine, "acme") is mine
        assert [len(theirs) for _, theirs in apart(mine, [item(tenant="acme"), item(tenant="acme")])] == [2]
        with pytest.raises(AnotherTenants):
            within(mine, "other")
        with pytest.raises(AnotherTenants):
            store.note(mine, [Entry(NOW, "login", "ann", tenant="other")])

    await database.read(asked)
