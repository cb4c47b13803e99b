"""Delay, Bcc, body and identity end to end: from a real client to the next hop, people acting at the console."""

import re
from email import message_from_bytes
from pathlib import Path

import dkim
import pytest

from gateway.authenticate.sign import Signer
from quarantine.item import State, Status
from tests.interop.mails import (
    HANAKO,
    SATO,
    SUZUKI,
    TARO,
    attach,
    body_of,
    documents,
    files_of,
    mail,
    parsed,
    with_files,
    word,
)  # fmt: skip
from tests.services.programs import wait_for
from tests.services.served import Hop, Served
from tests.services.sink import Taken

EIGHT = tuple(f"buyer{n}@client{n % 4}.example.net" for n in range(8))


def verifies(content: bytes, signer: Signer) -> bool:
    """dkimpy's word on the signature, and that it covers the fields that people read."""
    zone = {signer.record_name + ".": signer.record.encode()}
    name = lambda n, timeout=5: zone.get(n.decode() if isinstance(n, bytes) else n)  # noqa: E731
    field = message_from_bytes(content)["DKIM-Signature"]
    signed = re.sub(r"\s", "", field.partition("h=")[2].partition(";")[0]).split(":")
    assert {"from", "to", "subject", "date", "message-id"} <= set(signed)
    return bool(dkim.verify(content, dnsfunc=name))


def submit(node: Served, recipients: list[str], content: bytes) -> str:
    """The mail's id."""
    code, text = node.send(TARO, recipients, content)
    assert code == 250, text
    found = re.search(r"Accepted as (\w+)", text)
    assert found
    return found[1]


# OUT-DELAY


def test_delayed_mail_leaves_by_itself_and_not_before(variant: Served, sink: Hop) -> None:
    before = len(sink.to(SATO, count=0))
    mail_id = submit(variant, [SATO], mail(SATO).as_bytes())
    assert len(sink.to(SATO, count=before + 1)) == before + 1
    assert wait_for(lambda: {i.state for i in variant.items(mail_id=mail_id)} == {State.DONE})
    (item,) = variant.items(mail_id=mail_id, direction="outbound")
    (lease,) = [e for e in variant.entries("lease") if e.item == item.id]
    assert lease.at >= item.accepted_at + 2


def test_recalled_mail_never_arrives(node: Served, sink: Hop) -> None:
    mail_id = submit(node, [SATO], mail(SATO, "recalled\n").as_bytes())
    (item,) = node.items(mail_id=mail_id, direction="outbound")
    page = node.console("taro")
    assert page.act(item, "recall").status_code == 303
    assert page.act(item, "send_now", checked=["client.example.net"]).headers["location"].startswith("/mail/")
    (after,) = node.items(mail_id=mail_id, direction="outbound")
    assert after.state is State.WITHDRAWN
    assert {r.status for r in after.recipients} == {Status.WITHDRAWN}
    assert not [m for m in sink.sink.mails if b"recalled" in m.content]


def test_send_now_arrives_at_once_and_cannot_be_recalled(
    node: Served, sink: Hop, signer: tuple[Path, Signer]
) -> None:
    mail_id = submit(node, [SATO, HANAKO], mail(SATO, "now\n", cc=HANAKO).as_bytes())
    internal = [m for m in sink.to(HANAKO) if b"now" in m.content]
    assert wait_for(lambda: [m for m in sink.to(HANAKO) if b"\r\n\r\nnow" in m.content]), internal
    assert not [m for m in sink.to(SATO, count=0) if b"\r\n\r\nnow" in m.content]
    (item,) = node.items(mail_id=mail_id, direction="outbound", state=(State.HELD,))
    assert [r.path.address for r in item.recipients] == [SATO]
    page = node.console("taro")
    assert page.act(item, "send_now").status_code == 400, "every domain is ticked first"
    page.send_now(item)
    assert wait_for(lambda: [m for m in sink.to(SATO) if b"\r\n\r\nnow" in m.content])
    (taken,) = [m for m in sink.to(SATO) if b"\r\n\r\nnow" in m.content]
    assert taken.recipients == [SATO.encode()]
    assert verifies(taken.content, signer[1])
    page.act(item, "recall")
    assert wait_for(lambda: {i.state for i in node.items(mail_id=mail_id)} == {State.DONE})


def test_one_of_two_recipients_is_taken_back_and_the_other_gets_it(node: Served, sink: Hop) -> None:
    mail_id = submit(node, [SATO, SUZUKI], mail(SATO, "one of two\n", cc=SUZUKI).as_bytes())
    (item,) = node.items(mail_id=mail_id, direction="outbound")
    page = node.console("taro")
    wrong = [r.path.address for r in item.recipients].index(SUZUKI)
    assert page.act(item, "drop", recipient=[str(wrong)]).status_code == 303
    page.send_now(item)
    assert wait_for(lambda: {i.state for i in node.items(mail_id=mail_id)} == {State.DONE})
    (taken,) = [m for m in sink.sink.mails if b"\r\n\r\none of two" in m.content]
    assert taken.recipients == [SATO.encode()]
    (after,) = node.items(mail_id=mail_id, direction="outbound")
    assert [r.status for r in after.recipients if r.path.address == SUZUKI] == [Status.WITHDRAWN]


def test_stopped_mail_waits_until_resumed(node: Served, sink: Hop) -> None:
    mail_id = submit(node, [SATO], mail(SATO, "stopped\n").as_bytes())
    (item,) = node.items(mail_id=mail_id, direction="outbound")
    page = node.console("taro")
    page.act(item, "stop")
    assert node.items(mail_id=mail_id, direction="outbound")[0].due_at is None
    page.act(item, "resume")
    due = node.items(mail_id=mail_id, direction="outbound")[0].due_at
    assert due is not None and due >= item.accepted_at + 300  # noqa: PT018
    page.act(item, "recall")


# OUT-BCC


def copies(sink: Hop, marker: bytes, count: int) -> list[Taken]:
    def found() -> list[Taken]:
        return [m for m in list(sink.sink.mails) if marker in m.content]

    wait_for(lambda: sum(len(m.recipients) for m in found()) >= count)
    return found()


@pytest.mark.parametrize("shape", ["to", "cc", "mixed with a colleague", "names and groups"])
def test_many_outsiders_see_nobody_but_the_sender(
    node: Served, sink: Hop, signer: tuple[Path, Signer], shape: str
) -> None:
    marker = f"ご挨拶 {shape}"
    recipients = list(EIGHT)
    to, cc = ", ".join(EIGHT), ""
    if shape == "cc":
        to, cc = EIGHT[0], ", ".join(EIGHT[1:])
    elif shape == "mixed with a colleague":
        to, cc = f"{to}, {HANAKO}", f"<{TARO}>"
        recipients.append(HANAKO)
    elif shape == "names and groups":
        to = "お客様: " + ", ".join(f"客{n} <{a}>" for n, a in enumerate(EIGHT)) + ";"
    more = {
        "References": "<before@example.co.jp> <more@example.co.jp>",
        "In-Reply-To": "<more@example.co.jp>",
    }
    message = mail(to, marker + "\n", cc=cc, more=more)
    submit(node, recipients, message.as_bytes())
    node.let_go()
    taken = copies(sink, _encoded(message), len(recipients))
    got = sorted(r.decode() for m in taken for r in m.recipients)
    assert got == sorted(recipients), "each exactly one copy"
    for copy in taken:
        assert b"buyer" not in copy.content, "no recipient's address anywhere in the bytes"
        assert HANAKO.encode() not in copy.content
        shown = parsed(copy.content)
        assert [a.addr_spec for a in shown["To"].addresses] == [TARO]
        assert "Cc" not in shown
        assert "Bcc" not in shown
        assert shown["Message-ID"] == message["Message-ID"]
        assert shown["References"] == more["References"]
        assert shown["In-Reply-To"] == more["In-Reply-To"]
        assert body_of(copy.content) == body_of(message.as_bytes())
        assert verifies(copy.content, signer[1])


def _encoded(message: object) -> bytes:
    return str(message["Message-ID"]).encode()  # type: ignore[index]


def test_a_bcc_field_never_leaves(node: Served, sink: Hop) -> None:
    message = mail(SATO, more={"Bcc": SUZUKI})
    submit(node, [SATO, SUZUKI], message.as_bytes())
    node.let_go()
    taken = copies(sink, _encoded(message), 2)
    assert all(SUZUKI.encode() not in m.content for m in taken)


def test_an_attachment_among_many_outsiders_is_encrypted_and_all_stay_unknown(
    node: Served, sink: Hop, signer: tuple[Path, Signer]
) -> None:
    """Two duties on one mail."""
    content = with_files(("名簿.csv", documents()["カード.csv"]), to=", ".join(EIGHT))
    identifier = str(parsed(content)["Message-ID"]).encode()
    submit(node, list(EIGHT), content)
    node.let_go()
    taken = copies(sink, identifier, len(EIGHT))
    assert sorted(r.decode() for m in taken for r in m.recipients) == sorted(EIGHT)
    for copy in taken:
        assert b"buyer" not in copy.content
        assert list(files_of(copy.content)) == ["attachments.zip"]
        assert verifies(copy.content, signer[1])


# OUT-BODY


CONFIDENTIAL = {
    "text": mail(SATO, "社外秘\n来期の計画は次のとおりです。\n"),
    "subject": mail(SATO, subject="【社外秘】来期の計画"),
    "html": mail(SATO, "計画\n", html="<p>社<b>外</b>秘です。</p>"),
    "my number": mail(SATO, "マイナンバーは 1234 5678 9018 です。\n"),
    "card": mail(SATO, "カード番号 4111-1111-1111-1111\n"),
    "english": mail(SATO, "[Strictly Confidential]\nthe plan\n"),
}


@pytest.mark.parametrize("where", CONFIDENTIAL)
def test_confidential_text_is_refused_in_the_session(node: Served, where: str) -> None:
    count, letters = (len(node.items(direction=kind)) for kind in ("outbound", "notice"))
    code, text = node.send(TARO, [SATO], CONFIDENTIAL[where].as_bytes())
    assert code == 550
    assert text.isascii(), "RFC 5321 §4.2"
    assert "The subject or text contains confidential data" in text
    assert "1234 5678 9018" not in text
    assert "4111" not in text
    assert len(node.items(direction="outbound")) == count
    assert node.entries("refuse")[-1].detail["rules"]
    assert len(node.items(direction="notice")) == letters + 1, "the sender reads it in a letter"


def test_a_colleague_may_read_it(node: Served, sink: Hop) -> None:
    message = mail(HANAKO, "社外秘\n社内の連絡です。\n")
    code, text = node.send(TARO, [HANAKO], message.as_bytes())
    assert code == 250, text
    assert copies(sink, _encoded(message), 1)


def test_the_policy_can_hold_it_instead(variant: Served, sink: Hop) -> None:
    message = mail(SATO, "社外秘\n本文に書いた計画\n")
    mail_id = submit(variant, [SATO], message.as_bytes())
    (item,) = variant.items(mail_id=mail_id, direction="outbound")
    assert item.holds == ("confidential_body",)
    own = variant.console("taro").act(item, "send_now", checked=["client.example.net"])
    assert own.headers["location"].startswith(f"/mail/{item.id}")
    (after,) = variant.items(mail_id=mail_id, direction="outbound")
    assert after.state is State.HELD
    assert not [m for m in sink.to(SATO, count=0) if _encoded(message) in m.content]
    variant.console("admin").act(item, "release", reason="agreed with the head of sales")
    assert copies(sink, _encoded(message), 1)


# OUT-APPROVE with OUT-ENCRYPT


def test_a_document_waits_for_the_head_of_department_and_leaves_encrypted(
    node: Served, sink: Hop, signer: tuple[Path, Signer]
) -> None:
    content = with_files(("計画.docx", word("社外秘 計画")))
    mail_id = submit(node, [SATO], content)
    (item,) = node.items(mail_id=mail_id, direction="outbound")
    assert item.approvals == ("department_head",)
    own = node.console("taro")
    assert own.act(item, "send_now", checked=["client.example.net", "attachments"]).status_code == 303
    assert own.act(item, "approve", bound=item.bound).status_code == 403, "nobody approves their own"
    assert node.items(mail_id=mail_id, direction="outbound")[0].state is State.HELD
    head = node.console("hanako")
    assert head.act(item, "approve", bound=item.bound).status_code == 400, "nothing was read"
    assert head.act(item, "approve", bound="0" * 64).status_code == 303
    assert node.items(mail_id=mail_id, direction="outbound")[0].approvals, "another content was approved"
    assert head.approve(item).status_code == 303
    own.send_now(item)
    (taken,) = copies(sink, str(parsed(content)["Message-ID"]).encode(), 1)
    assert list(files_of(taken.content)) == ["attachments.zip"]
    assert verifies(taken.content, signer[1])


def test_a_denied_document_never_leaves(node: Served, sink: Hop) -> None:
    content = with_files(("計画.docx", word("社外秘 計画")))
    mail_id = submit(node, [SATO], content)
    (item,) = node.items(mail_id=mail_id, direction="outbound")
    assert node.console("hanako").act(item, "deny", comment="not to them").status_code == 303
    assert node.items(mail_id=mail_id, direction="outbound")[0].state is State.WITHDRAWN
    assert not [m for m in sink.to(SATO, count=0) if str(parsed(content)["Message-ID"]).encode() in m.content]


# OUT-DEVICE, OUT-SIGN


@pytest.mark.parametrize("field", ["From", "Sender", "two authors"])
def test_the_author_is_the_person_who_logged_in(node: Served, field: str) -> None:
    message = mail(SATO)
    if field == "Sender":
        message["Sender"] = HANAKO
    else:
        del message["From"]
        message["From"] = HANAKO if field == "From" else f"{TARO}, {HANAKO}"
    code, text = node.send(TARO, [SATO], message.as_bytes())
    assert (code, HANAKO in text) == (550, True)


def test_what_is_signed_verifies_after_the_next_hop_adds_its_fields(
    node: Served, sink: Hop, signer: tuple[Path, Signer]
) -> None:
    message = mail(SATO, "署名\n" * 50, html="<p>署名</p>")
    attach(message, "資料.txt", "資料\n".encode())
    submit(node, [SATO], message.as_bytes())
    node.let_go()
    (taken,) = copies(sink, _encoded(message), 1)
    assert verifies(b"Received: from a by b; Mon, 2 Nov 2026 10:00:00 +0900\r\n" + taken.content, signer[1])
    assert not verifies(taken.content.replace(b"Subject: ", b"Subject: x"), signer[1])
    assert b"X-Sekisho" not in taken.content, "the world is told nothing of our findings"


def test_no_traceback_and_a_whole_journal(node: Served) -> None:
    assert "Traceback" not in node.log
    assert '"level": "error"' not in node.log
    done = node.command("journal", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
