"""Puts a few lines into the text parts of a mail and leaves every other byte alone.

    shown_parts(message)                     the text parts that people read first
    inserted(part, plain, html) -> [Edit]    the edits that put a text at the beginning of one of them
    as_utf8(part, kind, text) -> [Edit]      the edits that give a part another text
    substituted(part, fields, body)          the edits that put another part in its place
    preceded(message, first, root)           the edits that put a separate part before everything else

A part in 7bit, 8bit, binary or quoted-printable keeps all its bytes, with the new ones between them; only
base64 has to be re-encoded. HTML gets character references, which every charset can express. A plain text that
is not in the charset of its label, or whose charset has not all of the new lines, becomes UTF-8.

Diagnostics: RewriteError for a structure that cannot be cut safely. `inserted` gives no edits for a part that
it cannot change, and for HTML in which the text would not be seen first: the caller must show it in another
way.
"""

import binascii
import hashlib
import re
from collections.abc import Iterator

from filters.markup.dom import TooCostly
from filters.rewriters.placing import placed
from mail.charset import decode, masked
from mail.charset_labels import decoder
from mail.compose import Edit, RewriteError, applied
from mail.encoding import base64_lines, decoded
from mail.jis import to_iso2022jp
from mail.message import Message, Part

_SEALED = frozenset({"multipart/signed", "multipart/encrypted"})
_CMS = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_ARMOR = re.compile(
    rb"\s{0,1000}-----BEGIN PGP (?:SIGNED )?MESSAGE-----[ \t]*\r?\n.*\n-----END PGP (?:SIGNATURE|MESSAGE)-----",
    re.DOTALL,
)
_ENCODERS = {"euc": "euc_jp", "cp1252": "latin-1", "jis": "iso2022_jp"}
"""Codecs that write, of decoders (mail.charset_labels) that are not called so. Of Windows-1252 only what is in ISO-8859-1."""
_JAPANESE = frozenset({"utf-8", "utf-7", "gb18030", "iso2022_jp", "cp932", "euc_jp"})
"""Charsets that Japanese can be written in."""
_QUOTED_PRINTABLE = re.compile(
    rb"=[0-9A-Fa-f]{2}|(?P<dropped>=[ \t]*\r?\n|[ \t]++(?=\r?\n))|(?P<plain>[ \t]++|[!-<>-~]++)|.", re.DOTALL
)
"""One octet, octets that stay as they are, or what decoding drops: a soft line break, blanks at the end of a line."""
LINE = 998
"""Octets of a line (RFC 5322 §2.1.1), not counting CRLF."""
for _codec in _ENCODERS.values():
    "".encode(_codec)
    b"".decode(_codec)


def is_sealed(message: Message) -> bool:
    """True for a signed or encrypted mail (S/MIME, OpenPGP): changing its body would break it."""
    if _is_sealing(message.root):
        return True
    shown = shown_parts(message)
    if not shown:
        return any(_is_sealing(part) for part in message.parts)
    return all(is_armored(part) for part in shown)


def is_armored(part: Part) -> bool:
    """True for a text signed or encrypted in itself (RFC 4880 §6.2): it begins with the line that says so,
    and is closed. Such words elsewhere in a mail, or in HTML, spare nobody the warning."""
    if part.content_type != "text/plain" or b"-----BEGIN PGP" not in bytes(part.body[:4_000]):
        return False
    return bool(_ARMOR.match(part.content()))


def in_sealed(part: Part) -> bool:
    """True for a part inside something signed or encrypted."""
    above: Part | None = part
    while above is not None:
        if _is_sealing(above):
            return True
        above = above.parent
    return False


def _is_sealing(part: Part) -> bool:
    return part.content_type in _SEALED or part.content_type in _CMS


def shown_parts(message: Message) -> list[Part]:
    """The text parts that a mail program shows first: one, or all forms of one alternative."""
    _ = message.parts
    return list(_shown(message.root))


def _shown(part: Part) -> Iterator[Part]:
    if part.content_type in _SEALED or part.is_message:
        return
    if part.children:
        for child in part.children:
            found = list(_shown(child))
            yield from found
            if found and part.content_type != "multipart/alternative":
                return
    elif part.content_type in ("text/plain", "text/html") and not part.is_attachment:
        yield part


def inserted(part: Part, plain: str, html: str, content: bytes | None = None) -> list[Edit]:
    """The edits that put `plain` (or `html`, which must be ASCII) at the beginning of a text part.

    `plain` has lines that end in CRLF and do not begin with "--". `content` is what the part should say then,
    in its own charset; None: what it says now.
    """
    replaced = content is not None
    content = part.content() if content is None else content
    if part.content_type == "text/html":
        if is_wide(content):
            return []
        new = html.encode("ascii", "xmlcharrefreplace")
        place = _place(content, new, part.charset)
        return [] if place is None else _edits(part, content, place, new, replaced)
    return _into_text(part, content, plain, replaced)


def _into_text(part: Part, content: bytes, plain: str, replaced: bool) -> list[Edit]:
    """Between the octets of a text when its readers read them as their label says, and its charset has all of `plain`;
    else the part becomes UTF-8, which every program reads. What nobody reads whole keeps its octets all the same."""
    label = decoder(part.charset) if part.charset else "ascii"
    codec = _ENCODERS.get(label, label)
    if not codec or codec[:6] in ("utf-16", "utf-32") or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return []
    if codec not in _JAPANESE and is_wide(content):
        return []
    at = 3 if codec == "utf-8" and content[:3] == b"\xef\xbb\xbf" else 0
    is_western = codec not in _JAPANESE and codec != "ascii" and b"\x1b$" not in content
    if _reads_as(content, codec, part.charset) or (is_western and plain.isascii()):
        try:
            new = to_iso2022jp(plain) if codec == "iso2022_jp" else plain.encode(codec)
            return _edits(part, content, at, new, replaced)
        except UnicodeEncodeError:
            pass
    if edits := _relabelled(part, content, plain):
        return edits
    return _edits(part, content, at, plain.encode(codec, "replace"), replaced) if codec in _JAPANESE else []


def _reads_as(content: bytes, codec: str, label: str) -> bool:
    """True when a text is written in the charset that it names: what we put beside it will be read like it."""
    if codec == "iso2022_jp":
        return content.isascii() and "\ufffd" not in decode(content, label)
    try:
        return content.decode(codec).removeprefix("\ufeff") == decode(content, label) or not content.strip()
    except UnicodeDecodeError:
        return False


def _place(content: bytes, new: bytes, charset: str) -> int | None:
    """Where `new` is the first thing that a reader of this HTML sees; None if that cannot be shown."""

    def shown(at: int) -> str:
        return decode(content[:at] + new + content[at:], charset)

    try:
        return placed(masked(content).decode("latin-1"), shown, new.decode("ascii"))
    except TooCostly:
        return None


def is_wide(content: bytes) -> bool:
    """True for UTF-16 and UTF-32, into which no byte string can be inserted."""
    return content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:200]


def _edits(part: Part, content: bytes, at: int, new: bytes, replaced: bool) -> list[Edit]:
    start, end = part.body_span
    expected = content[:at] + new + content[at:]
    opening = _opening(part)
    if replaced and part.encoding in ("7bit", "8bit", "binary"):
        if max(map(len, expected.split(b"\n"))) > LINE:
            return []
        return [Edit(start, end, opening + expected)]
    if replaced and part.encoding == "quoted-printable":
        return [Edit(start, end, opening + quoted_printable(expected))]
    if part.encoding in ("7bit", "8bit", "binary"):
        return [Edit(start + at, start + at, opening + new)]
    if part.encoding == "quoted-printable":
        body = bytes(part.body)
        place = _raw_offset(body, at)
        tail = b"=\r\n" if not new.endswith(b"\n") else b""
        head = b"=\r\n" if place and not body[:place].endswith(b"\n") else b""
        edit = Edit(start + place, start + place, opening + head + quoted_printable(new) + tail)
        changed = applied(body, [Edit(place, place, head + quoted_printable(new) + tail)])
        if decoded(changed, "quoted-printable")[0] == expected:
            return [edit]
        return [Edit(start, end, opening + quoted_printable(expected))]
    if part.encoding == "base64":
        return [Edit(start, end, opening + base64_lines(expected))]
    return []


def _opening(part: Part) -> bytes:
    """The empty line between header and body, if the mail has none."""
    start = part.header_end
    before = bytes(part.view[max(0, start - 3) : start])
    if start == part.span[0] or before.endswith((b"\n\r\n", b"\n\n")) or not part.headers:
        return b""
    return b"\r\n"


def _relabelled(part: Part, content: bytes, plain: str) -> list[Edit]:
    """The part as UTF-8: Content-Type and Content-Transfer-Encoding say so, its text is what it reads as."""
    text = decode(content, part.charset).removeprefix("\ufeff")
    if "\ufffd" in text:
        return []
    label = part.first("content-type")
    kind = b"Content-Type: text/plain; charset=utf-8\r\n"
    if label is not None:
        raw = re.sub(
            rb"(?i);[ \t\r\n]*charset[ \t]*=[ \t]*(?:\"[^\"]*\"|[^\s;]+)", b"", label.raw.rstrip(b"\r\n")
        )
        kind = re.sub(rb"(?i)(text/plain)", rb"\1; charset=utf-8", raw, count=1) + b"\r\n"
    return _written(part, kind, (plain + text).encode("utf-8", "replace"))


def as_utf8(part: Part, kind: str, text: str) -> list[Edit]:
    """The edits that make `text` the part's content, as `kind` ("text/plain", "text/html") in UTF-8.

    Lines end in CRLF. The part's other header fields stay; its label and encoding are rewritten.
    """
    return _written(
        part, f"Content-Type: {kind}; charset=utf-8\r\n".encode(), text.encode("utf-8", "replace")
    )


def _written(part: Part, kind: bytes, data: bytes) -> list[Edit]:
    start, end = part.body_span
    edits = [Edit(start, end, _opening(part) + base64_lines(data))]
    gone = ("content-type", "content-transfer-encoding", "content-md5", "content-length")
    edits += [Edit(*h.span, b"") for h in part.headers if h.name in gone]
    version = b"" if part.parent is not None or part.first("mime-version") else b"MIME-Version: 1.0\r\n"
    place = part.headers[0].span[0] if part.headers else part.span[0]
    new = version + kind + b"Content-Transfer-Encoding: base64\r\n"
    if not part.headers and part.header_end == part.span[0]:
        new += b"\r\n"
    return [Edit(place, place, new), *edits]


def substituted(part: Part, fields: bytes, body: bytes) -> list[Edit]:
    """The edits that replace this part with another: `fields` are its Content-* fields with CRLF.

    If the mail is a single part, its other header fields stay.
    """
    body = body.removesuffix(b"\r\n")
    if part.parent is not None and not part.parent.is_message:
        return [Edit(*part.span, fields + b"\r\n" + body)]
    if not part.headers:
        raise RewriteError("the mail has no header")
    at = part.headers[-1].span[1]
    edits = [Edit(*h.span, b"") for h in part.headers if h.name.startswith("content-")]
    gap = b"" if part.view[at : part.header_end] else b"\r\n"
    return [*edits, Edit(at, at, fields), Edit(*part.body_span, gap + body + b"\r\n")]


def preceded(message: Message, first: bytes, wrapped: tuple[bytes, bytes] | None = None) -> list[Edit]:
    """The edits that put a part before everything that a mail shows: `first` is its header and body.

    A mail that is not multipart/mixed becomes one, with the original as the second part; `wrapped` are other
    Content-* fields and another body for that part. Raises RewriteError.
    """
    root = message.root
    if wrapped is None and root.content_type == "multipart/mixed" and root.children:
        line = _delimiter(message, root.children[0])
        begin = root.children[0].span[0]
        return [Edit(line, line, bytes(message.view[line:begin]) + first.removesuffix(b"\r\n") + b"\r\n")]
    if not root.headers:
        raise RewriteError("the mail has no header")
    body = bytes(message.view[root.header_end :]) if wrapped is None else wrapped[1]
    boundary = b"=_sekisho_" + hashlib.sha256(body).hexdigest()[:32].encode()
    inner = [h for h in root.headers if h.name.startswith("content-")]
    fields = b"".join(h.raw if h.raw.endswith(b"\n") else h.raw + b"\r\n" for h in inner)
    if wrapped is not None:
        fields = wrapped[0]
    if boundary in body or boundary in fields:
        raise RewriteError("no boundary can be found")
    edits = [Edit(*h.span, b"") for h in inner]
    at = root.headers[-1].span[1]
    version = b"" if root.first("mime-version") else b"MIME-Version: 1.0\r\n"
    edits.append(Edit(at, at, version + b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n'))
    gap = b"" if message.view[at : root.header_end] else b"\r\n"
    opening = gap + b"--" + boundary + b"\r\n" + first.removesuffix(b"\r\n") + b"\r\n--" + boundary + b"\r\n"
    start, end = root.header_end, len(message)
    closing = b"\r\n--" + boundary + b"--\r\n"
    if wrapped is not None:
        return [*edits, Edit(start, end, opening + fields + b"\r\n" + body.removesuffix(b"\r\n") + closing)]
    return [*edits, Edit(start, start, opening + fields + b"\r\n"), Edit(end, end, closing)]


def _delimiter(message: Message, part: Part) -> int:
    """Where the delimiter line before a part begins."""
    start = part.span[0]
    low = max(0, start - 4096)
    before = bytes(message.view[low:start])
    at = before.rfind(b"\n", 0, len(before) - 1) + 1
    if not before.endswith(b"\n") or before[at : at + 2] != b"--":
        raise RewriteError("the beginning of a part cannot be found")
    return low + at


def _raw_offset(body: bytes, at: int) -> int:
    """Where the decoded byte `at` of a quoted-printable body is in the body."""
    seen = place = 0
    for token in _QUOTED_PRINTABLE.finditer(body):
        if seen >= at:
            break
        place = token.end()
        if token["plain"] is not None:
            taken = min(len(token["plain"]), at - seen)
            seen, place = seen + taken, token.start() + taken
        elif token["dropped"] is None:
            seen += 1
    return place


def quoted_printable(data: bytes) -> bytes:
    """`data` as quoted-printable (RFC 2045 §6.7); its CRLFs stay line ends."""
    # As binary data, so that lone CRs and LFs are encoded; the only line breaks are then its own, which are soft.
    lines = [binascii.b2a_qp(line, istext=False).replace(b"\n", b"\r\n") for line in data.split(b"\r\n")]
    return b"\r\n".join(lines)
