"""Private keys as octets, of each structure, and what only looks like one."""

import random

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from filters.extract import Budget, extract
from tests.filters.mails import attached, findings

RSA = rsa.generate_private_key(65537, 2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
EDWARDS = ed25519.Ed25519PrivateKey.generate()
DER, OPEN = form.Encoding.DER, form.NoEncryption()
LOCKED = form.BestAvailableEncryption(b"Hk7-siire")
KEYS = {
    "PKCS #1": RSA.private_bytes(DER, form.PrivateFormat.TraditionalOpenSSL, OPEN),
    "PKCS #8": RSA.private_bytes(DER, form.PrivateFormat.PKCS8, OPEN),
    "PKCS #8, Edwards": EDWARDS.private_bytes(DER, form.PrivateFormat.PKCS8, OPEN),
    "PKCS #8, encrypted": RSA.private_bytes(DER, form.PrivateFormat.PKCS8, LOCKED),
    "SEC 1": CURVE.private_bytes(DER, form.PrivateFormat.TraditionalOpenSSL, OPEN),
    "PKCS #12": pkcs12.serialize_key_and_certificates(b"ops", RSA, None, None, LOCKED),
}


@pytest.mark.parametrize("kind", KEYS)
def test_each_structure_is_a_key(kind: str) -> None:
    assert extract("a.bin", "", KEYS[kind], Budget()).kind == "private-key"
    (finding,) = findings("credential", attached(("a.bin", KEYS[kind])))
    assert finding.values["what"] == "private_key"


@pytest.mark.parametrize("kind", ["PKCS #1", "SEC 1"])
def test_public_keys_and_what_goes_on_are_none(kind: str) -> None:
    public = RSA.public_key().public_bytes(DER, form.PublicFormat.SubjectPublicKeyInfo)
    assert extract("a.der", "", public, Budget()).kind != "private-key"
    behind = KEYS[kind] + random.Random(1).randbytes(40)
    assert extract("a.der", "", behind, Budget()).kind != "private-key"
    assert extract("a.der", "", KEYS[kind][:-3], Budget()).kind != "private-key"
