"""Rich Text Format (1.9.1): body, headers, footers, footnotes, comments, properties; objects are members.

Bytes (\\'xx) are in the document's code page, or in the font's if that is Japanese; \\u counts characters to
skip.
"""

import re

from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.oleobject import read_object
from filters.extract.reason import Reason, Stop

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|((?:\\'[0-9a-fA-F]{2})+)|\\([^a-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
_HIDDEN = frozenset(
    [b"fonttbl", b"colortbl", b"stylesheet", b"pict", b"objdata", b"themedata", b"colorschememapping", b"datastore",
     b"latentstyles", b"listtable", b"listoverridetable", b"rsidtbl", b"generator", b"xmlnstbl", b"blipuid", b"fontfile", b"panose", b"falt", b"revtbl", b"wgrffmtfilter", b"mmathPr"]
)  # fmt: skip
_SHOWN = frozenset([b"shptxt", b"annotation", b"footnote", b"shpinst", b"shp", b"sp", b"sv", b"bkmkstart", b"atnauthor", b"fldinst", b"docvar", b"userprops", b"propname", b"staticval", b"nonshppict", b"company", b"manager", b"htmltag"])  # fmt: skip
"""Destinations marked \\* that are read all the same."""
_LINES = frozenset([b"par", b"line", b"row", b"sect", b"page"])
_BREAK = frozenset(
    [
        b"title",
        b"subject",
        b"author",
        b"keywords",
        b"doccomm",
        b"header",
        b"footer",
        b"headerl",
        b"headerr",
        b"headerf",
        b"footerl",
        b"footerr",
        b"footerf",
        b"footnote",
        b"annotation",
        b"propname",
        b"staticval",
        b"shptxt",
        b"company",
    ]
)
_SYMBOLS = {
    b"tab": "\t",
    b"cell": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"emspace": " ",
    b"enspace": " ",
}
_CHARSETS = {
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "cp950",
    204: "cp1251",
    238: "cp1250",
}
_OBJECT = re.compile(rb"\\objdata\b[^{}]{0,40}?[\s}]?([0-9a-fA-F\s]{16,})")
_TEMPLATE = re.compile(rb"\\\*?\\template\s+([^}]{1,300})", re.IGNORECASE)
_DDE = re.compile(r"\bDDE(?:AUTO)?\s+[^\n]{1,100}", re.IGNORECASE)
_ACTIVE = re.compile(rb"\\(?:objocx|objemb|objautlink|objlink|objupdate|objdata)\b")
DEEP = 2_000


@reads("rtf", b"{\\rt", media="application/rtf")
def read(content: bytes, found: Found) -> None:
    """Read an RTF file into `found`. Raises Stop."""
    found.budget.take_bytes(len(content))
    found.text("", text_of(content, found))
    if match := _TEMPLATE.search(content):
        target = match[1].decode("cp932", "replace").strip()
        if re.match(r"(?i)(?:https?|ftp|file|\\\\)", target):
            found.sign("remote_template", target)
    if match := _ACTIVE.search(content):
        found.sign("ole_object", match[0].decode())
    for match in _OBJECT.finditer(content):
        digits = re.sub(rb"\s", b"", match[1])
        found.budget.take_member()
        read_object(bytes.fromhex(digits[: len(digits) // 2 * 2].decode()), found)
    found.verdicts.append("ok")


class _Group:
    """What holds inside a pair of braces; a group begins with what holds around it."""

    __slots__ = ("font", "hidden", "skip", "starred")

    def __init__(self, hidden: bool = False, skip: int = 1, font: int | None = None) -> None:
        self.hidden, self.skip, self.font = hidden, skip, font
        self.starred = False


class _Reader:
    """Goes through the tokens of a file and collects its text.

    skipping     how many characters still stand for the last \\u, for readers without Unicode
    font_table   at which depth the font table began, 0 outside of it; `defined` is the font that is defined there
    charsets     font -> codec, for fonts whose charset says one
    """

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.pending = bytearray()
        self.stack = [_Group()]
        self.skipping = 0
        self.code_page = "cp1252"
        self.default_font = self.defined = -1
        self.font_table = 0
        self.charsets: dict[int, str] = {}

    def read(self, content: bytes, start: int = 0) -> int:
        """Reads up to the binary data of a \\bin, or to the end; returns the offset to continue at."""
        for match in _TOKEN.finditer(content, start):
            word, number, coded, symbol, brace, plain = match.groups()
            if word == b"bin":
                return match.end() + max(0, int(number or 0))
            if word:
                self._word(word, number)
            elif coded:
                self._bytes(bytes.fromhex(coded.replace(b"\\'", b"").decode()))
            elif plain:
                self._bytes(plain)
            elif brace:
                self._brace(brace)
            elif symbol:
                self._symbol(symbol)
        return len(content)

    def text(self) -> str:
        self._flush()
        return _surrogates("".join(self.pieces))

    def _flush(self) -> None:
        """Decode what is pending: together, because the second byte of a Shift_JIS character may be a letter."""
        if self.pending:
            font = self.stack[-1].font
            codec = self.charsets.get(self.default_font if font is None else font, self.code_page)
            self.pieces.append(self.pending.decode(codec, "replace"))
            self.pending.clear()

    def _put(self, text: str) -> None:
        self._flush()
        self.pieces.append(text)

    def _bytes(self, data: bytes) -> None:
        if self.stack[-1].hidden:
            return
        skipped = min(self.skipping, len(data))
        self.skipping -= skipped
        self.pending += data[skipped:]

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.skipping = 0
        if brace == b"{":
            if len(self.stack) > DEEP:
                raise Stop(Reason.DEPTH, "rtf: nested too deep")
            top = self.stack[-1]
            self.stack.append(_Group(top.hidden, top.skip, top.font))
        elif len(self.stack) > 1:
            self.stack.pop()
            if len(self.stack) < self.font_table:
                self.font_table = 0

    def _symbol(self, symbol: bytes) -> None:
        top = self.stack[-1]
        if symbol == b"*":
            top.starred = True
        elif not top.hidden and symbol in b"{}\\":
            self.pending += symbol
        elif symbol == b"~":
            self.pending += b" "
        elif symbol in b"\r\n":
            self.pending += b"\n"

    def _word(self, word: bytes, number: bytes | None) -> None:
        top, value = self.stack[-1], int(number or 0)
        starred, top.starred = top.starred, False
        match word:
            case b"u" if number:
                if not top.hidden:
                    self._put(chr(value & 0xFFFF))
                self.skipping = top.skip
            case b"uc":
                top.skip = max(0, min(value, 100))
            case b"ansicpg":
                self.code_page = _page(value)
            case b"fonttbl":
                top.hidden, self.font_table = True, len(self.stack)
            case b"f" if self.font_table:
                self.defined = value
            case b"fcharset" if self.font_table:
                if value in _CHARSETS:
                    self.charsets[self.defined] = _CHARSETS[value]
            case b"deff":
                self.default_font = value
            case b"f" | b"plain":
                self._flush()
                top.font = value if word == b"f" else None
            case _:
                self._destination(word, starred)

    def _destination(self, word: bytes, starred: bool) -> None:
        """A word that begins something hidden, a paragraph, or a character; other words change nothing."""
        top = self.stack[-1]
        if word in _HIDDEN or (starred and word not in _SHOWN):
            self._flush()
            top.hidden = True
        elif top.hidden:
            return
        elif word in _SYMBOLS:
            self._put(_SYMBOLS[word])
        elif word in _LINES or word in _BREAK or starred:
            self._put("\n")


def text_of(content: bytes, found: Found) -> str:
    """The text, paragraphs on lines of their own. Raises Stop for groups without end."""
    reader, at = _Reader(), 0
    while at < len(content):
        at = reader.read(content, at)
    if at > len(content):
        found.failed(Reason.CUT_OFF, "rtf: binary data cut off")
    text = reader.text()
    if dde := _DDE.search(text):
        found.sign("dde", dde[0])
    return text


def _surrogates(text: str) -> str:
    if not re.search("[\ud800-\udfff]", text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _page(number: int) -> str:
    try:
        "".encode(f"cp{number}")
    except LookupError:
        return "cp1252"
    return f"cp{number}"
