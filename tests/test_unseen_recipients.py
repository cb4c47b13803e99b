"""OUT-BCC: whatever is delivered to an outsider, decoded in every way, holds no other recipient's address."""

import base64
import email
from collections.abc import Iterator
from email import policy as email_policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pytest

from config.policy import Policy
from gateway.demo.mail_catcher import Caught
from quarantine.item import Event, State
from quarantine.rights import Actor
from quarantine.store import Query
from tests.gateway.test_app import TARO
from tests.services.node import Site, policy_of, site

MANY = tuple(f"buyer{n}@client{n % 4}.example.net" for n in range(8))
GONE = "nobody@client1.example.net"
HANAKO = "hanako@example.co.jp"
NULL = "<>"


def policy(then: str) -> Policy:
    usual = policy_of()
    rules = {**usual.rules, "many_external": msgspec.structs.replace(usual.rules["many_external"], then=then)}
    return msgspec.structs.replace(usual, rules=rules)


def letter() -> EmailMessage:
    """A mail that shows its recipients in every field where programs have been seen to repeat them."""
    message = EmailMessage(policy=email_policy.SMTP)
    message["From"] = TARO
    message["To"] = ", ".join(f"客先{n} <{address}>" for n, address in enumerate(MANY[:5]))
    message["Cc"] = ", ".join((*MANY[5:], GONE, HANAKO))
    message["Subject"], message["Message-ID"] = "ご案内", "<letter@example.co.jp>"
    message["X-Original-To"], message["X-Envelope"] = MANY[1], ", ".join(MANY)
    message["Return-Path"] = f"<taro+{MANY[2].replace('@', '=')}@example.co.jp>"
    message["List-Unsubscribe"] = f"<mailto:{MANY[3].replace('@', '%40')}>"
    message["X-Word"] = f"=?utf-8?b?{base64.b64encode(('宛先 ' + MANY[4]).encode()).decode()}?="
    message["Thread-Topic"] = "ご案内"
    message.set_content("ご案内いたします。\n")
    message.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="価格.csv")
    return message


def readings(content: bytes) -> Iterator[str]:
    """The bytes as somebody might read them: as they stand, unfolded, each header and part decoded."""
    yield content.decode("latin-1")
    yield content.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ").decode("utf-8", "replace")
    for part in email.message_from_bytes(content, policy=email_policy.default).walk():
        for name, value in part.items():
            yield f"{name}: {value}"
        if not part.is_multipart():
            yield (part.get_payload(decode=True) or b"").decode("utf-8", "replace")


def seen(caught: Caught, others: tuple[str, ...]) -> list[str]:
    """The addresses among `others` that a delivered mail shows in some form."""
    texts = [unquote(text).lower() for text in readings(caught.content)]
    forms = {other: (other, other.replace("@", "="), other.partition("@")[0] + "%") for other in others}
    return [other for other, each in forms.items() if any(form in text for text in texts for form in each)]


async def let_go(here: Site) -> None:
    store = here.node.store
    for item in await store.find(Query("default", state=(State.HELD,), direction="outbound")):
        await store.change(item.id, Event.SEND_NOW, Actor("taro", tenant="default"), here.node.clock())


@pytest.mark.parametrize("then", ["bcc", "one copy each"])
async def test_nobody_sees_another(tmp_path: Path, then: str) -> None:
    async with site(tmp_path, policy(then)) as here:
        code, text = await here.send(TARO, [*MANY, GONE, HANAKO], letter().as_bytes())
        assert code == 250, text
        await let_go(here)
        everybody = (*MANY, GONE, HANAKO)
        caught = await here.caught(10 if then == "one copy each" else 3)
        got = [r for c in caught for r in c.recipients if c.reverse_path != NULL]
        assert sorted(got) == sorted((*MANY, HANAKO)), "each exactly once"
        for mail in caught:
            if mail.reverse_path == NULL:  # of what could not be delivered its sender hears, and nobody else
                assert mail.recipients == (TARO,)
                continue
            own = mail.recipients if then == "one copy each" else ()
            assert not seen(mail, tuple(a for a in everybody if a not in own))
            shown = email.message_from_bytes(mail.content, policy=email_policy.default)
            assert [a.addr_spec for a in shown["To"].addresses] == [*(own or (TARO,))]
            assert shown["Message-ID"] == "<letter@example.co.jp>"
            assert [a.addr_spec for a in shown["From"].addresses] == [TARO], "an answer comes to the author"


async def test_an_invitation_that_shows_them_waits_for_its_sender(tmp_path: Path) -> None:
    attendees = "".join(f"ATTENDEE;CN=x:mailto:{a}\r\n" for a in MANY)
    invitation = (
        f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n{attendees}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    message = EmailMessage(policy=email_policy.SMTP)
    message["From"], message["To"], message["Subject"] = TARO, TARO, "会議"
    message["Message-ID"] = "<meeting@example.co.jp>"
    message.set_content("会議の招待です。\n")
    message.add_alternative(invitation, subtype="calendar", params={"method": "REQUEST"})
    async with site(tmp_path) as here:
        code, text = await here.send(TARO, list(MANY), message.as_bytes())
        assert code == 250, text
        items = await here.node.store.find(Query("default", direction="outbound"))
        assert {(item.state, item.due_at) for item in items} == {(State.HELD, None)}
        assert {f.rule for item in items for f in item.findings} >= {"attached_addresses"}
        await let_go(here)
        (caught,) = [c for c in await here.caught(1) if c.reverse_path != NULL]
        assert invitation.encode() in caught.content, "what its sender lets go is whole"
