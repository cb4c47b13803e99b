"""Steps by which octets get into something else, by name: "zip:NAME", "gz", "prefix:HEX" … (evasions_HALF.toml)."""

import base64
import binascii
import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from tests.judged.files import archive, docx, xlsx
from tests.judged.third import disks, programs
from tests.judged.third.bait import changed, paper
from tests.judged.third.papers import odt, pptx

Step = Callable[[bytes, str], bytes]
WHEN = (2026, 11, 16, 9, 0, 0)


def _zip(content: bytes, name: str, method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        info = zipfile.ZipInfo(name, WHEN)
        info.compress_type = method
        packed.writestr(info, content)
    return out.getvalue()


class _Forward(io.RawIOBase):
    """What can only be written onwards: a ZIP into it says its sizes behind each member."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        octets = bytes(data)  # type: ignore[call-overload]
        self.written += octets
        return len(octets)


def _streamed(content: bytes, name: str) -> bytes:
    out = _Forward()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:  # type: ignore[call-overload]
        info = zipfile.ZipInfo(name, WHEN)
        info.compress_type = zipfile.ZIP_DEFLATED
        packed.writestr(info, content)
    return bytes(out.written)


def _crowd(content: bytes, name: str) -> bytes:
    """A ZIP of three hundred small texts, and one file in their midst."""
    members: list[tuple[str, str | bytes]] = [(f"notes/{n:03d}.txt", f"note {n}") for n in range(300)]
    return archive([*members[:150], (name, content), *members[150:]])


def _commented(content: bytes, text: str) -> bytes:
    """A ZIP with a comment of so many octets behind it."""
    size = int(text)
    return content[:-2] + size.to_bytes(2, "little") + b" " * size


def _tar(content: bytes, name: str, form: int = tarfile.USTAR_FORMAT, times: int = 1) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as packed:
        for _ in range(times):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), 1_794_900_000
            packed.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def _second_tar(content: bytes, name: str) -> bytes:
    """Behind the end of a tar of a text another one begins."""
    return _tar(b"see attached\n", "readme.txt") + _tar(content, name)


def _deb(content: bytes, name: str) -> bytes:
    """A package of Debian: an ar whose data are a compressed tar."""
    head = b"!<arch>\n"
    for member, data in (
        ("debian-binary", b"2.0\n"),
        ("data.tar.gz", gzip.compress(_tar(content, name), mtime=0)),
    ):
        head += (
            f"{member:<16}{1794900000:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode()
            + data
            + b"\n" * (len(data) % 2)
        )
    return head


def _wrapped(content: bytes, width: int = 76) -> bytes:
    coded = base64.b64encode(content)
    return b"\r\n".join(coded[n : n + width] for n in range(0, len(coded), width))


def _pem(content: bytes, label: str) -> bytes:
    return b"-----BEGIN %s-----\r\n%s\r\n-----END %s-----\r\n" % (
        label.encode(),
        _wrapped(content, 64),
        label.encode(),
    )


def _mail(content: bytes, name: str) -> bytes:
    return (
        b"From: a@relay-letters.site\r\nTo: y.sato@corp.example\r\nSubject: inner\r\nDate: Mon, 16 Nov 2026 09:12:00 +0900\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="inner"\r\n\r\n--inner\r\nContent-Type: text/plain\r\n\r\nsee file\r\n--inner\r\n'
        b'Content-Type: application/octet-stream; name="%s"\r\nContent-Disposition: attachment; filename="%s"\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--inner--\r\n'
    ) % (name.encode(), name.encode(), _wrapped(content))  # fmt: skip


def _mailbox(content: bytes, name: str) -> bytes:
    """Two mails in an mbox, the second with the file."""
    first = b"From a@relay-letters.site Mon Nov 16 09:12:00 2026\r\nFrom: a@relay-letters.site\r\nSubject: first\r\n\r\nhello\r\n\r\n"
    return first + b"From a@relay-letters.site Mon Nov 16 09:13:00 2026\r\n" + _mail(content, name)


def _member(make: Callable[[], bytes]) -> Step:
    return lambda content, name: changed(make(), {name: content})


def _pdf(content: bytes, name: str, coded: str = "") -> bytes:
    """A page with a file attached; `coded`: the filters of its stream."""
    made = paper(["Please see the attachment of this page."], held=(name, content))
    if not coded:
        return made
    data = zlib.compress(content)
    filters = b"/Filter /FlateDecode"
    if coded == "hex":
        data, filters = binascii.hexlify(data) + b">", b"/Filter [/ASCIIHexDecode /FlateDecode]"
    head = b"/EmbeddedFile /Length %d >>\nstream\n" % len(content)
    return made.replace(
        head + content, b"/EmbeddedFile %s /Length %d >>\nstream\n%s" % (filters, len(data), data)
    )


def _rtf(content: bytes, name: str) -> bytes:
    inner = programs.package(name, content)
    ole = (
        b"\x01\x05\x00\x00\x02\x00\x00\x00\x08\x00\x00\x00Package\x00"
        + bytes(8)
        + len(inner).to_bytes(4, "little")
        + inner
    )
    lines = "\n".join(ole.hex()[n : n + 78] for n in range(0, len(ole) * 2, 78))
    return (
        r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 See the icon.\par{\object\objemb{\*\objclass Package}{\*\objdata "
        + lines
        + "}}}"
    ).encode()


def _epub(content: bytes, name: str) -> bytes:
    return archive(
        [("mimetype", "application/epub+zip"), ("META-INF/container.xml", "<container/>"), (name, content)]
    )


STEPS: dict[str, Step] = {
    "zip": _zip,
    "zipd": lambda c, a: _zip(c, a, zipfile.ZIP_DEFLATED),
    "zipb": lambda c, a: _zip(c, a, zipfile.ZIP_BZIP2),
    "zipl": lambda c, a: _zip(c, a, zipfile.ZIP_LZMA),
    "zipstream": _streamed,
    "crowd": _crowd,
    "comment": _commented,
    "gz": lambda c, a: gzip.compress(c, mtime=0),
    "bz2": lambda c, a: bz2.compress(c),
    "xz": lambda c, a: lzma.compress(c),
    "lzma": lambda c, a: lzma.compress(c, lzma.FORMAT_ALONE),
    "zlib": lambda c, a: zlib.compress(c),
    "zst": lambda c, a: disks.zstd(c),
    "tar": _tar,
    "targnu": lambda c, a: _tar(c, a, tarfile.GNU_FORMAT),
    "tarpax": lambda c, a: _tar(c, a, tarfile.PAX_FORMAT),
    "tartwo": _second_tar,
    "deb": _deb,
    "cpio": lambda c, a: disks.cpio(a, c),
    "cab": lambda c, a: disks.cabinet(a, c),
    "lzh": lambda c, a: disks.lzh(a, c),
    "arj": lambda c, a: disks.arj(a, c),
    "7z": lambda c, a: disks.seven(a, c),
    "rar4": lambda c, a: disks.rar(a, c),
    "rar5": lambda c, a: disks.rar5(a, c),
    "iso": lambda c, a: disks.iso({a: c}),
    "fat": lambda c, a: disks.fat({a: c}),
    "vhd": lambda c, a: disks.vhd({a: c}),
    "chm": lambda c, a: disks.chm({a: c}),
    "ole": lambda c, a: programs.compound({a: c}),
    "package": lambda c, a: programs.package(a, c),
    "docx": _member(lambda: docx(["See the enclosed file."])),
    "xlsx": _member(lambda: xlsx(("Sheet1", [["item", "price"], ["A", 1]]))),
    "pptx": _member(lambda: pptx(["See the enclosed file."])),
    "odt": _member(lambda: odt(["See the enclosed file."])),
    "epub": _epub,
    "pdf": _pdf,
    "pdfz": lambda c, a: _pdf(c, a, "flate"),
    "pdfhex": lambda c, a: _pdf(c, a, "hex"),
    "rtf": _rtf,
    "mail": _mail,
    "mbox": _mailbox,
    "pem": _pem,
    "b64": lambda c, a: _wrapped(c),
    "b64line": lambda c, a: base64.b64encode(c),
    "hex": lambda c, a: binascii.hexlify(c),
    "prefix": lambda c, a: bytes.fromhex(a) + c,
    "suffix": lambda c, a: c + bytes.fromhex(a),
    "lead": lambda c, a: bytes(int(a)) + c,
    "trail": lambda c, a: c + bytes(int(a)),
    "text": lambda c, a: a.encode() + b"\r\n" + c,
    "swap": lambda c, a: c.replace(*(bytes.fromhex(part) for part in a.split("/"))),  # type: ignore[arg-type]
    "charset": lambda c, a: c.decode("utf-8").encode(a),
}  # fmt: skip


def stepped(content: bytes, steps: list[str]) -> bytes:
    """The octets after all steps."""
    for step in steps:
        name, _, argument = step.partition(":")
        content = STEPS[name](content, argument)
    return content
