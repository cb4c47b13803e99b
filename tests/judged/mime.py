"""Mails as bytes, the same on every run: boundaries and identifiers come from what the mail says."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from email.header import Header
from urllib.parse import quote

File = tuple[str, str, bytes]  # name, media type, content

MEDIA = {
    "txt": "text/plain", "csv": "text/csv", "tsv": "text/tab-separated-values", "json": "application/json",
    "html": "text/html", "xml": "application/xml", "pdf": "application/pdf", "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "png": "image/png", "svg": "image/svg+xml", "ics": "text/calendar", "vcf": "text/vcard",
}  # fmt: skip


def word(text: str, charset: str = "utf-8") -> str:
    """As the value of a header field: encoded words where it is not ASCII (RFC 2047)."""
    if text.isascii():
        return text
    return Header(text, charset, maxlinelen=72).encode(linesep="\r\n")


def address(name: str, box: str) -> str:
    """A mailbox with a display name."""
    if not name:
        return box
    return f'"{name}" <{box}>' if name.isascii() else f"{word(name)} <{box}>"


def file(name: str, content: bytes | str) -> File:
    """An attachment whose media type follows its name's ending."""
    data = content.encode() if isinstance(content, str) else content
    return name, MEDIA.get(name.rpartition(".")[2].lower(), "application/octet-stream"), data


def _digest(*parts: bytes | str) -> str:
    return hashlib.sha256(b"\0".join(p if isinstance(p, bytes) else p.encode() for p in parts)).hexdigest()


def _base64(content: bytes) -> str:
    coded = base64.b64encode(content).decode()
    return "\r\n".join(coded[n : n + 76] for n in range(0, len(coded), 76))


def text_part(text: str, subtype: str = "plain", charset: str = "utf-8") -> str:
    """A part of text; base64 unless it is ASCII with short lines or ISO-2022-JP."""
    octets = text.replace("\r\n", "\n").replace("\n", "\r\n").encode(charset)
    head = f"Content-Type: text/{subtype}; charset={charset}\r\nContent-Transfer-Encoding: "
    if octets.isascii() and max(map(len, octets.split(b"\r\n"))) < 990:
        return head + "7bit\r\n\r\n" + octets.decode("ascii")
    return head + "base64\r\n\r\n" + _base64(octets)


def file_part(one: File) -> str:
    """An attachment, its name by RFC 2231."""
    name, media, content = one
    shown = f'filename="{name}"' if name.isascii() else f"filename*=utf-8''{quote(name, safe='')}"
    return (
        f"Content-Type: {media}\r\nContent-Disposition: attachment; {shown}\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{_base64(content)}"
    )


def multipart(subtype: str, parts: Sequence[str]) -> str:
    """Parts put together; each is its fields, an empty line and its body."""
    boundary = f"=_{_digest(*parts)[:24]}"
    inner = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n{inner}--{boundary}--\r\n'


def mail(
    subject: str,
    text: str,
    *,
    html: str = "",
    files: Iterable[File] = (),
    sender: tuple[str, str] = ("佐藤 由紀", "y.sato@corp.example"),
    to: tuple[str, str] = ("", "tanaka@partner.example"),
    charset: str = "utf-8",
    fields: Iterable[tuple[str, str]] = (),
    date: str = "Tue, 17 Nov 2026 10:24:31 +0900",
) -> bytes:
    """A whole mail. `fields` are header fields to add, raw."""
    body = text_part(text, "plain", charset)
    if html:
        body = multipart("alternative", [body, text_part(html, "html", charset)])
    parts = [file_part(one) for one in files]
    if parts:
        body = multipart("mixed", [body, *parts])
    key = _digest(subject, body, *sender, *to)[:20]
    head = [
        ("From", address(*sender)), ("To", address(*to)), ("Subject", word(subject)), ("Date", date),
        ("Message-ID", f"<{key}@{sender[1].rpartition('@')[2]}>"), *fields, ("MIME-Version", "1.0"),
    ]  # fmt: skip
    return ("".join(f"{name}: {value}\r\n" for name, value in head) + body).encode("utf-8", "surrogateescape")
