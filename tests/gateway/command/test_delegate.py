"""Delegations from the command line."""

import datetime
from pathlib import Path

import pytest

from directory.people import People
from gateway.command import delegate
from gateway.command.cli import main
from gateway.command.operator import opened
from tests.gateway.command.test_cli import configured
from tests.services.node import ACCOUNTS, settings_of

TOMORROW = datetime.date.today() + datetime.timedelta(days=1)


async def test_add_list_and_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "state").mkdir()
    settings = settings_of(tmp_path, 9)
    async with opened(settings) as store:
        people = People(store.database)
        for account in ACCOUNTS:
            await people.save(account, 1.0)
        people.close()
    said = (settings, "default", "hanako", "taro", ["approve"], None, TOMORROW, "leave")
    assert await delegate.add(*said) == 0
    assert "taro for hanako  approve" in capsys.readouterr().out
    assert await delegate.show(settings, "default") == 0
    told = capsys.readouterr().out
    assert "by operator:" in told
    assert await delegate.end(settings, "default", told.split()[0], "back") == 0
    assert await delegate.end(settings, "default", told.split()[0], "back") == 1
    assert await delegate.add(settings, "default", "nobody", "taro", ["approve"], None, TOMORROW, "x") == 1
    assert "no such active user" in capsys.readouterr().out
    async with opened(settings) as store:
        made, ended = await store.entries("default")
    assert (made.event, ended.event, ended.detail["reason"]) == ("delegated", "delegation_ended", "back")


def test_what_is_missing_or_no_day_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = ["--config", str(configured(tmp_path))]
    assert main(["delegate", "end", *config]) == 2
    assert "an id of `sekisho delegate list`" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["delegate", "add", "--until", "8.1.2027", *config])
    assert "'8.1.2027' is no day; it is written 2027-03-31" in capsys.readouterr().err
