"""DKIM signatures, judged by dkimpy as it is shipped and by the gateway."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.authenticate import dkim as ours
from gateway.authenticate.sign import OVERSIGNED, Signer, generate_key
from mail.message import Message
from tests.gateway.stock import at, stock_verifies

RSA, ED25519 = generate_key(bits=1024), generate_key("ed25519")
MAIL = (
    b"Received: from x\r\n\tby y; date\r\n"
    b"From: =?utf-8?b?5bGx55Sw?= <taro@corp.example>\r\n"
    b"To: a@there.example,\r\n b@there.example\r\n"
    b"Subject:  two   blanks\tand a tab \r\n"
    b"Date: Mon, 1 Jan 2029 00:00:00 +0900\r\n"
    b"Message-ID: <1@corp.example>\r\n"
    b"X-Other: 1\r\n\r\n"
    b"body with trailing blanks  \r\n\r\n.\r\nend\r\n\r\n\r\n"
)


def signer(key: bytes = RSA, domain: str = "corp.example") -> Signer:
    return Signer(domain, "s1", key)


def verified(line: bytes, mail: bytes, by: Signer) -> bool:
    """As stock dkimpy and the gateway's own verification see it: alike."""
    records = {by.record_name: by.record}
    theirs = stock_verifies(line + mail, records)
    message = Message(line + mail)
    (result,) = ours.verify(message, ours.signatures(message)[:1], {**records})
    assert (result.word == "pass") == theirs
    return theirs


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_another_implementation_agrees(key: bytes) -> None:
    one = signer(key)
    with at(1_600_000_000):
        line = one.sign(MAIL)
    assert verified(line, MAIL, one)
    assert line.startswith(b"DKIM-Signature: v=1; ")
    assert line.endswith(b"\r\n")
    assert max(map(len, line.split(b"\r\n"))) <= 78
    assert b"t=1600000000" in line


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"body", b"Body"),
        (b"end\r\n", b"end\r\nmore\r\n"),
        (b"blanks  \r\n", b"blanks\r\n"),
        (b"two ", b"three "),
        (b"Message-ID: <1@", b"Message-ID: <2@"),
        *((b"X-Other: 1\r\n", b"X-Other: 1\r\n" + name + b": added\r\n") for name in OVERSIGNED),
    ],
)
def test_changes_break_it(old: bytes, new: bytes) -> None:
    """Also a field that is added: everything that a reader sees is signed once more than it occurs."""
    one = signer()
    assert MAIL.count(old) >= 1
    assert not verified(one.sign(MAIL), MAIL.replace(old, new, 1), one)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject:  two   blanks\tand a tab \r\n", b"subject:two blanks\r\n and  a\ttab\r\n"),
        (b"X-Other: 1\r\n", b"X-Other: 2\r\nX-More: 3\r\nReceived: by z\r\n"),
        (b"end\r\n\r\n\r\n", b"end\r\n"),
    ],
    ids=["folded again", "fields of trace", "empty lines at the end"],
)
def test_what_relays_do_does_not_break_it(old: bytes, new: bytes) -> None:
    one = signer()
    assert verified(one.sign(MAIL), MAIL.replace(old, new, 1), one)


@given(st.lists(st.integers(0, len(MAIL)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_cutting_into_pieces_gives_the_same_line(cuts: list[int]) -> None:
    edges = sorted({0, len(MAIL), *cuts})
    pieces = [memoryview(MAIL)[a:b] for a, b in pairwise(edges)]
    one = signer(ED25519)
    with at(1_600_000_000):
        assert one.sign(pieces) == one.sign(MAIL)


@given(st.lists(st.sampled_from([b"", b" ", b"x", b"x \t", b".", b"\t"]), max_size=8), st.booleans())
@settings(max_examples=100, deadline=None)
def test_any_body(lines: list[bytes], finished: bool) -> None:
    body = b"\r\n".join(lines) + (b"\r\n" if finished else b"")
    mail = b"From: a@corp.example\r\n\r\n" + body
    one = signer(ED25519)
    assert verified(one.sign(mail), mail, one)


@given(
    st.lists(
        st.sampled_from([b"To: a", b"to:  b ", b"Subject:\r\n c", b"SUBJECT: d\t\r\n\te", b"Date:", b"X: y"]),
        max_size=8,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_header(fields: list[bytes]) -> None:
    mail = b"\r\n".join([b"From: a@corp.example", *fields]) + b"\r\n\r\nbody\r\n"
    one = signer(ED25519)
    assert verified(one.sign(mail), mail, one)


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\r\n\r\n",
        b"Subject: x\r\n\r\nbody\r\n",
        b"\r\nFrom: a@corp.example\r\n\r\nx\r\n",
        b"From x\r\nFrom: a@corp.example\r\n\r\nx\r\n",
        b"From: a@corp.example\r\nno field\r\nTo: b\r\n\r\nx\r\n",
        b"From: a@corp.example\r\nno empty line\r\n",
        b"From: a@corp.example\r\n" + b"X: y\r\n" * 1001 + b"\r\n",
        b"From: x\r\n" + b"y" * 2_000_000,
    ],
)
def test_what_cannot_be_vouched_for_is_not_signed(mail: bytes) -> None:
    assert signer().sign(mail) == b""


@pytest.mark.parametrize("end", [b"", b"\r\n", b"\r\n\r\n"])
def test_a_mail_without_a_body(end: bytes) -> None:
    one = signer()
    mail = b"From: a@corp.example" + end
    assert verified(one.sign(mail), mail, one)


def test_two_from_fields_are_both_signed() -> None:
    mail = b"From: a@corp.example\r\nFrom: b@corp.example\r\n\r\nx\r\n"
    assert b"h=from:from:from:" in signer().sign(mail).replace(b"\r\n", b"").replace(b" ", b"")


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"no key",
        generate_key().replace(b"M", b"N"),
    ],
    ids=["empty", "text", "damaged"],
)
def test_bad_keys(key: bytes) -> None:
    with pytest.raises(ValueError, match="DKIM key") as caught:
        signer(key)
    assert "BEGIN" not in str(caught.value)


@pytest.mark.parametrize("domain", ["", "corp example", "corp.example\r\nx", "日本.example", "a;b"])
def test_bad_domains(domain: str) -> None:
    with pytest.raises(ValueError, match="cannot be a domain"):
        signer(domain=domain)


def test_records() -> None:
    one = Signer("Corp.Example", "2029a", generate_key())
    assert one.record_name == "2029a._domainkey.corp.example"
    assert one.record.startswith("v=DKIM1; k=rsa; p=MIIB")
    assert max(len(part) for part in one.zone_line.split('"')[1::2]) == 255
    assert "".join(one.zone_line.split('"')[1::2]) == one.record
    assert "PRIVATE" not in repr(one)
