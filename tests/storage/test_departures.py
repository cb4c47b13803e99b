"""What happened to mail stands in a second place before it is committed; a database that is older than that is noticed."""

import os
from pathlib import Path

import pytest

from quarantine.item import Event
from storage import departures, journal
from storage.database import dialect, open_database
from storage.departures import Departed, Departures, Older
from storage.interfaces import Entry, StoreError, Transaction


def entry(number: int, event: str = Event.LEASE, chain_item: str = "i") -> Entry:
    return Entry(
        float(number), event, "dispatcher", f"{chain_item}{number}", f"m{number}", detail={"token": number}
    )


async def kept(url: str, place: Departures | None, *entries: Entry, node: str = "n1") -> None:
    database = open_database(url, departures=place)
    try:
        for each in entries:
            await database.write(lambda t, each=each: journal.append(t, node, [each]))  # type: ignore[misc]
    finally:
        await database.close()


def lines(place: Departures) -> list[Departed]:
    return departures.read(place.folder)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'db'}"


@pytest.fixture
def place(tmp_path: Path) -> Departures:
    return Departures(tmp_path / "departures", "n1")


async def test_each_entry_about_a_mail_is_told_in_the_order_of_the_chain(url: str, place: Departures) -> None:
    await kept(url, place, entry(1), entry(2, Event.FINISH), Entry(3.0, "login", "taro"))
    told = [line for line in lines(place) if line.chain]
    assert [(line.after, line.to) for line in told] == [(0, 1), (1, 2), (2, 3)]
    assert [[e.item for e in line.entries] for line in told] == [["i1"], ["i2"], []]
    assert told[0].entries[0].detail == {"token": 1}


async def test_nothing_is_committed_that_could_not_be_told(
    url: str, place: Departures, tmp_path: Path
) -> None:
    await kept(url, place, entry(1))
    (file,) = place.folder.glob("*.jsonl")
    file.rename(tmp_path / "aside")
    file.mkdir()
    with pytest.raises(StoreError):
        await kept(url, place, entry(2))
    file.rmdir()
    (tmp_path / "aside").rename(file)
    await kept(url, place, entry(3))
    assert [line.to for line in lines(place) if line.chain] == [1, 2]
    database = open_database(url)
    assert await journal.end(database, "n1") == 2
    await database.close()


async def test_a_line_that_was_never_committed_is_taken_for_none(url: str, place: Departures) -> None:
    await kept(url, place, entry(1))
    database = open_database(url, departures=place)

    def fails(transaction: Transaction) -> None:
        journal.append(transaction, "n1", [entry(2)])
        transaction.at_end("fails", lambda t: t.execute("no SQL"))  # what only the commit notices

    with pytest.raises(StoreError):
        await database.write(fails)
    await database.close()
    assert [line.to for line in lines(place) if line.chain] == [1, 2]
    started = Departures(place.folder.parent, "n1")
    connection = dialect(url).connect(readonly=True)
    started.check(connection.begin(), ["n1"])
    connection.close()
    await kept(url, started, entry(3))
    assert [(line.after, line.to) for line in lines(place) if line.chain] == [(0, 1), (1, 2), (1, 2)]


async def test_a_torn_end_is_no_line_and_harms_none(url: str, place: Departures) -> None:
    await kept(url, place, entry(1))
    (file,) = place.folder.glob("*.jsonl")
    with file.open("ab") as out:
        out.write(b'{"chain":"n1","after":1,"to":2,')
    await kept(url, Departures(place.folder.parent, "n1"), entry(2))
    assert [line.to for line in lines(place) if line.chain] == [1, 2]


async def test_what_nobody_told_is_told_with_the_next(url: str, place: Departures) -> None:
    await kept(url, place, entry(1))
    await kept(url, None, entry(2), entry(3))
    await kept(url, Departures(place.folder.parent, "n1"), entry(4))
    told = [(line.after, line.to, [e.item for e in line.entries]) for line in lines(place) if line.chain]
    assert told == [(0, 1, ["i1"]), (1, 3, ["i2", "i3"]), (3, 4, ["i4"])]


async def test_an_older_database_is_noticed_at_the_start_and_at_the_first_write(
    url: str, place: Departures, tmp_path: Path
) -> None:
    await kept(url, place, entry(1))
    old = (tmp_path / "db").read_bytes()
    await kept(url, place, entry(2), entry(3), entry(4))
    for left in tmp_path.glob("db*"):
        left.unlink()
    (tmp_path / "db").write_bytes(old)
    again = Departures(place.folder.parent, "n1")
    connection = dialect(url).connect(readonly=True)
    with pytest.raises(Older, match="older"):
        again.check(connection.begin(), ["n1"])
    connection.close()
    with pytest.raises(StoreError, match="older"):
        await kept(url, again, entry(5))


async def test_a_restore_begins_a_new_life(url: str, place: Departures, tmp_path: Path) -> None:
    await kept(url, place, entry(1))
    old = (tmp_path / "db").read_bytes()
    connection = dialect(url).connect(readonly=True)
    (row,) = connection.begin().execute("SELECT seq, hash FROM journal_head WHERE node = 'n1'")
    connection.close()
    await kept(url, place, entry(2), entry(3))
    for left in tmp_path.glob("db*"):
        left.unlink()
    (tmp_path / "db").write_bytes(old)
    again = Departures(place.folder.parent, "n1")
    again.restored("B", {"n1": (row["seq"], row["hash"])}, 9.0)
    await kept(url, again, entry(4))
    assert lines(place)[-1].after == 1


async def test_files_follow_each_other_and_old_ones_go(url: str, tmp_path: Path) -> None:
    place = Departures(tmp_path / "departures", "gw/1", segment=400)
    await kept(url, place, *(entry(number) for number in range(1, 20)))
    files = sorted(place.folder.glob("*.jsonl"))
    assert len(files) > 4
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    told = lines(place)
    assert [line.to for line in told if line.chain] == list(range(1, 20))
    assert departures.last_of(place.folder, "n1") == [line for line in told if line.chain][-1]
    assert place.forget(before=10.0) > 0
    left = [line.to for line in lines(place) if line.chain]
    assert left == list(range(left[0], 20))
    assert left[0] <= 10
    await kept(url, Departures(place.folder.parent, "gw/1", segment=400), entry(20))
    assert lines(place)[-1].to == 20
    assert os.listdir(place.folder.parent) == ["gw%2F1"]
