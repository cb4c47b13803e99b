"""Whoever got what is put on the block list later hears once; on every database."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import msgspec
import pytest

from directory.account import Account, Role
from filters.finding import Finding
from filters.listing import ALLOW, BLOCK
from quarantine.item import Entry
from quarantine.reported.alerts import BATCH
from quarantine.reported.fingerprints import journal_fields
from quarantine.reported.listed_later import DAY, LETTERS, PAUSE, SETTLED, ListedLater
from quarantine.rights import Actor
from quarantine.service.office import Office
from quarantine.store import Store
from storage.interfaces import Already, Database
from storage.spool import Spool
from tests.contract.test_closing import Desk, decision
from tests.contract.test_sightings import BAD, HANAKO, NOW, TARO, kept, passed
from tests.services.databases import ByHand

JIRO = "jiro@example.co.jp"
HOST = "evil.example"
PEOPLE = (
    Account("taro", {"ja": "山田 太郎", "en": "Taro"}, (TARO,)),
    Account("hanako", {"ja": "鈴木 花子", "en": "Hanako"}, (HANAKO,), language="en"),
    Account("admin", roles=(Role.ADMINISTRATOR,)),
    Account("ann", {"en": "Ann"}, ("ann@other.example",), tenant="other", roles=(Role.ADMINISTRATOR,)),
)


class Place(Desk):
    """Everything that the rounds need, and a clock of our own."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.now = NOW + 100
        self.office = Office(store, self.listings, None, None, lambda: self.now)  # type: ignore[arg-type]
        self.listings._clock = lambda: self.now
        self.listed = self.rounds()

    def rounds(self, days: float = 30) -> ListedLater:
        return ListedLater(
            self.store, self.sightings, self.listings, self.people, self.post, lambda: self.now,
            days=days, language=lambda tenant: "ja", zone=lambda tenant: "Asia/Tokyo", contact=lambda tenant: "内線 1234",
        )  # fmt: skip

    async def block(
        self, subject: str = HOST, kind: str = "host", tenant: str = "default", **more: object
    ) -> None:
        who = {"default": "admin", "other": "ann"}[tenant]
        values: Mapping[str, object] = {"list": BLOCK, "alert": True, **more}
        await self.office.enlist(
            Actor(who, tenant=tenant), kind=kind, subject=subject, reason="phishing", seconds=90 * DAY, **values  # type: ignore[arg-type]
        )  # fmt: skip

    async def look(self, after: float = PAUSE) -> int:
        self.now += after
        return await self.listed.look()

    async def told(self) -> list[str]:
        return sorted(address for to, _, _, _ in await self.letters() for address in to)


@pytest.fixture
async def place(database: Database, tmp_path: Path) -> AsyncIterator[Place]:
    spool = Spool(tmp_path / "listed-spool")
    place = Place(Store(database, spool, "node1"))
    for account in PEOPLE:
        await place.people.save(account, NOW)
    yield place
    place.people.close()
    await spool.close()


async def test_those_who_got_it_hear_once_in_their_language_and_nobody_else(place: Place) -> None:
    innocent = msgspec.structs.replace(BAD, hosts=("good.example",), author="x@good.example", subject="hello")
    await place.store.record(
        passed("m1", TARO), passed("m2", "hanako+news@example.co.jp"), passed("m3", TARO, at=NOW + 1),
        passed("m4", JIRO, summary=innocent),
    )  # fmt: skip
    await place.block()
    assert await place.look(after=PAUSE - 1) == 0, "other nodes do not know the entry yet"
    assert await place.look(after=1) == 2
    letters = {tuple(to): (subject, text) for to, subject, text, _ in await place.letters()}
    assert set(letters) == {(TARO,), (HANAKO,)}
    subject, text = letters[(TARO,)]
    assert subject.startswith("【注意喚起】")
    assert "危険なリンク先：evil[.]example" in text
    assert "口座の確認 1" in text
    assert "返信しない。" in text
    assert "内線 1234" in text
    assert letters[(HANAKO,)][0].startswith("[Alert]")
    assert HOST not in letters[(HANAKO,)][1], "no live link"
    assert await place.look(after=60) == 0
    assert await place.look(after=SETTLED) == 0
    assert await place.listings.alerting() == [], "it is over"
    (entry,) = await place.store.entries("default", event="alert")
    assert (entry.detail["people"], entry.detail["subject"], entry.detail["listed_by"]) == (2, HOST, "admin")
    (shown,) = await place.listings.all("default")
    assert (shown.alert, shown.alerted) == (0, 2)


async def test_a_file_and_a_host_by_its_own_name_or_below(place: Place) -> None:
    await place.store.record(passed("m1", TARO))
    await place.block("ab" * 32, "file")
    assert await place.look() == 1
    assert "危険な添付ファイル（SHA-256）：abab" in (await place.letters())[0][2]
    await place.block("login.evil.example")
    assert await place.look() == 1, "another entry is another alert"
    await place.block("in.evil.example")
    assert await place.look() == 0, "a host that ends alike is another one"


@pytest.mark.parametrize(
    "more", [{"alert": False}, {"list": ALLOW}, {"personal": True}, {"kind": "domain"}], ids=str
)
async def test_what_asks_for_no_alert_makes_none(place: Place, more: dict[str, object]) -> None:
    await place.store.record(passed("m1", TARO))
    await place.block(**more)  # type: ignore[arg-type]
    assert await place.look() == 0
    assert await place.listings.alerting() == []


async def test_with_no_days_nobody_is_told_and_it_ends(place: Place) -> None:
    await place.store.record(passed("m1", TARO))
    await place.block()
    place.listed = place.rounds(days=0)
    assert await place.look() == 0
    assert await place.look(after=SETTLED) == 0
    assert await place.listings.alerting() == []


async def test_older_mail_than_the_days_say_is_not_meant(place: Place) -> None:
    await place.store.record(passed("m1", TARO, at=NOW - 31 * DAY), passed("m2", HANAKO, at=NOW - 29 * DAY))
    await place.block()
    assert await place.look() == 1
    assert await place.told() == [HANAKO]


async def test_tenants_stay_apart(place: Place) -> None:
    await place.store.record(passed("m1", TARO), passed("m2", "ann@other.example", tenant="other"))
    await place.block(tenant="other")
    assert await place.look() == 1
    letters = await place.store.entries("other", event="alert")
    assert [e.detail["people"] for e in letters] == [1]
    assert await place.letters() == []
    assert await place.store.entries("default", event="alert") == []


async def test_what_is_held_is_in_no_mailbox(place: Place) -> None:
    await place.store.put([kept("m1", HANAKO)], NOW, "192.0.2.1")
    await place.block()
    assert await place.look() == 0


async def test_mail_that_arrives_meanwhile_is_found_by_the_second_look(place: Place) -> None:
    await place.store.record(passed("m1", TARO))
    await place.block()
    assert await place.look() == 1
    warned = passed("m3", JIRO, at=place.now)
    why = (Finding("blocked", "IN-REPORT", weight=9, values={"what": HOST}),)
    warned = Entry(
        warned.at, "pass", "node1", "", "m3", "default", {**warned.detail, **journal_fields(BAD, why, True)}
    )
    await place.store.record(passed("m2", HANAKO, at=place.now), warned)
    assert await place.look(after=60) == 0
    assert await place.look(after=SETTLED) == 1
    assert await place.told() == [HANAKO, TARO], "who was warned of the link needs no alert"


async def test_taken_off_and_put_on_again_tells_nobody_twice(place: Place) -> None:
    await place.store.record(passed("m1", TARO))
    await place.block()
    assert await place.look() == 1
    await place.block()
    assert await place.look() == 0
    place.now += 31 * DAY
    await place.listed.forget()
    rows = await place.store.database.read(
        lambda t: ByHand(t).execute("SELECT COUNT(*) AS n FROM listed_alert")
    )
    assert rows[0]["n"] == 0, "what can matter no more is forgotten"


async def test_a_report_alerts_those_whom_its_closing_did_not_reach_and_nobody_twice(place: Place) -> None:
    other = msgspec.structs.replace(BAD, author="x@other.example", subject="other")
    await place.store.record(passed("m1", TARO), passed("m2", HANAKO), passed("m3", JIRO, summary=other))
    reports = await place.reported("taro")
    host = (("host", "login.evil.example"),)
    outcome = await place.closing.close(reports, decision(alert=True, listed=host), NOW + 90)
    assert outcome["alerted"] == 1
    before = len(await place.letters())
    assert await place.look() == 1
    letters = await place.letters()
    assert len(letters) == before + 1
    assert [to for to, subject, _, _ in letters if "配信後" in _text(letters, to)] == [[JIRO]]


def _text(letters: list[tuple[list[str], str, str, object]], to: list[str]) -> str:
    return "".join(text for who, _, text, _ in letters if who == to)


@pytest.mark.parametrize("verdict", ["spam", "dangerous"])
async def test_a_report_that_is_closed_without_an_alert_makes_none(place: Place, verdict: str) -> None:
    await place.store.record(passed("m1", TARO), passed("m2", HANAKO))
    host = (("host", "login.evil.example"),)
    await place.closing.close(await place.reported("taro"), decision(verdict, listed=host), NOW + 90)
    assert await place.look() == 0


async def test_thousands_hear_a_round_at_a_time_and_a_restart_goes_on(place: Place) -> None:
    people = [f"p{n:05}@example.co.jp" for n in range(LETTERS * BATCH + 250)]
    for start in range(0, len(people), 250):
        await place.store.record(passed(f"w{start}", *people[start : start + 250], at=NOW + start / 1000))
    await place.block()
    assert await place.look() == LETTERS * BATCH
    place.listed = place.rounds()
    assert await place.look(after=15) == 250
    assert await place.told() == people, "each of them once"
    (entry,) = await place.listings.all("default")
    assert entry.alerted == len(people)


async def test_two_nodes_tell_nobody_twice(place: Place) -> None:
    await place.store.record(*(passed(f"m{n}", f"p{n}@example.co.jp", at=NOW + n) for n in range(5)))
    await place.block()
    place.now += PAUSE
    one, two = place.rounds(), place.rounds()
    (entry,) = await place.listings.alerting()
    due = await two._due(entry)
    assert await one.look() == 5
    with pytest.raises(Already):
        await two._tell(entry, list(due), ends=False)
    assert await two.look() == 0
    assert len(await place.told()) == 5
