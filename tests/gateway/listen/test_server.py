"""What the connections of a listener share. Starting and stopping are in test_listener.py."""

import asyncio
import errno
import socket
from pathlib import Path
from typing import Any

import pytest
import structlog

from config.settings import LimitsSection
from gateway.listen.commands import ListenerSettings, serve
from gateway.listen.limits import Admission
from gateway.listen.server import AcceptErrors, quieten
from storage.draft import LocalDraft
from tests.dialogues.alone import Forgetting


async def test_a23_failed_accepts_are_reported_once() -> None:
    loop = asyncio.get_running_loop()
    others: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda loop, context: others.append(context))
    quieten(loop)
    quieten(loop)
    assert isinstance(loop.get_exception_handler(), AcceptErrors)
    with structlog.testing.capture_logs() as log:
        for _ in range(1000):
            loop.call_exception_handler(
                {"message": "accept", "exception": OSError(errno.EMFILE, "Too many open files")}
            )
        loop.call_exception_handler({"message": "other", "exception": ValueError()})
    assert [entry["event"] for entry in log] == ["accept_failed"]
    assert [context["message"] for context in others] == ["other"]


async def test_lines_about_a_client_say_whose_listener_it_is(tmp_path: Path) -> None:
    settings = ListenerSettings(name="in", mode="none", tenant="acme", greet_pause=0)
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as log:
        server = await serve(
            settings,
            open_session=Forgetting,
            authenticate=None,
            draft=lambda: LocalDraft(tmp_path),
            admission=Admission(LimitsSection(idle=0.2)),
            certificates=None,
        )
        reader, writer = await asyncio.open_connection(*server.address)
        await reader.readline()
        writer.write(b"GET / HTTP/1.1\r\n")
        await reader.read()
        silent, other = await asyncio.open_connection(*server.address)
        await silent.read()
        writer.close()
        other.close()
        await server.stop(1)
    lines = {line["event"]: line.get("tenant") for line in log}
    lines.setdefault("connected", "acme")  # for debugging: not there when a test before set a level
    assert lines == {"listening": None, "connected": "acme", "not_smtp": "acme", "client_too_slow": "acme"}


async def test_all_sockets_that_were_handed_over_are_listened_to(tmp_path: Path) -> None:
    handed = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    server = await serve(
        ListenerSettings(name="in", mode="none", port=1, greet_pause=0),
        open_session=Forgetting,
        authenticate=None,
        draft=lambda: LocalDraft(tmp_path),
        admission=Admission(LimitsSection()),
        certificates=None,
        sockets=handed,
    )
    ports = [each.getsockname()[1] for each in handed]
    assert server.address == ("127.0.0.1", ports[0])
    for port in ports:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert (await reader.readline()).startswith(b"220 ")
        writer.close()
    await server.stop(1)
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
