"""A1 to A4, A23, A24: what a client can make the listener's process eat. Bounds are on memory and log lines."""

import socket
import threading
import time
from pathlib import Path

import pytest

from tests.dialogues.alone import Alone, alone

MIB = 1 << 20


class Client:
    """A blocking client that sends without looking."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.replies = self.socket.makefile("rb")
        assert self.line().startswith(b"220")
        self.socket.sendall(b"EHLO client.example\r\n")
        while self.line()[3:4] == b"-":
            pass

    def line(self) -> bytes:
        return self.replies.readline()

    def data(self) -> None:
        self.socket.sendall(b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n")
        assert [self.line()[:3] for _ in range(3)] == [b"250", b"250", b"354"]

    def pour(self, piece: bytes, times: int) -> int:
        """Send `piece` so often; how many pieces the server let us send."""
        for sent in range(times):
            try:
                self.socket.sendall(piece)
            except OSError:
                return sent
        return times


def grown(server: Alone, before: int) -> int:
    return server.peak() - before


def test_a01_endless_line(tmp_path: Path) -> None:
    """400 MB without a line end into a listener whose mails may have 1 MB."""
    with alone(tmp_path) as server:
        before = server.peak()
        client = Client(server.port)
        client.data()
        assert client.pour(b"x" * MIB, 400) < 100
        assert grown(server, before) < 30
        Client(server.port)  # it still serves


def test_a01_endless_command(tmp_path: Path) -> None:
    with alone(tmp_path) as server:
        before = server.peak()
        client = Client(server.port)
        assert client.pour(b"x" * MIB, 400) < 100
        assert grown(server, before) < 30


def test_a02_blank_lines(tmp_path: Path) -> None:
    """31 MiB of empty lines, below the limit of 32 MiB."""
    with alone(tmp_path, size_limit=32 * MIB) as server:
        before = server.peak()
        client = Client(server.port)
        client.data()
        assert client.pour(b"\r\n" * (MIB // 2), 31) == 31
        client.socket.sendall(b".\r\n")
        assert client.line().startswith(b"250")
        assert grown(server, before) < 30


def test_a03_large_mails_at_once(tmp_path: Path) -> None:
    """Ten mails of 25 MB at the same time."""
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3OA==\r\n"
    with alone(tmp_path, size_limit=50 * MIB) as server:
        before = server.peak()
        replies = []

        def send() -> None:
            client = Client(server.port)
            client.data()
            client.pour(line * 1000, 25 * MIB // len(line) // 1000)
            client.socket.sendall(b".\r\n")
            replies.append(client.line()[:3])

        threads = [threading.Thread(target=send) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert replies == [b"250"] * 10
        assert grown(server, before) < 60


def test_a04_after_the_limit(tmp_path: Path) -> None:
    """200 MB into a limit of 1 MB: cut after 8 MiB more."""
    with alone(tmp_path) as server:
        client = Client(server.port)
        client.data()
        assert client.pour(b"x" * 78 + b"\r\n", 3_000_000) * 80 < 60 * MIB  # what fits into buffers included
        assert server.peak() < 150


def recovered(server: Alone) -> Client:
    """A client that is served, once the listener has noticed that the others are gone."""
    for _ in range(200):
        try:
            return Client(server.port)
        except (AssertionError, OSError):
            time.sleep(0.1)
    pytest.fail("the listener does not serve any more")


@pytest.mark.parametrize("connections", [500, 20])
def test_a23_no_descriptors_left(tmp_path: Path, connections: int) -> None:
    """Far more clients than descriptors: the log stays short, and the listener recovers."""
    with alone(tmp_path, connections=connections, descriptors=80) as server:
        clients = [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(150)]
        greetings = []
        for client in clients[:40]:
            try:
                greetings.append(client.recv(100)[:3])
            except OSError:
                greetings.append(b"")
        assert greetings.count(b"220") == min(connections, (80 - 64) // 3)
        assert greetings.count(b"421") >= 20
        for client in clients:
            client.close()
        recovered(server).data()
        server.process.kill()
        assert server.process.stderr is not None
        assert len(server.process.stderr.read().splitlines()) < 100


def test_a24_nobody_reads_the_log(tmp_path: Path) -> None:
    """Standard error is a pipe that nobody empties: mail goes on (the log's bounded queue drops and counts)."""
    with alone(tmp_path) as server:
        client = Client(server.port)
        for _ in range(800):
            client.data()
            client.socket.sendall(b"x\r\n.\r\n")
            assert client.line().startswith(b"250")
