"""Mails whose structure hides a program or a lure from one of the usual readers. `expects` is "warned".

Each comes with a program and with a page that asks for a password.
"""

import base64
import binascii
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.judged import Half, Sample
from tests.judged.arriving import US, facts
from tests.judged.attacks import known
from tests.judged.lures import EXE, MAKERS
from tests.judged.mime import _base64


@dataclass(frozen=True)
class Payload:
    """What is hidden: its name, its media type, its octets."""

    name: str
    media: str
    content: bytes

    @property
    def coded(self) -> str:
        return _base64(self.content)


PAYLOADS: dict[Half, tuple[Payload, Payload]] = {
    "development": (
        Payload("invoice.exe", "application/x-msdownload", EXE),
        Payload("signin.html", "text/html", MAKERS["form"]("https://evade-one.site/p.php")),
    ),
    "deciding": (
        Payload("update.scr", "application/octet-stream", EXE + b" two"),
        Payload("verify.htm", "text/html", MAKERS["form"]("https://evade-two.site/v.php")),
    ),
}
HELLO = "Content-Type: text/plain; charset=us-ascii\r\n\r\nPlease see the attachment.\r\n"
B64 = "Content-Transfer-Encoding: base64\r\n"


def _mail(fields: str, body: str | bytes, subject: str = "Document") -> bytes:
    octets = body.encode("utf-8", "surrogateescape") if isinstance(body, str) else body
    head = (
        f"From: Sales <sales@evade.site>\r\nTo: <{US[1]}>\r\nSubject: {subject}\r\n"
        f"Date: Tue, 17 Nov 2026 08:12:44 +0900\r\nMessage-ID: <{zlib.crc32(octets + fields.encode()):x}@evade.site>\r\nMIME-Version: 1.0\r\n"
    )
    return f"{head}{fields}\r\n".encode("utf-8", "surrogateescape") + octets


def _attachment(p: Payload, *, fields: str = "", name: str = "", media: str = "") -> str:
    return f'Content-Type: {media or p.media}\r\nContent-Disposition: attachment; filename="{name or p.name}"\r\n{fields or B64}\r\n{p.coded}\r\n'


def _mixed(*parts: str, boundary: str = "bnd", end: str = "--", subtype: str = "mixed") -> bytes:
    body = "".join(f"--{boundary}\r\n{part}" for part in parts) + f"--{boundary}{end}\r\n"
    return _mail(f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n', body)


def _part(p: Payload, fields: str, body: str = "") -> bytes:
    """A mail of text and one part with these fields."""
    return _mixed(HELLO, f"{fields}\r\n{body or p.coded}\r\n")


def _two_boundaries(p: Payload) -> bytes:
    """One boundary begins as the other does."""
    inner = f"--bnd\r\n{HELLO}--bnd2\r\n{_attachment(p)}--bnd2--\r\n--bnd--\r\n"
    return _mail('Content-Type: multipart/mixed; boundary="bnd"\r\n', inner)


def _uuencoded(content: bytes, name: str) -> str:
    lines = "".join(binascii.b2a_uu(content[n : n + 45]).decode() for n in range(0, len(content), 45))
    return f"begin 644 {name}\r\n" + lines.replace("\n", "\r\n") + "`\r\nend\r\n"


def _yenc(content: bytes, name: str) -> bytes:
    out = bytearray()
    for octet in content:
        value = (octet + 42) % 256
        out += bytes([61, (value + 64) % 256]) if value in (0, 10, 13, 61) else bytes([value])
    lines = b"\r\n".join(bytes(out[n : n + 128]) for n in range(0, len(out), 128))
    check = zlib.crc32(content)
    return (
        f"=ybegin line=128 size={len(content)} name={name}\r\n".encode()
        + lines
        + f"\r\n=yend size={len(content)} crc32={check:08x}\r\n".encode()
    )


_HQX = "!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"


def _binhex(content: bytes, name: str) -> str:
    def crc(data: bytes) -> bytes:
        return binascii.crc_hqx(data, 0).to_bytes(2, "big")

    head = (
        bytes([len(name)])
        + name.encode()
        + b"\x00"
        + b"TEXTttxt"
        + b"\x00\x00"
        + len(content).to_bytes(4, "big")
        + bytes(4)
    )
    data = (head + crc(head) + content + crc(content) + crc(b"")).replace(b"\x90", b"\x90\x00")
    bits = "".join(f"{octet:08b}" for octet in data)
    bits += "0" * (-len(bits) % 6)
    text = ":" + "".join(_HQX[int(bits[n : n + 6], 2)] for n in range(0, len(bits), 6)) + ":"
    lines = "\r\n".join(text[n : n + 64] for n in range(0, len(text), 64))
    return f"(This file must be converted with BinHex 4.0)\r\n\r\n{lines}\r\n"


def _tnef(p: Payload) -> bytes:
    def attribute(level: int, kind: int, data: bytes) -> bytes:
        return (
            bytes([level])
            + kind.to_bytes(4, "little")
            + len(data).to_bytes(4, "little")
            + data
            + (sum(data) & 0xFFFF).to_bytes(2, "little")
        )

    out = 0x223E9F78.to_bytes(4, "little") + b"\x01\x00"
    out += attribute(1, 0x00089006, (0x00010000).to_bytes(4, "little")) + attribute(
        1, 0x00078008, b"IPM.Note\x00"
    )
    out += attribute(2, 0x00069002, b"\x01\x00" + bytes(12)) + attribute(
        2, 0x00018010, p.name.encode() + b"\x00"
    )
    return out + attribute(2, 0x0006800F, p.content)


def _nested(p: Payload, depth: int) -> bytes:
    inner = _mixed(HELLO, _attachment(p)).decode()
    for level in range(depth):
        inner = _mixed(
            HELLO, f"Content-Type: message/rfc822\r\n\r\n{inner}", boundary=f"level{level}"
        ).decode()
    return inner.encode()


def _partial(p: Payload) -> bytes:
    whole = _mixed(HELLO, _attachment(p)).decode()
    return _mail('Content-Type: message/partial; id="a@evade.site"; number=1; total=1\r\n', whole)


def _page(p: Payload) -> str:
    """The page, or one that offers the program."""
    if p.media == "text/html":
        return p.content.decode()
    return f"<html><body><a href='data:application/octet-stream;base64,{p.coded}'>Download</a></body></html>"


def _utf7(p: Payload) -> bytes:
    return _mail("Content-Type: text/html; charset=utf-7\r\n", _page(p).encode("utf-7"))


def _utf16(p: Payload) -> bytes:
    coded = base64.encodebytes(b"\xff\xfe" + _page(p).encode("utf-16-le"))
    return _mail(f"Content-Type: text/html; charset=utf-16\r\n{B64}", coded.replace(b"\n", b"\r\n"))


def _split_rfc2231(p: Payload) -> bytes:
    stem, ending = p.name.split(".")
    return _part(
        p,
        f'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*0="{stem}.";\r\n filename*1={ending[:1]};\r\n filename*2={ending[1:]}\r\n{B64}',
    )


def _gzip(content: bytes) -> bytes:
    """RFC 1952, stored."""
    deflate = zlib.compressobj(0, zlib.DEFLATED, -15)
    tail = zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    return bytes.fromhex("1f8b0800000000000003") + deflate.compress(content) + deflate.flush() + tail


Build = Callable[[Payload], bytes]
TRICKS: dict[Half, dict[str, Build]] = {
    "development": {
        "name-in-type-only": lambda p: _part(p, f'Content-Type: application/octet-stream; name="{p.name}"\r\nContent-Disposition: attachment; filename="readme.txt"\r\n{B64}'),
        "two-filenames": lambda p: _part(p, f'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="a.txt"; filename="{p.name}"\r\n{B64}'),
        "split-filename": _split_rfc2231,
        "encoded-filename": lambda p: _part(p, f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"=?utf-8?B?{base64.b64encode(p.name.encode()).decode()}?=\"\r\n{B64}"),
        "two-content-types": lambda p: _part(p, f'Content-Type: text/plain\r\nContent-Type: {p.media}; name="{p.name}"\r\n{B64}'),
        "two-encodings": lambda p: _part(p, f'Content-Type: {p.media}; name="{p.name}"\r\nContent-Transfer-Encoding: 7bit\r\n{B64}'),
        "base64-junk": lambda p: _part(p, f'Content-Type: {p.media}; name="{p.name}"\r\n{B64}', "\r\n".join(f"{line[:30]}!*\x01{line[30:]}" for line in p.coded.split("\r\n"))),
        "base64-two-pieces": lambda p: _part(p, f'Content-Type: {p.media}; name="{p.name}"\r\n{B64}', base64.b64encode(p.content[:40]).decode() + "\r\n" + _base64(p.content[40:])),
        "boundary-prefix": _two_boundaries,
        "no-closing": lambda p: _mixed(HELLO, _attachment(p), end=""),
        "in-preamble": lambda p: _mail('Content-Type: multipart/mixed; boundary="bnd"\r\n', f"{_attachment(p)}--bnd\r\n{HELLO}--bnd--\r\n"),
        "in-epilogue": lambda p: _mail('Content-Type: multipart/mixed; boundary="bnd"\r\n', f"--bnd\r\n{HELLO}--bnd--\r\n--bnd\r\n{_attachment(p)}--bnd--\r\n"),
        "same-boundary-nested": lambda p: _mixed(HELLO, f'Content-Type: multipart/mixed; boundary="bnd"\r\n\r\n--bnd\r\n{_attachment(p)}--bnd--\r\n'),
        "uuencode": lambda p: _mail("Content-Type: text/plain\r\n", f"Hello,\r\n\r\n{_uuencoded(p.content, p.name)}\r\nBye\r\n"),
        "partial": _partial,
        "no-boundary": lambda p: _mail("Content-Type: multipart/mixed\r\n", f"--x\r\n{HELLO}--x\r\n{_attachment(p)}--x--\r\n"),
        "encoding-comment": lambda p: _part(p, f'Content-Type: {p.media}; name="{p.name}"\r\nContent-Transfer-Encoding: (really) base64\r\n'),
        "space-before-colon": lambda p: _part(p, f'Content-Type : {p.media}; name="{p.name}"\r\nContent-Transfer-Encoding : base64\r\n'),
        "fields-after-blank": lambda p: _mixed(HELLO, f'\r\nContent-Type: {p.media}; name="{p.name}"\r\n{B64}\r\n{p.coded}\r\n'),
        "no-mime-version": lambda p: _mixed(HELLO, _attachment(p)).replace(b"MIME-Version: 1.0\r\n", b""),
        "encoded-multipart": lambda p: _mail(f'Content-Type: multipart/mixed; boundary="bnd"\r\n{B64}', _base64(f"--bnd\r\n{HELLO}--bnd\r\n{_attachment(p)}--bnd--\r\n".encode())),
    },
    "deciding": {
        "trailing-dot": lambda p: _mixed(HELLO, _attachment(p, name=f"{p.name}. ", media="text/plain")),
        "many-spaces": lambda p: _mixed(HELLO, _attachment(p, name=f"report.pdf{' ' * 120}.{p.name.split('.')[1]}")),
        "filename-against-star": lambda p: _part(p, f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"photo.png\"; filename*=utf-8''{p.name}\r\n{B64}"),
        "percent-name": lambda p: _part(p, f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=utf-8''%{ord(p.name[0]):02X}{p.name[1:].replace('.', '%2E')}\r\n{B64}"),
        "unknown-disposition": lambda p: _part(p, f'Content-Type: text/plain\r\nContent-Disposition: foo; filename="{p.name}"\r\n{B64}'),
        "page-as-text": lambda p: _part(p, f'Content-Type: text/plain; name="{p.name}"\r\n{B64}'),
        "no-type-at-all": lambda p: _part(p, f'Content-Disposition: attachment; filename="{p.name}"\r\n{B64}'),
        "early-padding": lambda p: _part(p, f'Content-Type: {p.media}; name="{p.name}"\r\n{B64}', "AAAA====\r\n" + p.coded),
        "yenc": lambda p: _mail("Content-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n", b"See below.\r\n\r\n" + _yenc(p.content, p.name)),
        "binhex": lambda p: _part(p, 'Content-Type: application/mac-binhex40; name="a.hqx"\r\n', _binhex(p.content, p.name)),
        "binhex-in-text": lambda p: _mail("Content-Type: text/plain\r\n", f"Hi\r\n\r\n{_binhex(p.content, p.name)}"),
        "tnef": lambda p: _part(p, f'Content-Type: application/ms-tnef; name="winmail.dat"\r\n{B64}', _base64(_tnef(p))),
        "gzip": lambda p: _part(p, f'Content-Type: application/gzip; name="{p.name}.gz"\r\n{B64}', _base64(_gzip(p.content))),
        "nested-9": lambda p: _nested(p, 9),
        "external-body": lambda p: _part(p, f'Content-Type: message/external-body; access-type=URL; URL="https://evade-two.site/{p.name}"\r\n', f"Content-Type: {p.media}\r\nContent-ID: <1@evade.site>\r\n"),
        "utf-7": _utf7,
        "utf-16": _utf16,
        "third-alternative": lambda p: _mixed(HELLO, "Content-Type: text/html\r\n\r\n<p>Please see the attachment.</p>\r\n", _attachment(p), subtype="alternative"),
        "odd-subtype": lambda p: _mixed(HELLO, _attachment(p), subtype="x-archive"),
        "split-boundary": lambda p: _mail("Content-Type: multipart/mixed; boundary*0=\"bn\"; boundary*1=\"d7\"\r\n", f"--bnd7\r\n{HELLO}--bnd7\r\n{_attachment(p)}--bnd7--\r\n"),
        "two-boundaries": lambda p: _mail('Content-Type: multipart/mixed; boundary="one"; boundary="two"\r\n', f"--one\r\n{HELLO}--one--\r\n--two\r\n{_attachment(p)}--two--\r\n"),
        "folded-type": lambda p: _part(p, f'Content-Type:\r\n {p.media.split("/")[0]}/\r\n {p.media.split("/")[1]};\r\n\tname="{p.name}"\r\n{B64}'),
        "lines-of-lf": lambda p: _mixed(HELLO, _attachment(p)).replace(b"\r\n", b"\n"),
        "bare-cr": lambda p: _part(p, f'Content-Type: text/plain\r\nX-A: b\rContent-Type: {p.media}; name="{p.name}"\r\n{B64}'),
        "nul-in-field": lambda p: _part(p, f'Content-Type: text/plain\x00; {p.media}; name="{p.name}"\r\n{B64}'),
        "boundary-space": lambda p: _mail('Content-Type: multipart/mixed; boundary="bnd "\r\n', f"--bnd \r\n{HELLO}--bnd \r\n{_attachment(p)}--bnd --\r\n"),
        "after-end-uu": lambda p: _mail('Content-Type: multipart/mixed; boundary="bnd"\r\n', f"--bnd\r\n{HELLO}--bnd--\r\n\r\n{_uuencoded(p.content, p.name)}"),
    },
}  # fmt: skip


def samples(half: Half) -> Iterator[Sample]:
    """Each trick with each payload."""
    told = facts("sales@evade.site", "pass") | {"known": known(half)}
    for kind, build in TRICKS[half].items():
        for number, payload in enumerate(PAYLOADS[half]):
            name = f"evasions/{half}/{kind}/{('program', 'page')[number]}"
            yield Sample(name, half, build(payload), "warned", "", told)
