"""A flooded mailbox: its mail is delivered, and two letters say what to look for."""

from pathlib import Path
from unittest.mock import patch

import pytest

from directory.floods import MANY
from directory.people import People
from gateway.notices import Notices
from gateway.rounds.flood_rounds import FloodRounds
from quarantine.letters.letter import Post
from quarantine.store import Query
from storage.interfaces import StoreError
from tests.gateway.test_app import TARO, mail
from tests.gateway.test_unlock import message_of, text_of
from tests.services.node import site


async def test_owner_and_administrators_hear_once_and_all_mail_is_delivered(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        node = here.node
        arriving = node.unlock._arriving
        for number in range(MANY + 1):
            sender = f"noreply@shop{number}.example"
            code, _ = await here.send(sender, [TARO], mail(TARO, sender=sender), name="inbound")
            assert code == 250
        assert len(await here.caught(MANY + 1)) == MANY + 1, "nothing is stopped"
        notices = Notices(
            node.store, node.people, Post(node.settings, node.store.blobs.put), node.settings, ""
        )
        rounds = FloodRounds(arriving.floods, node.people, notices, node.clock, "内線 1234")
        away = patch.object(People, "all", side_effect=StoreError("away"))
        with away, pytest.raises(StoreError):
            await rounds.look()
        assert await rounds.look() == 2, "a store that was away cost no letter"
        letters = await node.store.find(Query("default", direction="notice"))
        told = {one.owner: bytes(await node.store.blobs.get(one.blob)) for one in letters}
        assert set(told) == {"taro", "admin"}
        assert "内線 1234" in text_of(told["taro"])
        assert TARO in str(message_of(told["admin"])["Subject"])
        assert await rounds.look() == 0
