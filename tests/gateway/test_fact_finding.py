"""Released mail is delivered and not caught again, also when a mailbox forwards it back to us."""

from pathlib import Path

from config.policy import Warn
from filters.facts import Origin
from filters.rewriters.banner import SIGN
from mail.message import Message
from quarantine.item import Event, State
from quarantine.rights import Actor
from quarantine.store import Query
from tests.filters.inbound.reports import OUR_ID, report
from tests.gateway.test_app import HANAKO, SATO, TARO, mail
from tests.services.node import DOMAIN, policy_of, site

LURE = mail(TARO, "http://203.0.113.7/login パスワード\n", sender="x@gmail.com")


async def test_released_mail_passes_when_it_is_forwarded_back(tmp_path: Path) -> None:
    policy = policy_of(warn=Warn(warn_at=1, hold_at=1))
    async with site(tmp_path, policy) as here:
        node = here.node
        assert (await here.send("x@gmail.com", [TARO], LURE, name="inbound"))[0] == 250
        (held,) = await node.store.find(Query("default", state=(State.HELD,)))
        assert held.arrival is not None
        assert held.arrival.origin == Origin(
            "inbound", "127.0.0.1", "client.example", held.arrival.origin.tls
        )
        assert bytes(await node.store.blobs.get(held.original)) == LURE.replace(b"\n", b"\r\n")
        copied = bytes(await node.store.blobs.get(held.blob))
        # Whoever has seen it before its release gains nothing.
        assert (await here.send("x@gmail.com", [HANAKO], copied, name="inbound"))[0] == 250
        assert len(await node.store.find(Query("default", state=(State.HELD,)))) == 2
        await node.store.change(held.id, Event.RELEASE, Actor("admin", tenant="default"), node.clock())
        node.store.wake()
        (first,) = await here.caught(1)
        # The mailbox of Taro forwards to Hanako, and she to a shared one; both come in by our listener.
        forwarded = b"Received: from mailbox.test\r\nDelivered-To: taro\r\n" + first.content
        for number, who in ((2, HANAKO), (3, "sales@example.co.jp")):
            assert (await here.send(TARO, [who], forwarded, name="inbound"))[0] == 250
            forwarded = (await here.caught(number))[number - 1].content
            assert (await here.caught(number))[number - 1].recipients == (who,)
        texts = [text for _, text in Message(forwarded).texts()]
        assert sum(text.count(SIGN) for text in texts) <= len(texts), "one banner"
        assert len(await node.store.find(Query("default", state=(State.HELD,)))) == 1
        assert await node.correspondents.known("default", ["x@gmail.com"]) == frozenset()
        # One word more, and it is another mail.
        changed = forwarded.replace(b"113[.]7", b"113[.]8")
        assert (await here.send(TARO, [HANAKO], changed, name="inbound"))[0] == 250
        assert len(await node.store.find(Query("default", state=(State.HELD,)))) == 2


async def test_a_report_on_mail_of_ours_is_known_by_what_it_returns(tmp_path: Path) -> None:
    policy = policy_of(warn=Warn(warn_at=1, hold_at=2))
    async with site(tmp_path, policy) as here:
        node = here.node
        sent = mail(SATO).replace(b"<1@x>", b"<4711@example.co.jp>")
        await here.send(TARO, [SATO], sent)
        (item,) = await node.store.find(Query("default", state=(State.HELD,)))
        await node.store.change(item.id, Event.SEND_NOW, Actor("taro", tenant="default"), node.clock())
        node.store.wake()
        await here.caught(1)
        for number, returned in ((2, b"<4711@example.co.jp>"), (2, b"<other@example.co.jp>")):
            raw = report(author=f"Microsoft Outlook <MicrosoftExchange329e71ec88ae@{DOMAIN}>")
            raw = raw.replace(OUR_ID.encode(), returned)
            raw = raw.replace(b"no such user", b"no such user. Verify your account: http://203.0.113.7/")
            assert (await here.send("", [TARO], raw, name="inbound"))[0] == 250
            assert len(await here.caught(number)) == number
        (held,) = await node.store.find(Query("default", state=(State.HELD,)))
        assert b"<other@example.co.jp>" in bytes(await node.store.blobs.get(held.blob))
