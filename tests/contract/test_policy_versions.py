"""Versions of the policy, as both databases keep them: added, never changed, with their entry in the journal."""

from pathlib import Path

import pytest

from config.written import Written
from quarantine.policies.versions import Damaged, Versions, difference, numbers
from quarantine.store import Store
from storage.interfaces import Database
from storage.spool import Spool
from tests.services.databases import ByHand

ONE = Written('mode = "observe"\n', {"preset observe": "a = 1\n"}, "aaaaaaaaaaaa")
TWO = Written('mode = "enforce"\n[warn]\nhold_at = 9\n', {}, "bbbbbbbbbbbb")


@pytest.fixture
def store(database: Database, tmp_path: Path) -> Store:
    return Store(database, Spool(tmp_path / "spool"), "node1")


async def test_each_change_is_a_version_with_its_entry_and_the_same_again_is_none(store: Store) -> None:
    versions = Versions(store, "default")
    assert await versions.latest() is None
    first, new = await versions.add(ONE, "file:root", 5.0, " policy.toml ")
    assert (first.number, new, first.comment, first.presets) == (1, True, "policy.toml", ONE.presets)
    assert await versions.add(ONE, "file:root", 6.0) == (first, False)
    second, _ = await versions.add(TWO, "operator:mori", 7.0, noted={"agreed_by_author": ["x"]})
    third, _ = await versions.add(ONE, "operator:mori", 8.0, "back to version 1")
    assert [each.number for each in await versions.newest()] == [3, 2, 1]
    assert [each.number for each in await versions.newest(1, before=3)] == [2]
    assert await versions.get(2) == second
    assert await versions.get(9) is None
    assert await versions.latest() == third
    entries = await store.entries("default", event="policy_version")
    assert [(e.actor, e.detail["number"], e.detail["sha256"]) for e in entries] == [
        ("file:root", 1, first.sha256), ("operator:mori", 2, second.sha256), ("operator:mori", 3, first.sha256),
    ]  # fmt: skip
    assert entries[1].detail["agreed_by_author"] == ["x"]


async def test_a_change_of_what_the_program_ships_is_a_version_too(store: Store) -> None:
    versions = Versions(store, "default")
    await versions.add(ONE, "file:root", 5.0)
    again, new = await versions.add(Written(ONE.text, ONE.presets, "cccccccccccc"), "program", 6.0)
    assert (again.number, new, again.policy) == (2, True, "cccccccccccc")


async def test_a_row_that_somebody_edits_is_noticed(store: Store, database: Database) -> None:
    versions = Versions(store, "default")
    await versions.add(ONE, "file:root", 5.0)
    await database.write(lambda t: ByHand(t).execute("UPDATE policy_version SET text = 'mode = \"off\"'"))
    with pytest.raises(Damaged):
        await versions.get(1)
    with pytest.raises(Damaged):
        await versions.latest()


async def test_what_changed_between_two(store: Store) -> None:
    versions = Versions(store, "default")
    first, _ = await versions.add(ONE, "file:root", 5.0)
    second, _ = await versions.add(TWO, "file:root", 6.0)
    lines = difference(first, second)
    assert lines[:2] == ["--- version 1", "+++ version 2"]
    assert '-mode = "observe"' in lines
    assert "+hold_at = 9" in lines
    assert "-a = 1" in lines, "of the presets, too"
    assert numbers(lines) == (3, 2)
    assert numbers(difference(None, first)) == (2, 0)
    assert difference(first, first) == []
