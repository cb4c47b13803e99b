"""DKIM: what dkimpy signs we verify, and what was changed we do not."""

import base64

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import dkim
from mail.message import Message
from tests.gateway.stock import stock, stock_verifies

RSA_KEY = rsa.generate_private_key(65537, 1024)
PEM = RSA_KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
DER = RSA_KEY.public_key().public_bytes(
    serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
)
RECORD = "v=DKIM1; k=rsa; p=" + base64.b64encode(DER).decode()
MAIL = (
    b"From: =?utf-8?b?5L2Q6Jek?= <sato@example.jp>\r\nTo: a@us.example,\r\n\t b@us.example\r\nSubject:  folded \r\n  subject\t here \r\n"
    b"X-Twice: one\r\nX-Twice: two\r\nDate: Mon, 1 Jan 2024 00:00:00 +0900\r\n\r\nline  one \t\r\n\r\n.dot\r\nlast line\r\n\r\n\r\n"
)


def signed(raw: bytes = MAIL, how: str = "relaxed/relaxed", **more: object) -> bytes:
    one, _, other = how.partition("/")
    with stock():
        return (
            dkimpy.sign(raw, b"sel", b"example.jp", PEM, canonicalize=(one.encode(), other.encode()), **more)
            + raw
        )


def verify(raw: bytes, record: str | None = RECORD) -> list[dkim.Result]:
    message = Message(raw)
    found = dkim.signatures(message)
    return dkim.verify(message, found, {s.key_name: record for s in found})


def word(raw: bytes, record: str | None = RECORD) -> str:
    return verify(raw, record)[0].word


@pytest.mark.parametrize("how", ["simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"])
@pytest.mark.parametrize(
    "body", [b"", b"\r\n", b"\r\n\r\n", b"x", b"x\r\n", b"x \r\n\t\r\n", b"a\r\n\r\nb  c\t d\r\n\r\n"]
)
def test_every_canonicalization_agrees_with_dkimpy(how: str, body: bytes) -> None:
    raw = signed(MAIL[: MAIL.index(b"\r\n\r\n") + 4] + body, how)
    assert stock_verifies(raw, {"sel._domainkey.example.jp": RECORD})
    assert verify(raw) == [dkim.Result("pass", "example.jp")]


@given(st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"a", b".", "あ".encode()]), max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_body_agrees_with_dkimpy(pieces: list[bytes]) -> None:
    raw = signed(MAIL[: MAIL.index(b"\r\n\r\n") + 4] + b"".join(pieces) + b"\r\n")
    assert word(raw) == "pass"


def test_a_change_of_body_or_signed_field_is_seen() -> None:
    raw = signed()
    assert word(raw.replace(b"last line", b"last lime")) == "fail"
    assert word(raw.replace(b"folded", b"holded")) == "fail"
    assert word(raw.replace(b"a@us.example", b"c@us.example")) == "fail"
    assert word(b"X-New: 1\r\n" + raw) == "pass"


def test_relaxed_ignores_what_relays_change() -> None:
    raw = signed()
    assert word(raw.replace(b"line  one \t\r\n", b"line one\r\n").replace(b"\r\n\t b@us", b" b@us")) == "pass"
    assert word(signed(how="simple/simple").replace(b"line  one", b"line one")) == "fail"


def test_ed25519() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    seed = key.private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    record = "v=DKIM1; k=ed25519; p=" + base64.b64encode(public).decode()
    with stock():
        raw = (
            dkimpy.sign(
                MAIL, b"sel", b"example.jp", base64.b64encode(seed), signature_algorithm=b"ed25519-sha256"
            )
            + MAIL
        )
    assert word(raw, record) == "pass"
    assert word(raw.replace(b"last", b"lost"), record) == "fail"
    assert word(raw, RECORD) == "permerror"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (None, "temperror"),
        ("", "permerror"),
        ("v=DKIM1; p=", "permerror"),
        ("v=DKIM2; " + RECORD[9:], "permerror"),
        ("v=DKIM1; p=AAAA", "permerror"),
        ("nonsense", "permerror"),
        (RECORD.replace("k=rsa; ", ""), "pass"),
    ],
)
def test_what_the_published_key_says(record: str | None, expected: str) -> None:
    assert word(signed(), record) == expected


def test_a_signature_that_signs_too_little_says_nothing() -> None:
    assert word(signed(length=True)) == "pass"
    assert word(signed(length=True) + b"appended by somebody\r\n") == "neutral"


def test_malformed_and_foreign_signatures() -> None:
    raw = signed()
    assert word(raw.replace(b"v=1;", b"v=2;")) == "permerror"
    assert word(raw.replace(b"a=rsa-sha256", b"a=rsa-sha1")) == "permerror"
    assert word(b"DKIM-Signature: v=1; v=1\r\n" + MAIL) == "permerror"
    assert word(b"DKIM-Signature:\r\n" + MAIL) == "permerror"
    assert word(raw.replace(b"i=@example.jp", b"i=@other.jp")) == "permerror"
    assert word(raw.replace(b"d=example.jp", b"x=1; d=example.jp")) == "permerror"


def test_at_most_a_few_signatures_are_looked_at() -> None:
    raw = signed()
    assert len(verify(raw[: raw.index(b"From:")] * 50 + MAIL)) == dkim.MOST


def test_small_keys_prove_nothing() -> None:
    key = rsa.generate_private_key(65537, 1024)
    small = key.public_key().public_numbers()
    assert small.n.bit_length() == 1024
    tiny = RECORD.replace(base64.b64encode(DER).decode(), base64.b64encode(_der(small.n >> 512)).decode())
    assert word(signed(), tiny) in ("permerror", "fail")


def _der(modulus: int) -> bytes:
    numbers = rsa.RSAPublicNumbers(65537, modulus | 1)
    return numbers.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
