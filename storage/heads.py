"""Heads of the journal's chains, carried to where whoever writes the database cannot reach.

A head says how far a chain went and what its last hash was; kept elsewhere, it shows a chain that was cut or
rewritten together with its checkpoints, even by somebody who has the key. Sinks: a file (on another mount, or one that only
grows), and a syslog server (RFC 5424; over a datagram socket, UDP or TCP). What a sink keeps is read back by `read`,
whatever the syslog server puts in front of each line.

Diagnostics: OSError when a sink does not take it.
"""

import os
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import msgspec

from storage.journal import Break, Proves, is_marked
from storage.journal_links import MarkedHead

TAG = "sekisho-journal-head"
"""By which lines are found again among others."""
_SECONDS = 5.0
_NOTICE = 13 * 8 + 5
"""Facility "log audit", severity "notice"."""


class Sinks:
    """The places to which one node's heads are carried. `file` None and `syslog` "" mean that there is none of these."""

    def __init__(self, file: Path | None, syslog: str, hostname: str) -> None:
        self._sinks: dict[str, Callable[[Sequence[MarkedHead]], None]] = {}
        if file is not None:
            self._sinks[str(file)] = partial(to_file, file)
        if syslog:
            self._sinks[syslog] = partial(to_syslog, syslog, hostname)
        self._file = file
        self._carried: dict[tuple[str, str], int] = {}
        self.taken = {_kind(name): 0.0 for name in self._sinks}
        """When a sink of this kind ("file", "syslog") last had all that there was (UTC seconds)."""

    def kept(self) -> list[MarkedHead]:
        """What the file has; [] where there is none of these. Raises OSError. Blocks."""
        return [] if self._file is None else read(self._file.read_text("utf-8", "replace").splitlines())

    def carry(self, heads: Sequence[MarkedHead]) -> dict[str, str]:
        """Carry what each sink does not have yet; the sinks that did not take it, with the reason: they get it with
        the next. Blocks."""
        failed = {}
        for name, sink in self._sinks.items():
            new = [head for head in heads if head.seq > self._carried.get((name, head.chain), 0)]
            try:
                if new:
                    sink(new)
            except OSError as error:
                failed[name] = str(error)
            else:
                self._carried.update({(name, head.chain): head.seq for head in new})
                self.taken[_kind(name)] = time.time()
        return failed


def _kind(name: str) -> str:
    return "syslog" if "://" in name else "file"


def line(head: MarkedHead) -> str:
    """A head as one line of text, without its end."""
    return f"{TAG} {msgspec.json.encode(head, order='sorted').decode()}"


def to_file(path: Path, heads: Sequence[MarkedHead]) -> None:
    """Append the heads; on stable storage on return. Blocks."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        os.write(descriptor, "".join(f"{line(head)}\n" for head in heads).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def to_syslog(address: str, hostname: str, heads: Sequence[MarkedHead]) -> None:
    """Send the heads to "unix:///dev/log", "udp://host:514" or "tcp://host:601" (octet counting, RFC 6587). Blocks."""
    messages = [f"<{_NOTICE}>1 - {hostname} sekisho - - - {line(head)}".encode() for head in heads]
    url = urlsplit(address)
    if url.scheme == "tcp":
        with socket.create_connection((url.hostname or "", url.port or 601), _SECONDS) as stream:
            stream.sendall(b"".join(b"%d %s" % (len(m), m) for m in messages))
        return
    family, target = _datagram(url)
    with socket.socket(family, socket.SOCK_DGRAM) as datagrams:
        datagrams.settimeout(_SECONDS)
        datagrams.connect(target)
        for message in messages:
            datagrams.send(message)


def _datagram(url: SplitResult) -> tuple[socket.AddressFamily, Any]:
    """The family of a datagram socket and the address that it is connected to."""
    if url.scheme == "unix":
        return socket.AF_UNIX, url.path
    family, _, _, _, target = socket.getaddrinfo(url.hostname, url.port or 514, type=socket.SOCK_DGRAM)[0]
    return family, target


Anchors = dict[str, dict[int, str]]
"""What heads say of each chain: hashes by the numbers of the entries."""


def anchors(kept: Iterable[MarkedHead], proves: Proves) -> tuple[Anchors, list[Break], int]:
    """What the heads that were marked with our key say, where two of them say different things, and how many were not."""
    found: Anchors = {}
    breaks, foreign = [], 0
    for head in kept:
        if not is_marked(head, proves):
            foreign += 1
        elif found.setdefault(head.chain, {}).setdefault(head.seq, head.hash) != head.hash:
            breaks.append(Break(head.chain, head.seq, "two heads that were carried away differ"))
    return found, breaks, foreign


def read(lines: Iterable[str]) -> list[MarkedHead]:
    """The heads in a file or a log that a sink kept; other lines are passed over."""
    found = []
    for text in lines:
        _, tag, rest = text.partition(f"{TAG} ")
        if tag:
            try:
                found.append(msgspec.json.decode(rest.strip(), type=MarkedHead))
            except msgspec.DecodeError:
                continue
    return found
