"""Which policy is in force, and that each becomes a version."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.load import read_policy
from config.policy import ConfigError, Policy
from config.settings import Settings
from config.settings_file import load_settings
from config.written import Written, written
from gateway.start.policy_in_force import AS_IT_WAS, PolicyInForce, current
from quarantine.policies.versions import Versions
from quarantine.store import Store
from storage.database import open_database
from storage.spool import Spool
from tests.services import databases

OWN = '[organisation]\ndomains = ["hinode.example"]\n'
EXCEPTION = """
[groups.hr]
people = { department = "hr" }
[[exceptions]]
name = "for ever and a day"
rule = "many_external"
when = { from = "hr" }
owner = "hanako"
reason = "r"
approved_by = "MORI"
until = 2030-01-01
"""


@pytest.fixture
async def versions(tmp_path: Path) -> AsyncIterator[Versions]:
    database = open_database(databases.sqlite(tmp_path / "db"))
    yield Versions(Store(database, Spool(tmp_path / "spool"), "node1"), "default")
    await database.close()


def site(folder: Path, text: str, **more: str) -> tuple[Settings, Policy, Written]:
    path = folder / "policy.toml"
    path.write_text(text)
    settings = load_settings(None, policy=path, **more)
    policy, _, sources = read_policy(path, settings.presets)
    return settings, policy, written(policy, sources)


async def test_a_file_that_changed_is_kept_once_by_the_process_that_keeps(
    tmp_path: Path, versions: Versions
) -> None:
    settings, policy, file = site(tmp_path, OWN)
    first, second = (PolicyInForce(settings, versions, keeps=keeps) for keeps in (True, False))
    assert await first.settle(lambda: policy, file) is policy
    assert await first.settle(lambda: policy, file) is policy
    settings, changed, again = site(tmp_path, OWN + "[warn]\nhold_at = 20\n")
    assert await second.settle(lambda: changed, again) is changed
    assert [each.number for each in await versions.newest()] == [1]
    await first.settle(lambda: changed, again)
    newest, _ = await versions.newest()
    assert (newest.number, newest.policy, newest.text) == (2, changed.version, again.text)
    assert newest.author == f"file:{(tmp_path / 'policy.toml').owner()}"


async def test_what_is_in_no_file_is_not_kept(tmp_path: Path, versions: Versions) -> None:
    settings, policy, file = site(tmp_path, OWN)
    in_force = PolicyInForce(settings, versions, keeps=True)
    assert await in_force.settle(lambda: policy, None) is policy
    assert await in_force.settle(Policy, file) == Policy(), (
        "the file was read before something else was in force"
    )
    assert await versions.newest() == []


async def test_where_versions_are_the_master_the_file_is_the_first_only(
    tmp_path: Path, versions: Versions
) -> None:
    settings, policy, file = site(tmp_path, OWN, policy_from="versions")
    in_force = PolicyInForce(settings, versions, keeps=True)
    assert (await in_force.settle(lambda: policy, file)).warn.hold_at == 14
    assert not await in_force.is_new()
    settings, changed, again = site(tmp_path, OWN + "[warn]\nhold_at = 20\n", policy_from="versions")
    assert (await in_force.settle(lambda: changed, again)).warn.hold_at == 14
    assert len(await versions.newest()) == 1
    _, newer, kept = site(tmp_path, OWN + "[warn]\nhold_at = 30\n")
    await versions.add(kept, "operator:mori", 5.0)
    assert await in_force.is_new()
    found = await in_force.settle(lambda: changed, again)
    assert (found.warn.hold_at, found.version) == (30, newer.version)
    assert not await in_force.is_new()
    assert (await current(settings, versions)).version == newer.version
    assert (await current(site(tmp_path, OWN)[0], versions)).version == policy.version


async def test_presets_that_change_below_a_version_make_another_one(
    tmp_path: Path, versions: Versions
) -> None:
    settings, policy, file = site(tmp_path, OWN, policy_from="versions")
    await PolicyInForce(settings, versions, keeps=True).settle(lambda: policy, file)
    other = settings.model_copy(update={"presets": ("observe",)})
    found = await PolicyInForce(other, versions, keeps=True).settle(lambda: policy, file)
    assert found.mode == "observe"
    newest, _ = await versions.newest()
    assert (newest.text, newest.author, newest.comment, newest.policy) == (
        OWN,
        "program",
        AS_IT_WAS,
        found.version,
    )


async def test_a_version_that_is_wrong_now_is_refused_and_not_asked_for_again(
    tmp_path: Path, versions: Versions
) -> None:
    settings, policy, file = site(tmp_path, OWN, policy_from="versions")
    await versions.add(Written(OWN + "[rules.no_such]\n", {}, "x"), "operator:mori", 5.0)
    in_force = PolicyInForce(settings, versions, keeps=True)
    with pytest.raises(ConfigError) as refused:
        await in_force.settle(lambda: policy, file)
    assert refused.value.problems[0].startswith("policy version 1:3")
    assert not await in_force.is_new()


async def test_the_journal_says_whose_own_word_an_exception_has(
    tmp_path: Path, versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "owner", lambda self: "mori")
    settings, policy, file = site(tmp_path, OWN + EXCEPTION)
    in_force = PolicyInForce(settings, versions, keeps=True)
    await in_force.settle(lambda: policy, file)
    settings, policy, file = site(tmp_path, OWN + EXCEPTION + "[warn]\nhold_at = 20\n")
    await in_force.settle(lambda: policy, file)
    noted = [e.detail.get("agreed_by_author") for e in await versions._store.entries("default")]
    assert noted == [["for ever and a day"], None], "the second change is about something else"
