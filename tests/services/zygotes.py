"""Zygotes forked from a process that is warm already: most of a node's start is the imports of its examining processes.

    with quickly():
        await node.start()

What starts is the module that `python -m gateway.locked.process FD` runs, with its walls and probes; tests/gateway/locked
and every test of `sekisho serve` as a process start it as the product does.
"""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from gateway.locked import process, zygote

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


@contextmanager
def quickly() -> Iterator[None]:
    """Zygotes that are started meanwhile are forked."""
    real = zygote.subprocess
    zygote.subprocess = SimpleNamespace(Popen=_fork, DEVNULL=subprocess.DEVNULL)  # type: ignore[assignment]
    try:
        yield
    finally:
        zygote.subprocess = real


def _fork(command: Sequence[str], *, pass_fds: Sequence[int], **_: Any) -> Forked:
    warm = _warm()
    socket.send_fds(warm, [b"."], list(pass_fds))
    return Forked(int(warm.recv(16)))


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
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the ends of the children are seen through pidfds
    channel = socket.socket(fileno=int(sys.argv[1]))
    while fds := socket.recv_fds(channel, 1, 1)[1]:
        pid = os.fork()
        if pid == 0:
            channel.close()
            become(fds[0])
        os.close(fds[0])
        channel.send(str(pid).encode())


def become(control: int) -> None:
    """Be the zygote with this control channel, in a process of its own; does not return."""
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(control, STANDARD)
        os.closerange(STANDARD + 1, 1024)
        sys.argv = ["gateway.locked.process", str(STANDARD)]
        process.main()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
