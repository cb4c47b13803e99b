"""What is remembered of mail goes by months, and what is left of the journal is still proved. On every database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from quarantine.events import JournalEvent
from quarantine.item import Entry, Event, State
from quarantine.reported.reports import Report, Reports
from quarantine.reported.sightings import Sightings
from quarantine.retention import aging, legal_holds
from quarantine.retention.aging import Aging, month_before
from quarantine.search import index as text_index
from quarantine.store import Query, Store
from storage import journal
from storage.interfaces import Database, StoreError, Transaction
from storage.journal import Tombstone
from storage.journal_links import START, MarkedHead, link
from storage.seal import Seal
from tests.contract.test_erasing import House
from tests.quarantine.items import ADMIN, item, settle_in
from tests.services.databases import ByHand

SEAL = Seal([b"n" * 32, b"m" * 32])
OLDER = Seal([b"m" * 32])
MONTHS = 36


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


NOW = at("2026-11-30 09:00")


@pytest.fixture
async def house(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(aging, "PAGE", 3)
    monkeypatch.setattr(aging, "REST", 0.0)
    monkeypatch.setattr(text_index, "BLOCK", 8)
    await settle_in(database)
    made = House(database, tmp_path)
    yield made
    await made.blobs.close()


async def age(
    store: Store, seal: Seal, months: int, now: float, kept: Callable[[], Sequence[MarkedHead]] = tuple
) -> int:
    return await Aging(store, seal, months, kept).age(now)


async def years(house: House) -> list[str]:
    """A mail a month, over four years, discarded and erased; their ids."""
    ids = []
    for number in range(48):
        house.now = at(f"{2022 + (number + 11) // 12}-{(number + 11) % 12 + 1:02}-03 12:00")
        one = item(accepted_at=house.now, delay=3600)
        await house.store.put([one], house.now, "test")
        await house.store.change(one.id, Event.DISCARD, ADMIN, house.now)
        ids.append(one.id)
    erased = "UPDATE item SET erased_at = ended_at"
    await house.database.write(lambda t: ByHand(t).execute(erased))
    house.now = NOW
    return ids


async def left(house: House, tenant: str = "default") -> list[str]:
    found = await house.store.find(Query(tenant, limit=1000, order="oldest"))
    return [one.id for one in found]


async def whole(house: House, *chains: str) -> bool:
    for chain in chains or await journal.chains(house.database):
        if (found := await journal.verify(house.database, chain, proves=SEAL.is_mark)) is not None:
            pytest.fail(str(found))
    return True


def test_months_are_whole() -> None:
    assert month_before(NOW, 36) == at("2023-11-01")
    assert month_before(at("2026-01-01"), 1) == at("2025-12-01")
    assert month_before(at("2026-12-31 23:59"), 12) == at("2025-12-01")


async def test_old_months_go_and_the_rest_is_still_proved(house: House) -> None:
    ids = await years(house)
    assert await text_index.index(house.database, "default")
    while await text_index.index(house.database, "default"):
        pass
    await journal.checkpoint(house.database, "node1", NOW - 1, SEAL.mark)
    anchors = {c.seq: c.hash for c in await journal.checkpoint(house.database, "node1", NOW, OLDER.mark)}
    seen = await house.store.entries("default", limit=10_000)
    assert await age(house.store, SEAL, MONTHS, NOW) > 0
    stone = await journal.tombstone(house.database, "node1")
    assert (stone.seq > 3, stone.at) == (True, NOW)
    entries = await house.store.entries("default", limit=10_000)
    (told,) = [e for e in entries if e.event == JournalEvent.JOURNAL_EXPIRED]
    assert told.detail == {"before": "2023-11", "seq": stone.seq, "hash": stone.hash}
    assert min(e.at for e in entries) >= at("2023-11-01")
    assert len(entries) == len(seen) - stone.seq + 1
    assert await whole(house)
    assert await journal.verify(house.database, "node1", anchors, SEAL.is_mark) is None
    assert await journal.verify(house.database, "node1", {1: "ab" * 32}) is None, "older than what is left"
    kept = await left(house)
    assert 0 < len(kept) < len(ids)
    assert kept == ids[-len(kept) :]
    query = Query("default", text="sender@example.jp", limit=1000)
    assert len(await house.store.find(query)) == len(kept), "the index still finds what is left"
    blocks = await house.database.read(
        lambda t: ByHand(t).execute("SELECT MIN(last_at) AS least FROM search_block")
    )
    assert blocks[0]["least"] >= at("2023-11-01")
    assert await age(house.store, SEAL, MONTHS, NOW + 3600) == 0, "once"
    assert await age(house.store, SEAL, MONTHS, at("2026-12-01 00:01")) > 0
    assert await whole(house)


async def test_a_month_that_goes_without_a_word_is_noticed(house: House) -> None:
    await years(house)
    rows = await house.database.read(
        lambda t: t.execute(journal.PAGES, {"node": "node1", "after": 0, "page": 9})
    )
    cut = "DELETE FROM journal WHERE node = 'node1' AND seq <= 9"
    await house.database.write(lambda t: ByHand(t).execute(cut))
    found = await journal.verify(house.database, "node1", proves=SEAL.is_mark)
    assert found is not None
    assert (found.seq, found.problem) == (1, "the entry is missing")

    stone = {"seq": 9, "hash": rows[-1]["hash"], "mark": "00" * 32}
    grave = (
        "INSERT INTO journal_tombstone (node, tenant, seq, hash, at, mark)"
        " VALUES ('node1', 'default', :seq, :hash, 1.0, :mark)"
    )
    await house.database.write(lambda t: ByHand(t).execute(grave, stone))
    found = await journal.verify(house.database, "node1", proves=SEAL.is_mark)
    assert found is not None
    assert found.problem == "the tombstone was not made with our key"
    found = await journal.verify(house.database, "node1")
    assert found is not None
    assert found.problem == "no entry says that the ones before it were to go", "without the key as well"
    assert await age(house.store, SEAL, MONTHS, NOW) > 0, "items go"
    assert (await journal.tombstone(house.database, "node1")).seq == 9, (
        "nothing more goes of a chain that is not whole"
    )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal_tombstone SET seq = seq - 1",
        "UPDATE journal_tombstone SET hash = 'ab' || hash",
        "DELETE FROM journal_tombstone",
        "DELETE FROM journal WHERE seq = (SELECT MIN(seq) FROM journal)",
        "UPDATE journal SET detail = '{}' WHERE event = 'journal_expired'",
    ],
)
async def test_a_tombstone_that_was_touched_is_noticed(house: House, change: str) -> None:
    await years(house)
    await age(house.store, SEAL, MONTHS, NOW)
    assert await whole(house)
    await house.database.write(lambda t: ByHand(t).execute(change))
    assert await journal.verify(house.database, "node1", proves=SEAL.is_mark) is not None


async def test_an_end_in_the_middle_leaves_a_chain_that_is_whole(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await years(house)
    blocks = 0

    def once(*arguments: object) -> None:
        nonlocal blocks
        blocks += 1
        if blocks == 3:
            raise StoreError("away")
        cut(*arguments)  # type: ignore[arg-type]

    cut = journal.cut
    with monkeypatch.context() as patch:
        patch.setattr(journal, "cut", once)
        with pytest.raises(StoreError, match="away"):
            await age(house.store, SEAL, MONTHS, NOW)
    assert 0 < (await journal.tombstone(house.database, "node1")).seq <= 6
    assert await whole(house)
    await age(house.store, SEAL, MONTHS, NOW)
    assert min(e.at for e in await house.store.entries("default", limit=10_000)) >= at("2023-11-01")
    assert await whole(house)


async def test_two_nodes_at_once(house: House) -> None:
    await years(house)
    rows = await house.database.read(
        lambda t: t.execute(journal.PAGES, {"node": "node1", "after": 0, "page": 3})
    )
    begin = Tombstone()
    await house.database.write(lambda t: journal.cut(t, "node1", "default", begin, rows[-1], NOW, SEAL.mark))
    with pytest.raises(StoreError, match="somebody else"):
        await house.database.write(
            lambda t: journal.cut(t, "node1", "default", begin, rows[-1], NOW, SEAL.mark)
        )


async def test_what_waits_or_is_under_a_legal_hold_stays(house: House) -> None:
    house.now = at("2022-12-01")
    waiting = await house.take(delay=10**9)
    held = await house.take(owner="taro", delay=3600)
    gone = await house.take(owner="jiro", delay=3600)
    for each in (held, gone):
        await house.store.change(each.id, Event.DISCARD, ADMIN, house.now)
    hold = await legal_holds.add(house.store, "default", ["taro"], reason="case", by="a", now=house.now)
    await house.store.record(Entry(house.now, JournalEvent.LOOK, "x", tenant="acme"))
    house.now = NOW
    await house.erase()
    await age(house.store, SEAL, MONTHS, NOW)
    assert set(await left(house)) == {waiting.id, held.id}
    assert (await journal.tombstone(house.database, "node1")).seq == 0, "a chain has no gaps"
    assert (await journal.tombstone(house.database, "node1@acme")).seq == 1, (
        "another tenant's is another chain"
    )
    await legal_holds.end(house.store, "default", hold.id, by="a", now=NOW)
    await house.erase()
    await age(house.store, SEAL, MONTHS, NOW)
    assert await left(house) == [waiting.id]
    assert (await house.get(waiting)).state is State.HELD
    assert await whole(house)


async def test_reports_go_with_their_months_and_stay_under_a_legal_hold(house: House) -> None:
    """The content of one is kept then, and nothing else says what it is."""
    reports = Reports(house.store, Sightings(house.store))
    blob = (await house.blobs.put([b"x"], "default")).key
    made = Report("default", "taro", at("2022-12-01"), "page", mail_id="m1", blob=blob)
    report, _ = await reports.add(made)
    closed = msgspec.structs.replace(
        report, state="closed", verdict="spam", decided_by="a", decided_at=report.at
    )
    await house.database.write(lambda t: reports.close(t, [closed]))
    hold = await legal_holds.add(house.store, "default", ["taro"], reason="case", by="a", now=report.at)
    await age(house.store, SEAL, MONTHS, NOW)
    assert await reports.get(report.id, "default") == closed
    await legal_holds.end(house.store, "default", hold.id, by="a", now=NOW)
    await age(house.store, SEAL, MONTHS, NOW)
    assert await reports.get(report.id, "default") is None


async def test_what_was_found_again_by_its_entry_is_not_any_more(house: House) -> None:
    detail = {
        "direction": "inbound",
        "to": ["taro@example.jp"],
        "author": "x@evil.example",
        "subject": "Invoice",
    }
    for moment, mail_id in ((at("2022-12-01"), "m1"), (NOW, "m2")):
        await house.store.record(
            Entry(moment, JournalEvent.HAND_OVER, "node1", "", mail_id, "default", detail),
            Entry(moment, JournalEvent.PASS, "node1", "", mail_id, "default", {}),
        )
    count = "SELECT DISTINCT mail_id FROM sighting ORDER BY mail_id"
    assert [r["mail_id"] for r in await house.database.read(lambda t: ByHand(t).execute(count))] == [
        "m1",
        "m2",
    ]
    assert Sightings(house.store)
    await age(house.store, SEAL, MONTHS, NOW)
    assert [r["mail_id"] for r in await house.database.read(lambda t: ByHand(t).execute(count))] == ["m2"]


def rewritten(chain: str) -> str:
    """Makes the hash of every entry anew, as whoever writes the database can."""
    return f"UPDATE journal SET actor = 'nobody' WHERE node = '{chain}' AND seq = 2"


async def forge(house: House) -> None:
    """Rewrite the second entry, and all links behind it, the head too."""

    def operation(transaction: Transaction) -> None:
        ByHand(transaction).execute(rewritten("node1"))
        rows = transaction.execute(journal.PAGES, {"node": "node1", "after": 0, "page": 100_000})
        hash = START
        for row in rows:
            hash = link(hash, row)
            values = {"seq": row["seq"], "hash": hash}
            ByHand(transaction).execute(
                "UPDATE journal SET hash = :hash WHERE node = 'node1' AND seq = :seq", values
            )
        ByHand(transaction).execute(
            "UPDATE journal_head SET hash = :hash WHERE node = 'node1'", {"hash": hash}
        )

    await house.database.write(operation)


async def test_a_chain_that_was_rewritten_in_itself_keeps_its_old_entries(house: House) -> None:
    """Its links are right; a checkpoint of ours, or a head that was carried elsewhere, says otherwise."""
    await years(house)
    carried = await journal.checkpoint(house.database, "node1", NOW, SEAL.mark)
    await forge(house)
    await age(house.store, SEAL, MONTHS, NOW)
    assert (await journal.tombstone(house.database, "node1")).seq == 0, "the checkpoint"
    await house.database.write(lambda t: ByHand(t).execute("DELETE FROM journal_checkpoint"))
    await age(house.store, SEAL, MONTHS, NOW, lambda: carried)
    assert (await journal.tombstone(house.database, "node1")).seq == 0, "the head"

    def away() -> Sequence[MarkedHead]:
        raise OSError("not mounted")

    await age(house.store, SEAL, MONTHS, NOW, away)
    assert (await journal.tombstone(house.database, "node1")).seq == 0, "nobody knows"
    stranger = [msgspec.structs.replace(each, mark="00" * 32) for each in carried]
    await age(house.store, SEAL, MONTHS, NOW, lambda: stranger)
    assert (await journal.tombstone(house.database, "node1")).seq > 0, "what anybody can write says nothing"


async def test_a_legal_hold_keeps_the_months_from_the_first_that_tells_of_whom_it_names(house: House) -> None:
    await years(house)  # 2022-12 to 2026-11, of sender@example.jp
    entries = await house.store.entries("default", limit=10_000)
    detail = {"to": ["Taro+x@example.jp"], "subject": "jiro@example.jp and others are not named by this"}
    first = at("2023-04-20")
    await house.store.record(Entry(first, JournalEvent.LOOK, "hanako", "", "", "default", detail))

    def in_order(transaction: Transaction) -> None:
        """Put it into its place, in time."""
        rows = transaction.execute(journal.PAGES, {"node": "node1", "after": 0, "page": 100_000})
        moved = [dict(row) for row in sorted(rows, key=lambda row: row["at"])]
        ByHand(transaction).execute("DELETE FROM journal")
        hash = START
        for seq, row in enumerate(moved, 1):
            row["seq"] = seq
            row["hash"] = hash = link(hash, row)
        ByHand(transaction).executemany(journal._INSERT, moved)
        ByHand(transaction).execute(
            "UPDATE journal_head SET hash = :hash WHERE node = 'node1'", {"hash": hash}
        )

    await house.database.write(in_order)
    assert await whole(house)
    hold = await legal_holds.add(
        house.store, "default", ["taro@example.jp", "m-77", "jiro@example.jp"], reason="case", by="a", now=NOW
    )
    aging = Aging(house.store, SEAL, MONTHS)
    assert await aging.age(NOW) > 0
    left = await house.store.entries("default", limit=10_000)
    assert min(e.at for e in left) == at("2023-04-03 12:00"), "a chain has no gaps"
    assert len(left) < len(entries)
    assert await aging.age(NOW) == 0
    assert await whole(house)
    await legal_holds.end(house.store, "default", hold.id, by="a", now=NOW)
    assert await aging.age(NOW) > 0
    assert min(e.at for e in await house.store.entries("default", limit=10_000)) >= at("2023-11-01")
    assert await whole(house)


async def test_a_hold_that_comes_while_the_journal_ages_stops_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await years(house)
    cut, blocks = journal.cut, 0

    def counted(*arguments: object) -> None:
        nonlocal blocks
        blocks += 1
        cut(*arguments)  # type: ignore[arg-type]

    rest = asyncio.sleep

    async def in_between(seconds: float) -> None:
        if blocks == 1 and not await legal_holds.all_of(house.database, "default"):
            await legal_holds.add(house.store, "default", ["taro"], reason="case", by="a", now=NOW)
        await rest(0)

    monkeypatch.setattr(journal, "cut", counted)
    monkeypatch.setattr(asyncio, "sleep", in_between)
    await age(house.store, SEAL, MONTHS, NOW)
    assert blocks == 1
    monkeypatch.undo()
    assert await whole(house)


async def test_a_chain_of_another_node_is_left_to_it_for_a_month(house: House) -> None:
    await years(house)
    other = Store(house.database, house.blobs, "node2")
    await age(other, SEAL, MONTHS, NOW)
    stone = await journal.tombstone(house.database, "node1")
    entries = await house.store.entries("default", limit=10_000)
    assert min(e.at for e in entries) == at("2023-10-03 12:00")
    assert stone.seq > 0
    assert await whole(house)
