"""Delegations: in force from their first to their last moment, for those who are there, and told once."""

from pathlib import Path

import msgspec
import pytest

from directory.account import Account
from directory.delegations import ENDED, Action, Delegation, Delegations, mandates_of, told
from directory.people import People
from storage.database import open_database
from storage.interfaces import Database
from tests.services import databases

ANN = Account("ann", {"en": "Ann"}, ("ann@example.jp",), send_as=("sales_1@example.jp",))
BOB = Account("bob", {"en": "Bob"}, ("bob@example.jp",))
CHO = Account("cho", {"en": "Cho"}, ("cho@example.jp",), disabled=True)
ELSE = Account("eve", {"en": "Eve"}, ("eve@other.example",), tenant="other")


class Here:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = 100.0
        self.table = Delegations(database, lambda: self.now)
        self.people = People(database)

    async def add(self, **changes: object) -> Delegation:
        said: dict[str, object] = {
            "place": "ann", "delegate": "bob", "actions": ["approve"], "starts_at": 200.0, "ends_at": 300.0,
            "reason": "leave", "by": "ann", "also": lambda t, d: None,
        }  # fmt: skip
        return await self.table.add("default", **{**said, **changes})  # type: ignore[arg-type]


@pytest.fixture
async def here(tmp_path: Path) -> object:
    database = open_database(databases.sqlite(tmp_path / "d.db"))
    found = Here(database)
    for account in (ANN, BOB, CHO, ELSE):
        await found.people.save(account, 1.0)
    yield found
    found.people.close()
    await database.close()


async def test_it_begins_and_ends_by_itself(here: Here) -> None:
    made = await here.add()
    assert await here.table.all("default") == [made]
    for now, there in ((199.9, False), (200.0, True), (299.9, True), (300.0, False)):
        here.now = now
        found = await here.table.mandates(BOB)
        assert bool(found) is there, now
        assert bool(mandates_of([made], {"ann": ANN}, "bob", now)) is there
        if found:
            assert (found[0].account, found[0].actions) == (ANN, {Action.APPROVE})
    assert await here.table.mandates(ANN) == await here.table.mandates(ELSE) == ()
    assert await here.table.all("default") == []


async def test_a_person_or_a_shared_mailbox_by_any_name(here: Here) -> None:
    assert (await here.add(place="Ann@Example.jp", delegate="BOB@example.jp")).person == "ann"
    shared = await here.add(place="sales_1@example.jp", actions=["send", "read"])
    assert (shared.person, shared.mailbox) == ("", "sales_1@example.jp")
    here.now = 250.0
    assert {m.mailbox for m in await here.table.mandates(BOB)} == {"", "sales_1@example.jp"}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"delegate": "nobody"}, "delegation_delegate"),
        ({"delegate": "cho"}, "delegation_delegate"),
        ({"delegate": "eve"}, "delegation_delegate"),
        ({"delegate": "ann"}, "delegation_self"),
        ({"place": "cho"}, "delegation_place"),
        ({"place": "salesX1@example.jp"}, "delegation_place"),
        ({"place": "sales_1@example.jp"}, "delegation_mailbox"),
        ({"actions": []}, "delegation_actions"),
        ({"actions": ["release"]}, "delegation_actions"),
        ({"ends_at": 150.0}, "delegation_dates"),
        ({"starts_at": 10.0, "ends_at": 50.0}, "delegation_dates"),
        ({"ends_at": 200.0 + 367 * 86_400}, "delegation_dates"),
        ({"reason": " "}, "reason_needed"),
    ],
)
async def test_what_makes_no_sense(here: Here, changes: dict[str, object], key: str) -> None:
    with pytest.raises(ValueError, match=f"^{key}$"):
        await here.add(**changes)
    assert await here.table.all("default") == []


async def test_whoever_is_disabled_lets_nobody_act(here: Here) -> None:
    made = await here.add()
    here.now = 250.0
    await here.people.save(msgspec.structs.replace(ANN, disabled=True), 2.0)
    assert await here.table.mandates(BOB) == ()
    gone = msgspec.structs.replace(ANN, disabled=True)
    assert mandates_of([made], {"ann": gone}, "bob", 250.0) == mandates_of([made], {}, "bob", 250.0) == ()


async def test_what_is_made_and_what_is_ended_is_told_once(here: Here) -> None:
    made = await here.add()
    assert await here.table.news(10) == [made]
    assert await here.database.write(lambda t: told(t, made))
    assert not await here.database.write(lambda t: told(t, made)), "by one of us"
    assert await here.table.news(10) == []
    here.now = 250.0
    assert await here.table.end("other", made.id, "eve", also=lambda t, d: None) is None
    ended = await here.table.end("default", made.id, "ann", also=lambda t, d: None)
    assert ended is not None
    assert (ended.state, ended.ended_by) == (ENDED, "ann")
    assert await here.table.mandates(BOB) == ()
    assert await here.table.end("default", made.id, "ann", also=lambda t, d: None) is None
    assert await here.table.news(10) == [ended]
    assert await here.database.write(lambda t: told(t, ended))
    assert await here.table.news(10) == []


async def test_what_is_over_is_forgotten_when_it_was_told(here: Here) -> None:
    made = await here.add()
    await here.database.write(lambda t: told(t, made))
    here.now = 400.0
    await here.add(starts_at=400.0, ends_at=500.0)
    rows = await here.database.read(lambda t: t.execute("SELECT * FROM delegation"))
    assert len(rows) == 1
