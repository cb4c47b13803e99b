"""A whole node: mail through both directions, and a clean stop."""

from pathlib import Path

import msgspec

from config.policy import ConfigError, Policy, RulePolicy
from quarantine.item import Event, State, Status
from quarantine.store import Query
from tests.services.node import DOMAIN, policy_of, site

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
        store = here.node.context.store
        (held,) = await store.find(Query(state=(State.HELD,)))
        assert [r.path.address for r in held.recipients] == [SATO]
        assert held.due_at == held.accepted_at + 300 + here.node.context.margin
        after = await store.change(held.id, Event.RECALL, "taro", here.node.context.clock())
        assert after.state is State.WITHDRAWN
        assert all(r.status is Status.WITHDRAWN for r in after.recipients)
    assert len(here.catcher.caught) == 1


async def test_send_now_lets_it_go(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        await here.send(TARO, [SATO], mail(SATO))
        context = here.node.context
        (held,) = await context.store.find(Query(state=(State.HELD,)))
        await context.store.change(held.id, Event.SEND_NOW, "taro", context.clock())
        context.wake()
        (caught,) = await here.caught(1)
        assert caught.recipients == (SATO,)
        assert caught.content.startswith(b"Received: ")


async def test_the_sender_must_be_the_person(tmp_path: Path) -> None:
    async with site(tmp_path) as here:
        code, text = await here.send(HANAKO, [SATO], mail(SATO, sender=HANAKO))
        assert (code, "does not belong" in text) == (550, True)
        code, text = await here.send(TARO, [SATO], mail(SATO, sender=HANAKO))
        assert (code, HANAKO in text) == (550, True)
        assert await here.node.context.store.find(Query()) == []


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
        (entry,) = await here.node.context.store.entries(event="pass")
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
