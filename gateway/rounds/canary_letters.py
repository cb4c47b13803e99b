"""The mails that a node examines in its own name, to prove that it still finds what it has to (gateway/rounds/canary_rounds.py).

They are of a domain that no name server has (RFC 6761 §6.4: invalid), from nobody and to nobody: no people, no list and no
next hop ever sees them (gateway/rounds/canary_session.py).
"""

import base64
import io
import secrets
from functools import lru_cache
from typing import Literal

import msgspec
import pyzipper

DOMAIN = "canary.sekisho.invalid"
"""Whoever says from outside to be of it is refused."""
OURS, THEIRS = f"ours@{DOMAIN}", f"theirs@{DOMAIN}"
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class CanaryLetter(msgspec.Struct, frozen=True):
    """`finds` is the rule that has to see something in it, "" where the mail has to be delivered without a warning; `scanned`:
    only where a virus scanner is asked."""

    name: str
    direction: Literal["inbound", "outbound"]
    raw: bytes
    finds: str = ""
    scanned: bool = False


@lru_cache(maxsize=1)
def letters() -> tuple[CanaryLetter, ...]:
    """One clean mail in each direction, and one for each kind of thing that must never pass unseen."""
    locked = _locked()
    program = b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + bytes(200)
    return (
        CanaryLetter("inbound_clean", "inbound", _mail("明日の打ち合わせは10時からです。")),
        CanaryLetter(
            "inbound_lure",
            "inbound",
            _mail("請求書をご確認ください。", "請求書.pdf.exe", program),
            "executable",
        ),
        CanaryLetter("inbound_locked", "inbound", _mail("資料です。", "a.zip", locked), "locked_attachment"),
        CanaryLetter("inbound_virus", "inbound", _mail("資料です。", "a.txt", _EICAR), "virus", True),
        CanaryLetter("outbound_clean", "outbound", _mail("明日の打ち合わせは10時からです。")),
        CanaryLetter(
            "outbound_marked", "outbound", _mail("【極秘】\r\n買収の条件です。"), "confidential_body"
        ),
        CanaryLetter(
            "outbound_locked", "outbound", _mail("資料です。", "a.zip", locked), "encrypted_attachment"
        ),
    )


def _mail(text: str, name: str = "", content: bytes = b"") -> bytes:
    head = (
        f"From: {THEIRS if not name else OURS}\r\nTo: {OURS}\r\nSubject: canary\r\n"
        f"Message-ID: <{secrets.token_hex(8)}@{DOMAIN}>\r\nMIME-Version: 1.0\r\n"
    )
    body = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    if not name:
        return (head + body).encode()
    word = base64.b64encode(name.encode()).decode()
    data = base64.encodebytes(content).replace(b"\n", b"\r\n").decode()
    return (
        f'{head}Content-Type: multipart/mixed; boundary="c"\r\n\r\n--c\r\n{body}--c\r\n'
        "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="=?utf-8?b?{word}?="\r\n\r\n{data}--c--\r\n'
    ).encode()


def _locked() -> bytes:
    """An archive that nobody has the password of."""
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(secrets.token_bytes(16).hex().encode())
        archive.writestr("a.txt", b"canary")
    return out.getvalue()
