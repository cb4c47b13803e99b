"""The text of HTML as a reader sees it, comments and hidden elements included, tags gone."""

import html as entities
import re

from selectolax.lexbor import LexborHTMLParser

from filters.extract.text import decoded

_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_BLOCK = re.compile(
    r"<(?:/?(?:p|div|br|li|ul|ol|tr|table|h[1-6]|blockquote|pre|hr|section|article|title|option))\b[^>]*>",
    re.IGNORECASE,
)
_CELL = re.compile(r"</?(?:td|th)\b[^>]*>", re.IGNORECASE)
_DROPPED = ("script", "style", "template")
DEEP = 2_000
"""Levels of nesting beyond which tags are cut by pattern; a parser would need a stack for them."""


def text_of(source: str) -> str:
    """The text of an HTML document: blocks on lines of their own, cells parted by tabs, words inside whole."""
    marked = _CELL.sub("\t", _BLOCK.sub(lambda m: _line(m[0]), source))
    if source.count("<") > 200_000:
        return entities.unescape(re.sub(r"<[^>]*>", "", marked))
    tree = LexborHTMLParser(marked)
    for name in _DROPPED:
        for node in tree.css(name):
            node.decompose()
    root = tree.root
    return root.text(deep=True, separator="") if root is not None else ""


def _line(tag: str) -> str:
    """A block tag becomes a line end; quoted text of a reply keeps its mark."""
    return "\n" + tag + "\n" if tag[1:11].lower() == "blockquote" else "\n"


def read(content: bytes, charset: str = "") -> str:
    """The text of an HTML file; the charset of the document wins over the label when both are there."""
    return text_of(source(content, charset))


def source(content: bytes, charset: str = "") -> str:
    """The page itself, decoded."""
    if not charset and (match := _META.search(content[:4096])):
        charset = match[1].decode("ascii")
    return decoded(content, charset)
