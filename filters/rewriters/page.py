"""IN-TEXT: the HTML of a mail written anew from named elements and attributes; nothing in it can act or fetch.

The tokens are read as links and text are for the rules (filters.lures.links), and everything is written by us: tags in
one spelling, values quoted, text escaped. So there is nothing left that a browser could read in another way.

    page = cleaned(html, links="defang")
    page.document(banner) -> str          page.lost: whether something was left out

Diagnostics: RewriteError for HTML beyond LONGEST.
"""

import re
from html import escape, unescape

import msgspec

from filters.lures.links import Reader, host_of
from filters.rewriters.defang import defanged
from filters.rewriters.styles import declarations, sheet, words
from mail.compose import RewriteError

LONGEST = 6_000_000
"""Characters of HTML that are written anew; longer ones are held."""
SHOWN = 100
"""Characters of an address that are shown behind a link."""

ELEMENTS = words(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn dir "
    "div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark menu nav ol "
    "p pre q rp rt ruby s samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u "
    "ul var wbr"
)
_VOID = frozenset({"br", "col", "hr", "img", "wbr"})
_NEUTRAL = frozenset({"html", "head", "body", "title", "meta", "style"})
"""Elements whose tags are not written, but nothing is lost with them."""
ATTRIBUTES = words(
    "align alt bgcolor border cellpadding cellspacing class color colspan dir face height hspace id lang nowrap "
    "reversed role rowspan scope size span start style summary text title type valign value vspace width"
)
_PICTURE = re.compile(r"(?i)cid:|data:image/(?:png|gif|jpe?g|webp|bmp);base64,[a-z0-9+/=\s]*\Z")
_LINK = re.compile(r"(?i)https?:|mailto:|tel:")


class Page(msgspec.Struct, frozen=True):
    """Cleaned HTML in pieces: attributes of its body, style sheets, what stands in the body. `fits`: it was made for
    narrow screens, too."""

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


def cleaned(html: str, links: str = "defang") -> Page:
    """`html` without everything that acts, fetches or hides; `links` "defang" or "keep". Raises RewriteError."""
    if len(html) > LONGEST:
        raise RewriteError("the HTML is too long to be written anew")
    return _Cleaner(html.replace("\x00", ""), links == "defang").cleaned()


class _Cleaner(Reader):
    def __init__(self, html: str, defang: bool) -> None:
        super().__init__(html, "")
        self.defang = defang
        self.lost = self.fits = False
        self.body: str | None = None
        self.styles: list[str] = []
        self.anchor: tuple[str, int] | None = None  # where the open link leads, and where it began in `out`

    def cleaned(self) -> Page:
        self.walk()
        return Page(self.body or "", "".join(self.styles), "".join(self.out), self.lost, self.fits)

    def _text(self, piece: str) -> None:
        text = unescape(piece) if "&" in piece else piece
        if self.defang and len(text) > 3:
            text = defanged(text)
        self.out.append(escape(text, quote=False))

    def _markup(self, start: int) -> int:
        end = super()._markup(start)
        if self.html[start + 1 : start + 6].lower() == "style":
            css = sheet(self.html[start:end].partition(">")[2])
            self.styles.append(css)
        return end

    def _start(self, tag: str, attributes: dict[str, str], offset: int) -> None:
        if any(name.startswith("on") for name in attributes):
            self.lost = True
        if tag == "body" and self.body is None:
            self.body = self._written(attributes)
        if tag == "meta":
            self.fits |= attributes.get("name", "").strip().lower() == "viewport"
            self.lost |= attributes.get("http-equiv", "").strip().lower() == "refresh"
        elif tag == "img":
            self._picture(attributes)
        elif tag == "a":
            self._close()
            self._anchor(attributes)
        elif tag in ELEMENTS:
            self.out.append(f"<{tag}{self._written(attributes)}>")
        elif tag not in _NEUTRAL:
            self.lost = self.lost or not tag.startswith(("o:", "v:", "w:", "st1:"))

    def _end(self, tag: str) -> None:
        if tag == "a":
            self._close()
        elif tag in ELEMENTS and tag not in _VOID:
            self.out.append(f"</{tag}>")
        elif tag == "p":
            self.out.append("<br>")

    def _written(self, attributes: dict[str, str]) -> str:
        """The attributes that stay, as they are written into a tag."""
        out = []
        for name, value in attributes.items():
            if name == "background":
                self.lost = True
            if name not in ATTRIBUTES or len(value) > 2_000:
                continue
            if name == "style":
                value = declarations(value)
            elif name in ("title", "alt", "summary") and self.defang:
                value = defanged(value)
            out.append(f' {name}="{escape(value)}"')
        return "".join(out)

    def _picture(self, attributes: dict[str, str]) -> None:
        source = re.sub(r"[\x00-\x20]+", "", attributes.get("src", "")[:10]) + attributes.get("src", "")[10:]
        if _PICTURE.match(source):
            self.out.append(f'<img src="{escape(source)}"{self._written(attributes)}>')
            return
        small = {attributes.get("width", ""), attributes.get("height", "")} & {"0", "1"}
        self.lost = self.lost or not small
        if alt := " ".join(attributes.get("alt", "").split())[:200]:
            self._text(f"[{alt}]")

    def _anchor(self, attributes: dict[str, str]) -> None:
        target = (
            re.sub(r"[\x00-\x20]+", "", attributes.get("href", "")[:50])
            + attributes.get("href", "")[50:].strip()
        )
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
        elif _LINK.match(target):
            self.out.append(
                f'<a href="{escape(target)}" rel="noopener noreferrer"{self._written(attributes)}>'
            )
        else:
            return
        self.anchor = target, len(self.out)

    def _close(self) -> None:
        """Ends the open link; behind its words stands where it leads."""
        if self.anchor is None:
            return
        target, first = self.anchor
        self.anchor = None
        if not self.defang:
            self.out.append("</a>")
            return
        self.out.append("</u>")
        said = unescape(re.sub(r"<[^>]*>", "", "".join(self.out[first : first + 200])[:4_000]))
        shown = address(target)
        self.lost = self.lost or shown.endswith("…")
        if bare(said) != bare(shown):
            self.out.append(f" {escape('<' + shown + '>', quote=False)} ")


def address(target: str) -> str:
    """Where a link leads, as people read it: defanged, without the scheme of mail and telephone, not too long."""
    text = re.sub(r"(?i)^(?:mailto|tel):([^?]*).*", r"\1", target, flags=re.DOTALL)
    text = "".join(c for c in defanged(" ".join(text.split())) if c.isprintable())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def bare(text: str) -> str:
    """An address without its scheme and its last slash, for comparing."""
    return re.sub(r"(?i)^\s*(?:h(?:xx|tt)ps?://|mailto:|tel:)?|[\s/]+$", "", text).replace("[.]", ".").lower()
