"""Hand-overs in the journal, on every database: the intent before, the outcome behind, what is open at a start."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from filters.examined import Summary
from quarantine.events import JournalEvent
from quarantine.handed_over import HandedOver
from quarantine.item import Entry
from quarantine.reported.fingerprints import Trait, journal_fields
from quarantine.reported.sightings import Sightings, rebuild
from quarantine.store import Store
from storage import journal
from storage.interfaces import Database, StoreError
from storage.spool import Spool

NOW = 1_000_000.0
TARO = "taro@example.co.jp"
SENDER = Trait("address", "bank@evil.example")
DETAIL = {
    "direction": "inbound",
    "to": [TARO],
    **journal_fields(Summary("x", "bank@evil.example", "", "<1@x>"), (), warned=True),
}


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "spool")
    yield Store(database, spool, "node1")
    await spool.close()


def intent(mail_id: str, tenant: str = "default") -> Entry:
    return Entry(NOW, JournalEvent.HAND_OVER, "node1", "", mail_id, tenant, DETAIL)


def outcome(mail_id: str, event: JournalEvent = JournalEvent.PASS, **detail: object) -> Entry:
    return Entry(NOW, event, "node1", "", mail_id, detail={"replies": ["250 ok"], **detail})


async def status_of(store: Store) -> dict[str, str]:
    return {s.mail_id: s.got[0].status for s in await Sightings(store).find([SENDER], "default")}


async def events(store: Store, mail_id: str) -> list[str]:
    return [e.event for e in await store.entries("default", mail_id=mail_id)]


async def test_an_outcome_waits_for_the_next_intent_or_a_flush(store: Store) -> None:
    handed_over = HandedOver(store)
    await handed_over.begin(intent("m1"))
    handed_over.ended(outcome("m1"))
    assert await events(store, "m1") == ["hand_over"]
    await handed_over.begin(intent("m2"))
    assert await events(store, "m1") == ["hand_over", "pass"]
    handed_over.ended(outcome("m2"))
    await handed_over.flush()
    assert await events(store, "m2") == ["hand_over", "pass"]
    assert await journal.verify(store.database, "node1") is None


async def test_outcomes_are_written_by_themselves(store: Store) -> None:
    handed_over = HandedOver(store)
    writing = asyncio.ensure_future(handed_over.run())
    await handed_over.begin(intent("m1"))
    handed_over.ended(outcome("m1"))
    while await events(store, "m1") != ["hand_over", "pass"]:
        await asyncio.sleep(0.02)
    writing.cancel()


async def test_what_cannot_be_written_waits_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    handed_over = HandedOver(store)
    handed_over.ended(outcome("m1"))
    record = store.record

    async def locked(*entries: Entry, also: object = None) -> None:
        raise StoreError("locked")

    monkeypatch.setattr(store, "record", locked)
    with pytest.raises(StoreError):
        await handed_over.begin(intent("m2"))
    with pytest.raises(StoreError):
        await handed_over.flush()
    monkeypatch.setattr(store, "record", record)
    await handed_over.flush()
    assert await events(store, "m1") == ["pass"]
    assert await events(store, "m2") == []


async def test_a_start_finds_what_has_no_outcome_once(store: Store) -> None:
    handed_over = HandedOver(store)
    await handed_over.begin(intent("m1"))
    await handed_over.begin(intent("m2", tenant="other"))
    await handed_over.begin(intent("m3"))
    handed_over.ended(outcome("m3"))
    await handed_over.flush()
    await HandedOver(Store(store.database, store.blobs, "node2")).begin(intent("m4"))
    assert sorted(await HandedOver(store).settle(NOW + 9)) == ["m1", "m2"], "another node's are its own"
    assert await events(store, "m1") == ["hand_over", "outcome_unknown"]
    (told,) = await store.entries("other", mail_id="m2", event="outcome_unknown")
    assert told.tenant == "other"
    assert await HandedOver(store).settle(NOW + 99) == []


async def test_retro_search_knows_what_was_taken_what_was_not_and_what_nobody_knows(store: Store) -> None:
    handed_over = HandedOver(store)
    for mail_id in ("taken", "refused", "open"):
        await handed_over.begin(intent(mail_id))
    assert await status_of(store) == {"taken": "", "refused": "", "open": ""}
    handed_over.ended(outcome("taken"))
    handed_over.ended(outcome("refused", JournalEvent.NEXT_HOP_REFUSED, **DETAIL))
    await handed_over.flush()
    await handed_over.settle(NOW)
    expected = {"taken": "delivered", "open": ""}
    assert await status_of(store) == expected
    assert await Sightings(store).count(SENDER, "default") == 2
    assert await Sightings(store).mail("refused", "default") is None
    await rebuild(store, page=2)
    assert await status_of(store) == expected
    assert await Sightings(store).count(SENDER, "default") == 2
