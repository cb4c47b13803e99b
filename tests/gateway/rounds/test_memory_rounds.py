"""What is remembered of mail ends with its time, for every tenant."""

from pathlib import Path

from gateway.rounds.memory_rounds import MemoryRounds
from quarantine.rehearsal.memory import DAY
from tests.gateway.test_app import SATO, TARO, mail
from tests.services.node import site


async def test_every_tenant_s_mail_is_forgotten_in_time(tmp_path: Path) -> None:
    async with site(tmp_path, rehearsal={"days": 3}) as here:
        await here.send(TARO, [SATO], mail(SATO))
        node = here.node
        later = [node.clock() + 2 * DAY]
        rounds = MemoryRounds(node.store.database, node.memory, lambda: later[0])
        await rounds.forget()
        assert len(await node.memory.mails("default", 0)) == 1
        later[0] += 2 * DAY
        await rounds.forget()
        assert await node.memory.mails("default", 0) == []
        later[0] += 3 * DAY
        await rounds.forget()
        assert await node.memory.grounds("default") == {}


async def test_nothing_is_remembered_where_the_settings_say_so(tmp_path: Path) -> None:
    async with site(tmp_path, rehearsal={"days": 0}) as here:
        await here.send(TARO, [SATO], mail(SATO))
        assert await here.node.memory.mails("default", 0) == []
