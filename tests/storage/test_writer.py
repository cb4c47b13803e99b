"""What the writer does beyond the contract (tests/contract/test_database.py): groups, failures at begin and commit."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from storage import writer
from storage.interfaces import StoreError, Transaction, Unknown
from storage.writer import GROUP, GroupCommit, Undecided


class Broken(Exception):
    pass


class Recorder:
    """A dialect that only notes what it is asked; `fail` names the step that raises next."""

    errors: tuple[type[Exception], ...] = (Broken,)
    owns_schema = True
    for_update = skip_locked = ""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.fail = ""
        self.lost = False
        self.gate = threading.Event()
        self.gate.set()
        self.memory: dict[str, Any] = {}

    def _step(self, name: str) -> None:
        self.log.append(name)
        if self.fail == name:
            raise Broken(name)

    def connect(self, *, readonly: bool) -> "Recorder":
        self._step("connect")
        self.lost = False
        return self

    def begin(self) -> "Recorder":
        self.gate.wait(10)
        self._step("begin")
        return self

    def commit(self) -> None:
        """ "commit": nobody knows whether it was; "the end": what was left for it failed."""
        if self.fail == "the end":
            self._step("the end")
        try:
            self._step("commit")
        except Broken as error:
            raise Undecided from error

    def end(self) -> None:
        self._step("end")

    def rollback(self) -> None:
        self._step("rollback")

    def close(self) -> None:
        self._step("close")

    def execute(self, sql: str, parameters: Any = None) -> list[Any]:
        self._step(sql)
        return []

    def executemany(self, sql: str, parameters: Any) -> None: ...

    def changed(self) -> int:
        return 0

    def at_end(self, name: str, operation: Callable[[Transaction], None]) -> None: ...

    def lock_schema(self) -> None: ...


def say(word: str) -> Callable[[Transaction], str]:
    def operation(transaction: Transaction) -> str:
        transaction.execute(word)
        return word

    return operation


async def held_up(dialect: Recorder, database: GroupCommit, *words: str) -> list[Any]:
    """Let these operations gather behind a first one, and run them."""
    dialect.gate.clear()
    first = asyncio.ensure_future(database.write(say("first")))
    while not dialect.log:
        await asyncio.sleep(0.001)
    rest = [asyncio.ensure_future(database.write(say(word))) for word in words]
    await asyncio.sleep(0)
    dialect.gate.set()
    return await asyncio.gather(first, *rest, return_exceptions=True)


async def test_what_waits_shares_one_transaction() -> None:
    dialect = Recorder()
    database = GroupCommit(dialect)
    assert await held_up(dialect, database, "a", "b", "c") == ["first", "a", "b", "c"]
    assert dialect.log == [
        "connect",
        "begin",
        "first",
        "commit",
        "begin",
        "a",
        "b",
        "c",
        "commit",
    ]
    await database.close()


async def test_after_an_error_each_runs_alone() -> None:
    dialect = Recorder()
    dialect.fail = "b"
    database = GroupCommit(dialect)
    done = await held_up(dialect, database, "a", "b", "c")
    assert [str(d) for d in done] == ["first", "a", "b", "c"]
    assert isinstance(done[2], StoreError)
    assert dialect.log[4:] == [
        "begin", "a", "b", "rollback",
        "begin", "a", "commit", "begin", "b", "rollback", "begin", "c", "commit",
    ]  # fmt: skip
    await database.close()


async def test_a_commit_that_fails_is_nobodys_fault_and_is_not_repeated() -> None:
    dialect = Recorder()
    dialect.fail = "commit"
    database = GroupCommit(dialect)
    done = await held_up(dialect, database, "a", "b")
    assert all(isinstance(d, StoreError) for d in done)
    assert isinstance(done[0], Unknown)
    assert dialect.log.count("a") <= 1, "what may have been committed must not be done twice"
    dialect.fail = ""
    assert await database.write(say("later")) == "later"
    await database.close()


async def test_what_fails_at_the_end_of_a_transaction_has_not_happened() -> None:
    dialect = Recorder()
    dialect.fail = "the end"
    database = GroupCommit(dialect)
    with pytest.raises(StoreError) as raised:
        await database.write(say("a"))
    assert not isinstance(raised.value, Unknown)
    assert dialect.log == ["connect", "begin", "a", "the end", "rollback"]
    await database.close()


async def test_what_somebody_gave_up_is_not_committed_behind_their_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer, "ANSWER", 0.05)
    dialect, answered = Recorder(), threading.Event()
    database = GroupCommit(dialect)

    def slow(transaction: Transaction) -> None:
        transaction.execute("slow")
        answered.wait(60)

    with pytest.raises(Unknown):
        await database.write(slow)
    monkeypatch.setattr(writer, "ANSWER", 60.0)
    answered.set()
    assert await database.write(say("later")) == "later"
    assert dialect.log == ["connect", "begin", "slow", "rollback", "begin", "later", "commit"]
    await database.close()


async def test_a_connection_that_was_lost_is_replaced_once() -> None:
    dialect = Recorder()
    database = GroupCommit(dialect)
    await database.write(say("a"))
    dialect.log.clear()
    dialect.fail, dialect.lost = "begin", True
    with pytest.raises(StoreError):
        await database.write(say("b"))
    assert dialect.log == ["begin", "close", "connect", "begin", "close"]
    dialect.fail = "connect"
    with pytest.raises(StoreError):
        await database.write(say("c"))
    dialect.fail = ""
    assert await database.write(say("d")) == "d"
    await database.close()


async def test_groups_are_bounded() -> None:
    dialect = Recorder()
    database = GroupCommit(dialect)
    words = [f"w{n}" for n in range(GROUP + 10)]
    assert (await held_up(dialect, database, *words))[1:] == words
    assert dialect.log.count("begin") == 3
    await database.close()


async def test_an_operation_that_ends_the_thread_does_not() -> None:
    dialect = Recorder()
    database = GroupCommit(dialect)

    def leave(transaction: Transaction) -> None:
        raise SystemExit

    task = asyncio.ensure_future(database.write(leave))
    done, _ = await asyncio.wait([task])
    assert isinstance(next(iter(done)).exception(), StoreError)
    assert await database.write(say("a")) == "a"
    await database.close()


async def test_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.writer.QUEUED", 3)
    dialect = Recorder()
    database = GroupCommit(dialect)
    done = await held_up(dialect, database, *"abcde")
    assert [isinstance(d, StoreError) for d in done] == [False] * 4 + [True] * 2
    await database.close()


async def test_a_database_that_hangs_is_a_store_error_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an end to our own waiting a server that no longer answers, but whose kernel still does, kept every
    mail waiting for ever. What nobody waits for any more is not begun when the database comes back."""
    monkeypatch.setattr("storage.writer.ANSWER", 0.2)
    dialect = Recorder()
    database = GroupCommit(dialect)
    dialect.gate.clear()
    words = ("begun", "not begun", "neither")
    answers = await asyncio.gather(
        *(database.write(say(word)) for word in words), database.read(say("read")), return_exceptions=True
    )
    assert [type(a) for a in answers] == [Unknown] * 3 + [StoreError]
    dialect.gate.set()
    assert await database.write(say("later")) == "later"
    assert "not begun" not in dialect.log
    assert "neither" not in dialect.log
    await database.close()


async def test_a_commit_alone_that_fails_is_told_as_unknown_too() -> None:
    """Whoever hears less than that removes contents which the row in doubt still names."""

    class Worse(Recorder):
        def _step(self, name: str) -> None:
            super()._step(name)
            if name == "b":  # the group is rolled back; from then on no commit succeeds
                self.fail = "commit"
                raise Broken(name)

    dialect = Worse()
    database = GroupCommit(dialect)
    done = await held_up(dialect, database, "a", "b", "c")
    assert [isinstance(d, Unknown) for d in done] == [False, True, False, False]
    assert all(isinstance(d, StoreError) for d in done[1:])
    dialect.fail = ""
    await database.close()
