"""An exception that ends while a mail that it spared is still here (OPS-EXCEPTION)."""

import asyncio
import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.cases import PolicyException, When
from config.policy import RulePolicy
from quarantine.item import State
from quarantine.store import Query
from tests.gateway.test_app import SATO, TARO, mail
from tests.services.node import Site, policy_of, site

TOKYO = ZoneInfo("Asia/Tokyo")


def held_for(here: Site, seconds: int, content: bytes) -> int:
    with here.client() as client:
        assert client.mail(TARO, [f"HOLDFOR={seconds}"])[0] == 250
        assert client.rcpt(SATO)[0] == 250
        code, text = client.data(content.replace(b"\n", b"\r\n"))
        assert code == 250, text
        return code


async def test_what_was_taken_under_an_exception_leaves_although_it_ended_meanwhile(tmp_path: Path) -> None:
    """Its day is that of the 250: who sent it was told what would happen, and that is what happens. What comes on the next
    day is decided without it."""
    async with site(tmp_path) as here:
        node = here.node
        today = datetime.datetime.fromtimestamp(node.clock(), TOKYO).date()
        spared = PolicyException(
            "external_recipient", When(to="external"), owner="taro", reason="a fair", approved_by="hanako", until=today
        )  # fmt: skip
        rules = {**policy_of().rules, "external_recipient": RulePolicy("approve department_head")}
        await node.reload(lambda: policy_of(rules=rules, exceptions=(spared,)))
        assert await asyncio.to_thread(held_for, here, 3600, mail(SATO, "spared\n")) == 250
        (held,) = await node.store.find(Query("default", state=(State.HELD,)))
        assert held.approvals == ()
        wall = node.clock._wall
        node.clock._wall = lambda: wall() + 36 * 3600
        node.clock._offset += 36 * 3600
        node.store.wake()
        (caught,) = await here.caught(1)
        assert (caught.recipients, b"spared" in caught.content) == ((SATO,), True)
        assert (await here.send(TARO, [SATO], mail(SATO, "not spared\n")))[0] == 250
        (held,) = await node.store.find(Query("default", state=(State.HELD,)))
        assert held.approvals == ("department_head",)
