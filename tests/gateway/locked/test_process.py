"""What a worker does with requests, in this process; the whole is in test_workers.py."""

import mmap
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from config.tenant import DEFAULT
from filters.facts import Facts, Origin
from gateway.locked import channel, heap, process
from gateway.locked.channel import ANSWER, EXAMINED, FAILED, LAST
from mail.envelope import Envelope, ForwardPath
from tests.gateway import hostile

FACTS = Facts(
    "inbound", Origin("in", "192.0.2.1"), Envelope("", (ForwardPath("c@d.example"),)), known=frozenset("a")
)


def answered(*mails: bytes, target: ModuleType = hostile) -> list[tuple[int, bytes, bytes]]:
    """The answers to mails sent one after the other; stops where the worker stops."""
    ours, theirs = socket.socketpair()
    ours.settimeout(30)  # a worker that dies must not hang who waits for it
    working = threading.Thread(target=process._work, args=(theirs, target, {DEFAULT: "p1"}), daemon=True)
    working.start()
    answers = []
    with ours, theirs:
        for mail in mails:
            facts = msgspec.msgpack.encode(FACTS)
            ours.sendall(channel.REQUEST.pack(len(facts), len(mail), 0) + facts + mail)
            kind, structured, added = ANSWER.unpack(exactly(ours, ANSWER.size))
            answers.append((kind, exactly(ours, structured), exactly(ours, added)))
            if kind & LAST:
                break
        ours.shutdown(socket.SHUT_WR)
        working.join(10)
        assert not working.is_alive()
    return answers


def exactly(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = sock.recv(size - len(data))
        assert more, "the worker is gone"
        data += more
    return data


def test_mails_are_answered_one_after_the_other() -> None:
    answers = answered(b"hello\r\n", b"edit 3\r\n", b"hello\r\n" + b"x" * 300_000)
    assert [kind for kind, _, _ in answers] == [EXAMINED] * 3
    assert answers[1][2] == b"Edit:xxx\r\n"
    last = msgspec.msgpack.decode(answers[2][1], type=channel.Answer)
    assert " 300007 " in last.examined.summary.subject


def test_the_heap_is_given_back_after_a_large_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    trimmed: list[bool] = []
    monkeypatch.setattr(heap, "trim", lambda: trimmed.append(True))
    answered(b"hello\r\n", b"hello\r\n" + b"x" * process.LARGE, b"hello\r\n")
    assert trimmed == [True]


def test_after_a_failure_it_wants_to_be_replaced() -> None:
    ((kind, said, _),) = answered(b"raise\r\n", b"hello\r\n")
    assert kind == FAILED | LAST
    failure = msgspec.msgpack.decode(said, type=channel.Failure)
    assert failure.kind == "RuntimeError"
    assert failure.where.startswith("hostile.py:")
    assert b"secret" not in said


def test_a_large_mail_is_mapped_from_its_descriptor(tmp_path: Path) -> None:
    file = tmp_path / "mail"
    file.write_bytes(b"x" * 200_000)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        facts = msgspec.msgpack.encode(FACTS)
        fd = os.open(file, os.O_RDONLY)
        ours.sendmsg([channel.REQUEST.pack(len(facts), 200_000, 1), facts], channel.rights([fd]))
        os.close(fd)
        request = process._request(theirs, bytearray(100_000))
        assert request is not None
        told, mapped = request
    assert told == FACTS
    assert isinstance(mapped, mmap.mmap)
    view = memoryview(mapped)
    assert view.readonly
    assert bytes(view) == b"x" * 200_000
    assert not process._released(mapped)
    view.release()
    assert process._released(mapped)


@pytest.mark.parametrize("part", [b"", b"\0\0", channel.REQUEST.pack(10, 10, 0) + b"fac"])
def test_a_gateway_that_goes_away_ends_it(part: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(part)
        ours.shutdown(socket.SHUT_WR)
        assert process._request(theirs, bytearray(1000)) is None


def test_nothing_of_the_gateway_is_loaded_into_it() -> None:
    """A smaller process forks faster and has less to attack."""
    program = "import sys, gateway.locked.process; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"asyncio", "ssl", "sqlite3", "gateway.locked.workers"} & set(loaded)
