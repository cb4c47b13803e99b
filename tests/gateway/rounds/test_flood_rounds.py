"""A flooded mailbox: its mail is delivered, and two letters say what to look for."""

from pathlib import Path
from unittest.mock import patch

import pytest

from directory.floods import MANY, Floods
from directory.people import People
from gateway.notices import Notices
from gateway.rounds.flood_rounds import EVERY, FloodRounds
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
        rounds = FloodRounds(arriving.floods, node.people, notices, node.clock, lambda tenant: "内線 1234")
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


async def test_who_is_in_charge_gets_one_letter_about_all_and_the_next_an_hour_later(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        node, later = here.node, [here.node.clock()]
        notices = Notices(
            node.store, node.people, Post(node.settings, node.store.blobs.put), node.settings, ""
        )

        def rounds() -> tuple[Floods, FloodRounds]:
            floods = Floods()
            return floods, FloodRounds(floods, node.people, notices, lambda: later[0], lambda tenant: "")

        def flood(floods: Floods, *addresses: str) -> None:
            for number in range(MANY):
                floods.note("default", addresses, f"shop{number}.example", later[0])

        async def told() -> list[str]:
            letters = await node.store.find(Query("default", direction="notice"))
            raw = [bytes(await node.store.blobs.get(one.blob)) for one in letters if one.owner == "admin"]
            return [text_of(each) for each in raw]

        floods, one = rounds()
        flood(floods, *(f"p{n}@example.co.jp" for n in range(20)))
        assert await one.look() == 1
        (first,) = await told()
        assert all(f"p{n}@example.co.jp" in first for n in range(20))
        flood(floods, "q1@example.co.jp")
        flood(floods, "q2@example.co.jp")
        others, two = rounds()
        flood(others, TARO, "p1@example.co.jp")
        assert await one.look() == 0
        assert await two.look() == 1, (
            "taro himself; another process says nothing to who is in charge now, either"
        )
        flood(floods, TARO)
        assert await one.look() == 0, "nor to taro again"
        later[0] += EVERY + 1
        assert await one.look() == 1
        (second,) = [text for text in await told() if "q1@example.co.jp" in text]
        assert "q2@example.co.jp" in second
        assert len(await told()) == 2
