"""OUT-BCC: who is addressed afterwards, and that nobody else is named."""

import base64

import pytest

from filters.rewriters.bcc import bcc
from filters.rule import Mail
from mail.compose import RewriteError, applied
from mail.message import Message
from tests.filters.mails import SENDER, facts, plain, policy

PEOPLE = ("abe@one.example", "ito@two.example", "ueda@three.example")


def sent(extra: str = "", to: str = ", ".join(PEOPLE), subject: str = "資料の件") -> bytes:
    raw = plain("本文 abe@one.example", to=to, extra=extra, subject=subject)
    return applied(raw, bcc(Mail(Message(raw), facts(*PEOPLE)), policy(), [], (0, 1, 2)))


def test_to_is_the_sender_and_the_threading_fields_stay() -> None:
    out = sent(
        extra="Cc: Ito <ito@two.example>\r\nReferences: <9@one.example>\r\nIn-Reply-To: <9@one.example>\r\n"
    )
    message = Message(out)
    assert [h.text for h in message.all("to")] == [f"<{SENDER}>"]
    assert not message.first("cc")
    assert [message.first(n).text for n in ("references", "in-reply-to", "message-id")] == [  # type: ignore[union-attr]
        "<9@one.example>", "<9@one.example>", "<1@us.example>",
    ]  # fmt: skip
    assert out.endswith("本文 abe@one.example\r\n".encode())


@pytest.mark.parametrize(
    "field",
    [
        "Bcc: x@y.example",
        "Resent-To: x@y.example",
        "Reply-To: ABE@one.example",
        "X-Original-To: abe@one.example",
        "X-List: <mailto:abe%40one.example>",
        "Return-Path: <bounce+abe=one.example@us.example>",
        'X-Quoted: "abe"@one.example',
        "X-Folded: abe\r\n @one.example",
        "X-Word: =?utf-8?b?" + base64.b64encode("宛先 abe@one.example".encode()).decode() + "?=",
        'X-Json: {"to":"ito@two.example"}',
    ],
)
def test_fields_that_repeat_an_address_go(field: str) -> None:
    out = sent(extra=field + "\r\n")
    assert not Message(out).first(field.split(":")[0].lower())


@pytest.mark.parametrize("field", ["Reply-To: office@us.example", "X-Mailer: m", "X-Near: xabe@one.example"])
def test_other_fields_stay(field: str) -> None:
    assert field.encode() in sent(extra=field + "\r\n")


def test_an_address_where_it_cannot_be_removed_is_an_error() -> None:
    with pytest.raises(RewriteError, match="subject"):
        sent(subject="FW: abe@one.example")


def test_an_address_in_a_line_that_is_not_a_field_is_an_error() -> None:
    with pytest.raises(RewriteError, match="stay in the header"):
        sent(extra="junk abe@one.example line\r\n")


def test_a_mail_without_to_gets_one() -> None:
    raw = plain("x", extra="Cc: abe@one.example\r\n").replace(b"To: tanaka@partner.example\r\n", b"")
    out = applied(raw, bcc(Mail(Message(raw), facts(*PEOPLE)), policy(), [], (0,)))
    assert Message(out).first("to").text == f"<{SENDER}>"  # type: ignore[union-attr]
