"""IN-TEXT: HTML as readable text: paragraphs, lists, table rows, and where each link leads.

    readable(html, links="defang") -> str    lines that end in LF

The words stay as they are; a link becomes `words <hxxps://host[.]example/…>`, a picture `[its text]`;
quotations are marked with "> ", cells of a row separated by " | ". What the HTML hides from its reader stays
hidden.

Diagnostics: RewriteError for HTML beyond written_page.LONGEST.
"""

import re
from collections.abc import Mapping

from filters.markup.dom import Document, TooCostly, Walker
from filters.markup.page import UNSEEN
from filters.rewriters.defang import defanged
from filters.rewriters.styles import words
from filters.rewriters.written_page import LONGEST, address, bare
from mail.compose import RewriteError

_HIDDEN = re.compile(r"(?i)(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)")
_SIZE = re.compile(r"(?i)(?:^|;)\s*font-size\s*:\s*(\d{1,9}(?:\.\d{1,9})?)")
_LINES = words(
    "address article aside center dd div dt footer form header main nav section tbody thead tfoot table caption figure figcaption option"
)
_PRE = words("listing plaintext pre xmp")
_PARAGRAPHS = words("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote") | _PRE
_SURROGATE = re.compile("[\ud800-\udfff]")
MOST_QUOTES = 20
_MARK, _END = "\x01", "\x02"
"""Surround pre-formatted text until blanks are tidied; the mail's own control characters are already gone."""


def readable(html: str, links: str = "defang") -> str:
    """The text of an HTML mail. Raises RewriteError."""
    if len(html) > LONGEST:
        raise RewriteError("the HTML is too long to be written as text")
    writer = _Writer(links == "defang", "&#" in html)
    try:
        writer.walk(Document(_CONTROLS.sub("", html)))
    except TooCostly as error:
        raise RewriteError("the HTML costs too much to be written as text") from error
    return _tidy("".join(writer.out))


_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class _Writer(Walker):
    def __init__(self, defang: bool, controls: bool) -> None:
        self.controls = controls  # from character references
        self.out: list[str] = []
        self.defang = defang
        self.lists: list[int] = []  # the next number of each open list, 0 for bullets
        self.quotes = 0
        self.cells = 0
        self.pre = 0
        self.ends = 2  # line ends written last
        self.small = [
            False
        ]  # whether letters have no size, in each open element: columns are often set that way
        self.anchors: list[tuple[str, int]] = []  # where each open link leads, and where it began in `out`

    def text(self, data: str) -> None:
        if self.small[-1]:
            return
        text = _CONTROLS.sub("", data) if self.controls else data
        if self.defang and len(text) > 3:
            text = defanged(text)
        if self.pre:
            text = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", _MARK)
        else:
            text = re.sub(r"[ \t\r\n\f]+", " ", text)
        self._say(text)

    def _say(self, text: str) -> None:
        if self.ends and not self.pre and text.isspace() and "\n" not in text:
            return
        self.ends = 0 if text.strip("\n") else self.ends
        self.ends += len(text) - len(text.rstrip("\n"))
        if self.quotes:
            text = text.replace("\n", "\n" + _END * min(self.quotes, MOST_QUOTES))
        self.out.append(text)

    def _line(self, gap: bool = False) -> None:
        """Starts a new line, with `gap` after an empty one."""
        while self.ends < (2 if gap else 1):
            self._say("\n")

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        style = attributes.get("style", "")[:2000]
        if tag in UNSEEN or "hidden" in attributes or _HIDDEN.search(style):
            return False
        size = _SIZE.findall(style)
        self.small.append(float(size[-1]) == 0 if size else self.small[-1])
        if tag in _PARAGRAPHS:
            self._line(gap=not self.lists)
        elif tag in _LINES:
            self._line()
        match tag:
            case "br":
                self._say("\n")
            case "hr":
                self._line()
                self._say("-" * 40 + "\n")
            case "tr":
                self._line()
                self.cells = 0
            case "td" | "th":
                self._say(" \x03 " if self.cells else "")
                self.cells += 1
            case "ul" | "ol":
                start = attributes.get("start", "1")
                self.lists.append(
                    (int(start) if start.isascii() and start.isdigit() and len(start) < 5 else 1)
                    if tag == "ol"
                    else 0
                )
            case "li":
                self._item()
            case "blockquote":
                self.quotes += 1
                self.ends = 0
                self._say("\n")
            case _ if tag in _PRE:
                self.pre += 1
            case "img":
                if alt := " ".join(attributes.get("alt", "").split())[:200]:
                    self.text(f"[{alt}]")
            case "a":
                target = (attributes.get("href") or attributes.get("xlink:href", "")).strip()
                leads = re.match(r"(?i)(?:https?|mailto|tel):|//|www\.", target)
                self.anchors.append((target if leads else "", len(self.out)))
        return True

    def _item(self) -> None:
        number = self.lists[-1] if self.lists else 0
        indent = _MARK * 2 * (min(len(self.lists), 10) - 1) if self.lists else ""
        self._line()
        self._say(f"{indent}{f'{number}. ' if number else '- '}")
        self.ends = 1  # blocks in an item begin on its first line
        if number:
            self.lists[-1] += 1

    def end(self, tag: str) -> None:
        self.small.pop()
        if tag in ("ul", "ol"):
            self.lists.pop()
        elif tag == "blockquote":
            self.quotes -= 1
            self.ends = 0
        elif tag in _PRE:
            self.pre -= 1
        if tag in _PARAGRAPHS:
            self._line(gap=not self.lists)
        elif tag in _LINES or tag in ("tr", "li"):
            self._line()
        elif tag == "a":
            self._close()

    def _close(self) -> None:
        target, first = self.anchors.pop()
        if not target:
            return
        said = "".join(self.out[first : first + 200])[:4_000]
        shown = address(target) if self.defang else re.sub(r"[\x00-\x20]+", "", target)[:2_000]
        if bare(said) != bare(shown):
            self._say(f" <{shown}> ")


def _tidy(text: str) -> str:
    """Tidies blanks and empty lines the way people write them; empty cells get no separator."""
    lines: list[str] = []
    for line in text.split("\n"):
        quotes = len(line) - len(line.lstrip(_END))
        line = re.sub(r"[ \t\u00a0]+", " ", line.replace(_END, "")).strip(" ")
        if "\x03" in line:
            line = " | ".join(c for c in (cell.strip() for cell in line.split("\x03")) if c)
        line = line.replace(_MARK, " ").rstrip()
        mark = "> " * quotes
        if line or (lines and lines[-1].strip("> ")):
            lines.append((mark + line).rstrip())
    return _SURROGATE.sub("", "\n".join(lines)).strip("\n") + "\n"
