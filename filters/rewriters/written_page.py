"""IN-TEXT: a mail's HTML rewritten from an allow-list of elements and attributes; nothing in it can act or fetch.

It is written from the tree that the rules read (filters.markup), and we write everything: tags in one
spelling, values quoted, text escaped.

    page = Cleaner(Document(html), defang=True).cleaned()
    page.document(banner) -> str          page.lost: whether something was left out

Who sends it reads it again first (filters.rewriters.cleaned).
"""

import re
from collections.abc import Mapping
from html import escape, unescape

import msgspec

from filters.lures.links import host_of
from filters.markup.dom import Document, Walker, conditional
from filters.markup.page import acts, read
from filters.rewriters.defang import defanged
from filters.rewriters.styles import declarations, sheet, words

LONGEST = 6_000_000
"""Characters of HTML that are rewritten; mails with longer HTML are held."""
SHOWN = 100
"""Characters of an address shown after a link."""
ELEMENTS = words(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn dir "
    "div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark menu nav ol "
    "p pre q rp rt ruby s samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u "
    "ul var wbr"
)
VOID = frozenset({"br", "col", "hr", "img", "wbr"})
NEUTRAL = frozenset({"html", "head", "body", "title", "meta", "style", "xml", "noscript"})
"""Elements whose tags are not written, though nothing is lost with them."""
_WITHOUT = words("embed frame iframe noembed noframes script template title")
"""Elements whose content is not written either."""
_PRE = words("listing plaintext xmp")
"""Old names of `pre`."""
ATTRIBUTES = words(
    "align alt bgcolor border cellpadding cellspacing class color colspan dir face height hspace id lang nowrap "
    "reversed role rowspan scope size span start style summary text title type valign value vspace width"
)
_PICTURE = re.compile(r"(?i)cid:|data:image/(?:png|gif|jpe?g|webp|bmp);base64,[a-z0-9+/=\s]*\Z")
_SPECIAL = re.compile(r"[&<>\"'\r]")
_BLANK = re.compile(r"[\x00-\x20]+")
_TAG = re.compile(r"<[^>]*>?")
_SCHEME = re.compile(r"(?i)^\s*(?:h(?:xx|tt)ps?://|mailto:|tel:)?")
_MAIL = re.compile(r"(?i)^(?:mailto|tel):([^?]*).*", re.DOTALL)
_PLAINLY = re.compile(r"http(s?://)([a-z0-9.-]+)((?:[/?#][!-\-/-9;-~]*)?)")
"""An address as nearly everybody writes it; in what comes behind the host, no other one can be."""
_LINK = re.compile(r"(?i)https?:|mailto:|tel:")
_END = "/" + "".join(filter(str.isspace, map(chr, range(0x3001))))


class WrittenPage(msgspec.Struct, frozen=True):
    """Cleaned HTML in pieces: attributes of its body, style sheets, content of the body. `fits`: it was made
    for narrow screens, too."""

    attributes: str
    styles: str
    body: str
    lost: bool
    fits: bool = False

    def document(self, banner: str = "") -> str:
        """The whole document with `banner` as the first thing in its body."""
        styles = f"<style>{self.styles}</style>" if self.styles else ""
        view = '<meta name="viewport" content="width=device-width">' if self.fits else ""
        head = f'<html><head><meta charset="utf-8">{view}{styles}</head>'
        return f"<!DOCTYPE html>\r\n{head}\r\n<body{self.attributes}>\r\n{banner}{self.body}\r\n</body></html>\r\n"


class Cleaner(Walker):
    """Writes what may stay of a document; `defang`: so that its links cannot be clicked. Raises TooCostly."""

    def __init__(self, document: Document, defang: bool) -> None:
        self.source = document
        self.defang = defang
        self.out: list[str] = []
        self.lost = self.fits = self.outlook = False
        self.body: str | None = None
        self.styles: list[str] = []
        self.sheet = False  # inside a style element
        self.declarations: dict[str, str] = {}  # by style attribute: pages have few different ones
        self.written: dict[tuple[tuple[str, str], ...], str] = {}  # by all attributes of an element, likewise
        self.ends: list[str] = []  # what to write where each open element ends
        self.anchors: list[tuple[str, int]] = []  # where each open link leads, and where it began in `out`

    def cleaned(self) -> WrittenPage:
        """The page; what conditional comments hold is left out."""
        self.walk(self.source)
        lost = self.lost or (self.outlook and bool(read(self.source).only_outlook))
        return WrittenPage(self.body or "", "".join(self.styles), "".join(self.out), lost, self.fits)

    def text(self, data: str) -> None:
        if self.sheet:
            self.styles.append(sheet(data))
            return
        if self.defang and len(data) > 3:
            data = defanged(data)
        self.out.append(escaped(data))

    def comment(self, data: str) -> None:
        self.outlook = self.outlook or bool(conditional(data))

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if attributes and not self.lost:
            self.lost = acts(attributes)
        if tag in ("a", "img", "style", "meta", "body"):
            return self._special(tag, attributes)
        end = ""
        if tag in _PRE:
            tag = "pre"
        if tag in ELEMENTS:
            self.out.append(f"<{tag}{self._written(attributes)}>")
            end = f"</{tag}>" if tag not in VOID else ""
            if tag == "pre":
                self.out.append("\n")  # which a browser strips
        elif tag not in NEUTRAL and not tag.startswith(("o:", "v:", "w:", "st1:")):
            self.lost = True
        if tag in _WITHOUT:
            return False
        self.ends.append(end)
        return True

    def end(self, tag: str) -> None:
        if end := self.ends.pop():
            self.out.append(end)
        if tag == "a":
            self._close()
        elif tag == "style":
            self.sheet = False

    def _special(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """An element for which something other than its tag is written."""
        self.ends.append("")
        match tag:
            case "a":
                self._anchor(attributes)
            case "img":
                self._picture(attributes)
            case "style":
                self.sheet = True
            case "meta":
                self.fits |= attributes.get("name", "").strip().lower() == "viewport"
                self.lost |= attributes.get("http-equiv", "").strip().lower() == "refresh"
            case "body" if self.body is None:
                self.body = self._written(attributes)
        return True

    def _written(self, attributes: Mapping[str, str]) -> str:
        """The attributes that stay, as written into a tag."""
        if not attributes:
            return ""
        key = tuple(attributes.items())
        if key not in self.written:
            self.written[key] = self._rewritten(attributes)
        return self.written[key]

    def _rewritten(self, attributes: Mapping[str, str]) -> str:
        out = []
        for name, value in attributes.items():
            if name == "background":
                self.lost = True
            if name not in ATTRIBUTES or len(value) > 2_000:
                continue
            if name == "style":
                known = self.declarations.get(value)
                if known is None:
                    known = self.declarations[value] = declarations(value)
                value = known
            elif name in ("title", "alt", "summary") and self.defang:
                value = defanged(value)
            out.append(f' {name}="{quoted(value)}"')
        return "".join(out)

    def _picture(self, attributes: Mapping[str, str]) -> None:
        source = attributes.get("src", "")
        source = _BLANK.sub("", source[:10]) + source[10:]
        if _PICTURE.match(source):
            self.out.append(f'<img src="{quoted(source)}"{self._written(attributes)}>')
            return
        small = {attributes.get("width", ""), attributes.get("height", "")} & {"0", "1"}
        self.lost = self.lost or not small
        if alt := " ".join(attributes.get("alt", "").split())[:200]:
            self.text(f"[{alt}]")

    def _anchor(self, attributes: Mapping[str, str]) -> None:
        href = attributes.get("href") or attributes.get("xlink:href", "")
        target = _BLANK.sub("", href[:50]) + href[50:].strip()
        self.anchors.append(("", 0))
        if not target or target.startswith("#"):
            return
        known = bool(_LINK.match(target)) or (
            not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", target) and bool(host_of(target))
        )
        if not known:
            self.lost = True
            return
        if self.defang:
            self.out.append("<u>")
            self.ends[-1] = "</u>"
            self.anchors[-1] = target, len(self.out)
        elif _LINK.match(target):
            self.out.append(
                f'<a href="{quoted(target)}" rel="noopener noreferrer"{self._written(attributes)}>'
            )
            self.ends[-1] = "</a>"

    def _close(self) -> None:
        """The words of a link are followed by where it leads."""
        target, first = self.anchors.pop()
        if not target:
            return
        said = "".join(self.out[first : first + 200])[:4_000]
        shown = address(target)
        self.lost = self.lost or shown.endswith("…")
        if ("." not in said and "[.]" in shown) or bare(unescape(_TAG.sub("", said))) != bare(shown):
            self.out.append(f" {escape('<' + shown + '>', quote=False)} ")


def escaped(text: str) -> str:
    """Text as it stands between tags."""
    return escape(text, quote=False).replace("\r", "&#13;") if _SPECIAL.search(text) else text


def quoted(value: str) -> str:
    """The value of an attribute, as it stands between double quotes."""
    return escape(value).replace("\r", "&#13;") if _SPECIAL.search(value) else value


def address(target: str) -> str:
    """Where a link leads, as people read it: defanged, without mailto: and tel:, not too long."""
    if plainly := _PLAINLY.fullmatch(target):
        text = f"hxxp{plainly[1]}{plainly[2].replace('.', '[.]')}{plainly[3]}"
    else:
        text = defanged(" ".join(_MAIL.sub(r"\1", target).split()))
    text = text if text.isprintable() else "".join(c for c in text if c.isprintable())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def bare(text: str) -> str:
    """An address without its scheme and its last slash, for comparing."""
    return _SCHEME.sub("", text).rstrip(_END).replace("[.]", ".").lower()
