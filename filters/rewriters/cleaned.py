"""IN-TEXT: a mail's HTML, cleaned, and read again before anybody gets it.

    clean = Cleaned(document, links="defang")
    clean.document(banner) -> str        clean.page.lost: whether something was left out

What filters.rewriters.written_page writes is read by the same tree builder, and written again until nothing
changes: so a browser finds in it the tree that we meant, and the banner first.

Diagnostics: RewriteError for HTML beyond written_page.LONGEST, for HTML that reads differently each time, and when a banner
would not be seen first.
"""

from collections.abc import Mapping

import msgspec

from filters.markup.dom import Document, TooCostly, Walker
from filters.rewriters.placing import stands_first
from filters.rewriters.written_page import LONGEST, NEUTRAL, VOID, Cleaner, WrittenPage, escaped, quoted
from mail.compose import RewriteError

COSTLY = "the HTML costs too much to be rewritten"
READINGS = 4
"""How often our own output is read before we give up; nearly always once is enough."""
_SPELT = (
    ("\r\n", "\n"),
    ("<!DOCTYPE html>\n", "<!DOCTYPE html>"),
    ("&#x27;", "'"),
    ("&#13;", "\r"),
    ("\xa0", "&nbsp;"),
)
"""What we write, and what lexbor does for it."""
_LAST = "</body></html>\n"
"""Behind it, only the blank at its end is read, as the last one of the body."""


class Cleaned:
    """HTML without everything that acts, fetches or hides; `links` "defang" or "keep". Raises RewriteError, as all of it does.

    Nothing leaves it that was not read again.
    """

    def __init__(self, html: str | Document, links: str = "defang") -> None:
        if len(html if isinstance(html, str) else html.html) > LONGEST:
            raise RewriteError("the HTML is too long to be rewritten")
        self._defang = links == "defang"
        try:
            self._page = Cleaner(_document(html), self._defang).cleaned()
        except TooCostly as error:
            raise RewriteError(COSTLY) from error
        self._is_settled = False

    @property
    def page(self) -> WrittenPage:
        """What is written, once reading it again finds nothing else."""
        if not self._is_settled:
            try:
                self._page = self._settled()
            except TooCostly as error:
                raise RewriteError(COSTLY) from error
            self._is_settled = True
        return self._page

    def document(self, banner: str = "") -> str:
        """The whole document with `banner`, an element in HTML, as the first thing that anybody sees."""
        try:
            made = self._page.document(banner)
            if _is_read_as_meant(self._page, made, banner):
                self._is_settled = True
                return made
            made = self.page.document(banner)
            if banner and not stands_first(made, banner):
                raise RewriteError("the warning would not be seen first")
        except TooCostly as error:
            raise RewriteError(COSTLY) from error
        return made

    def _settled(self) -> WrittenPage:
        page = self._page
        for _ in range(READINGS):
            again = Document(page.document())
            if _Written().of(again) == (page.attributes, page.styles, page.body.strip()):
                return page
            new = Cleaner(again, self._defang).cleaned()
            page = msgspec.structs.replace(new, lost=page.lost or new.lost, fits=page.fits)
        raise RewriteError("the HTML is another one each time that it is read")


def _document(html: str | Document) -> Document:
    return Document(html) if isinstance(html, str) else html


def _is_read_as_meant(page: WrittenPage, made: str, banner: str) -> bool:
    """True when the tree of `made`, written by lexbor, is what we wrote: then it is the tree that we meant, and the
    banner is first in it, as no "<" is in there but those of our own tags, and none of these holds raw text. False
    when it is not, or when lexbor only writes it in another way.
    """
    body = Document(banner).body if banner else None
    expected = page.document((body.inner_html or "") if body is not None else "")
    for ours, theirs in _SPELT:
        expected = expected.replace(ours, theirs)
    return Document(made).written == expected.removesuffix(_LAST) + "\n" + _LAST.rstrip()


class _Written(Walker):
    """A tree of ours written again as it is."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.styles = self.attributes = ""
        self.sheet = False

    def of(self, document: Document) -> tuple[str, str, str]:
        """(attributes of the body, style sheets, content of the body)"""
        self.walk(document)
        return self.attributes, self.styles, "".join(self.out).strip()

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        written = "".join([f' {name}="{quoted(value)}"' for name, value in attributes.items()])
        if tag == "body":
            self.attributes = written
        elif tag == "style":
            self.sheet = True
        elif tag not in NEUTRAL:
            self.out.append(f"<{tag}{written}>\n" if tag == "pre" else f"<{tag}{written}>")
        return True

    def end(self, tag: str) -> None:
        if tag == "style":
            self.sheet = False
        elif tag not in NEUTRAL and tag not in VOID:
            self.out.append(f"</{tag}>")

    def text(self, data: str) -> None:
        if self.sheet:
            self.styles += data
        else:
            self.out.append(escaped(data))

    def comment(self, data: str) -> None:
        self.out.append("<!---->")  # of which we write none
