"""What a report on delivery says of the mail that it is about (RFC 3464, RFC 3462 §2): its Message-ID, and whom it missed.

    mentioned(raw)       every Message-ID that may be meant, found without taking the mail apart
    returned(message)    those of the mail that is really returned
    undelivered(message) the recipients that a formal report names

Whoever got a mail of ours knows its Message-ID: that one is returned proves that the report is about a mail of ours, not
who wrote the report.
"""

import re

from mail.address import Mailbox
from mail.message import Message

READ = 262_144
"""Octets of a report that are looked through: the header of the returned mail stands behind a text and the status."""
MOST = 5
"""Message-IDs that are looked at."""

_ID = re.compile(rb"(?im)^[> \t]{0,4}message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{3,998}>)")
_RECIPIENT = re.compile(
    rb"(?im)^(?:final|original)-recipient:[^;\r\n]{0,40};[ \t]*<?([^\s<>;@]{1,320}@[^\s<>;@]{1,255})"
)
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_HEADERS = ("text/rfc822-headers", "message/global-headers")
_DAEMON = re.compile(
    r"mailer[-_.]?daemon|mail[-_.]?daemon|po+st[-_.]?master|mdaemon|mail[-_.]?(?:server|system|gateway|relay)|smtp|mta|microsoftexchange[0-9a-f]{8,}|mail[-_.]?delivery|bounces?",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"mail(?:er)?[ -]?(?:deliver|daemon)|deliver(?:y)? (?:sub)?system|delivery (?:service|notification|status)|"
    r"system administrator|postmaster",
    re.IGNORECASE,
)


def is_by_program(author: Mailbox) -> bool:
    """True for an author as mail systems write it in their reports: MAILER-DAEMON, postmaster, nobody at all."""
    local = author.address.rpartition("@")[0] or author.address or author.name
    return not local or bool(_DAEMON.fullmatch(local)) or bool(_SYSTEM.match(author.name))


def mentioned(raw: bytes | memoryview) -> tuple[str, ...]:
    """The Message-IDs, in their brackets, that stand in a field of that name after the mail's own header."""
    end = re.search(rb"\r?\n\r?\n", raw[:READ])
    found = _ID.findall(raw[end.end() : READ]) if end else []
    return tuple(dict.fromkeys(each.decode("utf-8", "replace") for each in found[:MOST]))


def returned(message: Message) -> tuple[str, ...]:
    """The Message-IDs of the returned mail, in their brackets.

    In a multipart/report only a returned part counts, in other reports every text that has such a field.
    """
    formal = message.root.content_type == "multipart/report"
    parts = [p for p in message.parts if not formal or p.parent is message.root]
    found: list[str] = []
    for part in parts:
        if part.is_message and part.children:
            field = part.children[0].first("message-id")
            found += [field.text.strip()] if field else []
        elif part.content_type in _HEADERS or (not formal and part.content_type.startswith("text/")):
            ids = _ID.findall(b"\r\n" + part.content()[:READ])
            found += [each.decode("utf-8", "replace") for each in ids[:1]]
    return tuple(dict.fromkeys(each for each in found if each))[:MOST]


def undelivered(message: Message) -> frozenset[str]:
    """The addresses that the machine's part of a report names (RFC 3464 §2.3.1, §2.3.2), in lower case; none of other mail."""
    if message.root.content_type != "multipart/report":
        return frozenset()
    found = [
        address.decode("utf-8", "replace").lower()
        for part in message.parts
        if part.content_type in _STATUS and part.parent is message.root
        for address in _RECIPIENT.findall(b"\r\n" + part.content()[:READ])
    ]
    return frozenset(found)
