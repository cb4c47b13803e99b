"""Mails of every kind that takes another way through the gateway."""

import base64
import itertools
from dataclasses import dataclass

from tests.services.node import DOMAIN

TARO, HANAKO = f"taro@{DOMAIN}", f"hanako@{DOMAIN}"
SATO, REFUSED = "sato@client.example.net", "nobody@client.example.net"
ITO = "ito@client.example.net"
CARD = b"4111111111111111"
_number = itertools.count(1)

OUTBOUND = ("internal", "external", "mixed", "encrypted", "refused", "forbidden")
INBOUND = ("inbound", "quarantined")


@dataclass(frozen=True)
class Mail:
    """One mail as a client sends it. `kind` says which way it should take."""

    kind: str
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def listener(self) -> str:
        return "inbound" if self.kind in INBOUND else "submission"

    @property
    def secret(self) -> bytes:
        """Bytes that no outsider may receive, "" when there are none."""
        return CARD if self.kind == "encrypted" else b""


def mail(kind: str, size: int = 0) -> Mail:
    """A new mail of a kind; `size` bytes longer than it would be."""
    number = next(_number)
    message_id = f"<crash-{number}-{kind}@test.example>"
    sender, recipients = {
        "internal": (TARO, (HANAKO,)),
        "external": (TARO, (SATO,)),
        "mixed": (TARO, (HANAKO, SATO)),
        "several": (TARO, (SATO, ITO)),
        "encrypted": (TARO, (SATO,)),
        "refused": (TARO, (REFUSED, SATO)),
        "forbidden": (TARO, (SATO,)),
        "inbound": (SATO, (TARO, HANAKO)),
        "quarantined": (SATO, (TARO,)),
    }[kind]
    attachment = {
        "encrypted": ("cards.csv", "text/csv", b"name,card\r\nSuzuki," + CARD + b"\r\n"),
        "quarantined": ("setup.exe", "application/octet-stream", b"MZ" + bytes(200)),
    }.get(kind)
    text = "社外秘 の資料です" if kind == "forbidden" else "こんにちは"
    body = text.encode() + b"\r\n" + b"0123456789abcde\r\n" * (size // 17)
    head = (
        f"From: <{sender}>\r\nTo: {', '.join(recipients)}\r\nSubject: test {number}\r\nMessage-ID: {message_id}\r\n"
        "Date: Mon, 02 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n"
    ).encode()
    plain = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body
    if attachment is None:
        return Mail(kind, message_id, sender, recipients, head + plain)
    name, kind_of_file, data = attachment
    content = (
        head
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        + plain
        + f'--b\r\nContent-Type: {kind_of_file}; name="{name}"\r\n'.encode()
        + f'Content-Disposition: attachment; filename="{name}"\r\n'.encode()
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(data).replace(b"\n", b"\r\n")
        + b"--b--\r\n"
    )
    return Mail(kind, message_id, sender, recipients, content)
