"""A mail's content for reading: header fields, text and a list of attachments, and nothing that acts.

HTML becomes text from the tree that the rules read (filters.markup); the target of a link is written before its
words. Nothing is fetched, nothing is rendered, nothing can be clicked (ASVS 1.3.6).
"""

import hashlib
import re
from collections.abc import Mapping

import msgspec

from filters.markup import page
from filters.markup.dom import Document, TooCostly, Walker
from filters.reading.report import attached
from mail.message import Message, Part

READ = 20 << 20  # bytes of a mail that are looked at
SHOWN = 100_000  # characters of text that are shown
FIELDS = 100
FILES = 100

_BREAKS = frozenset(
    [
        "blockquote",
        "div",
        "dd",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "tr",
        "ul",
    ]
)
_VOID = frozenset({"br", "hr"})


class File(msgspec.Struct, frozen=True):
    """An attachment as a line of a list. `size` in bytes after decoding."""

    name: str
    type: str
    size: int
    sha256: str


class ReadableMail(msgspec.Struct, frozen=True):
    """What a page shows of a mail. `html` is True when the text was made from HTML, `cut` when there is more."""

    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    html: bool = False
    cut: bool = False
    files: tuple[File, ...] = ()


def read(raw: memoryview | bytes) -> ReadableMail:
    """The content of a mail. Never raises for bad input; takes CPU time by size: call it in a thread."""
    message = Message(bytes(raw[:READ]))
    fields = message.headers[:FIELDS]
    headers = tuple((h.raw_name.decode("ascii", "replace"), h.text[:4000].replace("\t", " ")) for h in fields)
    leaves = [p for p in message.parts if not p.children]
    bodies = [p for p in leaves if not p.is_attachment and p.content_type.startswith("text/")]
    plain = [p for p in bodies if p.content_type != "text/html"]
    chosen = plain if any(p.text().strip() for p in plain) else bodies
    texts = [from_html(p.text()[: SHOWN * 4]) if p.content_type == "text/html" else p.text() for p in chosen]
    text = "\n\n".join(t.replace("\r\n", "\n").strip("\n") for t in texts)
    return ReadableMail(
        headers=headers,
        text=text[:SHOWN],
        html=any(p.content_type == "text/html" for p in chosen),
        cut=len(text) > SHOWN or len(raw) > READ,
        files=tuple(_file(p) for p in leaves if p.is_attachment)[:FILES],
    )


def read_reported(raw: memoryview | bytes) -> ReadableMail:
    """The mail that a report brings: the first one that is attached, else the report itself with what it quotes."""
    inner = attached(Message(bytes(raw[:READ])))
    return read(inner[0] if inner else raw)


_SAMPLE = (
    b"From: a@b.example\r\nSubject: =?iso-2022-jp?B?GyRCTjkbKEI=?=\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n'
    b"Content-Type: text/html; charset=shift_jis\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b'<p>=97=B7 <a href=3D"http://b.example/">b</a><!--[if mso]>x<![endif]--></p>\r\n--x\r\n'
    b"Content-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\nz\r\n--x\r\n"
    b'Content-Disposition: attachment; filename="a.bin"\r\nContent-Transfer-Encoding: base64\r\n\r\nMSwyLDM=\r\n--x--\r\n'
)


def warm() -> None:
    """Read a mail of our own, so that what the libraries load and make at their first use is there."""
    read(_SAMPLE)
    read_reported(_SAMPLE)


def _file(part: Part) -> File:
    data = part.content()
    return File(part.filename[:500], part.content_type, len(data), hashlib.sha256(data).hexdigest())


def from_html(source: str) -> str:
    """The text of an HTML document, with the targets of its links written out; what only Outlook shows comes last.

    A page that would cost too much to read is shown as its source.
    """
    try:
        document = Document(source)
        outlook = page.read(document).outlook
    except TooCostly:
        return source
    shown = _Text()
    shown.walk(document)
    lines = (" ".join(line.split(" ")).strip() for line in "".join(shown.out).split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return f"{text}\n\n[Outlook]\n{outlook}" if outlook else text


class _Text(Walker):
    def __init__(self) -> None:
        self.out: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in _BREAKS or tag in _VOID:
            self.out.append("\n")
        elif tag == "a" and (target := attributes.get("href") or attributes.get("xlink:href", "")):
            self.out.append(f"[→ {' '.join(target.split())[:2000]}] ")
        return tag not in page.UNSEEN and tag != "head"

    def end(self, tag: str) -> None:
        if tag in _BREAKS:
            self.out.append("\n")

    def text(self, data: str) -> None:
        self.out.append(re.sub(r"[ \t\r\n]+", " ", data))
