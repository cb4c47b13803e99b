"""The listener where a dialogue is not enough: time, PROXY, stopping, certificates, failures of ours.

The conversations are in tests/dialogues, memory and descriptors in tests/dialogues/test_memory.py.
"""

import asyncio
import contextlib
import errno
import socket
import ssl
import struct
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiosmtpd.proxy_protocol import V2_SIGNATURE

from config.settings import LimitsSection
from directory.guesses import Guesses
from gateway.listen.commands import ListenerSettings, serve
from gateway.listen.content import Data
from gateway.listen.limits import Admission, Quiet
from gateway.listen.tls import Certificates, generate_self_signed
from mail.reply import Reply
from storage.interfaces import StoreError
from tests.dialogues.stand import Recording, Stand, client_context, standing

MAIL = b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\n"


class Client:
    """The client's end; `ask` sends and returns the code of the last line of the reply."""

    @classmethod
    async def to(cls, stand: Stand, first: bytes = b"", tls: bool = False) -> "Client":
        self = cls()
        self.reader, self.writer = await asyncio.open_connection(
            *stand.server.address, ssl=client_context() if tls else None
        )
        self.writer.write(first)
        return self

    async def reply(self) -> str:
        async with asyncio.timeout(20):
            while (line := await self.reader.readline())[3:4] == b"-":
                pass
        return line.decode()

    async def ask(self, text: bytes) -> str:
        self.writer.write(text)
        return (await self.reply())[:3]

    async def greeted(self) -> "Client":
        assert (await self.reply())[:3] == "220"
        assert await self.ask(b"EHLO client.example\r\n") == "250"
        return self

    async def transaction(self) -> None:
        assert [await self.ask(MAIL), (await self.reply())[:3]] == ["250", "250"]


# -- time ------------------------------------------------------------------------------------------------------


async def test_a21_our_own_slowness_is_not_the_clients(tmp_path: Path) -> None:
    """The session works longer on a mail than a client may be idle: the client still gets its reply."""
    async with standing(tmp_path, LimitsSection(idle=0.2, session=0.2)) as stand:
        client = await (await Client.to(stand)).greeted()
        client.writer.write(b"MAIL FROM:<slow@x.example>\r\nRCPT TO:<b@y.example>\r\nBDAT 1 LAST\r\nx")
        await stand.waiting.wait()
        await asyncio.sleep(0.6)
        stand.go.set()
        assert [(await client.reply())[:3] for _ in range(3)] == ["250"] * 3
        assert len(stand.taken) == 1


async def test_a22_a_steady_upload_is_not_cut(tmp_path: Path) -> None:
    """Longer than the idle time, but never idle and fast enough."""
    async with standing(tmp_path, LimitsSection(idle=0.4, grace=0.1, rate=10)) as stand:
        client = await (await Client.to(stand)).greeted()
        await client.transaction()
        assert await client.ask(b"DATA\r\n") == "354"
        for _ in range(10):
            client.writer.write(b"x" * 18 + b"\r\n")
            await asyncio.sleep(0.1)
        assert await client.ask(b".\r\n") == "250"


async def test_a22_a_trickle_is_cut(tmp_path: Path) -> None:
    """Never idle, but slower than the minimum rate."""
    async with standing(tmp_path, LimitsSection(idle=60, grace=0.2, rate=1000)) as stand:
        client = await (await Client.to(stand)).greeted()
        await client.transaction()
        assert await client.ask(b"DATA\r\n") == "354"
        for _ in range(100):
            client.writer.write(b"x")
            await asyncio.sleep(0.05)
            if client.reader.at_eof() or stand.server.admission.inside == 0:
                break
        assert (await client.reply()).startswith("421 4.4.2")
        assert not stand.taken


async def test_under_stress_one_error_is_enough(tmp_path: Path) -> None:
    async with standing(tmp_path, LimitsSection(connections=4, stress=0.5)) as stand:
        clients = [await (await Client.to(stand)).greeted() for _ in range(3)]
        assert await clients[0].ask(b"XXXX\r\n") == "500"
        assert await clients[0].reply() == "421 4.7.0 Too many errors, closing the connection\r\n"


async def test_a_client_that_reads_no_replies_is_dropped(tmp_path: Path) -> None:
    """Its replies fill the socket's buffers; it gets its place taken away, not our memory."""
    limits = LimitsSection(idle=0.3, junk=10**9, errors=10**9)
    async with standing(tmp_path, limits) as stand:
        raw = socket.create_connection(stand.server.address)
        raw.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(raw, b"EHLO client.example\r\n")
        await asyncio.sleep(0.1)
        flood = asyncio.ensure_future(loop.sock_sendall(raw, b"VRFY x\r\n" * 4_000_000))
        async with asyncio.timeout(60):
            while stand.server.admission.inside:
                await asyncio.sleep(0.05)
        flood.cancel()
        raw.close()


# -- connections -----------------------------------------------------------------------------------------------


async def test_connections_are_limited(tmp_path: Path) -> None:
    async with standing(tmp_path, LimitsSection(connections=3, connections_per_address=2)) as stand:
        first, second = [await (await Client.to(stand)).greeted() for _ in range(2)]
        third = await Client.to(stand)
        assert (await third.reply()).startswith("421 4.3.2")
        first.writer.close()
        async with asyncio.timeout(20):
            while stand.server.admission.inside > 1:
                await asyncio.sleep(0.01)
        await (await Client.to(stand)).greeted()
        assert await second.ask(b"NOOP\r\n") == "250"


async def test_trusted_networks_are_not_counted(tmp_path: Path) -> None:
    limits = LimitsSection(connections_per_address=1, new_burst=1)
    async with standing(tmp_path, limits, trusted=("127.0.0.0/8",), greet_pause=30) as stand:
        for _ in range(3):
            await (await Client.to(stand)).greeted()


async def test_replies_to_a_group_leave_in_one_write_without_delay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[bytes] = []
    write = asyncio.StreamWriter.write
    monkeypatch.setattr(
        asyncio.StreamWriter, "write", lambda self, data: (writes.append(data), write(self, data))
    )
    async with standing(tmp_path) as stand:
        client = await (await Client.to(stand)).greeted()
        writes.clear()
        group = MAIL + b"RCPT TO:<c@y.example>\r\nRSET\r\n"
        assert await client.ask(group) == "250"
        assert [await client.reply() for _ in range(3)]
        assert len([w for w in writes if w.startswith(b"250")]) == 1
        [connection] = stand.server.connections
        assert connection.transport is not None
        sock = connection.transport.get_extra_info("socket")
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


# -- PROXY -----------------------------------------------------------------------------------------------------

V1 = b"PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\n"
V2 = V2_SIGNATURE + struct.pack("!BBH4s4sHH", 0x21, 0x11, 12, bytes([192, 0, 2, 7]), bytes(4), 4711, 25)
V2_MAPPED = V2_SIGNATURE + struct.pack(
    "!BBH16s16sHH", 0x21, 0x21, 36, bytes(10) + b"\xff\xff" + bytes([192, 0, 2, 7]), bytes(16), 4711, 25
)
LOCAL = V2_SIGNATURE + struct.pack("!BBH", 0x20, 0x00, 0)
PROXIED: dict[str, Any] = {"proxy_networks": ("127.0.0.0/8",)}


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "implicit"])
@pytest.mark.parametrize(
    ("header", "peer"),
    [(V1, "192.0.2.7"), (V2, "192.0.2.7"), (V2_MAPPED, "192.0.2.7"), (LOCAL, "127.0.0.1")],
    ids=["v1", "v2", "v2-mapped", "local"],
)
async def test_the_load_balancer_tells_who_the_client_is(
    tmp_path: Path, header: bytes, peer: str, tls: bool
) -> None:
    async with standing(tmp_path, mode="implicit" if tls else "none", anonymous=True, **PROXIED) as stand:
        client = await Client.to(stand, header)
        if tls:
            await client.writer.start_tls(client_context())
        await client.greeted()
        await client.transaction()
        assert await client.ask(b"BDAT 1 LAST\r\nx") == "250"
    assert stand.taken[0].origin.peer == peer
    assert bool(stand.taken[0].origin.tls) is tls


async def test_a_header_and_the_handshake_in_one_segment(tmp_path: Path) -> None:
    """The ClientHello that came together with the PROXY header is not lost."""
    async with standing(tmp_path, mode="implicit", **PROXIED) as stand:
        reader, writer = await asyncio.open_connection(*stand.server.address)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = client_context().wrap_bio(incoming, outgoing)
        with pytest.raises(ssl.SSLWantReadError):
            tls.do_handshake()
        writer.write(V1 + outgoing.read())
        async with asyncio.timeout(20):
            while True:
                incoming.write(await reader.read(65536))
                try:
                    tls.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    pass
        writer.write(outgoing.read())
        writer.close()


@pytest.mark.parametrize(
    "wrong",
    [
        b"EHLO client.example\r\n",
        b"PROXY TCP4 x y 1 2\r\n",
        b"PROXY\r\n",
        V2[:12] + b"\x51" + V2[13:],
        b"PROXY " * 50_000,
    ],
)
async def test_a_load_balancer_must_send_the_header(tmp_path: Path, wrong: bytes) -> None:
    async with standing(tmp_path, **PROXIED) as stand:
        client = await Client.to(stand, wrong)
        try:
            assert await client.reader.read() == b""
        except ConnectionError:
            pass


async def test_a_load_balancer_that_sends_nothing_is_dropped(tmp_path: Path) -> None:
    async with standing(tmp_path, LimitsSection(proxy=0.2), **PROXIED) as stand:
        client = await Client.to(stand)
        assert await client.reader.read() == b""


async def test_only_configured_networks_may_send_the_header(tmp_path: Path) -> None:
    async with standing(tmp_path, proxy_networks=("192.0.2.0/24",)) as stand:
        client = await Client.to(stand, V1)
        assert (await client.reply()).startswith("554 5.7.1")
    async with standing(tmp_path) as stand:
        client = await Client.to(stand)
        assert (await client.reply())[:3] == "220"
        assert await client.ask(V1) == "500"


async def test_limits_count_the_client_and_not_the_load_balancer(tmp_path: Path) -> None:
    async with standing(tmp_path, LimitsSection(connections_per_address=1), **PROXIED) as stand:
        first = await (await Client.to(stand, V1)).greeted()
        assert (await (await Client.to(stand, V1)).reply()).startswith("421")
        other = V1.replace(b"192.0.2.7", b"192.0.2.8")
        await (await Client.to(stand, other)).greeted()
        assert await first.ask(b"QUIT\r\n") == "221"


# -- TLS -------------------------------------------------------------------------------------------------------


async def test_new_connections_get_the_new_certificate(tmp_path: Path) -> None:
    """T23: a good pair is used without a restart, a bad one is not, and open connections stay."""
    pair = generate_self_signed(tmp_path / "tls", "mx.sekisho.example")
    other = generate_self_signed(tmp_path / "new", "mx2.sekisho.example")
    certificates = Certificates(*pair)

    async def seen() -> bytes | None:
        client = await (await Client.to(stand, tls=True)).greeted()
        found = client.writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        assert await client.ask(b"QUIT\r\n") == "221"
        return bytes(found)

    async with standing(tmp_path, mode="implicit", certificate=certificates) as stand:
        open_before = await (await Client.to(stand, tls=True)).greeted()
        first = await seen()
        pair[1].write_bytes(other[1].read_bytes())
        assert not certificates.refresh()
        assert await seen() == first
        pair[0].write_bytes(other[0].read_bytes())
        assert certificates.refresh()
        assert await seen() == ssl.PEM_cert_to_DER_cert(other[0].read_text()) != first
        assert await open_before.ask(b"NOOP\r\n") == "250"


async def test_a_client_without_tls_on_the_implicit_port(tmp_path: Path) -> None:
    async with standing(tmp_path, LimitsSection(handshake=0.3), mode="implicit") as stand:
        for first in (b"EHLO client.example\r\n", b""):
            client = await Client.to(stand, first)
            assert not (await client.reader.read()).startswith(b"220")


async def test_a_failed_handshake_is_told_by_its_cause_and_not_for_each_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that does not trust us says so in an alert; others speak no TLS at all."""
    # Threads of ours: on a busy machine three of them take longer than the ten seconds between two lines.
    monkeypatch.setattr("gateway.listen.transport.Quiet", lambda: Quiet(3600))

    def distrust(address: tuple[str, int]) -> None:
        with socket.create_connection(address, 60) as plain, pytest.raises(ssl.SSLError):
            ssl.create_default_context().wrap_socket(plain, server_hostname="mx.example")

    with structlog.testing.capture_logs() as logs:
        async with standing(tmp_path, LimitsSection(handshake=60), mode="implicit") as stand:
            for _ in range(3):
                await asyncio.to_thread(distrust, stand.server.address)
            client = await Client.to(stand, b"EHLO client.example\r\n")
            await client.reader.read()
            while stand.server.connections:
                await asyncio.sleep(0.01)
    told = [line["error"] for line in logs if line["event"] == "tls_failed"]
    assert len(told) == 2
    assert told[0] == "tlsv1_alert_unknown_ca"
    assert stand.server.failed_handshakes[told[0]](1e9) == 2


# -- failures of ours ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "452"),
        (StoreError("the spool is gone"), "451"),
        (RuntimeError("anything"), "451"),
    ],
)
async def test_a_draft_that_cannot_be_made(tmp_path: Path, error: Exception, code: str) -> None:
    with structlog.testing.capture_logs():
        async with standing(tmp_path) as stand:
            client = await (await Client.to(stand)).greeted()
            await client.transaction()
            stand.draft_error = error
            assert await client.ask(b"DATA\r\n") == code
            stand.draft_error = None
            assert await client.ask(b"DATA\r\n") == "354"
            assert await client.ask(b".\r\n") == "250"


@pytest.mark.parametrize("command", [b"DATA\r\n%s\r\n.\r\n", b"BDAT 300002 LAST\r\n%s\r\n"])
async def test_a_draft_that_cannot_be_written(tmp_path: Path, command: bytes) -> None:
    """The disk is full in the middle: the content is read to its end, and the reply is temporary."""
    with structlog.testing.capture_logs():
        async with standing(tmp_path) as stand:
            client = await (await Client.to(stand)).greeted()
            await client.transaction()
            stand.directory = tmp_path / "gone"
            before, _, after = command.partition(b"\r\n")
            if before == b"DATA":
                assert await client.ask(b"DATA\r\n") == "354"
                client.writer.write(after % (b"x" * 1000 + b"\r\n" * 150_000))
            else:
                client.writer.write(command % (b"\r\n" * 150_000))
            assert (await client.reply())[:3] == "451"
            assert await client.ask(b"NOOP\r\n") == "250"
        assert not stand.taken


async def test_content_that_cannot_be_read_ends_the_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of ours in the middle of content: the rest of it is not taken for commands."""

    def feed(self: Data, data: bytes) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Data, "feed", feed)
    with structlog.testing.capture_logs():
        async with standing(tmp_path) as stand:
            client = await (await Client.to(stand)).greeted()
            await client.transaction()
            assert await client.ask(b"DATA\r\n") == "354"
            assert await client.ask(b"x\r\n") == "421"
            client.writer.write(b"RSET\r\n" + MAIL + b"BDAT 1 LAST\r\nx")
            assert await client.reader.read() == b""
    assert not stand.taken


async def test_a_long_reply_is_cut_to_what_a_line_may_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def mail(self: object, envelope: object) -> Reply:
        return Reply(550, "長" * 400 + "\nshort", 7, 1)

    monkeypatch.setattr(Recording, "mail", mail)
    async with standing(tmp_path) as stand:
        client = await (await Client.to(stand)).greeted()
        client.writer.write(b"MAIL FROM:<a@x.example> SMTPUTF8\r\n")
        line = await client.reader.readline()
        assert line.decode().startswith("550-5.7.1 長長")
        assert len(line) <= 512
        assert await client.reply() == "550 5.7.1 short\r\n"


# -- the end ---------------------------------------------------------------------------------------------------


async def test_stopping_lets_a_running_mail_finish(tmp_path: Path) -> None:
    async with standing(tmp_path) as stand:
        address = stand.server.address
        idle = await (await Client.to(stand)).greeted()
        uploading = await (await Client.to(stand)).greeted()
        await uploading.transaction()
        assert await uploading.ask(b"DATA\r\n") == "354"
        working = await (await Client.to(stand)).greeted()
        working.writer.write(b"MAIL FROM:<slow@x.example>\r\nRCPT TO:<b@y.example>\r\nBDAT 1 LAST\r\nx")
        await stand.waiting.wait()
        stopping = asyncio.ensure_future(stand.server.stop(20))
        assert (await idle.reply()).startswith("421 4.3.2")
        assert await uploading.ask(b"x\r\n.\r\n") == "250"
        assert (await uploading.reply()).startswith("421 4.3.2")
        stand.go.set()
        assert [(await working.reply())[:3] for _ in range(4)] == ["250"] * 3 + ["421"]
        await stopping
        with pytest.raises(OSError):
            await asyncio.open_connection(*address)
        assert len(stand.taken) == 2


async def test_stopping_does_not_wait_for_ever(tmp_path: Path) -> None:
    """A mail whose fate is open when the time is over gets no reply at all."""
    with structlog.testing.capture_logs():
        async with standing(tmp_path) as stand:
            client = await (await Client.to(stand)).greeted()
            client.writer.write(b"MAIL FROM:<slow@x.example>\r\nRCPT TO:<b@y.example>\r\nBDAT 1 LAST\r\nx")
            await stand.waiting.wait()
            await stand.server.stop(0.2)
            assert not stand.server.connections
            with contextlib.suppress(ConnectionError):
                assert not (await client.reader.read()).startswith(b"250")
            assert not stand.taken


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "starttls"},
        {"mode": "none", "auth_required": True},
        {"mode": "none", "tls_required": True},
    ],
)
async def test_contradictions_stop_the_start(tmp_path: Path, wrong: dict[str, Any]) -> None:
    stand = Stand(tmp_path, Guesses(1, 1.0))
    with pytest.raises(ValueError, match="listener x"):
        await serve(
            ListenerSettings(name="x", **wrong),
            open_session=stand.open_session,
            authenticate=stand.authenticate,
            draft=stand.draft,
            admission=Admission(LimitsSection()),
            certificates=None,
        )
