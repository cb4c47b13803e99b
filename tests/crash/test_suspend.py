"""`sekisho tenant suspend` and `resume`, killed (kill -9) before and behind each of their commits: one state or the other is left,
with its entry in the journal, and saying it again does it (OPS-SUSPEND, docs/adr/0067)."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from directory.account import Account
from directory.people import People
from directory.sessions import Sessions
from quarantine.queue import suspension
from quarantine.store import Store
from quarantine.waits.waits import due
from storage import journal
from storage.database import open_database
from storage.spool import Spool
from tests.crash.commands import Commands, Done
from tests.quarantine.items import item

NOW = 1_700_000_000.0
SETTINGS = """
hostname = "gate.us.example"
state_dir = "state"
policy = "policy.toml"
[tenants.acme]
policy = "acme.toml"
"""


@pytest.fixture(scope="module")
def commands() -> Iterator[Commands]:
    with Commands() as running:
        yield running


class House:
    """An installation whose node does not run, with mail of acme's that waits for a person."""

    def __init__(self, folder: Path, commands: Commands) -> None:
        self._folder = folder
        self._commands = commands
        self.database = f"sqlite:///{folder / 'state' / 'sekisho.db'}"
        (folder / "state").mkdir()
        (folder / "sekisho.toml").write_text(SETTINGS)
        for name, domain in (("policy", "us.example"), ("acme", "acme.example")):
            (folder / f"{name}.toml").write_text(f'[organisation]\ndomains = ["{domain}"]\n')
        asyncio.run(self._furnish())
        assert self.run("resume").status == 0  # it makes what a first command makes: keys and the like

    async def _furnish(self) -> None:
        database = open_database(self.database)
        store, people = (
            Store(database, Spool(self._folder / "state" / "spool"), "gate.us.example"),
            People(database),
        )
        await people.save(Account("sender", tenant="acme", addresses=("sender@acme.example",)), NOW)
        await Sessions(database).issue_code("acme", "sender", NOW, 1e10)
        await store.put([item(tenant="acme", approvals=("president",))], NOW, "sender")
        people.close()
        await store.blobs.close()
        await database.close()

    def run(self, action: str, known: list[str] | None = None) -> Done:
        config = str(self._folder / "sekisho.toml")
        return self._commands.run(
            "tenant", "--config", config, action, "acme", "--reason", "why", known=known, behind=True
        )

    def found(self) -> tuple[bool, list[str], float]:
        """Whether acme is suspended, what its journal tells of that, and since when its mail waits."""
        return asyncio.run(self._found())

    async def _found(self) -> tuple[bool, list[str], float]:
        database = open_database(self.database)
        try:
            store = Store(database, Spool(self._folder / "state" / "spool"), "reader")
            told = [each.event for each in await store.entries("acme") if each.event.startswith("tenant_")]
            suspended = "acme" in await suspension.all_of(database)
            waits = await due(database, 1e12, 10)
            for chain in await journal.chains(database):
                assert await journal.verify(database, chain) is None
            rows = await database.read(
                lambda t: t.execute("SELECT since FROM wait WHERE tenant = :tenant", {"tenant": "acme"})
            )
            assert len(waits) == (0 if suspended else 1)
            return suspended, told, rows[0]["since"]
        finally:
            await database.close()


@pytest.mark.parametrize("action", ["suspend", "resume"])
def test_one_state_or_the_other_is_left(action: str, tmp_path: Path, commands: Commands) -> None:
    house = House(tmp_path, commands)
    if action == "resume":
        assert house.run("suspend").status == 0
    before = house.found()
    known: list[str] = []
    seen = []
    while (done := house.run(action, known)).killed:
        known.append(done.step)
        suspended, told, since = after = house.found()
        assert len(told) == len(before[1]) + (after[0] != before[0]), "its entry, or nothing"
        assert suspended == (told[-1:] == ["tenant_suspended"])
        assert (since != before[2]) == (action == "resume" and not suspended)
        seen.append(suspended != before[0])
        assert len(known) < 100
    assert done.status == 0, done.text
    assert seen[0] is False, "killed before it was so"
    assert True in seen, "and when it was"
    assert house.found()[0] == (action == "suspend")
    assert house.found()[1][-1] == ("tenant_suspended" if action == "suspend" else "tenant_resumed")
    assert len(house.found()[1]) == len(before[1]) + 1, "once"
