"""OUT-SIGN: long lines from a real client, through a Postfix that breaks what is too long, to the partner's server: the text
arrives as it was, and our signature holds."""

from collections.abc import Iterator
from pathlib import Path

import dkim
import pytest

from gateway.authenticate.sign import Signer
from mail.message import Message
from tests.interop.mails import SATO, TARO
from tests.interop.test_mail_clients import run, swaks
from tests.services.node import DOMAIN, PASSWORD
from tests.services.postfix import postfix
from tests.services.served import Hop, Served, at, hop, served

WORDS = b"The minutes of the meeting, on one line. " * 60
HEAD = f"From: {TARO}\r\nTo: {SATO}\r\nSubject: long\r\nMIME-Version: 1.0\r\n".encode()
MIXED = (
    HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n" + WORDS
    + b"\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>" + WORDS + b"</p>\r\n--b--\r\n"
)  # fmt: skip
SIGNED = (
    HEAD + b"Content-Type: multipart/signed; protocol=application/pgp-signature; boundary=b\r\n\r\n--b\r\n\r\n" + WORDS
    + b"\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\n"
    + b"\r\n-----END PGP SIGNATURE-----\r\n--b--\r\n"
)  # fmt: skip


@pytest.fixture(scope="module")
def partner() -> Iterator[Hop]:
    with hop() as running:
        yield running


@pytest.fixture(scope="module")
def node(partner: Hop, signer: tuple[Path, Signer]) -> Iterator[Served]:
    keys = {DOMAIN: {"selector": "s1", "key_file": signer[0]}}
    onward = {"relayhost": f"[127.0.0.1]:{partner.port}"}
    with (
        postfix(settings=onward) as relay,
        served(relay=at(relay.port, tls="encrypt"), mailbox=at(partner.port), dkim=keys) as running,
    ):
        yield running


def sent(node: Served, partner: Hop, content: bytes, tmp_path: Path) -> bytes:
    """What the partner's server gets of it."""
    swaks()
    file = tmp_path / "mail.eml"
    file.write_bytes(content)
    host, port = node.addresses["submission"]
    before = len(partner.to(SATO, count=0))
    done = run(
        ["swaks", "--server", f"{host}:{port}", "--tls", "--auth", "PLAIN", "--auth-user", "taro",
         "--auth-password", PASSWORD, "--from", TARO, "--to", SATO, "--data", f"@{file}"]
    )  # fmt: skip
    assert "Accepted as" in done.stdout, done.stdout[-2000:]
    node.let_go()
    return partner.to(SATO, count=before + 1)[-1].content


def holds(content: bytes, signer: Signer) -> bool:
    zone = {signer.record_name + ".": signer.record.encode()}
    return bool(dkim.verify(content, dnsfunc=lambda n, timeout=5: zone.get(n.decode())))


def test_what_arrives_is_what_was_written_and_signed(
    node: Served, partner: Hop, signer: tuple[Path, Signer], tmp_path: Path
) -> None:
    arrived = sent(node, partner, MIXED, tmp_path)
    assert max(map(len, arrived.split(b"\r\n"))) <= 998
    assert [p.content() for p in Message(arrived).parts[1:]] == [
        p.content() for p in Message(MIXED).parts[1:]
    ]
    assert holds(arrived, signer[1])


def test_what_was_signed_is_left_alone_and_its_sender_told(
    node: Served, partner: Hop, signer: tuple[Path, Signer], tmp_path: Path
) -> None:
    """Postfix breaks it: that is what the letter is about."""
    before = len(partner.to(TARO, count=0))
    arrived = sent(node, partner, SIGNED, tmp_path)
    assert WORDS not in arrived
    assert not holds(arrived, signer[1])
    letters = [taken.content for taken in partner.to(TARO, count=before + 1)[before:]]
    assert any(b"998" in part for letter in letters for part in _texts(letter)), letters


def _texts(letter: bytes) -> list[bytes]:
    return [p.content() for p in Message(letter).parts]
