"""Everything that a file can be put into: `WRAPPERS[name](content) -> (file name, content)`."""

import base64
import bz2
import gzip
import hashlib
import io
import json
import lzma
import quopri
import tarfile
import zipfile
from collections.abc import Callable

import pikepdf
import zstandard

from tests.filters.extract import formats, signatures
from tests.filters.extract.documents import archive, pdf, word
from tests.filters.extract.encoders import binhexed, uuencoded, yencoded
from tests.filters.extract.formats_of_text import with_members
from tests.filters.extract.macs import appledouble, resources
from tests.filters.extract.media import MEDIA, noise

Wrapper = Callable[[bytes], tuple[str, bytes]]


def _lines(content: bytes) -> str:
    return base64.encodebytes(content).decode()


def _mail(content: bytes, encoding: str = "base64") -> bytes:
    body = _lines(content).encode() if encoding == "base64" else quopri.encodestring(content, quotetabs=True)
    boundary = hashlib.sha256(content).hexdigest()[:16].encode()  # one in another have different ones
    return (
        (
            b"From: a@x.example\nTo: b@y.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=BOUND\n\n"
            b"--BOUND\nContent-Type: text/plain\n\nsee below\n--BOUND\nContent-Type: application/octet-stream; name=a.bin\n"
            b"Content-Transfer-Encoding: "
        ).replace(b"BOUND", boundary)
        + encoding.encode()
        + b"\n\n"
        + body
        + b"\n--"
        + boundary
        + b"--\n"
    )


def _with_attachment(content: bytes) -> bytes:
    document = pikepdf.open(io.BytesIO(pdf("text")))
    document.attachments["a.bin"] = pikepdf.AttachedFileSpec(document, content, filename="a.bin")
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def _closed(name: str, magic: bytes) -> Wrapper:
    """A kind that nobody reads here: how it begins, then what says nothing to who cannot read it."""
    return lambda content: (name, magic + bytes(octet ^ 0xA5 for octet in content))


CLOSED: dict[str, Wrapper] = {
    "rpm": _closed("a.rpm", b"\xed\xab\xee\xdb"),
    "compress": _closed("a.Z", b"\x1f\x9d\x90"),
    "lz4": _closed("a.lz4", b"\x04\x22\x4d\x18"),
    "xar": _closed("a.pkg", b"xar!\x00\x1c\x00\x01"),
    "cpio": _closed("a.cpio", b"070701"),
    "lzip": _closed("a.lz", b"LZIP\x01"),
    "zpaq": _closed("a.zpaq", b"7kSt\xa0"),
    "stuffit": _closed("a.sit", b"SIT!\x00\x01"),
}
WRAPPERS: dict[str, Wrapper] = {
    **CLOSED,
    "zip": lambda c: ("a.zip", archive(("a.bin", c))),
    "stored zip": lambda c: ("a.zip", archive(("a.bin", c), method=zipfile.ZIP_STORED)),
    "tar": lambda c: ("a.tar", formats.tar(("a.bin", c))),
    "old tar": lambda c: ("a.tar", formats.tar(("a.bin", c), form=tarfile.GNU_FORMAT)),
    "gz": lambda c: ("a.bin.gz", gzip.compress(c, mtime=0)),
    "bz2": lambda c: ("a.bin.bz2", bz2.compress(c)),
    "xz": lambda c: ("a.bin.xz", lzma.compress(c)),
    "zst": lambda c: ("a.bin.zst", zstandard.compress(c)),
    "7z": lambda c: ("a.7z", formats.sevenzip(("a.bin", c))),
    "cab": lambda c: ("a.cab", formats.cab(("a.bin", c))),
    "iso": lambda c: ("a.iso", formats.iso(("A.BIN", c))),
    "rar": lambda c: ("a.rar", formats.rar(("a.bin", c))),
    "docx": lambda c: ("a.docx", with_members(word(), **{"word/embeddings/a.bin": c})),
    "pdf": lambda c: ("a.pdf", _with_attachment(c)),
    "eml": lambda c: ("a.eml", _mail(c)),
    "eml qp": lambda c: ("a.eml", _mail(c, "quoted-printable")),
    "tnef": lambda c: ("winmail.dat", formats.tnef("x", "y", ("a.bin", c))),
    "onenote": lambda c: ("a.one", formats.onenote("x", c)),
    "apple single": lambda c: ("a.as", appledouble((1, c), single=True)),
    "apple resource": lambda c: ("._a", appledouble((2, resources(c)))),
    "p7m": lambda c: ("a.p7m", signatures.signed(c)),
    "p7m in pieces": lambda c: ("smime.p7m", signatures.signed(c, open_ended=True)),
    "p7s with content": lambda c: ("smime.p7s", signatures.signed(c)),
    "pem": lambda c: ("a.pem", signatures.pem(signatures.signed(c))),
    "compressed cms": lambda c: ("a.p7z", signatures.compressed(c)),
    "ar": lambda c: ("a.deb", formats.ar(("a.bin", c))),
    "pgp": lambda c: ("a.gpg", signatures.signed_pgp(c)),
    "armored pgp": lambda c: ("a.asc", signatures.armor(signatures.signed_pgp(c, method=2))),
    "base64": lambda c: ("a.txt", _lines(c).encode()),
    "base64 in a letter": lambda c: ("a.txt", f"Hello,\n\n{_lines(c)}\nBye\n".encode()),
    "hex": lambda c: ("a.txt", c.hex().encode()),
    "uuencode": lambda c: ("a.txt", uuencoded(c, "a.bin").encode()),
    "yenc": lambda c: ("a.txt", yencoded(c, "a.bin").encode("latin-1")),
    "binhex": lambda c: ("a.hqx", binhexed(c, "a.bin").encode()),
    "json": lambda c: ("a.json", json.dumps({"file": base64.b64encode(c).decode()}).encode()),
    "xml": lambda c: ("a.xml", b"<?xml version='1.0'?><a>" + base64.b64encode(c) + b"</a>"),
    "page": lambda c: (
        "a.html",
        b'<html><a href="data:application/octet-stream;base64,' + base64.b64encode(c) + b'">x</a></html>',
    ),
    "calendar": lambda c: (
        "a.ics",
        b"BEGIN:VCALENDAR\r\nATTACH;ENCODING=BASE64;VALUE=BINARY:"
        + _lines(c).rstrip().replace("\n", "\r\n ").encode()
        + b"\r\nEND:VCALENDAR\r\n",
    ),
    "card": lambda c: (
        "a.vcf",
        b"BEGIN:VCARD\r\nPHOTO;ENCODING=b:"
        + _lines(c).rstrip().replace("\n", "\r\n ").encode()
        + b"\r\nEND:VCARD\r\n",
    ),
    **{f"behind {name}": (lambda c, n=name: (n, MEDIA[n] + c)) for name in MEDIA if name != "a.flac"},  # type: ignore[misc]
    "behind noise": lambda c: ("a.dat", b"\1\2" + noise(200) + c),
    "behind a pdf": lambda c: ("a.pdf", pdf("text") + c),
    "behind a zip": lambda c: ("a.zip", archive(("b.txt", b"x")) + c),
}
