"""The chain: every way of tampering with the table is found, at its place."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from storage import journal, journal_links
from storage.database import open_database
from storage.interfaces import Database, Entry
from storage.seal import Seal
from tests.services import databases

N = 40


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(databases.sqlite(tmp_path / "db"))
    for start in range(0, N, 10):
        await opened.write(
            lambda t, start=start: journal.append(t, "n", [entry(k) for k in range(start, start + 10)])
        )
        await opened.write(lambda t: journal.append(t, "other", [entry(0)]))
    yield opened
    await opened.close()


def entry(number: int) -> Entry:
    return Entry(
        1764000000.1 + number, "look", "ann", f"i{number}", f"m{number}", detail={"b": [1, None], "a": "件名"}
    )


async def tamper(database: Database, *statements: str) -> None:
    for statement in statements:
        await database.write(lambda t, statement=statement: t.execute(statement))


async def test_an_untouched_chain_is_whole(database: Database) -> None:
    assert await journal.chains(database) == ["n", "other"]
    assert await journal.verify(database, "n") is None
    assert await journal.verify(database, "other") is None
    assert await journal.verify(database, "unknown") is None


async def test_every_tenant_has_a_chain_of_its_own(database: Database) -> None:
    """Also in one transaction, and with the checkpoints of a node noting all of them."""
    mixed = [msgspec.structs.replace(entry(n), tenant=t) for n, t in enumerate(("acme", "default", "acme"))]
    await database.write(lambda t: journal.append(t, "n", mixed))
    assert await journal.chains(database) == ["n", "n@acme", "other"]
    rows = await database.read(
        lambda t: t.execute("SELECT * FROM journal WHERE tenant = 'acme' ORDER BY seq")
    )
    assert [(r["node"], r["seq"], r["item"]) for r in rows] == [("n@acme", 1, "i0"), ("n@acme", 2, "i2")]
    heads = await database.read(
        lambda t: t.execute("SELECT node, tenant, seq FROM journal_head ORDER BY node")
    )
    assert [tuple(r.values()) for r in heads] == [
        ("n", "default", N + 1), ("n@acme", "acme", 2), ("other", "default", N // 10),
    ]  # fmt: skip
    seal = Seal([b"k" * 32])
    noted = await journal.checkpoint(database, "n", 5.0, seal.mark)
    assert [(c.chain, c.tenant, c.seq) for c in noted] == [("n", "default", N + 1), ("n@acme", "acme", 2)]
    for chain in ("n", "n@acme"):
        assert await journal.verify(database, chain, proves=seal.is_mark) is None
    await tamper(database, "DELETE FROM journal WHERE node = 'n@acme' AND seq = 2")
    assert await journal.verify(database, "n@acme", proves=seal.is_mark) is not None
    assert await journal.verify(database, "n", proves=seal.is_mark) is None


async def test_an_entry_of_one_tenant_cannot_be_moved_to_another(database: Database) -> None:
    await database.write(lambda t: journal.append(t, "n", [msgspec.structs.replace(entry(1), tenant="acme")]))
    await tamper(database, "UPDATE journal SET tenant = 'default' WHERE node = 'n@acme'")
    found = await journal.verify(database, "n@acme")
    assert found is not None
    assert (found.chain, found.seq) == ("n@acme", 1)


async def test_it_goes_on_after_a_group_that_was_rolled_back(database: Database) -> None:
    def refused(transaction: object) -> None:
        journal.append(transaction, "n", [entry(98)])  # type: ignore[arg-type]
        raise ValueError

    with pytest.raises(ValueError):
        await database.write(refused)
    await database.write(lambda t: journal.append(t, "n", [entry(99)]))
    assert await journal.verify(database, "n") is None
    rows = await database.read(
        lambda t: t.execute("SELECT seq, item FROM journal WHERE node = 'n' ORDER BY seq")
    )
    assert [(r["seq"], r["item"]) for r in rows[N - 1 :]] == [(N, "i39"), (N + 1, "i99")]


@pytest.mark.parametrize("column", ["at", "event", "actor", "item", "mail_id", "tenant", "detail", "hash"])
async def test_an_edit_is_found_where_it_is(database: Database, column: str) -> None:
    value = "at + 1" if column == "at" else f"replace({column} || ' ', ' ', 'x')"
    await tamper(database, f"UPDATE journal SET {column} = {value} WHERE node = 'n' AND seq = 7")
    found = await journal.verify(database, "n")
    assert found is not None
    assert found.seq == 7
    assert await journal.verify(database, "other") is None


@pytest.mark.parametrize(
    ("statements", "seq"),
    [
        (["DELETE FROM journal WHERE node = 'n' AND seq = 7"], 7),
        (["DELETE FROM journal WHERE node = 'n' AND seq = 1"], 1),
        (["DELETE FROM journal WHERE node = 'n' AND seq > 35"], 36),
        (["DELETE FROM journal WHERE node = 'n'"], 1),
        (["DELETE FROM journal WHERE node = 'n' AND seq > 35", "DELETE FROM journal_head WHERE node = 'n'"], 35),
        (["UPDATE journal SET seq = 0 - seq WHERE seq IN (7, 8) AND node = 'n'",
          "UPDATE journal SET seq = 15 + seq WHERE seq < 0 AND node = 'n'"], 7),
        (["DELETE FROM journal WHERE node = 'n' AND seq = 7",
          "UPDATE journal SET seq = 0 - seq WHERE seq > 7 AND node = 'n'",
          "UPDATE journal SET seq = 0 - seq - 1 WHERE seq < 0 AND node = 'n'"], 7),
        (["UPDATE journal SET node = 'n', seq = 41 WHERE node = 'other' AND seq = 2"], 41),
        (["UPDATE journal_head SET hash = 'x' WHERE node = 'n'"], N),
        (["UPDATE journal_head SET seq = 39 WHERE node = 'n'"], N),
    ],
)  # fmt: skip
async def test_deletion_reordering_and_truncation_are_found(
    database: Database, statements: list[str], seq: int
) -> None:
    await tamper(database, *statements)
    found = await journal.verify(database, "n")
    assert found is not None
    assert found.seq == seq


async def rewrite(database: Database, keep: int) -> None:
    """What somebody with all rights in the database would do: cut, and make the rest consistent."""
    await tamper(database, f"DELETE FROM journal WHERE node = 'n' AND seq > {keep}")
    rows = await database.read(lambda t: t.execute("SELECT * FROM journal WHERE node = 'n' ORDER BY seq"))
    hash = journal_links.START
    for row in rows:
        changed = {**row, "actor": "nobody"}
        hash = journal_links.link(hash, changed)
        values = {"seq": row["seq"], "hash": hash}
        await database.write(
            lambda t, values=values: t.execute(
                "UPDATE journal SET actor = 'nobody', hash = :hash WHERE node = 'n' AND seq = :seq", values
            )
        )
    await tamper(database, f"UPDATE journal_head SET seq = {keep}, hash = '{hash}' WHERE node = 'n'")


@pytest.mark.parametrize("keep", [N, 20])
async def test_a_rewritten_chain_is_found_by_a_head_kept_elsewhere(database: Database, keep: int) -> None:
    (noted,) = await journal.checkpoint(database, "n", 5.0)
    await tamper(database, "DELETE FROM journal_checkpoint")
    await rewrite(database, keep)
    assert await journal.verify(database, "n") is None, "nothing inside the database can tell"
    assert await journal.verify(database, "n", {noted.seq: noted.hash}) is not None


async def test_a_checkpoint_in_the_database_cannot_be_forged_without_the_key(database: Database) -> None:
    seal = Seal([b"k" * 32])
    await journal.checkpoint(database, "n", 5.0, seal.mark)
    assert await journal.verify(database, "n", proves=seal.is_mark) is None
    await rewrite(database, N)
    assert await journal.verify(database, "n", proves=seal.is_mark) is not None
    await tamper(
        database,
        "UPDATE journal_checkpoint SET hash = (SELECT hash FROM journal WHERE node = 'n' ORDER BY seq DESC LIMIT 1)",
    )
    assert await journal.verify(database, "n") is None
    found = await journal.verify(database, "n", proves=seal.is_mark)
    assert found is not None
    assert "key" in found.problem


async def test_random_mutations_of_the_table_are_all_found(database: Database) -> None:
    random_ = random.Random(20261122)
    for _ in range(60):
        seq, other = random_.sample(range(1, N + 1), 2)
        statements = random_.choice(
            [
                [f"UPDATE journal SET actor = actor || '{seq}' WHERE node = 'n' AND seq = {seq}"],
                [f"DELETE FROM journal WHERE node = 'n' AND seq = {seq}"],
                [f"UPDATE journal SET detail = '[]' WHERE node = 'n' AND seq = {seq}"],
                [f"UPDATE journal SET item = (SELECT item FROM journal WHERE node = 'n' AND seq = {other})"
                 f" WHERE node = 'n' AND seq = {seq}"],
                [f"UPDATE journal SET at = at + 0.001 WHERE node = 'n' AND seq = {seq}"],
            ]
        )  # fmt: skip
        found: list[journal.Break | None] = []

        async def change(statements: list[str] = statements) -> None:
            await tamper(database, *statements)

        backup = await database.read(lambda t: t.execute("SELECT * FROM journal WHERE node = 'n'"))
        await change()
        found.append(await journal.verify(database, "n"))
        assert found[0] is not None, statements
        await database.write(lambda t: t.execute("DELETE FROM journal WHERE node = 'n'"))
        await database.write(lambda t, backup=backup: t.executemany(journal._INSERT, backup))
    assert await journal.verify(database, "n") is None


def test_no_text_can_stop_an_entry() -> None:
    assert journal.canonical({"b": 1, "a": ["\0", "é"]}) == '{"a":["\\u0000","é"],"b":1}'
    assert journal.canonical({"a": "\ud800"}) == '{"a":"\N{REPLACEMENT CHARACTER}"}'
    assert journal.clean("a\0\udfff\n") == "a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}\n"


async def test_reading_pages_joins_them(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "PAGE", 7)
    assert await journal.verify(database, "n") is None
    await tamper(database, "UPDATE journal SET actor = 'x' WHERE node = 'n' AND seq = 36")
    found = await journal.verify(database, "n")
    assert found is not None
    assert found.seq == 36
