"""What ended is erased in its time, and not before; what somebody has to keep stays. On every database."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from filters.finding import Finding
from quarantine.events import JournalEvent
from quarantine.item import Event, Item, ItemEnd, Looked, Outcome, State, Status
from quarantine.retention import erasing, legal_holds
from quarantine.retention.erasing import erase
from quarantine.retention.keeping import Keeping
from quarantine.rights import HOUSEKEEPING
from quarantine.store import Query, Store
from storage.contents import SMALL, Contents
from storage.day_keys import DAY, DayKeys, Erased
from storage.interfaces import Database, StoreError
from storage.seal import Seal
from storage.spool import Spool
from tests.blobs import keys_of
from tests.quarantine.items import ADMIN, SENDER, item, settle_in

BEGIN = 20_000 * DAY + 3_600.0
DAYS = {
    ItemEnd.DELIVERED: 7.0, ItemEnd.FAILED: 7.0, ItemEnd.RECALLED: 1.0, ItemEnd.DENIED: 7.0, ItemEnd.DISCARDED: 7.0,
    ItemEnd.EXPIRED: 7.0,
}  # fmt: skip
KEEPING = Keeping(DAYS, {"極秘": 2.0, "社外秘": 20.0, "personal_data": 0.5})


class House:
    """A store whose contents are sealed, and its clock."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.now = BEGIN
        self.database = database
        self.folder = folder
        self.day_keys = DayKeys(folder / "keys", Seal([b"m" * 32]), database, lambda: self.now)
        self.blobs = Contents(database, Spool(folder / "spool", self.day_keys), self.day_keys)
        self.store = Store(database, self.blobs, "node1")

    async def take(self, size: int = 100, original: str = "", **changes: Any) -> Item:
        blob = await self.blobs.put([b"x" * size], changes.get("tenant", "default"))
        one = item(blob=blob.key, original=original, accepted_at=self.now, **changes)
        return (await self.store.put([one], self.now, "test"))[0]

    async def deliver(self, *items: Item, status: Status = Status.DELIVERED) -> None:
        for each in await self.store.lease(self.now, 100, 60.0):
            if each.id in {one.id for one in items}:
                outcomes = [Outcome(number, status, "250 ok") for number in range(len(each.recipients))]
                await self.store.finish(each, outcomes, self.now, None)

    async def later(self, days: float) -> int:
        self.now += days * DAY
        return await self.erase()

    async def erase(self) -> int:
        return await erase(self.store, self.day_keys, KEEPING, self.now)

    async def is_readable(self, *names: str) -> list[bool]:
        found = []
        for name in names:
            try:
                found.append(bool(bytes(await self.blobs.get(name))))
            except StoreError:
                found.append(False)
        return found

    async def get(self, one: Item) -> Item:
        return await self.store.get(one.id, one.tenant)

    async def erased(self) -> Sequence[str]:
        return [e.item for e in await self.store.entries("default", event=JournalEvent.ERASED)]


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    await settle_in(database)
    made = House(database, tmp_path)
    yield made
    await made.blobs.close()


async def test_each_ending_has_its_time(house: House) -> None:
    small, large, failed, recalled, waiting = [
        await house.take(size, delay=delay)
        for size, delay in ((100, 0), (SMALL + 1, 0), (100, 0), (100, 3600), (100, 99 * 86_400))
    ]
    await house.deliver(small, large)
    await house.store.change(recalled.id, Event.RECALL, SENDER, house.now)
    assert (await house.get(recalled)).ended == ItemEnd.RECALLED
    assert (await house.get(small)).ended_at == BEGIN
    assert (await house.get(waiting)).ended_at is None
    assert await house.later(0.99) == 0
    assert await house.later(0.11) == 1
    assert await house.is_readable(recalled.blob, small.blob, large.blob, waiting.blob) == [
        False,
        True,
        True,
        True,
    ]
    assert await house.erased() == [recalled.id]
    assert await house.later(5.8) == 0
    assert await house.later(0.2) == 2
    readable = [each.blob for each in (small, large, recalled)]
    assert await house.is_readable(*readable, waiting.blob, failed.blob) == [False, False, False, True, True]
    assert set(await keys_of(house.blobs)) == {waiting.blob, failed.blob}
    after = await house.get(large)
    assert (after.state, after.ended, after.erased_at) == (State.DONE, ItemEnd.DELIVERED, house.now)
    assert after.summary == large.summary, "who, when, to whom and what about stays"
    (entry,) = [e for e in await house.store.entries("default", event="erased") if e.item == large.id]
    assert (entry.detail, entry.mail_id) == ({"ended": "delivered", "contents": 1}, large.mail_id)
    assert await house.erase() == 0, "once"


async def test_a_copy_of_a_content_that_was_erased_opens_nothing(house: House) -> None:
    """It was made while the content was there, as a backup is, and is put back."""
    one, other = await house.take(SMALL + 1), await house.take(SMALL + 1, delay=99 * 86_400)
    spool = house.folder / "spool" / "blobs"
    copies = {path: path.read_bytes() for path in spool.rglob("*") if path.is_file()}
    assert len(copies) == 2
    await house.deliver(one)
    assert await house.later(7.1) == 1
    for path, octets in copies.items():
        path.write_bytes(octets)
    assert await house.is_readable(other.blob) == [True]
    with pytest.raises(Erased):
        await house.blobs.get(one.blob)


async def test_what_has_to_stay_keeps_nothing_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail under a legal hold, and copies whose sibling waits, stand first, as many as a round takes and more."""
    monkeypatch.setattr(erasing, "MOST", 2)
    monkeypatch.setattr(erasing, "PAGE", 2)
    kept = [await house.take(owner="taro", mail_id=f"k{n}") for n in range(5)]
    original = (await house.blobs.put([b"as it came"], "default")).key
    siblings = [await house.take(original=original, mail_id="m", delay=d) for d in (0, 0, 0, 3600)]
    await house.deliver(*kept, *siblings)
    await legal_holds.add(house.store, "default", ["taro"], reason="case 1", by="hanako", now=house.now)
    house.now += 60
    behind = [await house.take(owner="jiro", mail_id=f"b{n}") for n in range(3)]
    await house.deliver(*behind)
    house.now += 8 * DAY
    while await house.erase():
        pass
    assert set(await house.erased()) == {one.id for one in behind}
    assert all(await house.is_readable(original, *(one.blob for one in (*kept, *siblings))))


async def test_copies_of_one_mail_go_together(house: House) -> None:
    original = (await house.blobs.put([b"as it came"], "default")).key
    now = await house.take(original=original, mail_id="m")
    later = await house.take(original=original, mail_id="m", delay=3600)
    await house.deliver(now)
    assert await house.later(8) == 0, "the other copy waits, and what came is its content too"
    await house.store.change(later.id, Event.RECALL, SENDER, house.now)
    assert await house.is_readable(now.blob, later.blob, original) == [True] * 3
    assert await house.later(1) == 2
    assert await keys_of(house.blobs) == []


@pytest.mark.parametrize("names", [["sender"], ["B+tag@example.com"], ["Sender@Example.JP"], ["m-held"]])
async def test_a_legal_hold_keeps_it_as_long_as_it_stands(house: House, names: list[str]) -> None:
    held = await house.take(mail_id="m-held")
    free = await house.take(mail_id="m-free", owner="taro", reverse_path="taro@example.jp", recipients=())
    for each in (held, free):
        await house.store.change(each.id, Event.DISCARD, ADMIN, house.now)
    hold = await legal_holds.add(house.store, "default", names, reason="case 12", by="admin", now=house.now)
    elsewhere = await legal_holds.add(house.store, "acme", ["taro"], reason="x", by="admin", now=house.now)
    assert await house.later(30) == 1
    assert await house.is_readable(held.blob, free.blob) == [True, False]
    assert await legal_holds.all_of(house.database, "default") == [hold]
    assert await legal_holds.end(house.store, "default", elsewhere.id, by="admin", now=house.now) is None
    assert await legal_holds.end(house.store, "default", hold.id, by="admin", now=house.now) == hold
    assert await house.erase() == 1
    assert await house.is_readable(held.blob) == [False]
    told = [e for e in await house.store.entries("default") if e.event.startswith("legal_hold")]
    assert [(e.event, e.detail["reason"]) for e in told] == [
        ("legal_hold", "case 12"),
        ("legal_hold_ended", "case 12"),
    ]


async def test_a_hold_says_whom_and_why(house: House) -> None:
    for names, reason, wrong in (([" "], "x", "legal_hold_names"), (["taro"], " ", "reason_needed")):
        with pytest.raises(ValueError, match=wrong):
            await legal_holds.add(house.store, "default", names, reason=reason, by="a", now=house.now)


async def test_a_round_that_ended_in_the_middle_is_made_up_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await house.take(SMALL + 1)
    await house.deliver(one)
    house.now += 8 * DAY

    async def away(key: str) -> None:
        raise StoreError("away")

    with monkeypatch.context() as patch:
        patch.setattr(house.blobs.large, "delete", away)
        with pytest.raises(StoreError):
            await house.erase()
    assert await house.is_readable(one.blob) == [False]
    assert await house.erased() == []
    assert await house.erase() == 1
    assert await keys_of(house.blobs) == []


async def test_contents_keep_their_keys_when_the_store_is_somewhere_else_for_a_while(house: House) -> None:
    """A spool that is not mounted lists nothing."""
    gone, waiting = await house.take(SMALL + 1), await house.take(SMALL + 1, delay=99 * 86_400)
    await house.deliver(gone)
    blobs = house.folder / "spool" / "blobs"
    blobs.rename(house.folder / "elsewhere")
    for number in range(256):
        (blobs / f"{number:02x}").mkdir(parents=True)
    assert await house.later(8) == 1
    for path in sorted(blobs.iterdir()):
        path.rmdir()
    blobs.rmdir()
    (house.folder / "elsewhere").rename(blobs)
    assert await house.is_readable(waiting.blob, gone.blob) == [True, False]


async def test_what_was_stored_in_clear_by_an_earlier_version_goes_too(house: House) -> None:
    plain = Spool(house.folder / "spool")
    blob = await plain.put([b"from before"], "default")
    await plain.close()
    one = (await house.store.put([item(blob=blob.key)], house.now, "test"))[0]
    assert await house.is_readable(blob.key) == [True]
    await house.deliver(one)
    assert await house.later(7) == 1
    assert await keys_of(house.blobs) == []


async def test_two_nodes_write_it_down_once(house: House) -> None:
    one = await house.take()
    await house.deliver(one)
    house.now += 8 * DAY
    other = Store(house.database, house.blobs, "node2")
    assert await erase(other, house.day_keys, KEEPING, house.now) == 1
    assert await house.erase() == 0
    assert await house.erased() == [one.id]


async def test_mail_that_waited_too_long_or_could_not_be_delivered(house: House) -> None:
    failed, expired = await house.take(), await house.take(direction="inbound", holds=("score",))
    await house.deliver(failed, status=Status.FAILED)
    await house.store.change(expired.id, Event.EXPIRE, HOUSEKEEPING, house.now)
    assert [(await house.get(one)).ended for one in (failed, expired)] == [ItemEnd.FAILED, ItemEnd.EXPIRED]
    assert await house.later(7.1) == 2
    assert {i.erased_at for i in await house.store.find(Query("default"))} == {house.now}


async def test_what_was_found_in_it_decides_how_long_it_is_kept(house: House) -> None:
    """Names of classes, and kinds of data; instead of how it ended, and of several the shortest."""

    def found(*classes: str, control: str = "OUT-APPROVE") -> tuple[Finding, ...]:
        return tuple(Finding("rule", control, values={"class": name} if name else {}) for name in classes)

    kinds = {
        "nothing": (), "secret": found("極秘"), "house": found("社外秘"), "both": found("社外秘", "極秘"),
        "unnamed": found("グループ外秘"), "person": found("", "極秘", control="OUT-PII"),
    }  # fmt: skip
    items = {name: await house.take(findings=findings) for name, findings in kinds.items()}
    await house.deliver(*items.values())
    gone = {}
    for days in (1.2, 2.0, 7.0, 20.0):
        house.now = BEGIN + days * DAY
        await house.erase()
        gone[days] = {n for n, i in items.items() if (await house.get(i)).erased_at == house.now}
    assert gone == {1.2: {"person"}, 2.0: {"secret", "both"}, 7.0: {"nothing", "unnamed"}, 20.0: {"house"}}


async def test_a_look_at_its_pictures_changes_what_it_is(house: House) -> None:
    one = await house.take(approvals=("president",), delay=0)
    looked = Looked(one.blob, one.size, one.sha256, findings=(Finding("r", "OUT-PII"),), holds=("r",))
    await house.store.change(one.id, Event.FIND, HOUSEKEEPING, house.now, looked=looked)
    await house.store.change(one.id, Event.DISCARD, ADMIN, house.now)
    assert await house.later(1.2) == 1
