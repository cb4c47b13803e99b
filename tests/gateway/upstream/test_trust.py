"""Who is the upstream: network, client certificate, credential; all that is said must hold."""

import asyncio
import smtplib
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from config.upstreams import UpstreamSection
from filters.facts import Origin
from gateway.upstream.trust import Trust
from tests.gateway.test_app import HANAKO, TARO, mail
from tests.services.certificates import Authority
from tests.services.node import Site, site, trusting
from tests.services.upstream import listener, say


@pytest.mark.parametrize(
    ("said", "peer", "certificate", "login", "lacks"),
    [
        ({"networks": ["192.0.2.0/24"]}, "192.0.2.1", (), "", ""),
        ({"networks": ["192.0.2.0/24"]}, "::ffff:192.0.2.1", (), "", ""),
        ({"networks": ["192.0.2.0/24"]}, "192.0.3.1", (), "", "another network"),
        ({"networks": ["192.0.2.0/24"]}, "", (), "", "another network"),
        ({"certificate_names": ["a.example"]}, "192.0.2.1", ("sha256:0", "a.example"), "", ""),
        ({"certificate_names": ["a.example"]}, "192.0.2.1", ("sha256:0", "b.example"), "", "another certificate"),
        ({"certificate_names": ["a.example"]}, "192.0.2.1", (), "", "no certificate"),
        ({"networks": ["192.0.2.1"], "certificate_names": ["a.example"]}, "192.0.2.2", ("a.example",), "", "another network"),
        ({"login": "x", "password_file": "f"}, "192.0.2.1", (), "x", ""),
        ({"login": "x", "password_file": "f"}, "192.0.2.1", (), "taro", "no login"),
        ({"login": "x", "password_file": "f", "networks": ["192.0.2.1"]}, "192.0.2.2", (), "x", "another network"),
    ],
)  # fmt: skip
def test_all_that_is_said_must_hold(
    said: dict[str, object], peer: str, certificate: tuple[str, ...], login: str, lacks: str
) -> None:
    origin = Origin("relay", peer, login=login, certificate=certificate)
    assert Trust(UpstreamSection(**said)).lacks(origin) == lacks  # type: ignore[arg-type]


def fingerprint(certificate: Path) -> str:
    return x509.load_pem_x509_certificate(certificate.read_bytes()).fingerprint(hashes.SHA256()).hex()


async def test_by_client_certificate(tmp_path: Path) -> None:
    """By a name in it, or by its fingerprint; one that somebody else signed does not get through the handshake."""
    (tmp_path / "other").mkdir()
    authority, other = Authority(tmp_path), Authority(tmp_path / "other")
    right, beside = (
        authority.pair("mx.example.co.jp", client=True),
        authority.pair("x.example.co.jp", client=True),
    )
    forged = other.pair("mx.example.co.jp", client=True)
    asks = {"proxied": False, "client_certificates": "ask", "client_ca": authority.file}
    listeners = [
        listener("name", certificate_names=["mx.example.co.jp"], **asks),
        listener("print", certificate_names=[f"sha256:{fingerprint(right[0])}"], **asks),
    ]

    def sent(here: Site, name: str, pair: tuple[Path, Path] | None) -> int:
        context: ssl.SSLContext = trusting()
        if pair is not None:
            context.load_cert_chain(*pair)
        try:
            with smtplib.SMTP(*here.node.addresses[name], timeout=60) as client:
                client.starttls(context=context)
                client.ehlo("mx.example.co.jp")
                return say(client, TARO, [HANAKO], mail(HANAKO).replace(b"\n", b"\r\n"))[0]
        except (OSError, smtplib.SMTPServerDisconnected):
            return 0

    def clear(here: Site) -> int:
        with smtplib.SMTP(*here.node.addresses["name"], timeout=60) as client:
            client.ehlo("mx.example.co.jp")
            return client.mail(TARO)[0]

    async with site(tmp_path, listeners=listeners) as here:
        answers = {
            (name, which): await asyncio.to_thread(sent, here, name, pair)
            for name in ("name", "print")
            for which, pair in (("right", right), ("beside", beside), ("forged", forged), ("none", None))
        }
        assert answers == {
            (name, which): {"right": 250, "beside": 550, "forged": 0, "none": 550}[which]
            for name in ("name", "print")
            for which in ("right", "beside", "forged", "none")
        }
        assert await asyncio.to_thread(clear, here) == 530, "never without TLS"
        assert len(await here.caught(2)) == 2
