"""A mail as a file."""

from filters.extract import Budget, extract
from tests.filters.mails import attached, plain


def test_an_encoded_mail_inside_is_read() -> None:
    inner = attached(("名簿.csv", "極秘".encode("cp932")), body="本文の印")
    found = extract("転送.eml", "message/rfc822", inner, Budget())
    assert found.kind == "eml"
    text = "\n".join(t for _, t in found.texts)
    assert "本文の印" in text
    assert "極秘" in text
    assert found.members[0].path == "名簿.csv"


def test_what_is_declared_a_mail_is_read_as_one() -> None:
    assert extract("x", "message/rfc822", b"Subject: =?utf-8?b?5qW156eY?=\r\n\r\nx", Budget()).texts[0] == (
        "subject",
        "極秘",
    )


def test_a_mail_that_cannot_be_read_whole_is_a_limit() -> None:
    huge = b"A: b\r\n" * 1100 + plain("x")
    assert extract("a.eml", "message/rfc822", huge, Budget()).verdict == "limit"
