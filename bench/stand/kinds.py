"""The kinds of mail that are sent: each mail differs in Message-ID, subject, text and documents; the same number makes
the same mail."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.stand.mails import (
    LOOKALIKE,
    OUTSIDER,
    SENDER,
    docx,
    english,
    jpeg,
    mail,
    newsletter,
    octets,
    part,
    pdf,
    text,
)

WARNED = ", warned of"

_TEXT = "text/plain; charset=utf-8"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OCTETS = "application/octet-stream"


def _prose(chance: random.Random, characters: int) -> bytes:
    return part(text(chance, characters).encode(), _TEXT)


def _text(chance: random.Random) -> list[bytes]:
    """Japanese in base64, as webmail writes it, and English in turn."""
    if chance.random() < 0.5:
        return [_prose(chance, 2700)]
    words = english(chance, 9000).replace("\n", "\r\n")
    return [f"Content-Type: {_TEXT}\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{words}\r\n".encode()]


def _document(chance: random.Random) -> list[bytes]:
    """Some text and a Word document of 8,000 characters with a picture."""
    return [_prose(chance, 500), part(docx(chance, 8000, 68_000), _WORD, "report.docx")]


def _unknown_inside(chance: random.Random) -> list[bytes]:
    """Some text, a Word document and a PDF that hold bytes of no known kind."""
    return [
        _prose(chance, 500),
        part(docx(chance, 4000, 2_000, 28_000), _WORD, "report.docx"),
        part(pdf(chance, 2000, 30_000), "application/pdf", "drawing.pdf"),
    ]


def _picture(chance: random.Random) -> list[bytes]:
    return [_prose(chance, 500), part(jpeg(chance, 3_700_000), "image/jpeg", "picture.jpg")]


def _unknown(chance: random.Random) -> list[bytes]:
    return [_prose(chance, 500), part(octets(chance, 3_700_000), _OCTETS, "measured.dat")]


def _parts(chance: random.Random) -> list[bytes]:
    return [_prose(chance, 500)] + [
        part(text(chance, 200).encode(), _TEXT, f"notes-{number}.txt") for number in range(100)
    ]


def _newsletter(chance: random.Random) -> list[bytes]:
    return [part(newsletter(chance, 60_000), "text/html; charset=utf-8")]


KINDS: dict[str, Callable[[random.Random], list[bytes]]] = {
    "10 kB text": _text,
    "100 kB + docx": _document,
    "100 kB unknown": _unknown_inside,
    "5 MB picture": _picture,
    "5 MB unknown": _unknown,
    "100 small parts": _parts,
    "newsletter 60 kB": _newsletter,
    "10 kB text" + WARNED: _text,
    "newsletter 60 kB" + WARNED: _newsletter,
}
"""Ordinary mail, and arriving mail that is warned of: it is written anew, and some of it kept as it came."""


def mails(kind: str, count: int, sender: str, recipient: str, first: int = 0) -> Iterator[bytes]:
    """So many mails of a kind, the first with this number."""
    return (
        mail(number, sender, recipient, KINDS[kind](random.Random(number)))
        for number in range(first, first + count)
    )


def contents_for(kind: str, way: str, count: int, first: int) -> list[bytes]:
    outsider = LOOKALIKE if kind.endswith(WARNED) else OUTSIDER
    pair = (SENDER, outsider) if way == "outbound" else (outsider, SENDER)
    return list(mails(kind, count, *pair, first=first))


_FIELD = re.compile(rb"(?:From [^\n]*\n)?[!-9;-~]+:")
_BREAK = re.compile(rb"\r\n|\r|\n")


def replay(folder: Path, count: int, first: int) -> list[bytes]:
    """Real mails of a folder and its folders in turn, the first at this number; each turn adds a field of its own."""
    found = []
    files = [f for f in sorted(folder.rglob("*")) if f.is_file() and f.stat().st_size < 25_000_000]
    stored = [content for f in files if _FIELD.match(content := f.read_bytes())]
    if not stored:
        raise SystemExit(f"no mail in {folder}")
    for number in range(first, first + count):
        content = _BREAK.sub(b"\r\n", stored[number % len(stored)])
        if content.startswith(b"From "):
            content = content.partition(b"\r\n")[2]
        found.append(b"X-Replayed: %d\r\n" % number + content.rstrip(b"\r\n") + b"\r\n")
    return found
