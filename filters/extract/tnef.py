"""TNEF (winmail.dat, MS-OXTNEF): subject, texts and attachments of a mail in Outlook's own format."""

import struct
from collections.abc import Iterator

from filters.extract import html, mapi, rtf
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.reason import Reason, Stop
from mail.charset import decode

_SUBJECT, _BODY, _MAPI = 0x8004, 0x800C, 0x9003
_TITLE, _DATA, _ATTACHMENT, _START = 0x8010, 0x800F, 0x9005, 0x9002
_WIDTHS = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
MOST = 10_000
Property = tuple[int, int, bytes]


@reads("tnef", b"\x78\x9f\x3e\x22", media="application/ms-tnef")
def read(content: bytes, found: Found) -> None:
    """Read a TNEF stream into `found`. Raises Stop."""
    attachments: list[dict[str, bytes]] = []
    try:
        for kind, data in _attributes(content):
            if kind == _SUBJECT:
                found.text("subject", decode(data.rstrip(b"\0"), ""))
            elif kind == _BODY:
                found.text("body", decode(data.rstrip(b"\0"), ""))
            elif kind == _MAPI:
                _message(data, found)
            elif kind == _START:
                found.budget.take_member()
                attachments.append({})
            elif kind in (_TITLE, _DATA, _ATTACHMENT):
                if not attachments:
                    attachments.append({})
                if kind == _TITLE:
                    attachments[-1].setdefault("title", data.rstrip(b"\0"))
                elif kind == _DATA:
                    attachments[-1]["data"] = data
                else:
                    attachments[-1]["mapi"] = data
        for attachment in attachments:
            _attached(attachment, found)
    except (struct.error, IndexError, ValueError) as error:
        raise Stop(Reason.MALFORMED, f"tnef: {type(error).__name__}") from None
    found.verdicts.append("ok")


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    for _ in range(MOST):
        if at >= len(content):
            return
        _, kind, size = struct.unpack_from("<BLL", content, at)
        at += 9
        if at + size + 2 > len(content):
            raise Stop(Reason.CUT_OFF, "tnef: cut off")
        yield kind & 0xFFFF, content[at : at + size]
        at += size + 2
    raise Stop(Reason.PARTS, "tnef: too many attributes")


def _properties(data: bytes) -> Iterator[Property]:
    """(identifier, type, value) of a list of MAPI properties; multiple values come one by one."""
    (count,) = struct.unpack_from("<L", data)
    at = 4
    for _ in range(min(count, MOST)):
        kind, identifier = struct.unpack_from("<HH", data, at)
        at += 4
        if identifier >= 0x8000:
            at += 16
            (named,) = struct.unpack_from("<L", data, at)
            at += 8
            if named == 1:
                (size,) = struct.unpack_from("<L", data, at - 4)
                at += (size + 3) // 4 * 4
        several, kind = kind & 0x1000, kind & 0xFFF
        values = 1
        if several or kind not in _WIDTHS:
            (values,) = struct.unpack_from("<L", data, at)
            at += 4
        for _ in range(min(values, MOST)):
            if kind in _WIDTHS:
                width = size = _WIDTHS[kind]
            else:
                (size,) = struct.unpack_from("<L", data, at)
                at += 4
                width = (size + 3) // 4 * 4
            if at + size > len(data):
                raise ValueError
            yield identifier, kind, data[at : at + size]
            at += width


def _string(kind: int, value: bytes) -> str:
    return (value.decode("utf-16-le", "replace") if kind == 0x1F else decode(value, "")).rstrip("\0")


def _message(data: bytes, found: Found) -> None:
    for identifier, kind, value in _properties(data):
        if identifier == mapi.RTF:
            found.text("body.rtf", rtf.text_of(mapi.rtf(value), found))
        elif identifier == mapi.HTML:
            found.text("body.html", html.read(value) if kind == 0x102 else html.text_of(_string(kind, value)))
        elif kind in (0x1E, 0x1F):
            place = {mapi.SUBJECT: "subject", mapi.BODY: "body"}.get(identifier) or mapi.NAMES.get(identifier)
            if place:
                found.text(place, _string(kind, value))


def _attached(attachment: dict[str, bytes], found: Found) -> None:
    name = decode(attachment.get("title", b""), "")
    data = attachment.get("data", b"")
    for identifier, kind, value in _properties(attachment["mapi"]) if "mapi" in attachment else ():
        if identifier == mapi.ATTACH_LONG_NAME:
            name = _string(kind, value) or name
        elif identifier == mapi.ATTACH_DATA and not data:
            data = value[16:] if kind == 0x0D else value
    found.budget.take_bytes(len(data))
    found.inside(name or "attachment", data)
