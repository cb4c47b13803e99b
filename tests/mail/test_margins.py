"""Preambles and epilogues."""

import pytest

from mail.margins import margins
from mail.message import Message


def mail(before: bytes = b"", after: bytes = b"") -> Message:
    return Message(
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + before
        + b"--b\r\n\r\ntext\r\n--b--\r\n"
        + after
    )


def found(message: Message) -> dict[str, bytes]:
    return {part.path: bytes(part.content()) for part in margins(message)}


def test_text_before_and_behind_the_parts() -> None:
    assert found(mail(b"secret one\r\n", b"secret two\r\n")) == {
        "~preamble": b"secret one\r\n",
        "~epilogue": b"secret two\r\n",
    }
    assert found(mail()) == {}
    assert found(mail(b"\r\n", b"\r\n\r\n")) == {}


@pytest.mark.parametrize(
    "sentence",
    [
        b"This is a multi-part message in MIME format.",
        b"This is a multipart message in MIME format",
        b"This is a MIME-encapsulated message",
        b"This is a cryptographically signed message in MIME format.",
        b"This is an OpenPGP/MIME signed message (RFC 4880 and 3156)",
    ],
)
def test_what_programs_write_is_left_out_and_what_stands_beside_it_is_not(sentence: bytes) -> None:
    assert found(mail(sentence + b"\r\n\r\n")) == {}
    assert found(mail(sentence + b"\r\nConfidential\r\n"))["~preamble"].endswith(b"Confidential\r\n")
    assert found(mail(sentence + b" Confidential\r\n"))


def test_octets_are_a_file() -> None:
    (part,) = margins(mail(after=b"PK\3\4\0\0\0\0 binary"))
    assert part.is_attachment
    assert part.filename == "epilogue"


def test_a_multipart_without_an_end_has_no_epilogue() -> None:
    assert found(Message(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n")) == {}


def test_inner_multiparts_too() -> None:
    inner = (
        b"Content-Type: multipart/alternative; boundary=c\r\n\r\ninner\r\n--c\r\n\r\nx\r\n--c--\r\nouter\r\n"
    )
    whole = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + inner + b"--b--\r\n"
    assert set(found(Message(whole))) == {"1~preamble", "1~epilogue"}
