"""Packs files into one AES-256 ZIP (WinZip AE-2), or in the old encryption (zip_crypto.py) where an exception says so.

Anybody can read the names, sizes and dates in an encrypted ZIP; how they are hidden is said by policy (`encrypt.hide_names`):
neutral names (filters/rewriters/flat.py), or an inner, plain archive.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime

import pyzipper

from filters.extract.formats import CONTAINERS
from filters.extract.kinds import detect
from filters.rewriters.zip_crypto import locked

FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?i)^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
EARLIEST = 315_532_800.0
"""1980-01-01, the earliest date in a ZIP."""


def neat(name: str, number: int) -> str:
    """A name that every system can unpack: NFC, no path, no control, format or reserved characters, ≤ 255 bytes."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name).rstrip("/\\"))[-1]
    last = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    last = re.sub(r"\s+", " ", FORBIDDEN.sub("_", last)).strip(" ").rstrip(". ")
    if not last.strip("."):
        last = f"attachment-{number}"
    if _DEVICES.match(last):
        last = "_" + last
    stem, dot, extension = last.rpartition(".")
    if not stem or len(extension) > 20:
        stem, dot, extension = last, "", ""
    while len(f"{stem}{dot}{extension}".encode()) > 240:
        stem = stem[:-1]
    return f"{stem}{dot}{extension}"


def distinct(names: Iterable[str]) -> list[str]:
    """Safe names, each once: the second report.pdf becomes "report (2).pdf". Case does not distinguish files."""
    taken: set[str] = set()
    result = []
    for number, name in enumerate(names, 1):
        plain = candidate = neat(name, number)
        stem, dot, extension = plain.rpartition(".")
        if not stem:
            stem, dot, extension = plain, "", ""
        copy = 1
        while candidate.casefold() in taken:
            copy += 1
            candidate = f"{stem} ({copy}){dot}{extension}"
        taken.add(candidate.casefold())
        result.append(candidate)
    return result


def pack(
    files: list[tuple[str, bytes]], passphrase: str, now: float, *, inner_name: str = "", old: bool = False
) -> bytes:
    """An encrypted ZIP of (name, content) pairs, dated `now`, directly or in an inner archive of this name. Names have been
    made safe and distinct; a "/" in them parts folders."""
    names = [name for name, _ in files]
    date = datetime.fromtimestamp(max(now, EARLIEST), UTC).timetuple()[:6]
    members = [(name, content) for name, (_, content) in zip(names, files, strict=True)]
    if inner_name:
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            for name, content in members:
                archive.writestr(zipfile.ZipInfo(name, date), content, _method(name, content))
        members = [(inner_name, inner.getvalue())]
    outer = io.BytesIO()
    if old:
        with zipfile.ZipFile(outer, "w") as plain:
            for name, content in members:
                method = zipfile.ZIP_STORED if inner_name else _method(name, content)
                plain.writestr(zipfile.ZipInfo(name, date), content, method)
        return locked(outer.getvalue(), passphrase)
    with pyzipper.AESZipFile(outer, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(passphrase.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        for name, content in members:
            method = zipfile.ZIP_STORED if inner_name else _method(name, content)
            archive.writestr(archive.zipinfo_cls(name, date), content, method)
    return outer.getvalue()


def _method(name: str, content: bytes) -> int:
    """Deflate what gets smaller; Office files, pictures and archives are already compressed."""
    kind = detect(name, content[:4096])
    packed = kind in CONTAINERS or kind in ("image", "audio", "video") or content[:2] == b"PK"
    return zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
