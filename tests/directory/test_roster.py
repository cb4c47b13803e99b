"""The directory's rows: each account with source and revision, superiors, and who is no longer there."""

import datetime
from pathlib import Path

import pytest

from config.policy import ConfigError
from directory import roster
from directory.account import Account, Role
from directory.delegations import Action, Delegations
from directory.people import SUPERIORS_AGE, People
from directory.roster import Revision
from filters.facts import Person
from storage.interfaces import Database

PEOPLE = (
    Account("taro", addresses=("taro@a.example",), department="sales", manager="chief"),
    Account("head", addresses=("head@a.example",), department="sales", head_of=("sales",)),
    Account("chief", addresses=("chief@a.example",)),
    Account("gone", addresses=("gone@a.example",), head_of=("sales",), disabled=True),
    Account("law", addresses=("law@a.example",), head_of=("law",)),
)
FILE = """
[[person]]
login = "hanako"
addresses = ["hanako@例え.example"]
[[person]]
login = "taro"
addresses = ["taro@a.example"]
"""


async def _revisions(people: People, tenant: str = "default") -> list[tuple[str, int]]:
    return [(each.source, each.revision) for each in await people.revisions(tenant)]


async def _recorded(people: People) -> dict[str, tuple[str, int, float]]:
    return {r.account.login: (r.source, r.revision, r.changed_at) for r in await people.recorded("default")}


async def test_heads_and_the_manager(database: Database) -> None:
    now = [0.0]
    people = People(database, clock=lambda: now[0])
    for account in PEOPLE:
        await people.save(account, 1.0)
    taro = Person("taro", department="sales", manager="chief")
    assert set(await people.superiors("default", taro)) == {"head@a.example", "chief@a.example"}
    assert await people.superiors("default", Person("head", department="sales")) == ()
    assert await people.superiors("default", Person("x")) == await people.superiors("other", taro) == ()
    await people.save(Account("head", disabled=True), 2.0)
    assert "head@a.example" in await people.superiors("default", taro)
    now[0] += SUPERIORS_AGE + 1
    assert await people.superiors("default", taro) == ("chief@a.example",)


async def test_a_source_has_a_revision_that_grows_with_what_it_changes(
    database: Database, tmp_path: Path
) -> None:
    people, file = People(database), tmp_path / "people.toml"
    file.write_text(FILE)
    await people.read_file(file, 10.0)
    await people.read_file(file, 20.0)  # says nothing new
    assert await people.revisions("default") == (Revision("file", 1, 10.0),)
    assert await _recorded(people) == {"hanako": ("file", 1, 10.0), "taro": ("file", 1, 10.0)}
    file.write_text(FILE.replace('login = "taro"', 'login = "taro"\ndepartment = "sales"'))
    await people.read_file(file, 30.0)
    assert await _recorded(people) == {"hanako": ("file", 1, 10.0), "taro": ("file", 2, 30.0)}
    file.write_text(FILE.partition('[[person]]\nlogin = "taro"')[0])
    await people.read_file(file, 40.0)
    assert await _recorded(people) == {"hanako": ("file", 1, 10.0), "taro": ("file", 3, 40.0)}
    await people.save(Account("jiro"), 50.0)
    assert await _revisions(people) == [("console", 1), ("file", 3)]
    assert await _revisions(people, "other") == []
    await people.save(Account("jiro", tenant="other"), 60.0)
    assert await _revisions(people) == [("console", 1), ("file", 3)]
    assert await _revisions(people, "other") == [("console", 1)]


async def test_who_cannot_be_written_makes_no_revision(database: Database) -> None:
    people = People(database)
    await people.save(Account("a", addresses=("a@a.example",)), 1.0)
    with pytest.raises(ConfigError):
        await people.save(Account("b", addresses=("a@a.example",)), 2.0)
    assert await people.revisions("default") == (Revision("console", 1, 1.0),)
    assert await people.account("default", "b") is None


async def test_an_address_is_one_in_japanese_and_as_labels(database: Database, tmp_path: Path) -> None:
    people, file = People(database), tmp_path / "people.toml"
    file.write_text(FILE)
    await people.read_file(file, 1.0)
    for written in ("hanako@例え.example", "Hanako@xn--r8jz45g.example", "hanako+x@xn--r8jz45g.example"):
        owner = await people.owner_of("default", written)
        assert owner is not None
        assert owner.addresses == ("hanako@xn--r8jz45g.example",)
    assert (await people.named("hanako@例え.example", "default")) is not None
    with pytest.raises(ConfigError, match="belongs to hanako"):
        await people.save(Account("b", addresses=("hanako@xn--r8jz45g.example",)), 2.0)


async def test_after_the_last_day_nobody_is_there(database: Database) -> None:
    day = ["2026-03-31"]
    people = People(database, today=lambda: day[0])
    leaver = Account(
        "leaver", addresses=("leaver@a.example",), head_of=("sales",), leaving=datetime.date(2026, 3, 31),
        roles=(Role.APPROVER,), send_as=("info@a.example",),
    )  # fmt: skip
    for account in (*PEOPLE[:1], leaver):
        await people.save(account, 1.0)
    table = Delegations(database, lambda: 100.0, lambda: day[0])
    for place, delegate in (("taro", "leaver"), ("leaver", "taro")):
        await table.add(
            "default", place=place, delegate=delegate, actions=[Action.APPROVE], starts_at=0.0, ends_at=900.0,
            reason="x", by="x", also=lambda transaction, made: None,
        )  # fmt: skip
    taro = await people.account("default", "taro")
    assert taro is not None
    assert (await people.account("default", "leaver")).disabled is False
    assert len(await table.mandates(taro)) == 1
    assert await people.superiors("default", taro.person) == ("leaver@a.example",)
    day[0] = "2026-04-01"
    assert (await people.account("default", "leaver")).disabled is True
    assert await table.mandates(taro) == ()
    assert await People(database, today=lambda: day[0]).person("default", "leaver") is None
    with pytest.raises(ValueError, match="delegation_delegate"):
        await table.add(
            "default", place="taro", delegate="leaver", actions=[Action.APPROVE], starts_at=0.0, ends_at=900.0,
            reason="x", by="x", also=lambda transaction, made: None,
        )  # fmt: skip
    assert await database.read(lambda t: roster.leading_in(t, "default", day[0])) == []
    assert not await database.read(lambda t: roster.shared_in(t, "default", "info@a.example", day[0]))
    assert await database.read(lambda t: roster.shared_in(t, "default", "info@a.example", "2026-03-31"))
