"""Proofs of entries, out of a database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import journal
from storage.database import open_database
from storage.interfaces import Database, Entry, Transaction
from storage.journal_links import digest, holds
from storage.journal_proofs import entries_of, prove
from tests.services import databases
from tests.storage.test_journal_links import row


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(databases.sqlite(tmp_path / "db"))
    yield opened
    await opened.close()


async def written(database: Database, mails: str, tenant: str = "default") -> None:
    """An entry for each letter, of the mail of that name."""
    entries = [
        Entry(float(n), "accept", "test", f"i{n}", mail, tenant, {"n": n}) for n, mail in enumerate(mails)
    ]
    await database.write(lambda t: journal.append(t, "n", entries))


async def test_an_entry_is_proved_by_the_first_head_behind_it(database: Database) -> None:
    await written(database, "abacb")
    (first,) = await journal.checkpoint(database, "n", 50.0)
    await written(database, "acc")
    (second,) = await journal.checkpoint(database, "n", 60.0)
    await written(database, "ab")

    def look(transaction: Transaction) -> None:
        rows = entries_of(transaction, "default", "a", 100)
        assert [each["seq"] for each in rows] == [1, 6, 9, 3], "in the order of time"
        proofs = {each["seq"]: prove(transaction, each, 70.0) for each in rows}
        assert all(
            proof is not None and holds(proof, each) for each in rows for proof in [proofs[each["seq"]]]
        )
        assert [(p.head.seq, p.noted) for _, p in sorted(proofs.items()) if p] == [
            (first.seq, True), (first.seq, True), (second.seq, True), (10, False),
        ]  # fmt: skip

    await database.read(look)


async def test_nobody_elses_entries_are_found_or_proved(database: Database) -> None:
    await written(database, "aa")
    await written(database, "a", "acme")

    def look(transaction: Transaction) -> None:
        (mine,) = entries_of(transaction, "acme", "a", 100)
        assert mine["node"] == "n@acme"
        assert prove(transaction, {**mine, "node": "n"}, 1.0) is None

    await database.read(look)


@pytest.mark.parametrize("seq", [1, 3])
async def test_where_the_chain_is_not_whole_or_older_there_is_no_proof(database: Database, seq: int) -> None:
    """The second entry of four is in the form from before: who stands behind it is proved, who stands before it is not."""
    await written(database, "aaaa")
    await database.write(
        lambda t: t.execute(
            "UPDATE journal SET hash = 'ab' WHERE node = 'n' AND tenant = 'default' AND seq = 2"
        )
    )

    def look(transaction: Transaction) -> bool:
        rows = entries_of(transaction, "default", "a", 100)
        return prove(transaction, rows[seq - 1], 1.0) is not None

    assert await database.read(look) is False
    assert len(digest(row(1))) == 64
