"""A mail's content for reading: header fields, text and a list of attachments, and nothing that acts.

HTML becomes text by leaving out what is between angle brackets, in one pass; the target of a link is written
behind it as text. Nothing is fetched, nothing is rendered, nothing can be clicked (ASVS 1.3.6).
"""

import hashlib
import html
import re

import msgspec

from filters.reading.report import attached
from mail.message import Message, Part

READ = 20 << 20  # bytes of a mail that are looked at
SHOWN = 100_000  # characters of text that are shown
FIELDS = 100
FILES = 100

_TAG = re.compile(r"<[/!?]?[a-zA-Z][^<>]{0,4000}>")
_HREF = re.compile(r"""^<a\s(?:.{0,1000}?\s)?href\s*=\s*["']?([^"'\s>]{1,2000})""", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"^</?(?:p|div|br|tr|li|h[1-6]|table|ul|ol|blockquote|hr)\b", re.IGNORECASE)
_SILENT = ("script", "style", "head", "title")


class File(msgspec.Struct, frozen=True):
    """An attachment as a line of a list. `size` in bytes after decoding."""

    name: str
    type: str
    size: int
    sha256: str


class Content(msgspec.Struct, frozen=True):
    """What a page shows of a mail. `html` is True when the text was made from HTML, `cut` when there is more."""

    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    html: bool = False
    cut: bool = False
    files: tuple[File, ...] = ()


def read(raw: memoryview | bytes) -> Content:
    """The content of a mail. Never raises for bad input; takes CPU time by size: call it in a thread."""
    message = Message(bytes(raw[:READ]))
    headers = tuple((h.raw_name.decode("ascii", "replace"), h.text[:4000]) for h in message.headers[:FIELDS])
    leaves = [p for p in message.parts if not p.children]
    bodies = [p for p in leaves if not p.is_attachment and p.content_type.startswith("text/")]
    plain = [p for p in bodies if p.content_type != "text/html"]
    chosen = plain if any(p.text().strip() for p in plain) else bodies
    texts = [from_html(p.text()[: SHOWN * 4]) if p.content_type == "text/html" else p.text() for p in chosen]
    text = "\n\n".join(t.replace("\r\n", "\n").strip("\n") for t in texts)
    return Content(
        headers=headers,
        text=text[:SHOWN],
        html=any(p.content_type == "text/html" for p in chosen),
        cut=len(text) > SHOWN or len(raw) > READ,
        files=tuple(_file(p) for p in leaves if p.is_attachment)[:FILES],
    )


def read_reported(raw: memoryview | bytes) -> Content:
    """The mail that a report brings: the first one that is attached, else the report itself with what it quotes."""
    inner = attached(Message(bytes(raw[:READ])))
    return read(inner[0] if inner else raw)


def _file(part: Part) -> File:
    data = part.content()
    return File(part.filename[:500], part.content_type, len(data), hashlib.sha256(data).hexdigest())


def from_html(source: str) -> str:
    """The text of an HTML document, with the targets of its links written out."""
    for name in _SILENT:
        source = _without(source, name)
    source = _without_comments(source)
    source = re.sub(r"[ \t\r\n]+", " ", source)
    text = html.unescape(_TAG.sub(_replaced, source))
    lines = (" ".join(line.split(" ")).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _replaced(match: re.Match[str]) -> str:
    tag = match[0]
    if _BREAK.match(tag):
        return "\n"
    if link := _HREF.match(tag):
        return f"[→ {link[1]}] "
    return ""


def _without(source: str, name: str) -> str:
    """The source without the elements of that name."""
    lower, kept, at = source.lower(), [], 0
    while True:
        start = lower.find(f"<{name}", at)
        if start < 0:
            break
        after = start + len(name) + 1
        if lower[after : after + 1].isalnum():  # <header> is not <head>
            kept.append(source[at:after])
            at = after
            continue
        kept.append(source[at:start])
        end = lower.find(f"</{name}", start)
        if end < 0:
            return "".join(kept)
        at = end
    kept.append(source[at:])
    return "".join(kept)


def _without_comments(source: str) -> str:
    kept, at = [], 0
    while (start := source.find("<!--", at)) >= 0:
        kept.append(source[at:start])
        end = source.find("-->", start)
        if end < 0:
            return "".join(kept)
        at = end + 3
    kept.append(source[at:])
    return "".join(kept)
