"""Office Open XML (docx, xlsx, pptx and their macro forms): the text of every XML member.

Headers, footers, comments, notes, hidden sheets, shared strings, properties, watermarks and text boxes live in
members of their own, so all members are read. Words broken into runs come out whole; paragraphs, rows and
cells are parted. A document type declaration is refused: no office program writes one.
"""

import html as entities
import re
from xml.parsers import expat

from filters.extract.archive import content_of, name_of, open_zip
from filters.extract.budget import Stop
from filters.extract.found import Found

_LINE = frozenset(
    {"p", "si", "row", "br", "cr", "comment", "lpwstr", "oddHeader", "oddFooter", "title", "subject"}
)
_CELL = frozenset({"c", "tc", "tab", "v", "is"})
_NO_TEXT = re.compile(
    r"(?:^|/)(?:styles|stylesWithEffects|fontTable|webSettings|settings|theme\d*|presProps|viewProps|tableStyles|"
    r"calcChain|printerSettings\d*)\.(?:xml|bin)$|\.rels$|^\[Content_Types\]\.xml$"
)
_LINES = re.compile(
    rb"</(?:[\w.-]+:)?(?:p|si|row|comment|lpwstr|oddHeader|oddFooter)>|<(?:[\w.-]+:)?(?:br|cr)\b[^>]*>"
)
_CELLS = re.compile(rb"</(?:[\w.-]+:)?(?:c|tc|v|is)>|<(?:[\w.-]+:)?tab\b[^>]*>")
_TAGS = re.compile(rb"<[^>]*>")
_DECLARATION = re.compile(
    rb"\s*<\?xml[^>]{0,80}?(?:encoding\s*=\s*[\"']utf-8[\"'][^>]{0,40})?\?>", re.IGNORECASE
)
_SPEAKING = (b"textpath", b"<sheet ", b":sheet ", b"<property ", b":property ")
"""What says something in an attribute; members with these are parsed."""


def read(content: bytes, found: Found) -> None:
    """Read every member of an Office Open XML package into `found`; embedded files are members."""
    archive, infos = open_zip(content, found)
    for info in infos:
        name = name_of(info)
        if info.is_dir() or _NO_TEXT.search(name):
            continue
        try:
            if name.lower().endswith((".xml", ".vml")):
                data = content_of(archive, info, found)
                text = None if "docProps/" in name else quick_text(data)
                found.text(name, text_of(data, properties="docProps/" in name) if text is None else text)
                found.verdicts.append("ok")
            elif "/embeddings/" in name or "/afchunk" in name.lower() or "/media/" not in name:
                data = content_of(archive, info, found)
                found.inside(name, data)
        except Stop as reason:
            found.failed(reason.verdict, str(reason))
            if reason.verdict == "limit":
                raise


def quick_text(data: bytes) -> str | None:
    """The same text by patterns, five times as quick; None for members that only a parser can read.

    Those are: with declarations, comments or CDATA, in another charset than UTF-8, or with speaking attributes.
    """
    declaration = _DECLARATION.match(data)
    start = declaration.end() if declaration else 0
    if data.find(b"<!") >= 0 or data.find(b"<?", start) >= 0 or any(word in data for word in _SPEAKING):
        return None
    bare = _TAGS.sub(b"", _CELLS.sub(b"\t", _LINES.sub(b"\n", data[start:])))
    try:
        text = bare.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return entities.unescape(text) if "&" in text else text


def text_of(data: bytes, *, properties: bool = False) -> str:
    """The text of one XML member. Raises Stop("corrupt") for what is not well formed or has a DOCTYPE."""
    pieces: list[str] = []
    add = pieces.append
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > 1_000:
            raise Stop("limit", "xml: nested too deep")
        name = tag.rpartition(":")[2]
        if name == "textpath":
            add("\n" + attributes.get("string", "") + "\n")
        elif name == "sheet" or name == "property":
            add("\n" + attributes.get("name", "") + "\n")
        elif name == "tab":
            add("\t")

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        name = tag.rpartition(":")[2]
        if name in _LINE or properties:
            add("\n")
        elif name in _CELL:
            add("\t")

    def doctype(*_: object) -> None:
        raise Stop("corrupt", "xml: document type declaration")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = add
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Stop("corrupt", f"xml: {type(error).__name__}") from None
    return "".join(pieces)
