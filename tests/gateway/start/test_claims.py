"""One process is the node: its folder, and its name."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from config.policy import ConfigError
from gateway.start import claims
from gateway.start.claims import Claims
from tests.services.node import settings_of


class Taken:
    """A claim that somebody else has for some looks, or from some look on."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    def take(self) -> str:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def release(self) -> None: ...


async def test_a_second_one_is_told_where_and_by_whom(tmp_path: Path) -> None:
    first = Claims(settings_of(tmp_path, 25))
    await first.take()
    await first.take()
    with pytest.raises(ConfigError, match=rf"{tmp_path}/state is in use: .*\(process \d+ on "):
        await Claims(settings_of(tmp_path, 25)).take()
    same = f"sqlite:///{tmp_path}/state/sekisho.db"
    with pytest.raises(ConfigError, match='a node "node1" runs on this database already'):
        await Claims(settings_of(tmp_path / "elsewhere", 25, database=same)).take()
    other = Claims(settings_of(tmp_path / "third", 25, database=same, node="two"))
    await other.take()
    other.release()
    first.release()
    await Claims(settings_of(tmp_path, 25)).take()


async def test_a_folder_that_cannot_be_made_is_a_config_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(ConfigError, match=r"state_dir: .* cannot be made: File exists"):
        await Claims(settings_of(tmp_path, 25)).take()


async def test_a_shared_database_gets_time_to_forget_a_host_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "PAUSE", 0.001)
    settings = settings_of(tmp_path, 25, database="postgresql://nowhere/db")
    patient = Claims(settings)
    patient._name = Taken("a process at 192.0.2.1", "a process at 192.0.2.1", "")
    with capture_logs() as log:
        await patient.take()
    assert [line["event"] for line in log] == ["name_taken"], "said once"
    patient.release()
    hasty = Claims(settings, patience=0.01)
    hasty._name = Taken("a process at 192.0.2.1")
    with pytest.raises(ConfigError, match=r"a process at 192\.0\.2\.1"):
        await hasty.take()
    hasty.release()


async def test_a_name_that_was_lost_later_is_told_once_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "WATCH", 0.001)
    kept = Claims(settings_of(tmp_path, 25))
    looks = Taken("", "x", "x", "", "y", "y")
    kept._name = looks
    with capture_logs() as log:
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(kept.keep())
            while len(looks.answers) > 1:
                await asyncio.sleep(0.001)
            watch.cancel()
    assert [line["holder"] for line in log] == ["x", "y"]
