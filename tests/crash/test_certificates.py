"""Certificates are exchanged while clients come: none of them is turned away, and a wrong pair changes nothing (T23)."""

import shutil
import signal
import socket
import ssl
import threading
from pathlib import Path

import pytest

from gateway.listen.tls import generate_self_signed
from tests.crash.harness import Site
from tests.services.node import trusting
from tests.services.programs import wait_for

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


class Knocking:
    """Clients that say STARTTLS, hear a handshake, and go; again and again."""

    def __init__(self, address: tuple[str, int], number: int = 4) -> None:
        self.address = address
        self.seen: list[bytes] = []
        self.failures: list[str] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(number)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self.seen.append(handshake(self.address))
            except OSError as error:
                self.failures.append(repr(error))


def handshake(address: tuple[str, int]) -> bytes:
    """The certificate that is shown."""
    with socket.create_connection(address, 30) as plain:
        assert plain.recv(1000).startswith(b"220")
        for line, answer in ((b"EHLO client.example\r\n", b"250 "), (b"STARTTLS\r\n", b"220 ")):
            plain.sendall(line)
            heard = b""
            while answer not in heard:
                heard += plain.recv(4000)
        with trusting().wrap_socket(plain) as secured:
            return secured.getpeercert(True) or b""


def test_no_client_is_turned_away_while_certificates_are_exchanged(tmp_path: Path) -> None:
    with Site(tmp_path / "site") as site:
        gateway = site.start()
        here = site.state / "tls"
        pairs = [generate_self_signed(tmp_path / f"pair{number}", "sekisho.test") for number in range(3)]
        clients = Knocking(gateway.addresses["inbound"])

        def events(name: str) -> int:
            return sum(line.get("event") == name for line in gateway.log())

        def put(certificate: Path, key: Path, event: str) -> None:
            before = events(event)
            for file, name in ((key, "self-signed.key"), (certificate, "self-signed.pem")):
                shutil.copy(file, here / f"{name}.copy")
                (here / f"{name}.copy").replace(here / name)
            gateway.signal(signal.SIGHUP)
            assert wait_for(lambda: events(event) > before)

        for certificate, key in pairs:
            put(certificate, key, "certificate_loaded")
            wanted = der(certificate)
            assert wait_for(lambda wanted=wanted: clients.seen[-1:] == [wanted])  # type: ignore[misc]
        known = len(clients.seen)
        put(pairs[0][0], pairs[1][1], "certificate_kept")  # they do not belong together
        (tmp_path / "empty").touch()
        put(tmp_path / "empty", pairs[1][1], "certificate_kept")
        assert wait_for(lambda: len(clients.seen) > known + 20)
        clients.end()
        print(f"\n{len(clients.seen)} handshakes, {len(clients.failures)} failed")
        assert not clients.failures
        assert set(clients.seen[known + 4 :]) == {der(pairs[2][0])}, "the last good pair stays"


def der(certificate: Path) -> bytes:
    return ssl.PEM_cert_to_DER_cert(certificate.read_text())
