"""Rich Text Format (1.9.1): body, headers, footers, footnotes, comments, properties; objects are members.

Bytes (\\'xx) are in the charset of their font, or in the document's code page (filters.extract.rtf_charsets); \\u counts
characters to skip.
"""

import re

from filters.extract import rtf_charsets as charsets
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.oleobject import read_object
from filters.extract.reason import Reason, Stop

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|((?:\\'[0-9a-fA-F]{2})+)|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
_HIDDEN = frozenset(
    [b"fonttbl", b"colortbl", b"stylesheet", b"pict", b"objdata", b"themedata", b"colorschememapping", b"datastore",
     b"latentstyles", b"listtable", b"listoverridetable", b"rsidtbl", b"generator", b"xmlnstbl", b"blipuid", b"fontfile", b"panose", b"falt", b"revtbl", b"wgrffmtfilter", b"mmathPr", b"sn"]
)  # fmt: skip
_SHOWN = frozenset(
    [b"shptxt", b"annotation", b"footnote", b"shpinst", b"shp", b"sp", b"sv", b"bkmkstart", b"atnauthor", b"fldinst",
     b"docvar", b"userprops", b"propname", b"staticval", b"nonshppict", b"company", b"manager", b"htmltag", b"ud", b"cs", b"ds",
     b"ts", b"do", b"moMath", b"moMathPara", b"formfield", b"ffdeftext", b"ffl", b"ffname", b"picprop", b"xe", b"tc", b"dptxbxtext"]
)  # fmt: skip
"""Destinations marked \\* that are read all the same; and styles, which some programs mark so."""
_ASIDE = frozenset(
    [b"annotation", b"atnauthor", b"atnid", b"footnote", b"fldinst", b"bkmkstart", b"formfield", b"shpinst", b"picprop",
     b"do", b"xe", b"tc", b"info", b"userprops", b"header", b"footer", b"headerl", b"headerr", b"headerf", b"footerl", b"footerr",
     b"footerf", b"shptxt", b"docvar"]
)  # fmt: skip
"""What is shown elsewhere than where it stands, which may be in the middle of a word: read into texts of their own."""
_STYLES = frozenset([b"cs", b"ds", b"ts", b"ud"])
_LINES = frozenset([b"par", b"line", b"row", b"nestrow", b"sect", b"page", b"column"])
_BREAK = frozenset(
    [b"title", b"subject", b"author", b"operator", b"category", b"comment", b"hlinkbase", b"keywords", b"doccomm", b"propname",
     b"staticval", b"company", b"manager", b"sv"]
)  # fmt: skip
_SYMBOLS = {
    b"tab": "\t",
    b"cell": "\t",
    b"nestcell": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"emspace": " ",
    b"enspace": " ",
    b"qmspace": " ",
}
_MAPS = {b"mac": "mac-roman", b"pc": "cp437", b"pca": "cp850"}
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
    """What holds inside a pair of braces; a group begins with what holds around it.

    run      b"loch", b"hich" or b"dbch": which of a run's fonts the text is in; `double` is that for b"dbch"
    charset  a codec that the text names itself (\\cchs), "" when it does not
    out      where its text goes: the body, or a text of its own
    """

    __slots__ = ("charset", "double", "font", "hidden", "out", "run", "skip", "starred")

    def __init__(self, out: list[str]) -> None:
        self.out = out
        self.hidden = self.starred = False
        self.skip = 1
        self.font: int | None = None
        self.double: int | None = None
        self.run = b""
        self.charset = ""

    def inner(self) -> "_Group":
        made = _Group(self.out)
        made.hidden, made.skip, made.font = self.hidden, self.skip, self.font
        made.double, made.run, made.charset = self.double, self.run, self.charset
        return made


class _Reader:
    """Goes through the tokens of a file and collects its text.

    texts        the body, then what stands aside
    skipping     how many characters still stand for the last \\u, for readers without Unicode
    font_table   at which depth the font table began, 0 outside of it; `defined` is the font that is defined there
    charsets     font -> codec, for fonts whose charset says one
    """

    def __init__(self) -> None:
        self.texts: list[list[str]] = [[]]
        self.pending = bytearray()
        self.stack = [_Group(self.texts[0])]
        self.skipping = 0
        self.code_page = ""
        self.language = "cp1252"
        self.default_font = self.defined = -1
        self.font_table = 0
        self.charsets: dict[int, str] = {}
        self.japanese = False

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
        joined = (_surrogates("".join(text)) for text in self.texts)
        return "\n".join(text for text in joined if text.strip("-0123456789;,()\r\n"))

    def _codec(self) -> str:
        top = self.stack[-1]
        if top.charset:
            return top.charset
        double = self.charsets.get(top.double, "") if top.double is not None else ""
        if top.run == b"dbch" and double in charsets.DOUBLE:
            return double
        font = self.default_font if top.font is None else top.font
        return self.charsets.get(font) or self.code_page or self.language

    def _flush(self) -> None:
        """Decode what is pending: together, because the second byte of a Shift_JIS character may be a letter."""
        if self.pending:
            raw = bytes(self.pending)
            self.stack[-1].out.append(charsets.decoded(raw, self._codec(), self.japanese))
            self.pending.clear()

    def _put(self, text: str) -> None:
        self._flush()
        self.stack[-1].out.append(text)

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
            self.stack.append(self.stack[-1].inner())
        elif len(self.stack) > 1:
            self.stack.pop()
            if len(self.stack) < self.font_table:
                self.font_table = 0

    def _symbol(self, symbol: bytes) -> None:
        top = self.stack[-1]
        if symbol == b"*":
            top.starred = True
        elif top.hidden:
            return
        elif symbol in b"{}\\":
            self.pending += symbol
        elif symbol == b"~":
            self.pending += b" "
        elif symbol == b"_":
            self.pending += b"-"
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
                self.code_page = charsets.codec_of(value)
            case b"deflang" | b"deflangfe":
                self.language = charsets.LANGUAGES.get(value, self.language)
            case b"mac" | b"pc" | b"pca":
                self.language = _MAPS[word]
            case b"fonttbl":
                top.hidden, self.font_table = True, len(self.stack)
            case b"f" | b"fcharset" | b"cpg" if self.font_table:
                self._font(word, value)
            case b"deff":
                self.default_font = value
            case b"f" | b"plain" | b"loch" | b"hich" | b"dbch" | b"af" | b"cchs":
                self._run(word, value)
            case _:
                self._destination(word, starred)

    def _font(self, word: bytes, value: int) -> None:
        """A word of the font table."""
        if word == b"f":
            self.defined = value
        elif word == b"cpg":
            self.charsets[self.defined] = charsets.codec_of(value)
        elif value in charsets.CHARSETS:
            self.charsets.setdefault(self.defined, charsets.CHARSETS[value])
            self.japanese |= value in (78, 128)

    def _run(self, word: bytes, value: int) -> None:
        """A word that says which font, or which charset, the following bytes are of."""
        self._flush()
        top = self.stack[-1]
        if word == b"f":
            top.font = value
            if top.run == b"dbch":
                top.double = value
        elif word == b"plain":
            top.font = top.double = None
            top.run, top.charset = b"", ""
        elif word == b"af":
            if top.run == b"dbch":
                top.double = value
        elif word == b"cchs":
            top.charset = charsets.CHARSETS.get(value, "")
        else:
            top.run = word

    def _destination(self, word: bytes, starred: bool) -> None:
        """A word that begins something hidden, a paragraph, or a character; other words change nothing."""
        top = self.stack[-1]
        if word in _HIDDEN or (starred and word not in _SHOWN):
            self._flush()
            top.hidden = True
            return
        if word == b"picprop":
            top.hidden = False
        if top.hidden:
            return
        if word in _ASIDE:
            self._flush()
            top.out = []
            self.texts.append(top.out)
        if word in _SYMBOLS:
            self._put(_SYMBOLS[word])
        elif word in _LINES or word in _BREAK or (starred and word not in _STYLES):
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


def end_of(content: bytes) -> int:
    """Where the group ends that is the document; the length of the content when it never does."""
    depth = 0
    for mark in _BRACES.finditer(content):
        if mark[0] == b"{":
            depth += 1
        elif mark[0] == b"}":
            depth -= 1
            if depth <= 0:
                return mark.end()
    return len(content)


_BRACES = re.compile(rb"\\.|[{}]", re.DOTALL)
