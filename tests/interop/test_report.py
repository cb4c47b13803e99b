"""A reported mail from end to end: a real client, a real browser session, a real mailbox host on the other side."""

import asyncio
import re
import socket
from pathlib import Path

import httpx2

from config.policy import Warn
from mail.message import Message
from quarantine.item import State
from quarantine.store import Query
from tests.gateway.test_app import HANAKO, TARO, mail
from tests.services.node import PASSWORD, Site, policy_of, site

PHISH = "paypal@evil.example"
BODY = "至急 http://203.0.113.7/login でパスワードを入力してください\n"


class Person:
    """Somebody with a browser."""

    def __init__(self, here: Site) -> None:
        self.client = httpx2.AsyncClient(base_url=here.node.console.url, timeout=60)
        self.page = ""

    async def login(self, name: str) -> "Person":
        await self.get("/login")
        answer = await self.post("/login", login=name, password=PASSWORD, next="/")
        assert answer.status_code == 303, answer.text[-300:]
        return self

    async def get(self, path: str) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        self.page = answer.text
        return self.page

    async def post(self, path: str, **fields: object) -> httpx2.Response:
        found = re.search(r'name="token" value="([^"]+)"', self.page)
        assert found
        return await self.client.post(path, data={"token": found[1], **fields})

    def boxes(self, name: str) -> list[str]:
        """The values of the ticked boxes (and hidden fields) of that name."""
        found = re.findall(rf'<input type="(\w+)" name="{name}" value="([^"]+)"([^>]*)>', self.page)
        return [value for kind, value, rest in found if kind == "hidden" or "checked" in rest]


def subjects(here: Site, address: str) -> list[str]:
    found = []
    for caught in here.catcher.caught:
        subject = Message(caught.content).first("subject")
        if address in caught.recipients and subject is not None:
            found.append(subject.text)
    return found


async def test_reported_decided_alerted_and_from_then_on_held(tmp_path: Path) -> None:
    policy = policy_of(warn=Warn(warn_at=1, hold_at=1000))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    changes = {
        "console": {"port": port, "base_url": f"http://127.0.0.1:{port}"},
        "notices": {"held": False, "waits": False, "contact": "内線 1234"},
    }
    async with site(tmp_path, policy, **changes) as here:
        for number, to in enumerate((TARO, HANAKO)):
            content = mail(to, BODY, sender=PHISH, more=f"X-Number: {number}\n")
            assert (await here.send(PHISH, [to], content, name="inbound"))[0] == 250
        warned = await here.caught(2)
        texts = "\n".join(text for _, text in Message(warned[0].content).texts())
        entries = await here.node.store.entries("default", event="hand_over")
        mail_id = entries[0].mail_id
        linked = re.search(r"/received/([a-z2-7]{16})", texts)
        assert linked, texts
        assert linked[1] == mail_id, "the banner leads to the page of this very mail"

        taro = await Person(here).login("taro")
        page = await taro.get(f"/received/{mail_id}")
        assert "不審なメールとして報告する" in page
        assert (await taro.post(f"/received/{mail_id}/report", comment="怪しい")).status_code == 303

        admin = await Person(here).login("admin")
        queue = await admin.get("/reports")
        found = re.search(r'href="(/reports/[0-9a-f]+)"', queue)
        assert found
        await admin.get(found[1])
        assert "該当2通" in admin.page
        answer = await admin.post(
            f"{found[1]}/close", verdict="dangerous", alert="1", discard="1", days="90", span="90",
            line="開いた方は連絡してください", note="ありがとう", t=admin.boxes("t"), block=admin.boxes("block"),
        )  # fmt: skip
        assert answer.status_code == 303
        await here.caught(4)
        assert subjects(here, TARO)[-1].startswith("【確認結果】")
        assert subjects(here, HANAKO)[-1].startswith("【注意喚起】")
        alert = next(c for c in here.catcher.caught[2:] if HANAKO in c.recipients)
        text = Message(alert.content).root.text()
        assert "内線 1234" in text
        assert "開いた方は連絡してください" in text

        content = mail(HANAKO, BODY, sender=PHISH)
        code, said = await here.send(PHISH, [HANAKO], content, name="inbound")
        assert (code, "Accepted as" in said) == (250, True)
        (held,) = await here.node.store.find(Query("default", state=(State.HELD,)))
        assert "blocked" in held.holds
        await asyncio.sleep(0.2)
        assert len(here.catcher.caught) == 4, "it went nowhere"
        for entry in await here.node.store.entries("default", event="alert"):
            assert entry.detail["people"] == 1
        verdict = await taro.get(f"/received/{mail_id}")
        assert "危険なメールでした" in verdict
