"""One step closes reports: decision, alerts, lists and letters together or not at all; on every database."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import pytest

from config.settings_file import load_settings
from config.words import say
from directory.account import Account, Role
from directory.listings import Listings
from directory.people import People
from mail.message import Message
from quarantine.item import Item, NotAllowed, State
from quarantine.letters.letter import Post
from quarantine.reported.closing import BATCH, Closing, Decision
from quarantine.reported.fingerprints import Trait
from quarantine.reported.reports import Report, Reports
from quarantine.reported.sightings import Sightings
from quarantine.rights import Actor
from quarantine.store import Query, Store
from storage.interfaces import Database, StoreError
from storage.spool import Spool
from tests.blobs import keys_of
from tests.contract.test_sightings import BAD, HANAKO, NOW, SENDER, TARO, kept, passed

JIRO = "jiro@example.co.jp"
PEOPLE = (
    Account("taro", {"ja": "山田 太郎", "en": "Taro"}, (TARO,)),
    Account("hanako", {"ja": "鈴木 花子", "en": "Hanako"}, (HANAKO,), language="en"),
    Account("admin", roles=(Role.ADMINISTRATOR,)),
    Account("jiro", {"ja": "次郎", "en": "Jiro"}, (JIRO,), send_as=("info@example.co.jp",)),
)


class Desk:
    """Everything that closing needs."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.sightings = Sightings(store)
        self.reports = Reports(store, self.sightings)
        self.listings = Listings(store.database, lambda: NOW + 100)
        self.people = People(store.database)
        settings = load_settings(None, hostname="sekisho.test")
        self.post = Post(settings, store.blobs.put)
        self.closing = Closing(
            store,
            self.reports,
            self.sightings,
            self.listings,
            self.people,
            self.post,
            contact=lambda tenant: "内線 1234",
        )

    async def reported(self, *reporters: str, **changes: object) -> list[Report]:
        values = {"tenant": "default", "at": NOW + 50, "source": "page", "found": BAD, "mail_id": "m1"}
        made = [Report(reporter=r, **{**values, **changes}) for r in reporters]  # type: ignore[arg-type]
        return [(await self.reports.add(r))[0] for r in made]

    async def letters(self) -> list[tuple[list[str], str, str, Item]]:
        """(recipients, subject, text, item) of all letters, in order of the first recipient."""
        found = []
        for item in await self.store.find(Query("default", direction="notice", limit=1000)):
            message = Message(bytes(await self.store.blobs.get(item.blob)))
            subject = message.first("subject")
            assert subject is not None
            found.append(([r.path.address for r in item.recipients], subject.text, message.root.text(), item))
        return sorted(found, key=lambda f: f[0])


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    spool = Spool(tmp_path / "closing-spool")
    desk = Desk(Store(database, spool, "node1"))
    for account in PEOPLE:
        await desk.people.save(account, NOW)
    yield desk
    desk.people.close()
    await spool.close()


def decision(verdict: str = "dangerous", **changes: object) -> Decision:
    return msgspec.structs.replace(Decision(verdict, Actor("admin", tenant="default"), (SENDER,)), **changes)


async def wave(desk: Desk, to: Sequence[str] = (TARO, HANAKO, "all@example.co.jp")) -> None:
    await desk.store.record(*(passed(f"m{n}", address, at=NOW + n) for n, address in enumerate(to, 1)))


async def test_everybody_who_got_one_is_alerted_in_their_language_and_the_reporter_hears(desk: Desk) -> None:
    await wave(
        desk, (TARO, HANAKO, "Hanako+x@example.co.jp", JIRO, "info@example.co.jp", "all@example.co.jp")
    )
    reports = await desk.reported("taro")
    outcome = await desk.closing.close(
        reports, decision(alert=True, line="経理の方へ", note="助かりました"), NOW + 90
    )
    assert outcome == {"mails": 6, "alerted": 4, "listed": 0}
    letters = {tuple(to): (subject, text) for to, subject, text, _ in await desk.letters()}
    assert set(letters) == {
        ("all@example.co.jp",), (HANAKO,), ("info@example.co.jp", JIRO), (TARO,),
    } or set(letters) == {("all@example.co.jp",), (HANAKO,), (JIRO, "info@example.co.jp"), (TARO,)}  # fmt: skip
    assert letters[(HANAKO,)][0].startswith("[Alert]")
    assert letters[("all@example.co.jp",)][0].startswith("【注意喚起】")
    assert "内線 1234" in letters[(HANAKO,)][1]
    assert "経理の方へ" in letters[(HANAKO,)][1]
    assert "助かりました" not in letters[(HANAKO,)][1]
    assert letters[(TARO,)][0].startswith("【確認結果】")
    for words in ("危険なメールでした。", "助かりました", "返信しない。", "ほかの受信者にも"):
        assert words in letters[(TARO,)][1]
    (entry,) = await desk.store.entries("default", event="alert")
    assert (entry.actor, entry.detail["people"]) == ("admin", 4)
    assert (await desk.reports.mine("taro", "default"))[0].verdict == "dangerous"


async def test_it_is_done_once(desk: Desk) -> None:
    await wave(desk)
    reports = await desk.reported("taro")
    await desk.closing.close(reports, decision(alert=True), NOW + 90)
    before, keys = len(await desk.letters()), set(await keys_of(desk.store.blobs))
    with pytest.raises(NotAllowed):
        await desk.closing.close(
            reports, decision("harmless", listed=(("address", "bank@evil.example"),)), NOW + 91
        )
    assert len(await desk.letters()) == before
    assert set(await keys_of(desk.store.blobs)) == keys, "nothing is left behind"
    assert await desk.listings.all("default") == []


@pytest.mark.parametrize("who", ["taro", "nobody", "operator:root"])
async def test_only_who_is_in_charge_of_reports_closes_one(desk: Desk, who: str) -> None:
    await wave(desk)
    reports, keys = await desk.reported("taro"), set(await keys_of(desk.store.blobs))
    with pytest.raises(NotAllowed):
        await desk.closing.close(reports, decision(alert=True, by=Actor(who, tenant="default")), NOW + 90)
    assert set(await keys_of(desk.store.blobs)) == keys, "nothing is left behind"
    assert (await desk.reports.mine("taro", "default"))[0].verdict == ""


async def test_lists_are_fed_with_an_end(desk: Desk) -> None:
    await wave(desk)
    listed = (("address", "bank@evil.example"), ("host", "login.evil.example"), ("file", "ab" * 32))
    await desk.closing.close(await desk.reported("taro"), decision(listed=listed, days=30), NOW + 90)
    entries = await desk.listings.all("default")
    assert {(e.list, e.kind, e.subject, e.owner, e.person) for e in entries} == {
        ("block", kind, subject, "admin", "") for kind, subject in listed
    }
    assert {e.expires_at for e in entries} == {NOW + 90 + 30 * 86_400}
    assert [x.subject for x in await desk.listings.find("default", ["bank@evil.example"])] == [
        "bank@evil.example"
    ]
    assert len(await desk.store.entries("default", event="listing_added")) == 3


async def test_a_harmless_mail_may_go_to_the_allow_list_and_alerts_nobody(desk: Desk) -> None:
    await wave(desk)
    listed = (("domain", "evil.example"),)
    await desk.closing.close(
        await desk.reported("taro"), decision("harmless", alert=True, listed=listed), NOW + 90
    )
    ((to, _, text, _),) = await desk.letters()
    assert to == [TARO]
    assert say("ja", "letters.outcome.reporter.harmless") in text
    assert [(e.list, e.subject) for e in await desk.listings.all("default")] == [("allow", "evil.example")]


async def test_what_makes_no_sense_changes_nothing(desk: Desk) -> None:
    await wave(desk)
    with pytest.raises(ValueError, match="this is no host"):
        await desk.closing.close(await desk.reported("taro"), decision(listed=(("host", "x y"),)), NOW + 90)
    assert await desk.letters() == []
    assert len(await desk.reports.open("default")) == 1


async def test_what_still_waits_is_discarded_and_its_recipients_are_not_alerted(desk: Desk) -> None:
    await wave(desk, (TARO,))
    await desk.store.put([kept("m2", HANAKO), kept("m3", JIRO, holds=())], NOW, "192.0.2.1")
    outcome = await desk.closing.close(
        await desk.reported("taro"), decision(alert=True, discard=True), NOW + 90
    )
    assert outcome["discarded"] == 2
    assert {(await desk.store.get(i, "default")).state for i in ("m2", "m3")} == {State.WITHDRAWN}
    recipients = [a for to, _, _, _ in await desk.letters() for a in to]
    assert HANAKO not in recipients


async def test_only_the_chosen_traits_count(desk: Desk) -> None:
    other = msgspec.structs.replace(BAD, author="x@other.example", subject="other")
    await wave(desk, (TARO, HANAKO))
    await desk.store.record(passed("m9", JIRO, summary=other))
    reports = await desk.reported("taro")
    wanted = (Trait("host", "login.evil.example"),)
    outcome = await desk.closing.close(reports, decision(alert=True, wanted=wanted), NOW + 90)
    assert outcome["alerted"] == 2


async def test_whoever_is_not_proved_gets_no_letter(desk: Desk) -> None:
    """A forged report must not make us write to somebody who knows nothing of it."""
    await desk.closing.close(await desk.reported("hanako", proved=False), decision("spam"), NOW + 90)
    assert await desk.letters() == []


async def test_several_reporters_hear_of_their_own_mail(desk: Desk) -> None:
    (one,) = await desk.reported("taro")
    (two,) = await desk.reported("hanako", found=msgspec.structs.replace(BAD, subject="Re: 口座の確認 77"))
    await desk.closing.close([one, two], decision("spam"), NOW + 90)
    assert [(to, subject) for to, subject, _, _ in await desk.letters()] == [
        ([HANAKO], "[Outcome] Re: 口座の確認 77"), ([TARO], "【確認結果】口座の確認 1"),
    ]  # fmt: skip


async def test_five_thousand_people(desk: Desk) -> None:
    many = [f"p{n:04}@example.co.jp" for n in range(5000)]
    for start in range(0, 5000, 500):
        await desk.store.record(
            *(passed(f"w{n:05}", many[n], at=NOW + n / 1000) for n in range(start, start + 500))
        )
    outcome = await desk.closing.close(await desk.reported("taro"), decision(alert=True), NOW + 90)
    assert outcome["alerted"] == 5000
    letters = [
        (to, item) for to, subject, _, item in await desk.letters() if subject.startswith("【注意喚起】")
    ]
    assert len(letters) == 5000 / BATCH
    assert sorted(a for to, _ in letters for a in to) == many
    raw = bytes(await desk.store.blobs.get(letters[0][1].blob))
    assert b"undisclosed-recipients" in raw
    assert not any(a.encode() in raw for a in many[:200]), "people do not see each other"


async def test_a_store_that_fails_leaves_the_report_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await wave(desk)
    reports = await desk.reported("taro")
    keys = set(await keys_of(desk.store.blobs))

    async def away(*_: object, **__: object) -> None:
        raise StoreError("away")

    monkeypatch.setattr(desk.store, "put", away)
    with pytest.raises(StoreError):
        await desk.closing.close(reports, decision(alert=True), NOW + 90)
    assert len(await desk.reports.open("default")) == 1
    assert set(await keys_of(desk.store.blobs)) == keys
