"""A disk that mail has filled heals by itself: refused for now (452), what ended is erased, taken again. Nothing is started anew.

A real node on a small file system in memory. Needs root, to mount it.
"""

import os
from pathlib import Path

import pytest

from gateway.rounds.erasing_rounds import ErasingRounds
from quarantine.item import Event, State
from quarantine.rights import Actor
from quarantine.store import Query
from storage.day_keys import DAY, DayKeys
from tests.crash.test_errors import small_disk
from tests.gateway.test_app import SATO, TARO, mail
from tests.quarantine.items import item
from tests.services.node import site

pytestmark = [pytest.mark.system]


async def test_a_full_disk_heals_when_what_ended_is_erased(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "32m", 2000) as disk:
        async with site(tmp_path, state_dir=disk / "state") as here:
            node = here.node
            assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 250
            (first,) = await node.store.find(Query("default", state=(State.HELD,)))
            while node.store.blobs.room():
                blob = await node.store.blobs.put([os.urandom(1_000_000)], "default")
                one = item(blob=blob.key, size=blob.size, owner="taro", accepted_at=node.clock(), delay=3600)
                await node.store.put([one], node.clock(), "test")
            assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 452
            held = await node.store.find(Query("default", state=(State.HELD,), limit=1000))
            assert len(held) > 10
            for each in held:
                if each.id != first.id:
                    await node.store.change(
                        each.id, Event.RECALL, Actor("taro", tenant="default"), node.clock()
                    )
            assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 452, "recalled is not erased"
            later = node.clock() + 2 * DAY
            day_keys = DayKeys(node.settings.keys, node.seal, node.store.database, lambda: later)
            rounds = ErasingRounds(
                node.settings.retention,
                node.store,
                node.vault,
                day_keys,
                lambda: later,
                node.seal,
                node.people,
            )
            assert await rounds.erase() == len(held) - 1
            node.day_keys._clock = lambda: later  # the clock has gone on for the node, too
            code, text = await here.send(TARO, [SATO], mail(SATO))
            assert code == 250, text
            assert len(bytes(await node.store.blobs.get(first.blob))) == first.size
