"""Starts gateways quickly: a process that has imported everything, and forks one gateway per request.

A crash test starts the gateway dozens of times, and nearly all of a start is importing and warming up: in the
gateway and again in its examining process. So both are forked from here. What runs in the first is the command
itself, `sekisho serve --config FILE`; only its `Popen` of `python -m gateway.locked.process` is answered with a process
that was forked beforehand and runs that module's `main`. Both lead a session of their own.

    python -m tests.crash.launcher      reads lines "CONFIG<tab>LOG<tab>LEASE", answers each with two process ids: the
    gateway's, and that of its zygote
"""

import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from types import SimpleNamespace
from typing import Any, NoReturn

from filters import warm
from gateway.command import cli, serve
from gateway.deliver import dispatcher
from gateway.locked import process, zygote

STANDARD = 3


def main() -> None:
    assert serve
    warm.warm()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the ends of the children are seen through pidfds
    for line in sys.stdin:
        config, log, lease = line.rstrip("\n").split("\t")
        ours, theirs = socket.socketpair()
        examining = os.fork()
        if examining == 0:
            _examine(theirs.detach())
        pid = os.fork()
        if pid == 0:
            theirs.close()
            _serve(config, log, float(lease), ours, examining)
        ours.close()
        theirs.close()
        print(pid, examining, flush=True)


def _serve(config: str, log: str, lease: float, channel: socket.socket, examining: int) -> NoReturn:
    status = 70
    try:
        _begin(log)
        real, ready = subprocess.Popen, [examining]

        def start(command: Sequence[str], **options: Any) -> Any:
            """The process that was forked beforehand; when it is gone, a new one as usual."""
            return Forked(channel, ready.pop(), **options) if ready else real(command, **options)

        zygote.subprocess = SimpleNamespace(Popen=start, DEVNULL=subprocess.DEVNULL)  # type: ignore[assignment]
        if lease:  # the usual quarter of an hour is too long for a test
            dispatcher.Dispatch = partial(dispatcher.Dispatch, lease=lease, margin=lease / 4, poll=0.5)  # type: ignore[misc,assignment]
        status = cli.main(["serve", "--config", config])
        sys.stdout.flush()
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)


def _examine(channel: int) -> NoReturn:
    try:
        _begin(os.devnull)
        os.dup2(channel, STANDARD)
        os.closerange(STANDARD + 1, 1024)
        with socket.socket(fileno=STANDARD) as waiting:
            _, fds, _, _ = socket.recv_fds(waiting, 1, 1)
        if fds:
            sys.argv = ["gateway.locked.process", str(fds[0])]
            process.main()
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(0)


def _begin(log: str) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, place in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(descriptor, place)
    os.close(nothing)
    os.close(out)


class Forked:
    """What the gateway uses of `subprocess.Popen`, for a process that was there before. Starts once."""

    def __init__(self, channel: socket.socket, pid: int, pass_fds: Sequence[int] = (), **_: Any) -> None:
        self.pid = pid
        self._end = os.pidfd_open(pid)
        with channel:
            socket.send_fds(channel, [b"."], list(pass_fds))

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        select.select([self._end], [], [])
        return 0


if __name__ == "__main__":
    main()
