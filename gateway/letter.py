"""A letter of ours to one of our people as an item: plain text, and HTML beside it where it is a list."""

from base64 import encodebytes
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from email.utils import format_datetime

import msgspec

from config.settings import Settings
from directory.people import Account
from mail.charset import encode_header, encode_mailbox
from mail.envelope import ForwardPath
from quarantine.item import Item, Recipient, State
from storage.interfaces import Blob

Put = Callable[[Iterable[bytes | memoryview]], Awaitable[Blob]]


class Letter(msgspec.Struct, frozen=True):
    """What a letter says. `html` is "" when the text says it all; `mail_id` names the mail that it is about."""

    subject: str
    text: str
    html: str = ""
    mail_id: str = ""


async def letter_item(
    letter: Letter, to: Account, *, settings: Settings, item_id: str, now: float, put: Put
) -> Item:
    """The item of a letter to this person's first address, its content stored. Raises StoreError.

    The reverse-path is null and Auto-Submitted set (RFC 3834): no machine answers it.
    """
    content = _content(letter, to, settings, item_id, now)
    blob = await put([content])
    return Item(
        id=item_id,
        mail_id=letter.mail_id or item_id,
        tenant=to.tenant,
        direction="notice",
        state=State.QUEUED,
        reverse_path="",
        recipients=(Recipient(ForwardPath(to.addresses[0], notify=("NEVER",))),),
        blob=blob.key,
        size=blob.size,
        sha256=blob.sha256,
        accepted_at=now,
        due_at=now,
        owner=to.login,
        smtputf8=not to.addresses[0].isascii(),
    )


def _content(letter: Letter, to: Account, settings: Settings, item_id: str, now: float) -> bytes:
    sender = settings.notices.sender or f"sekisho@{settings.hostname}"
    head = [
        b"Date: " + format_datetime(datetime.fromtimestamp(now, UTC)).encode(),
        b"From: " + encode_mailbox("Sekisho", sender),
        b"To: " + encode_mailbox(to.name(to.language), to.addresses[0]),
        b"Subject: " + encode_header(letter.subject[:250], len("Subject: ")),
        f"Message-ID: <{item_id}@{settings.hostname}>".encode(),
        b"Auto-Submitted: auto-generated",
        b"X-Auto-Response-Suppress: All",
        b"MIME-Version: 1.0",
    ]
    if not letter.html:
        return b"\r\n".join(head) + b"\r\n" + _part("plain", letter.text)
    boundary = f"=_{item_id}"
    return b"".join(
        [
            b"\r\n".join(head),
            f'\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n'.encode(),
            *(
                f"\r\n--{boundary}\r\n".encode() + _part(kind, text)
                for kind, text in (("plain", letter.text), ("html", letter.html))
            ),
            f"\r\n--{boundary}--\r\n".encode(),
        ]
    )


def _part(kind: str, text: str) -> bytes:
    fields = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    body = encodebytes(text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "replace"))
    return fields.encode() + body.replace(b"\n", b"\r\n")
