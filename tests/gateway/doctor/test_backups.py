"""What `sekisho doctor` says of backups: each state of theirs once, in every language."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import Settings
from config.settings_file import load_settings
from config.words import LANGUAGES
from gateway.command.backup import backups_of, keys_of
from gateway.command.operator import opened
from gateway.doctor.backups import of_backups
from storage.backup import manifest as manifests
from storage.backup import noted
from storage.backup.manifest import Manifest
from storage.database import open_database
from storage.seal import add_key

NOW = 1_800_000_000.0
DAY = 86_400.0


def no_folder(settings: Settings) -> None:
    """As a mount point that leads nowhere: it is there, and cannot be listed."""
    assert settings.backup.folder is not None
    settings.backup.folder.rename(settings.backup.folder.with_name("away"))
    settings.backup.folder.touch()


def not_mounted(settings: Settings) -> None:
    assert settings.backup.folder is not None
    settings.backup.folder.rename(settings.backup.folder.with_name("away"))
    settings.backup.folder.mkdir()


def unreadable(settings: Settings) -> None:
    assert settings.backup.folder is not None
    manifests_folder = settings.backup.folder / "manifests"
    manifests_folder.rename(settings.backup.folder / "away")
    manifests_folder.touch()


def without_key(settings: Settings) -> None:
    settings.backup_key.unlink()


def as_it_is(_: Settings) -> None: ...


STATES: dict[str, tuple[float | None, Callable[[Settings], None], int, set[str]]] = {
    "none yet": (None, as_it_is, 48, {"backup_none"}),
    "fresh": (DAY, as_it_is, 48, set()),
    "as old as it may be": (2 * DAY, as_it_is, 48, set()),
    "too old": (3 * DAY, as_it_is, 48, {"backup_late"}),
    "old, and nobody minds": (300 * DAY, as_it_is, 0, set()),
    "from before the clock was set back": (-DAY, as_it_is, 48, set()),
    "no folder": (DAY, no_folder, 48, {"backup_place"}),
    "no folder for long": (3 * DAY, no_folder, 48, {"backup_place", "backup_late"}),
    "unreadable": (DAY, unreadable, 48, {"backup_place"}),
    "not mounted": (DAY, not_mounted, 48, {"backup_gone"}),
    "without its key": (DAY, without_key, 48, {"backup_key_missing"}),
}


@pytest.mark.parametrize("state", STATES)
async def test_each_state_says_what_is_wrong_with_it(state: str, tmp_path: Path) -> None:
    age, change, alert_hours, expected = STATES[state]
    section = {"folder": tmp_path / "place", "alert_hours": alert_hours, "departures": tmp_path / "left"}
    settings = load_settings(
        None, state_dir=tmp_path / "state", backup={**section, "keys_mirror": tmp_path / "mirror"}
    )
    settings.state_dir.mkdir(mode=0o700)
    await open_database(settings.database_url).close()
    add_key(settings.backup_key)
    if age is not None:
        await made(settings, NOW - age)
    change(settings)
    found = [each async for each in of_backups(settings, NOW) if each.key != "backup_same_disk"]
    assert {each.key for each in found} == expected
    for each in found:
        assert (each.of, each.grade) == ("backup", "fails")
        for language in LANGUAGES:
            assert each.said(language)
            assert each.mend(language)
            assert "{" not in each.said(language) + each.mend(language)


async def made(settings: Settings, at: float) -> None:
    """A backup of nothing, at its place and in the database."""
    one = Manifest(manifests.new_id(at), at, "n1", "1", (), "sqlite", 1, (), {})
    place = backups_of(settings)
    place.begin()
    manifests.write(place, keys_of(settings), one)
    place.end()
    async with opened(settings) as store:
        await store.database.write(lambda t: noted.note(t, one, str(place), 1))


async def test_where_nothing_is_set_or_no_node_ran_there_is_no_age(tmp_path: Path) -> None:
    unset = load_settings(None, state_dir=tmp_path / "state")
    assert [(each.key, each.grade) async for each in of_backups(unset, NOW)] == [("backup_unset", "note")]
    new = load_settings(None, state_dir=tmp_path / "state", backup={"folder": tmp_path / "place"})
    assert {each.key async for each in of_backups(new, NOW)} >= {
        "backup_key_missing", "backup_no_departures", "backup_no_mirror", "backup_same_disk",
    }  # fmt: skip
    assert not (tmp_path / "place").exists(), "who looks makes nothing"


async def test_a_bucket_whose_secret_is_gone_is_a_place_that_cannot_be_reached(tmp_path: Path) -> None:
    bucket = {"bucket": "b", "access_key": "a", "secret_key_file": tmp_path / "gone"}
    settings = load_settings(None, state_dir=tmp_path / "state", backup={"bucket": bucket})
    found = {each.key: each async for each in of_backups(settings, NOW)}
    assert "gone" in found["backup_place"].values["why"]
