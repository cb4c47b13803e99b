"""What a person sees of a page: its text, where its links lead and what they say, and what it does besides.

    page = read(Document(html), part)

What only Outlook shows (`<!--[if mso]>`) is another reading of the same page, and so is a page in a frame (`srcdoc`): its
words are in `outlook`, its links among the others. The text is what a browser renders when no style hides anything; what a designer hides
(the preview line of a newsletter) is part of it, what hides in the middle of words is not.
"""

import re
from collections.abc import Mapping
from urllib.parse import urljoin

import msgspec

from filters.lures.links import MAX_LINKS, Link, final_host
from filters.markup.dom import Document, Walker, conditional

MAX_CUTS = 50
DEPTH = 3
"""Nested conditional comments and frames that are read."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKS = _words(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr legend li listing main nav ol optgroup option p plaintext pre section "
    "summary table tbody td text tfoot th thead tr ul xmp"
)
UNSEEN = _words("datalist iframe noembed noframes rp script style template title")
"""Elements whose text no browser shows (HTML §15.3.1)."""
_INLINE = _words("span font b i em strong small big u s sub sup bdo label o:p")
VANISHED = re.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:!|;|$)|"
    r"font-size\s*:\s*(?:0(?:\.0*)?(?:px|pt|r?em|%)?|0?\.\d+p[xt]|1px)\s*(?:!|;|$)"
)
"""Styles with which nobody sees an element."""
_DARK = re.compile(
    r"(?i)\bbackground(?:-color|-image)?\s*+[:=]\s*+(?![\"']?\s*+(?:#fff|#f[0-9a-f]f[0-9a-f]f|white|none|transparent|inherit|[\"';]))|"
    r"\bbgcolor\s*+=\s*+(?![\"']?\s*+(?:#?fff|white))"
)
_WHITE = re.compile(r"(?i)#fff(?:fff)?|white|#fefefe")
_PALE = re.compile(
    r"(?i)(?:^|[;\s])color\s*:\s*(?:#fff(?:fff)?\b|white\b|#fefefe\b|rgb\(\s*255\s*,\s*255\s*,\s*255)"
)
_SECRET_NAME = re.compile(
    r"(?i)(?:[a-z]{1,12}[-_])?(?:pass(?:word|wd|wort|code|phrase)?|pwd?|contrasena|senha)\d{0,2}"
)
_SECRET_HINT = re.compile(
    r"(?i)pass(?:word|code|wort)|パスワード|暗証番号|mot de passe|contraseña|senha|wachtwoord|密码|密碼|비밀번호"
)
_REFRESH = re.compile(r"(?i)url\s*=\s*['\"]?([^'\"\s>]+)")
_BLANKS = re.compile(r"\s+")
_BLOCK, _IN_LINE, _ADDRESSED, _SPECIAL = 1, 2, 4, 8
_TRAITS: dict[str, int] = {}
for _trait, _tags in (
    (_BLOCK, BLOCKS),
    (_IN_LINE, _INLINE),
    (_ADDRESSED, _words("area form input button meta")),
    (_SPECIAL, _words("a img image form iframe script template textarea")),
):
    for _tag in _tags:
        _TRAITS[_tag] = _TRAITS.get(_tag, 0) | _trait
_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*:")


class HtmlPage(msgspec.Struct, frozen=True):
    """What a person sees of an HTML text, its links, and what it does besides being read.

    `cuts` are pieces that nobody sees in the middle of words; `text` is without them. `outlook` are the lines
    that Outlook shows and nobody else, `only_outlook` counts them and the links that nobody else is shown.
    `passwords`: it has a field for one, `forms` any form. `more_links`: there are more than MAX_LINKS, the same ones not counted.
    """

    text: str
    links: tuple[Link, ...]
    images: int = 0
    scripts: bool = False
    forms: bool = False
    passwords: bool = False
    refresh: bool = False
    cuts: tuple[str, ...] = ()
    outlook: str = ""
    only_outlook: int = 0
    more_links: bool = False


def _asks_password(attributes: Mapping[str, str]) -> bool:
    """True for an input that hides what is typed, or whose name or hint says that it wants a password."""
    kind = attributes.get("type", "text").strip().lower()
    if kind == "password" or "text-security" in attributes.get("style", "")[:500].lower():
        return True
    return kind in ("text", "", "email", "tel", "number") and bool(
        _SECRET_NAME.fullmatch(attributes.get("name", "").strip()[:40])
        or _SECRET_HINT.search(attributes.get("placeholder", "")[:100])
    )


def acts(attributes: Mapping[str, str]) -> bool:
    """True when one of the attributes of an element is a script (onclick)."""
    return " on" in f" {' '.join(attributes)}"


def read(document: Document, part: str = "", depth: int = 0) -> HtmlPage:
    """The page of a document. Raises TooCostly for what a conditional comment holds."""
    return _Reader(document, part, depth).page()


def read_html(html: str, part: str = "") -> HtmlPage:
    """The page of an HTML text. Raises TooCostly."""
    return read(Document(html), part)


def tidy(pieces: list[str]) -> str:
    """The text of pieces as people compare it: single blanks, single line ends, nothing around it."""
    text = re.sub(r"[ \t\r\f\v\u00a0]+", " ", "".join(pieces))
    return re.sub(r"\n[ \n]*", "\n", text).strip()


class _Reader(Walker):
    def __init__(self, document: Document, part: str, depth: int) -> None:
        self.document, self.part, self.depth = document, part, depth
        self.out: list[str] = []
        self.links: list[Link] = []
        self.images = 0
        self.scripts = self.forms = self.passwords = self.refresh = False
        self.anchors: list[tuple[str, int]] = []  # target and index in `out` of the links being read
        self.linked: set[tuple[str, str]] = set()
        self.more_links = False
        self.cuts: list[str] = []
        self.hiding: tuple[str, int] | None = (
            None  # an element in a word, and the index in `out` of what it hides
        )
        self.hiding_depth = 0
        self.behind = -1  # index in `out` of an unseen piece that has just ended
        self.dark: bool | None = None
        self.unseen = UNSEEN | {"xml"} if depth else UNSEEN  # for Outlook: the settings that Office writes
        self.within = 0  # how many of these are open
        self.conditional: list[HtmlPage] = []

    def page(self) -> HtmlPage:
        self.walk(self.document)
        text = tidy(self.out)
        self._resolve()
        links, words, more = list(self.links), [], self.more_links
        for each in self.conditional:
            known = {link.target for link in links}
            new = [link for link in each.links if link.target not in known]
            more = more or each.more_links or len(links) + len(new) > MAX_LINKS
            links += new[: MAX_LINKS - len(links)]
            words += [line for line in f"{each.text}\n{each.outlook}".split("\n") if line not in text]
        seen = self.conditional
        return HtmlPage(
            text,
            tuple(links),
            self.images + sum(each.images for each in seen),
            self.scripts or any(each.scripts for each in seen),
            self.forms or any(each.forms for each in seen),
            self.passwords or any(each.passwords for each in seen),
            self.refresh or any(each.refresh for each in seen),
            tuple(self.cuts),
            "\n".join(dict.fromkeys(words)),
            len(links) - len(self.links) + len(words),
            more,
        )

    def text(self, data: str) -> None:
        if self.within:
            return
        if self.behind >= 0:
            if data[:1].isalpha() and (unseen := "".join(self.out[self.behind :]).strip()):
                del self.out[self.behind :]
                if len(self.cuts) < MAX_CUTS:
                    self.cuts.append(unseen[:40])
            self.behind = -1
        self.out.append(data)

    def comment(self, data: str) -> None:
        if self.depth < DEPTH and (html := conditional(data)):
            self.conditional.append(read(Document(html), self.part, self.depth + 1))

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        traits = _TRAITS.get(tag, 0)
        if traits & _BLOCK:
            self.hiding, self.behind = None, -1
            self.out.append("\n")
        if attributes:
            self.scripts = self.scripts or acts(attributes)
            if traits & _ADDRESSED or tag[:2] == "v:":
                self._attributes(tag, attributes)
        if self.hiding:
            self.hiding_depth += tag == self.hiding[0]
        elif traits & _IN_LINE and ("style" in attributes or "color" in attributes):
            self._styled(tag, attributes)
        if not traits & _SPECIAL:
            if tag in self.unseen:
                self.within += 1
            return True
        match tag:
            case "a":
                self.anchors.append(
                    (attributes.get("href") or attributes.get("xlink:href", ""), len(self.out))
                )
            case "img" | "image":
                self.images += 1
            case "form":
                self.forms = True
            case "script":
                self.scripts = True
            case "template" if "shadowrootmode" not in attributes:
                return False
            case "iframe" if self.depth < DEPTH and (inner := attributes.get("srcdoc")):
                self.conditional.append(read(Document(inner), self.part, self.depth + 1))
            case "textarea" if "hidden" in attributes or VANISHED.search(attributes.get("style", "")[:500]):
                return False  # all the rest of a page may stand in there
        self.within += tag in self.unseen
        return True

    def _attributes(self, tag: str, attributes: Mapping[str, str]) -> None:
        """What attributes make of an element: forms, links that are not `a`."""
        match tag:
            case "area":
                self._link(attributes.get("href", ""), "", "a")
            case "form":
                self._link(attributes.get("action", ""), "", "form")
            case "input" | "button":
                if _asks_password(attributes):
                    self.forms = self.passwords = True
                self._link(attributes.get("formaction", ""), "", "form")
            case "meta" if attributes.get("http-equiv", "").strip().lower() == "refresh":
                self.refresh = True
                if target := _REFRESH.search(attributes.get("content", "")):
                    self._link(target[1], "", "a")
            case _ if tag.startswith("v:"):
                self._link(attributes.get("href", ""), "", "a")

    def end(self, tag: str) -> None:
        if tag == "a":
            target, first = self.anchors.pop()
            shown = "".join(self.out[first : first + 200])[:2000]
            self._link(target, _BLANKS.sub(" ", shown).strip()[:400], "a")
        elif tag in BLOCKS:
            self.hiding, self.behind = None, -1
            self.out.append("\n")
        elif tag in self.unseen:
            self.within -= 1
        elif self.hiding and tag == self.hiding[0]:
            self.hiding_depth -= 1
            if not self.hiding_depth:
                self.behind, self.hiding = self.hiding[1], None

    def _styled(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begins a piece that nobody sees if a word comes right before it: `Pass<span
        style="font-size:0">x7</span>word`.

        Only inside words: what is hidden elsewhere (the preview line of a newsletter) stays a part of the
        text.
        """
        before = self.out[-1][-1:] if self.out else ""
        if not before.isalpha():
            return
        style, colour = attributes.get("style", "")[:500], attributes.get("color", "").strip()
        if VANISHED.search(style) or (
            (_WHITE.fullmatch(colour) or _PALE.search(style)) and not self._is_dark()
        ):
            self.hiding, self.hiding_depth = (tag, len(self.out)), 1

    def _is_dark(self) -> bool:
        """True when something on the page has a background that is not white: white letters are visible there."""
        if self.dark is None:
            self.dark = bool(_DARK.search(self.document.html))
        return self.dark

    def _link(self, target: str, shown: str, kind: str) -> None:
        target = target.strip()[:2000]
        if target and len(self.links) < MAX_LINKS:
            self.linked.add((target, shown))
            self.links.append(Link(target, final_host(target), shown, kind, self.part))
        elif target and (target, shown) not in self.linked:
            self.more_links = True

    def _resolve(self) -> None:
        """Relative links lead to where the page's base is (HTML §4.2.3)."""
        base = self.document.base
        if not _SCHEME.match(base):
            return
        for number, link in enumerate(self.links):
            if not link.host and not _SCHEME.match(link.target) and link.target[:1] != "#":
                try:
                    target = urljoin(base, link.target)[:2000]
                except ValueError:
                    continue
                self.links[number] = msgspec.structs.replace(link, target=target, host=final_host(target))
