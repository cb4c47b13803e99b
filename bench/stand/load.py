"""A load generator: mails over a number of SMTP connections on loopback, and how long each reply to the dot took.

It pipelines as other hosts do (MAIL, RCPT, DATA in one write; RFC 2920), over a new connection per mail or over
kept ones. With `login` it starts TLS and logs in once per connection. With `rate` mails start at that pace
(per second), whatever became of the ones before; without it each connection sends one after the other.
load.c does the work, so that the generator takes little of the machine that it measures.
"""

import asyncio
import base64
import os
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.stand.compiled import Missing, compiled, has_openssl

_DOT = re.compile(rb"(?m)^\.")


class Refused(Exception):
    """The peer said something else than what was hoped for."""


@dataclass(frozen=True)
class Load:
    """How to send. `connections` at a time; `kept`: they are opened before the clock starts and used for all mails.
    `source`: the address on loopback that they come from. `tolerant`: mails may be refused."""

    port: int
    sender: str
    recipient: str
    connections: int = 20
    kept: bool = False
    login: tuple[str, str] | None = None
    rate: float = 0.0
    source: str = "127.0.0.1"
    tolerant: bool = False


@dataclass
class Result:
    """What became of the mails; times in seconds.

    begin    when the first mail could start (time.perf_counter, time.monotonic)
    end      when the last reply came
    replies  of each mail that was taken: from the last octet handed to the kernel to the reply
    refused  how many were not taken
    late     of each mail, with a rate: from when it was due to when its last octet was handed over
    used     the generator's own time on a processor
    delayed  how long the generator, ready to run, waited for a processor
    """

    begin: float = 0.0
    end: float = 0.0
    replies: list[float] = field(default_factory=list)
    refused: int = 0
    late: list[float] = field(default_factory=list)
    used: float = 0.0
    delayed: float = 0.0

    def at(self, share: float) -> float:
        """The reply time that this share of mails did not exceed; 0 without mails."""
        ordered = sorted(self.replies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def wire(content: bytes) -> bytes:
    """The content as it follows DATA (RFC 5321 §4.5.2)."""
    if content.startswith(b".") or b"\n." in content:
        content = _DOT.sub(b"..", content)
    return content + b".\r\n"


class Mails:
    """Mails in memory, as load.c reads them; to be used for several loads, each time the first `count`."""

    def __init__(self, contents: Sequence[bytes]) -> None:
        self.count = len(contents)
        self.fd = os.memfd_create("mails")
        with os.fdopen(os.dup(self.fd), "wb") as file:
            for content in contents:
                sent = wire(content)
                file.write(struct.pack("=Q", len(sent)))
                file.write(sent)

    def __enter__(self) -> "Mails":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.fd)


async def send(
    load: Load,
    contents: Sequence[bytes] | Mails,
    opened: Callable[[], None] = lambda: None,
    count: int | None = None,
) -> Result:
    """Send the first `count` (None: all); `opened` is called when the clock starts. Raises Refused at the first mail that is not taken, unless
    the load is tolerant, or when the peer hangs up; Missing without a compiler, or with a login and no OpenSSL."""
    if isinstance(contents, Mails):
        return await _send(load, contents, opened, count)
    with Mails(contents) as mails:
        return await _send(load, mails, opened, count)


async def _send(load: Load, mails: Mails, opened: Callable[[], None], count: int | None) -> Result:
    if load.login and not has_openssl():
        raise Missing("OpenSSL's headers are not installed (Debian: apt-get install libssl-dev)")
    secret = base64.b64encode("\0".join(("", *load.login)).encode()).decode() if load.login else ""
    process = await asyncio.create_subprocess_exec(
        compiled("load"), str(load.port), load.source, load.sender, load.recipient, str(load.connections),
        str(int(load.kept)), str(load.rate), str(int(load.tolerant)), secret, f"/proc/self/fd/{mails.fd}",
        str(mails.count if count is None else min(count, mails.count)),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        pass_fds=(mails.fd,),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        if await process.stdout.readline() == b"open\n":
            opened()
        told, complaint = await process.communicate(b"go\n")
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise Refused(complaint.decode("utf-8", "replace").strip())
    return _read(told.decode(), bool(load.rate))


def _read(told: str, paced: bool) -> Result:
    """What load.c wrote; the head of load.c says how."""
    result = Result()
    for line in told.splitlines():
        match line.split():
            case ["begin", begin]:
                result.begin = int(begin) / 1e9
            case ["used", used, delayed]:
                result.used, result.delayed = int(used) / 1e9, int(delayed) / 1e9
            case [due, dot, reply, code]:
                result.end = max(result.end, int(reply) / 1e9)
                if code != "250":
                    result.refused += 1
                    continue
                result.replies.append((int(reply) - int(dot)) / 1e9)
                if paced:
                    result.late.append((int(dot) - int(due)) / 1e9)
    return result
