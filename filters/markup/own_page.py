"""What the author of a page sees of their own words in it, and what stands there besides: attributes, comments, hidden text.

What a mail program quotes is left out: by the elements in which Gmail, Thunderbird, Apple Mail, Yahoo and Outlook put it.
"""

from collections.abc import Mapping

from filters.markup.dom import Document, Walker
from filters.markup.page import BLOCKS, UNSEEN, VANISHED

_QUOTES = (
    "gmail_quote",
    "yahoo_quoted",
    "moz-cite-prefix",
    "moz-forward-container",
    "protonmail_quote",
    "gmail_attr",
)
"""Classes of elements that hold a quoted mail, or the line above it."""
_BEHIND = frozenset(
    {
        "divrplyfwdmsg",
        "appendonsend",
        "mail-editor-reference-message-container",
        "ms-outlook-mobile-reference-message",
    }
)
"""Ids of elements from which on everything is quoted (Outlook on the web, on telephones and for Mac)."""
_RULED = ("border-top:solid#e1e1e11.0pt", "border-top:solid#b5c4df1.0pt", "border-top:solid#b5c4df1pt")
"""Styles of the block in which Outlook for Windows puts the header of a quoted mail: all below it is quoted."""
_LINES = ("-----original message-----", "-----元のメッセージ-----", "---------- forwarded message")


class OwnPage(Walker):
    """`seen` is the text, `unseen` everything else that is no quotation, piece by piece."""

    def __init__(self, document: Document) -> None:
        self._seen: list[str] = []
        self.unseen: list[str] = []
        self._hidden = 0  # elements that are open in what no browser shows
        self._behind = False
        self.walk(document)

    @property
    def seen(self) -> str:
        return "".join(self._seen)

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if self._behind or tag == "blockquote" or self._quotes(attributes):
            return False
        self.unseen += attributes.values()
        if (
            self._hidden
            or tag in UNSEEN
            or "hidden" in attributes
            or VANISHED.search(attributes.get("style", "")[:500])
        ):
            self._hidden += 1
        elif tag in BLOCKS:
            self._seen.append("\n")
        return True

    def _quotes(self, attributes: Mapping[str, str]) -> bool:
        if not attributes:
            return False
        if attributes.get("id", "")[:100].lower().removeprefix("x_") in _BEHIND:
            self._behind = True
        elif style := attributes.get("style", ""):
            plain = style[:500].lower().replace(" ", "")
            self._behind = any(each in plain for each in _RULED)
        classes = attributes.get("class", "")[:200]
        return self._behind or any(each in classes for each in _QUOTES)

    def end(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
        elif tag in BLOCKS:
            self._seen.append("\n")

    def text(self, data: str) -> None:
        if any(each in data[:200].lower() for each in _LINES):
            self._behind = True
        if not self._behind:
            (self.unseen if self._hidden else self._seen).append(data)

    def comment(self, data: str) -> None:
        if not self._behind:
            self.unseen.append(data)
