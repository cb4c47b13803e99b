"""Rich Text Format (1.9.1): body, headers, footers, footnotes, comments, properties; objects are members.

Bytes (\\'xx) are of the document's code page, or of the font's where that is Japanese; \\u counts characters to skip.
"""

import re

from filters.extract.budget import Stop
from filters.extract.found import Found
from filters.extract.oleobject import read_object

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
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
    0: "cp1252",
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
    __slots__ = ("codec", "hidden", "skip", "starred")

    def __init__(self, hidden: bool, skip: int, codec: str) -> None:
        self.hidden, self.skip, self.codec = hidden, skip, codec
        self.starred = False


def text_of(content: bytes, found: Found) -> str:
    """The text, paragraphs on lines of their own. Raises Stop("limit") for groups without end."""
    pieces: list[str] = []
    pending = bytearray()
    fonts: dict[int, str] = {}
    font, default, skipping, in_fonts = -1, "cp1252", 0, 0
    stack = [_Group(False, 1, "")]

    def flush() -> None:
        if pending:
            codec = stack[-1].codec or default
            pieces.append(pending.decode(codec, "replace"))
            pending.clear()

    for match in _TOKEN.finditer(content):
        word, number, byte, symbol, brace, plain = match.groups()
        top = stack[-1]
        if brace:
            flush()
            skipping = 0
            if brace == b"{":
                if len(stack) > DEEP:
                    raise Stop("limit", "rtf: nested too deep")
                stack.append(_Group(top.hidden, top.skip, top.codec))
            elif len(stack) > 1:
                stack.pop()
                in_fonts = min(in_fonts, len(stack))
            continue
        if byte:
            if skipping:
                skipping -= 1
            elif not top.hidden:
                pending.append(int(byte, 16))
            continue
        if plain:
            if not top.hidden:
                if skipping:
                    plain, skipping = plain[skipping:], max(0, skipping - len(plain))
                # The second byte of a Shift_JIS character may be a letter.
                pending += plain
            continue
        if symbol:
            if symbol == b"*":
                top.starred = True
            elif not top.hidden and symbol in b"{}\\":
                pending += symbol
            elif symbol == b"~":
                pending += b" "
            elif symbol in b"\r\n":
                pending += b"\n"
            continue
        if word is None:
            continue
        value = int(number) if number else 0
        if word == b"u" and number:
            flush()
            if not top.hidden:
                pieces.append(chr(value & 0xFFFF))
            skipping = top.skip
        elif word == b"uc":
            top.skip = max(0, min(value, 100))
        elif word == b"fonttbl":
            top.hidden, in_fonts = True, len(stack)
        elif word == b"f":
            flush()
            font = value
            if not in_fonts:
                top.codec = fonts.get(value, "")
        elif word == b"fcharset":
            if in_fonts and value in _CHARSETS and value:
                fonts[font] = _CHARSETS[value]
        elif word == b"ansicpg":
            default = _page(value)
        elif word == b"bin":
            continue
        elif word in _HIDDEN or (top.starred and word not in _SHOWN):
            flush()
            top.hidden = True
            top.starred = False
        elif not top.hidden:
            if word in _LINES or word in _BREAK:
                flush()
                pieces.append("\n")
            elif word in _SYMBOLS:
                flush()
                pieces.append(_SYMBOLS[word])
            elif top.starred:
                flush()
                pieces.append("\n")
        top.starred = False if word else top.starred
    flush()
    text = _surrogates("".join(pieces))
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
