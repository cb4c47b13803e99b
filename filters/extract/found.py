"""What reading a file has found so far, and the result."""

import re
import unicodedata
from collections.abc import Callable, Iterable

import msgspec

from filters.extract.budget import Budget
from filters.extract.hidden import Hidden
from filters.extract.keys import Keys
from filters.extract.reason import Reason, Stop


class Member(msgspec.Struct, frozen=True):
    """A file inside a file: its path as data ("a.zip/b.txt"), kind by content, size, and verdict.

    `name` is its name as written, with everything that does not belong in a path; at most NAME characters.
    """

    path: str
    kind: str
    size: int
    verdict: str = "ok"
    name: str = ""


class Sign(msgspec.Struct, frozen=True):
    """Something that a file does or is, besides its text. `place` is the member, "" for the file itself.

    name is one of: macro, xlm, dde, remote_template, remote_object, ole_object, active_pdf, pdf_launch,
    pdf_action, embedded_file, executable, script, shortcut, installer, disk_image, self_extracting,
    icon:WORD, no_text_layer, picture_of_text, picture_read, opened, label, prefix, page_script, page_form, page_redirect,
    page_builds, page_hides, pdf_sends, link.
    """

    name: str
    place: str = ""
    quote: str = ""


class Extracted(msgspec.Struct, frozen=True):
    """What could be read of a file.

    kind       what it is by content (filters.extract.kinds)
    texts      (place inside the file, text); place "" is the file itself
    members    files inside it, at all levels
    verdict    "ok", "encrypted", "partially_encrypted", "unsupported", "limit" or "corrupt"
    true_type  its media type by content
    reason     why the verdict is not "ok" (filters.extract.reason), "" when it is
    why        the same in a few words for operators
    signs      what it does besides its text, at all levels
    locked     everything in it is encrypted; if the verdict is "ok", it was read with a passphrase
    declared   the media type according to the mail
    extension  the last extension of its name, lower case
    codes      (place inside the file, text) of QR codes in pictures, as a phone reads them
    hidden     what office documents hold that nobody sees who just opens them
    """

    kind: str
    texts: tuple[tuple[str, str], ...] = ()
    members: tuple[Member, ...] = ()
    verdict: str = "ok"
    true_type: str = ""
    reason: str = ""
    why: str = ""
    signs: tuple[Sign, ...] = ()
    locked: bool = False
    declared: str = ""
    extension: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    hidden: tuple[Hidden, ...] = ()

    @property
    def traits(self) -> frozenset[str]:
        """The names of the signs."""
        return frozenset(sign.name for sign in self.signs)

    @property
    def is_pictures(self) -> bool:
        """True when nothing but pages without text could not be read, as in scans."""
        if self.verdict != "unsupported":
            return False
        unread = [m.path for m in self.members if m.verdict == "unsupported"]
        leaves = [p for p in unread if not any(other.startswith(p + "/") for other in unread)] or [""]
        pictures = {sign.place for sign in self.signs if sign.name == "no_text_layer"}
        return pictures.issuperset(leaves)

    @property
    def pictures_of_text(self) -> str:
        """What became of the writing in its pictures, such as pages without text, scans among others, pictures of a page:
        "unread" when nobody has read some of it, "read" when its words were read; "" where there is none."""
        if not self.signs:
            return ""
        traits = self.traits
        if "picture_of_text" in traits or self.is_pictures:
            return "unread"
        return "read" if "picture_read" in traits else ""

    def kind_at(self, place: str) -> str:
        """The kind of the file at a place (see Sign.place)."""
        return next((m.kind for m in self.members if m.path == place), self.kind) if place else self.kind


Reader = Callable[[str, bytes, "Found"], str]
"""(name, content, found) -> kind; reads a file into `found`, raises Stop."""

WALKED = frozenset(
    {"zip", "jar", "apk", "tar", "gz", "bz2", "xz", "7z", "cab", "iso", "ooxml", "odf"}
) | frozenset({"docx", "xlsx", "pptx", "docm", "xlsm", "pptm", "xlsb", "odt", "ods", "odp"})
"""Kinds of files into which every virus scanner looks by itself (ClamAV: docs.clamav.net, "File Types")."""
NAME = 1_000
"""Characters of a name that are kept: more than file systems allow."""
LINKS = 10
SIGNS = 200
"""Most signs of one file; more would add nothing."""


class Found:
    """Collects texts, members, signs and verdicts of one file; `inside` reads a member with the same budget."""

    def __init__(
        self, budget: Budget, reader: Reader, prefix: str = "", level: int = 0, keys: Keys | None = None
    ) -> None:
        self.budget = budget
        self.prefix = prefix
        self.level = level
        self.keys = keys or Keys()
        self.texts: list[tuple[str, str]] = []
        self.own: list[str] = []
        """The texts of this file itself, without those of its members."""
        self.members: list[Member] = []
        self.signs: list[Sign] = []
        self.codes: list[tuple[str, str]] = []
        self.hidden: list[Hidden] = []
        self.verdicts: list[str] = []
        self.reasons: dict[str, tuple[Reason, str]] = {}
        """By verdict, why it was the first time, and what an operator is told."""
        self.locked = False
        self.kind = ""
        """What this file is, once that is known."""
        self._reader = reader

    def text(self, place: str, text: str) -> None:
        """Add a text inside the file; empty ones are dropped."""
        if text and not text.isspace():
            self.texts.append((self.prefix + place, self.budget.take_text(text)))
            self.own.append(text)

    def sign(self, name: str, quote: str = "") -> None:
        """Note something that the file does; each name and quotation once."""
        made = Sign(name, self.prefix.rstrip("/"), " ".join(shown(quote).split())[:160])
        if made not in self.signs and len(self.signs) < SIGNS:
            self.signs.append(made)

    def hides(self, hidden: Iterable[Hidden]) -> None:
        """Note what nobody sees who just opens the file."""
        for each in hidden:
            if len(self.hidden) < SIGNS:
                self.hidden.append(msgspec.structs.replace(each, place=self.prefix.rstrip("/")))

    def link(self, address: str) -> None:
        """Note a link in a document; only the first LINKS of a file, to leave room for other signs."""
        if sum(sign.name == "link" for sign in self.signs) < LINKS:
            self.sign("link", address)

    def opened(self, source: str) -> None:
        """Note that the file was encrypted and could be read with a passphrase from `source`."""
        self.sign("opened", source)

    def failed(self, reason: Reason, detail: str = "") -> None:
        """Note that the file, or something in it, could not be read; `detail` as in Stop."""
        self.verdicts.append(reason.verdict)
        self.reasons.setdefault(reason.verdict, (reason, detail))

    def listed(self, name: str, size: int, reason: Reason, detail: str = "") -> None:
        """Add a member of which only the name can be read."""
        self.members.append(Member(self.prefix + tidy(name), "unknown", size, reason.verdict, named(name)))
        self.failed(reason, detail)

    def again(self, content: bytes) -> None:
        """Read what takes this file's place, such as the decrypted file. Raises Stop."""
        self.budget.hand_out(content, hidden=True)
        self._reader("", content, self)

    def inside(self, name: str, content: bytes) -> str:
        """Read a member and return its kind. Its verdict joins ours; only a spent budget ends the reading of
        the others."""
        self.budget.hand_out(content, hidden=self.is_closed)
        return self._below(name, len(content), lambda below: self._reader(name, content, below))

    @property
    def is_closed(self) -> bool:
        """True when a virus scanner may not find what is in this file by itself: it is of a kind that scanners do not walk,
        or we had the passphrase."""
        place = self.prefix.rstrip("/")
        return self.kind not in WALKED or any(s.name == "opened" and s.place == place for s in self.signs)

    def nested(self, name: str, kind: str, reader: Callable[["Found"], None]) -> None:
        """Read a member that has no bytes of its own (a message stored as part of another) with `reader`."""

        def read(below: Found) -> str:
            reader(below)
            return kind

        self._below(name, 0, read)

    def _below(self, name: str, size: int, read: Callable[["Found"], str]) -> str:
        path = self.prefix + tidy(name)
        if self.level + 1 > self.budget.depth:
            self.members.append(Member(path, "unknown", size, "limit", named(name)))
            raise Stop(Reason.DEPTH, "nested too deep")
        below = Found(self.budget, self._reader, path + "/", self.level + 1, self.keys)
        try:
            kind = read(below)
        except (
            Stop
        ) as stop:  # raised again from here: kept in a variable, it would keep this frame and the mail
            below.failed(stop.reason, stop.detail)
            self._join(below, Member(path, "unknown", size, below.verdict(), named(name)))
            if stop.verdict == "limit":
                raise
            return "unknown"
        self._join(below, Member(path, kind, size, below.verdict(), named(name)))
        return kind

    def _join(self, below: "Found", member: Member) -> None:
        """Take over what was found in a member."""
        self.members += [member, *below.members]
        self.texts += [(p.rstrip("/"), t) for p, t in below.texts]
        self.signs += below.signs[: SIGNS - len(self.signs)]
        self.codes += below.codes
        self.hidden += below.hidden[: SIGNS - len(self.hidden)]
        self.verdicts.append(member.verdict)
        self.reasons = below.reasons | self.reasons

    def verdict(self) -> str:
        return worst(self.verdicts)

    def why(self) -> tuple[str, str]:
        """The reason for the verdict, and the detail for operators; "" and "" for "ok"."""
        verdict = self.verdict().removeprefix("partially_")
        return self.reasons.get(verdict, ("", ""))


def worst(verdicts: list[str]) -> str:
    """The verdict on a container: the worst one inside; "encrypted" only when nothing could be read."""
    for word in ("limit", "corrupt"):
        if word in verdicts:
            return word
    if "partially_encrypted" in verdicts:
        return "partially_encrypted"
    if "encrypted" in verdicts:
        return "encrypted" if set(verdicts) == {"encrypted"} else "partially_encrypted"
    return "unsupported" if "unsupported" in verdicts else "ok"


def shown(text: str) -> str:
    """A text without control and format characters."""
    return "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[:400])


def tidy(name: str) -> str:
    """A file name for use in a place: no path, no control or format characters, at most 120 characters, its end kept."""
    last = re.split(r"[/\\]", name[-NAME:].rstrip("/\\"))[-1]
    clean = last if last.isprintable() else "".join(c for c in last if unicodedata.category(c)[0] != "C")
    clean = clean or "unnamed"
    return clean if len(clean) <= 120 else f"{clean[:79]}…{clean[-40:]}"


def named(name: str) -> str:
    """A file name as written; only the beginning and the end of a very long one."""
    return name if len(name) <= NAME else name[: NAME // 2] + name[-NAME // 2 :]
