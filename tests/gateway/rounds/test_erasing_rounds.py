"""A node erases what ended, by its settings."""

from pathlib import Path

from gateway.rounds.erasing_rounds import ErasingRounds
from quarantine.item import Event, State
from quarantine.rights import Actor
from quarantine.store import Query
from storage.day_keys import DAY, DayKeys
from tests.gateway.test_app import SATO, TARO, mail
from tests.services.node import site


async def test_what_was_recalled_is_erased_when_the_settings_say_so(tmp_path: Path) -> None:
    async with site(tmp_path, retention={"recalled_days": 3}) as here:
        await here.send(TARO, [SATO], mail(SATO))
        node = here.node
        (item,) = await node.store.find(Query("default", state=(State.HELD,)))
        await node.store.change(item.id, Event.RECALL, Actor("taro", tenant="default"), node.clock())
        now = [node.clock() + 2.9 * DAY]
        day_keys = DayKeys(node.settings.keys, node.seal, node.store.database, lambda: now[0])
        rounds = ErasingRounds(
            node.settings.retention, node.store, node.vault, day_keys, lambda: now[0], node.seal, node.people
        )
        assert await rounds.erase() == 0
        now[0] += 0.2 * DAY
        assert await rounds.erase() == 1
        assert (await node.store.get(item.id, "default")).erased_at == now[0]
