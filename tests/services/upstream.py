"""Clients of a relay listener: a provider's hosts with their own addresses, told by a PROXY header from loopback."""

import smtplib
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.services.node import trusting


def listener(name: str = "relay", proxied: bool = True, **more: Any) -> dict[str, Any]:
    """A relay listener of the settings. What is not a listener's is its upstream's."""
    own = {"tls", "client_certificates", "client_ca", "bare_lf", "tenant", "dsn"}
    return {
        "name": name,
        "role": "relay",
        "port": 0,
        **({"proxy_networks": ["127.0.0.0/8"]} if proxied else {}),
        **{key: value for key, value in more.items() if key in own},
        "upstream": {key: value for key, value in more.items() if key not in own},
    }


def secret(folder: Path, text: str = "q7RtW2-mellow-kite-0419-Hm3") -> Path:
    """A file with a shared password or the value of a secret field."""
    path = folder / "secret"
    path.write_text(f"{text}\n")
    return path


class FromThere(smtplib.SMTP):
    """A client whose connection a load balancer on loopback passes on."""

    def __init__(self, address: tuple[str, int], peer: str) -> None:
        self._peer = peer
        super().__init__(*address, timeout=60)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # type: ignore[override]
        connection = socket.create_connection((host, port), timeout)
        if self._peer:
            family, here = ("TCP6", "::1") if ":" in self._peer else ("TCP4", "127.0.0.1")
            connection.sendall(f"PROXY {family} {self._peer} {here} 40000 25\r\n".encode())
        return connection


def client(address: tuple[str, int], peer: str = "", *, tls: bool = True) -> smtplib.SMTP:
    """Connected, and after STARTTLS unless told otherwise; the caller closes it."""
    found = FromThere(address, peer)
    if tls:
        found.starttls(context=trusting())
    found.ehlo("upstream.example")
    return found


def say(
    client: smtplib.SMTP, reverse_path: str, recipients: Sequence[str], content: bytes
) -> tuple[int, str]:
    """One mail as it stands; the reply that decided. The connection can be used again."""
    code, text = client.mail(reverse_path)
    for recipient in recipients:
        if code < 400:
            code, text = client.rcpt(recipient)
    if code >= 400:
        client.rset()
        return code, text.decode()
    assert client.docmd("DATA")[0] == 354
    client.send(content.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    code, text = client.getreply()
    return code, text.decode()
