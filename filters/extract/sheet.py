"""Sheets of an xlsx as people read them: cells with their strings, numbers as their cells show them, row by row.

A cell names its string by a number; read apart, a name and its telephone number would stand in two lists. Sheets of more
than CELLS cells, and workbooks that write their strings in unusual XML, are read apart all the same.
"""

import html
import re
from typing import TYPE_CHECKING

from filters.extract.cellformat import BUILT_IN, plain, shown
from filters.extract.xmltext import readings_apart

if TYPE_CHECKING:
    from collections.abc import Callable

CELLS = 200_000
_P = rb"(?:[\w.-]{1,20}:)?"
_CELL = re.compile(
    rb"(<" + _P + rb"c\b([^<>]*)>)(?:\s*<" + _P + rb"f\b[^<>]*(?:/>|>([^<]*)</" + _P + rb"f>))?\s*(<" + _P + rb"v\b[^<>]*>)"
    rb"([^<]*)(?=</)"
)  # fmt: skip
_STYLE = re.compile(rb"\bs\s*=\s*[\"'](\d{1,6})[\"']")
_TYPE = re.compile(rb"\bt\s*=\s*[\"'](\w+)[\"']")
_STRING = re.compile(rb"</" + _P + rb"si>|<" + _P + rb"si\s*/>")
_TAG = re.compile(rb"<[^<>]*>")
_FORMATS = re.compile(rb"<" + _P + rb"numFmt\b([^<>]*)>")
_STYLE_OF = re.compile(rb"<" + _P + rb"xf\b([^<>]*)>")
_NUMBER = re.compile(rb"\bnumFmtId\s*=\s*[\"'](\d{1,6})[\"']")
_CODE = re.compile(rb"\bformatCode\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_SINCE_1904 = re.compile(rb"\bdate1904\s*=\s*[\"'](?:1|true)[\"']")
_SAYS = re.compile(rb"\"|&quot;|\[|\||://")
_PARTED = b"\xf4\x8f\xbf\xbd"
"""U+10FFFD, which no text contains, between strings."""


class Book:
    """What the sheets of a workbook share: strings (as written in XML), formats of numbers; which strings were read."""

    def __init__(self, strings: bytes, styles: bytes, workbook: bytes) -> None:
        strings, self.readings = readings_apart(strings)
        self.strings = _strings(strings)
        self.styles = _styles(styles)
        self.since_1904 = bool(_SINCE_1904.search(workbook))
        self.read = bytearray(len(self.strings))

    def sheet(self, data: bytes) -> tuple[bytes, str]:
        """The XML of a sheet with what each cell shows in place of its value; formulas with words in them."""
        if data.count(b"<v") + data.count(b":v>") > CELLS:
            return data, ""
        formulas: dict[bytes, None] = {}
        shown = _CELL.sub(self._cell(formulas), data)
        return shown, html.unescape(b"\n".join(formulas).decode("utf-8", "replace"))

    def rest(self) -> str:
        """The strings that no sheet shows, and how ideographs are read."""
        left = [text for text, read in zip(self.strings, self.read, strict=True) if not read]
        return html.unescape(b"\n".join([*left, self.readings]).decode("utf-8", "replace"))

    def _cell(self, formulas: dict[bytes, None]) -> "Callable[[re.Match[bytes]], bytes]":
        strings, styles, read, since_1904 = self.strings, self.styles, self.read, self.since_1904

        def cell(match: "re.Match[bytes]") -> bytes:
            opening, attributes, formula, before, value = match.groups()
            if formula and _SAYS.search(formula):
                formulas[formula] = None
            kind = _TYPE.search(attributes) if b"t" in attributes else None
            if kind is None or kind[1] == b"n":
                style = _STYLE.search(attributes)
                code = styles.get(int(style[1])) if style else None
                if code or len(value) > 15:
                    try:
                        number = float(value)
                        text = shown(number, code, since_1904=since_1904) if code else plain(number)
                        value = html.escape(text, quote=False).encode()
                    except ValueError:
                        pass
            elif kind[1] == b"s":
                number = int(value) if value.isdigit() else len(strings)
                if number < len(strings):
                    read[number] = 1
                    value = strings[number]
            elif kind[1] == b"b":
                value = b"FALSE" if value == b"0" else b"TRUE"
            return b"".join((opening, before, value))

        return cell


def _strings(data: bytes) -> list[bytes]:
    """The shared strings without markup; [] when only a parser can read them."""
    if b"<!" in data or b"<?" in data[5:] or not data:
        return []
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return []
    bare = _TAG.sub(b"", _STRING.sub(_PARTED, data.partition(b"?>")[2] or data))
    return bare.split(_PARTED)[:-1]


def _styles(data: bytes) -> dict[int, str]:
    """Number of a cell's style -> code of its number format, where that is not how numbers are anyway."""
    codes = dict(BUILT_IN)
    for match in _FORMATS.finditer(data):
        number, code = _NUMBER.search(match[1]), _CODE.search(match[1])
        if number and code:
            codes[int(number[1])] = html.unescape((code[1] or code[2] or b"").decode("utf-8", "replace"))
    start, end = data.find(b"cellXfs"), data.rfind(b"cellXfs>")
    made = {}
    for index, match in enumerate(_STYLE_OF.finditer(data, start, end) if 0 <= start < end else ()):
        number = _NUMBER.search(match[1])
        if code_of := codes.get(int(number[1])) if number else None:
            made[index] = code_of
    return made
