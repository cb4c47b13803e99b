"""Links as a mail shows them: where they lead, what is written on them, and where they stand.

HTML is read token by token as browsers do it (WHATWG HTML §13.2.5) from text that we decoded ourselves: no tree is
built, so that the time stays linear in the size whatever is nested in what. The same pass gives the words that
a person sees.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote, urlsplit

import msgspec

from filters.lures.redirects import sent_on

MAX_LINKS = 300
MAX_HTML = 1_000_000
MAX_CUTS = 50

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
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
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_RAW = frozenset(["script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp"])
_BLANK = re.compile(r"[\s/]*")
_EQUALS = re.compile(r"\s*=\s*")
_NAME = re.compile(r"[^\s/>=]+|=[^\s/>=]*")
_VALUE = re.compile(r"[^\s>]*")
_TAG = re.compile(r"[a-zA-Z][^\s/>]*")
_VANISHED = re.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:!|;|$)|"
    r"font-size\s*:\s*(?:0(?:\.0*)?(?:px|pt|r?em|%)?|0?\.\d+p[xt]|1px)\s*(?:!|;|$)"
)
_DARK = re.compile(
    r"(?i)\bbackground(?:-color|-image)?\s*+[:=]\s*+(?![\"']?\s*+(?:#fff|#f[0-9a-f]f[0-9a-f]f|white|none|transparent|inherit|[\"';]))|"
    r"\bbgcolor\s*+=\s*+(?![\"']?\s*+(?:#?fff|white))"
)
_WHITE = re.compile(r"(?i)#fff(?:fff)?|white|#fefefe")
_PALE = re.compile(
    r"(?i)(?:^|[;\s])color\s*:\s*(?:#fff(?:fff)?\b|white\b|#fefefe\b|rgb\(\s*255\s*,\s*255\s*,\s*255)"
)
_INLINE = frozenset(
    ["span", "font", "b", "i", "em", "strong", "small", "big", "u", "s", "sub", "sup", "bdo", "label", "o:p"]
)
_REFRESH = re.compile(r"(?i)url\s*=\s*['\"]?([^'\"\s>]+)")
_URL = re.compile(
    r"(?<![a-z0-9])(?:(?:https?|ftp)://|www\.(?=[a-z0-9]))(?:[\u3005-\u30ff\u3400-\u9fffa-z0-9-]{1,60}(?=\.[a-z]{2}))?"
    r"[!#-&(-;=?-~\u00c0-\u052f]+",
    re.IGNORECASE,
)
"""A bare address in a text. It ends where Japanese begins, except in the name of a host (an IDN)."""
_HOST = re.compile(
    r"(?i)(?:https?://)?(?:[^/@\s]*@)?((?:[a-z0-9\u0080-\U0010ffff_-]+\.)+[a-z\u0080-\U0010ffff][a-z0-9\u0080-\U0010ffff-]+)(?::\d+)?(?=[/?#\s]|$)"
)


class Link(msgspec.Struct, frozen=True):
    """One link. `shown` is its text ("" for a bare one in plain text, or an image); `kind` is "a", "form", "text".

    `host` is where it ends up: behind an open redirect of a well-known host, the host that is meant.
    """

    target: str
    host: str
    shown: str = ""
    kind: str = "a"
    part: str = ""
    offset: int = -1


class Page(msgspec.Struct, frozen=True):
    """What a person sees of an HTML text, its links, and what it does besides being read.

    `cuts` are pieces that nobody sees in the middle of words; `text` is without them.
    """

    text: str
    links: tuple[Link, ...]
    images: int = 0
    scripts: bool = False
    forms: bool = False
    refresh: bool = False
    cuts: tuple[str, ...] = ()


def host_of(url: str) -> str:
    """The host that a browser would go to, "" when there is none. User names, ports and escapes are left out."""
    url = re.sub(r"[\x00-\x20\u200b-\u200f\u2060\ufeff]+", "", url).replace("\\", "/")
    if url.lower().startswith("www."):
        url = "http://" + url
    if re.match(r"(?i)(https?|ftp):/*(?=[^/])", url):
        url = re.sub(r"(?i)^(https?|ftp):/*", r"\1://", url)
    if url.startswith("//"):
        url = "http:" + url
    try:
        host = urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""
    host = unquote(host)
    if len(host) > 300:
        return ""  # no name of a host is longer than 253 characters
    if host.startswith("["):
        return host.partition("]")[0][1:].lower()
    return host.partition(":")[0].strip(".").lower().replace("。", ".").replace("．", ".")


def final_host(url: str) -> str:
    """`host_of` the address that is meant: of that which an open redirect carries, when it is one."""
    return (host_of(meant) if (meant := sent_on(url)) else "") or host_of(url)


def host_shown(text: str) -> str:
    """The host that a link's text names when the text is an address of a page and little else, "" otherwise."""
    text = re.sub(r"[\u200b-\u200f\u2060\ufeff]+", "", text).strip(" \t\r\n　<>[]()（）「」▶→・:：")
    if not text or len(text) > 300 or ("@" in text.partition("/")[0] and "://" not in text):
        return ""
    found = _HOST.match(text)
    if not found or len(text.split()) > 2:
        return ""
    return found[1].lower()


def plain_links(text: str, part: str = "") -> Iterator[Link]:
    """The links that mail programs make out of a plain text."""
    if "://" not in text and "www." not in text.lower():
        return
    for number, found in enumerate(_URL.finditer(text)):
        if number == MAX_LINKS:
            return
        target = found[0].rstrip(".,;:!?)]}>…」』】）｡､")
        if host := final_host(target):
            yield Link(target[:2000], host, "", "text", part, found.start())


class Reader:
    """One pass over an HTML text, token by token; `page` is what it found. Subclasses write something else."""

    def __init__(self, html: str, part: str) -> None:
        self.html, self.part = html, part
        self.out: list[str] = []
        self.links: list[Link] = []
        self.images = 0
        self.scripts = self.forms = self.refresh = False
        self.open: tuple[str, int, int] | None = None  # href, offset, index in `out` of the link being read
        self.unclosed: set[str] = set()
        self.cuts: list[str] = []
        self.hiding: tuple[str, int] | None = (
            None  # an element in a word, and the index in `out` of what it hides
        )
        self.hiding_depth = 0
        self.behind = -1  # index in `out` of an unseen piece that has just ended
        self.dark: bool | None = None

    def walk(self) -> None:
        """Read all of it, token by token."""
        html, at, size = self.html, 0, len(self.html)
        while at < size:
            found = html.find("<", at)
            if found < 0:
                found = size
            if found > at:
                self._text(html[at:found])
            if found >= size:
                break
            at = self._markup(found)
        self._close()

    def page(self) -> Page:
        self.walk()
        text = re.sub(r"[ \t\r\f\v\u00a0]+", " ", "".join(self.out))
        text = re.sub(r"\n[ \n]*", "\n", text).strip()
        return Page(
            text, tuple(self.links), self.images, self.scripts, self.forms, self.refresh, tuple(self.cuts)
        )

    def _text(self, piece: str) -> None:
        if self.behind >= 0:
            if piece[:1].isalpha() and (unseen := "".join(self.out[self.behind :]).strip()):
                del self.out[self.behind :]
                if len(self.cuts) < MAX_CUTS:
                    self.cuts.append(unseen[:40])
            self.behind = -1
        self.out.append(unescape(piece) if "&" in piece else piece)

    def _markup(self, start: int) -> int:
        """Reads what begins with "<" at `start`; the offset behind it."""
        html = self.html
        if html.startswith("<!--", start):
            end = html.find("-->", start + 4)
            return len(html) if end < 0 else end + 3
        if html.startswith(("<!", "<?", "</"), start):
            end = html.find(">", start)
            if html.startswith("</", start):
                name = _TAG.match(html, start + 2)
                self._end(name[0].lower() if name else "")
            return len(html) if end < 0 else end + 1
        name = _TAG.match(html, start + 1)
        if not name:
            self._text("<")
            return start + 1
        tag = name[0].lower()
        attributes, at = self._attributes(name.end())
        self._start(tag, attributes, start)
        if tag in _RAW:
            closing = re.compile(f"</{tag}(?=[\\s/>])", re.IGNORECASE).search(html, at)
            return closing.start() if closing else len(html)
        return at

    def _attributes(self, at: int) -> tuple[dict[str, str], int]:
        html, size = self.html, len(self.html)
        found: dict[str, str] = {}
        while True:
            blank = _BLANK.match(html, at)
            at = blank.end() if blank else at
            if at >= size:
                return found, size
            if html[at] == ">":
                return found, at + 1
            name = _NAME.match(html, at)
            if not name:
                at += 1
                continue
            at, value = name.end(), ""
            if equals := _EQUALS.match(html, at):
                at = equals.end()
                quote = html[at : at + 1]
                end = html.find(quote, at + 1) if quote in ("'", '"') and quote not in self.unclosed else -1
                if end >= 0:
                    value, at = html[at + 1 : end], end + 1
                else:
                    if quote in ("'", '"'):
                        self.unclosed.add(quote)
                    bare = _VALUE.match(html, at)
                    value, at = (bare[0].lstrip("'\""), bare.end()) if bare else ("", at + 1)
            if len(found) < 50:
                found.setdefault(name[0].lower(), unescape(value))

    def _start(self, tag: str, attributes: dict[str, str], offset: int) -> None:
        if tag in _BLOCKS:
            self.hiding, self.behind = None, -1
            self.out.append("\n")
        if tag == "script" or any(name.startswith("on") for name in attributes):
            self.scripts = True
        if self.hiding:
            self.hiding_depth += tag == self.hiding[0]
        elif tag in _INLINE and ("style" in attributes or "color" in attributes):
            self._styled(tag, attributes)
        match tag:
            case "a":
                self._close()
                if attributes.get("href"):
                    self.open = attributes["href"], offset, len(self.out)
            case "area" if attributes.get("href"):
                self._link(attributes["href"], "", "a", offset)
            case "form":
                self.forms = True
                if attributes.get("action"):
                    self._link(attributes["action"], "", "form", offset)
            case "input" if attributes.get("type", "").lower() == "password":
                self.forms = True
            case "img":
                self.images += 1
            case "meta" if attributes.get("http-equiv", "").lower() == "refresh":
                self.refresh = True
                if target := _REFRESH.search(attributes.get("content", "")):
                    self._link(target[1], "", "a", offset)

    def _end(self, tag: str) -> None:
        if tag == "a":
            self._close()
        if tag in _BLOCKS:
            self.hiding, self.behind = None, -1
            self.out.append("\n")
        elif self.hiding and tag == self.hiding[0]:
            self.hiding_depth -= 1
            if not self.hiding_depth:
                self.behind, self.hiding = self.hiding[1], None

    def _styled(self, tag: str, attributes: dict[str, str]) -> None:
        """Begins a piece that nobody sees when a word stands right before it: `Pass<span style="font-size:0">x7</span>word`.

        Only inside words: what is hidden elsewhere (the preview line of a newsletter) stays a part of the text.
        """
        before = self.out[-1][-1:] if self.out else ""
        if not before.isalpha():
            return
        style, colour = attributes.get("style", "")[:500], attributes.get("color", "").strip()
        if _VANISHED.search(style) or (
            (_WHITE.fullmatch(colour) or _PALE.search(style)) and not self._is_dark()
        ):
            self.hiding, self.hiding_depth = (tag, len(self.out)), 1

    def _is_dark(self) -> bool:
        """True when something on the page has a ground that is not white: there white letters are seen."""
        if self.dark is None:
            self.dark = bool(_DARK.search(self.html))
        return self.dark

    def _close(self) -> None:
        """Ends the link being read: its text is what came since."""
        if self.open:
            target, offset, first = self.open
            self.open = None
            shown = re.sub(r"\s+", " ", "".join(self.out[first : first + 200])[:2000]).strip()
            self._link(target, shown[:400], "a", offset)

    def _link(self, target: str, shown: str, kind: str, offset: int) -> None:
        if len(self.links) < MAX_LINKS:
            target = target.strip()[:2000]
            self.links.append(Link(target, final_host(target), shown, kind, self.part, offset))


def read_html(html: str, part: str = "") -> Page:
    """The visible text, links and active parts of an HTML text. Never raises; reads at most MAX_HTML characters."""
    return Reader(html[:MAX_HTML].replace("\x00", ""), part).page()


_BEFORE_BODY = frozenset(["html", "head", "meta", "link", "title", "style", "script", "base", "noscript"])


def body_start(html: str) -> int:
    """The offset at which the visible body of an HTML text begins: behind `<body …>`, or where one is implied.

    Tags inside comments, scripts and titles are none: what is inserted here cannot be hidden in them.
    """
    reader = Reader(html, "")
    at = 0
    while at < len(html):
        found = html.find("<", at)
        if found < 0 or html[at:found].strip(" \t\r\n\f\ufeff\u00ff"):
            return at
        tag = _TAG.match(html, found + 1)
        name = tag[0].lower() if tag else ""
        if name == "body":
            return reader._markup(found)
        if (name and name not in _BEFORE_BODY) or (
            html[found + 1 : found + 2] not in ("!", "?", "/") and not name
        ):
            return found
        at = reader._markup(found)
    return len(html)
