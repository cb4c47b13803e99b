"""Allow and block lists: what an entry needs, whom it is for, when it ends."""

import pytest

from directory.account import Account
from directory.listings import AGE, LONGEST, Listings, prolong, withdraw
from directory.people import People
from storage.interfaces import Database

DAY = 86_400.0


@pytest.fixture
def now() -> list[float]:
    return [1_000_000.0]


@pytest.fixture
def listings(database: Database, now: list[float]) -> Listings:
    return Listings(database, lambda: now[0])


async def test_an_entry_is_found_until_it_ends(listings: Listings, now: list[float]) -> None:
    made = await listings.add(
        "default",
        list="block",
        kind="domain",
        subject="@Evil.Example",
        owner="admin",
        reason="報告",
        expires_at=now[0] + DAY,
    )
    assert made.subject == "evil.example"
    (found,) = await listings.find("default", ["x@mail.evil.example"])
    assert (found.list, found.subject, found.people) == ("block", "evil.example", ())
    assert await listings.find("default", ["x@notevil.example"], hosts=["evil.example"]) == ()
    now[0] += DAY + AGE
    assert await listings.find("default", ["x@mail.evil.example"]) == ()
    assert await listings.all("default") == []


async def test_an_entry_of_one_person_carries_the_addresses(
    database: Database, listings: Listings, now: list[float]
) -> None:
    people = People(database)
    await people.save(Account("taro", addresses=("taro@us.example", "t@us.example")), now[0])
    await listings.add(
        "default",
        list="allow",
        kind="address",
        subject="a@x.example",
        owner="taro",
        reason="",
        expires_at=now[0] + DAY,
        person="taro",
    )
    (found,) = await listings.find("default", ["A@x.example"])
    assert set(found.people) == {"taro@us.example", "t@us.example"}
    people.close()


async def test_the_later_decision_replaces_the_earlier(listings: Listings, now: list[float]) -> None:
    for name in ("allow", "block"):
        await listings.add(
            "default",
            list=name,
            kind="host",
            subject="h.example",
            owner="admin",
            reason="",
            expires_at=now[0] + DAY,
        )
    (found,) = await listings.find("default", hosts=["www.h.example"])
    assert found.list == "block"
    (entry,) = await listings.all("default")
    assert await listings.remove("default", entry.id, person="taro") is None, "it is not Taro's"
    assert await listings.remove("default", entry.id) == entry
    assert await listings.find("default", hosts=["www.h.example"]) == ()


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("address", "nobody"),
        ("domain", "a@b.example"),
        ("domain", "com"),
        ("host", "a b"),
        ("file", "xyz"),
        ("x", "a.example"),
    ],
)
async def test_what_is_no_subject_is_refused(
    listings: Listings, now: list[float], kind: str, subject: str
) -> None:
    with pytest.raises(ValueError, match="no "):
        await listings.add(
            "default",
            list="block",
            kind=kind,
            subject=subject,
            owner="admin",
            reason="",
            expires_at=now[0] + DAY,
        )


async def test_every_entry_has_an_owner_and_an_end_within_a_year(
    listings: Listings, now: list[float]
) -> None:
    for owner, expires_at in (("", now[0] + DAY), ("admin", now[0]), ("admin", now[0] + LONGEST + 1)):
        with pytest.raises(ValueError, match="owner"):
            await listings.add(
                "default",
                list="block",
                kind="domain",
                subject="x.example",
                owner=owner,
                reason="",
                expires_at=expires_at,
            )


async def test_tenants_have_lists_of_their_own(listings: Listings) -> None:
    values = {"list": "block", "kind": "domain", "subject": "evil.example", "owner": "kanri", "reason": "x"}
    made = await listings.add("default", **values, expires_at=1_000_000.0 + DAY)  # type: ignore[arg-type]
    assert await listings.find("other", ["a@evil.example"]) == ()
    assert await listings.all("other") == []
    assert await listings.remove("other", made.id) is None
    theirs = await listings.add("other", **values, expires_at=1_000_000.0 + DAY)  # type: ignore[arg-type]
    assert [d.id for d in await listings.all("default")] == [made.id], "nothing was replaced"
    assert [d.id for d in await listings.all("other")] == [theirs.id]


async def test_a_lists_entries_are_taken_out_and_end_later(
    listings: Listings, database: Database, now: list[float]
) -> None:
    made = [
        await listings.add(
            tenant, list="block", kind="host", subject=host, owner="feed:x", reason="", expires_at=now[0] + DAY, alert=True
        )
        for tenant, host in (("default", "a.example"), ("default", "b.example"), ("other", "a.example"))
    ]  # fmt: skip
    ids = [entry.id for entry in made]
    await database.write(lambda t: prolong(t, "default", ids[1:], now[0] + 9 * DAY))
    await database.write(lambda t: withdraw(t, "default", [ids[0], ids[2]]))
    listings.forget()
    (left,) = await listings.all("default")
    assert (left.id, left.expires_at, left.alert) == (ids[1], now[0] + 9 * DAY, 1)
    (others,) = await listings.all("other")
    assert others.expires_at == now[0] + DAY, "nothing of another tenant is touched"
