"""What is gathered about a mail, and that it is on record who does."""

from pathlib import Path

import pytest

from config.tenant import DEFAULT
from gateway.command.operator import opened
from quarantine.evidence import gathering
from quarantine.evidence.gathering import TooMuch, gather, note
from quarantine.policies.versions import Versions, Written
from quarantine.store import Missing
from tests.quarantine.evidence.made import handled
from tests.quarantine.items import item
from tests.services.node import settings_of


async def test_nobody_gathers_unseen(tmp_path: Path) -> None:
    _, mail_id, _, _ = await handled(tmp_path)
    async with opened(settings_of(tmp_path, 9)) as store:
        await note(store, "default", mail_id, actor="operator:a", reason="case", contents=False, now=2000.0)
        last = (await store.entries("default", mail_id=mail_id))[-1]
        assert (last.actor, last.detail["reason"]) == ("operator:a", "case")
        for tenant, name in (("default", "nothing"), ("acme", mail_id)):
            with pytest.raises(Missing):
                await note(store, tenant, name, actor="operator:a", reason="case", contents=False, now=2000.0)
        found = await gather(store, "acme", mail_id, keeper="acme", contents=True, now=2000.0)
        assert (found.items, found.entries, found.contents) == ((), (), {})


async def test_the_policies_of_the_entries_go_along(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    async with opened(settings_of(tmp_path, 9)) as store:
        versions = Versions(store, DEFAULT)
        await versions.add(Written(policy="name-1", text="first", presets={}), "file:root", 1.0)
        await versions.add(Written(policy="name-2", text="second", presets={}), "file:root", 2.0)
        one = item("b@example.com", policy="name-2")
        await store.put([one], 1000.0, "test")
        found = await gather(store, DEFAULT, one.mail_id, keeper=DEFAULT, contents=False, now=1.0)
        assert {name: version.text for name, version in found.policies.items()} == {"name-2": "second"}


async def test_too_much_is_an_error_and_no_part_that_nobody_notices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, mail_id, _, _ = await handled(tmp_path)
    monkeypatch.setattr(gathering, "ENTRIES", 2)
    async with opened(settings_of(tmp_path, 9)) as store:
        with pytest.raises(TooMuch):
            await gather(store, "default", mail_id, keeper="default", contents=True, now=1.0)
