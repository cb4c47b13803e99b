"""The postmaster hears once of a last backup that is too old."""

from pathlib import Path

import pytest
import structlog

from config.settings_file import load_settings
from config.words import LANGUAGES
from gateway.rounds.backup_rounds import BackupRounds
from quarantine.letters.late_backup import late
from quarantine.letters.letter import Post
from quarantine.store import Query, Store
from storage.backup import noted
from storage.backup.manifest import Manifest
from storage.contents import Contents
from storage.database import open_database
from storage.spool import Spool

NOW = 1_800_000_000.0
MADE = Manifest("b1", NOW, "n1", "1", (), "sqlite", 1, (), {})


@pytest.mark.parametrize("language", list(LANGUAGES))
async def test_who_keeps_it_hears_once_for_each_last_backup(language: str, tmp_path: Path) -> None:
    settings = load_settings(None, state_dir=tmp_path, backup={"folder": tmp_path / "b", "alert_hours": 48})
    database = open_database(f"sqlite:///{tmp_path / 'db'}")
    store = Store(database, Contents(database, Spool(tmp_path / "spool")), "n1")
    now = NOW
    rounds = BackupRounds(
        settings, store, Post(settings, store.blobs.put), "post@hinode.example", lambda: language, lambda: now
    )
    assert await rounds.look() == 0, "a node that has just begun is given its time"
    now += 49 * 3600
    with structlog.testing.capture_logs() as logs:
        assert await rounds.look() == 1
        assert await rounds.look() == 0
    assert [line["event"] for line in logs] == ["backup_late", "backup_late"]
    await database.write(lambda t: noted.note(t, MADE, "/b", 1))
    assert await database.read(noted.last) == NOW
    assert await rounds.look() == 1, "another last backup, which is as old"
    now = NOW + 47 * 3600
    assert await rounds.look() == 0
    letters = await store.find(Query("default"))
    assert [r.path.address for item in letters for r in item.recipients] == ["post@hinode.example"] * 2
    entries = await store.entries("default", event="backup_late")
    assert [e.detail["last"] for e in entries] == [None, NOW]
    await store.blobs.close()
    await database.close()


async def test_nothing_is_said_where_no_backups_are_wanted(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'db'}")
    store = Store(database, Contents(database, Spool(tmp_path / "spool")), "n1")
    for section in ({}, {"folder": tmp_path / "b", "alert_hours": 0}):
        settings = load_settings(None, state_dir=tmp_path, backup=section)
        post = Post(settings, store.blobs.put)
        rounds = BackupRounds(settings, store, post, "post@hinode.example", lambda: "ja", lambda: NOW)
        rounds._began = 0.0
        assert await rounds.look() == 0
    await store.blobs.close()
    await database.close()


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_letter_says_when_and_what_to_do(language: str) -> None:
    none, old = (late(at, language, timezone="Asia/Tokyo") for at in (None, NOW))
    assert none.text != old.text
    for letter in (none, old):
        assert "sekisho backup" in letter.text
        assert "{" not in letter.text + letter.subject
    assert "2027" in old.text
