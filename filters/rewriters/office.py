"""IN-MACRO: an Office Open XML document (docx, xlsx, pptx and their macro forms) without anything that acts in it.

    disarmed(name, content) -> (name, content) | None

Cut out: VBA projects and their data, ribbon code, ActiveX data, signatures (which would no longer match).
Defused in place, so that the document refers to nothing that is missing: targets outside the package except
hyperlinks (templates, objects, pictures, linked books), DDE links and fields, ActiveX classes. Everything
else keeps its bytes. The document gets the name and the content types of a macro-free form. Excel 4 macros,
embedded programs and binary books with more than VBA cannot be cut out: None, as for everything that is not
understood.
"""

import io
import re
import zipfile
from xml.parsers import expat

from filters.extract import Extracted, extract
from filters.extract.archive import content_of, is_locked, name_of, open_zip
from filters.extract.budget import Budget
from filters.extract.found import Found
from filters.extract.reason import Stop
from filters.lures.names import extension

KINDS = frozenset({"docx", "docm", "xlsx", "xlsm", "xlsb", "pptx", "pptm", "ooxml"})
PLAIN = {
    "docm": "docx", "dotm": "dotx", "xlsm": "xlsx", "xltm": "xltx", "pptm": "pptx", "potm": "potx", "ppsm": "ppsx",
    "sldm": "sldx",
}  # fmt: skip
"""Extensions of macro forms, and of the same without macros."""
_WORD, _EXCEL, _POWERPOINT = (
    f"application/vnd.openxmlformats-officedocument.{kind}"
    for kind in ("wordprocessingml", "spreadsheetml", "presentationml")
)
_TYPES = {
    "application/vnd.ms-word.document.macroenabled.main+xml": f"{_WORD}.document.main+xml",
    "application/vnd.ms-word.template.macroenabledtemplate.main+xml": f"{_WORD}.template.main+xml",
    "application/vnd.ms-excel.sheet.macroenabled.main+xml": f"{_EXCEL}.sheet.main+xml",
    "application/vnd.ms-excel.template.macroenabled.main+xml": f"{_EXCEL}.template.main+xml",
    "application/vnd.ms-powerpoint.presentation.macroenabled.main+xml": f"{_POWERPOINT}.presentation.main+xml",
    "application/vnd.ms-powerpoint.template.macroenabled.main+xml": f"{_POWERPOINT}.template.main+xml",
    "application/vnd.ms-powerpoint.slideshow.macroenabled.main+xml": f"{_POWERPOINT}.slideshow.main+xml",
    "application/vnd.ms-powerpoint.slide.macroenabled.main+xml": f"{_POWERPOINT}.slide.main+xml",
}
_GONE = re.compile(
    r"(?i)(?:^|/)(?:vbaProject[^/]*\.bin|vbaData[^/]*\.xml|vbaProjectSignature[^/]*\.bin|attachedToolbars[^/]*\.bin|"
    r"_rels/vba[^/]*\.rels)$|(?:^|/)(?:customUI|_xmlsignatures|userCustomization)/|(?:^|/)activeX/(?:[^/]*\.bin|_rels/[^/]*)$"
)
_ACTIVEX = re.compile(r"(?i)(?:^|/)activeX/[^/]*\.xml$")
_HARMLESS_CONTROL = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    b'<ax:ocx ax:classid="{00000000-0000-0000-0000-000000000000}" ax:persistence="persistPropertyBag" '
    b'xmlns:ax="http://schemas.microsoft.com/office/2006/activeX"/>'
)
_RELATIONSHIP = re.compile(rb"<(?:[\w.-]+:)?Relationship\b[^<>]*>")
_DECLARED = re.compile(rb"<(?:[\w.-]+:)?(?:Override|Default)\b[^<>]*>")
_TARGET = re.compile(rb"(\bTarget\s*=\s*)(\"[^\"<]*\"|'[^'<]*')")
_NO_LINK = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
)
_INSTRUCTION = re.compile(
    rb"(<w:(?:instrText|delInstrText)\b[^<>]*(?<!/)>)([^<]*)(</w:(?:instrText|delInstrText)\s*>)"
)
_SIMPLE = re.compile(rb"(\bw:instr\s*=\s*)(?:\"[^\"<]*\"|'[^'<]*')")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9_-]+)")
LARGEST = 40 << 20
"""Bytes of a document that is disarmed; a larger one is replaced by a note."""


def disarmed(name: str, content: bytes, acts: frozenset[str]) -> tuple[str, bytes, Extracted] | None:
    """The document without anything that acts, under its new name, and what can be read in it; None if impossible.

    The result is read again: if one of the signs `acts` is still there, it was not disarmed.
    """
    if len(content) > LARGEST:
        return None
    try:
        new = _rewritten(content)
    except (Stop, zipfile.BadZipFile, ValueError, KeyError, expat.ExpatError, MemoryError, RecursionError):
        return None
    kind = extension(name)
    if kind in PLAIN:
        name = name[: len(name) - len(kind)] + PLAIN[kind]
    elif kind in ("xlam", "ppam"):
        return None
    read = extract(name, "", new, Budget())
    if read.kind not in KINDS or read.verdict not in ("ok", "unsupported") or read.traits & acts:
        return None
    return name, new, read


def _rewritten(content: bytes) -> bytes:
    found = Found(Budget(), lambda name, data, inner: "")
    package = open_zip(content, found)
    names = [name_of(info) for info in package.infos]
    if len({n.lower() for n in names}) != len(names) or any(is_locked(info) for info in package.infos):
        raise ValueError("names that two programs read differently, or locked members")
    gone = {"/" + n.lower() for n in names if _GONE.search(n)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, name in zip(package.infos, names, strict=True):
            if info.is_dir() or "/" + name.lower() in gone:
                continue
            before = content_of(package, info, found)
            after = _member(name, before, gone)
            if after != before:
                _well_formed(after)
            archive.writestr(zipfile.ZipInfo(name, info.date_time), after, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _member(name: str, data: bytes, gone: set[str]) -> bytes:
    lower = name.lower()
    if not lower.endswith((".xml", ".rels", ".vml")):
        return data
    encoding = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (
        encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii")
    ):
        raise ValueError("an XML member in another charset")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("an XML member with a document type")
    if lower.endswith(".rels"):
        return _RELATIONSHIP.sub(lambda m: _relationship(name, m[0], gone), data)
    if lower == "[content_types].xml":
        return _DECLARED.sub(lambda m: _declared(m[0], gone), data)
    if _ACTIVEX.search(name):
        return _HARMLESS_CONTROL
    if "/externallinks/" in lower and (b"ddeLink" in data or b"oleLink" in data):
        return _NO_LINK
    return _without_dde(data) if lower.startswith("word/") else data


def _without_dde(data: bytes) -> bytes:
    """A member of a Word document with all field instructions removed, if any of them may be DDE: it can be
    written in several pieces."""
    said = b"".join(m[2] for m in _INSTRUCTION.finditer(data)) + b" ".join(
        m[0] for m in _SIMPLE.finditer(data)
    )
    if b"DDE" not in said.upper():
        return data
    return _SIMPLE.sub(rb'\1""', _INSTRUCTION.sub(rb"\1\3", data))


def _relationship(rels: str, tag: bytes, gone: set[str]) -> bytes:
    """A relationship without what was cut out; one that leads out of the package leads nowhere, hyperlinks excepted."""
    target = _TARGET.search(tag)
    if target is None:
        return tag
    if re.search(rb"(?i)TargetMode\s*=\s*[\"']External", tag):
        if re.search(rb"(?i)Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", tag):
            return tag
        return _TARGET.sub(rb'\1"removed"', tag)
    folder = re.sub(r"(?:^|/)_rels/[^/]*$", "", rels)
    path = _resolved(folder, target[2][1:-1].decode("utf-8", "replace"))
    return b"" if path.lower() in gone else tag


def _resolved(folder: str, target: str) -> str:
    """The absolute name of a part, from the folder of the part that refers to it (ECMA-376-2 §8.3)."""
    steps = [] if target.startswith("/") else [s for s in folder.split("/") if s]
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/" + "/".join(steps)


def _declared(tag: bytes, gone: set[str]) -> bytes:
    """A content type of a macro-free form; none for what was cut out."""
    part = re.search(rb"\bPartName\s*=\s*[\"']([^\"']*)", tag)
    if part is not None and part[1].decode("utf-8", "replace").lower() in gone:
        return b""
    kind = re.search(rb"\bContentType\s*=\s*[\"']([^\"']*)", tag)
    new = _TYPES.get(kind[1].decode("utf-8", "replace").strip().lower()) if kind else None
    if kind is None:
        return tag
    if new is None and b"vbaproject" in kind[1].lower():
        new = "application/octet-stream"
    return tag if new is None else tag[: kind.start(1)] + new.encode() + tag[kind.end(1) :]


def _well_formed(data: bytes) -> None:
    """Raises expat.ExpatError for XML that no program would open."""
    expat.ParserCreate().Parse(data, True)
