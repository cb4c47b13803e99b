"""The socket in the state directory, over which commands on this host ask the node that runs.

Mode 0600, and whoever connects has our user id, or root's, as the kernel says: nothing else is asked of them. The journal
names that user. A path may be longer than a socket's name: both ends reach it through the folder's descriptor.

Sources: unix(7) for SO_PEERCRED and the 107 octets of a name; net/unix/af_unix.c (unix_bind) for the mode of a name.
"""

import asyncio
import os
import pwd
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

from config.log_events import LogEvent
from gateway.service import wire
from gateway.service.serving import Answering

log = structlog.get_logger()

NAME = "service"
AT_ONCE = 8
"""Commands that are answered at a time; others are turned away."""
SECONDS = 300.0
"""For one command, all it asks."""
_CREDENTIALS = struct.Struct("3i")


class LocalSocket:
    """`offer`: the service in the name of a user of this host."""

    def __init__(self, folder: Path, service: type, offer: Callable[[str], object]) -> None:
        self._folder = folder
        self._methods = wire.methods(service)
        self._offer = offer
        self._inside = 0
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Answer from now on. The folder is ours alone (gateway/start/claims.py): what lies there is left over."""
        with suppress(FileNotFoundError):
            (self._folder / NAME).unlink()
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        os.fchmod(
            listening.fileno(), 0o600
        )  # of the socket, so the name has it from its first moment: a umask is everybody's
        with _reached(self._folder) as path:
            listening.bind(path)
        self._server = await asyncio.start_unix_server(self._welcome, sock=listening)

    async def close(self) -> None:
        """Idempotent."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None
            with suppress(FileNotFoundError):
                (self._folder / NAME).unlink()

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, uid, _ = _credentials(writer.get_extra_info("socket"))
        if uid not in (os.getuid(), 0) or self._inside >= AT_ONCE:
            log.error(LogEvent.SERVICE_MALFORMED, who=f"uid {uid}", what="it may not ask, or too many do")
            writer.close()
            return
        self._inside += 1
        try:
            service = self._offer(name_of(uid))
            async with asyncio.timeout(SECONDS):
                await Answering(reader, writer, lambda token: service, self._methods, who="command").serve()
        except TimeoutError:
            writer.close()
        finally:
            self._inside -= 1


def connected(folder: Path) -> socket.socket | None:
    """A connection to the node that runs on a state folder; None when none does. Raises OSError when it may not be asked."""
    asking = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _reached(folder) as path:
            asking.connect(path)
    except (FileNotFoundError, ConnectionRefusedError):
        asking.close()
        return None
    except OSError:
        asking.close()
        raise
    return asking


@contextmanager
def _reached(folder: Path) -> Iterator[str]:
    """A short name for the socket in a folder."""
    fd = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{fd}/{NAME}"
    finally:
        os.close(fd)


def _credentials(connection: socket.socket) -> tuple[int, int, int]:
    """(process, user, group) of the other end."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid, uid, gid = _CREDENTIALS.unpack(raw)
    return pid, uid, gid


def name_of(uid: int) -> str:
    """The name of a user of this host, for the journal: by the system, as what the environment says anybody may write."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
