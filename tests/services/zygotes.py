"""A node's processes forked from one that is warm already: most of a start is the imports of its examining processes, and
of the console's.

    with quickly():
        await node.start()

What starts are the modules that `python -m gateway.locked.process FD` and `python -m gateway.web.process …` run, with their
walls and probes; tests/gateway/locked, tests/gateway/web (what is about its walls, memory and end) and tests/interop start
them as the product does.
"""

import asyncio
import fcntl
import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from console.app import warm as warm_console
from gateway.locked import process, zygote
from gateway.web import process as console
from gateway.web import supervisor

ROOT = Path(__file__).parents[2]
STANDARD = 3


class Forked:
    """What the gateway uses of `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._end = os.pidfd_open(pid)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._end, signal.SIGKILL)

    def wait(self) -> int:
        select.select([self._end], [], [])
        os.close(self._end)
        return 0


class ForkedConsole(Forked):
    """What it uses of an asyncio subprocess."""

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def send_signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._end, number)

    async def wait(self) -> int:  # type: ignore[override]
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_reader(self._end, ended.set)
        await ended.wait()
        loop.remove_reader(self._end)
        return 0


@contextmanager
def quickly() -> Iterator[None]:
    """Zygotes and consoles that are started meanwhile are forked."""
    real, started = zygote.subprocess, supervisor.started
    supervisor.started = _console
    zygote.subprocess = SimpleNamespace(Popen=_fork, DEVNULL=subprocess.DEVNULL)  # type: ignore[assignment]
    try:
        yield
    finally:
        zygote.subprocess, supervisor.started = real, started


_told: list[socket.socket] = []


def ask(nurse: socket.socket) -> None:
    """From now on it is asked whoever listens at the other end of this channel."""
    _told.append(nurse)


def _fork(command: Sequence[str], *, pass_fds: Sequence[int], **_: Any) -> Forked:
    return Forked(_asked(pass_fds))


async def _console(channel: int, listening: int) -> ForkedConsole:
    return ForkedConsole(_asked([channel, listening]))


def _asked(fds: Sequence[int]) -> int:
    """The process id of a new child with these descriptors: of one a zygote, of two a console."""
    warm = _told[-1] if _told else _warm()
    socket.send_fds(warm, [b"."], list(fds))
    return int(warm.recv(16))


@cache
def _warm() -> socket.socket:
    """The channel to the warm process of this one; when we go, it goes."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        subprocess.Popen(
            [sys.executable, "-B", "-m", "tests.services.zygotes", str(theirs.fileno())],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=(theirs.fileno(),),
            start_new_session=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    return ours


def main() -> None:
    from filters import warm

    warm.warm()
    warm_console("Asia/Tokyo")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the ends of the children are seen through pidfds
    nurse(socket.socket(fileno=int(sys.argv[1])))


def nurse(channel: socket.socket) -> None:
    """Fork what is asked for until nobody asks any more."""
    here = os.getpid()
    while fds := socket.recv_fds(channel, 1, 2)[1]:
        pid = os.fork()
        if pid == 0:
            channel.close()
            become(fds, here)
        for fd in fds:
            os.close(fd)
        channel.send(str(pid).encode())


def become(fds: Sequence[int], parent: int) -> None:
    """Be the zygote with this control channel, or the console with its channel and its socket, in a process of its own;
    does not return."""
    try:
        os.setsid()
        Path("/proc/self/comm").write_text("zygote" if len(fds) == 1 else "console")
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 100) for fd in fds]  # out of the way of their places
        places = [os.dup2(fd, STANDARD + n) for n, fd in enumerate(high)]
        os.closerange(STANDARD + len(fds), 1024)
        if len(fds) == 1:
            sys.argv = ["gateway.locked.process", str(STANDARD)]
            process.main()
        else:
            sys.argv = ["gateway.web.process", *map(str, places), str(parent)]
            console.main()
    except Exception:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
