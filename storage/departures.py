"""What happened to mail, in a second place: whoever restores an older database asks it what has left since (docs/adr/0062).

    folder/NODE/000001.jsonl …   a line for each commit and chain of the journal: the entries about items

A line is on stable storage before its transaction is committed. So nothing begins to leave, and nobody is told anything,
that is not here; what is here and not in the database was never committed: the chain's next line begins before it.
The folder lies on another disk than the database. While it cannot be written, nothing is taken and nothing leaves (451):
a gap could not be told from rest.

Diagnostics: OSError when a line could not be written (StoreError by the writer of the database); Older when the database
is older than what stands here.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from storage.border import of_all
from storage.draft import write_all, write_whole
from storage.interfaces import Row, StoreError, Transaction
from storage.journal import PAGE, PAGES
from storage.seal import sync_folder

SEGMENT = 32 << 20
"""Bytes of a file, after which the next one begins."""
_GATHERED = "journal "
"""How the entries of a chain are called in the memory of a transaction (storage/journal.py)."""
_AT = of_all("SELECT hash FROM journal WHERE node = :node AND seq = :seq")
"""The entry at a place of a chain."""
_BEGINS = of_all("SELECT seq, hash FROM journal_tombstone WHERE node = :node")
"""Where a chain begins that lost its old entries."""


class Older(StoreError):
    """The database is older than what is known to have happened: an older copy was put in its place."""


class Told(msgspec.Struct, frozen=True, array_like=True):
    """An entry about an item."""

    event: str
    item: str
    mail_id: str
    tenant: str
    detail: dict[str, Any] = {}


class Departed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The entries of a chain behind number `after`, up to number `to`, which has `hash`; `at` is when the last one was
    (UTC seconds). `heads` instead: where chains stood when a file began, or, with `restored`, when a backup was restored."""

    chain: str = ""
    after: int = 0
    to: int = 0
    hash: str = ""
    at: float = 0.0
    entries: tuple[Told, ...] = ()
    heads: dict[str, tuple[int, str]] | None = None
    restored: str = ""


_decode = msgspec.json.Decoder(Departed).decode


class Departures:
    """The lines of one node; several of its processes may write them. Used by the database's writing thread."""

    def __init__(self, folder: Path, node: str, segment: int = SEGMENT) -> None:
        self.folder = folder / quote(node, safe="")
        self._segment = segment
        self._known: set[str] = set()
        """Chains that go on from their last line."""

    @classmethod
    def at(cls, folder: Path) -> "Departures":
        """Of whom there is a folder already."""
        return cls(folder.parent, unquote(folder.name))

    def ship(self, transaction: Transaction) -> None:
        """Before the commit: write what the transaction adds to the journal. Raises OSError, Older."""
        gathered = [
            rows for name, rows in transaction.memory.items() if name.startswith(_GATHERED) and len(rows) > 1
        ]
        if not gathered:
            return
        with self._locked() as (path, size):
            new = {rows[0]["node"]: rows[0] for rows in gathered if rows[0]["node"] not in self._known}
            before = [
                line
                for chain, head in new.items()
                for line in _missing(transaction, head, last_of(path.parent, chain))
            ]
            self._append(path, size, [*before, *(line_of(rows[0], rows[1:]) for rows in gathered)])
            self._known |= new.keys()

    def restored(self, backup: str, heads: Mapping[str, tuple[int, str]], now: float) -> None:
        """Say that the chains go on from these heads: what stands before belongs to an earlier life."""
        with self._locked() as (path, size):
            self._append(path, size, [Departed(at=now, heads=dict(heads), restored=backup)])

    def check(self, transaction: Transaction, chains: Sequence[str]) -> None:
        """At a start: see that these chains of the database are not older than their last lines. Raises Older."""
        if self.folder.is_dir():
            for chain in chains:
                if _is_older(transaction, chain, last_of(self.folder, chain)):
                    raise Older(
                        f"the database is older than {self.folder} says: mail may leave twice. Say"
                        " `sekisho restore --in-place`, which lists what has left since"
                    )

    def forget(self, before: float) -> int:
        """Remove files that hold only what happened before this moment (UTC seconds); how many."""
        files = _files(self.folder)
        gone = [file for file, after in pairwise(files) if _begun(after) < before]
        for file in gone:
            file.unlink()
        return len(gone)

    @contextmanager
    def _locked(self) -> Iterator[tuple[Path, int]]:
        """The last file, and its size."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            files = _files(self.folder)
            path = files[-1] if files else self._next(None)
            size = path.stat().st_size
            if size > self._segment:
                path, size = self._next(path), 0
            yield path, size
        finally:
            os.close(descriptor)

    def _next(self, path: Path | None) -> Path:
        """The file behind this one, which begins with where all chains stand."""
        number = int(path.stem) + 1 if path is not None else 1
        heads = {} if path is None else _heads(path)
        new, made = self.folder / f"{number:06}.jsonl", self.folder / "new"
        write_whole(made, _encoded([Departed(heads=heads)]), over=True)
        made.rename(new)
        for folder in (self.folder, self.folder.parent):
            sync_folder(folder)
        return new

    @staticmethod
    def _append(path: Path, size: int, lines: Sequence[Departed]) -> None:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        try:
            torn = size and os.pread(descriptor, 1, size - 1) != b"\n"
            write_all(descriptor, (b"\n" if torn else b"") + _encoded(lines))
            if any(line.entries or line.restored for line in lines):
                os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
        finally:
            os.close(descriptor)


def told_in(folder: Path | None, node: str) -> Departures | None:
    """Those of a node, None where nobody wants them."""
    return None if folder is None else Departures(folder, node)


def line_of(before: Row, rows: Sequence[Row]) -> Departed:
    """What is told of the entries `rows` of a chain, which stand behind the entry (or head) `before`."""
    told = tuple(
        Told(row["event"], row["item"], row["mail_id"], row["tenant"], _briefly(row["detail"]))
        for row in rows
        if row["item"]
    )
    last = rows[-1]
    return Departed(before["node"], before["seq"], last["seq"], last["hash"], last["at"], told)


_BRIEFLY = ("token", "outcomes", "recipients", "direction", "from", "to", "state")


def _briefly(detail: str) -> dict[str, Any]:
    """What a restore needs to know of an entry."""
    values = msgspec.json.decode(detail)
    return {name: values[name] for name in _BRIEFLY if name in values}


def read(folder: Path) -> list[Departed]:
    """All whole lines of a node, the oldest first. A line that its writer did not come to the end of is none; neither is one
    that was damaged: then a line is missing. Raises OSError."""
    return [line for path in _files(folder) for line in _lines(path)]


def nodes(folder: Path) -> list[Path]:
    """The folders of all nodes of which something is known."""
    return sorted(each for each in folder.iterdir() if each.is_dir()) if folder.is_dir() else []


def last_of(folder: Path, chain: str) -> Departed | None:
    """Where a chain stood at last, as far as the last file tells; None when it does not."""
    files = _files(folder)
    found: Departed | None = None
    for line in _lines(files[-1]) if files else ():
        if line.heads is not None:
            if chain in line.heads:
                seq, hash = line.heads[chain]
                found = Departed(chain, seq, seq, hash, line.at)
            elif line.restored:
                found = None
        elif line.chain == chain:
            found = line
    return found


def _heads(path: Path) -> dict[str, tuple[int, str]]:
    heads: dict[str, tuple[int, str]] = {}
    for line in _lines(path):
        if line.heads is not None:
            heads = {**({} if line.restored else heads), **line.heads}
        else:
            heads[line.chain] = line.to, line.hash
    return heads


def _missing(transaction: Transaction, head: Row, last: Departed | None) -> list[Departed]:
    """What the database's chain has behind its last line: written while nobody shipped it, or lost with a power cut (only
    lines about no item may be). A chain without a line begins with where it stands. Raises Older."""
    chain, seq = head["node"], head["seq"]
    if last is None:
        return [Departed(heads={chain: (seq, head["hash"])})] if seq else []
    if _is_older(transaction, chain, last):
        raise Older(f"the database is older than what is known of {chain}")
    lines, after = [], {"node": chain, "seq": min(last.to, seq)}
    if last.to > seq:  # of a transaction that was not committed
        return []
    while after["seq"] < seq:
        rows = transaction.execute(PAGES, {"node": chain, "after": after["seq"], "page": PAGE})
        rows = [row for row in rows if row["seq"] <= seq]
        if not rows:
            break
        lines.append(line_of(after, rows))
        after = {"node": chain, "seq": rows[-1]["seq"]}
    return lines


def _is_older(transaction: Transaction, chain: str, last: Departed | None) -> bool:
    """Whether the database's chain has not come to where its last line begins, or is another one."""
    if last is None:
        return False
    if is_in(transaction, chain, last.to, last.hash):
        return False
    rows = transaction.execute(_AT, {"node": chain, "seq": last.after}) if last.after else [{}]
    behind = transaction.execute(_AT, {"node": chain, "seq": last.to})
    return bool(behind) or not rows  # else the last line alone was not committed


def is_in(transaction: Transaction, chain: str, seq: int, hash: str) -> bool:
    """Whether the database's chain has this entry, or had it before it lost its old ones."""
    if seq == 0:
        return True
    if rows := transaction.execute(_AT, {"node": chain, "seq": seq}):
        return bool(rows[0]["hash"] == hash)
    begins = transaction.execute(_BEGINS, {"node": chain})
    return bool(begins) and int(begins[0]["seq"]) >= seq


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9]*.jsonl"))


def _begun(path: Path) -> float:
    """When something is told for the first time in a file."""
    return next((line.at for line in _lines(path) if line.at), float("inf"))


def _lines(path: Path) -> Iterator[Departed]:
    with path.open("rb") as file:
        for text in file:
            if text.endswith(b"\n") and text != b"\n":
                try:
                    yield _decode(text)
                except msgspec.MsgspecError:
                    continue


def _encoded(lines: Sequence[Departed]) -> bytes:
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
