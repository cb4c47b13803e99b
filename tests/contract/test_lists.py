"""Lists: what a query means is decided by the store, for every item, and a list is read on from place to place."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.approval import DEPARTMENT_HEAD
from config.consequence import UNTIL_RELEASED
from directory.account import Account, Role
from directory.delegations import Action, Mandate
from directory.people import People
from filters.examined import DISARMED
from quarantine.item import Agreed, Item, State
from quarantine.rights import Ties, Verb, asked, grants, verbs
from quarantine.service.mails import approvers
from quarantine.store import Place, Query, Store
from quarantine.waits.asking import Approver, Places
from storage.interfaces import Database
from storage.spool import Spool
from tests.quarantine.items import item

PEOPLE = (
    Account("ann", {"en": "Ann"}, ("ann@example.co.jp",), department="sales", manager="cho"),
    Account("bob", {"en": "Bob"}, ("bob@example.co.jp",), department="sales", head_of=("sales", "stores")),
    Account("cho", {"en": "Cho"}, ("cho@example.co.jp",), department="stores", roles=(Role.PRESIDENT,)),
    Account("dan", {"en": "Dan"}, ("dan@example.co.jp",), head_of=("sales",), roles=(Role.PRESIDENT, Role.ADMINISTRATOR)),
    Account("eve", {"en": "Eve"}, ("eve@other.example",), department="sales", head_of=("sales",), tenant="other"),
)  # fmt: skip


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "spool")
    opened = Store(database, spool, "node1")
    people = People(database)
    for account in PEOPLE:
        await people.save(account, 1.0, source="test")
    yield opened
    await spool.close()


def some_item(rng: random.Random, number: int) -> Item:
    approvals = rng.choice(
        [
            (),
            (),
            (DEPARTMENT_HEAD,),
            ("president",),
            (DEPARTMENT_HEAD, "president"),
            ("operator",),
            ("manager",),
            ("2 of president, then department_head",),
            ("person dan",),
            ("president, then person ann", "manager"),
        ]
    )
    return item(
        rng.choice(["x@partner.example", "bob@example.co.jp"]),
        id=f"i{number:05d}",
        mail_id=f"i{number:05d}",
        accepted_at=float(rng.randint(1, 40)),  # many at the same moment
        owner=rng.choice(["ann", "bob", "cho", "dan", "nobody", ""]),
        direction=rng.choice(["outbound", "inbound"]),
        approvals=approvals,
        agreed=(Agreed(rng.choice(["ann", "cho", "dan"]), "x", rng.choice(["", "bob"])),)
        if rng.random() < 0.2
        else (),
        excluded=rng.choice([(), (), (), ("dan",)]),
        holds=rng.choice([(), ("virus",), (DISARMED,), (DISARMED, "virus")]),
        delay=rng.choice([0, 300, UNTIL_RELEASED]),
        tenant=rng.choice(["default", "default", "other"]),
    )


async def filled(store: Store, count: int) -> list[Item]:
    rng = random.Random(9)
    items = [some_item(rng, n) for n in range(count)]
    taken: list[Item] = []
    for at in range(0, count, 50):  # a write has eight seconds, also on a machine that has no time for us
        taken += await store.put(items[at : at + 50], 50.0, "x")
    return taken


def mandated(account: Account) -> tuple[Mandate, ...]:
    """Everybody may speak for the one before them, and look after that one's mail."""
    there = [a for a in PEOPLE if a.tenant == account.tenant]
    other = there[there.index(account) - 1]
    shared = Mandate(frozenset({Action.SEND}), mailbox="sender@example.jp")
    return (Mandate(frozenset({Action.APPROVE, Action.READ}), other), shared)


def approver(account: Account) -> Approver:
    return approvers(account, ())[0]


async def all_of(store: Store, query: Query, size: int) -> list[Item]:
    """A list, page by page."""
    found: list[Item] = []
    after = None
    while True:
        page = await store.find(
            Query(
                **{**{f: getattr(query, f) for f in query.__struct_fields__}, "limit": size, "after": after}
            )
        )
        found += page
        if len(page) < size:
            return found
        after = Place(page[-1].accepted_at, page[-1].id)


@pytest.mark.parametrize("order", ["newest", "oldest"])
async def test_a_list_read_page_by_page_is_whole_and_has_nothing_twice(store: Store, order: str) -> None:
    items = await filled(store, 150)
    found = await all_of(store, Query(tenant="default", order=order), 7)
    expected = sorted(
        (i for i in items if i.tenant == "default"),
        key=lambda i: (i.accepted_at, i.id),
        reverse=order == "newest",
    )
    assert [i.id for i in found] == [i.id for i in expected]


async def test_who_is_asked_is_the_same_for_the_store_and_for_the_rights(store: Store) -> None:
    items = await filled(store, 400)
    owners = {(a.tenant, a.login): a for a in PEOPLE}
    counted = more = 0
    for account in PEOPLE:
        query = Query(tenant=account.tenant, asks=(approver(account),))
        by_mandate = Query(tenant=account.tenant, asks=approvers(account, mandated(account)))
        spoken = {
            i.id for i in items
            if i.state is State.HELD and asked(account, i, owners.get((i.tenant, i.owner)), Ties(mandated(account)))
        }  # fmt: skip
        assert {i.id for i in await all_of(store, by_mandate, 11)} == spoken, account.login
        more += len(spoken)
        expected = {
            i.id for i in items
            if i.state is State.HELD and Verb.APPROVE in verbs(account, i, owners.get((i.tenant, i.owner)))
        }  # fmt: skip
        assert {i.id for i in await all_of(store, query, 11)} == expected, account.login
        assert await store.count(query) == len(expected)
        counted += len(expected)
    assert counted > 50
    assert more > counted


async def test_what_somebody_looks_after_is_the_same_for_the_store_and_for_the_rights(store: Store) -> None:
    items = await filled(store, 200)
    for account in PEOPLE:
        given = mandated(account)
        places = Places(tuple(m.account.login for m in given if m.account), ("sender@example.jp",))
        query = Query(tenant=account.tenant, placed=places, direction="outbound")
        expected = {
            i.id for i in items
            if i.tenant == account.tenant and any(g.duty == "deputy" and g.action is not Action.APPROVE
                                                  for g in grants(account, i, None, Ties(given)))
        }  # fmt: skip
        assert {i.id for i in await all_of(store, query, 11)} == expected, account.login


async def test_what_an_administrator_has_to_decide(store: Store) -> None:
    items = await filled(store, 400)
    expected = {
        i.id for i in items
        if i.tenant == "default" and i.state is State.HELD and i.holds != (DISARMED,)
        and (i.holds or (i.delay >= UNTIL_RELEASED and not i.approvals))
    }  # fmt: skip
    query = Query(tenant="default", review=True)
    assert {i.id for i in await all_of(store, query, 50)} == expected
    assert await store.count(query) == len(expected) > 50
