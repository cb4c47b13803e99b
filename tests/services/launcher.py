"""Starts gateways quickly: a process that has imported everything, and forks one gateway per request.

Nearly all of a start is importing and warming up: in the gateway, in its examining process and in its console's. So they are
forked from here. What runs in the first is the command itself, `sekisho serve --config FILE`; the others are forked, when it
asks for them, by a nurse of its own (tests/services/zygotes.py). All lead sessions of their own.

    python -m tests.services.launcher   reads lines "CONFIG<tab>LOG<tab>LEASE", answers each with two process ids: the
    gateway's, and that of its nurse; tests/services/launched.py asks it
"""

import os
import signal
import socket
import sys
import traceback
from functools import partial
from typing import NoReturn

from console.app import warm as warm_console
from filters import warm
from gateway.command import cli, serve
from gateway.deliver import dispatcher
from tests.services import zygotes


def main() -> None:
    assert serve
    warm.warm()
    warm_console("Asia/Tokyo")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the ends of the children are seen through pidfds
    for line in sys.stdin:
        config, log, lease = line.rstrip("\n").split("\t")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        nurse = os.fork()
        if nurse == 0:
            ours.close()
            _nurse(theirs, log)
        pid = os.fork()
        if pid == 0:
            theirs.close()
            _serve(config, log, float(lease), ours)
        ours.close()
        theirs.close()
        print(pid, nurse, flush=True)


def _serve(config: str, log: str, lease: float, channel: socket.socket) -> NoReturn:
    status = 70
    try:
        _begin(log, log)
        zygotes.ask(channel)
        if lease:  # the usual quarter of an hour is too long for a test
            dispatcher.Dispatch = partial(dispatcher.Dispatch, lease=lease, margin=lease / 4, poll=0.5)  # type: ignore[misc,assignment]
        with zygotes.quickly():
            status = cli.main(["serve", "--config", config])
        sys.stdout.flush()
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)


def _nurse(channel: socket.socket, log: str) -> NoReturn:
    try:
        _begin(os.devnull, log)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        zygotes.nurse(channel)
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(0)


def _begin(log: str, errors: str) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    opened = os.open(os.devnull, os.O_RDONLY), os.open(log, flags, 0o600), os.open(errors, flags, 0o600)
    for place, descriptor in enumerate(opened):
        os.dup2(descriptor, place)
        os.close(descriptor)


if __name__ == "__main__":
    main()
