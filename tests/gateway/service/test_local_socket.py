"""The socket of the state folder: who may ask, under which name, and what happens to everybody else."""

import asyncio
import getpass
import os
import socket
import stat
from pathlib import Path

import pytest

from gateway.service import local_socket, wire
from gateway.service.asking import Remote, ServiceLine
from gateway.service.local_socket import AT_ONCE, NAME, LocalSocket, connected


class Named:
    """Says who asks."""

    def __init__(self, user: str) -> None:
        self._user = user

    async def name(self) -> str:
        return self._user


async def asked(folder: Path) -> str:
    asking = connected(folder)
    assert asking is not None
    line = ServiceLine(*await asyncio.open_unix_connection(sock=asking), Named)
    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(line.run())
        try:
            return str(await Remote(line, "somebody else's token").name())
        finally:
            reading.cancel()


async def test_the_kernel_says_who_asks(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 40)  # longer than the name of a socket may be
    folder.mkdir()
    (folder / NAME).write_bytes(b"left over")
    local = LocalSocket(folder, Named, Named)
    await local.open()
    try:
        mode = (folder / NAME).stat().st_mode
        assert (stat.S_ISSOCK(mode), stat.S_IMODE(mode)) == (True, 0o600)
        assert await asked(folder) == getpass.getuser()
    finally:
        await local.close()
    assert connected(folder) is None, "nobody is there"
    assert not (folder / NAME).exists()


async def test_at_no_moment_may_others_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever files are made meanwhile, by whichever thread: the umask is the process's, and stays."""
    modes = []

    class Watched(socket.socket):
        def bind(self, address: object) -> None:
            super().bind(address)  # type: ignore[arg-type]
            modes.append(stat.S_IMODE((tmp_path / NAME).stat().st_mode))

    monkeypatch.setattr(local_socket.socket, "socket", Watched)
    umask, changed = os.umask(0), []
    monkeypatch.setattr(os, "umask", changed.append)
    local = LocalSocket(tmp_path, Named, Named)
    try:
        await local.open()
        modes.append(stat.S_IMODE((tmp_path / NAME).stat().st_mode))
    finally:
        await local.close()
        monkeypatch.undo()
        os.umask(umask)
    assert (modes, changed) == ([0o600, 0o600], [])


async def test_another_user_is_turned_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_socket, "_credentials", lambda connection: (1, os.getuid() + 4711, 1))
    local = LocalSocket(tmp_path, Named, Named)
    await local.open()
    try:
        asking = connected(tmp_path)
        assert asking is not None
        reader, writer = await asyncio.open_unix_connection(sock=asking)
        assert await reader.read() == b""
        writer.close()
    finally:
        await local.close()


async def test_so_many_ask_at_a_time_and_no_more(tmp_path: Path) -> None:
    local = LocalSocket(tmp_path, Named, Named)
    await local.open()
    try:
        silent = [connected(tmp_path) for _ in range(AT_ONCE)]
        last = await asyncio.open_unix_connection(sock=connected(tmp_path))
        assert await last[0].read() == b"", "turned away"
        for each in (*silent, last[1]):
            assert each is not None
            each.close()
        while local._inside:
            await asyncio.sleep(0)
        noisy = connected(tmp_path)
        assert noisy is not None
        reader, writer = await asyncio.open_unix_connection(sock=noisy)
        writer.write(os.urandom(wire.HEAD.size))
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
        while local._inside:
            await asyncio.sleep(0)
        assert await asked(tmp_path) == getpass.getuser(), "and there is room again"
    finally:
        await local.close()


def test_what_is_no_socket_is_nobody(tmp_path: Path) -> None:
    assert connected(tmp_path) is None
    with socket.socket(socket.AF_UNIX) as dead, local_socket._reached(tmp_path) as path:
        dead.bind(path)
    assert connected(tmp_path) is None, "a node that was killed leaves its socket"
