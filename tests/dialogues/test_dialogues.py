"""Runs the conversations of this directory (*.smtp) against a real listener. README.md describes their format."""

import ast
import asyncio
import base64
import contextlib
import itertools
import re
import shlex
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog
import uvloop

from config.settings import LimitsSection
from tests.dialogues.stand import Stand, client_context, standing

HERE = Path(__file__).parent
PATIENCE = 20.0
"""Seconds after which a dialogue counts as hanging; no assertion about speed."""


class Talk:
    """The client's end of a conversation, and the server's replies."""

    def __init__(self, stand: Stand, log: list[Any], implicit: bool) -> None:
        self.stand = stand
        self.log = log
        self.implicit = implicit
        self.reply: list[str] = []
        self.expected: int | None = None
        self.reader: asyncio.StreamReader | None = None

    async def connect(self) -> None:
        self.disconnect()
        host, port = self.stand.server.address
        tls = client_context() if self.implicit else None
        self.reader, self.writer = await asyncio.open_connection(host, port, ssl=tls)

    def disconnect(self) -> None:
        if self.reader is not None:
            self.writer.close()

    async def send(self, data: bytes) -> None:
        if self.reader is None:
            await self.connect()
        with contextlib.suppress(ConnectionError):
            self.writer.write(data)
            await self.writer.drain()

    async def line(self) -> str:
        if self.reader is None:
            await self.connect()
        assert self.reader is not None
        line = await self.reader.readline()
        assert line.endswith(b"\r\n"), f"the server closed after {line!r}"
        return line[:-2].decode()

    async def whole_reply(self) -> list[str]:
        self.reply = [await self.line()]
        while self.reply[-1][3:4] == "-":
            self.reply.append(await self.line())
        return self.reply

    async def step(self, line: str) -> None:
        mark, text = line[:2], line[3:]
        if mark == "C:":
            await self.send(text.encode() + b"\r\n")
        elif mark == "S:":
            got = await self.line()
            assert got.startswith(text), got
        elif mark == "S~":
            got = await self.line()
            assert re.match(text, got), got
        elif mark == "S+":
            reply = "\n".join(await self.whole_reply())
            assert re.search(text, reply, re.MULTILINE), reply
        elif mark == "S!":
            assert not re.search(text, "\n".join(self.reply), re.MULTILINE), self.reply
        elif line.startswith("@"):
            name, _, rest = line[1:].partition(" ")
            await getattr(self, f"do_{name.replace('-', '_')}")(rest)
        else:
            raise ValueError(f"not a step: {line}")

    async def do_connect(self, rest: str) -> None:
        await self.connect()

    async def do_starttls(self, rest: str) -> None:
        """STARTTLS up to the finished handshake."""
        await self.send(b"STARTTLS\r\n")
        got = await self.line()
        assert got.startswith("220"), got
        await self.writer.start_tls(client_context())

    async def do_handshake_fails(self, rest: str) -> None:
        with pytest.raises(OSError):
            await self.writer.start_tls(client_context())

    async def do_auth(self, rest: str) -> None:
        login, password = rest.split()
        answer = base64.b64encode(f"\0{login}\0{password}".encode()).decode()
        await self.send(f"AUTH PLAIN {answer}\r\n".encode())
        got = await self.line()
        assert got.startswith("235"), got

    async def do_base64(self, rest: str) -> None:
        """Send a Python bytes or str literal in base64, after an optional command: `AUTH PLAIN | '…'`."""
        before, _, literal = rest.rpartition("| ")
        value = ast.literal_eval(literal)
        data = value if isinstance(value, bytes) else value.encode()
        await self.send(before.encode() + base64.b64encode(data) + b"\r\n")

    async def do_send_raw(self, rest: str) -> None:
        value = ast.literal_eval(rest)
        await self.send(value if isinstance(value, bytes) else value.encode())

    async def do_repeat(self, rest: str) -> None:
        """`@repeat 100 C: NOOP` sends in one go, or `@repeat 100 S: 250`."""
        count, _, line = rest.partition(" ")
        if line.startswith("C:"):
            await self.send((line[3:].encode() + b"\r\n") * int(count))
        else:
            for _ in range(int(count)):
                await self.step(line)

    async def do_fill(self, rest: str) -> None:
        """`@fill 60000 'x'` sends so many times that."""
        count, _, literal = rest.partition(" ")
        await self.send(ast.literal_eval(literal).encode() * int(count))

    async def do_half_close(self, rest: str) -> None:
        self.writer.write_eof()

    async def do_disconnect(self, rest: str) -> None:
        """Reset the connection: with SO_LINGER 0 a close sends RST."""
        linger = struct.pack("ii", 1, 0)
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.writer.transport.abort()

    async def do_closed(self, rest: str) -> None:
        assert self.reader is not None
        with contextlib.suppress(ConnectionError):
            left = await self.reader.read()
            assert not left, left
        self.writer.close()

    async def do_mails(self, rest: str) -> None:
        """So many mails were taken so far. Looked at again when the listener has stopped."""
        self.expected = int(rest)
        while len(self.stand.taken) < self.expected and self.stand.open_sessions:
            await asyncio.sleep(0.01)
        assert len(self.stand.taken) == self.expected

    async def do_content(self, rest: str) -> None:
        assert self.stand.taken[-1].content == ast.literal_eval(rest)

    async def do_envelope(self, rest: str) -> None:
        """`@envelope {'reverse_path': '', …}`: these fields of the last mail's envelope."""
        envelope = msgspec.json.decode(msgspec.json.encode(self.stand.taken[-1].envelope))
        for name, value in ast.literal_eval(rest).items():
            assert envelope[name] == value, (name, envelope[name])

    async def do_origin(self, rest: str) -> None:
        for pair in shlex.split(rest):
            name, _, value = pair.partition("=")
            assert re.fullmatch(value, getattr(self.stand.taken[-1].origin, name)), self.stand.taken[
                -1
            ].origin

    async def do_logins(self, rest: str) -> None:
        assert len(self.stand.logins) == int(rest)

    async def do_unlogged(self, rest: str) -> None:
        assert rest not in repr(self.log)

    async def do_waiting(self, rest: str) -> None:
        """Until a session works on a mail (from slow@)."""
        await self.stand.waiting.wait()

    async def do_noticed(self, rest: str) -> None:
        """Until the listener knows that its clients are gone."""
        while not all(connection.dead for connection in self.stand.server.connections):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.01)

    async def do_go(self, rest: str) -> None:
        self.stand.go.set()


def options(lines: list[str]) -> tuple[dict[str, Any], LimitsSection]:
    """`@listener mode='implicit' limits.idle=0.3`: settings and limits that differ from the stand's."""
    settings: dict[str, Any] = {}
    limits: dict[str, Any] = {}
    for line in lines:
        if line.startswith("@listener "):
            for pair in shlex.split(line, posix=False)[1:]:
                name, _, value = pair.partition("=")
                target = limits if name.startswith("limits.") else settings
                target[name.removeprefix("limits.")] = ast.literal_eval(value)
    return settings, LimitsSection().model_copy(update=limits)  # also to what no settings may say


def steps(path: Path) -> list[str]:
    lines = path.read_text().splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("path", sorted(HERE.glob("*.smtp")), ids=lambda path: path.stem)
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_dialogue(path: Path, loop: Callable[[], asyncio.AbstractEventLoop], tmp_path: Path) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(converse(path, tmp_path))


async def converse(path: Path, directory: Path) -> None:
    lines = steps(path)
    settings, limits = options(lines)
    with structlog.testing.capture_logs() as log:
        async with standing(directory, limits, **settings) as stand:
            talk = Talk(stand, log, settings.get("mode") == "implicit")
            for number, line in zip(itertools.count(1), lines, strict=False):
                if line.startswith("@listener "):
                    continue
                try:
                    async with asyncio.timeout(PATIENCE):
                        await talk.step(line)
                except (AssertionError, TimeoutError, OSError) as error:
                    pytest.fail(f"{path.name}, step {number}: {line}\n{error!r}")
            talk.disconnect()
            assert (
                not any(entry["event"] == "listener_failed" for entry in log) or "broken" in path.read_text()
            )
    assert talk.expected is None or len(stand.taken) >= talk.expected
    if lines[-1].startswith("@mails"):
        assert len(stand.taken) == talk.expected
    assert stand.open_sessions == 0
    assert all(draft._discarded for draft in stand.drafts)
    assert not stand.server.connections
    assert stand.server.admission.inside == 0


def test_every_weakness_has_its_dialogue_or_test() -> None:
    """README.md maps A1 to A30 to files and tests that exist."""
    text = (HERE / "README.md").read_text()
    tests = "".join(
        p.read_text() for p in [*HERE.glob("*.py"), *(HERE.parent / "gateway").rglob("test_*.py")]
    )
    for number in range(1, 31):
        item = re.search(rf"^- \*\*A{number}\*\* (.*?)(?=^- |\Z)", text, re.MULTILINE | re.DOTALL)
        assert item, number
        names = re.findall(r"`([^`]+)`", item[1])
        assert names, number
        for name in names:
            assert (HERE / name).exists() if name.endswith(".smtp") else f"def {name}(" in tests, name
