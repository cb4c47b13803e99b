"""IN-WARN: where a banner goes in HTML, and whether it comes first there: a second reading decides, not the offset.

    placed(html, shown, banner) -> int | None     the offset at which `banner` is the first thing that a reader sees
    stands_first(html, banner) -> bool            whether it is

A tag in a comment, a title or a value looks like any other. So each likely offset is tried, and counts only
if the resulting tree has the whole banner as the first visible child of its body, and no conditional comment
(which Outlook reads) is open before it or puts something there.

Raises TooCostly.
"""

import re
from collections.abc import Callable, Mapping

from filters.markup.dom import Document, Walker, conditional

TRIED = 3
"""Body tags that are tried; the first may be in a comment or a title."""
_BODY = re.compile(r"<body(?:\s(?:[^\"'<>]|\"[^\"]{0,2000}\"|'[^']{0,2000}'){0,2000})?>", re.IGNORECASE)
_HEAD = re.compile(r"</head\s*>", re.IGNORECASE)
_DOCTYPE = re.compile(r"\s*<!doctype[^<>]*>", re.IGNORECASE)
_FRAMES = re.compile(r"<frameset", re.IGNORECASE)
_CONDITION = re.compile(r"\[\s*if", re.IGNORECASE)
_SETTINGS = frozenset({"html", "head", "body", "style", "meta", "link", "base", "title", "noscript"})
"""Elements of a conditional comment that show nothing."""


def placed(html: str, shown: Callable[[int], str], banner: str) -> int | None:
    """The offset in `html` at which the banner is seen first; `shown(offset)` is the text with it in that place."""
    if _FRAMES.search(html) and Document(html).body is None:
        return None  # frames replace the body
    return next((at for at in _likely(html) if stands_first(shown(at), banner)), None)


def _likely(html: str) -> list[int]:
    found = []
    for match in _BODY.finditer(html):
        found.append(match.end())
        if len(found) == TRIED:
            break
    if head := _HEAD.search(html):
        found.append(head.end())
    start = _DOCTYPE.match(html)
    return list(dict.fromkeys([*found, start.end() if start else 0]))


def stands_first(html: str, banner: str) -> bool:
    """True when `banner`, an element, is the first visible child of the body, for Outlook as well."""
    document = Document(html)
    wanted = Document(banner).body
    node = document.body.first_child if document.body is not None else None
    while node is not None and _is_unseen(node.tag or "", node.text_content):
        node = node.next
    if node is None or wanted is None or wanted.first_child is None or node.html != wanted.first_child.html:
        return False
    if not _CONDITION.search(html):
        return True
    before = _Before(node.attributes.get("class") or "")
    before.walk(document)
    return before.clear


def _is_unseen(tag: str, text: str | None) -> bool:
    return tag == "-comment" or (tag == "-text" and not (text or "").strip(" \t\r\n\f\ufeff"))


class _Before(Walker):
    """What conditional comments do before the banner. `clear`: they show nothing, and none is open."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.open = 0
        self.harmless = True
        self.reached = False

    @property
    def clear(self) -> bool:
        return self.harmless and self.open <= 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        self.reached = self.reached or attributes.get("class") == self.name
        return not self.reached

    def comment(self, data: str) -> None:
        if self.reached:
            return
        content, word = conditional(data), data.lower()
        if content and "[endif]" in content.lower():
            self.harmless = self.harmless and not _shows(content)
        elif word.startswith(("[endif", "<![endif")):
            self.open -= 1
        elif content or _CONDITION.match(word):
            self.open += 1


def _shows(content: str) -> bool:
    """True when HTML has anything visible, or an element that could hide what follows."""
    shown = _Shown()
    shown.walk(Document(content))
    return shown.something


class _Shown(Walker):
    something = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if tag not in _SETTINGS and tag != "xml":
            self.something = True
        return tag in ("html", "head", "body", "noscript")

    def text(self, data: str) -> None:
        self.something = self.something or bool(data.strip())
