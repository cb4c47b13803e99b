"""The relay listener: whose mail it is, and what becomes of it."""

import asyncio
import base64
import contextlib
import smtplib
from pathlib import Path

import msgspec
import pytest

from config.policy import Sending
from directory.account import Account
from filters.examined import UNKNOWN_SENDER
from gateway.demo.mail_catcher import Catcher
from quarantine.item import Event, Item, State
from quarantine.rights import Actor
from quarantine.store import Query
from tests.gateway.test_app import HANAKO, SATO, TARO, mail
from tests.services.node import ACCOUNTS, DOMAIN, Site, policy_of, site
from tests.services.upstream import client, listener, say, secret

HERE = {"proxied": False, "networks": ["127.0.0.0/8"]}
GHOST = f"ghost@{DOMAIN}"
SALES, INFO = f"sales@{DOMAIN}", f"info@{DOMAIN}"


async def sent(
    here: Site,
    sender: str,
    recipients: list[str],
    content: bytes,
    name: str = "relay",
    login: str = "",
    peer: str = "",
) -> tuple[int, str]:
    def talk() -> tuple[int, str]:
        with client(here.node.addresses[name], peer) as found:
            if login:
                found.login(*login.split(":"))
            return say(found, sender, recipients, content.replace(b"\n", b"\r\n"))

    return await asyncio.to_thread(talk)


async def held(here: Site) -> list[Item]:
    return await here.node.store.find(Query("default", state=(State.HELD,), order="oldest"))


async def accounts(here: Site, *more: Account) -> None:
    for account in more:
        await here.node.people.save(account, 0.0)


async def test_it_is_the_submission_of_the_person_and_the_journal_names_the_upstream(tmp_path: Path) -> None:
    async with site(tmp_path, listeners=[listener(**HERE)], notices={"held": True, "waits": False}) as here:
        code, text = await sent(here, TARO, [HANAKO, SATO], mail(f"{HANAKO}, {SATO}"))
        assert code == 250, text
        assert "held for 1 recipient" in text
        (item,) = await held(here)
        assert (item.owner, item.upstream, item.peer) == ("taro", "relay", "127.0.0.1")
        found = {mail.recipients: mail.content for mail in await here.caught(2)}
        assert set(found) == {(HANAKO,), (TARO,)}, "the colleague's copy, and the letter to the sender"
        assert b"with ESMTPS id" in found[HANAKO,], "nobody logged in here"
        entries = await here.node.store.entries("default", event="accept", limit=10)
        assert {e.detail.get("upstream") for e in entries if e.detail["direction"] == "outbound"} == {"relay"}
        after = await here.node.store.change(
            item.id, Event.RECALL, Actor("taro", tenant="default"), here.node.clock()
        )
        assert after.state is State.WITHDRAWN

        code, text = await sent(here, TARO, [SATO], mail(SATO, "社外秘\n"))
        assert code == 550
        (refusal,) = await here.node.store.entries("default", event="refuse")
        assert (refusal.actor, refusal.detail["upstream"]) == ("taro", "relay")


async def test_whose_mail_it_is(tmp_path: Path) -> None:
    """By the reverse-path, else by From; the directory knows whose address that is, and who is there no more."""
    async with site(
        tmp_path, listeners=[listener(**HERE), listener("by_from", person="from", **HERE)]
    ) as here:
        await accounts(
            here,
            Account("gone", addresses=(f"gone@{DOMAIN}",), disabled=True),
            msgspec.structs.replace(ACCOUNTS[0], send_as=(SALES, INFO)),
            msgspec.structs.replace(ACCOUNTS[1], send_as=(SALES,)),
        )
        verp = f"bounce-17@{DOMAIN}"
        for name, reverse_path, author, owner in (
            ("relay", TARO, TARO, "taro"),
            ("relay", f"Taro+x@{DOMAIN}", TARO, "taro"),
            ("relay", INFO, INFO, "taro"),  # nobody else may send from there
            ("relay", SALES, SALES, ""),  # two may
            ("relay", "", TARO, "taro"),
            ("relay", "", GHOST, ""),
            ("relay", "", SATO, ""),
            ("relay", TARO, HANAKO, ""),  # foreign_author
            ("relay", GHOST, TARO, ""),
            ("relay", SATO, TARO, ""),
            ("relay", f"gone@{DOMAIN}", f"gone@{DOMAIN}", ""),
            ("relay", f"taro%x.example@{DOMAIN}", TARO, ""),
            ("by_from", verp, TARO, "taro"),
            ("by_from", "", HANAKO, "hanako"),
            ("by_from", SATO, TARO, ""),
            ("by_from", verp, SATO, ""),
            ("by_from", verp, GHOST, ""),
            ("by_from", TARO, HANAKO, "hanako"),
        ):
            code, text = await sent(here, reverse_path, [SATO], mail(SATO, sender=author), name)
            assert code == (250 if owner else 550), (name, reverse_path, author, text)
            assert owner or "5.7.1" in text
            if owner:
                newest = (await held(here))[-1]
                assert (newest.owner, newest.reverse_path) == (owner, reverse_path)
        two = mail(SATO).replace(b"To: ", b"From: <hanako@example.co.jp>\nTo: ")
        assert (await sent(here, "", [SATO], two))[0] == 550, "two From"
        behalf = mail(SATO, sender=HANAKO, more=f"Sender: <{TARO}>\n")
        assert (await sent(here, HANAKO, [SATO], behalf))[0] == 250, "the upstream let Taro write for her"
        for sender in (HANAKO, HANAKO.upper(), f"{TARO}, {HANAKO}"):
            forged = mail(SATO, sender=HANAKO, more=f"Sender: <{sender.replace(', ', '>, <')}>\n")
            code, text = await sent(here, TARO, [SATO], forged)
            assert code == 550, ("Taro's reverse-path: he names her as author and sender", sender, text)
        for name, author, sender, owner in (
            ("relay", SALES, TARO, "taro"),
            ("relay", SALES, HANAKO, "hanako"),
            ("relay", SALES, SALES, ""),
            ("relay", SALES, f"admin@{DOMAIN}", ""),  # not one of those who may
            ("relay", TARO, TARO, "taro"),
            ("relay", HANAKO, TARO, ""),  # From is not his
            ("by_from", SALES, TARO, "taro"),
        ):
            content = mail(SATO, sender=author, more=f"Sender: <{sender}>\n")
            code, text = await sent(here, SALES, [SATO], content, name)
            assert code == (250 if owner else 550), (name, author, sender, text)
            assert not owner or (await held(here))[-1].owner == owner
        behalf = mail(SATO, sender=HANAKO, more=f"Sender: <{SATO}>\n")
        assert (await sent(here, HANAKO, [SATO], behalf))[0] == 550

        await accounts(here, msgspec.structs.replace(ACCOUNTS[0], disabled=True))
        assert (await sent(here, TARO, [SATO], mail(SATO)))[0] == 550, "at once, not when a memory is over"


async def test_mail_of_an_address_that_is_nobody_s(tmp_path: Path) -> None:
    """Refused, held for an administrator, or passed as a department's: as the settings say."""
    passing = listener("passing", unknown="pass", unknown_as="sales-desk", **HERE)
    holding = listener("holding", unknown="hold", unknown_as="sales-desk", **HERE)
    async with site(tmp_path, listeners=[listener(**HERE), passing, holding]) as here:
        await accounts(here, Account("sales-desk", addresses=(SALES,), department="sales"))
        code, text = await sent(here, GHOST, [SATO], mail(SATO, sender=GHOST))
        assert (code, "not a sender of our organisation" in text) == (550, True)
        assert GHOST in text

        code, text = await sent(here, GHOST, [HANAKO, SATO], mail(SATO, sender=GHOST), "passing")
        assert code == 250, text
        (item,) = await held(here)
        assert (item.owner, item.reverse_path, item.holds) == ("sales-desk", GHOST, ())
        assert item.due_at is not None, "it waits for its time alone"

        code, text = await sent(here, GHOST, [HANAKO, SATO], mail(SATO, sender=GHOST), "holding")
        assert code == 250, text
        waiting = (await held(here))[1:]
        assert {i.holds for i in waiting} == {(UNKNOWN_SENDER,)}
        assert sum(len(i.recipients) for i in waiting) == 2, "nobody gets it before"
        sales = Actor("sales-desk", tenant="default")
        with pytest.raises(Exception, match="not allowed"):
            await here.node.store.change(waiting[0].id, Event.SEND_NOW, sales, here.node.clock())
        admin = Actor("admin", tenant="default")
        for one in waiting:
            after = await here.node.store.change(one.id, Event.RELEASE, admin, here.node.clock())
            assert UNKNOWN_SENDER not in after.holds

        for name in ("passing", "holding"):
            code, _ = await sent(here, GHOST, [SATO], mail(SATO, sender=TARO), name)
            assert code == 250
            assert (await held(here))[-1].owner == "taro", "From is somebody: it is theirs"
            report = mail(SATO, sender=f"mailer-daemon@{DOMAIN}", more="Auto-Submitted: auto-replied\n")
            assert (await sent(here, "", [SATO], report, name))[0] == 250, "the upstream's own reports"
            for reverse_path, author in ((SATO, GHOST), (GHOST, SATO), ("", SATO)):
                assert (await sent(here, reverse_path, [HANAKO], mail(HANAKO, sender=author), name))[0] == 550


async def test_who_is_no_upstream_relays_nothing(tmp_path: Path) -> None:
    password = secret(tmp_path, "the-next-one-0123456789\nmellow-kite-0419-Hm3-q7RtW2")
    both = listener(networks=["192.0.2.0/24"], login="postfix", password_file=password)
    limits = {"auth_failures": 3, "trusted": []}
    async with site(
        tmp_path, listeners=[both, listener("network", networks=["192.0.2.0/24"])], limits=limits
    ) as here:
        for peer, login, code in (
            ("192.0.2.7", "postfix:mellow-kite-0419-Hm3-q7RtW2", 250),
            ("192.0.2.7", "", 530),
            ("198.51.100.7", "", 530),
        ):
            assert (await sent(here, TARO, [HANAKO], mail(HANAKO), login=login, peer=peer))[0] == code
        assert (await sent(here, TARO, [HANAKO], mail(HANAKO), "network", peer="192.0.2.7"))[0] == 250
        assert (await sent(here, TARO, [HANAKO], mail(HANAKO), "network", peer="198.51.100.7"))[0] == 550

        def guess(peer: str, login: str, password: str) -> int:
            with client(here.node.addresses["relay"], peer) as found:
                said = base64.b64encode(f"\0{login}\0{password}".encode()).decode()
                return found.docmd("AUTH", f"PLAIN {said}")[0]

        right = "mellow-kite-0419-Hm3-q7RtW2"
        both = ["the-next-one-0123456789", right, "the-next-one-0123456789\n" + right, "x"]
        codes = [await asyncio.to_thread(guess, "192.0.2.6", "postfix", each) for each in both]
        assert codes == [235, 235, 535, 535]
        assert await asyncio.to_thread(guess, "198.51.100.7", "postfix", right) == 535, (
            "right, from elsewhere"
        )
        assert [await asyncio.to_thread(guess, "192.0.2.9", "postfix", f"x{n}") for n in range(3)] == [
            535
        ] * 3
        assert await asyncio.to_thread(guess, "192.0.2.9", "postfix", right) == 454
        assert await asyncio.to_thread(guess, "192.0.2.8", "postfix", right) == 235, "nobody else is kept out"
        assert await asyncio.to_thread(guess, "192.0.2.8", "taro", "Kumquat-Ridge-48") == 535, (
            "no person's door"
        )


async def test_mail_that_left_here_and_comes_back_is_in_a_circle(tmp_path: Path) -> None:
    async with site(tmp_path, listeners=[listener(**HERE)]) as here:
        assert (await sent(here, TARO, [SATO], mail(SATO)))[0] == 250
        (item,) = await held(here)
        left = bytes(await here.node.store.blobs.get(item.blob))
        assert b"\r\nX-Sekisho-Relayed: " in left
        back = left.replace(b"\r\n", b"\n")
        code, text = await sent(here, TARO, [SATO], back)
        assert (code, "5.4.6" in text) == (550, True)
        other = back.replace(b"<1@x>", b"<2@x>")
        assert (await sent(here, TARO, [SATO], other))[0] == 250, "a mark that was seen in another mail"
        forged = mail(SATO, more=f"X-Sekisho-Relayed: {'0' * 64}\n").replace(b"<1@x>", b"<3@x>")
        assert (await sent(here, TARO, [SATO], forged))[0] == 250

        ours = b"Received: from a.example (a.example [192.0.2.1])\n by sekisho.test with ESMTPS id x; Mon, 2 Nov 2026 10:00:00 +0900\n"
        passes = [
            await sent(here, TARO, [SATO], ours * n + mail(SATO).replace(b"<1@x>", b"<4%d@x>" % n))
            for n in (1, 2, 3)
        ]
        assert [code for code, _ in passes] == [250, 250, 550]
        assert "5.4.6" in passes[-1][1]

        assert (await sent(here, TARO, [HANAKO], mail(HANAKO)))[0] == 250
        (caught,) = await here.caught(1)
        assert b"X-Sekisho-Relayed" not in caught.content, "her mailbox may send it on"


async def test_each_direction_of_an_upstream_has_its_next_hop(tmp_path: Path) -> None:
    """Back to the provider, out to the internet, in to the provider: as the settings of the listener say."""
    out, back = Catcher(tmp_path / "out"), Catcher(tmp_path / "in")
    hops = {
        name: {"host": "127.0.0.1", "port": await catcher.start(0), "tls": "none"}
        for name, catcher in (("relay", out), ("mailbox", back))
    }
    try:
        async with site(tmp_path, listeners=[listener("there", **hops, **HERE), listener(**HERE)]) as here:
            for name in ("there", "relay"):
                content = mail(SATO).replace(b"<1@x>", f"<{name}@x>".encode())
                assert (await sent(here, TARO, [HANAKO, SATO], content, name))[0] == 250
            for item in await held(here):
                taro = Actor("taro", tenant="default")
                await here.node.store.change(item.id, Event.SEND_NOW, taro, here.node.clock())
            here.node.store.wake()
            await here.caught(2)
            for _ in range(500):
                if out.caught and back.caught:
                    break
                await asyncio.sleep(0.02)
            assert [m.recipients for m in out.caught] == [(SATO,)]
            assert [m.recipients for m in back.caught] == [(HANAKO,)]
            assert sorted(m.recipients for m in here.catcher.caught) == [(HANAKO,), (SATO,)]
    finally:
        await out.stop()
        await back.stop()


async def test_a_secret_field_is_read_once_and_goes_no_further(tmp_path: Path) -> None:
    file = secret(tmp_path, "the-one-before-0123456789\nq7RtW2-mellow-kite-0419-Hm3")
    one = listener(secret_header="X-Example-Relay", secret_file=file, **HERE)
    async with site(tmp_path, listeners=[one]) as here:
        line = "X-Example-Relay: q7RtW2-mellow-kite-0419-Hm3\n"
        large = mail(SATO, "x" * 300_000 + "\n", more=line)
        for content in (mail(SATO, more=line), large.replace(b"<1@x>", b"<2@x>")):
            assert (await sent(here, TARO, [SATO], content))[0] == 250
        for item in await held(here):
            for key in filter(None, (item.blob, item.original)):
                kept = bytes(await here.node.store.blobs.get(key))
                assert b"mellow-kite" not in kept
                assert b"Subject: test" in kept
        assert (await sent(here, TARO, [SATO], mail(SATO)))[0] == 550
        before = mail(SATO, more="X-Example-Relay: the-one-before-0123456789\n").replace(b"<1@x>", b"<3@x>")
        assert (await sent(here, TARO, [SATO], before))[0] == 250, "while it is being changed"
        for value in ("", "the-one-before-0123456789 q7RtW2-mellow-kite-0419-Hm3"):
            assert (await sent(here, TARO, [SATO], mail(SATO, more=f"X-Example-Relay: {value}\n")))[0] == 550


async def test_limits_and_shares_are_each_person_s(tmp_path: Path) -> None:
    """One person who has sent enough keeps nobody else of the upstream from sending."""
    policy = policy_of(sending=Sending(per_10_minutes=2, per_day=0))
    async with site(tmp_path, policy, listeners=[listener(**HERE)]) as here:
        codes = [
            (await sent(here, sender, [SATO], mail(SATO, sender=sender)))[0]
            for sender in (TARO, TARO, TARO, HANAKO, HANAKO, HANAKO)
        ]
        assert codes == [250, 250, 452, 250, 250, 452]


async def test_a_recipient_that_cannot_be_is_told_alone(tmp_path: Path) -> None:
    """Whether it is known yet whose mail it is, or From has still to say so."""
    async with site(tmp_path, listeners=[listener(**HERE)]) as here:

        def talk(reverse_path: str) -> list[int]:
            with client(here.node.addresses["relay"]) as found:
                codes = [found.mail(reverse_path)[0]]
                codes += [found.rcpt(r)[0] for r in (f"a%b.example@{DOMAIN}", SATO)]
                content = mail(SATO, more=f"X-Which: {reverse_path}\n").replace(b"\n", b"\r\n")
                return [*codes, found.data(content)[0]]

        for reverse_path in (TARO, ""):
            assert await asyncio.to_thread(talk, reverse_path) == [250, 553, 250, 250]
        assert [len(i.recipients) for i in await held(here)] == [1, 1]


async def test_an_lf_alone_of_an_upstream_is_mended_where_the_settings_say_so(tmp_path: Path) -> None:
    listeners = [listener(**HERE), listener("mending", bare_lf="normalise", **HERE)]
    async with site(tmp_path, listeners=listeners) as here:

        def talk(name: str, body: bytes) -> int:
            with client(here.node.addresses[name]) as found:
                return say(found, TARO, [HANAKO], mail(HANAKO).replace(b"\n", b"\r\n") + body + b"\r\n")[0]

        asked = [("relay", b"a\nb"), ("mending", b"a\nb"), ("mending", b"a\n.\nMAIL FROM:<x@y.example>")]
        assert [await asyncio.to_thread(talk, name, body) for name, body in asked] == [550, 250, 550]
        (caught,) = await here.caught(1)
        assert caught.content.endswith(b"a\r\nb\r\n")


async def test_a_server_of_ours_is_no_client_that_takes_too_much(tmp_path: Path) -> None:
    """It hands on the mail of many: its connections are not counted by address; a stranger's are."""
    limits = {"trusted": [], "connections_per_address": 2, "new_burst": 3, "new_per_second": 0.001}
    one = listener(networks=["192.0.2.0/24"])
    async with site(tmp_path, listeners=[one], limits=limits) as here:

        def many(peer: str) -> list[int]:
            with contextlib.ExitStack() as stack:
                codes = []
                for _ in range(6):
                    try:
                        found = stack.enter_context(client(here.node.addresses["relay"], peer, tls=False))
                        codes.append(found.noop()[0])
                    except smtplib.SMTPConnectError as error:
                        codes.append(error.smtp_code)
                return codes

        assert await asyncio.to_thread(many, "192.0.2.7") == [250] * 6
        assert await asyncio.to_thread(many, "198.51.100.7") == [250, 250, 421, 421, 421, 421]
        assert await asyncio.to_thread(many, "192.0.2.7") == [250] * 6


async def test_each_upstream_is_one_tenant_s(tmp_path: Path) -> None:
    """The same address may be two people's: it is the person's of the listener's tenant, and nobody else's."""
    listeners = [listener(**HERE), listener("acme", tenant="acme", **HERE)]
    async with site(tmp_path, listeners=listeners) as here:
        ichiro = f"ichiro@{DOMAIN}"
        await accounts(
            here,
            Account("yamada", addresses=(TARO,), tenant="acme"),
            Account("ichiro", addresses=(ichiro,), tenant="acme"),
        )
        for name, sender, owner in (
            ("relay", TARO, "taro"), ("acme", TARO, "yamada"), ("acme", ichiro, "ichiro"), ("relay", ichiro, ""), ("acme", HANAKO, ""),
        ):  # fmt: skip
            code, text = await sent(here, sender, [SATO], mail(SATO, sender=sender), name)
            assert code == (250 if owner else 550), (name, sender, text)
            if owner:
                tenant = "acme" if name == "acme" else "default"
                (newest, *_) = await here.node.store.find(Query(tenant, state=(State.HELD,)))
                assert (newest.owner, newest.upstream) == (owner, name)
