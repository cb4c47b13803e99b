"""The text of HTML as data: everything written in it, including hidden elements and templates, without tags;
and the files that it carries in `data:` addresses (RFC 2397)."""

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

import msgspec

from filters.extract.alone import alone
from filters.extract.kinds import detect
from filters.extract.reason import Reason, Stop
from filters.extract.textfile import decoded
from filters.markup.dom import Document, TooCostly, Walker, conditional
from mail.charset import unbase64

_META = re.compile(rb"<meta[^>]{0,200}charset\s*+=\s*+(?:[\"']\s*+)?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "table",
        "title",
        "tr",
        "ul",
    ]
)
_APART = {**dict.fromkeys(_BLOCKS, "\n"), "td": "\t", "th": "\t"}
"""What is written where an element begins and ends."""
_WRITTEN_IN = frozenset({"", "text", "tel", "number", "email", "search", "url", "date"})
"""Fields of a form that show their value."""
_INLINE = frozenset({"p", "div", "center", "h1", "h2", "h3", "h4", "h5", "h6"})
"""Blocks that programs wrap the text of a cell in."""
_DROPPED = frozenset({"script", "style"})
DEPTH = 3
FILES = 100
"""Files taken out of one page."""
_TYPE = re.compile(r"data:([a-z]{1,40}/[a-z0-9.+-]{1,100})", re.IGNORECASE)
_FONTS = (b"wOFF", b"wOF2", b"OTTO", b"\0\1\0\0", b"true")


class Embedded(msgspec.Struct, frozen=True):
    """A file in a `data:` address: the name that a click saves it under, its declared media type, its bytes."""

    name: str
    type: str
    content: bytes


class HtmlContents(msgspec.Struct, frozen=True):
    """What is written in a page, and the files in it; pictures and fonts that only decorate it do not count. `instead`: what its
    pictures say where they are not shown, one in a line."""

    text: str
    files: tuple[Embedded, ...] = ()
    instead: str = ""


def contents_of(document: str | Document) -> HtmlContents:
    """Text and files of an HTML document, or of its source: blocks on lines of their own, cells separated by tabs, words kept whole.

    What only Outlook shows (conditional comments) and pages in frames (`srcdoc`) are included. Raises Stop for a page too
    costly to read, with frames nested too deep, or with more files than FILES.
    """
    try:
        return _contents(Document(document) if isinstance(document, str) else document, 0)
    except TooCostly as error:
        raise Stop(Reason.TIME, "HTML that costs too much to read") from error


def text_of(source: str) -> str:
    """The text of `contents_of`."""
    return contents_of(source).text


def _contents(document: Document, depth: int) -> HtmlContents:
    texts = _Texts(depth)
    texts.walk(document)
    return HtmlContents("".join(texts.out), tuple(texts.files), "\n".join(texts.instead))


class _Texts(Walker):
    def __init__(self, depth: int) -> None:
        self.out: list[str] = []
        self.files: list[Embedded] = []
        self.instead: list[str] = []
        self.depth = depth

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag in _APART and not (tag in _INLINE and self._cell_begins()):
            self.out.append(_APART[tag])
        for value in attributes.values():
            first = value[:1]
            if first.isspace():
                first = value[:40].lstrip()[:1]
            if first == "d" or first == "D":
                self._take(value, attributes.get("download", ""))
        if (
            tag == "input"
            and attributes.get("type", "text").lower() in _WRITTEN_IN
            and attributes.get("value")
        ):
            self.out.append(f" {attributes['value']} ")
        elif tag == "img" and (instead := attributes.get("alt") or attributes.get("title")):
            self.instead.append(instead)
        if tag == "iframe" and (inner := attributes.get("srcdoc")):
            if self.depth >= DEPTH:
                raise Stop(Reason.DEPTH, "frames in frames")
            self._add(inner)
        return tag not in _DROPPED

    def end(self, tag: str) -> None:
        if tag == "td" or tag == "th":
            while self.out and self.out[-1] != "\t" and self.out[-1].isspace():
                self.out.pop()
        if tag in _APART:
            self.out.append(_APART[tag])

    def _cell_begins(self) -> bool:
        """True where nothing stands in a cell yet: a paragraph in it begins no line, or its row would fall apart."""
        while len(self.out) > 1 and self.out[-1] != "\t" and self.out[-1].isspace():
            if self.out[-2] != "\t":
                return False
            self.out.pop()
        return bool(self.out) and self.out[-1] == "\t"

    def text(self, data: str) -> None:
        self.out.append(data)

    def comment(self, data: str) -> None:
        if self.depth < DEPTH and (html := conditional(data)):
            self._add(html)

    def _add(self, html: str) -> None:
        """What stands in a page within the page."""
        inside = _contents(Document(html), self.depth + 1)
        self.out.append(f"\n{inside.text}\n")
        self.files += inside.files
        self.instead += inside.instead.split("\n") if inside.instead else ()

    def _take(self, value: str, name: str) -> None:
        """The file in an address, if it is one. To a browser blanks in it mean nothing."""
        head, comma, data = value.partition(",")
        head = re.sub(r"\s+", "", head[:1_000])
        if not comma or head[:5].lower() != "data:":
            return
        content = unquote_to_bytes(data.encode("utf-8", "replace"))
        if head.lower().endswith("base64"):
            content = unbase64(content)
        form = "font" if content.startswith(_FONTS) else detect("", content)
        if not content or (form in ("image", "font") and alone(form, content)):
            return
        if len(self.files) >= FILES:
            raise Stop(Reason.PARTS, "too many files in one page")
        kind = _TYPE.match(head)
        self.files.append(Embedded(name, kind[1].lower() if kind else "text/plain", content))


def read(content: bytes, charset: str = "") -> str:
    """The text of an HTML file, decoded as `source` does it."""
    return text_of(source(content, charset))


def source(content: bytes, charset: str = "") -> str:
    """The page itself, decoded; without a label, what the document says about its charset counts."""
    if not charset and (match := _META.search(content[:4096])):
        charset = match[1].decode("ascii")
    return decoded(content, charset)
