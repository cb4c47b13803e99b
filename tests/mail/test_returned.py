"""What reports on delivery return."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.address import Mailbox
from mail.message import Message
from mail.returned import MOST, READ, is_by_program, mentioned, returned, undelivered

TEXT = "Content-Type: text/plain\r\n\r\nno such user\r\n"
HEAD = 'Message-ID: <own@mx.example>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'


def report(*parts: str) -> bytes:
    return (HEAD + "".join(f"--b\r\n{part}\r\n" for part in (TEXT, *parts)) + "--b--\r\n").encode()


ONE = "Message-ID: <1@us.example>\r\nSubject: x\r\n"


@pytest.mark.parametrize(
    "part",
    [
        f"Content-Type: message/rfc822\r\n\r\n{ONE}\r\nbody\r\n",
        f"Content-Type: message/global\r\n\r\n{ONE}\r\nbody\r\n",
        f"Content-Type: text/rfc822-headers\r\n\r\n{ONE}",
        f"Content-Type: message/global-headers\r\n\r\n{ONE}",
        "Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nmessage-id:\r\n <1@us.example>\r\n",
    ],
)
def test_the_returned_mail_is_told_by_its_message_id(part: str) -> None:
    raw = report(part)
    assert returned(Message(raw)) == ("<1@us.example>",)
    assert mentioned(raw) == mentioned(memoryview(raw)) == ("<1@us.example>",)


@pytest.mark.parametrize(
    "part",
    [
        f"Content-Type: text/plain\r\n\r\n{ONE}",
        f"Content-Type: text/html\r\n\r\n{ONE}",
        f"Content-Type: message/rfc822\r\n\r\nMessage-ID: <2@x.example>\r\n\r\n{ONE}",
    ],
)
def test_what_stands_elsewhere_in_a_formal_report_was_not_returned(part: str) -> None:
    assert "<1@us.example>" not in returned(Message(report(part)))


def test_older_reports_quote_the_mail_in_their_text() -> None:
    raw = b"From: MAILER-DAEMON\r\n\r\n--- Below this line is a copy.\r\n\r\nSubject: x\r\nMessage-Id: <1@us.example>\r\n"
    assert returned(Message(raw)) == mentioned(raw) == ("<1@us.example>",)


def test_the_reports_own_message_id_is_not_meant() -> None:
    assert mentioned(report()) == returned(Message(report())) == ()


def test_only_so_much_is_read() -> None:
    many = "".join(f"Message-ID: <{n}@us.example>\r\n\r\n" for n in range(MOST * 3))
    assert len(mentioned(b"A: b\r\n\r\n" + many.encode())) == MOST
    assert mentioned(b"A: b\r\n\r\n" + b"x\r\n" * READ + ONE.encode()) == ()


@given(st.binary(max_size=300))
def test_anything_can_be_asked(raw: bytes) -> None:
    for made in (raw, HEAD.encode() + b"--b\r\n" + raw, b"\r\n\r\nMessage-ID: " + raw):
        assert len(mentioned(made)) <= MOST >= len(returned(Message(made)))


@pytest.mark.parametrize(
    ("name", "address", "is_it"),
    [
        ("", "MAILER-DAEMON@mx.example", True),
        ("MAILER-DAEMON", "", True),
        ("", "", True),
        ("Mail Delivery Subsystem", "mailer-daemon@x.example", True),
        ("Mail Delivery Service", "cat@x.example", True),
        ("Microsoft Outlook", "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@x.example", True),
        ("System Administrator", "postmaster@x.example", True),
        ("Rituals", "", False),
        ("山田 太郎", "yamada@x.example", False),
        ("Microsoft Outlook", "helpdesk@x.example", False),
    ],
)
def test_how_mail_systems_write_themselves(name: str, address: str, is_it: bool) -> None:
    assert is_by_program(Mailbox(name, address)) is is_it


def test_whom_a_report_is_about() -> None:
    status = (
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Original-Recipient: rfc822;A@x.example\r\nFinal-Recipient: RFC822; <b@y.example>\r\n"
    )
    assert undelivered(Message(report(status))) == {"a@x.example", "b@y.example"}
    assert undelivered(Message(report())) == frozenset()
    assert undelivered(Message(status.encode())) == frozenset()
