"""What an office document holds that nobody sees who just opens it: changes, comments, hidden sheets, rows, columns and
slides, speaker notes, and what the properties tell of its origin (ECMA-376 parts 1 and 4).

    seen(member, data) -> Iterator[Hidden]

Each member of the package is looked at as it is read. Patterns suffice: office programs write these elements and
attributes in one form, and what is written in another is not changed by anybody (filters/rewriters/tidied.py reads its
result again).
"""

import html
import re
from collections.abc import Callable, Iterator

import msgspec

CHANGE, COMMENT, SHEET, ROWS, COLUMNS, SLIDE, NOTES, PROPERTY = (
    "change", "comment", "sheet", "rows", "columns", "slide", "notes", "property",
)  # fmt: skip
KINDS = (CHANGE, COMMENT, SHEET, ROWS, COLUMNS, SLIDE, NOTES, PROPERTY)
QUOTE = 80
"""Characters of the first hidden text that are told."""


class Hidden(msgspec.Struct, frozen=True):
    """One kind of hidden content in one member of a file.

    what    one of KINDS
    count   how many: changes, comments, sheets …
    first   where the first is, as its program names it: "Sheet1!A1", a sheet's name, the number of a slide, a paragraph
            or a row; a property's name
    quote   the first text of it, "" where there is none to show
    place   the file inside the attachment, "" for the attachment itself
    """

    what: str
    count: int = 1
    first: str = ""
    quote: str = ""
    place: str = ""


MOST, LONGEST = 10_000, 600
"""Tags of a kind that are counted in one member, octets of each."""
_CHANGE = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo)\b(?=[^<>]{0,400}\bw:author)")
_WORDS = re.compile(rb"<(?:w:t|w:delText|a:t|p:text|t)(?:\s[^<>]{0,400})?>([^<]+)<")
_PARAGRAPH = re.compile(rb"<w:p[ >]")
_NOTE = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:comment|cm)\b[^<>]{0,600}>")
_REF = re.compile(rb"\bref\s*=\s*[\"']([A-Z]{1,3}[0-9]{1,7})[\"']")
_NAME = re.compile(rb"\bname\s*=\s*\"([^\"]*)\"")
_KIND = re.compile(rb"<(?:[\w.-]{1,20}:)?([a-zA-Z]{1,12})\b")
_NUMBER = re.compile(rb"\br\s*=\s*[\"']([0-9]{1,7})[\"']")
_MIN = re.compile(rb"\bmin\s*=\s*[\"']([0-9]{1,5})[\"']")
_MAX = re.compile(rb"\bmax\s*=\s*[\"']([0-9]{1,5})[\"']")
MANY = 30
"""Columns of one range that are looked at."""
_NOT_SHOWN = re.compile(rb"<p:sld\b[^<>]{0,2000}\bshow\s*=\s*[\"'](?:0|false)[\"']")
_PROPERTY = re.compile(
    rb"<(?:[\w.-]{1,20}:)?(creator|lastModifiedBy|Company|Manager|Template)(?:\s[^<>]{0,400})?>([^<]+)</"
)
_PROGRAMS = frozenset(
    {
        "python-docx",
        "openpyxl",
        "normal.dotm",
        "normal",
        "office theme",
        "microsoft office user",
        "user",
        "admin",
    }
)
"""Properties that tell nothing of anybody."""
_COLUMNS_OF_A_SHEET = 16_384


def seen(member: str, data: bytes) -> Iterator[Hidden]:
    """What one member of a package hides. `member` is its name ("word/document.xml")."""
    for begins, look in _LOOKS:
        if member.startswith(begins):
            yield from look(member, data)


def _changes(member: str, data: bytes) -> Iterator[Hidden]:
    if b"<w:ins" not in data and b"<w:del" not in data and b"<w:move" not in data:
        return
    found = list(_CHANGE.finditer(data))
    if found:
        at = found[0].start()
        yield Hidden(CHANGE, len(found), str(len(_PARAGRAPH.findall(data, 0, at))), _words(data, at))


def _comments(member: str, data: bytes) -> Iterator[Hidden]:
    found = list(_NOTE.finditer(data))
    if found:
        ref = _REF.search(found[0][0])
        yield Hidden(COMMENT, len(found), _text(ref[1]) if ref else "", _words(data, found[0].start()))


def _sheets(member: str, data: bytes) -> Iterator[Hidden]:
    found = [*_tags(data, b'state="hidden"', b"sheet"), *_tags(data, b'state="veryHidden"', b"sheet")]
    if found:
        name = _NAME.search(found[0])
        yield Hidden(SHEET, len(found), _text(name[1]) if name else "")


def _rows(member: str, data: bytes) -> Iterator[Hidden]:
    rows = [*_tags(data, b'hidden="1"', b"row"), *_tags(data, b'hidden="true"', b"row")]
    if rows := [tag for tag in rows if not tag.endswith(b"/>")]:  # without cells
        number = _NUMBER.search(rows[0])
        yield Hidden(ROWS, len(rows), _text(number[1]) if number else "")
    columns = [*_tags(data, b'hidden="1"', b"col"), *_tags(data, b'hidden="true"', b"col")]
    if used := [letters for tag in columns if (letters := _columns(tag)) and _have_cells(data, letters)]:
        yield Hidden(COLUMNS, len(used), used[0][0])


def _tags(data: bytes, attribute: bytes, kind: bytes) -> Iterator[bytes]:
    """The tags of an element that have this attribute, at most MOST."""
    at = data.find(attribute)
    for _ in range(MOST):
        if at < 0:
            return
        start, end = data.rfind(b"<", max(0, at - LONGEST), at), data.find(b">", at, at + LONGEST)
        tag = data[start : end + 1] if start >= 0 and end >= 0 else b""
        if (named := _KIND.match(tag)) and named[1] == kind:
            yield tag
        at = data.find(attribute, max(end, at) + 1)


def _columns(tag: bytes) -> list[str]:
    """The letters of the columns of a `col`, the first MANY; none of those behind the last one that is used: programs
    hide them to show an end."""
    first, last = _MIN.search(tag), _MAX.search(tag)
    if first is None or last is None or int(last[1]) >= _COLUMNS_OF_A_SHEET:
        return []
    return [letters_of(n) for n in range(int(first[1]), min(int(last[1]), int(first[1]) + MANY) + 1)]


def _have_cells(data: bytes, letters: list[str]) -> bool:
    return re.search(rb"\br\s*=\s*[\"'](?:%s)[0-9]" % "|".join(letters).encode(), data) is not None


def letters_of(number: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _slide(member: str, data: bytes) -> Iterator[Hidden]:
    if _NOT_SHOWN.search(data, 0, 4_000):
        yield Hidden(SLIDE, 1, _number(member), _words(data, 0))


def _notes(member: str, data: bytes) -> Iterator[Hidden]:
    words = "".join(_text(word) for word in _WORDS.findall(data))
    if words.strip("0123456789 \u3000\n‹#›<>"):
        yield Hidden(NOTES, 1, _number(member), " ".join(words.split())[:QUOTE])


def _properties(member: str, data: bytes) -> Iterator[Hidden]:
    for name, value in _PROPERTY.findall(data):
        said = " ".join(_text(value).split())
        if said and said.lower() not in _PROGRAMS:
            yield Hidden(PROPERTY, 1, name.decode(), said[:QUOTE])


def _words(data: bytes, at: int) -> str:
    """The first text behind an offset."""
    found = _WORDS.search(data, at)
    return " ".join(_text(found[1]).split())[:QUOTE] if found else ""


def _number(member: str) -> str:
    return "".join(c for c in member.rpartition("/")[2] if c.isdigit())


def _text(data: bytes) -> str:
    return html.unescape(data.decode("utf-8", "replace"))


_LOOKS: tuple[tuple[str, Callable[[str, bytes], Iterator[Hidden]]], ...] = (
    ("word/document", _changes), ("word/header", _changes), ("word/footer", _changes), ("word/footnotes", _changes),
    ("word/endnotes", _changes), ("word/comments.xml", _comments), ("xl/comments", _comments), ("ppt/comments/", _comments),
    ("xl/workbook.xml", _sheets), ("xl/worksheets/sheet", _rows), ("ppt/slides/slide", _slide),
    ("ppt/notesSlides/notesSlide", _notes), ("docProps/core.xml", _properties), ("docProps/app.xml", _properties),
)  # fmt: skip
