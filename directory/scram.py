"""SCRAM-SHA-256: the keys that are kept of a secret, and how a secret or a proof is checked by them. Pure.

Whoever steals the keys can neither log in with them nor find a secret of 128 random bits. A password that comes in the clear
(AUTH PLAIN, LOGIN) is checked by the same keys.

Sources: RFC 5802 §3, §5 and §9; RFC 7677 §3 (the test vector, and the 4096 iterations).
"""

import hashlib
import hmac

import msgspec

ITERATIONS = 4096
"""The least that RFC 7677 allows: more would protect weak secrets, and there are none."""


class ScramKeys(msgspec.Struct, frozen=True):
    """What is kept instead of a secret."""

    salt: bytes
    iterations: int
    stored_key: bytes
    server_key: bytes

    def __repr__(self) -> str:
        return "ScramKeys()"


def keys_of(secret: str, salt: bytes, iterations: int = ITERATIONS) -> ScramKeys:
    """The keys of a secret of ASCII characters, which no preparation (RFC 4013) would change."""
    salted = hashlib.pbkdf2_hmac("sha256", secret.encode(), salt, iterations)
    client_key = _hmac(salted, b"Client Key")
    return ScramKeys(salt, iterations, hashlib.sha256(client_key).digest(), _hmac(salted, b"Server Key"))


def is_secret(kept: ScramKeys, secret: str) -> bool:
    """True for the secret of which these are the keys."""
    found = keys_of(secret, kept.salt, kept.iterations)
    return hmac.compare_digest(found.stored_key, kept.stored_key)


def is_proof(kept: ScramKeys, message: bytes, proof: bytes) -> bool:
    """True for the ClientProof of an exchange whose AuthMessage this is."""
    if len(proof) != len(kept.stored_key):
        return False
    signature = _hmac(kept.stored_key, message)
    client_key = bytes(a ^ b for a, b in zip(proof, signature, strict=True))
    return hmac.compare_digest(hashlib.sha256(client_key).digest(), kept.stored_key)


def server_signature(kept: ScramKeys, message: bytes) -> bytes:
    """What proves to the client that the server knows the keys."""
    return _hmac(kept.server_key, message)


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()
