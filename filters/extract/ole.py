"""Compound files (MS-CFB): doc, xls, ppt, msg and whatever else uses storages and streams.

Properties, macros and embedded objects are the same in every kind and are read here; the texts by doc, xls, ppt
and msg.
"""

import io
from typing import Any

import msoffcrypto
import msoffcrypto.exceptions
from msoffcrypto.method.ecma376_agile import ECMA376Agile

from filters.extract import doc, msg, oleprops, ppt, rest, strings, xls
from filters.extract.compound import Compound
from filters.extract.formats import Reader, reads
from filters.extract.found import Found
from filters.extract.keys import PROTECTORS, SLOW, WELL_KNOWN
from filters.extract.oleobject import package
from filters.extract.reason import Reason, Stop

COMPOUND = b"\xd0\xcf\x11\xe0"
SPINS = 500_000
"""Most rounds of key derivation that we do; Office uses 100,000."""
_EQUATION = "equation native"


def _reader(kind: str) -> Reader:
    """The reader for a kind of compound file."""

    def read(content: bytes, found: Found) -> None:
        if kind == "xls" and not content.startswith(COMPOUND):
            found.budget.take_bytes(len(content))
            xls.read(content, found)
            found.verdicts.append("ok")
            return
        ole = Compound(content, found)
        free, behind = ole.slack()
        rest.data(free, found, "unused sectors")
        rest.left(behind, found, "ole: rest")
        if kind == "msg":
            msg.read(ole, found)
            return
        _signs(ole, found)
        for path in ole.streams():
            if path.rpartition("/")[2] in ("\x05SummaryInformation", "\x05DocumentSummaryInformation"):
                found.text("properties", oleprops.read(ole.stream(path), found))
        if kind == "doc":
            main = ole.stream("WordDocument")
            if doc.is_encrypted(main):
                _open(kind, content, found)
                return
            table = ole.stream(doc.table_name(main))
            found.text("", doc.read(main, table, found))
        elif kind == "xls":
            book = ole.stream("Workbook") or ole.stream("Book")
            if xls.is_encrypted(book):
                _open(kind, content, found)
                return
            xls.read(book, found)
        elif kind == "ppt":
            if ppt.is_encrypted(ole.stream("Current User")):
                _open(kind, content, found)
                return
            for place in ("", "PP97_DUALSTORAGE/"):
                found.text("", ppt.read(ole.stream(f"{place}PowerPoint Document"), found))
        else:
            _unknown(ole, found)
        found.verdicts.append("ok")
        _objects(ole, found)

    return read


for _kind, _media in (
    ("doc", "application/msword"),
    ("xls", "application/vnd.ms-excel"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("msg", "application/vnd.ms-outlook"),
    ("msi", "application/x-msi"),
    ("ole", ""),
):
    reads(_kind, *(xls.BARE if _kind == "xls" else ()), media=_media)(_reader(_kind))


def _signs(ole: Compound, found: Found) -> None:
    """Macros and programs, recognised by the names of storages and streams."""
    if any(p.endswith(("_vba_project", "vba/dir")) or "_vba_project_cur" in p for p in ole.folded):
        found.sign("macro", "VBA project")
    if any(p.endswith(_EQUATION) for p in ole.folded):
        found.sign("ole_object", "Equation Editor")


def _objects(ole: Compound, found: Found) -> None:
    """Files inside a document: OLE packages, and office files in storages of their own."""
    for path in ole.streams():
        name = path.rpartition("/")[2]
        if name == "\x01Ole10Native":
            found.budget.take_member()
            package(ole.stream(path), found)
        elif name in ("Package", "CONTENTS") and "/" in path:
            found.budget.take_member()
            found.inside(f"{name}.bin", ole.stream(path))
        elif name in ("WordDocument", "Workbook", "Book", "PowerPoint Document") and "/" in path:
            found.text(path, strings.texts(ole.stream(path)))


def _unknown(ole: Compound, found: Found) -> None:
    """A compound file of some other program (Ichitaro, Visio, Publisher, …): only runs of text are read. Macros of a
    presentation are no such file."""
    for path in ole.streams():
        found.text(path.replace("\x05", "").replace("\x01", ""), strings.texts(ole.stream(path)))
    if ole.streams() and not any(path.endswith("vba/dir") for path in ole.folded):
        found.failed(Reason.RUNS, "ole: a program's own format")


@reads("encrypted-ooxml")
def locked(content: bytes, found: Found) -> None:
    """An encrypted Office Open XML file (MS-OFFCRYPTO): opened with a candidate, or Stop."""
    ole = Compound(content, found)
    if not ole.has("EncryptionInfo") and not ole.has("EncryptedPackage"):
        raise Stop(Reason.MALFORMED, "ole: encrypted without saying how")
    _open("encrypted-ooxml", content, found)


def _open(kind: str, content: bytes, found: Found) -> None:
    """Read a locked document with the first candidate that opens it. Raises Stop."""
    slow = kind == "encrypted-ooxml"
    for word, source in found.keys.each(PROTECTORS.get(kind, ()), cost=SLOW if slow else 1):
        out = io.BytesIO()
        try:
            file = msoffcrypto.OfficeFile(io.BytesIO(content))
            if not _fits(file, word):
                continue
            file.load_key(password=word)
            file.decrypt(out)
        except MemoryError:
            raise Stop(Reason.MEMORY, "ole: needs too much memory") from None
        except Exception:  # noqa: S112 (a wrong passphrase fails in many ways)
            continue
        data = out.getvalue()
        if slow and not data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            continue
        if data and data != content:
            found.locked = source != WELL_KNOWN
            found.budget.take_bytes(len(data))
            found.keys.learnt(word, source)
            found.opened(source)
            found.again(data)
            return
    found.locked = True
    raise Stop(Reason.PASSWORD, "wants a password")


def _fits(file: Any, word: str) -> bool:
    """False when the verifier of an Office Open XML file rejects the word; old formats check by themselves.

    Twice as fast as msoffcrypto, which derives the key twice before rejecting.
    """
    if getattr(file, "type", "") != "agile":
        if getattr(file, "type", "") == "standard":
            file.load_key(password=word, verify_password=True)
        return True
    info = file.info
    if not 0 <= int(info["spinValue"]) <= SPINS:
        return False
    if info["passwordHashAlgorithm"] not in ("SHA256", "SHA384", "SHA512"):
        return True  # msoffcrypto compares a hash of 20 octets with the 32 that it was padded to: what comes out tells
    return bool(
        ECMA376Agile.verify_password(
            word,
            info["passwordSalt"],
            info["passwordHashAlgorithm"],
            info["encryptedVerifierHashInput"],
            info["encryptedVerifierHashValue"],
            info["spinValue"],
            info["passwordKeyBits"],
        )
    )
