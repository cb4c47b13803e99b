"""The text of one XML member of an office file: runs joined into words; paragraphs, rows and cells separated.

A document type declaration is refused: no office program writes one, and entities can be bombs.
"""

import html as entities
import re
from xml.parsers import expat

from filters.extract.reason import Reason, Stop

LINES = frozenset(
    {
        "p",
        "si",
        "row",
        "br",
        "cr",
        "comment",
        "lpwstr",
        "oddHeader",
        "oddFooter",
        "evenHeader",
        "evenFooter",
        "firstHeader",
        "firstFooter",
        "title",
        "subject",
        "docPr",
    }
)
LABEL = re.compile(r"MSIP_Label_[0-9a-fA-F-]{8,40}_Name\s+([^\n]{1,80})")
"""A sensitivity label among properties: the property's name, then the label's."""
_CELL = frozenset({"c", "tc", "tab", "v", "is", "table-cell", "covered-table-cell", "Cell", "Data"})
_LINE_ENDS = re.compile(
    rb"</(?:[\w.-]+:)?(?:p|si|row|comment|lpwstr|(?:odd|even|first)(?:Header|Footer))>|<(?:[\w.-]+:)?(?:br|cr)\b[^>]*>?"
)
_CELL_ENDS = re.compile(rb"</(?:[\w.-]+:)?(?:c|tc|v|is)>|<(?:[\w.-]+:)?tab\b[^>]*>?")
_TAGS = re.compile(rb"<[^>]*>?")
"""All three are for `_replaced`."""
_DECLARATION = re.compile(
    rb"\s*<\?xml[^>]{0,80}?(?:encoding\s*=\s*[\"']utf-8[\"'][^>]{0,40})?\?>", re.IGNORECASE
)
_SPEAKING = (b"textpath", b"sheet ", b"descr=", b"title=")
"""Attributes that contain text; members with these are parsed."""
_ATTRIBUTES = {
    "textpath": ("string",),
    "sheet": ("name",),
    "property": ("name",),
    "docPr": ("descr", "title"),
    "cNvPr": ("descr", "title"),
    "table": ("name", "displayName"),
}


_READINGS = (b"w:rt", b"text:ruby-text", b"rPh", b"x:rPh")
"""Elements that tell how ideographs are read (ECMA-376 17.3.3.24 and 18.4.6, ODF 6.4): they stand between the characters of
a word."""


def readings_apart(data: bytes) -> tuple[bytes, bytes]:
    """(the XML without the readings of ideographs, the readings: a line each, still escaped)."""
    lines: list[bytes] = []
    for name in _READINGS:
        opening, closing = b"<" + name, b"</" + name + b">"
        if opening not in data:
            continue
        pieces, at, searched = [], 0, 0
        while (start := data.find(opening, searched)) >= 0:
            searched = start + len(opening)
            if data[searched : searched + 1] not in (b" ", b">", b"\t", b"\n", b"\r"):
                continue
            end = data.find(closing, searched)
            if end < 0:
                break
            pieces.append(data[at:start])
            at = searched = end + len(closing)
            lines.append(_TAGS.sub(b"", data[start:at]))
        data = b"".join([*pieces, data[at:]])
    return data, b"\n".join(dict.fromkeys(lines))


_PRINTED = re.compile(rb"<(?:odd|even|first)(?:Header|Footer)[^<>]{0,60}>[^<]*")
_CODES = re.compile(
    rb"&amp;(?:[LCR]|([PNDTAFZGBIUESXYOH]|&quot;[^&<]{0,60}&quot;|\"[^\"<]{0,60}\"|[0-9]{1,3}|K[0-9A-F+-]{2,6}))"
)
"""Codes in what is printed above and below a sheet (ECMA-376 18.3.1.46): sections, fields and fonts."""


def _plainer(data: bytes) -> bytes:
    """The XML without the codes of printed headers, and with the places of drawings on lines of their own: both would
    run into the words."""
    if b"Header" in data or b"Footer" in data:
        data = _PRINTED.sub(lambda m: _CODES.sub(lambda code: b"" if code[1] else b"\n", m[0]), data)
    return data.replace(b"</xdr:to>", b"</xdr:to>\n")


def _behind(text: str, readings: bytes) -> str:
    return f"{text}\n{entities.unescape(readings.decode('utf-8', 'replace'))}" if readings else text


def quick_text(data: bytes) -> str | None:
    """The same text by patterns, five times as fast; None for members that only a parser can read.

    Those have declarations, comments, CDATA, a charset other than UTF-8, or attributes with text.
    """
    declaration = _DECLARATION.match(data)
    start = declaration.end() if declaration else 0
    if (b"!" in data and b"<!" in data) or (data.find(b"?", start) >= 0 and data.find(b"<?", start) >= 0):
        return None  # searching for one octet is ten times as fast as for two, and it is rarely there
    if any(word in data for word in _SPEAKING):
        return None
    data, readings = readings_apart(_plainer(data[start:]))
    bare = _replaced(_TAGS, b"", _parted(data))
    try:
        text = bare.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return _behind(entities.unescape(text) if "&" in text else text, readings)


_SPACE = re.compile(
    rb"xmlns(?::([\w.-]+))?\s*=\s*[\"'][^\"']*/(wordprocessingml|drawingml|spreadsheetml)/(?:2006/)?main[\"']"
)
_USUAL = {(b"w", b"wordprocessingml"): b"w:", (b"a", b"drawingml"): b"a:", (b"", b"spreadsheetml"): b""}
_ENDS = {
    b"w:": ((b"p", b"comment"), (b"tc",)),
    b"a:": ((b"p",), (b"tc",)),
    b"": ((b"si", b"row", b"comment", b"oddHeader", b"oddFooter", b"evenHeader", b"evenFooter", b"firstHeader", b"firstFooter"), (b"c", b"v", b"is")),
}  # fmt: skip
"""Prefix -> (elements that end a line, elements that end a cell), where the usual prefixes are used."""


def _parted(data: bytes) -> bytes:
    """The XML with line ends and tabs where elements separate text: by literals when the prefixes are the usual ones."""
    spaces = set(_SPACE.findall(data[:8_000]))
    if (
        not spaces
        or not spaces <= _USUAL.keys()
        or (data.find(b"xmlns", 8_000) >= 0 and _SPACE.search(data, 8_000))
    ):
        return _replaced(_CELL_ENDS, b"\t", _replaced(_LINE_ENDS, b"\n", data))
    if b"</w:tc>" in data:
        data = data.replace(b"</w:p></w:tc>", b"</w:tc>").replace(b"</w:tr>", b"\n")
    for prefix in {_USUAL[space] for space in spaces}:
        lines, cells = _ENDS[prefix]
        for name in lines:
            data = data.replace(b"</" + prefix + name + b">", b"\n")
        for name in cells:
            data = data.replace(b"</" + prefix + name + b">", b"\t")
        if prefix:
            for name in (b"br", b"cr"):
                data = data.replace(b"<" + prefix + name, b"\n<" + prefix + name)
            data = data.replace(b"<" + prefix + b"tab", b"\t<" + prefix + b"tab")
    return data


def _replaced(tags: "re.Pattern[bytes]", by: bytes, data: bytes) -> bytes:
    """`data` with `by` for every whole tag. There is none after the last ">": not looking there is what makes
    a thousand "<" in a row cost no more than a thousand tags."""
    end = data.rfind(b">") + 1
    return tags.sub(by, data[:end]) + data[end:]


def text_of(data: bytes, *, properties: bool = False, lines: frozenset[str] = LINES) -> str:
    """The text of one XML member. Raises Stop if it is not well-formed or has a DOCTYPE."""
    data, readings = readings_apart(_plainer(data))
    pieces: list[str] = []
    add = pieces.append
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > 1_000:
            raise Stop(Reason.DEPTH, "xml: nested too deep")
        name = tag.rpartition(":")[2]
        if name in _ATTRIBUTES:
            for key in _ATTRIBUTES[name]:
                for each in (key, f"table:{key}"):
                    if attributes.get(each):
                        add("\n" + attributes[each] + "\n")
        elif name == "tab":
            add("\t")
        elif name == "s" and tag != "s":
            add(" ")
        elif name == "user-defined":
            add("\n" + attributes.get("meta:name", "") + "\n")

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        name = tag.rpartition(":")[2]
        if name in lines or properties:
            add("\n")
        elif name in _CELL:
            add("\t")

    def doctype(*_: object) -> None:
        raise Stop(Reason.MALFORMED, "xml: document type declaration")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = add
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Stop(Reason.MALFORMED, f"xml: {type(error).__name__}") from None
    return _behind("".join(pieces), readings)
