"""What passes between the gateway and its examining processes: length-prefixed frames of plain data.

To a worker goes a request: the facts, and the mail as bytes or, when it is large, as a read-only descriptor
of its file. Back comes an answer. The bytes that edits put into the mail travel behind the structured part,
so that the part which must be decoded stays small however large the mail is.

    request   facts length, mail length (4 bytes each, big-endian), 1 when a descriptor comes along, facts [, mail]
    answer    kind, structured length, length of the edits' bytes, structured part, edits' bytes
    needs     like an answer, structured part only; then to the worker: length (4 bytes), secrets
    control   length (4 bytes), structured part; a descriptor may come along

Sources: unix(7) for SCM_RIGHTS.
"""

import array
import os
import socket
import struct
from collections.abc import Iterable
from typing import Any

import msgspec

from config.policies import TenantPolicies
from filters.examined import Copy, Examined
from filters.verdict import Verdict
from mail.compose import Edit

REQUEST = struct.Struct("!IQB")
ANSWER = struct.Struct("!BIQ")
LENGTH = struct.Struct("!I")

INLINE = 128 << 10
"""Mails up to this size (bytes) travel through the channel; larger ones as a descriptor, when they have one."""
MAX_STRUCTURED = 4 << 20
"""Most bytes that the structured part of an answer may have."""

EXAMINED, FAILED, NEEDS = 1, 2, 3
LAST = 16
"""Added to the kind of an answer: this worker wants to be replaced."""


class Setup(msgspec.Struct, frozen=True):
    """What a zygote is told first. `target`: a module with warm(), prepare(policy), run(raw, facts, prepared), and
    pictures() when words in pictures are to be read (`ocr`)."""

    target: str
    policy: TenantPolicies
    walls: tuple[str, ...]
    memory: int
    ocr: bool = False


class Ready(msgspec.Struct, frozen=True):
    """The zygote's answer to its setup: can fork now, or what is wrong; and what is missing for reading words in pictures,
    where it was asked to, "" for nothing."""

    problems: tuple[str, ...] = ()
    lack: str = ""


class Fork(msgspec.Struct, frozen=True, tag=True):
    """Please fork; the channel of the new process comes along. With `probes` it tries to escape and reports, else it
    gets ready for mails of this direction."""

    probes: dict[str, Any] = {}
    direction: str = ""


class Reap(msgspec.Struct, frozen=True, tag=True):
    """This process has ended or been killed: collect it. Until asked, its id stays taken and is safe to kill."""

    pid: int


class Done(msgspec.Struct, frozen=True):
    """The zygote's answer to Fork (process id) and Reap (how it ended, as os.waitpid says)."""

    pid: int
    status: int = 0

    @property
    def signal(self) -> int:
        """The signal that ended it, 0 for none."""
        return os.WTERMSIG(self.status) if os.WIFSIGNALED(self.status) else 0


class Answer(msgspec.Struct, frozen=True):
    """An Examined whose edits carry no bytes; `lengths` say how to cut the bytes that follow, `apart` the files behind those."""

    examined: Examined
    lengths: tuple[int, ...] = ()
    apart: tuple[int, ...] = ()


class Needs(msgspec.Struct, frozen=True):
    """The examination goes on when it is told secrets for this purpose (filters.facts); a frame with Secrets follows."""

    purpose: str
    verdict: Verdict


class Failure(msgspec.Struct, frozen=True):
    """The examination raised: the exception's class and where, never its text (it may quote the mail)."""

    kind: str
    where: str


def parted(examined: Examined) -> tuple[Answer, list[bytes]]:
    """The two parts of an answer: structure, and the bytes of its edits in order."""
    news: list[bytes] = []
    copies = []
    for copy in examined.copies:
        if copy.edits:
            news += [edit.new for edit in copy.edits]
            bare = tuple(Edit(edit.start, edit.end, b"") for edit in copy.edits)
            copy = msgspec.structs.replace(copy, edits=bare)
        copies.append(copy)
    files = examined.apart
    if not news and not files:
        return Answer(examined), news
    examined = msgspec.structs.replace(examined, copies=tuple(copies), apart=())
    answer = Answer(examined, tuple(len(new) for new in news), tuple(len(file) for file in files))
    return answer, [*news, *files]


def joined(answer: Answer, data: memoryview) -> Examined:
    """The Examined of its two parts. Raises ValueError when they do not fit each other."""
    lengths = answer.lengths
    if sum(lengths) + sum(answer.apart) != len(data) or any(n < 0 for n in (*lengths, *answer.apart)):
        raise ValueError("the edits' bytes do not fit their lengths")
    if sum(len(copy.edits) for copy in answer.examined.copies) != len(lengths):
        raise ValueError("the edits do not fit their lengths")
    if answer.apart:
        answer = msgspec.structs.replace(
            answer,
            examined=msgspec.structs.replace(answer.examined, apart=_cut(data[sum(lengths) :], answer.apart)),
        )
    if not lengths:
        return answer.examined
    at, number = 0, 0
    copies: list[Copy] = []
    for copy in answer.examined.copies:
        edits: list[Edit] = []
        for edit in copy.edits:
            end = at + lengths[number]
            edits.append(Edit(edit.start, edit.end, bytes(data[at:end])))
            at, number = end, number + 1
        copies.append(msgspec.structs.replace(copy, edits=tuple(edits)))
    return msgspec.structs.replace(answer.examined, copies=tuple(copies))


def _cut(data: memoryview, lengths: Iterable[int]) -> tuple[bytes, ...]:
    files, at = [], 0
    for length in lengths:
        files.append(bytes(data[at : at + length]))
        at += length
    return tuple(files)


def rights(fds: Iterable[int]) -> list[tuple[int, int, "array.array[int]"]]:
    """Ancillary data that passes descriptors on (SCM_RIGHTS)."""
    return [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))]


def received(ancillary: list[tuple[int, int, bytes]]) -> list[int]:
    """The descriptors in ancillary data."""
    fds = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    return list(fds)


def read_frame(sock: socket.socket) -> tuple[bytes, list[int]] | None:
    """The next control frame and its descriptors, blocking; None when the other end is gone."""
    head, ancillary, _, _ = sock.recvmsg(LENGTH.size, socket.CMSG_SPACE(4), socket.MSG_WAITALL)
    if len(head) < LENGTH.size:
        return None
    size = LENGTH.unpack(head)[0]
    body = bytearray()
    while len(body) < size:
        chunk = sock.recv(size - len(body))
        if not chunk:
            return None
        body += chunk
    return bytes(body), received(ancillary)


def frame(message: msgspec.Struct) -> bytes:
    """A control frame."""
    body = msgspec.msgpack.encode(message)
    return LENGTH.pack(len(body)) + body


def read_only(fd: int) -> int:
    """A new descriptor of the same file that cannot write to it."""
    return os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_CLOEXEC)
