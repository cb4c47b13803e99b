"""Lines that no server has to pass on (RFC 5321 4.5.3.1.6: 998 octets and CR LF) and how a mail says the same in shorter ones.

A next hop breaks such lines as it likes (Postfix: CR LF and a blank after 998 octets), and with them words, files and
signatures. A part with one is therefore encoded anew, as quoted-printable where people could read it before, else as
base64: its octets stay. A field is folded where it has a blank (RFC 5322 2.2.3), which changes nothing that it says.

What is made is read again: the same parts, types and contents, the same fields, no new ambiguity, no long line. Else
nothing is changed. Left alone: what is signed (RFC 1847: the signature is over the encoded form), fields without a
blank, text between parts, parts of a type that may not be encoded (message/*).
"""

import binascii
import re
from collections.abc import Iterator, Sequence

import msgspec

from mail.ambiguity import ambiguities
from mail.charset import detect, unfold
from mail.compose import Edit, applied
from mail.encoding import IDENTITY, base64_lines
from mail.header import Header
from mail.message import Message, Part

LONGEST = 998
"""Octets of a line without its line end."""
_FOLD_AT = 900
"""Where a long field is folded at the latest, if it has a blank there: other servers add to it."""
_NEVER = ("multipart/signed",)
_SHORT = re.compile(rb"(?:[^\n]{0,%d}+\n)*+" % (LONGEST + 1))
"""Lines that are short enough, and their CR."""
_ASCII = bytes(range(128))
_OURS = ("content-transfer-encoding", "mime-version", "content-type")


class Shortened(msgspec.Struct, frozen=True):
    """What becomes of a mail with long lines.

    groups   the edits for each part or field: all of a group, or none of it
    left     where long lines stay: paths of parts, "header" for fields
    signed   True when that is because of a signature
    """

    groups: tuple[tuple[Edit, ...], ...] = ()
    left: tuple[str, ...] = ()
    signed: bool = False


def long_line(view: memoryview | bytes, start: int = 0, end: int | None = None) -> int:
    """Where the first line of more than LONGEST octets begins, or -1."""
    end = len(view) if end is None else end
    short = _SHORT.match(memoryview(view)[start:end])
    at = start + (short.end() if short else 0)
    return at if end - at > LONGEST else -1


def shortened(message: Message) -> Shortened:
    """The edits that make an outgoing mail's long lines short. Never raises; nothing for a mail without one."""
    if long_line(message.view) < 0:
        return Shortened()
    groups: list[tuple[Edit, ...]] = []
    left: dict[str, bool] = {}
    for part in message.parts:
        signed = _is_signed(part)
        for header in part.headers:
            if long_line(header.raw) >= 0:
                folded = b"" if signed else _folded(header)
                if folded:
                    groups.append((Edit(*header.span, folded),))
                else:
                    left["header"] = signed
        if any(long_line(message.view, *span) >= 0 for span in _own(part)):
            if part.children or signed or not (edits := _encoded(part)):
                left[part.path] = signed
            else:
                groups.append(edits)
    if groups and not _says_the_same(message, groups):
        return Shortened((), tuple(left) or ("",), any(left.values()))
    return Shortened(tuple(groups), tuple(left), any(left.values()))


def _own(part: Part) -> Iterator[tuple[int, int]]:
    """The stretches of a body that belong to no part inside it."""
    at, end = part.body_span
    for child in part.children:
        if not at <= child.span[0] <= child.span[1] <= end:
            break  # a mail in base64: its parts stand elsewhere
        yield at, child.span[0]
        at = child.span[1]
    yield at, end


def _is_signed(part: Part) -> bool:
    above = part.parent
    while above is not None:
        if above.content_type in _NEVER:
            return True
        above = above.parent
    return False


def _folded(header: Header) -> bytes:
    """The field on lines that are short enough; b"" when it has no blank to break it at."""
    lines: list[bytes] = []
    for line in header.raw.removesuffix(b"\r\n").split(b"\r\n"):
        rest = line
        while len(rest) > LONGEST:
            at = _blank(rest)
            if at < 0:
                return b""
            lines.append(rest[:at])
            rest = rest[at:]
        lines.append(rest)
    return b"\r\n".join(lines) + b"\r\n"


def _blank(line: bytes) -> int:
    """The last blank before _FOLD_AT, rather outside quotation marks, that has words on both sides; -1 without one."""
    head = 0 if line[:1] in (b" ", b"\t") else line.find(b":") + 1
    begin = head + len(line[head:]) - len(line[head:].lstrip(b" \t"))
    found, quoted, any_blank = -1, False, -1
    for at in range(begin, min(len(line) - 1, _FOLD_AT)):
        octet = line[at]
        if octet == 0x22:
            quoted = not quoted
        elif octet in b" \t" and line[at - 1] not in b" \t" and line[at:].strip():
            any_blank = at
            found = found if quoted else at
    return found if found >= 0 else any_blank


def _encoded(part: Part) -> tuple[Edit, ...]:
    """The edits that give a part its content in short lines; () when nobody knows how."""
    kind, encoding = part.content_type, part.encoding
    if part.is_message or kind.startswith(("message/", "multipart/")):
        return ()
    content = part.content()
    if encoding not in (*IDENTITY, "base64", "quoted-printable") or part.encoding_guesses:
        return ()
    if any(p.startswith(("base64-", "quoted-printable-")) for p in part.problems):
        return ()
    base64 = encoding == "base64" or not kind.startswith("text/") or _is_dense(content)
    name, body = ("base64", base64_lines(content)) if base64 else ("quoted-printable", _quoted(content))
    start, end = part.body_span
    body = body if bytes(part.view[end - 2 : end]) == b"\r\n" or not base64 else body.removesuffix(b"\r\n")
    return (*_fields(part, name.encode(), content), Edit(start, end, body))


def _is_dense(content: bytes) -> bool:
    """True where quoted-printable would be longer than base64, and no more legible."""
    escaped = len(content.translate(None, _ASCII)) + content.count(b"=")
    return b"\x1b" in content or escaped * 6 > len(content)


def _quoted(content: bytes) -> bytes:
    """Quoted-printable that is decoded to the same octets, whatever stands at the end of lines."""
    return binascii.b2a_qp(content + b"\r\n", istext=True).removesuffix(b"\r\n")


def _fields(part: Part, encoding: bytes, content: bytes) -> Iterator[Edit]:
    """The header's part of it: the transfer encoding, and what a mail that was none of MIME lacks."""
    said = part.all("content-transfer-encoding")
    line = b"Content-Transfer-Encoding: " + encoding + b"\r\n"
    for number, header in enumerate(said):
        yield Edit(*header.span, b"" if number else line)
    new = b"" if said else line
    if part.parent is None or part.parent.is_message:
        if part.first("mime-version") is None:
            new = b"MIME-Version: 1.0\r\n" + new
        if part.first("content-type") is None and (charset := _charset(content)):
            new += b"Content-Type: text/plain; charset=" + charset + b"\r\n"
    if new:
        at = part.headers[-1].span[1] if part.headers else part.span[0]
        yield Edit(at, at, new)


def _charset(content: bytes) -> bytes:
    """What a text without a label is written in; b"" for plain ASCII."""
    if content.isascii() and b"\x1b" not in content:
        return b""
    return detect(content).encode("ascii", "replace")


def _says_the_same(message: Message, groups: Sequence[tuple[Edit, ...]]) -> bool:
    """True when a reader gets what was there, and nothing is ambiguous that was not."""
    after = Message(applied(message.view, [edit for group in groups for edit in group]))
    old, new = message.parts, after.parts
    return (
        len(old) == len(new)
        and all(map(_alike, old, new))
        and {(a.name, a.part) for a in ambiguities(after)} <= {(a.name, a.part) for a in ambiguities(message)}
    )


def _alike(old: Part, new: Part) -> bool:
    if (old.path, old.content_type, len(old.children)) != (new.path, new.content_type, len(new.children)):
        return False
    if not old.children and old.content() != new.content():
        return False
    return _said(old) == _said(new)


def _said(part: Part) -> list[tuple[str, bytes]]:
    return [(h.name, unfold(h.value)) for h in part.headers if h.name not in _OURS]
