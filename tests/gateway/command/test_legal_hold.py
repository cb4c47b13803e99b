"""Legal holds from the command line."""

from argparse import Namespace
from pathlib import Path

import pytest

from directory.people import People
from gateway.command import legal_hold
from gateway.command.cli import main
from gateway.command.operator import opened
from tests.gateway.command.test_cli import configured
from tests.services.node import ACCOUNTS, settings_of


def said(action: str, id: str = "", of: tuple[str, ...] = (), reason: str = "", until: str = "") -> Namespace:
    return Namespace(action=action, id=id, of=list(of), reason=reason, tenant="default", until=until)


async def test_add_list_and_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "state").mkdir()
    settings = settings_of(tmp_path, 9)
    async with opened(settings) as store:
        people = People(store.database)
        for account in ACCOUNTS:
            await people.save(account, 1.0)
        people.close()
    (taro,) = [account for account in ACCOUNTS if account.login == "taro" and account.tenant == "default"]
    assert (
        await legal_hold.run(settings, said("add", of=("taro", "m1"), reason="case 12", until="2099-12-31"))
        == 0
    )
    told = capsys.readouterr().out
    assert "case 12" in told
    assert " until 2099-12-31  by " in told
    assert taro.addresses[0].lower() in told, "all that a login is known by"
    assert await legal_hold.run(settings, said("list")) == 0
    assert capsys.readouterr().out == told
    assert await legal_hold.run(settings, said("end", told.split()[0])) == 0
    assert await legal_hold.run(settings, said("end", told.split()[0])) == 1
    async with opened(settings) as store:
        made, ended = await store.entries("default")
    assert (made.event, ended.event) == ("legal_hold", "legal_hold_ended")
    assert made.actor.startswith("operator:")


def test_what_is_missing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = ["--config", str(configured(tmp_path))]
    assert main(["legal-hold", "end", *config]) == 2
    assert "an id of `sekisho legal-hold list`" in capsys.readouterr().err
    assert main(["legal-hold", "add", "--of", "taro", *config]) == 2
    assert "--of and --reason are needed" in capsys.readouterr().err
    for until in ("2001-01-01", "soon", "9999-12-31"):
        assert main(["legal-hold", "add", "--of", "x", "--reason", "r", "--until", until, *config]) == 2
        assert f"--until {until}: is no day such as 2027-03-31, or is over" in capsys.readouterr().err
