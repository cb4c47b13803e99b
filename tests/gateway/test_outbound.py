"""The submission side: copies, refusals, and nothing accepted that is not stored."""

import asyncio
import math
import random
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from config.policy import RulePolicy, Sending
from gateway import notices
from mail.message import Message
from quarantine.item import Event, Item, NotAllowed, State
from quarantine.rights import Actor
from quarantine.store import Query, Store
from storage.interfaces import StoreError
from tests.gateway.test_app import HANAKO, SATO, TARO, mail
from tests.quarantine.letters.test_on_hold import with_document
from tests.services.dns import SERVFAIL, NameServer, Zone
from tests.services.node import DOMAIN, Site, policy_of, site


async def test_a_colleague_gets_it_plain_and_the_customer_an_encrypted_copy(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        code, text = await here.send(TARO, [SATO, HANAKO], with_document())
        assert code == 250, text
        (caught,) = await here.caught(1)
        assert caught.recipients == (HANAKO,)
        assert b"application/msword" in caught.content
        (held,) = await here.node.store.find(Query("default", state=(State.HELD,)))
        assert held.passphrase_source == "generated"
        assert held.approvals == ("department_head",)
        assert held.original
        leaves = bytes(await here.node.store.blobs.get(held.blob))
        assert b"application/msword" not in leaves
        assert b"PK\x03\x04" not in leaves


async def test_a_class_mark_in_the_body_is_refused_and_a_letter_says_why(tmp_path: Path) -> None:
    """The reply is ASCII; the letter speaks the sender's language and says how to mend it."""
    async with site(tmp_path) as here:
        code, text = await here.send(TARO, [SATO], mail(SATO, "社外秘\n来年の計画です。\n"))
        assert code == 550
        assert text.isascii()
        assert "The subject or text" in text
        (entry,) = await here.node.store.entries("default", event="refuse")
        assert entry.actor == "taro"
        assert entry.mail_id in text
        assert "来年の計画" not in str(entry)
        (letter,) = await here.node.store.find(Query("default", direction="notice"))
        assert letter.owner == "taro"
        said = Message(bytes(await here.node.store.blobs.get(letter.blob)))
        assert "送信できませんでした" in said.first("subject").text  # type: ignore[union-attr]
        body = said.parts[0].text()
        assert "件名または本文" in body
        assert "添付ファイルに入れて" in body
        assert entry.mail_id in body
        assert "来年の計画" not in body


async def test_letters_about_refused_mail_come_to_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that tries over and over does not fill a mailbox; the journal has every try."""
    monkeypatch.setattr(notices, "PER_HOUR", 2)
    async with site(tmp_path) as here:
        for _ in range(3):
            assert (await here.send(TARO, [SATO], mail(SATO, "社外秘\n来年の計画です。\n")))[0] == 550
        assert len(await here.node.store.find(Query("default", direction="notice"))) == 2
        assert len(await here.node.store.entries("default", event="refuse")) == 3


async def test_a_store_that_fails_is_451_and_nothing_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path) as here:

        async def broken(*_: object, **__: object) -> None:
            raise StoreError("disk full: /secret/path")

        monkeypatch.setattr(here.node.store, "put", broken)
        code, text = await here.send(TARO, [SATO], mail(SATO))
        assert code == 451
        assert "secret" not in text


async def test_a_hold_counts_from_the_answer_and_not_from_before_the_examination(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The minutes that people are promised are theirs, whatever the examination took."""
    async with site(tmp_path, notices={"held": True, "waits": False}) as here:
        node, examine = here.node, here.node.workers.examine

        async def slow(*given: Any) -> Any:
            node.clock._offset += 240
            return await examine(*given)

        monkeypatch.setattr(node.workers, "examine", slow)
        code, _ = await here.send(TARO, [SATO], mail(SATO))
        assert code == 250
        (held,) = await node.store.find(Query("default", state=(State.HELD,)))
        assert held.due_at is not None
        assert 290 < held.due_at - node.clock() - node.settings.margin_seconds <= 300
        (letter,) = await here.caught(1)
        leaves = datetime.fromtimestamp(held.accepted_at + 300, ZoneInfo("Asia/Tokyo"))
        assert f"{leaves:%H:%M}" in str(message_from_bytes(letter.content).get_payload(decode=True), "utf-8")


async def test_whoever_has_sent_enough_hears_before_the_next_mail_when_to_go_on(tmp_path: Path) -> None:
    """One mail fits whatever its size, nothing is refused in the middle, and a new start has not forgotten."""
    policy = policy_of(sending=Sending(per_10_minutes=2))
    async with site(tmp_path, policy) as here:
        everybody = [SATO, "ito@client.example.net", "mori@client.example.net"]
        code, text = await here.send(TARO, everybody, mail(SATO))
        assert code == 250, text
        (held,) = await here.node.store.find(Query("default", state=(State.HELD,)))
        code, text = await here.send(TARO, [SATO], mail(SATO))
        assert code == 452
        until = datetime.fromtimestamp(math.ceil((held.accepted_at + 600) / 60) * 60, ZoneInfo("Asia/Tokyo"))
        assert text.isascii()
        assert f"after {until:%H:%M}" in text
        code, _ = await here.send(HANAKO, [SATO], mail(SATO, sender=HANAKO), login="hanako")
        assert code == 250
    async with site(tmp_path, policy) as here:
        assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 452
        here.node.clock._offset += 601
        assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 250


async def test_mails_begun_side_by_side_are_not_all_one_more_mail(tmp_path: Path) -> None:
    """Eight sessions say MAIL before any of them has named a recipient; the first to bring its content has the limit."""

    content = mail(SATO).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    def flood(here: Site) -> list[int]:
        clients = [here.client() for _ in range(8)]
        try:
            assert {client.mail(TARO)[0] for client in clients} == {250}
            for client in clients:
                for number in range(9):
                    assert client.rcpt(f"r{number}@client.example.net")[0] == 250
            return [client.data(content)[0] for client in clients]
        finally:
            for client in clients:
                client.close()

    async with site(tmp_path, policy_of(sending=Sending(per_10_minutes=10))) as here:
        said = await asyncio.to_thread(flood, here)
        assert said == [250, 250, 452, 452, 452, 452, 452, 452], "what is left, and one mail more"
        here.node.clock._offset += 601
        assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 250, "nothing of it is counted for ever"


async def test_a_client_says_when_a_mail_shall_leave_and_may_take_it_back(tmp_path: Path) -> None:
    """FUTURERELEASE (RFC 4865) by a real client: also to a colleague, and never sooner than the policy wants."""

    def submit(here: Site, recipients: list[str], *options: str) -> tuple[int, str]:
        with here.client() as client:
            interval, last = client.esmtp_features["futurerelease"].split()
            assert interval == str(30 * 86_400)
            assert datetime.fromisoformat(last) > datetime.now(UTC) + timedelta(days=29)
            code, text = client.mail(TARO, options)
            for recipient in recipients if code < 400 else ():
                client.rcpt(recipient)
            if code < 400:
                code, text = client.data(mail(SATO).replace(b"\n", b"\r\n"))
        return code, text.decode()

    async with site(tmp_path, notices={"held": True, "waits": False}) as here:
        node = here.node
        morning = datetime.fromtimestamp(int(node.clock()) + 50_000, ZoneInfo("Asia/Tokyo"))
        code, text = await asyncio.to_thread(submit, here, [HANAKO, SATO], f"HOLDUNTIL={morning.isoformat()}")
        assert (code, "held for 2 recipients" in text) == (250, True), text
        margin = node.settings.margin_seconds
        held = await node.store.find(Query("default", state=(State.HELD,)))
        assert {one.due_at for one in held} == {morning.timestamp() + margin}
        (letter,) = await here.caught(1)
        body = str(message_from_bytes(letter.content).get_payload(decode=True), "utf-8")
        assert f"{morning.day}日 {morning:%H:%M}に自動で送信されます" in body
        for one in held:
            await node.store.change(one.id, Event.RECALL, Actor("taro", tenant="default"), node.clock())

        code, _ = await asyncio.to_thread(submit, here, [SATO], "HOLDFOR=10")
        (one,) = await node.store.find(Query("default", state=(State.HELD,)))
        assert (code, one.due_at) == (250, one.accepted_at + 300 + margin), "the policy wants longer"

        past = datetime.fromtimestamp(node.clock() - 60, UTC).isoformat(timespec="seconds")
        for option in ("HOLDFOR=2592001", f"HOLDUNTIL={past}", "HOLDUNTIL=2199-01-01T00:00:00Z"):
            assert (await asyncio.to_thread(submit, here, [SATO], option))[0] == 501
        stranger = await asyncio.to_thread(here.client, "inbound")
        assert not stranger.has_extn("futurerelease")
        await asyncio.to_thread(stranger.quit)


async def test_who_is_taken_back_as_a_mail_leaves_never_gets_it_or_the_sender_hears_so(
    tmp_path: Path,
) -> None:
    """Clicks on another node around the moment at which the mails are due, against real deliveries."""
    chance, wrong, number = random.Random(7), "ito@client.example.net", 24
    rules = {**policy_of().rules, "external_recipient": RulePolicy("delay 60m", settings={"group": True})}
    async with site(tmp_path, policy_of(rules=rules), margin_seconds=0) as here:
        store, clock = here.node.store, here.node.clock
        other = Store(store.database, store.blobs, "node2")
        subjects = [f"test {n}" for n in range(number)]
        for subject in subjects:
            content = mail(SATO).replace(b"Subject: test", f"Subject: {subject}".encode())
            assert (await here.send(TARO, [SATO, wrong], content))[0] == 250
        items = await store.find(Query("default", direction="outbound"))
        clock._offset += min(one.due_at or 0.0 for one in items) - clock() - 0.3
        store.wake()

        async def click(one: Item) -> bool:
            assert one.due_at is not None
            await asyncio.sleep(max(0.0, one.due_at - clock() + chance.uniform(-0.05, 0.05)))
            try:
                taro = Actor("taro", tenant="default")
                await other.change(one.id, Event.DROP, taro, clock(), recipients=[1])
            except NotAllowed:
                return False
            return True

        told = dict(zip((i.id for i in items), await asyncio.gather(*map(click, items)), strict=True))
        caught = await here.caught(number)
        assert len(caught) == number
        for one in items:
            (got,) = [c for c in caught if f"Subject: {one.summary.subject}\r\n".encode() in c.content]
            assert got.recipients == ((SATO,) if told[one.id] else (SATO, wrong))


async def test_at_night_a_mail_waits_for_the_morning_where_the_policy_wants_it(tmp_path: Path) -> None:
    rules = {
        **policy_of().rules,
        "external_recipient": RulePolicy("delay until opening", settings={"group": True}),
    }
    policy = policy_of(rules=rules)
    async with site(tmp_path, policy) as here:
        node, tokyo = here.node, ZoneInfo("Asia/Tokyo")
        friday = datetime(2026, 11, 27, 19, 30, tzinfo=tokyo).timestamp()
        node.clock._offset += friday - node.clock()
        assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 250
        (held,) = await node.store.find(Query("default", state=(State.HELD,)))
        monday = datetime(2026, 11, 30, 9, tzinfo=tokyo).timestamp()
        assert held.due_at == monday + node.settings.margin_seconds
        node.clock._offset += monday + 3600 - node.clock()
        assert (await here.send(TARO, [SATO], mail(SATO, "again\n")))[0] == 250
        assert len(await here.caught(1)) >= 1, "by day it leaves at once"


async def test_a_domain_that_takes_no_mail_is_told_at_rcpt(tmp_path: Path) -> None:
    zone: Zone = {
        ("com", "NS"): ["a.root.example."],
        ("client.example.net", "MX"): ["10 mx.client.example.net."],
        ("null.example", "MX"): ["0 ."],
        ("broken.example", "MX"): SERVFAIL,
    }
    async with NameServer(zone) as server:
        dns = {"servers": ["127.0.0.1"], "port": server.port}

        async def codes(here: Site) -> list[int]:
            to = (SATO, "a@client.exampel.net", "a@null.example", "a@broken.example", HANAKO)
            return [(await here.send(TARO, [one], mail(one)))[0] for one in to]

        async with site(tmp_path / "a", dns=dns) as here:
            assert await codes(here) == [250, 550, 556, 250, 250]
        async with site(tmp_path / "b", dns={**dns, "recipients": False}) as here:
            assert await codes(here) == [250] * 5


async def test_the_null_reverse_path_is_for_receipts_of_one_s_own(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        code, _ = await here.send("", [f"hanako@{DOMAIN}"], mail(HANAKO))
        assert code == 250


async def test_an_unreadable_mail_is_held_for_a_person(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        deep = b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(60)
        )
        content = f"From: {TARO}\r\nMessage-ID: <d@x>\r\nMIME-Version: 1.0\r\n".encode() + deep + b"\r\nx\r\n"
        code, _ = await here.send(TARO, [SATO, HANAKO], content)
        assert code == 250
        items = await here.node.store.find(Query("default"))
        assert {i.state for i in items} == {State.HELD}
        assert all("unexaminable" in i.holds for i in items)
        assert not here.catcher.caught


@pytest.mark.parametrize("sender", [TARO, ""])
async def test_our_own_letter_that_a_mailbox_forwards_out_makes_no_other(tmp_path: Path, sender: str) -> None:
    """Held mail makes a letter; if a mailbox sends every letter on through us, each would be held and make the next."""
    async with site(tmp_path, notices={"held": True, "waits": False}) as here:
        assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 250
        (letter,) = await here.caught(1)
        forwarded = re.sub(rb"(?m)^From: .*", f"From: <{TARO}>".encode(), letter.content)
        code, text = await here.send(sender, [SATO], forwarded)
        assert code == 250, text
        held = await here.node.store.find(Query("default", state=(State.HELD,)))
        assert len(held) == 2, "it waits as every mail to the outside"
        letters = await here.node.store.find(Query("default", direction="notice"))
        assert len(letters) == 1, "and nobody is written to about a letter"


async def test_our_own_letter_that_is_refused_on_its_way_out_makes_no_other(tmp_path: Path) -> None:
    """A mailbox that forwards it as it is, with our address as its author, is refused; a letter about that would be too."""
    async with site(tmp_path, notices={"held": True, "waits": False}) as here:
        assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 250
        (letter,) = await here.caught(1)
        code, _ = await here.send("", [SATO], letter.content)
        assert code == 550
        assert len(await here.node.store.find(Query("default", direction="notice"))) == 1


async def test_a_sub_address_belongs_to_the_person_unless_it_is_somebody_else_s(tmp_path: Path) -> None:
    """One that only looks like a sub-address of Taro's is Hanako's here."""
    async with site(tmp_path) as here:
        hanako = await here.node.people.account("default", "hanako")
        assert hanako is not None
        hanako = msgspec.structs.replace(hanako, addresses=(*hanako.addresses, f"taro+sales@{DOMAIN}"))
        await here.node.people.save(hanako, 0.0)
        for reverse_path, author, code in (
            (f"taro+news@{DOMAIN}", f"Taro+News@{DOMAIN}", 250),
            (f"taro+news@{DOMAIN}", TARO, 250),
            (TARO, f"taro+news@{DOMAIN}", 250),
            (f"hanako+x@{DOMAIN}", TARO, 550),
            (TARO, f"hanako+x@{DOMAIN}", 550),
            (f"taro+sales@{DOMAIN}", TARO, 550),
            (TARO, f"taro+sales@{DOMAIN}", 550),
            (f"taro%x@{DOMAIN}", TARO, 550),
            (f"+x@{DOMAIN}", TARO, 550),
        ):
            given, text = await here.send(reverse_path, [HANAKO], mail(HANAKO, sender=author))
            assert given == code, (reverse_path, author, text)


async def test_an_lf_alone_is_mended_where_the_settings_say_so(tmp_path: Path) -> None:
    listener = {"name": "submission", "role": "submission", "port": 0, "bare_lf": "normalise"}

    def say(here: Site) -> list[bytes]:
        answers = []
        with here.client() as client:
            for line in (b"one\nline", b"one\n.\nMAIL FROM:<x@y.example>"):
                client.mail(TARO)
                client.rcpt(HANAKO)
                client.putcmd("data")
                assert client.getreply()[0] == 354
                client.send(mail(HANAKO).replace(b"\n", b"\r\n") + line + b"\r\n.\r\n")
                code, text = client.getreply()
                answers.append(b"%d %s" % (code, text))
        return answers

    async with site(tmp_path, listeners=[listener]) as here:
        first, second = await asyncio.to_thread(say, here)
        assert first.startswith(b"250")
        assert second.startswith(b"550 5.6.0")
        assert b"a dot" in second
        (caught,) = await here.caught(1)
        assert caught.content.endswith(b"one\r\nline\r\n")
