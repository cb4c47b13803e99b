"""Guesses at several nodes of one database count together, on every database."""

from unittest.mock import patch

import pytest

from directory.guessed import SLACK, Guessed
from directory.guesses import Guesses
from storage.interfaces import Database, StoreError
from storage.seal import Seal
from storage.tally import SharedTally, Tallies

NETWORK = ("network", "192.0.2.1")
TARO = ("account", ("default", "taro"))
WINDOW, LIMIT = 900.0, 6
SEAL = Seal([b"k" * 32])


class Node:
    """With a monotonic clock of its own, which says something else than the wall's."""

    def __init__(self, database: Database, name: str, uptime: float, tallies: Tallies | None = None) -> None:
        self.now = 1_800_000_000.0
        self.uptime = uptime
        self.guesses = Guesses(LIMIT, WINDOW, tallies, SEAL.mark)
        self.guessed = Guessed(
            self.guesses, database, name, WINDOW, lambda: self.now, lambda: self.now - 1_800_000_000 + uptime
        )

    def try_(self, *, failed: bool = True) -> bool:
        """True when a password was looked at."""
        at = self.now - 1_800_000_000 + self.uptime
        if not self.guesses.attempt([NETWORK, TARO], at):
            return False
        self.guesses.settle([NETWORK, TARO], at, at, failed=failed)
        return True


async def test_who_guesses_at_two_nodes_has_no_more_guesses_than_at_one(database: Database) -> None:
    one, two = Node(database, "one", 5.0), Node(database, "two", 70_000.0)
    tried = 0
    for _ in range(LIMIT):
        for node in (one, two):
            tried += node.try_()
            node.now += 1
            await node.guessed.share()
    for node in (one, two):
        await node.guessed.share()
        assert not node.try_()
    assert LIMIT <= tried <= LIMIT + 1, "one more may be looked at within a round"
    two.now += WINDOW + 1
    await two.guessed.share()
    assert two.try_(), "what is over counts nowhere"


async def test_what_was_heard_counts_once_and_right_passwords_are_told_to_nobody(database: Database) -> None:
    one, two = Node(database, "one", 5.0), Node(database, "two", 6.0)
    assert one.try_()
    assert one.try_(failed=False)
    await one.guessed.share()
    for _ in range(3):
        await two.guessed.share()
        two.now += SLACK / 2
    assert [two.try_() for _ in range(LIMIT)] == [True] * (LIMIT - 1) + [False]


async def test_a_node_that_starts_hears_what_was_before_it(database: Database) -> None:
    one = Node(database, "one", 5.0)
    while one.try_():
        one.now += 100.0
        await one.guessed.share()
    two = Node(database, "two", 6.0)
    two.now = one.now
    await two.guessed.share()
    assert not two.try_()


async def test_the_processes_of_a_node_hear_once_what_others_saw(database: Database) -> None:
    kinds = ("network", "account", "device", "nobody", "place", "known")
    shared = {f"failures of a {kind}": SharedTally(LIMIT * (3 if kind == "known" else 1)) for kind in kinds}
    shared["attempts"] = SharedTally(2)
    first, second = (Node(database, "one", 5.0, Tallies(shared, seat, 2)) for seat in (0, 1))
    other = Node(database, "two", 6.0)
    assert other.try_()
    assert second.try_()
    for node in (other, second, first, second, first):
        await node.guessed.share()
    assert [first.try_() for _ in range(LIMIT)] == [True] * (LIMIT - 2) + [False] * 2


async def test_all_that_was_seen_is_heard_however_much_it_is(database: Database) -> None:
    one, two = Node(database, "one", 5.0), Node(database, "two", 6.0)
    for _ in range(LIMIT):
        assert one.try_()  # at the same moment
    await one.guessed.share()
    with patch("directory.guessed.ROWS", 2):
        await two.guessed.share()
    assert not two.try_()


async def test_nobody_is_named_in_the_database_and_old_rows_go(database: Database) -> None:
    one = Node(database, "one", 5.0)
    assert one.try_()
    await one.guessed.share()
    rows = await database.read(lambda t: list(t.execute("SELECT * FROM failed_login", {})))
    assert len(rows) == 2
    assert not any("taro" in str(row) or "192.0.2.1" in str(row) for row in rows)
    one.now += WINDOW + 1
    await one.guessed.sweep()
    assert not await database.read(lambda t: list(t.execute("SELECT * FROM failed_login", {})))


async def test_what_could_not_be_told_is_told_later(database: Database) -> None:
    one, two = Node(database, "one", 5.0), Node(database, "two", 6.0)
    assert one.try_()
    with patch.object(type(database), "write", side_effect=StoreError("away")), pytest.raises(StoreError):
        await one.guessed.share()
    await one.guessed.share()
    await two.guessed.share()
    assert [two.try_() for _ in range(LIMIT)] == [True] * (LIMIT - 1) + [False]
