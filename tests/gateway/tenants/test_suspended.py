"""One of two organisations on a node is suspended, by the command beside the node that runs, and goes on (OPS-SUSPEND)."""

import argparse
import asyncio
import re
from pathlib import Path

import httpx2
import pytest

from directory.account import Account, Role
from gateway.command.tenant import turn
from quarantine.item import Event, State
from quarantine.rights import Actor
from tests.gateway.tenants.test_shared_door import ANN, LISTENERS, OTHER, TARO, Both, both
from tests.services.node import DOMAIN, PASSWORD
from tests.services.upstream import listener

STRANGER = "x@client.example"
WHY = "A key of yours was stolen <today>"
BOTH = [*LISTENERS, listener("relay", proxied=False, networks=["127.0.0.0/8"], tenant="acme")]
CALL = {"held": False, "waits": False, "contact": "Extension 1234"}


async def order(house: Both, action: str) -> int:
    said = argparse.Namespace(action=action, name="acme", reason=WHY if action == "suspend" else "")
    return await turn(house.here.node.settings, said)


class Browser:
    """Somebody at the console."""

    def __init__(self, house: Both) -> None:
        self._client = httpx2.AsyncClient(
            base_url=house.here.node.console.url, timeout=60, headers={"accept-language": "en"}
        )

    async def get(self, path: str) -> httpx2.Response:
        return await self._client.get(path)

    async def post(self, path: str, **fields: str) -> httpx2.Response:
        page = (await self._client.get(path)).text
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token, page
        return await self._client.post(path, data={"token": token[1], **fields})

    async def login(self, login: str) -> httpx2.Response:
        return await self.post("/login", login=login, password=PASSWORD, next="/")


async def test_its_mail_stops_at_every_door_and_the_others_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with both(tmp_path, listeners=BOTH) as house:
        node = house.here.node
        assert await house.say(ANN, STRANGER, body="bittern", name="submission", login="ann") == [250] * 3
        (held,) = await house.items("acme", state=(State.HELD,))
        assert [await order(house, "suspend"), await order(house, "suspend")] == [0, 0]
        assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("acme ")] == [
            "acme is suspended", "acme was suspended already: nothing was changed",
        ]  # fmt: skip

        assert await house.say(ANN, STRANGER, name="submission", login="ann") == [451, 503]
        assert await house.say(ANN, STRANGER, name="relay") == [451, 503]
        assert await house.say("", STRANGER, name="relay") == [250, 451], "before it is known whose it is"
        assert await house.say(STRANGER, ANN) == [250, 451]
        assert await house.say(STRANGER, f"report@{OTHER}") == [250, 451]
        assert await house.say(STRANGER, ANN, TARO) == [250, 451, 250, 250], "of its recipients alone"
        assert await house.say(TARO, f"hanako@{DOMAIN}", name="submission", login="taro") == [250] * 3

        def replies() -> list[bytes]:
            with house.client("submission", "ann") as ours, house.client() as theirs:
                theirs.mail(STRANGER)
                return [ours.mail(ANN)[1], theirs.rcpt(ANN)[1]]

        told = await asyncio.to_thread(replies)
        assert told == [
            b"4.3.2 Your mail is temporarily suspended, please ask your administrator",
            b"4.3.2 Mail for this recipient is temporarily not accepted, please try again later",
        ]
        assert all(reply.isascii() for reply in told)

        assert (await node.store.get(held.id, "acme")).state is State.HELD
        assert await order(house, "resume") == 0
        assert await house.say(STRANGER, ANN) == [250, 250, 250]
        assert await house.say(ANN, STRANGER, name="submission", login="ann") == [250] * 3
        await house.reached(STRANGER)
        acts = [e for e in await node.store.entries("acme") if e.event.startswith("tenant_")]
        assert [(e.event, e.detail["reason"]) for e in acts] == [
            ("tenant_suspended", WHY), ("tenant_resumed", ""),
        ]  # fmt: skip
        assert all(e.actor.startswith("operator:") for e in acts)


async def test_a_mail_whose_recipients_were_taken_is_not(tmp_path: Path) -> None:
    """Suspended between RCPT and the end of the mail: it comes again, and nothing of it was kept or passed on."""
    async with both(tmp_path) as house:
        raw = f"From: {STRANGER}\r\nTo: {ANN}\r\nSubject: x\r\n\r\nx\r\n".encode()
        own = f"From: {ANN}\r\nTo: {STRANGER}\r\nSubject: x\r\n\r\nx\r\n".encode()
        client = await asyncio.to_thread(house.client)
        ours = await asyncio.to_thread(house.client, "submission", "ann")
        try:
            for each, sender, to in ((client, STRANGER, ANN), (ours, ANN, STRANGER)):
                assert (await asyncio.to_thread(each.mail, sender))[0] == 250
                assert (await asyncio.to_thread(each.rcpt, to))[0] == 250
            await order(house, "suspend")
            assert (await asyncio.to_thread(client.data, raw))[0] == 451
            assert (await asyncio.to_thread(ours.data, own))[0] == 451
        finally:
            client.close()
            ours.close()
        assert await house.items("acme") == []
        assert house.theirs.caught == []


async def test_what_is_released_and_letters_wait_in_the_queue(tmp_path: Path) -> None:
    async with both(tmp_path, notices={"held": True, "waits": False}) as house:
        node = house.here.node
        boss = Account("boss", {"en": "Boss"}, (f"boss@{OTHER}",), roles=(Role.ADMINISTRATOR,), tenant="acme")
        await node.people.save(boss, node.clock())
        assert await house.say(ANN, STRANGER, body="bittern", name="submission", login="ann") == [250] * 3
        await house.reached(ANN)  # the letter that it is held
        (held,) = await house.items("acme", state=(State.HELD,))
        await order(house, "suspend")
        before = len(house.theirs.caught)
        await node.store.change(
            held.id, Event.RELEASE, Actor("boss", tenant="acme"), node.clock(), {"reason": "ok"}
        )
        assert await house.say(TARO, f"hanako@{DOMAIN}", name="submission", login="taro") == [250] * 3
        await house.reached(f"hanako@{DOMAIN}")  # the dispatcher has been awake since
        assert (await node.store.get(held.id, "acme")).state is State.QUEUED
        assert len(house.theirs.caught) == before
        await order(house, "resume")
        await house.reached(STRANGER)


async def test_its_people_read_why_and_whom_to_ask(tmp_path: Path) -> None:
    async with both(tmp_path, notices=CALL) as house:
        ann, late, taro = Browser(house), Browser(house), Browser(house)
        assert (await ann.login("ann")).status_code == 303
        assert (await ann.get("/")).status_code == 200
        await order(house, "suspend")
        for page in [await ann.get(path) for path in ("/", "/mail", "/login", "/password")]:
            assert page.status_code == 403
            assert "A key of yours was stolen &lt;today&gt;" in page.text
            assert "Extension 1234" in page.text
            assert "operator" not in page.text, "who did it is the house's"
        assert "一時停止" in (await ann.get("/?lang=ja")).text
        closed = await late.login("ann")
        assert closed.status_code == 403
        assert "A key of yours" in closed.text
        wrong = await late.post("/login", login="ann", password="x" * 12, next="/")
        assert wrong.status_code == 401
        assert "A key of yours" not in wrong.text, "strangers hear nothing of it"
        code = await house.here.node._console_sessions.issue_code("acme", "ann", house.here.node.clock())
        assert (await late.post("/once", code=code)).status_code == 403
        assert (await taro.login("taro")).status_code == 303
        assert (await taro.get("/")).status_code == 200
        await order(house, "resume")
        assert (await ann.get("/")).status_code == 303, "that session has ended"
        assert (await late.login("ann")).status_code == 303
