"""Lists of hosts and files that somebody else keeps: taken over, renewed, taken out; never our own, never what people said."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.settings import FeedSection
from directory.listings import Listings
from gateway.rounds.alert_rounds import AlertRounds
from gateway.rounds.feed_rounds import DAY, MOST, RENEW, FeedRounds, parsed
from quarantine.item import State
from quarantine.reported.listed_later import PAUSE
from quarantine.rows import Query
from quarantine.store import Store
from storage.database import open_database
from storage.spool import Spool
from tests.gateway.test_app import HANAKO, TARO, mail
from tests.services.node import site

OURS = ("us.example", "mail.us.example")
SHA = "ab" * 32


def test_what_a_line_may_be() -> None:
    text = f"""# a comment
bad.example            # why
0.0.0.0 worse.example
Bad.Example
xn--eckwd4c7c.example
192.0.2.9
https://docs.example/a/b
three words here
us.example
example
{SHA}
"""
    hosts, wrong = parsed("host", text, OURS)
    assert hosts == {"bad.example", "worse.example", "xn--eckwd4c7c.example", "192.0.2.9"}
    assert wrong == 5
    assert parsed("file", f"{SHA.upper()}\nbad.example\n", OURS) == (frozenset({SHA}), 1)


def test_a_domain_above_ours_is_never_blocked() -> None:
    for line in ("us.example", "mail.us.example"):
        assert parsed("host", line, OURS) == (frozenset(), 1)
    assert parsed("host", "other-us.example\nx.us.example", OURS)[0] == {"other-us.example", "x.us.example"}


def test_a_list_has_an_end() -> None:
    hosts, wrong = parsed("host", "".join(f"h{n}.example\n" for n in range(MOST + 7)), ())
    assert (len(hosts), wrong) == (MOST, 7)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    database = await asyncio.to_thread(open_database, f"sqlite:///{tmp_path / 'test.db'}")
    yield Store(database, Spool(tmp_path / "spool"), "node1")
    await database.close()


class Here:
    """A list, and the entries that are made of it."""

    def __init__(self, store, folder: Path, **more) -> None:
        self.now = 1_000_000.0
        self.file = folder / "bad.txt"
        self.listings = Listings(store.database, lambda: self.now)
        feed = FeedSection(path=self.file, **more)
        self.rounds = FeedRounds([feed], store, self.listings, lambda: self.now, lambda: OURS)

    async def put(self, text: str, wait: float = 15.0) -> int:
        self.file.write_text(text)
        os.utime(self.file, ns=(0, int(self.now * 1e9)))
        self.now += wait
        return await self.rounds.read()

    async def hosts(self) -> dict[str, str]:
        return {e.subject: e.owner for e in await self.listings.all("default", "")}


async def test_entries_follow_the_list(store, tmp_path: Path) -> None:
    here = Here(store, tmp_path)
    assert await here.put("a.example\nb.example\n") == 2
    assert await here.hosts() == {"a.example": "feed:bad", "b.example": "feed:bad"}
    assert await here.put("b.example\nc.example\n") == 2
    assert set(await here.hosts()) == {"b.example", "c.example"}
    assert all(entry.alert for entry in await here.listings.all("default", ""))
    assert await here.rounds.read() == 0


async def test_what_people_entered_stays(store, tmp_path: Path) -> None:
    here = Here(store, tmp_path)
    for list, host in (("allow", "a.example"), ("block", "b.example")):
        await here.listings.add(
            "default", list=list, kind="host", subject=host, owner="admin", reason="", expires_at=here.now + 9 * DAY
        )  # fmt: skip
    assert await here.put("a.example\nb.example\nc.example\n") == 1
    assert await here.hosts() == {"a.example": "admin", "b.example": "admin", "c.example": "feed:bad"}
    assert await here.put("d.example\n") == 2
    assert set(await here.hosts()) == {"a.example", "b.example", "d.example"}


async def test_a_download_that_failed_changes_nothing(
    store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    here = Here(store, tmp_path)
    await here.put("a.example\n")
    assert await here.put("") == 0
    assert await here.put("<html>502 Bad Gateway</html>\n") == 0
    here.file.unlink()
    assert await here.rounds.read() == 0
    assert set(await here.hosts()) == {"a.example"}


async def test_what_stands_there_does_not_end_and_alerts_once(store, tmp_path: Path) -> None:
    here = Here(store, tmp_path, days=2)
    await here.put("a.example\n")
    (first,) = await here.listings.all("default", "")
    for _ in range(40):
        here.now += 2 * RENEW
        await here.rounds.read()
    (entry,) = await here.listings.all("default", "")
    assert entry.id == first.id
    assert entry.expires_at > here.now
    here.file.unlink()
    here.now += 3 * DAY
    await here.rounds.read()
    assert await here.hosts() == {}, "a list that nobody keeps ends"


async def test_the_journal_names_a_change(store, tmp_path: Path) -> None:
    here = Here(store, tmp_path)
    await here.put("a.example\n")
    rows = await store.database.read(lambda t: t.execute("SELECT * FROM journal", {}))
    (row,) = [r for r in rows if r["event"] == "listing_added"]
    assert "a.example" in str(row["detail"])
    assert "bad" in str(row["detail"])


async def test_who_got_the_link_hears_when_it_is_listed(tmp_path: Path) -> None:
    """The whole way: mail is delivered, the list names its host, a letter arrives, and later mail with it is held."""
    (tmp_path / "feeds").mkdir()
    file = tmp_path / "feeds" / "bad.txt"
    feeds = [{"path": str(file)}]
    async with site(tmp_path, notices={"held": False, "waits": False}, feeds=feeds) as here:
        node, link = here.node, "ご確認ください https://docs.shared-files.example/a/b\n"
        sender = "tanaka@client.example"
        for to, text in ((TARO, link), (HANAKO, "ご確認ください\n")):
            assert (await here.send(sender, [to], mail(to, text, sender=sender), name="inbound"))[0] == 250
        await here.caught(2)
        file.write_text("shared-files.example\n")
        later = [node.clock()]
        rounds = AlertRounds(
            node.settings, node.store, node.sightings, node.listings, node.people, node.post, lambda: later[0],
            lambda tenant: "ja",
        )  # fmt: skip
        await rounds._feeds.read()
        later[0] += PAUSE + 1
        assert await rounds.look() == 1
        await here.caught(3)
        assert here.catcher.caught[2].recipients == (TARO,)
        assert (await here.send(sender, [TARO], mail(TARO, link, sender=sender), name="inbound"))[0] == 250
        (held,) = await node.store.find(Query("default", direction="inbound", state=(State.HELD,)))
        assert "blocked" in held.holds
