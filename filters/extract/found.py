"""What reading a file has brought so far, and the answer it becomes."""

import re
import unicodedata
from collections.abc import Callable

import msgspec

from filters.extract.budget import Budget, Stop


class Member(msgspec.Struct, frozen=True):
    """A file inside a file: its path as data ("a.zip/b.txt"), its kind by content, its size, what became of it."""

    path: str
    kind: str
    size: int
    verdict: str = "ok"


class Extracted(msgspec.Struct, frozen=True):
    """What could be read of a file.

    kind       what it is by content (filters.extract.kinds)
    texts      (place inside the file, text); place "" is the file itself
    members    files inside, also of files inside
    verdict    "ok", "encrypted", "partially_encrypted", "unsupported", "limit" or "corrupt"
    true_type  its media type by content
    why        a few words for operators when the verdict is not "ok"
    """

    kind: str
    texts: tuple[tuple[str, str], ...] = ()
    members: tuple[Member, ...] = ()
    verdict: str = "ok"
    true_type: str = ""
    why: str = ""


Reader = Callable[[str, bytes, "Found"], str]
"""(name, content, found) -> kind; reads one file into `found`, raises Stop."""


class Found:
    """Collects texts, members and verdicts of one file; `inside` reads a member with the same budget."""

    def __init__(self, budget: Budget, reader: Reader, prefix: str = "", level: int = 0) -> None:
        self.budget = budget
        self.prefix = prefix
        self.level = level
        self.texts: list[tuple[str, str]] = []
        self.members: list[Member] = []
        self.verdicts: list[str] = []
        self.why = ""
        self._reader = reader

    def text(self, place: str, text: str) -> None:
        """A text inside the file; empty ones are dropped."""
        if text and not text.isspace():
            self.texts.append((self.prefix + place, self.budget.take_text(text)))

    def failed(self, verdict: str, why: str = "") -> None:
        self.verdicts.append(verdict)
        self.why = self.why or why

    def inside(self, name: str, content: bytes) -> None:
        """Read a member. Its verdict joins ours; only a spent budget ends the reading of its neighbours."""
        path = self.prefix + tidy(name)
        if self.level + 1 > self.budget.depth:
            self.members.append(Member(path, "unknown", len(content), "limit"))
            raise Stop("limit", "nested too deep")
        below = Found(self.budget, self._reader, path + "/", self.level + 1)
        kind, stop = "unknown", ""
        try:
            kind = self._reader(name, content, below)
            verdict = below.verdict()
        except Stop as reason:
            verdict, stop = worst([*below.verdicts, reason.verdict]), reason.verdict
            self.why = self.why or str(reason)
        self.members += [Member(path, kind, len(content), verdict), *below.members]
        self.texts += [(p.rstrip("/"), t) for p, t in below.texts]
        self.verdicts.append(verdict)
        self.why = self.why or below.why
        if stop == "limit":
            raise Stop("limit", self.why)

    def verdict(self) -> str:
        return worst(self.verdicts)


def worst(verdicts: list[str]) -> str:
    """One word for a container: what is worst inside; "encrypted" only when nothing else could be read."""
    for word in ("limit", "corrupt"):
        if word in verdicts:
            return word
    if "partially_encrypted" in verdicts:
        return "partially_encrypted"
    if "encrypted" in verdicts:
        return "encrypted" if set(verdicts) == {"encrypted"} else "partially_encrypted"
    return "unsupported" if "unsupported" in verdicts else "ok"


def tidy(name: str) -> str:
    """A file name as a place: no path, no control or format characters, at most 120 characters."""
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C")[:120] or "unnamed"
