"""SCRAM-SHA-256 by the example of RFC 7677 §3."""

import base64

from directory.scram import is_proof, is_secret, keys_of, server_signature

KEPT = keys_of("pencil", base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096)
MESSAGE = (
    b"n=user,r=rOprNGfwEbeRWgbNEkqO,"
    b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
    b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
)
PROOF = base64.b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")


def test_the_example_of_the_standard() -> None:
    assert is_proof(KEPT, MESSAGE, PROOF)
    assert (
        base64.b64encode(server_signature(KEPT, MESSAGE)) == b"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    )


def test_other_proofs_and_messages_are_refused() -> None:
    assert not is_proof(KEPT, MESSAGE, PROOF[:-1] + b"\0")
    assert not is_proof(KEPT, MESSAGE, b"")
    assert not is_proof(KEPT, MESSAGE + b"x", PROOF)
    assert not is_proof(keys_of("pencil", b"other"), MESSAGE, PROOF)


def test_a_secret_in_the_clear_is_checked_by_the_same_keys() -> None:
    assert is_secret(KEPT, "pencil")
    assert not is_secret(KEPT, "pencils")
    assert "pencil" not in repr(KEPT)
