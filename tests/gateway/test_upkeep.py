"""Reading again and writing down while a node runs; a whole node does the same in test_app.py."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from config.log_events import LogEvent
from config.policies import TenantPolicies
from config.policy import ConfigError, Organisation, Policy
from gateway import upkeep
from gateway.upkeep import (
    flush_last,
    follow,
    keep_house,
    keep_index,
    look_through,
    read_people,
    read_policy,
    take_up,
    with_names,
)
from quarantine.reconcile import Reconciliation
from quarantine.search import index as text_index
from storage import journal, journal_links
from storage.heads import Sinks
from storage.interfaces import StoreError


class Told:
    """People and workers in one: answers or raises what the test says, and notes what it was given."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble = trouble
        self.given: list[Any] = []

    async def read_files(self, file: Path, now: float) -> int:
        return self._noted(file)

    async def all_names(self) -> dict[str, tuple[str, ...]]:
        return {"acme": ("山田太郎",)}

    async def reconfigure(self, policy: TenantPolicies) -> None:
        self._noted(policy)

    async def flush(self) -> None:
        self._noted("flush")

    async def sweep(self, now: float) -> None:
        self._noted(now)

    def _noted(self, what: Any) -> int:
        self.given.append(what)
        if self.trouble is not None:
            raise self.trouble
        return 7


async def test_what_does_not_fit_is_said_aloud_once_the_store_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns = iter([StoreError("away"), Reconciliation(("a", "b"), (("item", "key"),))])
    slept = []

    async def reconcile(store: object, now: float, grace: float) -> Reconciliation:
        assert (now, grace) == (5.0, upkeep.GRACE)
        turn = next(turns)
        if isinstance(turn, StoreError):
            raise turn
        return turn

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(upkeep, "reconcile", reconcile)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    with capture_logs() as logged:
        await look_through(None, lambda: 5.0)  # type: ignore[arg-type]
    said = {line["event"]: line for line in logged}
    assert said[LogEvent.CONTENT_MISSING]["items"] == ["item"]
    assert (said[LogEvent.RECONCILED]["orphans"], said[LogEvent.RECONCILED]["missing"]) == (2, 1)
    assert slept == [upkeep.GRACE]


@pytest.mark.parametrize("alone", [True, False])
async def test_what_the_last_run_left_is_said_aloud(alone: bool) -> None:
    class Left:
        async def settle(self, now: float) -> list[str]:
            return ["m1"]

        async def reclaim(self, now: float) -> int:
            return 3

    with capture_logs() as logged:
        await take_up(Left(), Left(), 5.0, alone=alone)  # type: ignore[arg-type]
    said = {line["event"]: line for line in logged}
    assert said[LogEvent.OUTCOMES_UNKNOWN]["mail_ids"] == ["m1"]
    assert (LogEvent.RECLAIMED in said) is alone, "another node of our name may be at work"


@pytest.mark.parametrize("trouble", [None, ConfigError(["people.x: no"]), StoreError("away")], ids=str)
async def test_people_are_read_again_and_trouble_is_only_logged(trouble: Exception | None) -> None:
    people = Told(trouble)
    with capture_logs() as logged:
        await read_people(people, {"": Path("people.toml")})  # type: ignore[arg-type]
    expected = LogEvent.PEOPLE_REFUSED if trouble else LogEvent.PEOPLE_LOADED
    assert [line["event"] for line in logged] == [expected]
    await read_people(people, None)  # type: ignore[arg-type]
    assert people.given == [{"": Path("people.toml")}], "nothing is read where the settings name no file"


async def _policy() -> TenantPolicies:
    return TenantPolicies(Policy())


@pytest.mark.parametrize("trouble", [ConfigError(["a.b: no"]), ConnectionAbortedError("stopped")], ids=str)
async def test_a_policy_that_the_workers_refuse_is_logged(trouble: Exception) -> None:
    workers = Told(trouble)
    with capture_logs() as logged:
        await read_policy(_policy, Told(), workers)  # type: ignore[arg-type]
    assert [line["event"] for line in logged] == [LogEvent.POLICY_REFUSED]


async def test_a_version_that_somebody_kept_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "FLUSH", 0.0)
    answers: list[bool | StoreError] = [False, StoreError("away"), True]
    taken = asyncio.Event()

    class InForce:
        async def is_new(self) -> bool:
            answer = answers.pop(0) if answers else False
            if isinstance(answer, StoreError):
                raise answer
            return answer

    async def take() -> None:
        taken.set()

    with capture_logs() as logged:
        async with asyncio.TaskGroup() as group:
            following = group.create_task(follow(InForce(), take))  # type: ignore[arg-type]
            await taken.wait()
            following.cancel()
    assert answers == []
    assert [line["event"] for line in logged] == [LogEvent.HOUSEKEEPING_FAILED]


async def test_a_policy_is_in_force_with_the_names_of_our_people() -> None:
    workers = Told()
    await read_policy(_policy, Told(), workers)  # type: ignore[arg-type]
    (policies,) = workers.given
    assert policies("acme").organisation.names("acme") == ("山田太郎",)


def test_a_name_is_known_once() -> None:
    policy = Policy(Organisation(people=("a", "b")))
    organisation = with_names(policy, {"default": ("b", "c"), "acme": ("d",)}).organisation
    assert (organisation.names("default"), organisation.names("acme")) == (("a", "b", "c"), ("a", "b", "d"))
    assert organisation.names("other") == ("a", "b")
    assert msgspec.structs.replace(with_names(policy, {}), organisation=policy.organisation) == policy


async def test_the_house_is_kept_until_it_is_cancelled_whatever_the_store_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upkeep, "FLUSH", 0.0)
    monkeypatch.setattr(upkeep, "CHECKPOINT", 0.0)
    marked = asyncio.Event()

    async def checkpoint(*_: object) -> list[journal_links.MarkedHead]:
        marked.set()
        return []

    monkeypatch.setattr(journal, "checkpoint", checkpoint)

    class Store:
        database, node = None, "n"

    class Seal:
        mark = None

    memory, logins = Told(StoreError("away")), Told()
    with capture_logs() as logged:
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(
                keep_house(Store, (memory,), (logins,), Seal, Sinks(None, "", "h"), lambda: 5.0)
            )  # type: ignore[arg-type]
            while len(memory.given) < 2:
                await asyncio.sleep(0)
            assert not marked.is_set()
            memory.trouble = None
            await marked.wait()
            keeping.cancel()
    assert {line["event"] for line in logged} == {LogEvent.HOUSEKEEPING_FAILED}
    assert logins.given[0] == 5.0


async def test_the_last_write_is_no_loss_when_it_fails() -> None:
    memory = Told(StoreError("away"))
    await flush_last(memory)  # type: ignore[arg-type]
    assert memory.given == ["flush"]


async def test_the_index_catches_up_and_outlives_an_absent_store(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([StoreError("away"), text_index.Indexed("a node"), 1024, 0])
    asked, slept = [], []

    async def tenants(database: object) -> list[str]:
        return ["default", "acme"] if len(asked) == 2 else ["default"]

    async def index(database: object, tenant: str) -> int:
        asked.append(tenant)
        turn = next(turns, None)
        if turn is None:
            raise asyncio.CancelledError
        if isinstance(turn, Exception):
            raise turn
        return turn

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(journal, "tenants", tenants)
    monkeypatch.setattr(text_index, "index", index)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    with pytest.raises(asyncio.CancelledError), capture_logs() as logged:
        await keep_index(None)  # type: ignore[arg-type]
    assert asked == ["default", "default", "default", "acme", "default"]
    assert slept == [upkeep.FLUSH, upkeep.FLUSH, upkeep.REST]
    assert [line["event"] for line in logged] == [LogEvent.HOUSEKEEPING_FAILED]
