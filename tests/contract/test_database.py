"""What every Database promises."""

import asyncio

import pytest

from storage.database import open_database
from storage.interfaces import Database, Row, StoreError, Transaction
from tests.services.databases import ByHand


@pytest.fixture
async def table(database: Database) -> Database:
    await database.write(
        lambda t: ByHand(t).create(
            "thing", "id INTEGER PRIMARY KEY, name TEXT, size BIGINT, at DOUBLE PRECISION, raw BYTEA"
        )
    )
    return database


def insert(number: int, name: str = "") -> "object":
    def operation(transaction: Transaction) -> int:
        transaction.execute("INSERT INTO thing (id, name) VALUES (:id, :name)", {"id": number, "name": name})
        return number

    return operation


async def rows(
    database: Database, sql: str = "SELECT * FROM thing ORDER BY id", **values: object
) -> list[Row]:
    return await database.read(lambda t: t.execute(sql, values))


async def test_what_was_written_can_be_read_and_has_its_type(table: Database) -> None:
    values = {"id": 1, "name": "件名 100% :x '", "size": 2**40, "at": 1764000000.123456, "raw": b"\0\xff"}
    await table.write(lambda t: t.execute("INSERT INTO thing VALUES (:id, :name, :size, :at, :raw)", values))
    (row,) = await rows(table)
    assert {**row, "raw": bytes(row["raw"])} == values


async def test_null_values(table: Database) -> None:
    await table.write(
        lambda t: t.execute(
            "INSERT INTO thing (id, name, at) VALUES (1, :name, :at)", {"name": None, "at": None}
        )
    )
    (row,) = await rows(table)
    assert row["name"] is None
    assert row["at"] is None


async def test_literals_with_colons_and_percent_signs_are_left_alone(table: Database) -> None:
    (row,) = await rows(table, "SELECT ':id %s it''s' AS text, 7 % 4 AS rest")
    assert row == {"text": ":id %s it's", "rest": 3}


async def test_operations_of_a_group_see_each_other_and_answer_in_order(table: Database) -> None:
    numbers = await asyncio.gather(*(table.write(insert(n)) for n in range(500)))
    assert numbers == list(range(500))
    assert len(await rows(table)) == 500


async def test_one_that_raises_leaves_no_trace_and_hurts_nobody(table: Database) -> None:
    class Refused(Exception):
        pass

    def refuse(transaction: Transaction) -> None:
        transaction.execute("INSERT INTO thing (id) VALUES (1000)")
        raise Refused

    def broken(transaction: Transaction) -> None:
        transaction.execute("INSERT INTO thing (id) VALUES (1001)")
        transaction.execute("INSERT INTO no_such_table (id) VALUES (1)")

    work = [table.write(insert(n)) for n in range(20)]
    work[5:5] = [table.write(refuse), table.write(broken), table.write(insert(3))]
    done = await asyncio.gather(*work, return_exceptions=True)
    assert isinstance(done[5], Refused)
    assert isinstance(done[6], StoreError)
    doubles = [d for d in (done[3], done[7]) if isinstance(d, StoreError)]
    assert len(doubles) == 1
    assert [row["id"] for row in await rows(table)] == list(range(20))


async def test_changed_counts_the_rows_of_the_last_statement(table: Database) -> None:
    def operation(transaction: Transaction) -> tuple[int, int, int]:
        transaction.executemany("INSERT INTO thing (id, size) VALUES (:id, 1)", [{"id": n} for n in range(5)])
        transaction.execute("UPDATE thing SET size = 2 WHERE id < :n", {"n": 3})
        first = transaction.changed()
        transaction.execute("UPDATE thing SET size = 2 WHERE id = 99")
        second = transaction.changed()
        returned = transaction.execute("DELETE FROM thing WHERE id >= 3 RETURNING id")
        return first, second, len(returned)

    assert await table.write(operation) == (3, 0, 2)


async def test_what_is_left_for_the_end_runs_once_per_group_before_the_commit(table: Database) -> None:
    def add(number: int) -> "object":
        def operation(transaction: Transaction) -> None:
            numbers = transaction.memory.setdefault("numbers", [])
            numbers.append(number)
            transaction.at_end(
                "sum",
                lambda t: t.execute(
                    "INSERT INTO thing (id, size) VALUES (:id, :sum)", {"id": numbers[0], "sum": sum(numbers)}
                ),
            )

        return operation

    await asyncio.gather(*(table.write(add(n)) for n in range(1, 101)))
    found = await rows(table)
    assert sum(row["size"] for row in found) == 5050
    assert len(found) < 100, "no operations shared a transaction"


async def test_the_memory_of_a_group_that_was_rolled_back_is_gone(table: Database) -> None:
    def remember(transaction: Transaction) -> list[int]:
        numbers: list[int] = transaction.memory.setdefault("numbers", [])
        numbers.append(1)
        return list(numbers)

    def refuse(transaction: Transaction) -> None:
        raise ValueError

    one, two, three = await asyncio.gather(
        table.write(remember), table.write(refuse), table.write(remember), return_exceptions=True
    )
    assert isinstance(two, ValueError)
    assert one == [1]
    assert three in ([1], [1, 1])


async def test_a_cancelled_waiter_does_not_stop_the_others(table: Database) -> None:
    tasks = [asyncio.ensure_future(table.write(insert(n))) for n in range(50)]
    await asyncio.sleep(0)
    tasks[7].cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [d for n, d in enumerate(done) if n != 7] == [n for n in range(50) if n != 7]


async def test_a_reader_cannot_write(table: Database) -> None:
    with pytest.raises(StoreError):
        await table.read(insert(1))
    await table.write(insert(1))
    assert len(await rows(table)) == 1


async def test_a_reader_sees_one_moment(table: Database) -> None:
    await table.write(insert(1))
    loop = asyncio.get_running_loop()

    def look(transaction: Transaction) -> tuple[int, int]:
        before = len(transaction.execute("SELECT id FROM thing"))
        asyncio.run_coroutine_threadsafe(table.write(insert(2)), loop).result(30)
        return before, len(transaction.execute("SELECT id FROM thing"))

    assert await table.read(look) == (1, 1)
    assert len(await rows(table)) == 2


async def test_it_is_closed_once_what_was_queued_is_done(url: str, table: Database) -> None:
    pending = [asyncio.ensure_future(table.write(insert(n))) for n in range(30)]
    await asyncio.sleep(0)
    await table.close()
    assert await asyncio.gather(*pending) == list(range(30))
    await table.close()
    with pytest.raises(StoreError):
        await table.write(insert(99))
    with pytest.raises(StoreError):
        await rows(table)
    again = open_database(url)
    assert len(await rows(again)) == 30
    await again.close()


async def test_opening_twice_at_once_and_again_changes_nothing(unborn: str) -> None:
    opened = await asyncio.gather(*(asyncio.to_thread(open_database, unborn) for _ in range(4)))
    versions = [await rows(d, "SELECT * FROM schema_version ORDER BY number") for d in opened]
    assert versions[0]
    assert all(v == versions[0] for v in versions)
    for one in opened:
        await one.close()


async def test_two_programs_write_to_one_database(url: str, table: Database) -> None:
    other = open_database(url)
    await asyncio.gather(
        *(d.write(insert(2 * n + k)) for k, d in enumerate((table, other)) for n in range(100))
    )
    assert len(await rows(other)) == 200
    await other.close()
