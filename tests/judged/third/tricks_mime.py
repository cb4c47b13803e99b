"""Tricks with fields, boundaries and transfer encodings."""

import base64
import binascii
import quopri
from urllib.parse import quote

from tests.judged.mime import _base64
from tests.judged.third.hidden import B64, HELLO, Build, Payload, attached, one, parts, whole

_OCTETS = "Content-Type: application/octet-stream\r\n"


def _named(p: Payload, disposition: str, fields: str = _OCTETS) -> bytes:
    return one(p, f"{fields}Content-Disposition: {disposition}\r\n{B64}")


def _words(p: Payload) -> str:
    """The name in two encoded words of two charsets."""
    half = len(p.name) // 2
    coded = base64.b64encode(p.name[half:].encode()).decode()
    return f"=?iso-8859-1?Q?{''.join(f'={ord(c):02X}' for c in p.name[:half])}?= =?utf-8?B?{coded}?="


def _wide(p: Payload) -> str:
    return "utf-16be''" + quote(p.name.encode("utf-16-be"), safe="")


def _two_step(p: Payload) -> str:
    return f'filename*2*={quote(p.ending)}; filename*0="{p.stem}"; filename*1*=%2E'


def _bounded(p: Payload, parameter: str, delimiter: str, *, close: str = "--") -> bytes:
    body = f"--{delimiter}\r\n{HELLO}\r\n--{delimiter}\r\n{attached(p)}\r\n--{delimiter}{close}\r\n"
    return whole(f"Content-Type: multipart/mixed; {parameter}\r\n", body)


def _quoted(content: bytes) -> str:
    """Quoted-printable in which every octet is written out, in small letters."""
    coded = "".join(f"={octet:02x}" for octet in content)
    return "=\r\n".join(coded[n : n + 72] for n in range(0, len(coded), 72))


def uu(content: bytes, name: str) -> str:
    """Lines of uuencode."""
    lines = "".join(
        binascii.b2a_uu(content[n : n + 45], backtick=True).decode() for n in range(0, len(content), 45)
    )
    return f"begin 664 {name}\r\n" + lines.replace("\n", "\r\n") + "`\r\nend\r\n"


def _yenc(p: Payload) -> bytes:
    """Two parts of yEnc in two parts of text."""
    half = len(p.content) // 2
    pieces = []
    for number, piece in enumerate((p.content[:half], p.content[half:]), 1):
        out = bytearray()
        for octet in piece:
            value = (octet + 42) % 256
            out += bytes([61, (value + 64) % 256]) if value in (0, 9, 10, 13, 32, 46, 61) else bytes([value])
        cut = [bytes(out[n : n + 120]) for n in range(0, len(out), 120)]
        begin, end = (1, half) if number == 1 else (half + 1, len(p.content))
        head = f"=ybegin part={number} total=2 line=120 size={len(p.content)} name={p.name}\r\n=ypart begin={begin} end={end}\r\n"
        tail = f"\r\n=yend size={len(piece)} part={number} pcrc32={binascii.crc32(piece):08x}\r\n"
        pieces.append(head.encode() + b"\r\n".join(cut) + tail.encode())
    text = (
        b"--frontier\r\nContent-Type: text/plain; charset=x-yenc\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    body = b"".join(text + piece for piece in pieces) + b"--frontier--\r\n"
    return whole('Content-Type: multipart/mixed; boundary="frontier"\r\n', body)


def _printed_multipart(p: Payload) -> bytes:
    inner = f"--in\r\n{HELLO}\r\n--in\r\n{attached(p)}\r\n--in--\r\n".encode()
    coded = quopri.encodestring(inner.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n").decode()
    coded = coded.replace("--in", "=2D-in")
    return parts(
        f'Content-Type: multipart/mixed; boundary="in"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{coded}'
    )


def _deep(p: Payload) -> bytes:
    inner = attached(p)
    for level in range(45):
        inner = f'Content-Type: multipart/mixed; boundary="L{level}L"\r\n\r\n--L{level}L\r\n{inner}\r\n--L{level}L--\r\n'
    return parts(HELLO, inner)


def _long_field(p: Payload) -> bytes:
    padding = "".join(f" x-p{n}=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;\r\n" for n in range(600))
    return one(p, f'{_OCTETS}Content-Disposition: attachment;\r\n{padding} filename="{p.name}"\r\n{B64}')


def _lines_padded(p: Payload) -> str:
    """Base64 of 52 octets a line, each with its own padding."""
    return "\r\n".join(base64.b64encode(p.content[n : n + 52]).decode() for n in range(0, len(p.content), 52))


MIME: dict[str, Build] = {
    "name-utf16-percent": lambda p: _named(p, f"attachment; filename*={_wide(p)}"),
    "name-pieces-shuffled": lambda p: _named(p, f"attachment; {_two_step(p)}"),
    "name-pieces-zeros": lambda p: _named(p, f'attachment; filename*00="{p.stem}"; filename*01=".{p.ending}"'),
    "name-two-words": lambda p: _named(p, f'attachment; filename="{_words(p)}"'),
    "name-backslashes": lambda p: _named(p, f'attachment; filename="{p.stem}\\.{"".join(chr(92) + c for c in p.ending)}"'),
    "name-open-quote": lambda p: _named(p, f'attachment; filename="{p.name}'),
    "name-apostrophes": lambda p: _named(p, f"attachment; filename='{p.name}'"),
    "name-in-path": lambda p: _named(p, f'attachment; filename="C:\\\\scan\\\\letter.pdf\\\\..\\\\{p.name}"'),
    "name-stream": lambda p: _named(p, f'attachment; filename="{p.name}::$DATA"'),
    "name-charset-2022": lambda p: _named(p, f'attachment; filename="=?iso-2022-jp?B?{base64.b64encode(("請求書." + p.ending).encode("iso-2022-jp")).decode()}?="'),
    "name-after-comma": lambda p: _named(p, f'attachment, filename="{p.name}"'),
    "name-in-description": lambda p: one(p, f"{_OCTETS}Content-Description: {p.name}\r\n{B64}"),
    "name-in-location": lambda p: one(p, f"{_OCTETS}Content-Location: {p.name}\r\n{B64}"),
    "name-tab-ending": lambda p: _named(p, f'attachment; filename="letter.pdf\t.{p.ending}"'),
    "two-dispositions": lambda p: one(p, f'Content-Type: text/plain\r\nContent-Disposition: inline\r\nContent-Disposition: attachment; filename="{p.name}"\r\n{B64}'),
    "disposition-comment": lambda p: _named(p, f'(inline) attachment (x); (filename="a.txt") filename (name) = "{p.name}"'),
    "type-comment": lambda p: whole('Content-Type: multipart(text/plain)/mixed(; boundary="no"); boundary="yes"\r\n', f"--yes\r\n{HELLO}\r\n--yes\r\n{attached(p)}\r\n--yes--\r\n"),
    "type-image-inline": lambda p: parts('Content-Type: text/html\r\n\r\n<p>See <img src="cid:i"></p>', f'Content-Type: image/png; name="logo.png"\r\nContent-Disposition: inline; filename="{p.name}"\r\nContent-ID: <i>\r\n{B64}\r\n{p.coded}', subtype="related"),
    "type-no-slash": lambda p: one(p, f'Content-Type: attachment; name="{p.name}"\r\n{B64}'),
    "boundary-escaped": lambda p: _bounded(p, 'boundary="fr\\on\\tier"', "frontier"),
    "boundary-percent": lambda p: _bounded(p, "boundary*=us-ascii''fr%6Fntier", "frontier"),
    "boundary-commented": lambda p: _bounded(p, "boundary=frontier (of parts)", "frontier"),
    "boundary-apostrophes": lambda p: _bounded(p, "boundary='frontier'", "'frontier'"),
    "boundary-long": lambda p: _bounded(p, f'boundary="{"f" * 300}"', "f" * 300),
    "boundary-padded-line": lambda p: _bounded(p, 'boundary="frontier"', "frontier", close="--").replace(b"--frontier\r\n", b"--frontier \t  \r\n"),
    "boundary-folded": lambda p: _bounded(p, 'boundary="front\r\n ier"', "front ier"),
    "boundary-empty": lambda p: _bounded(p, 'boundary=""', ""),
    "boundary-semicolon": lambda p: _bounded(p, 'x="a;boundary=no"; boundary="a;b"', "a;b"),
    "encoding-quoted": lambda p: one(p, f'Content-Type: {p.media}; name="{p.name}"\r\nContent-Transfer-Encoding: "base64"\r\n'),
    "encoding-parameter": lambda p: one(p, f'Content-Type: {p.media}; name="{p.name}"\r\nContent-Transfer-Encoding: base64; charset=utf-8\r\n'),
    "encoding-x-uuencode": lambda p: one(p, f'Content-Type: {p.media}; name="{p.name}"\r\nContent-Transfer-Encoding: x-uuencode\r\n', uu(p.content, p.name)),
    "encoding-all-printed": lambda p: one(p, f'Content-Type: {p.media}; name="{p.name}"\r\nContent-Transfer-Encoding: Quoted-Printable\r\n', _quoted(p.content)),
    "base64-one-line": lambda p: one(p, f'Content-Type: {p.media}; name="{p.name}"\r\n{B64}', base64.b64encode(p.content * 3 if p.media == "text/html" else p.content + bytes(3000)).decode()),
    "base64-cut": lambda p: one(p, f'Content-Type: {p.media}; name="{p.name}"\r\n{B64}', _base64(p.content + b"<!-- end -->  ").rstrip("=")[:-1]),
    "base64-padded-lines": lambda p: one(p, f'Content-Type: {p.media}; name="{p.name}"\r\n{B64}', _lines_padded(p)),
    "base64-high-octets": lambda p: one(p, f'Content-Type: {p.media}; name="{p.name}"\r\n{B64}', "".join(c + ("\udcff\udc80" if n % 50 == 49 else "") for n, c in enumerate(p.coded))),
    "base64-dashes-after": lambda p: one(p, f'Content-Type: {p.media}; name="{p.name}"\r\n{B64}', p.coded + "\r\n-- \r\nSent from my phone"),
    "printed-multipart": _printed_multipart,
    "field-very-long": _long_field,
    "field-blank-fold": lambda p: one(p, f'{_OCTETS}Content-Disposition: attachment;\r\n \r\n filename="{p.name}"\r\n{B64}'),
    "field-garbage-first": lambda p: parts(HELLO, f'this is no field\r\n{attached(p)}'),
    "header-byte-order-mark": lambda p: b"\xef\xbb\xbf" + parts(HELLO, attached(p)),
    "header-mbox-line": lambda p: b"From office@evade-three.site Wed Nov 18 08:41:20 2026\r\n" + parts(HELLO, attached(p)),
    "header-crcrlf": lambda p: parts(HELLO, attached(p)).replace(b"\r\n", b"\r\r\n"),
    "header-two-types": lambda p: parts(HELLO, attached(p)).replace(b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"),
    "header-end-blank-line": lambda p: parts(HELLO, attached(p)).replace(b"MIME-Version: 1.0\r\n", b"X-Note: a\r\n \r\nMIME-Version: 1.0\r\n"),
    "header-many": lambda p: parts(HELLO, attached(p)).replace(b"MIME-Version", b"".join(b"X-Trace-%d: relay %d of the chain\r\n" % (n, n) for n in range(1500)) + b"MIME-Version"),
    "many-empty-parts": lambda p: parts(HELLO, *["Content-Type: text/plain\r\n\r\n"] * 400, attached(p)),
    "multipart-45-deep": _deep,
    "digest-default": lambda p: parts(f"\r\nFrom: a <a@evade-three.site>\r\nSubject: inner\r\n{attached(p)}", subtype="digest"),
    "related-start": lambda p: parts("Content-Type: text/html\r\nContent-ID: <one>\r\n\r\n<p>Nothing here.</p>", f"Content-ID: <two>\r\n{attached(p)}", subtype="related", more='; start="<two>"; type="text/html"'),
    "uu-in-preamble": lambda p: whole('Content-Type: multipart/mixed; boundary="frontier"\r\n', f"{uu(p.content, p.name)}\r\n--frontier\r\n{HELLO}\r\n--frontier--\r\n"),
    "uu-in-html": lambda p: parts("Content-Type: text/html\r\n\r\n<pre>\r\n" + uu(p.content, p.name).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "</pre>"),
    "uu-base64": lambda p: whole("Content-Type: text/plain\r\n", f"Please save it.\r\n\r\nbegin-base64 644 {p.name}\r\n{p.coded}\r\n====\r\n"),
    "yenc-two-parts": _yenc,
}  # fmt: skip
