"""A whole node: mail through both directions, and a clean stop."""

import asyncio
import smtplib
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.policy import ConfigError, Policy, RulePolicy
from config.tenant import EVERY
from gateway.app import Node
from quarantine.item import Event, Item, State, Status
from quarantine.rights import Actor
from quarantine.store import Query
from storage.interfaces import StoreError
from tests.services.node import DOMAIN, PASSWORD, policy_of, settings_of, site

TARO, HANAKO, SATO = f"taro@{DOMAIN}", f"hanako@{DOMAIN}", "sato@client.example.net"


def mail(to: str, text: str = "hello\n", sender: str = TARO, more: str = "") -> bytes:
    return (
        f"From: <{sender}>\nTo: {to}\nSubject: test\nMessage-ID: <1@x>\nDate: Mon, 02 Nov 2026 10:00:00 +0900\n{more}"
        f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}"
    ).encode()


async def test_internal_leaves_at_once_and_external_waits_and_can_be_recalled(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        code, text = await here.send(TARO, [HANAKO, SATO], mail(f"{HANAKO}, {SATO}"))
        assert code == 250, text
        (caught,) = await here.caught(1)
        assert caught.recipients == (HANAKO,)
        store = here.node.store
        (held,) = await store.find(Query("default", state=(State.HELD,)))
        assert [r.path.address for r in held.recipients] == [SATO]
        assert held.due_at == held.accepted_at + 300 + here.node.settings.margin_seconds
        after = await store.change(held.id, Event.RECALL, Actor("taro", tenant="default"), here.node.clock())
        assert after.state is State.WITHDRAWN
        assert all(r.status is Status.WITHDRAWN for r in after.recipients)
    assert len(here.catcher.caught) == 1


async def test_send_now_lets_it_go(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        await here.send(TARO, [SATO], mail(SATO))
        node = here.node
        (held,) = await node.store.find(Query("default", state=(State.HELD,)))
        await node.store.change(held.id, Event.SEND_NOW, Actor("taro", tenant="default"), node.clock())
        node.store.wake()
        (caught,) = await here.caught(1)
        assert caught.recipients == (SATO,)
        assert caught.content.startswith(b"Received: ")


async def test_the_sender_must_be_the_person(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        code, text = await here.send(HANAKO, [SATO], mail(SATO, sender=HANAKO))
        assert (code, "does not belong" in text) == (550, True)
        code, text = await here.send(TARO, [SATO], mail(SATO, sender=HANAKO))
        assert (code, HANAKO in text) == (550, True)
        assert await here.node.store.find(Query("default", direction="outbound")) == []


async def test_inbound_is_answered_by_the_next_hop(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        content = mail(TARO, sender=SATO)
        code, text = await here.send(SATO, [f"nobody@{DOMAIN}"], content, name="inbound")
        assert (code, "No such user" in text) == (550, True)
        code, _ = await here.send(SATO, ["someone@elsewhere.example"], content, name="inbound")
        assert code == 550, "nobody relays through us"
        code, text = await here.send(SATO, [TARO], content, name="inbound")
        assert (code, "Caught" in text) == (250, True)
        (caught,) = await here.caught(1)
        assert caught.content.endswith(content.replace(b"\n", b"\r\n")), "only header fields are added"
        (entry,) = await here.node.store.entries("default", event="hand_over")
        assert entry.detail["to"] == [TARO]


async def test_a_policy_is_loaded_again_while_mail_flows_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        content = mail(SATO, "社外秘\n")
        assert (await here.send(TARO, [SATO], content))[0] == 550
        shipped = policy_of()

        def lenient() -> Policy:
            rules = {name: RulePolicy(then="off") for name in ("confidential_body", "class_approval")}
            return msgspec.structs.replace(shipped, rules={**shipped.rules, **rules})

        def wrong() -> Policy:
            raise ConfigError(["no such rule"])

        await here.node.reload(lenient)
        assert (await here.send(TARO, [SATO], content))[0] == 250
        await here.node.reload(wrong)
        assert (await here.send(TARO, [SATO], content))[0] == 250


PEOPLE = f"""\
[[person]]
login = "jiro"
name = {{ ja = "佐藤次郎" }}
addresses = ["jiro@{DOMAIN}"]
"""


async def test_sighup_reads_people_again_and_who_left_is_out_at_once(tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text(PEOPLE)
    async with site(tmp_path, people=file) as here:
        people = here.node.people
        await people.set_password("default", "jiro", PASSWORD)
        content = mail(TARO, sender=f"jiro@{DOMAIN}").replace(b"\n", b"\r\n")
        client = await asyncio.to_thread(here.client, login="jiro")
        assert await asyncio.to_thread(client.sendmail, f"jiro@{DOMAIN}", [TARO], content) == {}
        file.write_text("[[person]]\nlogin = 7\n")
        await here.node.reload(policy_of)
        assert await people.person("default", "jiro") is not None, "a file that is wrong changes nothing"
        file.write_text("")
        await here.node.reload(policy_of)
        refused = await asyncio.to_thread(client.mail, f"jiro@{DOMAIN}")
        assert refused[0] == 530, "also in a session that was there before"
        client.close()
        assert await people.authenticate("jiro", PASSWORD, EVERY) is None


async def test_held_mail_of_who_leaves_the_people_file_does_not_leave(tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text(PEOPLE)
    async with site(tmp_path, people=file) as here:
        node, jiro = here.node, f"jiro@{DOMAIN}"
        await node.people.set_password("default", "jiro", PASSWORD)
        assert (await here.send(jiro, [SATO], mail(SATO, sender=jiro), login="jiro"))[0] == 250
        file.write_text("")
        await node.reload(policy_of)
        (held,) = await node.store.find(Query("default", state=(State.HELD,)))
        assert (held.holds, held.due_at) == (("sender_gone",), None)
        node.clock._offset += 3600
        node.store.wake()
        admin = Actor("admin", tenant="default")
        await node.store.change(held.id, Event.RELEASE, admin, node.clock(), {"reason": "the head agrees"})
        (caught,) = await here.caught(1)
        assert caught.recipients == (SATO,)


async def test_a_password_that_is_changed_ends_what_it_had_opened(tmp_path: Path) -> None:
    """Also a connection that logged in before, or was about to: it must know the new one."""
    new = "Zq7%mvTr4k"
    async with site(tmp_path) as here:
        client = await asyncio.to_thread(here.client)
        assert (await asyncio.to_thread(client.mail, TARO))[0] == 250
        await asyncio.to_thread(client.rset)
        await here.node.people.set_password("default", "taro", new)
        assert (await asyncio.to_thread(client.mail, TARO))[0] == 530
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await asyncio.to_thread(client.login, "taro", PASSWORD)
        await asyncio.to_thread(client.login, "taro", new)
        assert (await asyncio.to_thread(client.mail, TARO))[0] == 250
        client.close()


async def test_a_store_that_is_away_during_a_reload_does_not_end_the_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path) as here:

        async def away(*_: object) -> tuple[str, ...]:
            raise StoreError("away")

        monkeypatch.setattr(here.node.people, "all_names", away)
        await here.node.reload(policy_of)
        assert (await here.send(TARO, [TARO], mail(TARO)))[0] == 250


async def test_who_is_disabled_between_mail_and_data_sends_nothing(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        client = await asyncio.to_thread(here.client)
        assert (await asyncio.to_thread(client.mail, TARO))[0] == 250
        assert (await asyncio.to_thread(client.rcpt, TARO))[0] == 250
        people = here.node.people
        account = await people.account("default", "taro")
        assert account is not None
        await people.save(msgspec.structs.replace(account, disabled=True), here.node.clock())
        content = mail(TARO, sender=HANAKO).replace(b"\n", b"\r\n")
        assert (await asyncio.to_thread(client.data, content))[0] == 530
        client.close()
        assert await here.node.store.find(Query("default")) == []


async def test_what_the_machine_does_not_give_is_a_config_error(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        host, port = here.node.addresses["inbound"]
        taken = {"name": "in", "role": "inbound", "host": host, "port": port}
        second = Node(settings_of(tmp_path / "2", 25, listeners=[taken]), policy_of())
        with pytest.raises(ConfigError, match="listener in: cannot listen on"):
            await second.start()
    (tmp_path / "no.pem").write_text("none")
    pair = {"certificate": tmp_path / "no.pem", "key": tmp_path / "no.pem"}
    with pytest.raises(ConfigError, match="tls: "):
        await Node(settings_of(tmp_path / "3", 25, tls=pair), policy_of()).start()


async def test_the_first_code_lies_in_a_file_and_in_no_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node = Node(settings_of(tmp_path, 25), policy_of())
    await node.start()
    try:
        note = tmp_path / "state" / "first-login"
        assert note.stat().st_mode & 0o777 == 0o600
        code = note.read_text().partition("code: ")[2].strip()
        assert await node.store.database.read(lambda t: t.execute("SELECT * FROM console_codes"))
        assert len(code) > 20
        told = capsys.readouterr()
        assert code not in told.out + told.err
        assert "first_login" in told.out + told.err
    finally:
        await node.stop()


async def test_correspondents_survive_a_stop(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        node = here.node
        await here.send(TARO, [SATO], mail(SATO))
        assert await node.correspondents.known("default", [SATO]) == set(), "it has not left yet"
        (held,) = await node.store.find(Query("default", state=(State.HELD,)))
        await node.store.change(held.id, Event.SEND_NOW, Actor("taro", tenant="default"), node.clock())
        await here.caught(1)
    async with site(tmp_path) as again:
        assert await again.node.correspondents.known("default", [SATO]) == {SATO}
        memory = await again.node.past_mail.about("default", "taro", [SATO], [], policy_of().organisation)
        assert memory is not None
        assert 0.9 < memory.of(SATO).mine <= 1.0


async def test_postmaster_needs_no_domain(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        code, text = await here.send(SATO, ["Postmaster"], mail(TARO, sender=SATO), name="inbound")
        assert code == 250, text
        (caught,) = await here.caught(1)
        assert caught.recipients == (f"Postmaster@{DOMAIN}",)


async def test_the_clock_is_not_set_while_a_mail_is_being_accepted(tmp_path: Path) -> None:
    """A jump was followed between the moment from which a mail's delay was counted and the moment when the store
    had it: nothing was held yet, and then the mail left by as much too early as the clock had jumped."""
    async with site(tmp_path) as here:
        clock, store, wall = here.node.clock, here.node.store, time.time
        clock._wall = lambda: wall() + 86_400
        put = store.put

        async def slowly(*arguments: Any, **more: Any) -> list[Item]:
            for _ in range(20):
                here.node.store.wake()  # the dispatcher looks at the clock each time
                await asyncio.sleep(0.05)
            return await put(*arguments, **more)

        store.put = slowly  # type: ignore[method-assign]
        assert (await here.send(TARO, [SATO], mail(SATO)))[0] == 250
        (held,) = await store.find(Query("default", state=(State.HELD,)))
        assert held.due_at is not None
        assert held.due_at > clock() + 100


async def test_dsn_is_not_offered_where_the_settings_say_so(tmp_path: Path) -> None:
    listeners = [
        {"name": "submission", "role": "submission", "port": 0},
        {"name": "inbound", "role": "inbound", "port": 0, "dsn": False},
    ]
    async with site(tmp_path, listeners=listeners) as here:
        for name, offered in (("submission", True), ("inbound", False)):
            client = await asyncio.to_thread(here.client, name)
            assert client.has_extn("dsn") is offered
            client.close()


async def test_a_start_that_is_given_up_leaves_nothing_behind(tmp_path: Path) -> None:
    """Somebody presses Ctrl-C while the examining processes get ready."""
    node = Node(settings_of(tmp_path, 25), policy_of())
    starting = node._start_workers

    async def interrupted() -> None:
        await starting()
        raise asyncio.CancelledError

    node._start_workers = interrupted  # type: ignore[method-assign]
    with pytest.raises(asyncio.CancelledError):
        await node.start()
    async with site(tmp_path) as here:  # the folder is free
        assert (await here.send(TARO, [TARO], mail(TARO)))[0] == 250
