"""CMS: what is signed comes out, whatever the form; hostile octets end in one error."""

from hypothesis import example, given
from hypothesis import strategies as st

from mail import cms
from mail.ber import NotBer
from tests.filters.extract.signatures import compressed, enveloped, pem, signed


@given(st.binary(max_size=600), st.booleans())
def test_what_was_signed_comes_out(content: bytes, open_ended: bool) -> None:
    message = signed(content, open_ended=open_ended)
    assert cms.begins(message[:64])
    found = cms.opened(message + b"rest")
    assert (found.kind, found.content, found.end) == (cms.SIGNED, content, len(message))
    assert cms.armored(pem(message)) == message


def test_kinds() -> None:
    assert cms.opened(enveloped()).kind == cms.ENCRYPTED
    assert cms.opened(signed(None)).kind == cms.DETACHED
    assert cms.opened(compressed(b"x" * 99)).content == b"x" * 99


def test_a_mail_inside_has_a_header() -> None:
    assert cms.mail_in(signed(b"Subject: x\r\n\r\ny")) == b"Subject: x\r\n\r\ny"
    assert cms.mail_in(signed(b"only text")).endswith(b"\r\n\r\nonly text")
    assert cms.mail_in(signed(None)) == cms.mail_in(b"\x30\x01") == b""


@given(st.binary(max_size=200))
@example(signed(b"x")[:-3])
def test_nothing_but_damage_is_raised(data: bytes) -> None:
    for each in (data, signed(b"content")[:20] + data):
        try:
            cms.opened(each)
        except NotBer:
            pass
