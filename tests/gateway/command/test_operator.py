"""What an operator does next to a running node, with the same life cycle and the same journal."""

import os
import pwd
from pathlib import Path

import pytest

from config.settings_file import load_settings
from gateway.command import operator, queue
from gateway.from_settings import sinks_of
from gateway.upkeep import mark_heads
from quarantine.item import Event, State
from quarantine.reported.fingerprints import Trait
from quarantine.reported.sightings import Sightings
from quarantine.store import Query
from storage import journal
from tests.gateway.test_app import SATO, TARO, mail
from tests.services.node import settings_of, site


async def test_hold_and_discard_beside_a_running_node(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with site(tmp_path) as here:
        await here.send(TARO, [SATO], mail(SATO))
        store = here.node.store
        (item,) = await store.find(Query("default", state=(State.HELD,)))
        settings = here.node.settings
        assert await queue.show(settings, "default", None, queue.PageOfQueue()) == 0
        assert item.id in capsys.readouterr().out
        assert await queue.show(settings, "default", "held", queue.PageOfQueue(as_json=True)) == 0
        told = capsys.readouterr().out
        assert item.id in told
        assert await operator.act(settings, "default", "hold", item.id, "asked by telephone") == 0
        assert (await store.get(item.id, "default")).due_at is None
        assert await operator.act(settings, "default", "release", item.id, "asked again") == 0
        (caught,) = await here.caught(1)
        assert caught.recipients == (SATO,)
        assert await operator.act(settings, "default", "discard", item.id, "too late") == 1
        events = [e.event for e in await store.entries("default", item=item.id)]
        assert Event.STOP in events
        assert await operator.verify(settings) == 0
        assert "node1: whole" in capsys.readouterr().out
        told = await store.entries("default", item=item.id)
        assert [e.actor for e in told if e.event == Event.STOP] == [
            f"operator:{pwd.getpwuid(os.getuid()).pw_name}"
        ]
        chains = await journal.chains(store.database)
        assert "node1/cli" not in chains, "the node has done it, in a chain of its own"


async def test_without_a_node_the_same_is_done_over_its_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with site(tmp_path) as here:
        await here.send(TARO, [SATO], mail(SATO))
        settings = here.node.settings
        (item,) = await here.node.store.find(Query("default", state=(State.HELD,)))
    assert not (settings.state_dir / "service").exists()
    assert await queue.show(settings, "default", None, queue.PageOfQueue()) == 0
    assert await operator.act(settings, "default", "hold", item.id, "nobody is there") == 0
    assert await operator.act(settings, "default", "hold", "nothing", "nobody is there") == 1
    assert await operator.login_link(settings, "default", "taro") == 0
    assert await operator.verify(settings) == 0
    assert "node1/cli: whole" in capsys.readouterr().out


async def test_heads_that_were_carried_away_are_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "outside" / "heads"
    kept.parent.mkdir()
    async with site(tmp_path, journal={"heads_file": kept}) as here:
        store, settings, sinks = here.node.store, here.node.settings, sinks_of(here.node.settings)
        await here.send(TARO, [SATO], mail(SATO))
        await mark_heads(store, here.node.seal, sinks, 1.0)
        await here.send(TARO, [SATO], mail(SATO))
        assert await operator.verify(settings, [kept]) == 0
        assert "node1: whole, compared up to entry 1; 1 are younger" in capsys.readouterr().out
        with kept.open("a") as file:
            file.write(kept.read_text().replace('"hash":"', '"hash":"0'))
        assert await operator.verify(settings, [kept]) == 1, (
            "a head that somebody else made is told, and not used"
        )
        assert "1 heads were not made with our key" in capsys.readouterr().out
        for statement in (
            "DELETE FROM journal",
            "DELETE FROM journal_head",
            "DELETE FROM journal_checkpoint",
        ):
            await store.database.write(lambda t, statement=statement: t.execute(statement))  # type: ignore[misc]
        assert await operator.verify(settings) == 0, "without heads from outside nothing is left to see"
        assert await operator.verify(settings, [kept]) == 1
        assert "node1: BROKEN at 1: the chain was cut: it once went to 1" in capsys.readouterr().out


async def test_the_index_of_sightings_is_made_anew_beside_a_running_node(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with site(tmp_path) as here:
        assert (await here.send(SATO, [TARO], mail(TARO, sender=SATO), name="inbound"))[0] == 250
        await here.node.handed_over.flush()
        store, sender = here.node.store, [Trait("address", SATO)]
        before = await Sightings(store).find(sender, "default")
        assert [g.address for m in before for g in m.got] == [TARO]
        await store.database.write(lambda t: t.execute("DELETE FROM sighting"))
        assert await Sightings(store).find(sender, "default") == []
        assert await operator.sightings(here.node.settings) == 0
        assert "sightings" in capsys.readouterr().out
        assert await Sightings(store).find(sender, "default") == before


async def test_a_login_link_for_an_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with site(tmp_path) as here:
        assert await operator.login_link(here.node.settings, "default", "taro") == 0
        told = capsys.readouterr().out
        assert "/once  code: " in told
        (entry,) = await here.node.store.entries("default", event="login_code")
        assert (entry.actor[:9], entry.detail) == ("operator:", {"login": "taro"})
        assert told.split("code: ")[1].strip() not in str(entry)


def test_settings_are_those_of_the_node(tmp_path: Path) -> None:
    assert settings_of(tmp_path, 25).database_url.startswith("sqlite:///")
    assert load_settings().node == "node1"
