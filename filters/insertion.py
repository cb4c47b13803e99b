"""Putting a few lines into the text parts of a mail and leaving every other byte alone.

    shown_parts(message)                     the text parts that people read first
    inserted(part, plain, html) -> [Edit]    the edits that put a text at the beginning of one of them

A part in 7bit, 8bit, binary or quoted-printable keeps all its bytes, the new ones stand between them; only base64
has to be written anew. HTML gets character references, which every charset can express. A plain text whose charset
cannot express the new lines is re-labelled and re-encoded as UTF-8.

Diagnostics: none raised; a part that cannot be changed safely gives no edits.
"""

import base64
import re
from collections.abc import Iterator

from filters.links import body_start
from mail.charset import masked
from mail.compose import Edit, applied
from mail.encoding import decoded
from mail.message import Message, Part

_SEALED = frozenset({"multipart/signed", "multipart/encrypted"})
_CMS = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-7": "utf-7",
    "gb18030": "gb18030",
    **dict.fromkeys(
        ("iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-ms", "cp50221"), "iso2022_jp"
    ),
    **dict.fromkeys(
        ("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "cp932", "ms_kanji"), "cp932"
    ),
    **dict.fromkeys(("euc-jp", "eucjp", "x-euc-jp"), "euc_jp"),
}
"""Charsets in which Japanese can be written; a character that one of them lacks becomes a question mark."""
_WESTERN = {
    **dict.fromkeys(("", "us-ascii", "ascii"), "ascii"),
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-15": "iso8859-15",
    **{f"windows-{n}": f"cp{n}" for n in range(1250, 1259)},
    **{f"iso-8859-{n}": f"iso8859-{n}" for n in range(2, 11)},
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "big5": "big5",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc-kr": "euc_kr",
    "ks_c_5601-1987": "cp949",
}
"""Charsets that cannot write it: such a part is re-encoded as UTF-8 when all of it can be read."""
for _codec in {*_CODECS.values(), *_WESTERN.values()}:
    "".encode(_codec)
    b"".decode(_codec)


def is_sealed(message: Message) -> bool:
    """True for a signed or encrypted mail (S/MIME, OpenPGP): changing its body would break it."""
    root = message.root
    if root.content_type in _SEALED or root.content_type in _CMS:
        return True
    for part in shown_parts(message):
        if b"-----BEGIN PGP" in bytes(part.body[:200_000]):
            return True
    return not shown_parts(message) and any(p.content_type in _SEALED for p in message.parts)


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


def inserted(part: Part, plain: str, html: str) -> list[Edit]:
    """The edits that put `plain` (or `html`, which must be ASCII) at the beginning of a text part.

    `plain` has lines that end in CRLF and do not begin with "--".
    """
    content = part.content()
    if part.content_type == "text/html":
        at = body_start(masked(content).decode("latin-1"))
        if _is_wide(content):
            return []
        return _edits(part, content, at, html.encode("ascii", "xmlcharrefreplace"))
    codec = _CODECS.get(part.charset)
    if codec and not (codec == "utf-8" and content[:2] in (b"\xff\xfe", b"\xfe\xff")):
        at = 3 if content[:3] == b"\xef\xbb\xbf" else 0
        return _edits(part, content, at, plain.encode(codec, "replace"))
    western = _WESTERN.get(part.charset)
    if western is None or _is_wide(content):
        return []
    try:
        if content.isascii() or western != "ascii":
            return _edits(part, content, 0, plain.encode(western))
    except UnicodeEncodeError:
        pass
    return _relabelled(part, content, western, plain)


def _is_wide(content: bytes) -> bool:
    """True for UTF-16 and UTF-32, in which a byte string cannot be put between others."""
    return content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:200]


def _edits(part: Part, content: bytes, at: int, new: bytes) -> list[Edit]:
    start, end = part.body_span
    expected = content[:at] + new + content[at:]
    opening = _opening(part)
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
        return [Edit(start, end, opening + lines_of_base64(expected))]
    return []


def _opening(part: Part) -> bytes:
    """The empty line between header and body where the mail has none."""
    start = part.header_end
    before = bytes(part.message.view[max(0, start - 3) : start])
    if start == part.span[0] or before.endswith((b"\n\r\n", b"\n\n")) or not part.headers:
        return b""
    return b"\r\n"


def _relabelled(part: Part, content: bytes, codec: str, plain: str) -> list[Edit]:
    """The part as UTF-8: its Content-Type and Content-Transfer-Encoding say so, its text stays the same."""
    for candidate in (codec, "utf-8", "cp1252"):
        try:
            text = content.decode(candidate)
            break
        except UnicodeDecodeError:
            continue
    else:
        return []
    start, end = part.body_span
    edits = [Edit(start, end, _opening(part) + lines_of_base64((plain + text).encode()))]
    fields = {h.name: h for h in reversed(part.headers)}
    label = fields.get("content-type")
    if label is None:
        kind = b"Content-Type: text/plain; charset=utf-8\r\n"
    else:
        raw = re.sub(
            rb"(?i);[ \t\r\n]*charset[ \t]*=[ \t]*(?:\"[^\"]*\"|[^\s;]+)", b"", label.raw.rstrip(b"\r\n")
        )
        kind = re.sub(rb"(?i)(text/plain)", rb"\1; charset=utf-8", raw, count=1) + b"\r\n"
        edits.append(Edit(*label.span, b""))
    edits += [Edit(*h.span, b"") for h in part.headers if h.name == "content-transfer-encoding"]
    version = b"MIME-Version: 1.0\r\n" if part.parent is None and "mime-version" not in fields else b""
    place = part.headers[0].span[0] if part.headers else part.span[0]
    new = version + kind + b"Content-Transfer-Encoding: base64\r\n"
    if not part.headers and part.header_end == part.span[0]:
        new += b"\r\n"
    merged = [e for e in edits if (e.start, e.end) != (place, place)]
    return [Edit(place, place, new), *merged]


def _raw_offset(body: bytes, at: int) -> int:
    """Where the decoded byte `at` of a quoted-printable body stands in the body."""
    seen = place = 0
    for token in re.finditer(rb"=[0-9A-Fa-f]{2}|=[ \t]*\r?\n|[ \t]+(?=\r?\n)|.", body, re.DOTALL):
        if seen >= at:
            break
        place = token.end()
        if (token[0][:1] == b"=" and len(token[0]) == 3 and token[0][1:2] not in b" \t\r\n") or (
            len(token[0]) == 1 and token[0] not in b" \t"
        ):
            seen += 1
        elif token[0][:1] in b" \t" and not re.match(rb"[ \t]*\r?\n", body[token.start() : token.end() + 2]):
            seen += len(token[0])
    return place


def quoted_printable(data: bytes) -> bytes:
    """`data` as quoted-printable (RFC 2045 §6.7); its CRLFs stay line ends."""
    lines = []
    for line in data.split(b"\r\n"):
        out, width = [], 0
        for index, byte in enumerate(line):
            last = index == len(line) - 1
            plain = (33 <= byte <= 126 and byte != 61) or (byte in (9, 32) and not last)
            piece = bytes((byte,)) if plain else b"=%02X" % byte
            if width + len(piece) > 75:
                out.append(b"=\r\n")
                width = 0
            out.append(piece)
            width += len(piece)
        lines.append(b"".join(out))
    return b"\r\n".join(lines)


def lines_of_base64(data: bytes) -> bytes:
    """`data` as base64 in lines of 76 characters with CRLF."""
    text = base64.b64encode(data)
    return b"".join(text[i : i + 76] + b"\r\n" for i in range(0, len(text), 76))
