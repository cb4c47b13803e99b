"""Heads that were carried away: what they are written to, and what they prove of a journal that was tampered with."""

import random
import socket
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from storage import heads, journal
from storage.database import open_database
from storage.heads import Sinks
from storage.interfaces import Database, Entry, Transaction
from storage.journal_links import START, MarkedHead, link
from storage.seal import Seal
from tests.services import databases

HEAD = MarkedHead("n", "default", 3, "ab" * 32, 5.0, "mark")
LATER = MarkedHead("n", "default", 9, "cd" * 32, 6.0, "mark")
ENTRIES, CARRIED = 30, 20
SEAL = Seal([b"k" * 32])


def test_a_file_grows_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "heads"
    sinks = Sinks(file, "", "mx.example")
    assert sinks.carry([HEAD]) == {}
    assert sinks.carry([HEAD]) == {}, "what is there is not written again"
    assert sinks.carry([LATER]) == {}
    assert heads.read(file.read_text().splitlines()) == [HEAD, LATER]


def test_what_a_sink_did_not_take_it_gets_with_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "mount"
    sinks = Sinks(folder / "heads", "", "mx.example")
    assert list(sinks.carry([HEAD])) == [str(folder / "heads")]
    folder.mkdir()
    other = MarkedHead("n@acme", "acme", 1, "ef" * 32, 6.0)
    assert sinks.carry([HEAD, other]) == {}
    assert heads.read((folder / "heads").read_text().splitlines()) == [HEAD, other]


@pytest.mark.parametrize("kind", ["unix", "udp"])
def test_syslog_by_datagrams(tmp_path: Path, kind: str) -> None:
    family, address = (
        (socket.AF_UNIX, str(tmp_path / "log")) if kind == "unix" else (socket.AF_INET, ("127.0.0.1", 0))
    )
    with socket.socket(family, socket.SOCK_DGRAM) as server:
        server.bind(address)
        server.settimeout(5)
        url = f"unix://{address}" if kind == "unix" else f"udp://127.0.0.1:{server.getsockname()[1]}"
        assert Sinks(None, url, "mx.example").carry([HEAD, LATER]) == {}
        lines = [server.recv(4096).decode() for _ in range(2)]
    assert lines[0].startswith("<109>1 - mx.example sekisho - - - ")
    assert heads.read(f"Nov 29 10:00:00 mx sekisho: {line}" for line in lines) == [HEAD, LATER]


def test_syslog_by_a_stream_counts_its_octets() -> None:
    got: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            peer, _ = server.accept()
            with peer:
                while data := peer.recv(4096):
                    got.append(data)

        thread = threading.Thread(target=serve)
        thread.start()
        assert Sinks(None, f"tcp://127.0.0.1:{server.getsockname()[1]}", "mx").carry([HEAD]) == {}
        thread.join(5)
    count, _, message = b"".join(got).partition(b" ")
    assert int(count) == len(message)
    assert heads.read([message.decode()]) == [HEAD]


def test_a_syslog_server_that_is_away_is_said() -> None:
    assert list(Sinks(None, "tcp://127.0.0.1:1", "mx").carry([HEAD])) == ["tcp://127.0.0.1:1"]


def test_other_lines_and_broken_ones_are_passed_over() -> None:
    lines = ["something else", f"{heads.TAG} {{", f"{heads.TAG} []", "x " + heads.line(HEAD) + " "]
    assert heads.read(lines) == [HEAD]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(databases.sqlite(tmp_path / "db"))
    yield opened
    await opened.close()


async def written(database: Database) -> tuple[MarkedHead, dict[str, list[Any]]]:
    """A chain with checkpoints, of which one was carried away; that head, and what stands in the tables then."""
    carried = None
    for number in range(ENTRIES):
        await database.write(
            lambda t, number=number: journal.append(
                t, "n", [Entry(float(number), "look", "ann", f"i{number}")]
            )
        )
        if number + 1 in (CARRIED // 2, CARRIED, ENTRIES - 3):
            (head,) = await journal.checkpoint(database, "n", 1.0, SEAL.mark)
            carried = head if number + 1 == CARRIED else carried
    assert carried is not None
    tables = ("journal", "journal_head", "journal_checkpoint")
    return carried, {
        name: await database.read(lambda t, name=name: t.execute(f"SELECT * FROM {name}")) for name in tables
    }


def restore(transaction: Transaction, state: dict[str, list[Any]]) -> None:
    for name, rows in state.items():
        transaction.execute(f"DELETE FROM {name}")
        columns = list(rows[0])
        marks = ", ".join(f":{c}" for c in columns)
        transaction.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", rows)


def mutate(transaction: Transaction, rng: random.Random) -> tuple[str, int]:
    """One way to tamper, by somebody who can write the tables and knows how hashes are made, but has no key. Answers
    what was done, and the first entry that is not as it was."""
    kind = rng.choice(
        ["edit", "delete", "swap", "cut", "rewrite", "rewrite and clean up", "cut and clean up"]
    )
    seq = rng.randint(1, ENTRIES - 1)
    if kind == "edit":
        column = rng.choice(["at", "actor", "event", "item", "detail", "hash", "mail_id", "tenant"])
        value: object = 1.5 if column == "at" else "x"
        transaction.execute(f"UPDATE journal SET {column} = :v WHERE seq = :s", {"v": value, "s": seq})
    elif kind == "delete":
        transaction.execute("DELETE FROM journal WHERE seq = :s", {"s": seq})
    elif kind == "swap":
        transaction.execute("UPDATE journal SET seq = -1 WHERE seq = :s", {"s": seq})
        transaction.execute("UPDATE journal SET seq = :s WHERE seq = :s + 1", {"s": seq})
        transaction.execute("UPDATE journal SET seq = :s + 1 WHERE seq = -1", {"s": seq})
    else:
        if kind.startswith("cut"):
            transaction.execute("DELETE FROM journal WHERE seq >= :s", {"s": seq})
        else:
            transaction.execute("UPDATE journal SET actor = 'nobody' WHERE seq = :s", {"s": seq})
        if kind != "cut":
            before = transaction.execute("SELECT hash FROM journal WHERE seq = :s - 1", {"s": seq})
            hash = before[0]["hash"] if before else START
            for row in transaction.execute("SELECT * FROM journal WHERE seq >= :s ORDER BY seq", {"s": seq}):
                hash = link(hash, row)
                transaction.execute(
                    "UPDATE journal SET hash = :h WHERE seq = :s", {"h": hash, "s": row["seq"]}
                )
            last = seq - 1 if kind.startswith("cut") else ENTRIES
            transaction.execute("UPDATE journal_head SET seq = :s, hash = :h", {"s": last, "h": hash})
        if kind.endswith("clean up"):
            transaction.execute("DELETE FROM journal_checkpoint WHERE seq >= :s", {"s": seq})
    return kind, seq


async def test_of_a_thousand_mutations_all_that_touch_what_was_carried_away_are_found(
    database: Database,
) -> None:
    head, state = await written(database)
    anchors = {head.seq: head.hash}
    assert await journal.verify(database, "n", anchors, SEAL.is_mark) is None
    rng = random.Random(20261129)
    unseen_without, younger = 0, 0
    for _ in range(1000):
        kind, seq = await database.write(lambda t: mutate(t, rng))
        found = await journal.verify(database, "n", anchors, SEAL.is_mark)
        if seq <= CARRIED:
            assert found is not None, (kind, seq)
            unseen_without += await journal.verify(database, "n", proves=SEAL.is_mark) is None
        else:
            younger += found is None
        await database.write(lambda t: restore(t, state))
    assert unseen_without > 50, "the heads outside are what finds these"
    assert younger > 10, "what nobody has carried away yet can be rewritten: it is told as younger"


async def test_a_head_that_somebody_else_made_is_not_believed(database: Database) -> None:
    head, _ = await written(database)
    assert journal.is_marked(head, SEAL.is_mark)
    assert not journal.is_marked(MarkedHead("n", "default", 5, "00" * 32, 1.0, head.mark), SEAL.is_mark)
    assert not journal.is_marked(MarkedHead("n", "default", head.seq, head.hash, 1.0), SEAL.is_mark)
