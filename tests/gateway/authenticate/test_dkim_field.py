"""The field is that of dkimpy as its authors ship it, byte for byte; that others verify it is in test_sign.py."""

import base64
import random

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.authenticate.dkim_field import Layout, relaxed, selected
from gateway.authenticate.sign import OVERSIGNED, SIGNED, Signer, generate_key, message_of, signed_names
from tests.gateway.stock import at, stock

KEYS = {"rsa": generate_key(bits=1024), "rsa2048": generate_key(), "ed25519": generate_key("ed25519")}
DOMAINS = ("corp.example", "a." + "long-label-of-a-domain." * 5 + "example")


def theirs(signer: Signer, mail: bytes) -> bytes:
    """What stock dkimpy signs, told the same names."""
    key = signer.key
    if isinstance(key, rsa.RSAPrivateKey):
        form = serialization.PrivateFormat.TraditionalOpenSSL
        secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    else:
        secret = base64.b64encode(key.private_bytes_raw())
    with stock():
        line: bytes = dkim.DKIM(mail, signature_algorithm=signer.algorithm.encode(), minkey=1024).sign(
            signer.selector.encode(),
            signer.domain.encode(),
            secret,
            canonicalize=(b"relaxed", b"simple"),
            include_headers=list(signed_names(message_of(mail))),
        )
    return line


BLANKS = (b"", b" ", b"  ", b"\t", b" \t ", b"\r\n ", b" \r\n\t ", b"\x0b", b"\x0c ")


def generated(chance: random.Random) -> bytes:
    """A mail with fields of all kinds in any order, folded and blank in any way, and any body."""
    names = [*OVERSIGNED, *SIGNED, b"received", b"x-other", b"dkim-signature"]
    fields = [b"From:%b<a@corp.example>" % chance.choice(BLANKS)]
    for _ in range(chance.randrange(14)):
        name = chance.choice(names)
        name = chance.choice((name, name.title(), name.upper()))
        words = [
            chance.choice((b"", b"word", b"a:b;", "日本".encode(), b"x" * 80))
            for _ in range(chance.randrange(5))
        ]
        value = b"".join(chance.choice(BLANKS) + word for word in words)
        if not value.replace(b"\r\n", b"").strip():  # a line of blanks alone ends the header for some readers
            value = value.replace(b"\r\n", b"")
        fields.append(name + b":" + value.removesuffix(b"\r\n ") + chance.choice((b"", b" ", b"\t")))
    chance.shuffle(fields)
    lines = [
        chance.choice((b"", b" ", b"text", b"two  blanks \t", b".", b"b=1;"))
        for _ in range(chance.randrange(8))
    ]
    return b"\r\n".join([*fields, b"", *lines]) + chance.choice((b"", b"\r\n", b"\r\n\r\n"))


@pytest.mark.parametrize(
    ("key", "mails"),
    [("rsa", 40), ("rsa2048", 5), ("ed25519", 400), pytest.param("ed25519", 4000, marks=pytest.mark.slow)],
)
def test_it_is_what_dkimpy_writes(key: str, mails: int) -> None:
    chance = random.Random(mails)
    signers = [Signer(domain, "selector", KEYS[key]) for domain in DOMAINS]
    compared = 0
    for _ in range(mails):
        mail, signer = generated(chance), chance.choice(signers)
        with at(1_700_000_000 + chance.randrange(1_000_000)):
            line = signer.sign(mail)
            if line:
                assert line == theirs(signer, mail), mail
                compared += 1
    assert compared > mails / 2


def test_a_layout_is_kept_for_a_list_of_names_and_no_more_than_some() -> None:
    signer = Signer("corp.example", "s", KEYS["ed25519"])
    for number in range(600):
        assert signer.sign(b"From: a@corp.example\r\n" + b"X-Priority: 1\r\n" * number + b"\r\nx\r\n")
    assert 0 < len(signer._layouts) <= 256


def test_places_are_filled_across_folds() -> None:
    layout = Layout("rsa-sha256", "corp.example", "s", (b"from",), 344)
    line = layout.signed(b"1700000000", b"B" * 44, b"S" * 344)
    assert line.replace(b"\r\n ", b"").count(b"S") == 344 + 1  # one in the name of the field
    assert b"bh=" + b"B" * 44 in line
    assert not set(line) & {1, 2, 3}


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        (b"Subject: x\r\n", b"subject:x\r\n"),
        (b"Subject :\t a \t b\r\n\tc \r\n", b"subject:a b c\r\n"),
        (b"Subject:\r\n", b"subject:\r\n"),
        (b"Subject:a\r\n  b", b"subject:a b\r\n"),
    ],
)
def test_a_relaxed_field(field: bytes, wanted: bytes) -> None:
    assert relaxed(b"subject", field) == wanted


def test_the_last_of_a_name_is_signed_first() -> None:
    assert selected([b"to", b"from", b"to", b"x"], [b"to", b"to", b"to", b"from", b"cc"]) == [2, 0, 1]
