"""Verifying signatures: what the standards' own examples, stock dkimpy and hostile people write."""

import time

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.facts import SignatureResult
from gateway.authenticate import dkim as ours
from gateway.authenticate import dkim_library
from gateway.authenticate.sign import Signer, generate_key
from mail.message import Message
from tests.gateway.stock import at, stock, stock_verifies

KEY = generate_key(bits=1024)
SIGNER = Signer("corp.example", "s1", KEY)
KEYS: dict[str, str | None] = {SIGNER.record_name: SIGNER.record}
HEADER = (
    b"From: =?utf-8?b?5L2Q6Jek?= <taro@corp.example>\r\nTo: a@there.example,\r\n\t b@there.example\r\n"
    b"Subject:  two\r\n\tblanks \r\nX-Other: 1\r\n\r\n"
)
MAIL = HEADER + b"body  with \t blanks  \r\n\r\nend\r\n\r\n"

# RFC 8463 appendix A; the keys are the published ones.
RFC_8463 = b"""\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
""".replace(b"\n", b"\r\n")
RFC_8463_KEYS: dict[str, str | None] = {
    "brisbane._domainkey.football.example.com": (
        "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    ),
    "test._domainkey.football.example.com": (
        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2"
        "jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2"
        "EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
    ),
}


def results(mail: bytes, keys: dict[str, str | None] | None = None) -> list[SignatureResult]:
    message = Message(mail)
    return ours.verify(message, ours.signatures(message), KEYS if keys is None else keys)


def words(mail: bytes, keys: dict[str, str | None] | None = None) -> list[str]:
    return [result.word for result in results(mail, keys)]


def stock_signed(mail: bytes = MAIL, **options: object) -> bytes:
    """The mail with a signature that stock dkimpy made."""
    with stock():
        line: bytes = dkim.sign(mail, b"s1", b"corp.example", KEY, **options)
    return line + mail


def test_the_examples_of_the_standard() -> None:
    assert results(RFC_8463, RFC_8463_KEYS) == [
        SignatureResult("pass", "football.example.com", selector=name) for name in ("brisbane", "test")
    ]
    assert words(RFC_8463.replace(b"dinner", b"supper"), RFC_8463_KEYS) == ["fail", "fail"]
    assert words(RFC_8463.replace(b"game", b"Game"), RFC_8463_KEYS) == ["fail", "fail"]


@pytest.mark.parametrize("header", [b"simple", b"relaxed"])
@pytest.mark.parametrize("body", [b"simple", b"relaxed"])
def test_what_stock_dkimpy_signs(header: bytes, body: bytes) -> None:
    mail = stock_signed(canonicalize=(header, body))
    assert results(mail) == [SignatureResult("pass", "corp.example", selector="s1")]
    assert words(mail.replace(b"end", b"END")) == ["fail"]
    assert words(mail.replace(b"two", b"TWO")) == ["fail"]
    assert words(b"X-New: 1\r\n" + mail) == ["pass"]
    blanks = mail.replace(b"body  with \t blanks  \r\n", b"body with blanks\r\n")
    assert words(blanks) == ["pass" if body == b"relaxed" else "fail"]
    folded = mail.replace(b"two\r\n\tblanks", b"two blanks")
    assert words(folded) == ["pass" if header == b"relaxed" else "fail"]


@given(
    st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"a", b".", "あ".encode()]), max_size=40),
    st.sampled_from([b"simple", b"relaxed"]),
)
@settings(max_examples=60, deadline=None)
def test_any_body(pieces: list[bytes], how: bytes) -> None:
    # Blanks at the end of an unfinished last line are the one thing that dkimpy reads in another way.
    body = b"".join(pieces).rstrip(b" \t")
    assert words(stock_signed(HEADER + body, canonicalize=(b"relaxed", how))) == ["pass"]


def test_five_signatures_are_looked_at() -> None:
    line = SIGNER.sign(MAIL)
    assert words(line * 7 + MAIL) == ["pass"] * 5
    assert words(MAIL) == []


def test_what_the_dns_did_not_say() -> None:
    mail = SIGNER.sign(MAIL) + MAIL
    assert words(mail, {}) == ["temperror"]
    assert words(mail, {SIGNER.record_name: None}) == ["temperror"]


@pytest.mark.parametrize(
    "record",
    [
        "",
        "nonsense",
        "v=DKIM1; k=rsa; p=",
        "v=DKIM2; " + SIGNER.record.removeprefix("v=DKIM1; "),
        "v=DKIM1; k=rsa; p=AAAA",
        "v=DKIM1; k=rsa; p=!",
        "v=DKIM1; k=x; p=AAAA",
        "v=DKIM1; k=ed25519; p=AAAA",
        "v=DKIM1; k=rsa",
        "v=DKIM1; v=DKIM1",
        Signer("corp.example", "s1", generate_key("ed25519")).record,
        SIGNER.record + "; s=other",
        SIGNER.record + "\ufffd",
        "x" * 70_000,
    ],
    ids=range(14),
)
def test_keys_that_cannot_be_used(record: str) -> None:
    assert words(SIGNER.sign(MAIL) + MAIL, {SIGNER.record_name: record}) == ["permerror"]


def test_a_key_that_leaves_out_what_may_be_left_out() -> None:
    record = SIGNER.record.removeprefix("v=DKIM1; k=rsa; ")
    assert words(SIGNER.sign(MAIL) + MAIL, {SIGNER.record_name: record}) == ["pass"]


def test_another_key_does_not_fit() -> None:
    other = Signer("corp.example", "s1", generate_key(bits=1024)).record
    assert words(SIGNER.sign(MAIL) + MAIL, {SIGNER.record_name: other}) == ["fail"]


def test_a_key_that_is_too_small_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = SIGNER.sign(MAIL) + MAIL
    assert words(mail) == ["pass"]
    monkeypatch.setattr(dkim_library, "SMALLEST_KEY", 1025)
    assert words(mail) == ["permerror"]


def test_a_signature_over_a_part_of_the_body_is_not_enough_when_there_is_more() -> None:
    """Anybody can append to it (RFC 6376 §8.2)."""
    mail = stock_signed(length=True)
    assert words(mail) == ["pass"]
    longer = mail + b"appended\r\n"
    assert stock_verifies(longer, {SIGNER.record_name: SIGNER.record})
    assert words(longer) == ["policy"]


def test_sha1_proves_nothing() -> None:
    """RFC 8301; stock dkimpy still takes it."""
    mail = stock_signed(signature_algorithm=b"rsa-sha1")
    assert stock_verifies(mail, {SIGNER.record_name: SIGNER.record})
    assert words(mail) == ["permerror"]


def test_from_must_be_signed() -> None:
    """RFC 6376 §6.1.1; stock dkimpy does not ask."""
    mail = SIGNER.sign(MAIL) + MAIL
    assert words(mail.replace(b"h=from : from : ", b"h=")) == ["permerror"]


def test_a_second_from_field_breaks_it() -> None:
    mail = stock_signed(include_headers=[b"from"])
    assert words(mail) == ["pass"]
    assert words(b"From: boss@corp.example\r\n" + mail) == ["fail"]


LINE = SIGNER.sign(MAIL)


def test_expiry_and_the_future() -> None:
    """Signed in the future: as in dkimpy, which allows 10 hours for wrong clocks."""
    now = int(time.time())
    with at(now + 20 * 3600):
        assert words(SIGNER.sign(MAIL) + MAIL) == ["pass"]
        from_the_future = SIGNER.sign(MAIL) + MAIL
    assert words(from_the_future) == ["permerror"]
    with at(now - 200_000):
        line = SIGNER.sign(MAIL)
    assert words(line.replace(b"; s=s1", b"; s=s1; x=%d" % (now - 100_000)) + MAIL) == ["permerror"]
    # Not expired; but the tag was not signed.
    assert words(line.replace(b"; s=s1", b"; s=s1; x=%d" % (now + 100_000)) + MAIL) == ["fail"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"v=1", b"v=2"),
        (b"v=1; ", b""),
        (b"v=1; ", b"v=1; v=1; "),
        (b"i=@corp.example", b"i=@other.example"),
        (b"i=@corp.example", b"i="),
        (b"q=dns/txt", b"q=other"),
        (b"c=relaxed/simple", b"c=relaxed/other"),
        (b"c=relaxed/simple", b"c=/////"),
        (b"c=relaxed/simple", b"c=relaxed/simple; l="),
        (b"c=relaxed/simple", b"c=relaxed/simple; l=-1"),
        (b"c=relaxed/simple", b"c=relaxed/simple; t"),
        (b"a=rsa-sha256", b"a=none"),
        (b"a=rsa-sha256", b"a=ed25519-sha256"),
        (b"bh=", b"bx="),
        (b" b=", b" b=!"),
        (b" b=", b" b=A"),
    ],
)
def test_malformed_signatures(old: bytes, new: bytes) -> None:
    assert LINE.count(old) == 1
    assert words(LINE.replace(old, new) + MAIL) == ["permerror"]


@pytest.mark.parametrize(
    "field",
    [
        b"v=1; a=rsa-sha256; d=corp.example; s=s1; h=from; bh=AAAA; b=A" + b" " * 31_000 + b"!A",
        b"v=1; z= b" + b"\r\n " * 10_000 + b"y",
        b"v=1; a=rsa-sha256; d=corp.example; s=s1; h=from" + b":a" * 15_000 + b"; bh=AAAA; b=AAAA",
        b"x=;" * 10_000,
        b"\xff" * 30_000,
        b"",
    ],
    ids=range(6),
)
def test_outlandish_fields_cost_nothing(field: bytes) -> None:
    """Some of stock dkimpy's expressions take 9 s for one such field, and nothing else runs meanwhile."""
    assert words(b"DKIM-Signature:" + field + b"\r\n" + MAIL) == ["permerror"]


@given(st.integers(0, len(LINE) - 1), st.binary(max_size=4), st.integers(0, 6))
@settings(max_examples=150, deadline=None)
def test_nothing_raises_and_no_change_of_a_signature_passes(start: int, new: bytes, gone: int) -> None:
    """Except for changes of blanks, of case in names, and of what base64 passes over; a line before it is another field."""
    changed = LINE[:start] + new + LINE[start + gone :]
    if "pass" in words(changed + MAIL):
        changed = changed[max(0, changed.lower().find(b"dkim-signature")) :]
        assert b"".join(changed.lower().split()).rstrip(b"=;") == b"".join(LINE.lower().split()).rstrip(b"=;")


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_nothing_raises_for_any_header(junk: bytes) -> None:
    for mail in (junk, LINE + junk + MAIL, b"DKIM-Signature: " + junk + b"\r\n" + MAIL):
        assert all(isinstance(word, str) for word in words(mail))


def test_names_of_keys() -> None:
    (found,) = ours.signatures(Message(LINE.replace(b"d=corp.example", b"d=Corp.Example.") + MAIL))
    assert (found.key_name, found.domain) == ("s1._domainkey.corp.example", "corp.example")
