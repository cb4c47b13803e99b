"""Tiny files of pictures, sound, films and fonts, as programs write them: `MEDIA[name] -> bytes`."""

import io
import struct
import zlib

from PIL import Image


def _saved(form: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((48, 48), 60).convert("P" if form == "GIF" else "RGB").save(out, form, **options)
    return out.getvalue()


def noise(size: int) -> bytes:
    """Octets that look like pixels or samples."""
    return b"".join(struct.pack("<L", zlib.crc32(bytes((n & 255, n >> 8)))) for n in range(size // 4))


def riff(kind: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        name + struct.pack("<L", len(data)) + data + b"\0" * (len(data) & 1) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<L", len(body) + 4) + kind + body


def boxes(*each: tuple[bytes, bytes]) -> bytes:
    return b"".join(struct.pack(">L", 8 + len(data)) + name + data for name, data in each)


def sfnt(magic: bytes = b"\0\1\0\0") -> bytes:
    tables = {b"glyf": noise(400), b"head": noise(56), b"name": b"\0\0\0\0\0\6"}
    at, head, body = 12 + 16 * len(tables), b"", b""
    for tag, data in tables.items():
        head += struct.pack(">4sLLL", tag, 0, at + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return magic + struct.pack(">HHHH", len(tables), 0, 0, 0) + head + body


def woff() -> bytes:
    data = noise(400)
    head = struct.pack(
        ">4s4sLHHLHHLLLLL", b"wOFF", b"\0\1\0\0", 44 + 20 + len(data), 1, 0, 600, 1, 0, 0, 0, 0, 0, 0
    )
    return head + struct.pack(">4sLLLL", b"glyf", 64, len(data), len(data), 0) + data


def mp3() -> bytes:
    frame = b"\xff\xfb\x90\x00" + noise(412) + b"\0"
    return b"ID3\3\0\0\0\0\0\x0aTIT2\0\0\0\0\0\0" + frame * 3 + b"TAG" + b"title".ljust(125, b"\0")


def ogg() -> bytes:
    body = noise(200)
    return b"OggS\0\2" + bytes(20) + b"\1" + bytes((len(body),)) + body


def flac() -> bytes:
    """Two frames of 4,096 samples in stereo, of 16 bits."""
    info = b"\x10\0\x10\0" + bytes(6) + (44_100 << 12 | 1 << 9 | 15 << 4).to_bytes(4, "big") + bytes(20)
    frames = b"\xff\xf8\xc9\x18\0\xc2" + noise(400) + b"\xff\xf8\xc9\x18\1\xc5" + noise(400)
    return b"fLaC\x80\0\0\x22" + info + frames


def matroska() -> bytes:
    def element(name: str, data: bytes) -> bytes:
        return bytes.fromhex(name) + b"\x08" + len(data).to_bytes(4, "big") + data

    return element("1A45DFA3", noise(40)) + element(
        "18538067", element("1549A966", noise(40)) + element("1F43B675", noise(600))
    )


MEDIA: dict[str, bytes] = {
    "a.png": _saved("PNG"),
    "a.jpg": _saved("JPEG", comment=b"a comment"),
    "b.jpg": _saved("JPEG", progressive=True),
    "a.gif": _saved("GIF"),
    "a.bmp": _saved("BMP"),
    "a.tif": _saved("TIFF"),
    "b.tif": _saved("TIFF", compression="tiff_deflate"),
    "a.webp": _saved("WEBP"),
    "a.ico": _saved("ICO"),
    "a.wav": riff(b"WAVE", (b"fmt ", bytes(16)), (b"data", noise(900))),
    "a.avi": riff(b"AVI ", (b"LIST", b"movi" + noise(900)), (b"idx1", noise(40))),
    "a.mp3": mp3(),
    "a.ogg": ogg(),
    "a.flac": flac(),
    "a.mkv": matroska(),
    "a.mp4": boxes(
        (b"ftyp", b"mp42\0\0\0\0"), (b"moov", noise(200)), (b"mdat", noise(900)), (b"free", bytes(50))
    ),
    "a.heic": boxes((b"ftyp", b"heic\0\0\0\0"), (b"meta", noise(200)), (b"mdat", noise(900))),
    "a.ttf": sfnt(),
    "a.otf": sfnt(b"OTTO"),
    "a.woff": woff(),
}
