"""A mail rebuilt from what was read of another one, so that every client reads it the same way.

No bytes of the original are copied except the contents of its files: a fixed header, one text in UTF-8, and each
file as base64 under one clean name. That is how an ambiguous mail may leave quarantine.

    rebuilt(message, note, texts, files, mark) -> bytes
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import quote

import msgspec

from mail.address import header_addresses
from mail.charset import encode_header, encode_mailbox
from mail.decoding import is_utf7
from mail.encoding import base64_lines
from mail.message import Message

BOUNDARY = "=_sekisho_rebuilt"
"""No line of base64 can equal this boundary, whatever the files contain."""
MAX_NAME = 80
TEXT = "text/plain; charset=utf-8"
"""The type of a text file that we wrote ourselves."""
MAX_MAILBOXES = 200
MAX_REFERENCES = 20

_ADDRESSES = (("from", "From"), ("reply-to", "Reply-To"), ("to", "To"), ("cc", "Cc"))
_DATE = re.compile(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d(?::\d\d)? [+-]\d{4}")
_IDENTIFIER = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,200}@[A-Za-z0-9.\[\]:-]{1,200}>")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}")
_TYPE = re.compile(r"(?:application|audio|font|image|model|video)/[a-z0-9][a-z0-9.+-]{0,60}")
_FORBIDDEN = re.compile(r'[/\\:*?"<>|%;]')


class AttachedFile(msgspec.Struct, frozen=True):
    """A file to attach: its name as read, its declared media type, its bytes."""

    name: str
    content_type: str
    content: bytes


def clean_name(name: str, number: int = 1) -> str:
    """`name` as every client shows it: one line, no path, no control, format or direction characters, no runs of
    spaces, at most MAX_NAME characters with its extension kept; "file-1" when nothing is left."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", last))
    shown = "".join(c for c in shown if unicodedata.category(c)[0] != "C")
    shown = _FORBIDDEN.sub("_", " ".join(shown.split())).replace("=?", "=_").strip(". ")
    if len(shown) > MAX_NAME:
        stem, dot, ending = shown.rpartition(".")
        ending = f"{dot}{ending}" if stem and len(ending) < 20 else ""
        shown = (stem or shown)[: MAX_NAME - len(ending)].rstrip() + ending
    if shown.lower() == "winmail.dat":  # some clients unpack it, others do not
        return "winmail.tnef"
    return shown or f"file-{number}"


def names_of(files: Iterable[AttachedFile]) -> list[str]:
    """A clean name for each file, all different (ignoring case)."""
    names: list[str] = []
    taken: set[str] = set()
    for number, file in enumerate(files, 1):
        name = clean_name(file.name, number)
        stem, dot, ending = name.rpartition(".")
        for count in range(2, len(taken) + 3):
            if name.lower() not in taken:
                break
            name = f"{stem or ending} ({count}){dot + ending if stem else ''}"
        taken.add(name.lower())
        names.append(name)
    return names


def rebuilt(
    message: Message, note: str, texts: Sequence[str], files: Sequence[AttachedFile], mark: str = ""
) -> bytes:
    """The rebuilt mail: safe header fields of `message`, `note` and `texts` as one text, then `files`.

    `mark` goes before the subject. Lines end with CR LF; the text and all files are base64. Never raises, whatever
    `message`, `texts` or `files` contain.
    """
    text = "\n\n".join([note.strip("\n"), *texts])
    text = "".join(c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in lf(text))
    body = text.replace("\n", "\r\n").encode("utf-8", "replace")
    if is_utf7(body):  # some would read it as that, though the label says something else
        body = body.replace(b"+", "＋".encode())
    lines = [*_header(message, mark), b"MIME-Version: 1.0"]
    label = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    if not files:
        return b"\r\n".join(lines) + b"\r\n" + label + base64_lines(body)
    lines.append(f'Content-Type: multipart/mixed; boundary="{BOUNDARY}"\r\n'.encode())
    delimiter = f"--{BOUNDARY}\r\n".encode()
    pieces = [b"\r\n".join(lines), b"\r\n", delimiter, label, base64_lines(body)]
    for file, name in zip(files, names_of(files), strict=True):
        pieces += [delimiter, file_header(file, name), b"\r\n", base64_lines(file.content)]
    return b"".join([*pieces, f"--{BOUNDARY}--\r\n".encode()])


def lf(text: str) -> str:
    """`text` with LF as its only line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _header(message: Message, mark: str) -> Iterable[bytes]:
    for field, name in _ADDRESSES:
        boxes = [b for h in message.all(field) for b in header_addresses(h.value)]
        good = [b for b in boxes if _ADDRESS.fullmatch(b.address)]
        kept = good[:1] if field == "from" else good[:MAX_MAILBOXES]
        if kept:
            each = [encode_mailbox(_phrase(b.name), b.address, len(name)) for b in kept]
            yield name.encode() + b": " + b",\r\n ".join(each)
        elif field == "from":
            yield b"From: unknown sender <unknown@invalid>"
    subject = message.first("subject")
    words = " ".join([mark, _phrase(subject.text) if subject else ""]).strip()
    yield b"Subject: " + encode_header(words, 7)
    date = message.first("date")
    if date and (found := _DATE.search(date.text)):
        yield b"Date: " + found[0].encode()
    for field, name in (
        ("message-id", "Message-ID"),
        ("in-reply-to", "In-Reply-To"),
        ("references", "References"),
    ):
        header = message.first(field)
        found_ids = _IDENTIFIER.findall(header.text) if header else []
        if found_ids:
            kept_ids = found_ids[:1] if field == "message-id" else found_ids[-MAX_REFERENCES:]
            yield f"{name}: ".encode() + b"\r\n ".join(i.encode() for i in kept_ids)


def _phrase(text: str) -> str:
    """Words of a header field on one line, without control and format characters."""
    text = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[:2000])
    return " ".join(text.split())[:500]


def file_header(file: AttachedFile, name: str) -> bytes:
    """The Content-* fields of a file that follows in base64, without the empty line.

    A stranger's text file is not labelled as text: each client would guess its charset and show it in the message.
    """
    kind = file.content_type.lower()
    if kind != TEXT and (not _TYPE.fullmatch(kind) or kind.endswith("ms-tnef")):
        kind = "application/octet-stream"
    parameter = f'filename="{name}"' if name.isascii() else f"filename*=utf-8''{quote(name, safe='')}"
    return (
        f"Content-Type: {kind}\r\nContent-Disposition: attachment;\r\n {parameter}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
    ).encode()
