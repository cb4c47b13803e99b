"""Arriving mails for the tests of the indicators."""

import base64
import io
import zipfile
from collections.abc import Mapping
from typing import Any

from config.policy import Organisation
from filters.facts import Facts, Origin
from filters.finding import Finding
from filters.rule import Mail
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from tests.filters.mails import SHIPPED

US = Organisation(
    name="関所商事",
    domains=("us.example",),
    group_domains=("sister.example",),
    partners={"koyo-denki.example": "株式会社光陽電機"},
    people=("山田 太郎", "Suzuki Hanako"),
)
TO = "user@us.example"


def mail(
    text: str = "お世話になっております。明日の打ち合わせの件です。",
    *,
    sender: str = "Tanaka <tanaka@koyo-denki.example>",
    subject: str = "明日の件",
    html: str = "",
    files: Mapping[str, bytes] | None = None,
    extra: str = "",
    to: str = TO,
) -> bytes:
    """A mail with plain text, perhaps an HTML form of it, and files; names are sent as RFC 2047 words."""
    head = f"From: {_header(sender)}\r\nTo: {to}\r\nSubject: {_header(subject)}\r\nMessage-ID: <1@x.example>\r\n{extra}MIME-Version: 1.0\r\n"
    parts = [("text/plain", text)] if text else []
    parts += [("text/html", html)] if html else []
    bodies = [
        f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{_base64(body.encode())}"
        for kind, body in parts
    ]
    if len(bodies) == 1 and not files:
        return (head + bodies[0]).encode()
    inner = bodies[0]
    if len(bodies) == 2:
        inner = 'Content-Type: multipart/alternative; boundary="alt"\r\n\r\n' + _joined("alt", bodies)
    if not files:
        return (head + inner).encode()
    attached = [
        "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{_word(name)}"\r\n\r\n{_base64(content)}'
        for name, content in files.items()
    ]
    return (
        head + 'Content-Type: multipart/mixed; boundary="mix"\r\n\r\n' + _joined("mix", [inner, *attached])
    ).encode()


def _joined(boundary: str, bodies: list[str]) -> str:
    return "".join(f"--{boundary}\r\n{body}\r\n" for body in bodies) + f"--{boundary}--\r\n"


def _base64(data: bytes) -> str:
    return base64.encodebytes(data).decode().replace("\n", "\r\n")


def _word(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def _header(text: str) -> str:
    """`Name <address>` with the name as an encoded word when it needs one; plain text likewise."""
    if text.isascii():
        return text
    name, angle, rest = text.partition(" <")
    return _word(name) + (f" <{rest}" if angle else "")


def archive(files: Mapping[str, bytes]) -> bytes:
    """A ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return out.getvalue()


def arrived(raw: bytes, **facts: Any) -> Mail:
    """The mail at the checkpoint, from outside, to one of us."""
    envelope = Envelope(facts.pop("reverse_path", ""), (ForwardPath(TO),))
    return Mail(Message(raw), Facts("inbound", Origin("mx", "192.0.2.1"), envelope, **facts))


def look(rule: str, raw: bytes, settings: dict[str, Any] | None = None, **facts: Any) -> list[Finding]:
    """What one indicator sees in a mail."""
    each = SHIPPED.by_name[rule]
    return each.rule.look(arrived(raw, **facts), US, each.settings | (settings or {}), each.weight)


def weight(rule: str, raw: bytes, **facts: Any) -> int:
    """The weight that one indicator gives, 0 when it sees nothing."""
    return max((f.weight for f in look(rule, raw, **facts)), default=0)
