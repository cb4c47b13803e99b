"""Office Open XML (docx, xlsx, pptx and their macro forms): the text of every XML member.

Headers, footers, comments, notes, hidden sheets, shared strings, properties, watermarks and text boxes live in
members of their own, so all members are read. Words broken into runs come out whole; paragraphs, rows and
cells are parted. A document type declaration is refused: no office program writes one.
"""

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
_QUICK = re.compile(
    rb"<(?:/(?:\w+:)?(p|si|row|comment|lpwstr|oddHeader|oddFooter|c|tc)|(?:\w+:)?(br|cr|tab)\b[^>]*)>|<[^>]*>"
)


def read(content: bytes, found: Found) -> None:
    """Read every member of an Office Open XML package into `found`; embedded files are members."""
    archive, infos = open_zip(content, found)
    for info in infos:
        name = name_of(info)
        if info.is_dir() or _NO_TEXT.search(name):
            continue
        try:
            if name.lower().endswith((".xml", ".vml")):
                found.text(name, text_of(content_of(archive, info, found), properties="docProps/" in name))
                found.verdicts.append("ok")
            elif "/embeddings/" in name or "/afchunk" in name.lower() or "/media/" not in name:
                data = content_of(archive, info, found)
                found.inside(name, data)
        except Stop as reason:
            found.failed(reason.verdict, str(reason))
            if reason.verdict == "limit":
                raise


def text_of(data: bytes, *, properties: bool = False) -> str:
    """The text of one XML member. Raises Stop("corrupt") for what is not well formed or has a DOCTYPE."""
    pieces: list[str] = []
    add = pieces.append
    depth = 0
    shared = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, shared
        depth += 1
        if depth > 1_000:
            raise Stop("limit", "xml: nested too deep")
        name = tag.rpartition(":")[2]
        if name == "c":
            shared = attributes.get("t") == "s"
        elif name == "textpath":
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
