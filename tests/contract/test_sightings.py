"""Retro-search, on every database."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from filters.examined import Summary
from filters.finding import Finding
from mail.envelope import ForwardPath
from quarantine.item import Entry, Event, Item, Outcome, Recipient, Status
from quarantine.reported.fingerprints import Trait, journal_fields, trace
from quarantine.reported.sightings import Sighted, Sightings, rebuild
from quarantine.store import Store
from storage.interfaces import Database
from storage.spool import Spool
from tests.quarantine.items import OPERATOR, item
from tests.services.databases import ByHand

NOW = 1_000_000.0
TARO, HANAKO = "taro@example.co.jp", "hanako@example.co.jp"
BAD = Summary(
    "口座の確認 1",
    "bank@evil.example",
    "銀行",
    "<1@evil.example>",
    hosts=("login.evil.example",),
    files=("ab" * 32,),
)
SENDER = Trait("address", "bank@evil.example")


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "sightings-spool")
    yield Store(database, spool, "node1")
    await spool.close()


def passed(mail_id: str, *to: str, at: float = NOW, tenant: str = "default", summary: Summary = BAD) -> Entry:
    finding = Finding("numeric_link", "IN-LINK", weight=3, values={"host": "203.0.113.7"})
    detail = {
        "direction": "inbound",
        "from": "b@evil.example",
        "to": list(to),
        **journal_fields(summary, (finding,), True),
    }
    return Entry(at, "pass", "node1", "", mail_id, tenant, detail)


def kept(id: str, *to: str, **changes: object) -> Item:
    recipients = tuple(Recipient(ForwardPath(address)) for address in to)
    values = {
        "direction": "inbound",
        "owner": "",
        "summary": BAD,
        "holds": ("blocked",),
        "mail_id": id,
        "recipients": recipients,
    }
    return item(id=id, **{**values, **changes})


def shown(found: list[Sighted]) -> dict[str, dict[str, str]]:
    return {s.mail_id: {g.address: g.status for g in s.got} for s in found}


async def test_mails_are_found_by_each_of_their_traits(store: Store) -> None:
    other = msgspec.structs.replace(
        BAD, author="x@other.example", subject="hello", message_id="<2@x>", files=()
    )
    await store.record(passed("m1", TARO), passed("m2", HANAKO, at=NOW + 1, summary=other))
    await store.put([kept("m3", TARO)], NOW + 2, "192.0.2.1")
    sightings = Sightings(store)
    for trait, expected in {
        SENDER: ["m3", "m1"],
        Trait("domain", "other.example"): ["m2"],
        Trait("subject", "口座の確認 0"): ["m3", "m1"],
        Trait("host", "login.evil.example"): ["m3", "m2", "m1"],
        Trait("file", "ab" * 32): ["m3", "m1"],
        Trait("message_id", "<1@evil.example>"): ["m3", "m1"],
        Trait("host", "nowhere.example"): [],
        Trait("warned", HANAKO): ["m2"],
    }.items():
        assert [s.mail_id for s in await sightings.find([trait], "default")] == expected, trait
    assert await sightings.count(Trait("host", "login.evil.example"), "default") == 3
    found = await sightings.find([SENDER, Trait("domain", "other.example")], "default", since=NOW + 0.5)
    assert [s.mail_id for s in found] == ["m3", "m2"]
    assert [s.mail_id for s in await sightings.find([SENDER], "default", limit=1)] == ["m3"]


async def test_who_got_it_follows_the_items(store: Store) -> None:
    sightings = Sightings(store)
    await store.record(passed("m1", TARO))
    await store.put([kept("m2", TARO, HANAKO)], NOW, "192.0.2.1")
    assert shown(await sightings.find([SENDER], "default")) == {
        "m1": {TARO: "delivered"}, "m2": {TARO: "held", HANAKO: "held"},
    }  # fmt: skip
    (mail,) = [s for s in await sightings.find([SENDER], "default") if s.waiting]
    assert mail.waiting == ("m2",)
    await store.change("m2", Event.RELEASE, OPERATOR, NOW)
    assert shown(await sightings.find([SENDER], "default"))["m2"] == {TARO: "waiting", HANAKO: "waiting"}
    (leased,) = await store.lease(NOW + 1, 10, 60)
    outcomes = [Outcome(0, Status.DELIVERED, "250 ok"), Outcome(1, Status.FAILED, "550 no")]
    await store.finish(leased, outcomes, NOW + 2, None)
    assert shown(await sightings.find([SENDER], "default"))["m2"] == {TARO: "delivered", HANAKO: "failed"}


async def test_a_mail_that_was_only_partly_taken_in_line(store: Store) -> None:
    await store.put([kept("m12", HANAKO, holds=("undeliverable",), mail_id="m1")], NOW, "node1")
    await store.record(passed("m1", TARO, HANAKO))
    assert shown(await Sightings(store).find([SENDER], "default")) == {
        "m1": {TARO: "delivered", HANAKO: "held"}
    }


async def test_a_mail_tells_what_it_was_and_why_we_warned(store: Store) -> None:
    await store.record(passed("m1", "Taro+news@example.co.jp"))
    mail = await Sightings(store).mail("m1", "default")
    assert mail is not None
    assert (mail.summary.subject, mail.summary.author_name, mail.warned) == ("口座の確認 1", "銀行", True)
    assert [(f.rule, f.values) for f in mail.findings] == [("numeric_link", {"host": "203.0.113.7"})]
    assert mail.among([TARO])
    assert not mail.among([HANAKO, "news@example.co.jp"])
    assert await Sightings(store).mail("m1", "other") is None
    assert await Sightings(store).mail("nothing", "default") is None


async def test_tenants_do_not_see_each_other(store: Store) -> None:
    await store.record(passed("m1", TARO, tenant="other"))
    assert await Sightings(store).find([SENDER], "default") == []
    assert len(await Sightings(store).find([SENDER], "other")) == 1


async def test_our_own_mail_and_refused_mail_are_not_sighted(store: Store) -> None:
    await store.put([item(summary=BAD)], NOW, "taro")
    entry = passed("m1", TARO)
    await store.record(msgspec.structs.replace(entry, event="refuse"))
    await store.record(msgspec.structs.replace(entry, detail={**entry.detail, "direction": "outbound"}))
    assert await Sightings(store).find([SENDER], "default") == []


async def test_the_index_is_made_anew_from_the_journal(store: Store) -> None:
    await store.record(
        *(passed(f"m{n}", TARO, at=NOW + n) for n in range(7)), passed("x", TARO, tenant="other")
    )
    await store.put([kept("m7", TARO)], NOW + 7, "192.0.2.1")
    sightings = Sightings(store)
    before = await sightings.find([SENDER], "default")
    assert len(before) == 8

    async def rows() -> int:
        found = await store.database.read(lambda t: ByHand(t).execute("SELECT COUNT(*) AS n FROM sighting"))
        return int(found[0]["n"])

    number = await rows()
    assert await rebuild(store, page=3) == number
    assert (await rows(), await sightings.find([SENDER], "default")) == (number, before)
    await store.database.write(lambda t: ByHand(t).execute("DELETE FROM sighting"))
    assert await sightings.find([SENDER], "default") == []
    await rebuild(store, page=3)
    assert (await rows(), await sightings.find([SENDER], "default")) == (number, before)


async def test_a_sighting_without_its_entry_shows_nothing(store: Store) -> None:
    """The journal is the evidence: a digest that collides, or a row that was slipped in, is no mail."""
    await store.record(passed("m1", TARO, summary=msgspec.structs.replace(BAD, author="a@b.example")))
    await store.database.write(
        lambda t: ByHand(t).execute("UPDATE sighting SET mail_id = 'nothing' WHERE at < 0")
    )
    forged = {"trace": trace("default", SENDER), "at": NOW, "mail_id": "m1"}
    await store.database.write(
        lambda t: ByHand(t).execute(
            "INSERT INTO sighting (trace, at, mail_id) VALUES (:trace, :at, :mail_id)", forged
        )
    )
    assert await Sightings(store).find([SENDER], "default") == []


async def test_a_mail_that_is_left_only_in_the_journal_may_lie_in_the_mailbox(store: Store) -> None:
    await store.put([kept("m1", TARO)], NOW, "192.0.2.1")
    await store.database.write(lambda t: ByHand(t).execute("DELETE FROM item WHERE id = 'm1'"))
    (mail,) = await Sightings(store).find([SENDER], "default")
    assert [(g.status, g.has_it) for g in mail.got] == [("", True)]
    assert mail.summary.author == "bank@evil.example"


async def test_a_walk_comes_to_every_mail_once_newest_first(store: Store) -> None:
    sightings = Sightings(store)
    await store.record(*(passed(f"m{n:03}", TARO, at=NOW + n // 7) for n in range(450)))
    await store.record(passed("m449", HANAKO, at=NOW + 449 // 7))  # a second copy of one
    await store.record(passed("other", TARO, tenant="other"))
    walked = [mail.mail_id async for mail in sightings.walk(SENDER, "default")]
    assert walked == sorted((f"m{n:03}" for n in range(450)), key=lambda i: (-(int(i[1:]) // 7), i))
    since = [mail.mail_id async for mail in sightings.walk(SENDER, "default", since=NOW + 64)]
    assert since == ["m448", "m449"]
