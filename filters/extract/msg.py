"""Outlook messages (MS-OXMSG): subject, texts, people and attachments, embedded messages included."""

import re

from filters.extract import html, mapi, rtf, strings
from filters.extract.compound import Compound
from filters.extract.found import Found
from filters.extract.reason import Reason, Stop
from mail.charset import decode

_PROPERTY = re.compile(r"__substg1\.0_([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})$")
_ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9A-Fa-f]{8}/")
_RECIPIENT = re.compile(r"__recip_version1\.0_#[0-9A-Fa-f]{8}/")


def read(ole: Compound, found: Found, base: str = "") -> None:
    """Read a message of a compound file into `found`; `base` is the storage of an embedded message."""
    for path in ole.streams(base):
        match = _PROPERTY.match(path[len(base) :])
        if match:
            _property(int(match[1], 16), match[2].lower(), ole.stream(path), found)
    for storage in sorted(
        {base + m[0] for p in ole.streams(base) if (m := _RECIPIENT.match(p[len(base) :]))}
    ):
        found.text("recipient", " ".join(_strings(ole, storage, (0x3001, 0x3003, 0x39FE))))
    for storage in sorted(
        {base + m[0] for p in ole.paths if p.startswith(base) and (m := _ATTACHMENT.match(p[len(base) :]))}
    ):
        _attachment(ole, found, storage)
    found.verdicts.append("ok")


def _strings(ole: Compound, storage: str, wanted: tuple[int, ...]) -> list[str]:
    texts = []
    for identifier in wanted:
        for kind in ("001F", "001E"):
            if data := ole.stream(f"{storage}__substg1.0_{identifier:04X}{kind}"):
                texts.append(text_of(kind.lower(), data))
                break
    return texts


def text_of(kind: str, data: bytes) -> str:
    """A string property: 001f is UTF-16, 001e is in some charset."""
    return (data.decode("utf-16-le", "replace") if kind == "001f" else decode(data, "")).rstrip("\0")


def _property(identifier: int, kind: str, data: bytes, found: Found) -> None:
    if identifier == mapi.RTF and kind == "0102":
        found.text("body.rtf", rtf.text_of(mapi.rtf(data), found))
    elif identifier == mapi.HTML:
        found.text("body.html", html.read(data) if kind == "0102" else html.text_of(text_of(kind, data)))
    elif kind in ("001f", "001e"):
        place = {mapi.SUBJECT: "subject", mapi.BODY: "body"}.get(identifier) or mapi.NAMES.get(identifier)
        if place:
            found.text(place, text_of(kind, data))


def _attachment(ole: Compound, found: Found, storage: str) -> None:
    found.budget.take_member()
    names = _strings(ole, storage, (mapi.ATTACH_LONG_NAME, mapi.ATTACH_NAME, 0x3001))
    name = names[0] if names else "attachment"
    inner = f"{storage}__substg1.0_{mapi.ATTACH_DATA:04X}000D/"
    if any(p.startswith(inner) for p in ole.paths):
        found.nested(
            name + ("" if name.lower().endswith(".msg") else ".msg"),
            "msg",
            lambda below: _inner(ole, below, inner),
        )
        return
    data = ole.stream(f"{storage}__substg1.0_{mapi.ATTACH_DATA:04X}0102")
    found.inside(name, data)


def _inner(ole: Compound, below: Found, inner: str) -> None:
    if f"{inner}__properties_version1.0".lower() in ole.folded:
        read(ole, below, inner)
        return
    for path in ole.streams(inner):
        below.text(path[len(inner) :], strings.texts(ole.stream(path)))
    raise Stop(Reason.FORMAT, "msg: an embedded object")
