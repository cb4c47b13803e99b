"""The other readings of an ambiguous mail, as extra parts: what some client would open but the plain reading hides.

Rules look at the union: the parts of the mail and these. Each extra part is wrapped in a small mail made from
bytes of the original, so that the same code reads it; its path is that of the part it comes from, "~", and the
name of the reading, such as "2~base64".

Bounded: at most MAX_READINGS of them, MAX_BYTES in total, one level deep. `complete` says when there were more,
because a mail with a reading that nobody looked at was not examined.
"""

import binascii
import itertools
import re
from collections.abc import Iterable, Iterator

import msgspec

from mail import cms
from mail.ambiguity import Ambiguity, ambiguities
from mail.charset import masked, unbase64
from mail.decoding import is_utf7
from mail.encoding import IDENTITY, blocks, decoded, uu_files, uuencoded, yenc_files
from mail.message import Message, Part

MAX_READINGS = 64
MAX_BYTES = 64 * 1024 * 1024
SIGNED = 3
"""Signatures around signatures that are taken off."""

_BOUNDARY = re.compile(
    rb'boundary(?:\*\d*\*?)?[ \t\r\n]*=[ \t\r\n]*(?:"([^"\r\n]*)"?|([^\s;"]+))', re.IGNORECASE
)
_MIME_FIELD = re.compile(
    rb"^content-(?:type|transfer-encoding|disposition)[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_BARE_CR = re.compile(rb"\r(?!\n)")
_BLANK_FOLD = re.compile(rb"\n[ \t]+\r?\n(?=[^\r\n])")

_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")

_Reading = tuple[str, bytes]


class Readings(msgspec.Struct, frozen=True):
    """The extra parts, depth first within each reading; `complete` is False when there are more than were read."""

    parts: tuple[Part, ...] = ()
    complete: bool = True


def _mail(body: bytes, content_type: bytes = b"", encoding: bytes = b"", disposition: bytes = b"") -> bytes:
    """A small mail around a body. Values come from a header of the original; they are unfolded and end no line."""
    fields = (
        (b"Content-Type", content_type),
        (b"Content-Transfer-Encoding", encoding),
        (b"Content-Disposition", disposition),
    )
    lines = b"".join(
        name + b": " + re.sub(rb"[\r\n]+", b" ", value) + b"\r\n" for name, value in fields if value
    )
    return (lines or b"Content-Type: text/plain\r\n") + b"\r\n" + body


def _split_at(boundary: bytes) -> bytes:
    """A Content-Type with exactly this boundary: percent-encoded, so that nothing in it is decoded twice."""
    return b"multipart/mixed; boundary*=utf-8''" + b"".join(b"%%%02X" % b for b in boundary)


def _values(part: Part, name: str) -> list[bytes]:
    return [h.value for h in part.all(name)][:5]


def _plain_encoding(value: bytes) -> bytes:
    """What a decorated transfer encoding means to a client that looks for the word inside."""
    lower = value.lower()
    if re.search(rb"base-?64", lower):
        return b"base64"
    if re.search(rb"quoted-?printable", lower):
        return b"quoted-printable"
    return b"x-uuencode" if b"uu" in lower else b""


def _header_readings(part: Part, body: bytes) -> Iterator[_Reading]:
    """Every combination of Content-Type and transfer encoding other than the one that was read."""
    types = _values(part, "content-type") or [b""]
    encodings = _values(part, "content-transfer-encoding") or [b""]
    disposition = b"".join(_values(part, "content-disposition")[-1:])
    plain = [e for e in map(_plain_encoding, encodings) if e and e not in encodings]
    if len(types) == 1 and len(encodings) == 1 and not plain:
        return
    for kind in dict.fromkeys(types):
        for encoding in dict.fromkeys([*encodings, *plain]):
            if (kind, encoding) != (types[0], encodings[0]):
                yield "other-fields", _mail(body, kind, encoding, disposition)


def _boundary_readings(part: Part, body: bytes) -> Iterator[_Reading]:
    """A multipart split at every boundary that its header could mean, even when its type is malformed."""
    field = part.first("content-type")
    if field is None:
        return
    value = field.value
    used = part.parameters.get("boundary", "").encode("utf-8", "replace") if part.is_multipart else b""
    others = [r.encode("utf-8", "replace") for r in part.type_parameters.readings("boundary")]
    others += [m[1] if m[1] is not None else m[2] for m in _BOUNDARY.finditer(masked(value))]
    others += [b.strip() for b in others if b.strip() != b] + [b[:70] for b in others if len(b) > 70]
    if not others and (part.is_multipart or b"multi" in value.lower()):
        # No boundary at all: some clients take the first line that looks like one.
        others += [m[1] for m in re.finditer(rb"(?:\A|\n)--([^\s-][^\r\n]{0,70}?)[ \t]*\r?\n", body[:65536])][
            :2
        ]
    for boundary in list(dict.fromkeys(others))[:6]:
        if boundary and boundary != used and b"--" + boundary in body:
            yield "boundary", _mail(body, _split_at(boundary))
    if part.false_delimiters and used:
        # RFC 2046 compares only the beginning of the line; the rest is dropped.
        loose = re.sub(rb"(?m)^(--" + re.escape(used) + rb")(?!--)[^\r\n]+", rb"\1", body)
        yield "boundary-prefix", _mail(loose, _split_at(used))


def _outside_readings(part: Part) -> Iterator[_Reading]:
    """The text before the first and after the last boundary, when it has MIME fields."""
    if not part.is_multipart or not part.children:
        return
    view = part.view
    start, end = part.body_span
    after = part.end_boundary if part.end_boundary >= 0 else end
    for name, a, b in (("preamble", start, part.children[0].span[0]), ("epilogue", after, end)):
        piece = bytes(view[a:b])
        if field := _MIME_FIELD.search(piece):
            yield name, piece[field.start() :]
    boundary = part.parameters.get("boundary", "").encode("utf-8", "replace")
    rest = bytes(view[after:end])
    if boundary and b"--" + boundary in rest:
        yield "after-end", _mail(rest, _split_at(boundary))


def _content_readings(part: Part, body: bytes) -> Iterator[_Reading]:
    """A leaf as read by every decoder that fits its bytes."""
    kind = b"".join(_values(part, "content-type")[:1])
    disposition = b"".join(_values(part, "content-disposition")[:1])
    encoding = part.encoding
    if "encoded-multipart" in part.problems:
        for each in part.encoding_guesses or (encoding,):
            content = decoded(body, each)[0]
            yield "decoded", content if part.is_message else _mail(content, kind)
        return
    if part.children:
        return
    if part.content_type.startswith("message/") and not part.is_message:
        yield "message", body
    for each in part.encoding_guesses:
        if each in ("base64", "quoted-printable"):
            yield each, _mail(body, kind, each.encode(), disposition)
    # Without padding others read the same but for the last two octets: nothing that could be hidden from us.
    if encoding == "base64" and any(
        p.startswith("base64-") and p != "base64-unpadded" for p in part.problems
    ):
        try:
            yield "base64-to-padding", _mail(binascii.a2b_base64(body), kind, b"", disposition)
        except binascii.Error:
            pass
        digits = re.match(rb"[A-Za-z0-9+/\s]*", body)
        if digits and digits[0].strip():
            yield "base64-to-junk", _mail(unbase64(digits[0]), kind, b"", disposition)
    if "quoted-printable-damaged" in part.problems:
        yield "escapes-dropped", _mail(_BAD_ESCAPE.sub(b"", body), kind, b"quoted-printable", disposition)
        bare = re.sub(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)[^\r\n]{0,2}", b"", body)
        yield "escapes-cut", _mail(bare, kind, b"quoted-printable", disposition)
    text = part.content_type.startswith("text/") or "content-type-invalid" in part.problems
    if text or part.encoding_guesses or encoding not in IDENTITY | {"base64"}:
        for name, piece in uu_files(body):
            yield "uuencode", _mail(uuencoded(piece)[0], b"application/octet-stream", b"", _attachment(name))
        if b"=ybegin " in body:
            for name, content in yenc_files(body):
                yield "yenc", _mail(content, b"application/octet-stream", b"", _attachment(name))
    if part.content_type.startswith("text/") and is_utf7(content := part.content()):
        yield "utf-7", _mail(content, b"text/plain; charset=utf-7")
    if text and encoding in IDENTITY:
        for _, block, media in blocks(body):
            yield "base64-in-text", _mail(unbase64(block), media)


def _attachment(name: bytes) -> bytes:
    return b'attachment; filename="' + re.sub(rb'["\\\x00-\x1f]', b"_", name.strip()) + b'"'


def _end_of_header_readings(part: Part) -> Iterator[_Reading]:
    """The header ending earlier (at junk, at a line of spaces) or later, or split at a bare CR."""
    view = part.view
    start, end = part.span[0], part.span[1]
    block = bytes(view[start : part.header_end])
    for offset in part.junk_lines[:5]:
        yield "body-from-junk", b"\r\n" + bytes(view[offset:end])
    if blank := _BLANK_FOLD.search(block):
        yield "body-from-blank", block[: blank.start() + 1] + b"\r\n" + bytes(view[start + blank.end() : end])
    if _BARE_CR.search(block):
        yield "bare-cr", _BARE_CR.sub(b"\r\n", block) + bytes(view[part.header_end : end])


def readings(message: Message, found: Iterable[Ambiguity] | None = None) -> Readings:
    """Extra parts for the other readings of the mail; none for a clean one. Never raises.

    `found` are the mail's ambiguities, if the caller has them already; only the parts they name are read again.
    Containers among the readings are split and their parts included. Some parts may equal parts of the mail
    itself: the caller looks at all of them and takes the worst.
    """
    doubtful = {a.part for a in (ambiguities(message) if found is None else found)}
    result: list[Part] = []
    complete = True
    size = 0
    seen: set[bytes] = set()
    for part in message.parts if doubtful else ():
        if part.path not in doubtful:
            continue
        body = bytes(part.body)
        for name, raw in itertools.chain(
            _header_readings(part, body),
            _boundary_readings(part, body),
            _outside_readings(part),
            _content_readings(part, body),
            _end_of_header_readings(part),
        ):
            if raw in seen:
                continue
            seen.add(raw)
            size += len(raw)
            if len(seen) > MAX_READINGS or size > MAX_BYTES:
                return Readings(tuple(result), False)
            other = Message(raw)
            other.root.path = f"{part.path}~{name}"
            complete = complete and not other.unread
            result += other.parts
    return Readings(tuple(result), complete)


def signed(message: Message) -> Iterator[Part]:
    """The parts of mails inside opaque-signed ones (RFC 8551 3.5.2), as every mail program shows them; at most SIGNED."""
    pending = [(part, 1) for part in message.parts]
    for count, (part, depth) in enumerate(pending):
        if part.content_type not in cms.TYPES or depth > SIGNED or count > MAX_READINGS:
            continue
        if inside := cms.mail_in(part.content()):
            other = Message(inside)
            other.root.path = f"{part.path}~signed"
            pending += [(each, depth + 1) for each in other.parts]
            yield from other.parts
