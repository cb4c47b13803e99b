"""Office Open XML (docx, xlsx, pptx, xlsb, templates, and with macros): the text of every member.

Headers, footers, comments, notes, hidden sheets, shared strings, changes, properties, watermarks and text boxes
are in members of their own, so all members are read. What a document does shows in its members' names and
relationships.
"""

import io
import re
import zipfile

import python_calamine

from filters.extract import picture, strings
from filters.extract.archive import Package, content_of, head_of, name_of, open_zip
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.hidden import seen
from filters.extract.kinds import is_picture
from filters.extract.reason import Reason, Stop
from filters.extract.sheet import Book
from filters.extract.xmltext import LABEL, quick_text, text_of

_NO_TEXT = re.compile(
    r"(?:^|/)(?:styles|stylesWithEffects|fontTable|webSettings|settings|theme\d*|presProps|viewProps|tableStyles|"
    r"calcChain|printerSettings\d*)\.(?:xml|bin)$|^\[Content_Types\]\.xml$|^docProps/thumbnail\."
)
STRINGS = "xl/sharedStrings.xml"
_SHEET = re.compile(r"xl/worksheets/[^/]{1,200}\.xml$")
_LABEL = re.compile(rb"<(?:[\w.-]+:)?label\b[^<>]*>")
_GUID = re.compile(rb"\bid\s*=\s*[\"']\{?([0-9a-fA-F-]{36})\}?[\"']")
_REMOVED = re.compile(rb"\bremoved\s*=\s*[\"'](?:1|true)")
_RELATIONSHIP = re.compile(rb"<(?:[\w.-]+:)?Relationship\b[^<>]{0,4000}>")
_TYPE = re.compile(rb"\bType\s*=\s*[\"'][^\"']*/([A-Za-z]+)[\"']")
_TARGET = re.compile(rb"\bTarget\s*=\s*[\"']([^\"']*)")
_FIELD = re.compile(rb"<w:instrText\b[^<>]*>([^<]*)<|<w:fldSimple\b[^<>]*?w:instr=\"([^\"]*)")
_DDE = re.compile(rb"DDE(?:AUTO)?[\s\"&\\]", re.IGNORECASE)
_HARMLESS = (b"externalLinkPath", b"slicerCache")


@reads("docx", media="application/vnd.openxmlformats-officedocument.wordprocessingml.document")
@reads("xlsx", media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
@reads("pptx", media="application/vnd.openxmlformats-officedocument.presentationml.presentation")
@reads("docm", media="application/vnd.ms-word.document.macroenabled.12")
@reads("xlsm", media="application/vnd.ms-excel.sheet.macroenabled.12")
@reads("pptm", media="application/vnd.ms-powerpoint.presentation.macroenabled.12")
@reads("xlsb", media="application/vnd.ms-excel.sheet.binary.macroenabled.12")
@reads("ooxml")
def read(content: bytes, found: Found) -> None:
    """Read every member of an Office Open XML package into `found`; embedded files are members."""
    package = open_zip(content, found)
    names = {info.filename.lower() for info in package.infos}
    if any(n.startswith(("word/", "xl/", "ppt/", "visio/")) for n in names) and any(
        "vbaproject" in n for n in names
    ):
        found.sign("macro", "vbaProject.bin")
    book = _book(package, found)
    for info in package.infos:
        name = name_of(info)
        if info.is_dir() or _NO_TEXT.search(name):
            continue
        try:
            if book is not None and _SHEET.match(name):
                _sheet(name, content_of(package, info, found), book, found)
            elif book is None or name != STRINGS:
                _member(package, info, name, found)
        except Stop as stop:
            found.failed(stop.reason, f"{name}: {stop}"[:120])
            if stop.verdict == "limit":
                raise
    if book is not None:
        found.text(STRINGS, book.rest())
    if "xl/workbook.bin" in names:
        _binary(content, found)


def _book(package: Package, found: Found) -> Book | None:
    """What the sheets share; None when there is nothing that they could."""
    parts = dict.fromkeys((STRINGS, "xl/styles.xml", "xl/workbook.xml"), b"")
    for info in package.infos:
        name = name_of(info)
        if name in parts:
            try:
                parts[name] = content_of(package, info, found)
            except Stop as stop:
                if stop.verdict == "limit":
                    raise
                return None  # whose turn comes says why
    book = Book(*parts.values())
    return book if book.strings or not parts[STRINGS] else None


def _sheet(name: str, data: bytes, book: Book, found: Found) -> None:
    shown, formulas = book.sheet(data)
    text = quick_text(shown)
    if text is None:
        text = text_of(shown)
    found.text(name, "\n".join(filter(None, (text.replace("\t\t", "\t"), formulas))))
    found.hides(seen(name, data))
    found.verdicts.append("ok")


def _member(package: Package, info: zipfile.ZipInfo, name: str, found: Found) -> None:
    lower = name.lower()
    if lower.endswith(".rels"):
        _relations(name, content_of(package, info, found), found)
    elif lower.endswith((".xml", ".vml")):
        _text(name, content_of(package, info, found), found)
    elif (
        lower.startswith("xl/")
        and lower.endswith(".bin")
        and "vbaproject" not in lower
        and "embeddings" not in lower
    ):
        if "/macrosheets/" in lower:
            found.sign("xlm", name)
        found.text(name, strings.wide(content_of(package, info, found)))
        found.verdicts.append("ok")
    elif "/media/" in lower and is_picture(head_of(package, info)):
        picture.read(content_of(package, info, found), found)
    elif "vbaproject" in lower:
        found.text(name, strings.narrow(content_of(package, info, found)))
        found.verdicts.append("ok")
    else:
        if "/activex/" in lower:
            found.sign("ole_object", "ActiveX")
        found.inside(name, content_of(package, info, found))


def _text(name: str, data: bytes, found: Found) -> None:
    properties = name.startswith("docProps/")
    text = None if properties else quick_text(data)
    if text is None:
        text = text_of(data, properties=properties)
    found.text(name, text)
    found.hides(seen(name, data))
    found.verdicts.append("ok")
    if name.lower() == "docmetadata/labelinfo.xml":
        for label in _LABEL.findall(data):
            guid = _GUID.search(label)
            if guid and not _REMOVED.search(label):
                found.sign("label", guid[1].decode())
    if properties and "MSIP_Label_" in text:
        for match in LABEL.finditer(text):
            found.sign("label", match[1])
    elif "/macrosheets/" in name:
        found.sign("xlm", name)
    elif "externalLink" in name and b"ddeLink" in data:
        found.sign("dde", name)
    elif name.startswith("word/") and (b"instrText" in data or b"fldSimple" in data):
        fields = b"".join(m[1] or m[2] or b"" for m in _FIELD.finditer(data))
        if _DDE.search(fields):
            found.sign("dde", fields.decode("utf-8", "replace"))


def _relations(name: str, data: bytes, found: Found) -> None:
    """Relationships that lead outside the package: all are text, and those that Office fetches by itself are a sign."""
    found.verdicts.append("ok")
    if b"External" not in data and b"attachedTemplate" not in data:
        return
    targets = []
    for match in _RELATIONSHIP.finditer(data):
        if b"External" not in match[0] and b"attachedTemplate" not in match[0]:
            continue
        kind, target = _TYPE.search(match[0]), _TARGET.search(match[0])
        address = target[1].decode("utf-8", "replace") if target else ""
        targets.append(address)
        word = kind[1] if kind else b""
        if word == b"hyperlink":
            found.link(address)
        elif word == b"attachedTemplate":
            if re.match(r"(?i)(?:https?:|ftp:|mhtml:|file:/*[^/c]|\\\\)", address):
                found.sign("remote_template", address)
        elif word not in _HARMLESS and re.match(r"(?i)(?:https?:|ftp:|mhtml:|ms-|\\\\)", address):
            found.sign("remote_object", f"{word.decode('ascii', 'replace')} {address}")
    found.text(name, "\n".join(targets))


def _binary(content: bytes, found: Found) -> None:
    """The cells of a binary workbook (xlsb), numbers included."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        for name in book.sheet_names[:500]:
            rows = book.get_sheet_by_name(name).to_python()
            found.text(name, "\n".join("\t".join(map(_cell, row)) for row in rows))
    except (Stop, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # calamine's panics are no Exception
        found.failed(Reason.MALFORMED, f"xlsb: {type(error).__name__}")


def _cell(value: object) -> str:
    return (
        str(int(value))
        if isinstance(value, float) and value == int(value) and abs(value) < 1e17
        else str(value)
    )
