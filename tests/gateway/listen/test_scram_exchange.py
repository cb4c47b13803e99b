"""The messages of SCRAM-SHA-256, by the example of RFC 7677 §3."""

import base64

import pytest

from directory.scram import is_proof, keys_of, server_signature
from gateway.listen.scram_exchange import ClientFirst, client_final, client_first, proved, server_final

FIRST = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
NONCE = b"%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
FINAL = (
    b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    b"p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
)


def read(message: bytes) -> ClientFirst:
    found = client_first(message)
    assert found is not None
    return found


def test_the_example_of_the_standard() -> None:
    first = read(FIRST)
    assert first.login == "user"
    answer = first.answer(NONCE, SALT, 4096)
    assert answer == (
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    )
    final = client_final(FINAL, first, NONCE)
    assert final is not None
    kept, message = keys_of("pencil", SALT, 4096), proved(first, answer, final)
    assert is_proof(kept, message, final.proof)
    assert server_final(server_signature(kept, message)) == b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


@pytest.mark.parametrize(
    ("message", "login"),
    [
        (b"y,,n=user,r=abc", "user"),
        (b"n,a=user,n=user,r=abc", "user"),
        (b"n,,n=a=2Cb=3Dc,r=abc", "a,b=c"),
        ("n,,n=山田,r=abc".encode(), "山田"),
        (b"n,,n=user,r=abc,x=1", "user"),
    ],
)
def test_who_says_hello(message: bytes, login: str) -> None:
    found = read(message)
    assert (found.login, found.nonce) == (login, b"abc")
    assert found.header + found.bare == message


@pytest.mark.parametrize(
    "message",
    [
        b"", b"n,,", b"n,,n=user", b"n,,n=user,r=", b"n,,n=,r=abc", b"n,,m=1,n=user,r=abc", b"p=tls-unique,,n=user,r=abc",
        b"n,a=other,n=user,r=abc", b"n,,n=a=20b,r=abc", b"n,,n=\xff,r=abc", b"n,,n=a\0b,r=abc", b"n,,n=user,r=a c",
        b"n,,n=user,r=" + b"a" * 300, b"n,,n=" + b"a" * 2000 + b",r=abc", b"x" + FIRST,
    ],
)  # fmt: skip
def test_what_is_no_first_message(message: bytes) -> None:
    assert client_first(message) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"c=biws", b"c=eSws"),  # says "y" now
        (b"k0,p=", b"k1,p="),
        (b"r=rOpr", b"r=xOpr"),
        (b"p=dH", b"p=*H"),
        (b",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", b""),
    ],
)
def test_what_is_no_last_message_of_this_exchange(old: bytes, new: bytes) -> None:
    assert client_final(FINAL, read(FIRST), NONCE) is not None
    assert client_final(FINAL.replace(old, new), read(FIRST), NONCE) is None
