"""`sekisho learn`: fill the memory of correspondents from mail that was sent before the gateway came.

What is read may be anything: files are opened one by one, links are not followed, of each mail only the header is read,
and there are bounds on everything. The same mail twice teaches nothing more.

Diagnostics: ConfigError for a path that cannot be read; what was skipped is counted and told.
"""

import asyncio
import os
import re
import stat
import time
from collections.abc import Iterator, Sequence
from email.utils import mktime_tz, parsedate_tz
from pathlib import Path

import msgspec

from config.policy import ConfigError, Organisation
from config.settings import Settings
from directory.correspondents import Correspondents
from directory.past_mail import PastMail
from gateway.command.explain import policy_for
from gateway.command.operator import opened, ran
from mail.address import header_addresses
from mail.message import Message

HEAD = 256 * 1024
"""Bytes of a mail that are read: its header stands there."""
MAILS, FILES = 500_000, 1_000_000
"""Mails that are read, and files that are looked at."""
OF_ONE = 100
"""Recipients of one mail; with more it is a circular, which says nothing of acquaintance."""
ADDRESSES = 200_000
LONGEST_LINE = 1_000_000
_FIELDS = ("to", "cc", "bcc")
_ADDRESS = re.compile(r"[^@\s,;<>()\x00-\x1f]{1,128}@[^@\s,;<>()\x00-\x1f]{3,253}")


class Learnt(msgspec.Struct):
    """Counts of what was read, and the addresses with the time of the last mail to each."""

    mails: int = 0
    ours: int = 0
    others: int = 0
    circulars: int = 0
    unreadable: int = 0
    cut: bool = False
    addresses: dict[str, float] = {}

    def told(self, new: int) -> list[str]:
        """Lines for whoever ran the command."""
        lines = [
            f"{self.mails} mails read, {self.ours} sent by us to {len(self.addresses)} outside addresses; {new} were new"
        ]
        lines += [f"{self.others} skipped: not from one of our domains"] if self.others else []
        lines += [f"{self.circulars} skipped: more than {OF_ONE} recipients"] if self.circulars else []
        lines += [f"{self.unreadable} files could not be read"] if self.unreadable else []
        return lines + (["there was more than is read at once: run it on parts"] if self.cut else [])


def command(settings: Settings, tenant: str, paths: Sequence[Path]) -> int:
    """`run` under the policy that is in force. Raises ConfigError and StoreError."""
    return asyncio.run(run(settings, policy_for(settings, tenant, 0)[0].organisation, tenant, paths))


async def run(settings: Settings, organisation: Organisation, tenant: str, paths: Sequence[Path]) -> int:
    """Learn from these files and folders, and say what was learnt. Raises ConfigError and StoreError."""
    if not ran(settings):
        raise ConfigError(["learn: there is no database yet; start the gateway once (sekisho serve)"])
    learnt = read(paths, organisation, time.time())
    async with opened(settings) as store:
        new = await Correspondents(store.database).learn(tenant, learnt.addresses)
        await PastMail(store.database).learn(tenant, learnt.addresses)
    print("\n".join(learnt.told(new)))
    return 0


def read(paths: Sequence[Path], organisation: Organisation, now: float) -> Learnt:
    """Everything that these mbox files, Maildirs, folders of mails and single mails teach. Raises ConfigError."""
    learnt = Learnt(addresses={})
    for path in paths:
        if not path.exists():
            raise ConfigError([f"{path}: there is no such file or folder"])
        for head in _heads(path, learnt):
            if learnt.mails >= MAILS or len(learnt.addresses) >= ADDRESSES:
                learnt.cut = True
                return learnt
            learnt.mails += 1
            _look(head, organisation, now, learnt)
    return learnt


def _look(head: bytes, organisation: Organisation, now: float, learnt: Learnt) -> None:
    message = Message(head)
    authors = [a.address for a in message.authors() if "@" in a.address]
    if len(authors) != 1 or not organisation.internal(authors[0]):
        learnt.others += 1
        return
    boxes = [b.address for name in _FIELDS for h in message.all(name) for b in header_addresses(h.value)]
    outside = {a.lower() for a in boxes if _ADDRESS.fullmatch(a) and not organisation.group(a)}
    if len(boxes) > OF_ONE:
        learnt.circulars += 1
        return
    learnt.ours += 1
    at = _date(message, now)
    for address in outside:
        learnt.addresses[address] = max(at, learnt.addresses.get(address, 0.0))


def _date(message: Message, now: float) -> float:
    """When it was sent, never in the future; now where it does not say so."""
    field = message.first("date")
    try:
        parsed = parsedate_tz(field.text) if field is not None else None
        at = float(mktime_tz(parsed)) if parsed else now
    except (ValueError, OverflowError, OSError):
        at = now
    return at if 0.0 < at < now else now


def _heads(path: Path, learnt: Learnt) -> Iterator[bytes]:
    """The beginnings of all mails in a file, or below a folder in the order of names."""
    if path.is_file():
        yield from _of_file(path, learnt)
        return
    looked = 0
    for folder, folders, names in os.walk(path, followlinks=False):
        folders.sort()
        for name in sorted(names):
            looked += 1
            if looked > FILES:
                learnt.cut = True
                return
            yield from _of_file(Path(folder) / name, learnt)


def _of_file(file: Path, learnt: Learnt) -> Iterator[bytes]:
    """One mail, or the mails of an mbox file; nothing of what is no ordinary file."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        learnt.unreadable += 1
        return
    with os.fdopen(descriptor, "rb") as opened_file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            learnt.unreadable += 1
            return
        first = opened_file.readline(LONGEST_LINE)
        if not first.startswith(b"From "):
            yield first + opened_file.read(HEAD)
            return
        head: list[bytes] = []
        size, blank = 0, False
        while line := opened_file.readline(LONGEST_LINE):
            if blank and line.startswith(b"From "):
                yield b"".join(head)
                head, size = [], 0
            elif size < HEAD:
                head.append(line)
                size += len(line)
            blank = line in (b"\n", b"\r\n")
        if head:
            yield b"".join(head)
