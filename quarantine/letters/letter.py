"""A letter of ours to our own people, and the one place that makes an item of it: it travels like any other mail.

What it says stands by event and reader in config/words/LANGUAGE/letters.toml; what is filled in, with its topic:
waiting.py (mail that waits to leave), held.py and digest.py (mail that waits to arrive), reported.py (reports). A letter
links to a page; it never acts, and no passphrase is in it. The reverse-path is null and Auto-Submitted set (RFC 3834):
no machine answers it.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

import msgspec

from config.settings import Settings
from config.words import say
from directory.account import Account
from mail.charset import encode_header, encode_mailbox
from mail.encoding import base64_lines
from mail.envelope import ForwardPath
from quarantine.item import Item, Recipient, State, new_id
from storage.interfaces import Blob

Put = Callable[[Iterable[bytes | memoryview], str], Awaitable[Blob]]
"""Stores a content of a tenant's; raises StoreError."""


_BLANK_LINES = re.compile(r"\n{3,}")


class Letter(msgspec.Struct, frozen=True):
    """What a letter says. `html` is "" when the text says it all; `mail_id` names the mail that it is about."""

    subject: str
    text: str
    html: str = ""
    mail_id: str = ""


def write(key: str, language: str, /, *, mail_id: str = "", html: str = "", **values: object) -> Letter:
    """The letter `key` ("event.reader") in this language. A value that is "" takes its paragraph with it."""
    subject = say(language, f"letters.{key}.subject", **values)
    text = say(language, f"letters.{key}.text", **values)
    return Letter(subject, _BLANK_LINES.sub("\n\n", text).strip() + "\n", html, mail_id)


def indented(lines: Iterable[str]) -> str:
    """Lines as one block of a text, set off from what is around them."""
    return "\n".join(f"    {line}" for line in lines)


class Post:
    """Makes items of letters. `put` stores their contents where the caller has no transaction of its own for them."""

    def __init__(self, settings: Settings, put: Put) -> None:
        self._settings = settings
        self._put = put

    async def to_account(self, letter: Letter, account: Account, now: float, put: Put | None = None) -> Item:
        """The item of a letter to this person's first address; they find it among their own mail. Raises StoreError."""
        return await self.item(
            letter, account.addresses[:1], now, put,
            name=account.name_in(account.language), owner=account.login, tenant=account.tenant,
        )  # fmt: skip

    def door(self, tenant: str) -> str:
        """Where a tenant's people type a one-time code, "" where the settings do not say how they reach the console."""
        base = self._settings.of(tenant).console.base_url.rstrip("/")
        return f"{base}/once" if base else ""

    async def item(
        self,
        letter: Letter,
        to: Sequence[str],
        now: float,
        put: Put | None = None,
        *,
        tenant: str,
        name: str = "",
        owner: str = "",
    ) -> Item:
        """The item of a letter, its content stored with `put`. Raises StoreError.

        `name` is that of the only recipient; several do not see each other. `now` in UTC seconds.
        """
        item_id = new_id(now)
        field = encode_mailbox(name, to[0]) if len(to) == 1 else b"undisclosed-recipients:;"
        content = self._content(letter, field, item_id, now, tenant)
        blob = await (put or self._put)([content], tenant)
        return Item(
            id=item_id,
            mail_id=letter.mail_id or item_id,
            tenant=tenant,
            direction="notice",
            state=State.QUEUED,
            reverse_path="",
            recipients=tuple(Recipient(ForwardPath(address, notify=("NEVER",))) for address in to),
            blob=blob.key,
            size=blob.size,
            sha256=blob.sha256,
            accepted_at=now,
            due_at=now,
            owner=owner,
            # The body is base64, so only addresses can need it (RFC 6531 §3.1).
            smtputf8=not (content.isascii() and all(address.isascii() for address in to)),
        )

    def _content(self, letter: Letter, to: bytes, item_id: str, now: float, tenant: str) -> bytes:
        settings = self._settings.of(tenant)
        sender = settings.notices.sender or f"sekisho@{settings.hostname}"
        head = [
            b"Date: " + format_datetime(datetime.fromtimestamp(now, UTC)).encode(),
            b"From: " + encode_mailbox("Sekisho", sender),
            b"To: " + to,
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
    body = text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "replace")
    return fields.encode() + base64_lines(body)
