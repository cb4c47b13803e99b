"""`sekisho send-test`: what became of a mail by each path, in words."""

import asyncio
from pathlib import Path

import pytest

from gateway.command import send_test
from gateway.locked import sandbox
from tests.gateway.test_app import TARO
from tests.services.node import PASSWORD, settings_of, site

pytestmark = pytest.mark.skipif(
    "seccomp" not in sandbox.walls(), reason="no system call filters in this kernel"
)


async def test_each_path_says_what_became_of_its_mail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with site(tmp_path) as here:
        settings = here.node.settings
        there = [
            section.model_copy(update={"port": here.node.addresses[section.name][1]})
            for section in settings.listeners
        ]
        settings = settings.model_copy(update={"listeners": tuple(there)})
        capsys.readouterr()
        assert await asyncio.to_thread(send_test.run, settings, TARO, TARO, "taro", PASSWORD) == 0
        told = capsys.readouterr().out
        assert len(await here.caught(2)) == 2
        assert await asyncio.to_thread(send_test.run, settings, "x@elsewhere.example", TARO, "", "") == 1
        refused = capsys.readouterr().out
    assert "inbound: taken (250" in told
    assert "submission: taken (250" in told
    assert "Delivered" in told or "Done" in told or "delivered" in told
    assert "inbound: refused (550" in refused
    assert "submission: not tried" in refused


def test_where_nobody_listens_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_of(tmp_path, 9)
    closed = settings.model_copy(
        update={"listeners": tuple(s.model_copy(update={"port": 9}) for s in settings.listeners)}
    )
    assert send_test.run(closed, TARO, TARO, "taro", PASSWORD) == 1
    assert "inbound: no session" in capsys.readouterr().out
