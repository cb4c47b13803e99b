"""A link that is listed later: mail is delivered, an administrator blocks its host, and a letter arrives, once."""

from pathlib import Path

from gateway.rounds.alert_rounds import AlertRounds
from mail.message import Message
from quarantine.reported.listed_later import PAUSE, SETTLED
from tests.gateway.test_app import HANAKO, TARO, mail
from tests.interop.test_report import Person, subjects
from tests.services.node import site

LINK = "ご確認ください https://docs.shared-files.example/a/b\n"
SENDER = "tanaka@client.example"


async def test_delivered_blocked_alerted_once(tmp_path: Path) -> None:
    async with site(tmp_path, notices={"held": False, "waits": False, "contact": "内線 1234"}) as here:
        node = here.node
        for to, text in ((TARO, LINK), (HANAKO, "ご確認ください\n")):
            assert (await here.send(SENDER, [to], mail(to, text, sender=SENDER), name="inbound"))[0] == 250
        await here.caught(2)
        admin = await Person(here).login("admin")
        assert "直近30日間" in await admin.get("/listings")
        fields = {
            "list": "block",
            "kind": "host",
            "subject": "shared-files.example",
            "days": "90",
            "reason": "phishing",
        }
        assert (await admin.post("/listings", alert="1", **fields)).status_code == 303
        later = [node.clock() + PAUSE + 1]
        rounds = AlertRounds(
            node.settings, node.store, node.sightings, node.listings, node.people, node.post, lambda: later[0], lambda tenant: "ja"
        )  # fmt: skip
        assert await rounds.look() == 1
        await here.caught(3)
        assert len(subjects(here, HANAKO)) == 1, "nobody else hears"
        letter = Message(here.catcher.caught[2].content)
        assert (here.catcher.caught[2].recipients, letter.first("auto-submitted") is not None) == (
            (TARO,),
            True,
        )
        assert "shared-files[.]example" in letter.root.text()
        assert "https://" not in letter.root.text()
        assert "注意喚起1人" in (await admin.get("/listings")) or "（1人）" in admin.page
        later[0] += SETTLED
        assert await rounds.look() == 0
        assert "注意喚起1人" in await admin.get("/listings")
        await rounds.forget()
        assert len(here.catcher.caught) == 3
