"""`sekisho health`: silence, a wrong greeting and a dead console are told; a node that answers is well."""

import asyncio
import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from config.settings import Settings
from config.settings_file import load_settings
from gateway.command import health
from gateway.command.cli import main
from tests.services.node import settings_of, site
from tests.services.postgres import free_port


@contextmanager
def greeting(text: bytes) -> Iterator[int]:
    """A listener that greets everybody with `text` and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.sendall(text)

        threading.Thread(target=greet, daemon=True).start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            listening.shutdown(socket.SHUT_RDWR)


@contextmanager
def console(status: int) -> Iterator[int]:
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def asked(smtp: int, http_port: int, **more: object) -> list[str]:
    listener = {"name": "inbound", "role": "inbound", "host": "0.0.0.0", "port": smtp, **more}
    return health.ailments(load_settings(None, listeners=[listener], console={"port": http_port}))


@pytest.mark.parametrize(
    ("greets", "status", "more", "wrong"),
    [
        (b"220 hello\r\n", 200, {}, []),
        (b"421 going\r\n", 200, {}, ["listener inbound: greets with b'421"]),
        (b"554 5.7.1 Access denied\r\n", 200, {}, ["listener inbound: greets with b'554"]),
        (b"554 5.7.1 Access denied\r\n", 200, {"proxy_networks": ["192.0.2.7/32"]}, []),
        (b"", 200, {"proxy_networks": ["192.0.2.7/32"], "tls": "implicit"}, []),
        (
            b"421 going\r\n",
            200,
            {"proxy_networks": ["192.0.2.7/32"]},
            ["listener inbound: greets with b'421"],
        ),
        (b"220 hello\r\n", 500, {}, ["console: answers 500"]),
    ],
)
def test_what_is_wrong_is_told(greets: bytes, status: int, more: dict[str, object], wrong: list[str]) -> None:
    with ExitStack() as stack:
        found = asked(stack.enter_context(greeting(greets)), stack.enter_context(console(status)), **more)
    assert len(found) == len(wrong)
    assert all(text.startswith(start) for text, start in zip(found, wrong, strict=True))


def test_nobody_there_is_told_for_each() -> None:
    port = free_port()
    told = asked(port, port)
    assert [text.partition(":")[0] for text in told] == ["listener inbound", "console"]


async def test_a_real_node_is_well_with_every_kind_of_listener(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listeners = [
        {"name": "submission", "role": "submission", "tls": "starttls", "port": 0},
        {"name": "submissions", "role": "submission", "tls": "implicit", "port": 0},
        {"name": "inbound", "role": "inbound", "tls": "none", "port": 0},
        {"name": "proxied", "role": "inbound", "port": 0, "proxy_networks": ["192.0.2.7/32"]},
        {"name": "proxied tls", "role": "submission", "tls": "implicit", "port": 0, "proxy_networks": ["192.0.2.7/32"]},
    ]  # fmt: skip
    async with site(tmp_path, listeners=listeners) as running:
        addresses = running.node.addresses

        def as_started(*_: object) -> Settings:
            ports = [{**listener, "port": addresses[str(listener["name"])][1]} for listener in listeners]
            return settings_of(tmp_path, 1, listeners=ports, console={"port": addresses["console"][1]})

        monkeypatch.setattr("gateway.command.cli.load_settings_of", as_started)
        assert await asyncio.to_thread(main, ["health"]) == 0
        assert capsys.readouterr().out.endswith("\nok\n")
    capsys.readouterr()
    assert await asyncio.to_thread(main, ["health"]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 6
