"""The inbound side: in line, warned, or kept; never lost and never bounced."""

import asyncio
import smtplib
from pathlib import Path
from unittest.mock import patch

import msgspec

from config.policy import RulePolicy, Warn
from filters.rewriters.banner import SIGN
from gateway.authenticate.sign import Signer, generate_key
from mail.message import Message
from quarantine.item import Event, State
from quarantine.reported.fingerprints import Trait
from quarantine.rights import Actor, Verb, charge
from quarantine.store import Query
from storage.interfaces import StoreError
from tests.filters.rewriters.documents import armed, word
from tests.gateway.stock import stock_chain
from tests.gateway.test_app import HANAKO, SATO, TARO, mail
from tests.interop.mails import parsed
from tests.services.dns import NameServer
from tests.services.node import Site, policy_of, site
from tests.services.sink import Act, Sink

OURS = b"X-Sekisho-Verdict: clean\nAuthentication-Results: sekisho.test; dmarc=pass\n"


async def test_what_claims_to_be_ours_is_removed(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        code, _ = await here.send(SATO, [TARO], OURS + mail(TARO, sender=SATO), name="inbound")
        assert code == 250
        (caught,) = await here.caught(1)
        assert b"X-Sekisho-Verdict: clean" not in caught.content
        assert caught.content.count(b"Authentication-Results: sekisho.test") == 1
        assert b"dmarc=pass" not in caught.content


async def test_a_next_hop_that_is_away_is_451_and_the_client_keeps_the_mail(tmp_path: Path) -> None:
    async with site(tmp_path, mailbox={"host": "127.0.0.1", "port": 1, "tls": "none"}) as here:
        code, _ = await here.send(SATO, [TARO], mail(TARO, sender=SATO), name="inbound")
        assert 400 <= code < 500


async def test_a_suspicious_mail_waits_for_the_administrator_and_is_released_as_it_is(tmp_path: Path) -> None:
    policy = policy_of(warn=Warn(warn_at=1, hold_at=1))
    content = mail(TARO, "http://203.0.113.7/login パスワード\n", sender="x@gmail.com", more="X-Mark: 1\n")
    async with site(tmp_path, policy) as here:
        code, text = await here.send("x@gmail.com", [TARO], content, name="inbound")
        assert (code, "Accepted as" in text) == (250, True)
        node = here.node
        (item,) = await node.store.find(Query("default", state=(State.HELD,)))
        assert not here.catcher.caught
        await node.store.change(
            item.id, Event.RELEASE, Actor("admin", tenant="default"), node.clock(), {"reason": "looked at it"}
        )
        node.store.wake()
        (caught,) = await here.caught(1)
        assert b"X-Mark: 1" in caught.content


async def test_a_mail_with_our_banner_is_sealed_after_it_when_there_is_a_key(tmp_path: Path) -> None:
    """The banner breaks DKIM; the seal is what the next hop can still trust."""
    key = tmp_path / "arc.pem"
    key.write_bytes(generate_key())
    signer = Signer("example.co.jp", "arc", key.read_bytes())
    records = {signer.record_name: signer.record}
    policy = policy_of(warn=Warn(warn_at=1, hold_at=1000))
    content = mail(TARO, "http://203.0.113.7/login パスワード\n", sender="x@gmail.com")
    async with NameServer({}) as names:
        changes = {
            "dns": {"servers": ["127.0.0.1"], "port": names.port},
            "arc": {"domain": signer.domain, "selector": signer.selector, "key_file": key},
        }
        async with site(tmp_path, policy, **changes) as here:
            code, _ = await here.send("x@gmail.com", [TARO], content, name="inbound")
            assert code == 250
            (caught,) = await here.caught(1)
    assert caught.content.startswith(b"ARC-Seal: i=1; cv=none;")
    assert any(SIGN in text for _, text in Message(caught.content).texts()), "the banner is there"
    assert stock_chain(caught.content, records) == "pass"
    assert stock_chain(caught.content.replace(b"113[.]7", b"113[.]8"), records) == "fail"


def _with_macro() -> bytes:
    message = parsed(mail(TARO, "請求書をご確認ください。http://203.0.113.7/\n", sender="x@client.example"))
    message.add_attachment(
        armed(word(), "docm"), maintype="application", subtype="octet-stream", filename="請求書.docm"
    )
    return message.as_bytes()


async def test_what_is_taken_out_of_a_warned_mail_waits_beside_it(tmp_path: Path) -> None:
    """Both are taken into custody at once; the original leaves as soon as somebody lets it go."""
    policy = policy_of(warn=Warn(warn_at=1, hold_at=1000))
    console = {"port": 0, "base_url": "https://sekisho.example.co.jp/"}
    async with site(tmp_path, policy, console=console) as here:
        code, reply = await here.send("x@client.example", [TARO], _with_macro(), name="inbound")
        assert (code, "Accepted as" in reply) == (250, True)
        (caught,) = await here.caught(1)
        node = here.node
        items = await node.store.find(Query("default", order="oldest"))
        delivered, kept = sorted(items, key=lambda item: item.state is State.HELD)
        shown = Message(caught.content)
        assert [p.filename for p in shown.parts if p.filename] == ["請求書.docx"]
        page = f"https://sekisho.example.co.jp/received/{delivered.mail_id}"
        assert page in shown.parts[1].text()
        assert "hxxp://203[.]0[.]113[.]7/" in shown.parts[1].text()
        assert (kept.state, kept.holds, kept.direction) == (State.HELD, ("disarmed",), "inbound")
        assert (kept.mail_id, kept.recipients[0].path) == (delivered.mail_id, delivered.recipients[0].path)
        assert set(kept.rewrites) == {"banner", "mark"}
        entries = await node.store.entries("default", mail_id=kept.mail_id)
        assert [e.event for e in entries][:2] == ["accept", "accept"]
        await node.store.change(
            kept.id, Event.RELEASE, Actor("admin", tenant="default"), node.clock(), {"reason": "asked"}
        )
        node.store.wake()
        original = Message((await here.caught(2))[-1].content)
        assert [p.filename for p in original.parts if p.filename] == ["請求書.docm"]
        assert "http://203.0.113.7/" in original.parts[1].text()
        assert original.parts[1].text().startswith("【注意】")


async def test_a_warned_mail_that_loses_nothing_goes_on_in_line(tmp_path: Path) -> None:
    policy = policy_of(warn=Warn(warn_at=1, hold_at=1000))
    content = mail(TARO, "http://203.0.113.7/login パスワード\n", sender="x@gmail.com")
    async with site(tmp_path, policy) as here:
        await here.send("x@gmail.com", [TARO], content, name="inbound")
        (caught,) = await here.caught(1)
        assert await here.node.store.find(Query("default")) == []
        (_, text) = next(Message(caught.content).texts())
        assert "hxxp://203[.]0[.]113[.]7" in text
        assert "/received/" not in text, "the console has no address that people could reach"


async def test_two_readers_of_two_languages_get_one_copy_each(tmp_path: Path) -> None:
    policy = policy_of(warn=Warn(warn_at=1, hold_at=1000))
    content = mail(TARO, "http://203.0.113.7/login パスワード\n", sender="x@gmail.com")
    async with site(tmp_path, policy) as here:
        account = await here.node.people.account("default", "hanako")
        assert account is not None
        await here.node.people.save(msgspec.structs.replace(account, language="en"), 0.0)
        await here.send("x@gmail.com", [TARO, HANAKO], content, name="inbound")
        caught = {c.recipients[0]: Message(c.content) for c in await here.caught(2)}
        titles = {to: next(message.texts())[1].splitlines()[0] for to, message in caught.items()}
        assert titles == {
            TARO: "【注意】不審な点のあるメールです",
            HANAKO: "CAUTION: this mail looks suspicious",
        }
        marks = {to: message.first("subject").text.split("]")[0] for to, message in caught.items()}
        assert marks == {TARO: "[注意", HANAKO: "[CAUTION"}


async def test_a_rule_that_refuses_is_550(tmp_path: Path) -> None:
    shipped = policy_of()
    rules = {**shipped.rules, "freemail_sender": RulePolicy(then="reject")}
    async with site(tmp_path, msgspec.structs.replace(shipped, rules=rules)) as here:
        code, text = await here.send("x@gmail.com", [TARO], mail(TARO, sender="x@gmail.com"), name="inbound")
        assert code == 550
        assert "5.7.1" in text


async def lmtp(tmp_path: Path, *replies: str) -> tuple[tuple[int, str], Site, list[bytes]]:
    """One mail to two mailboxes whose LMTP host answers so after the dot."""
    async with Sink(lmtp=True, script={"DOT": list(replies)}) as host:
        hop = {"host": "127.0.0.1", "port": host.port, "tls": "none", "lmtp": True}
        async with site(tmp_path, mailbox=hop) as here:
            content = mail(TARO, sender=SATO)
            answer = await here.send(SATO, [TARO, HANAKO], content, name="inbound")
            return answer, here, [r for m in host.mails for r in m.recipients]


async def test_refused_for_all_but_for_some_only_for_now_comes_again(tmp_path: Path) -> None:
    (code, _), _, taken = await lmtp(tmp_path, "550 5.1.1 gone", "451 4.3.0 later")
    assert (code, taken) == (451, [])


async def test_a_mailbox_that_refuses_what_another_took_is_told_to_who_keeps_the_quarantine(
    tmp_path: Path,
) -> None:
    """The client has its 250, so nobody else will hear of it."""
    async with Sink(lmtp=True, script={"DOT": ["250 2.0.0 taken", "552 5.2.2 mailbox full"]}) as host:
        hop = {"host": "127.0.0.1", "port": host.port, "tls": "none", "lmtp": True}
        async with site(tmp_path, mailbox=hop) as here:
            code, _ = await here.send(SATO, [TARO, HANAKO], mail(TARO, sender=SATO), name="inbound")
            assert code == 250
            store = here.node.store
            (held,) = await store.find(Query("default", state=(State.HELD,)))
            assert [r.path.address for r in held.recipients] == [HANAKO]
            keepers = [
                a.login
                for a in await here.node.people.all("default")
                if Verb.QUARANTINE in charge(a) and a.addresses
            ]
            letters = await store.find(Query("default", direction="notice"))
            assert keepers
            assert sorted(letter.owner for letter in letters) == sorted(keepers)
            said = Message(bytes(await store.blobs.get(letters[0].blob))).parts[0].text()
            assert HANAKO in said
            assert TARO not in said.partition("To:")[0]
            assert f"/trace/{held.mail_id}" in said


async def test_mail_that_was_released_and_then_refused_is_told_to_our_postmaster(tmp_path: Path) -> None:
    policy = policy_of(warn=Warn(warn_at=1, hold_at=1))
    content = mail(TARO, "http://203.0.113.7/login パスワード\n", sender="x@gmail.com")
    script = {"DOT": ["550 5.7.1 not here", "250 2.0.0 taken"]}
    async with Sink(script=script) as host:
        hop = {"host": "127.0.0.1", "port": host.port, "tls": "none"}
        async with site(tmp_path, policy, mailbox=hop) as here:
            assert (await here.send("x@gmail.com", [TARO], content, name="inbound"))[0] == 250
            node = here.node
            (item,) = await node.store.find(Query("default", state=(State.HELD,)))
            await node.store.change(
                item.id, Event.RELEASE, Actor("admin", tenant="default"), node.clock(), {"reason": "r"}
            )
            node.store.wake()
            for _ in range(1000):
                if host.mails:
                    break
                await asyncio.sleep(0.02)
            (told,) = host.mails
            assert told.recipients == [b"postmaster@example.co.jp"]
            assert b"not here" in told.content


async def test_a_link_or_file_on_the_block_list_holds_the_mail(tmp_path: Path) -> None:
    """Both are known only after the checkpoint has looked: it looks again."""
    content = mail(TARO, "https://www.shop.example/x\n", sender="x@client.example")
    async with site(tmp_path) as here:
        node = here.node
        code, _ = await here.send("x@client.example", [TARO], content, name="inbound")
        assert code == 250
        await here.caught(1)
        await node.listings.add(
            "default", list="block", kind="host", subject="shop.example", owner="admin", reason="reported",
            expires_at=node.clock() + 86_400,
        )  # fmt: skip
        code, text = await here.send("x@client.example", [TARO], content, name="inbound")
        assert (code, "Accepted as" in text) == (250, True)
        (item,) = await node.store.find(Query("default", state=(State.HELD,)))
        assert item.holds == ("blocked",)
        assert item.summary.hosts == ("www.shop.example",)


CRLF = mail(TARO, sender=SATO).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _asks(here: Site, sender: str, recipient: str) -> smtplib.SMTP:
    """A stranger who has named a recipient and then says nothing more."""
    client = here.client("inbound")
    assert client.mail(sender)[0] == 250
    assert client.rcpt(recipient)[0] == 250
    return client


async def test_slow_strangers_hold_no_connection_to_the_mailbox_host(tmp_path: Path) -> None:
    """T33b: each held one of the connections from RCPT on, and twenty of them stopped all inbound mail."""
    limits = {"next_hop_connections": 2, "next_hop_unused": 600, "connections_per_address": 100}
    async with site(tmp_path, limits=limits) as here:
        strangers = [await asyncio.to_thread(_asks, here, SATO, TARO) for _ in range(20)]
        code, _ = await here.send(SATO, [TARO], mail(TARO, sender=SATO), name="inbound")
        assert code == 250
        assert len(await here.caught(1)) == 1
        for stranger in strangers:
            code, _ = await asyncio.to_thread(stranger.data, CRLF)
            assert code == 250
            stranger.close()
        assert len(await here.caught(21)) == 21


async def test_a_mailbox_host_that_changes_its_mind_gets_nothing_and_the_client_comes_again(
    tmp_path: Path,
) -> None:
    async with Sink({"RCPT": [None, "550 5.1.1 moved away"]}) as sink:
        mailbox = {"host": "127.0.0.1", "port": sink.port, "tls": "none"}
        async with site(tmp_path, mailbox=mailbox, limits={"next_hop_unused": 0.01}) as here:
            stranger = await asyncio.to_thread(_asks, here, SATO, TARO)
            while "RSET" not in sink.verbs():
                await asyncio.sleep(0.01)
            code, text = await asyncio.to_thread(stranger.data, CRLF)
            assert (code, text[:5]) == (451, b"4.4.5")
            assert not sink.mails
            stranger.close()


async def test_nothing_is_handed_over_that_cannot_be_written_down(tmp_path: Path) -> None:
    """The journal was written after the next hop had the mail: with a locked database, mail passed without a trace."""
    async with site(tmp_path) as here:

        async def locked(*entries: object) -> None:
            raise StoreError("the database is locked")

        record, here.node.store.record = here.node.store.record, locked  # type: ignore[method-assign]
        code, _ = await here.send(SATO, [TARO], mail(TARO, sender=SATO), name="inbound")
        assert code == 451
        assert not here.catcher.caught
        here.node.store.record = record  # type: ignore[method-assign]
        code, _ = await here.send(SATO, [TARO], mail(TARO, sender=SATO), name="inbound")
        assert code == 250
        await here.node.handed_over.flush()
        (entry,) = await here.node.store.entries("default", event="pass")
        assert [e.event for e in await here.node.store.entries("default", mail_id=entry.mail_id)] == [
            "hand_over",
            "pass",
        ]


async def test_lost_after_the_dot_is_in_the_journal_as_unknown_and_is_found_again(tmp_path: Path) -> None:
    async with Sink({"DOT": Act.CLOSE}) as sink:
        mailbox = {"host": "127.0.0.1", "port": sink.port, "tls": "none"}
        async with site(tmp_path, mailbox=mailbox) as here:
            code, _ = await here.send(SATO, [TARO], mail(TARO, sender=SATO), name="inbound")
            assert code == 451
            await here.node.handed_over.flush()
            assert [e.event for e in await here.node.store.entries("default")][-2:] == [
                "hand_over",
                "outcome_unknown",
            ]
            (mail_seen,) = await here.node.sightings.find([Trait("address", SATO)], "default")
            assert mail_seen.got[0].has_it


async def test_a_hand_over_that_breaks_off_is_in_the_journal_as_unknown(tmp_path: Path) -> None:
    """Whatever breaks it, an intent has its outcome: a session that ends, a fault of ours."""
    async with site(tmp_path) as here:

        async def breaks(*_: object) -> None:
            raise RuntimeError("a fault")

        with patch("gateway.deliver.lent.LentTransaction.data", breaks):
            code, _ = await here.send(SATO, [TARO], mail(TARO, sender=SATO), name="inbound")
        assert code == 451
        await here.node.handed_over.flush()
        events = [e.event for e in await here.node.store.entries("default")]
        assert events[-2:] == ["hand_over", "outcome_unknown"]


async def test_a_client_that_had_its_share_of_the_examining_is_451(tmp_path: Path) -> None:
    limits = {"examining_per_minute": 0.001, "trusted": []}
    async with site(tmp_path, limits=limits) as here:
        for name, sender, recipient in (("inbound", SATO, TARO), ("submission", TARO, SATO)):
            codes = [
                await here.send(sender, [recipient], mail(recipient, sender=sender), name=name)
                for _ in range(2)
            ]
            assert [code for code, _ in codes] == [250, 451]
            assert "4.7.0" in str(codes[1][1])
        assert len(here.catcher.caught) == 1
