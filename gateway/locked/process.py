"""The examining processes themselves: `python -I -m gateway.locked.process FD` is the zygote, which forks workers.

The zygote imports and prepares everything, then waits on its control channel (descriptor FD) and forks. It
never sees a mail. A worker locks itself up before it reads its first mail, examines one mail at a time and
knows nothing but its channel. When the gateway goes, the zygote goes, and the kernel ends the workers.

Diagnostics: what goes wrong before the lock is printed to standard error by the zygote; a worker has nowhere
to print to: its failures are answers (channel.Failure), its crashes are seen by the gateway.
"""

import gc
import importlib
import mmap
import os
import resource
import signal
import socket
import sys
from contextlib import suppress
from functools import partial
from types import ModuleType
from typing import Any, NoReturn

import msgspec

from config.policy import ConfigError
from config.tenant import DEFAULT
from filters.facts import Facts, Secrets
from filters.markup import dom
from filters.verdict import Verdict
from gateway.locked import channel, heap, probes, rehearsal, sandbox
from gateway.locked.channel import Done, Failure, Fork, Needs, Ready, Reap, Setup

GROWTH = 32 << 20
"""Bytes by which a worker's memory may have grown before it asks to be replaced: some mails leave half of that behind for
good, and eight workers would keep it."""
LARGE = 1 << 20
"""Bytes of a mail after which the heap is given back: what was free for the next mail would be held by every worker."""

PreparedOf = dict[str, Any]
"""What a target has prepared, by tenant; the house's stands for tenants without a policy of their own."""

_facts = msgspec.msgpack.Decoder(Facts)
_secrets = msgspec.msgpack.Decoder(Secrets)
_encoder = msgspec.msgpack.Encoder()


def main() -> None:
    """The zygote: serve the control channel until the gateway closes it."""
    control = socket.socket(fileno=int(sys.argv[1]))
    first = channel.read_frame(control)
    if first is None:
        return
    setup = msgspec.msgpack.decode(first[0], type=Setup)
    try:
        target = importlib.import_module(setup.target)
        target.warm()
        prepared = {tenant: target.prepare(policy) for tenant, policy in setup.policy.all.items()}
        lack = target.pictures() if setup.ocr else ""
        for each in prepared.values():
            _rehearse(target, each)
    except ConfigError as error:
        control.sendall(channel.frame(Ready(tuple(error.problems))))
        return
    heap.settle()
    control.sendall(channel.frame(Ready(lack=lack)))
    while (received := channel.read_frame(control)) is not None:
        message = msgspec.msgpack.decode(received[0], type=Fork | Reap)
        if isinstance(message, Reap):
            control.sendall(channel.frame(_reaped(message.pid)))
            continue
        fd = received[1][0]
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            _child(fd, zygote, setup, message, target, prepared)
        os.close(fd)
        control.sendall(channel.frame(Done(pid)))


def _rehearse(target: ModuleType, prepared: Any) -> None:
    for direction in rehearsal.DIRECTIONS:
        for mail in (rehearsal.MAIL, *rehearsal.letters()):
            rehearsal.rehearse(mail, direction, target, prepared)


def _reaped(pid: int) -> Done:
    try:
        return Done(pid, os.waitpid(pid, 0)[1])
    except ChildProcessError:
        return Done(pid)


def _child(
    fd: int, zygote: int, setup: Setup, message: Fork, target: ModuleType, prepared: PreparedOf
) -> NoReturn:
    """Everything a forked process does; it never returns into the zygote's code."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        dom.guard(sandbox.hurry)
        sandbox.keep_only(fd)
        sock = socket.socket(fileno=sandbox.CHANNEL)
        sandbox.die_with_parent(zygote)
        sandbox.prefer_to_lose()
        sandbox.limit(setup.memory)
        if setup.walls:
            sandbox.lock(setup.walls)
        if message.probes:
            sock.sendall(channel.frame(probes.attempt(message.probes)))
        else:
            if message.direction:
                _get_ready(message.direction, target, prepared[DEFAULT])
            _work(sock, target, prepared)
        os._exit(0)
    finally:
        os._exit(70)  # only after an exception: EX_SOFTWARE


def _get_ready(direction: str, target: ModuleType, prepared: Any) -> None:
    """Copy the pages that every mail writes to before there is one: the first would take five times as long."""
    with suppress(Exception):  # what goes wrong goes wrong with the first mail, and is answered
        rehearsal.rehearse(next(rehearsal.letters()), direction, target, prepared)


def _work(sock: socket.socket, target: ModuleType, prepared: PreparedOf) -> None:
    buffer = bytearray(channel.INLINE + (64 << 10))
    base = _peak()
    while (request := _request(sock, buffer)) is not None:
        facts, raw = request
        del request
        theirs = prepared.get(facts.origin.tenant, prepared[DEFAULT])
        if not _examined(sock, facts, raw, target, theirs, base):
            return


def _examined(
    sock: socket.socket, facts: Facts, raw: bytes | mmap.mmap, target: ModuleType, prepared: Any, base: int
) -> bool:
    """Examine one mail and answer; False when this process should be replaced."""
    kind, last, size = channel.EXAMINED, False, len(raw)
    news: list[bytes] = []
    try:
        answer, news = channel.parted(target.run(_view(raw), facts, prepared, partial(_told, sock)))
        head = _encoder.encode(answer)
        del answer
    except BaseException as error:
        # The state is unknown now (MemoryError above all); a fresh process costs little.
        kind, last, head, news = channel.FAILED, True, _encoder.encode(_failure(error)), []
    if isinstance(raw, mmap.mmap) and not _released(raw):
        last = True
    if _peak() - base > GROWTH:
        last = True
    added = sum(map(len, news))
    pieces = (channel.ANSWER.pack(kind | (channel.LAST if last else 0), len(head), added), head, *news)
    for piece in (b"".join(pieces),) if added <= channel.INLINE else pieces:
        sock.sendall(piece)
    if size >= LARGE and not last:
        heap.trim()
    return not last


def _told(sock: socket.socket, purpose: str, verdict: Verdict) -> Secrets:
    """The second step of an examination: what only this purpose needs to know."""
    head = _encoder.encode(Needs(purpose, verdict))
    sock.sendall(channel.ANSWER.pack(channel.NEEDS, len(head), 0) + head)
    frame = channel.read_frame(sock)
    if frame is None:
        raise ConnectionResetError("the gateway is gone")
    return _secrets.decode(frame[0])


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _view(raw: bytes | mmap.mmap) -> bytes | memoryview:
    return raw if isinstance(raw, bytes) else memoryview(raw)


def _failure(error: BaseException) -> Failure:
    where = ""
    trace = error.__traceback__
    while trace is not None:
        where = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return Failure(type(error).__name__, where)


def _request(sock: socket.socket, buffer: bytearray) -> tuple[Facts, bytes | mmap.mmap] | None:
    """The next mail, or None when the gateway has closed the channel. `buffer` is reused from mail to mail."""
    size = channel.REQUEST.size
    got, ancillary, _, _ = sock.recvmsg_into([buffer], socket.CMSG_SPACE(4))
    fds = channel.received(ancillary)
    while got < size:
        if not (more := sock.recv_into(memoryview(buffer)[got:])):
            return None
        got += more
    facts_size, mail_size, passed = channel.REQUEST.unpack_from(buffer)
    total = size + facts_size + (0 if passed else mail_size)
    if total > len(buffer):
        buffer = buffer[:got] + bytearray(total - got)
    while got < total:
        if not (more := sock.recv_into(memoryview(buffer)[got:total])):
            return None
        got += more
    view = memoryview(buffer)
    facts = _facts.decode(view[size : size + facts_size])
    if not passed:
        return facts, bytes(view[size + facts_size : total])
    mapped = mmap.mmap(fds[0], mail_size, mmap.MAP_SHARED, mmap.PROT_READ)
    os.close(fds[0])
    return facts, mapped


def _released(mapped: mmap.mmap) -> bool:
    """Give a mapped mail back; False when something in this process still refers to it."""
    for _ in range(2):
        try:
            mapped.close()
            return True
        except BufferError:
            gc.collect()
    return False


if __name__ == "__main__":
    main()
