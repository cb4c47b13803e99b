"""Superiors by address: heads of the department, and the manager."""

from pathlib import Path

from directory.account import Account
from directory.people import People
from directory.superiors import AGE, Superiors
from filters.facts import Person
from storage.database import open_database

PEOPLE = (
    Account("taro", addresses=("taro@a.example",), department="sales", manager="chief"),
    Account("head", addresses=("head@a.example",), department="sales", head_of=("sales",)),
    Account("chief", addresses=("chief@a.example",)),
    Account("gone", addresses=("gone@a.example",), head_of=("sales",), disabled=True),
    Account("law", addresses=("law@a.example",), head_of=("law",)),
)


async def test_heads_and_the_manager(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'db'}")
    people, now = People(database), [0.0]
    for account in PEOPLE:
        await people.save(account, 1.0)
    superiors = Superiors(database, lambda: now[0])
    taro = Person("taro", department="sales", manager="chief")
    assert set(await superiors.of("default", taro)) == {"head@a.example", "chief@a.example"}
    assert await superiors.of("default", Person("head", department="sales")) == ()
    assert await superiors.of("default", Person("x")) == await superiors.of("other", taro) == ()
    await people.save(Account("head", disabled=True), 2.0)
    assert "head@a.example" in await superiors.of("default", taro)
    now[0] += AGE + 1
    assert await superiors.of("default", taro) == ("chief@a.example",)
    people.close()
    await database.close()
