"""OUT-MISSEND: an Office Open XML document without what its reader should not see.

    tidied(name, content, kinds) -> content | None

`kinds` are those of filters.extract.hidden. Changes are accepted; comments, speaker notes, hidden slides, hidden sheets, the
cells of hidden rows and columns, and the properties that name people or companies are cut out. Where cells go, formulas
become their values, so that no total changes. All other octets stay. The result is read again: None when one of the
kinds is still there, or for everything that is not understood.
"""

import io
import posixpath
import re
import zipfile
from xml.parsers import expat

from filters.extract import extract
from filters.extract.archive import content_of, is_locked, name_of, open_zip
from filters.extract.budget import Budget
from filters.extract.found import Found
from filters.extract.hidden import CHANGE, COLUMNS, COMMENT, NOTES, PROPERTY, ROWS, SHEET, SLIDE
from filters.extract.reason import Stop
from filters.rewriters import tidied_book
from filters.rewriters.spans import Span, cut, elements, emptied, unwrapped, without
from filters.rewriters.tidied_book import rels_of, resolved, targets_of

LARGEST = 40 << 20
"""Bytes of a document that is changed."""
_EXTENSIONS = re.compile(r"\.(?:docx|docm|dotx|xlsx|xlsm|xltx|pptx|pptm|potx|ppsx)$", re.IGNORECASE)
_COMMENTS = re.compile(
    r"^(?:word/(?:comments\w*|people)\.xml|xl/comments\d*\.xml|xl/comments/[^/]+|xl/(?:threadedComments|persons)/[^/]+"
    r"|ppt/comments/[^/]+|ppt/(?:commentAuthors|authors)\.xml)$"
)
_NOTES = re.compile(r"^ppt/notesSlides/(?:_rels/)?[^/]+$")
_TOLD = frozenset(
    {
        "creator", "lastModifiedBy", "description", "keywords", "category", "subject", "contentStatus", "manager",
        "Manager", "Company", "HyperlinkBase", "Template", "TitlesOfParts", "HeadingPairs", "DocSecurity",
    }
)  # fmt: skip
"""Properties that tell of people, companies, or what was cut out."""
_DROPPED = frozenset(
    {
        "del", "moveFrom", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "tcPrChange",
        "trPrChange", "tblGridChange", "numberingChange", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart",
        "moveToRangeEnd",
    }
)  # fmt: skip
_KEPT = frozenset({"ins", "moveTo"})
_MARKS = frozenset({"commentRangeStart", "commentRangeEnd", "commentReference"})
_WORD = re.compile(r"^word/(?:document\d*|header\d*|footer\d*|footnotes|endnotes)\.xml$")


def tidied(name: str, content: bytes, kinds: frozenset[str]) -> bytes | None:
    """The document without these kinds of hidden content; None where that cannot be done safely."""
    if len(content) > LARGEST or not _EXTENSIONS.search(name):
        return None
    try:
        new = _rewritten(content, kinds)
    except (Stop, zipfile.BadZipFile, ValueError, KeyError, expat.ExpatError, MemoryError, RecursionError):
        return None
    before, after = extract(name, "", content, Budget()), extract(name, "", new, Budget())
    left = {each.what for each in after.hidden if each.what != PROPERTY}
    if after.kind != before.kind or after.verdict != before.verdict or left & kinds:
        return None
    return new


def _rewritten(content: bytes, kinds: frozenset[str]) -> bytes:
    found = Found(Budget(), lambda name, data, inner: "")
    package = open_zip(content, found)
    names = [name_of(info) for info in package.infos]
    if len({n.lower() for n in names}) != len(names) or any(is_locked(info) for info in package.infos):
        raise ValueError("names that two programs read differently, or locked members")
    if any(n.startswith("_xmlsignatures/") for n in names):
        raise ValueError("a signed document")
    members = {
        n: content_of(package, i, found) for i, n in zip(package.infos, names, strict=True) if not i.is_dir()
    }
    gone = {n for n in members if COMMENT in kinds and _COMMENTS.search(n)}
    gone |= {n for n in members if NOTES in kinds and _NOTES.search(n)}
    if SLIDE in kinds and "ppt/presentation.xml" in members:
        gone |= _hidden_slides(members)
    if kinds & {SHEET, ROWS, COLUMNS, COMMENT} and "xl/workbook.xml" in members:
        gone |= tidied_book.tidy(members, kinds)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, name in zip(package.infos, names, strict=True):
            if name in members and name not in gone:
                data = _member(name, members[name], kinds, gone)
                archive.writestr(zipfile.ZipInfo(name, info.date_time), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _member(name: str, data: bytes, kinds: frozenset[str], gone: set[str]) -> bytes:
    if name.endswith(".rels"):
        return _relations(name, data, gone)
    if name == "[Content_Types].xml":
        return _types(data, gone)
    if PROPERTY in kinds and name.startswith("docProps/") and name.endswith(".xml"):
        return _properties(name, data)
    if _WORD.search(name) and kinds & {CHANGE, COMMENT}:
        return _text(data, kinds)
    return data


def _properties(name: str, data: bytes) -> bytes:
    whole = elements(data)
    if name == "docProps/custom.xml":
        return cut(data, [without(e) for e in whole if e.name == "property"])
    spans = [
        without(e) if e.name in ("TitlesOfParts", "HeadingPairs") else emptied(e)
        for e in whole
        if e.name in _TOLD
    ]
    return cut(data, spans)


def _text(data: bytes, kinds: frozenset[str]) -> bytes:
    """A text of Word's with its changes accepted and without the places of its comments."""
    whole, spans = elements(data), list[Span]()
    for each in whole:
        if COMMENT in kinds and each.name in _MARKS:
            spans.append(without(each))
        elif CHANGE not in kinds:
            continue
        elif each.name in _DROPPED:
            above = whole[each.parent]
            row = each.name == "del" and above.name == "trPr"
            spans.append(without(whole[above.parent] if row else each))
        elif each.name in ("cellDel", "cellMerge"):
            raise ValueError("changes of cells")
        elif each.name in _KEPT:
            spans += [without(each)] if each.is_empty else unwrapped(each)
        elif each.name == "cellIns":
            spans.append(without(each))
    return cut(data, spans)


def _hidden_slides(members: dict[str, bytes]) -> set[str]:
    """Takes hidden slides out of the presentation; their members."""
    name = "ppt/presentation.xml"
    targets = targets_of(members, name)
    gone, spans, numbers = set[str](), list[Span](), set[str]()
    whole = elements(members[name])
    listed = [e for e in whole if e.name == "sldId" and "r:id" in e.attributes]
    for each in listed:
        slide = targets.get(each.attributes["r:id"], "")
        if re.search(
            rb"<p:sld\b[^<>]{0,2000}\bshow\s*=\s*[\"'](?:0|false)[\"']", members.get(slide, b"")[:4_000]
        ):
            gone |= {
                slide,
                rels_of(slide),
                *(t for t in targets_of(members, slide).values() if t.startswith("ppt/notesSlides/")),
            }
            numbers.add(each.attributes.get("id", ""))
            spans.append(without(each))
    if len(spans) == len(listed):
        raise ValueError("every slide is hidden")
    spans += [
        without(e)
        for e in whole
        if e.name == "sldId" and "r:id" not in e.attributes and e.attributes.get("id") in numbers
    ]
    spans += [without(e) for e in whole if e.name == "custShowLst"] if gone else []
    members[name] = cut(members[name], spans)
    return gone | {rels_of(n) for n in gone if n.startswith("ppt/notesSlides/")}


def _relations(name: str, data: bytes, gone: set[str]) -> bytes:
    folder = posixpath.dirname(posixpath.dirname(name))
    spans = [
        without(e)
        for e in elements(data)
        if e.name == "Relationship"
        and e.attributes.get("TargetMode") != "External"
        and resolved(folder, e.attributes.get("Target", "")) in gone
    ]
    return cut(data, spans) if spans else data


def _types(data: bytes, gone: set[str]) -> bytes:
    spans = [without(e) for e in elements(data) if e.attributes.get("PartName", "").lstrip("/") in gone]
    return cut(data, spans) if spans else data
