"""Tricks with nested mails, cards, invitations, charsets and pages that build themselves."""

import base64
import binascii
import re
import struct
from html import escape

from tests.judged.mime import _base64
from tests.judged.third.hidden import B64, HELLO, Build, Payload, attached, carried, one, parts, whole


def _inner(p: Payload) -> str:
    return parts(HELLO, attached(p), boundary="inner").decode()


def _der(tag: int, *inner: bytes) -> bytes:
    body = b"".join(inner)
    size = len(body)
    length = (
        bytes([size])
        if size < 128
        else bytes([0x82]) + size.to_bytes(2, "big")
        if size < 65536
        else bytes([0x83]) + size.to_bytes(3, "big")
    )
    return bytes([tag]) + length + body


def _opaque(p: Payload) -> bytes:
    """Signed data (RFC 5652) of a mail's parts, without a signer."""
    data = bytes.fromhex("06092a864886f70d010701")
    signed = bytes.fromhex("06092a864886f70d010702")
    body = f"Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n{HELLO}\r\n--in\r\n{attached(p)}\r\n--in--\r\n".encode()
    content = _der(0x30, data, _der(0xA0, _der(0x04, body)))
    return _der(0x30, signed, _der(0xA0, _der(0x30, b"\x02\x01\x01", _der(0x31), content, _der(0x31))))


def _tnef(p: Payload) -> bytes:
    """TNEF whose attachment stands in MAPI properties alone."""

    def attribute(level: int, kind: int, data: bytes) -> bytes:
        return (
            bytes([level])
            + struct.pack("<II", kind, len(data))
            + data
            + struct.pack("<H", sum(data) & 0xFFFF)
        )

    def prop(kind: int, data: bytes) -> bytes:
        return struct.pack("<III", kind, 1, len(data)) + data + bytes(-len(data) % 4)

    long_name = p.name.encode() + b"\x00"
    props = struct.pack("<I", 2) + prop(0x3707001E, long_name) + prop(0x37010102, p.content)
    out = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00089006, struct.pack("<I", 0x10000))
    out += attribute(1, 0x00069007, struct.pack("<II", 932, 0)) + attribute(
        1, 0x00078008, b"IPM.Microsoft Mail.Note\x00"
    )
    out += attribute(2, 0x00069002, b"\x01\x00" + bytes(12)) + attribute(2, 0x00018010, b"ATT00.dat\x00")
    return out + attribute(2, 0x00069005, props)


def _binhex(p: Payload) -> bytes:
    letters = "!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"

    def crc(data: bytes) -> bytes:
        return binascii.crc_hqx(data, 0).to_bytes(2, "big")

    head = (
        bytes([len(p.name)])
        + p.name.encode()
        + b"\x00APPL????"
        + bytes(2)
        + struct.pack(">II", len(p.content), 0)
    )
    data = (head + crc(head) + p.content + crc(p.content) + crc(b"")).replace(b"\x90", b"\x90\x00")
    bits = "".join(f"{octet:08b}" for octet in data)
    bits += "0" * (-len(bits) % 6)
    text = ":" + "".join(letters[int(bits[n : n + 6], 2)] for n in range(0, len(bits), 6)) + ":"
    return (
        b"(This file must be converted with BinHex 4.0)\n"
        + "\n".join(text[n : n + 64] for n in range(0, len(text), 64)).encode()
    )


def _card(p: Payload) -> bytes:
    lines = "\r\n ".join(p.coded.split("\r\n"))
    return f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Office\r\nEMAIL:office@evade-three.site\r\nX-ATTACH;FILENAME={p.name};ENCODING=b:\r\n {lines}\r\nPHOTO;ENCODING=b;TYPE=JPEG:\r\n {lines}\r\nEND:VCARD\r\n".encode()


def _event(p: Payload) -> str:
    lines = "\r\n ".join(p.coded.split("\r\n"))
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//e//e//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:t3@evade-three.site\r\nDTSTAMP:20261118T000000Z\r\n"
        "DTSTART:20261119T010000Z\r\nDTEND:20261119T020000Z\r\nSUMMARY:Meeting\r\nORGANIZER:mailto:office@evade-three.site\r\n"
        f"ATTACH;FMTTYPE={p.media};ENCODING=BASE64;VALUE=BINARY;X-FILENAME={p.name}:\r\n {lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def _saved(p: Payload) -> bytes:
    return (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://evade-three.site/\r\nSubject: Page\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related; type="text/html"; boundary="--MHT--"\r\n\r\n----MHT--\r\nContent-Type: text/html\r\nContent-Location: https://evade-three.site/\r\n\r\n'
        f'<html><body><iframe src="cid:f@mht"></iframe><a href="cid:f@mht">open</a></body></html>\r\n----MHT--\r\nContent-ID: <f@mht>\r\n{attached(p)}\r\n----MHT----\r\n'
    ).encode()


def _script(p: Payload, body: str) -> str:
    """A page that saves or shows what `body` leaves in `d` (a Uint8Array)."""
    media = "application/octet-stream" if p.ending == "exe" else "text/html"
    last = f"var u=URL.createObjectURL(new Blob([d],{{type:'{media}'}}));"
    last += (
        f"var a=document.createElement('a');a.href=u;a.download='{p.name}';a.click();"
        if p.ending == "exe"
        else "location.href=u;"
    )
    return f"<html><body><p>Loading…</p><script>{body}{last}</script></body></html>"


def _xored(p: Payload) -> str:
    coded = ",".join(str(octet ^ 0x5A) for octet in p.content)
    return _script(p, f"var d=new Uint8Array([{coded}].map(function(x){{return x^90}}));")


def _reversed(p: Payload) -> str:
    return _script(
        p,
        f"var s='{base64.b64encode(p.content).decode()[::-1]}';var b=window['at'+'ob'](s.split('').reverse().join(''));var d=Uint8Array.from(b,function(c){{return c.charCodeAt(0)}});",
    )


def _invisible(p: Payload) -> str:
    """Bits as two letters that have no width."""
    bits = "".join(f"{octet:08b}" for octet in p.content).replace("0", "​").replace("1", "‌")
    return _script(
        p,
        f"var t='{bits}';var d=new Uint8Array(t.length/8);for(var i=0;i<t.length;i++)d[i>>3]|=(t.charCodeAt(i)-8203)<<(7-(i&7));",
    )


def _drawn(p: Payload) -> bytes:
    """SVG with a page inside."""
    inner = p.shown.split("<body>", 1)[1].replace("</body></html>", "")
    frame = f"<iframe xmlns='http://www.w3.org/1999/xhtml' width='600' height='400' srcdoc='{escape(inner, quote=True)}'/>"
    return f"<svg xmlns='http://www.w3.org/2000/svg' width='600' height='400'><foreignObject width='600' height='400'>{frame}</foreignObject></svg>".encode()


def _strict(p: Payload) -> bytes:
    """The page as XML."""
    body = re.sub(r"<input([^>]*)>", r"<input\1/>", p.shown.split("<body>", 1)[1])
    return f"<html xmlns='http://www.w3.org/1999/xhtml'><head><title>-</title></head><body>{body}".encode()


def _page(p: Payload, text: str, name: str = "document.html") -> bytes:
    return carried(name, text.encode(), "text/html")


def _framed(p: Payload, tag: str) -> str:
    data = base64.b64encode(p.shown.encode()).decode()
    return f"<html><body>{tag.format(data=f'data:text/html;base64,{data}')}</body></html>"


def _pgp(p: Payload) -> str:
    """An armoured message that is only literal data (RFC 4880 5.9)."""
    body = b"b" + bytes([len(p.name)]) + p.name.encode() + bytes(4) + p.content
    packet = b"\xcb\xff" + struct.pack(">I", len(body)) + body
    return f"-----BEGIN PGP MESSAGE-----\r\n\r\n{_base64(packet)}\r\n-----END PGP MESSAGE-----\r\n"


_REPORT = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.evade-three.site\r\n\r\nFinal-Recipient: rfc822; y.sato@corp.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
PAGES: dict[str, Build] = {
    "message-base64": lambda p: one(p, f"Content-Type: message/rfc822\r\n{B64}", _base64(_inner(p).encode())),
    "message-as-octets": lambda p: carried("forwarded.eml", _inner(p).encode()),
    "message-global": lambda p: one(p, "Content-Type: message/global\r\n", _inner(p)),
    "message-in-text": lambda p: carried("forwarded.txt", _inner(p).encode(), "text/plain"),
    "report-returned": lambda p: parts("Content-Type: text/plain\r\n\r\nNot delivered.", _REPORT, f"Content-Type: message/rfc822\r\n\r\n{_inner(p)}", subtype="report", more="; report-type=delivery-status"),
    "signature-part": lambda p: parts(HELLO, f'Content-Type: application/pkcs7-signature; name="{p.name}"\r\nContent-Disposition: attachment; filename="{p.name}"\r\n{B64}\r\n{p.coded}', subtype="signed", more='; protocol="application/pkcs7-signature"; micalg=sha-256'),
    "opaque-signed": lambda p: whole(f'Content-Type: application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"\r\nContent-Disposition: attachment; filename="smime.p7m"\r\n{B64}', _base64(_opaque(p))),
    "encrypted-in-name-only": lambda p: parts("Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n", attached(p), subtype="encrypted", more='; protocol="application/pgp-encrypted"'),
    "pgp-literal": lambda p: whole("Content-Type: text/plain\r\n", _pgp(p)),
    "tnef-properties": lambda p: carried("ATT00001.bin", _tnef(p)),
    "binhex-attached": lambda p: carried("file.hqx", _binhex(p), "application/octet-stream"),
    "card": lambda p: carried("office.vcf", _card(p), "text/vcard"),
    "event-attachment": lambda p: parts("Content-Type: text/plain\r\n\r\nAn invitation.", f"Content-Type: text/calendar; method=REQUEST\r\n\r\n{_event(p)}", subtype="alternative"),
    "saved-page": lambda p: carried("page.mht", _saved(p), "multipart/related"),
    "page-bom-utf16": lambda p: carried("document.html", b"\xfe\xff" + p.shown.encode("utf-16-be"), "text/html"),
    "page-charset-2022": lambda p: whole(f"Content-Type: text/html; charset=iso-2022-jp\r\n{B64}", _base64(p.shown.replace("<", "\x1b(B<").encode())),
    "page-charset-lie": lambda p: whole(f"Content-Type: text/html; charset=us-ascii\r\n{B64}", _base64(b"\xff\xfe" + p.shown.encode("utf-16-le"))),
    "page-hz": lambda p: whole("Content-Type: text/html; charset=hz-gb-2312\r\n", p.shown.replace("~", "~~").replace("><", ">~\r\n<")),
    "page-xhtml": lambda p: carried("document.xhtml", _strict(p), "application/xhtml+xml"),
    "page-as-xml": lambda p: carried("document.xml", b"<?xml version='1.0'?>" + _strict(p), "text/xml"),
    "page-alternative-plain": lambda p: parts("Content-Type: text/plain\r\n\r\nThe minutes of our meeting follow next week.", f"Content-Type: text/html\r\n\r\n{p.shown}", subtype="alternative"),
    "page-xored": lambda p: _page(p, _xored(p)),
    "page-reversed": lambda p: _page(p, _reversed(p)),
    "page-invisible": lambda p: _page(p, _invisible(p)),
    "page-iframe": lambda p: _page(p, _framed(p, '<iframe src="{data}" width=900 height=700></iframe>')),
    "page-object": lambda p: _page(p, _framed(p, '<object data="{data}" type="text/html"></object>')),
    "page-refresh": lambda p: _page(p, _framed(p, '<meta http-equiv="refresh" content="0; url={data}">')),
    "page-srcdoc-body": lambda p: whole("Content-Type: text/html\r\n", f'<html><body><iframe srcdoc="{escape(p.shown, quote=True)}"></iframe></body></html>'),
    "svg-frame": lambda p: carried("drawing.svg", _drawn(p), "image/svg+xml"),
    "link-to-cid": lambda p: parts('Content-Type: text/html\r\n\r\n<a href="cid:f1">Open the letter</a>', f"Content-ID: <f1>\r\nContent-Type: image/gif\r\n{B64}\r\n{p.coded}", subtype="related"),
}  # fmt: skip
