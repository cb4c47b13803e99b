"""What the keeper writes: digests once for each hour and person, answers, word to administrators; and what it ends."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.settings import DigestSection, Settings
from directory.people import People
from filters.examined import Summary
from filters.finding import Finding
from gateway.notices import Notices
from gateway.rounds.quarantine_rounds import QuarantineRounds
from quarantine import digests
from quarantine.item import Event, Item, State
from quarantine.letters.letter import Post
from quarantine.requests import Requests
from quarantine.rights import HOUSEKEEPING, Actor
from quarantine.store import Query, Store
from storage.contents import Contents
from storage.database import open_database
from storage.spool import Spool
from tests.gateway.test_app import HANAKO, TARO
from tests.gateway.test_unlock import message_of, text_of
from tests.quarantine.items import OPERATOR, item
from tests.services import databases
from tests.services.node import ACCOUNTS, settings_of

NOON = 1_780_023_600.0  # 2026-05-29 12:00 in Tokyo, a Friday
DAY = 86_400.0


def held_mail(*addresses: str, at: float = NOON - 3600, **changes: Any) -> Item:
    summary = Summary("至急 http://evil.example/ ご確認", "boss@evil.example", "社長", "<1@evil.example>")
    values = {
        "direction": "inbound", "owner": "", "holds": ("warning_score",), "accepted_at": at, "summary": summary,
        "findings": (Finding("freemail_sender", "IN-FREEMAIL", values={"domain": "evil.example"}),),
    }  # fmt: skip
    return item(*(addresses or (TARO,)), **values | changes)


class Hand:
    """A clock that stands where it is put."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    """What the keeper needs of a node, without its listeners and workers."""

    settings: Settings
    store: Store
    people: People
    clock: Hand

    def keeper(self) -> QuarantineRounds:
        url = "https://console.example"
        post = Post(self.settings, self.store.blobs.put)
        notices = Notices(self.store, self.people, post, self.settings, url)
        return QuarantineRounds(self.settings, self.store, self.people, notices, self.clock, url)


@asynccontextmanager
async def desk(tmp_path: Path, **changes: Any) -> AsyncIterator[Desk]:
    database = await asyncio.to_thread(open_database, databases.sqlite(tmp_path / "db"))
    blobs = Contents(database, Spool(tmp_path / "spool"))
    people = People(database)
    for account in ACCOUNTS:
        await people.save(account, NOON)
    yield Desk(settings_of(tmp_path, 1, **changes), Store(database, blobs, "n1"), people, Hand(NOON))
    people.close()
    await blobs.close()
    await database.close()


async def keep(here: Desk, one: Item) -> Item:
    blob = await here.store.blobs.put([b"From: x@evil.example\r\n\r\nx\r\n"], one.tenant)
    one = msgspec.structs.replace(one, blob=blob.key, size=blob.size, sha256=blob.sha256)
    (kept,) = await here.store.put([one], one.accepted_at, "192.0.2.1")
    return kept


async def digests_of(here: Desk) -> list[Item]:
    return await here.store.find(Query("default", direction="notice", limit=1000))


async def body(here: Desk, one: Item) -> bytes:
    return bytes(await here.store.blobs.get(one.blob))


def at_noon(here: Desk, now: float = NOON + 60) -> QuarantineRounds:
    here.clock.now = now
    return here.keeper()


DIGEST: dict[str, Any] = {"digest": {"hours": [12], "enabled": True}}


async def test_each_person_hears_once_of_what_is_new(tmp_path: Path) -> None:
    async with desk(tmp_path, **DIGEST) as here:
        keeper = at_noon(here)
        one = await keep(here, held_mail("Taro+shop@example.co.jp", HANAKO))
        await keep(here, held_mail(at=NOON - 2 * 3600))
        await keep(here, held_mail(HANAKO, at=NOON - 8 * DAY))
        await keep(here, held_mail(at=NOON + 30))
        await keep(here, held_mail(holds=("disarmed",)))
        assert await keeper.write_digests() == 2
        for again in (keeper, here.keeper()):
            assert await again.write_digests() == 0, "nor after a new start"
        letters = {i.owner: i for i in await digests_of(here)}
        assert set(letters) == {"taro", "hanako"}
        text = text_of(await body(here, letters["taro"]))
        assert text.count("至急 http[:]//evil[.]example/ ご確認") == 2
        assert "社長 <boss[at]evil[.]example>" in text
        assert one.id not in text
        assert HANAKO not in text, "nobody learns who else got it"
        secret = re.search(r"/digest/([\w-]{43})\s", text)
        assert secret
        rows = await here.store.database.read(lambda t: t.execute("SELECT * FROM digests"))
        assert secret[1] not in repr([dict(r) for r in rows]), "only a digest of the secret is kept"
        # The next day: only what has come since.
        keeper = at_noon(here, NOON + DAY + 1)
        assert await keeper.write_digests() == 1
        newest = next(i for i in await digests_of(here) if i.accepted_at > NOON + DAY)
        assert "1件" in str(message_of(await body(here, newest))["Subject"])


async def test_several_nodes_write_one_digest(tmp_path: Path) -> None:
    async with desk(tmp_path, **DIGEST) as here:
        first = at_noon(here)
        await keep(here, held_mail())
        written = await asyncio.gather(
            *(k.write_digests() for k in (first, *(here.keeper() for _ in range(3))))
        )
        assert sorted(written) == [0, 0, 0, 1]
        assert len(await digests_of(here)) == 1


async def test_no_letter_when_nothing_waits_or_it_is_off(tmp_path: Path) -> None:
    async with desk(tmp_path, **DIGEST) as here:
        keeper = at_noon(here)
        gone = await keep(here, held_mail())
        await here.store.change(gone.id, Event.DISCARD, Actor("admin", tenant="default"), NOON)
        assert await keeper.write_digests() == 0
        await keep(here, held_mail())
        off = here.settings.model_copy(update={"digest": DigestSection(enabled=False)})
        here.settings = off
        assert await at_noon(here).write_digests() == 0


async def test_fifty_are_named_and_the_others_counted(tmp_path: Path) -> None:
    async with desk(tmp_path, **DIGEST) as here:
        keeper = at_noon(here)
        for _ in range(digests.LISTED + 3):
            await keep(here, held_mail())
        assert await keeper.write_digests() == 1
        (letter,) = await digests_of(here)
        raw = await body(here, letter)
        assert "53件" in str(message_of(raw)["Subject"])
        assert "ほか3件" in text_of(raw)
        assert text_of(raw).count("至急") == digests.LISTED


@pytest.mark.parametrize(
    ("event", "actor", "subject", "said"),
    [
        (Event.RELEASE, OPERATOR, "配信します", "まもなく配信されます"),
        (Event.DISCARD, OPERATOR, "配信しません", "配信しないことになりました"),
        (Event.EXPIRE, HOUSEKEEPING, "配信しません", "配信しないことになりました"),
    ],
)
async def test_who_asked_hears_the_outcome_once(
    tmp_path: Path, event: Event, actor: Actor, subject: str, said: str
) -> None:
    async with desk(tmp_path) as here:
        keeper = here.keeper()
        one = await keep(here, held_mail())
        await Requests(here.store).ask(one, Actor("taro", tenant="default"), "", NOON)
        assert await keeper.tell_outcomes() == 0
        await here.store.change(one.id, event, actor, NOON, {"reason": "危険なファイルです", "tell": True})
        found = await asyncio.gather(keeper.tell_outcomes(), here.keeper().tell_outcomes())
        assert sum(found) == 1
        (letter,) = await digests_of(here)
        raw = await body(here, letter)
        assert letter.owner == "taro"
        assert subject in str(message_of(raw)["Subject"])
        assert said in text_of(raw)
        assert "管理者より：危険なファイルです" in text_of(raw)
        assert message_of(raw)["Auto-Submitted"] == "auto-generated"


async def test_a_reason_that_is_for_the_journal_is_not_told(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        one = await keep(here, held_mail())
        await Requests(here.store).ask(one, Actor("taro", tenant="default"), "", NOON)
        await here.store.change(
            one.id, Event.DISCARD, Actor("admin", tenant="default"), NOON, {"reason": "内部の理由"}
        )
        await here.keeper().tell_outcomes()
        (letter,) = await digests_of(here)
        assert "内部の理由" not in text_of(await body(here, letter))


async def test_administrators_hear_of_requests_once_in_a_while(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        keeper = at_noon(here)
        first, second = await keep(here, held_mail()), await keep(here, held_mail())
        requests = Requests(here.store)
        assert not await keeper.tell_administrators()
        await requests.ask(first, Actor("taro", tenant="default"), "取引先です http://x.example/", NOON)
        found = await asyncio.gather(keeper.tell_administrators(), here.keeper().tell_administrators())
        assert sorted(found) == [False, True]
        (letter,) = await digests_of(here)
        assert letter.owner == "admin"
        raw = await body(here, letter)
        assert "依頼が1件" in str(message_of(raw)["Subject"])
        assert "取引先です http[:]//x[.]example/" in text_of(raw)
        assert "山田太郎 (taro)" in text_of(raw)
        await requests.ask(second, Actor("taro", tenant="default"), "", NOON)
        assert not await keeper.tell_administrators()
        here.clock.now += 901
        assert await keeper.tell_administrators()
        assert len(await digests_of(here)) == 2


async def test_administrators_hear_of_their_own_tenants_requests_only(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        (admin,) = [a for a in ACCOUNTS if a.login == "admin"]
        stranger = msgspec.structs.replace(
            admin, login="other", addresses=("admin@other.example",), tenant="other"
        )
        await here.people.save(stranger, NOON)
        one = await keep(here, held_mail())
        await Requests(here.store).ask(one, Actor("taro", tenant="default"), "", NOON)
        assert await at_noon(here).tell_administrators()
        assert [letter.owner for letter in await digests_of(here)] == ["admin"]


async def test_people_of_two_tenants_with_one_mailbox_hear_of_their_own_mail_only(tmp_path: Path) -> None:
    """Introduced with tenants: digests told of the default tenant's mail, whoever had the mailbox."""
    async with desk(tmp_path, **DIGEST) as here:
        keeper = at_noon(here)
        for account in ACCOUNTS:
            await here.people.save(msgspec.structs.replace(account, tenant="acme"), NOON)
        mine = await keep(here, held_mail(summary=Summary("kobushi", "a@x.example")))
        theirs = await keep(here, held_mail(summary=Summary("tsubaki", "a@x.example"), tenant="acme"))
        assert await keeper.write_digests() == 2
        for one in (mine, theirs):
            person = Actor("taro", tenant=one.tenant)
            await Requests(here.store).ask(one, person, f"please, {one.summary.subject}", NOON)
        assert await keeper.tell_administrators() == 2
        for one in (mine, theirs):
            await here.store.change(one.id, Event.RELEASE, Actor("admin", tenant=one.tenant), NOON)
        assert await keeper.tell_outcomes() == 2
        for tenant, word, other in (("default", "kobushi", "tsubaki"), ("acme", "tsubaki", "kobushi")):
            letters = await here.store.find(Query(tenant, direction="notice"))
            texts = [text_of(await body(here, letter)) for letter in letters]
            assert [word in text for text in texts] == [True, True, True]
            assert not any(other in text for text in texts)


async def test_what_nobody_wanted_ends(tmp_path: Path) -> None:
    async with desk(tmp_path, quarantine={"days": 7}) as here:
        keeper = at_noon(here)
        old, new = (
            await keep(here, held_mail(at=NOON - 8 * DAY)),
            await keep(here, held_mail(at=NOON - 6 * DAY)),
        )
        out = await keep(here, item(delay=10**9, accepted_at=NOON - 9 * DAY))
        assert await keeper.expire() == 1
        states = [(await here.store.get(i.id, "default")).state for i in (old, new, out)]
        assert states == [State.WITHDRAWN, State.HELD, State.HELD]
