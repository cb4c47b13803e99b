import email
import email.policy

import pytest

from config.words import say
from mail.dsn import RecipientStatus, report
from mail.message import Message

ORIGINAL = Message(
    "From: a@b.example\r\nMessage-ID: <1@b.example>\r\nSubject: 見積\r\n\r\nthe secret body\r\n--\r\n".encode()
)


def sentences(key: str) -> list[str]:
    return [say(tag, f"replies.report.{key}", why="-", until="-") for tag in ("ja", "en")]


def make(*recipients: RecipientStatus, original: Message = ORIGINAL, **more) -> bytes:
    return report(
        original=original, recipients=recipients, to="a@b.example", author="postmaster@gw.example", reporting_mta="gw.example",
        message_id="n1@gw.example", now=1e9, say=sentences, **more,
    )  # fmt: skip


FAILED = RecipientStatus(
    "x@y.example", "failed", "5.1.1", "550 5.1.1 no such user", "mx.y.example", "rfc822;x+2Bt@y.example", 1e9
)


def test_the_three_parts_of_rfc_3464():
    raw = make(FAILED, arrived=1e9 - 60, envid="QQ+2Bx")
    assert b"secret" not in raw
    mail = Message(raw)
    assert mail.problems == ()
    assert [p.content_type for p in mail.parts] == [
        "multipart/report",
        "text/plain",
        "message/delivery-status",
        "text/rfc822-headers",
    ]
    text, status, header = (p.content() for p in mail.parts[1:])
    assert "配信できませんでした" in text.decode()
    assert "could not be delivered" in text.decode()
    assert "<x@y.example>\r\n    550 5.1.1 no such user" in text.decode()
    first, second = (Message(block + b"\r\n\r\n") for block in status.strip().split(b"\r\n\r\n"))
    assert first.first("reporting-mta").text == "dns; gw.example"
    assert first.first("original-envelope-id").text == "QQ+x"
    assert [(h.name, h.text) for h in second.headers][:6] == [
        ("original-recipient", "rfc822; x+t@y.example"),
        ("final-recipient", "rfc822; x@y.example"),
        ("action", "failed"),
        ("status", "5.1.1"),
        ("remote-mta", "dns; mx.y.example"),
        ("diagnostic-code", "smtp; 550 5.1.1 no such user"),
    ]
    assert "Subject: 見積" in header.decode()
    assert mail.first("in-reply-to").text == "<1@b.example>"
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_the_standard_library_reads_it_too():
    mail = email.message_from_bytes(make(FAILED), policy=email.policy.default)
    assert mail.get_content_type() == "multipart/report"
    parts = list(mail.iter_parts())
    assert parts[1].get_payload()[1]["Action"] == "failed"
    assert not mail.defects


def test_only_the_null_reader_gets_no_body_whatever_the_header_looks_like():
    original = Message(b"Subject: a\r\nX: " + b"x" * 2000 + b"\r\n\r\nsecret")
    raw = make(FAILED, original=original)
    assert Message(raw).parts[3].content().endswith(b"x\r\n")
    assert b"secret" not in raw
    assert b"secret" not in Message(raw).parts[3].content()


def test_what_the_remote_host_said_cannot_forge_a_field_or_a_part():
    boundary = Message(make(FAILED)).root.parameters["boundary"]
    evil = RecipientStatus(
        "x@y.example",
        "failed",
        "5.0.0",
        f"550 no\r\nAction: delivered\r\n\r\n--{boundary}--\r\n",
        orcpt="rfc822;a+0D+0AAction: relayed",
    )
    mail = Message(make(evil))
    assert len(mail.parts) == 4
    assert mail.parts[2].content().count(b"\r\nAction:") == 1


@pytest.mark.parametrize("action", ["failed", "delayed", "delivered", "relayed", "expanded"])
def test_every_action_explains_itself(action):
    mail = Message(make(RecipientStatus("x@y.example", action, "2.0.0", retry_until=2e9)))
    assert f"Action: {action}".encode() in mail.parts[2].content()
    assert (b"Will-Retry-Until" in mail.parts[2].content()) == (action == "delayed")
    assert "x@y.example" in mail.parts[1].text()


def test_the_worst_action_titles_the_report_and_all_are_told():
    mail = Message(make(RecipientStatus("ok@y.example", "delivered", "2.0.0"), FAILED))
    assert "Undelivered" in mail.first("subject").text
    assert "ok@y.example" in mail.parts[1].text()


def test_internationalized_recipients():
    mail = Message(make(RecipientStatus("山田@y.example")))
    assert mail.parts[2].content_type == "message/global-delivery-status"
    assert "Final-Recipient: utf-8; 山田@y.example".encode() in mail.parts[2].content()
