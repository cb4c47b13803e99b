"""Files that carry an attack, harmless in fact: what is run says nothing, and no address exists."""

import base64
import zlib
from collections.abc import Callable

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from tests.judged.files import archive, docx, pdf, xlsx
from tests.judged.mime import File, file

EXE = (
    b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00\xb8"
    + bytes(43)
    + b"\x80\x00\x00\x00"
    + bytes(64)
)
EXE += b"PE\x00\x00\x64\x86\x01\x00" + bytes(240) + b"This program cannot be run in DOS mode."
_ONE = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3")
_EMBEDDED = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")


def _modules(text: str) -> list[list[bool]]:
    code = QRCode(None, QRErrorCorrectLevel.L)
    code.addData(text)
    code.make()
    return [[bool(value) for value in row] for row in code.modules]


def qr_png(text: str) -> bytes:
    """A QR code in black and white, four pixels a module."""
    rows = [[False] * 4 + row + [False] * 4 for row in _modules(text)]
    empty = [[False] * len(rows[0])] * 4
    lines = b"".join(
        (b"\x00" + b"".join((b"\x00" if dark else b"\xff") * 4 for dark in row)) * 4
        for row in [*empty, *rows, *empty]
    )
    width, height = len(rows[0]) * 4, (len(rows) + 8) * 4

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(lines, 0))
        + chunk(b"IEND", b"")
    )


def qr_blocks(text: str) -> str:
    """A QR code in block letters, two modules above each other in one."""
    rows = [[False] * 2 + row + [False] * 2 for row in _modules(text)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    shape = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
    return "\n".join(
        "".join(shape[pair] for pair in zip(a, b, strict=True))
        for a, b in zip(rows[::2], rows[1::2], strict=True)
    )


def qr_table(text: str) -> str:
    """A QR code as a table of coloured cells."""
    rows = ""
    for row in _modules(text):
        cells = "".join(
            '<td bgcolor="%s" width="4" height="4"></td>' % ("#000000" if dark else "#ffffff") for dark in row
        )
        rows += f"<tr>{cells}</tr>"
    return f'<table cellspacing="0" cellpadding="0">{rows}</table>'


def qr_svg(text: str) -> str:
    """A QR code drawn in SVG."""
    boxes = "".join(
        f'<rect x="{x}" y="{y}" width="1" height="1"/>'
        for y, row in enumerate(_modules(text))
        for x, dark in enumerate(row)
        if dark
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 60 60"><rect x="-4" y="-4" width="60" height="60" fill="#fff"/>{boxes}</svg>'


def _svg(link: str) -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><rect width="600" height="400" fill="#eee"/>'
        f'<a href="{link}"><text x="60" y="200" font-size="28">文書を表示 / View document</text></a></svg>'
    ).encode()


def _svg_script(link: str) -> bytes:
    hidden = base64.b64encode(link.encode()).decode()
    return f"<svg xmlns='http://www.w3.org/2000/svg'><script><![CDATA[location.href=atob('{hidden}')]]></script></svg>".encode()


def _form(link: str) -> bytes:
    return (
        "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h2>サインイン / Sign in</h2>"
        f'<form method="post" action="{link}"><input name="u" value="y.sato@corp.example"><input type="password" name="p">'
        "<button>Next</button></form></body></html>"
    ).encode()


def _smuggle(name: str) -> bytes:
    data = base64.b64encode(archive([(name, EXE)])).decode()
    return (
        f"<html><body><p>Your download begins…</p><script>var d='{data}';var b=new Blob([Uint8Array.from(atob(d),"
        "c=>c.charCodeAt(0))],{type:'octet/stream'});var a=document.createElement('a');"
        f"a.href=URL.createObjectURL(b);a.download='{name}.zip';document.body.appendChild(a);a.click();</script></body></html>"
    ).encode()


def _onenote(script: str) -> bytes:
    content = script.encode()
    stored = _EMBEDDED + len(content).to_bytes(8, "little") + bytes(12) + content + bytes(-len(content) % 8)
    return _ONE + bytes(1008) + "Double click to view".encode("utf-16-le") + bytes(64) + stored + bytes(512)


def _calendar(text: str) -> bytes:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:9c1e@invite.example\r\n"
        "DTSTAMP:20261117T000000Z\r\nDTSTART:20261118T010000Z\r\nDTEND:20261118T020000Z\r\nSUMMARY:Account review\r\n"
        f"DESCRIPTION:{text}\r\nORGANIZER:mailto:host@invite.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


_LINK = bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(56)
MAKERS: dict[str, Callable[[str], bytes]] = {
    "svg": _svg,
    "svg-script": _svg_script,
    "svg-qr": lambda text: qr_svg(text).encode(),
    "form": _form,
    "smuggle": _smuggle,
    "onenote": _onenote,
    "ics": _calendar,
    "qr": qr_png,
    "docx": lambda text: docx(text.split("/")),
    "docx-link": lambda text: docx(["文書は保護されています。", "次の頁で本人確認をしてください:", text]),
    "pdf": lambda text: pdf(text.split("|")),
    "xlsx": lambda text: xlsx(("a", [line.split(",") for line in text.split("|")])),
    "zip-lnk": lambda name: archive([(f"{name}.pdf.lnk", _LINK + "cmd /c start".encode("utf-16-le"))]),
    "zip-js": lambda name: archive(
        [(f"{name}.js", b"var s=new ActiveXObject('WScript.Shell');s.Run('calc');")]
    ),
    "zip-exe": lambda name: archive([(f"{name}.exe", EXE)]),
    "url": lambda link: f"[InternetShortcut]\r\nURL={link}\r\n".encode(),
    "text": lambda text: text.encode(),
    "exe": lambda _: EXE,
}


def made(line: str) -> File:
    """A file from "name|maker|argument"."""
    name, maker, argument = line.split("|", 2)
    return file(name, MAKERS[maker](argument))
