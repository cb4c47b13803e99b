"""Delivery status notifications: what became of a mail, for programs and for people (RFC 3464, 6522, 6533).

A report carries the header of the original but never its body, as it goes to whomever the reverse-path names.
The caller sends it from the null reverse-path and never reports on mail that came from there.
"""

import hashlib
import re
from collections.abc import Callable, Sequence

import msgspec

from mail.charset import encode_header, encode_mailbox
from mail.encoding import base64_lines
from mail.message import Message
from mail.trace import date

ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")

_XTEXT = re.compile(r"\+([0-9A-F]{2})")

Say = Callable[[str], Sequence[str]]
"""The sentences for a key, one in each language: "from" (who writes), "title.ACTION", "text.ACTION"."""


class RecipientStatus(msgspec.Struct, frozen=True):
    """What became of one recipient.

    `action` is one of ACTIONS; `status` an enhanced status code such as "5.1.1"; `diagnostic` the remote host's
    reply, such as "550 5.1.1 no such user" ("" when the decision was ours); `orcpt` the raw ORCPT value;
    `cause` why it waits (mail/cause.py), for the sentences.
    """

    address: str
    action: str = "failed"
    status: str = "5.0.0"
    diagnostic: str = ""
    remote_mta: str = ""
    orcpt: str = ""
    last_attempt: float = 0.0
    retry_until: float = 0.0
    cause: str = ""


def _line(text: str, size: int = 500) -> str:
    """One line without control characters, so that nothing a peer said can start a field or part of the report."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:size]


def _field(name: str, value: str) -> str:
    """A field of the report, folded at spaces to 76 columns where possible."""
    lines, line = [], f"{name}:"
    for word in value.split(" "):
        if len(line) + 1 + len(word) > 76 and line.strip() != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line]) + "\r\n"


def _typed(address: str) -> str:
    return ("rfc822; " if address.isascii() else "utf-8; ") + _line(address, 400)


def _original(orcpt: str) -> str:
    kind, semicolon, value = orcpt.partition(";")
    if not semicolon or not re.fullmatch(r"[A-Za-z0-9-]+", kind):
        return ""
    return f"{kind}; {_line(_XTEXT.sub(lambda m: chr(int(m[1], 16)), value), 400)}"


def _per_recipient(one: RecipientStatus) -> str:
    text = ""
    if original := _original(one.orcpt):
        text += _field("Original-Recipient", original)
    text += _field("Final-Recipient", _typed(one.address))
    text += _field("Action", one.action) + _field("Status", one.status)
    if one.remote_mta:
        text += _field("Remote-MTA", f"dns; {_line(one.remote_mta, 255)}")
    if one.diagnostic:
        text += _field("Diagnostic-Code", f"smtp; {_line(one.diagnostic)}")
    if one.last_attempt:
        text += _field("Last-Attempt-Date", date(one.last_attempt))
    if one.action == "delayed" and one.retry_until:
        text += _field("Will-Retry-Until", date(one.retry_until))
    return text


def _explained(action: str, recipients: Sequence[RecipientStatus], say: Say) -> str:
    lines = [*say(f"text.{action}"), ""]
    for one in recipients:
        if one.action == action:
            reply = _line(one.diagnostic) or one.status
            lines += [f"  <{_line(one.address, 400)}>", f"    {reply}"]
    return "\r\n".join([*lines, ""])


def report(
    *, original: Message, recipients: Sequence[RecipientStatus], to: str, author: str, reporting_mta: str,
    message_id: str, now: float, say: Say, arrived: float = 0.0, envid: str = "",
) -> bytes:  # fmt: skip
    """The whole notification, with CRLF line ends.

    `to` is the reverse-path of the original, `author` the address that the notice comes from (postmaster),
    `message_id` its own id without brackets. Never contains a byte of the original's body.
    """
    action = min((r.action for r in recipients), key=ACTIONS.index)
    boundary = hashlib.sha256(message_id.encode()).hexdigest()[:40]
    header = bytes(original.view[: original.header_end]).rstrip(b"\r\n")
    header = b"\r\n".join(line.rstrip(b"\r") for line in header.split(b"\n")) + b"\r\n"
    wide = not all(r.address.isascii() for r in recipients)

    message = _field("Reporting-MTA", f"dns; {_line(reporting_mta, 255)}")
    if envid:
        message += _field("Original-Envelope-Id", _line(_XTEXT.sub(lambda m: chr(int(m[1], 16)), envid), 100))
    if arrived:
        message += _field("Arrival-Date", date(arrived))
    status = "\r\n".join([message, *(_per_recipient(r) for r in recipients)])
    actions = dict.fromkeys(r.action for r in recipients)
    text = "\r\n".join(_explained(a, recipients, say) for a in sorted(actions, key=ACTIONS.index))

    reference = original.first("message-id")
    thread = _line(reference.text, 400) if reference else ""
    head = [
        b"Date: " + date(now).encode(),
        b"From: " + encode_mailbox(say("from")[0], author),
        b"To: <" + to.encode() + b">",
        b"Subject: " + encode_header(" / ".join(say(f"title.{action}")), len("Subject")),
        b"Message-ID: <" + message_id.encode() + b">",
        b"Auto-Submitted: auto-replied",
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="'
        + boundary.encode()
        + b'"',
    ]
    if re.fullmatch(r"<[!-;=?-~]+>", thread):
        head[5:5] = [b"In-Reply-To: " + thread.encode(), b"References: " + thread.encode()]
    mark = b"--" + boundary.encode()
    plain_header = header.isascii() and max(map(len, header.split(b"\n"))) <= 990
    return b"\r\n".join(
        [
            *head,
            b"",
            mark,
            b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n",
            base64_lines(text.encode()) + mark,
            b"Content-Type: message/" + (b"global-" if wide else b"") + b"delivery-status",
            b"Content-Transfer-Encoding: 8bit\r\n" if wide else b"",
            status.encode() + b"\r\n" + mark,
            b"Content-Type: text/rfc822-headers" + (b"" if header.isascii() else b"; charset=utf-8"),
            (b"\r\n" + header + b"\r\n") if plain_header else b"Content-Transfer-Encoding: base64\r\n\r\n" + base64_lines(header),
        ]
    ) + mark + b"--\r\n"  # fmt: skip
