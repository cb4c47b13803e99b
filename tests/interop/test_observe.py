"""The first weeks at a new site: with the preset "observe" nothing is held, refused or changed but header fields."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from quarantine.item import State
from tests.interop.mails import (
    HANAKO,
    MY_NUMBER,
    SATO,
    SUZUKI,
    TARO,
    attach,
    body_of,
    documents,
    mail,
    parsed,
    with_files,
)  # fmt: skip
from tests.interop.test_dovecot import LURE, PHISH, PHISHER
from tests.services.programs import wait_for
from tests.services.served import Hop, Served, at, served

MANY = ", ".join(f"buyer{n}@client{n}.example.net" for n in range(8))


@pytest.fixture(scope="module")
def node(sink: Hop) -> Iterator[Served]:
    with served(relay=at(sink.port), mailbox=at(sink.port), presets=["observe"]) as running:
        yield running


def forged() -> EmailMessage:
    message = mail(SATO, sender=HANAKO)
    message["Cc"] = MANY
    return message


OUTBOUND = {
    "ordinary": mail(SATO).as_bytes(),
    "many recipients": mail(MANY).as_bytes(),
    "confidential body": mail(SATO, f"社外秘 極秘 マイナンバー {MY_NUMBER}\n").as_bytes(),
    "confidential attachments": with_files(*documents().items(), to=SUZUKI),
    "program": with_files(("setup.pdf.exe", b"MZ" + bytes(500)), to=SATO),
    "author": forged().as_bytes(),
    "cannot be examined": (
        f"From: {TARO}\r\nTo: {SATO}\r\nSubject: deep\r\nMessage-ID: <deep-out@x>\r\n"
        "Date: Mon, 02 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n"
        + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(150))
    ).encode(),
}


def inbound() -> dict[str, bytes]:
    phish = mail(TARO, LURE, sender=f"Amazon <{PHISHER}>", subject="【重要】アカウントの確認", html=PHISH)
    program = mail(TARO, sender=SATO)
    attach(program, "履歴書.pdf.exe", b"MZ" + bytes(500))
    deep = OUTBOUND["cannot be examined"].replace(b"deep-out", b"deep-in")
    return {"phish": phish.as_bytes(), "program": program.as_bytes(), "cannot be examined": deep}


def fields(header: bytes) -> list[bytes]:
    return re.split(rb"\r\n(?![ \t])", header)


def only_fields_were_added(delivered: bytes, content: bytes) -> list[bytes]:
    """The fields that we added in front; everything else is as it was."""
    assert delivered.endswith(content), "body and header are byte for byte as they came"
    return [f.partition(b":")[0] for f in fields(delivered[: -len(content)].rstrip(b"\r\n")) if f]


def arrived(sink: Hop, content: bytes) -> list[bytes]:
    identifier = str(parsed(content)["Message-ID"]).encode()
    return [m.content for m in list(sink.sink.mails) if identifier in m.content]


@pytest.mark.parametrize("what", OUTBOUND)
def test_outbound_leaves_at_once_and_unchanged(node: Served, sink: Hop, what: str) -> None:
    content = OUTBOUND[what]
    recipients = [a.strip() for a in MANY.split(",")] if what == "many recipients" else [SATO]
    code, text = node.send(TARO, recipients, content)
    assert (code, "held" in text) == (250, False), text
    assert wait_for(lambda: arrived(sink, content))
    (delivered,) = arrived(sink, content)
    assert only_fields_were_added(delivered, content) == [b"Received"]
    assert body_of(delivered) == body_of(content)


@pytest.mark.parametrize("what", inbound())
def test_inbound_is_passed_on_with_fields_that_tell(node: Served, sink: Hop, what: str) -> None:
    content = inbound()[what]
    code, text = node.send(PHISHER, [TARO], content, name="inbound")
    assert code == 250, text
    (delivered,) = arrived(sink, content)
    added = only_fields_were_added(delivered, content)
    assert b"X-Sekisho-Warning" in added
    assert set(added) <= {b"Authentication-Results", b"Received", b"X-Sekisho-Warning", b"X-Sekisho-Findings"}
    if what == "phish":
        assert b"X-Sekisho-Warning: yes; mode=observe" in delivered


def test_nothing_is_or_was_held(node: Served) -> None:
    items = node.items()
    assert {i.state for i in items} <= {State.QUEUED, State.ACTIVE, State.DONE}
    assert not [i for i in items if i.holds or i.approvals or i.delay or i.rewrites]
    assert node.entries("refuse") == []
    seen = {rule for e in node.entries("accept") for rule in e.detail["findings"]}
    assert {"confidential_body", "confidential_attachment", "many_external"} <= seen, "but it is on record"
    assert "Traceback" not in node.log
