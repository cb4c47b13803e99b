"""The text of HTML as data: everything that is written in it, hidden elements and templates included, tags gone."""

import re
from collections.abc import Mapping

from filters.extract.budget import Stop
from filters.extract.textfile import decoded
from filters.markup.dom import Document, TooCostly, Walker, conditional

_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
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
_CELLS = frozenset({"td", "th"})
_DROPPED = frozenset({"script", "style"})
DEPTH = 3


def text_of(source: str) -> str:
    """The text of an HTML document: blocks on lines of their own, cells parted by tabs, words inside whole.

    What only Outlook shows (conditional comments) is a part of it. Raises Stop("limit") for a page too costly to read.
    """
    try:
        return _text(source, 0)
    except TooCostly as error:
        raise Stop("limit", "HTML that costs too much to read") from error


def _text(source: str, depth: int) -> str:
    texts = _Texts(depth)
    texts.walk(Document(source))
    return "".join(texts.out)


class _Texts(Walker):
    def __init__(self, depth: int) -> None:
        self.out: list[str] = []
        self.depth = depth

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        self._part(tag)
        return tag not in _DROPPED

    def end(self, tag: str) -> None:
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.out.append("\n")
        elif tag in _CELLS:
            self.out.append("\t")

    def text(self, data: str) -> None:
        self.out.append(data)

    def comment(self, data: str) -> None:
        if self.depth < DEPTH and (html := conditional(data)):
            self.out.append(f"\n{_text(html, self.depth + 1)}\n")


def read(content: bytes, charset: str = "") -> str:
    """The text of an HTML file; the charset of the document wins over the label when both are there."""
    return text_of(source(content, charset))


def source(content: bytes, charset: str = "") -> str:
    """The page itself, decoded."""
    if not charset and (match := _META.search(content[:4096])):
        charset = match[1].decode("ascii")
    return decoded(content, charset)
