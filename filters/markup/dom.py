"""HTML as a browser builds it (WHATWG HTML §13.2, scripting off): lexbor's tree, and a walk through it.

    document = Document(html)
    class Texts(Walker): ...            start(tag, attributes) -> whether to go inside, end(tag), text(data),
                                        comment(data)
    Texts().walk(document)

A tree has no offsets in the source: what is changed is rewritten from it. The walk keeps its own stack, so
depth costs nothing; the tree itself can cost the square of the source (`filters.markup.cost`). A process that
can be ended for that says so with `guard`; in every other one a page that might be costly is not read.
Whoever reads a document again does not walk its tree again: the steps of all but huge ones are kept.

Diagnostics: TooCostly.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from itertools import chain
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from filters.markup.cost import is_cheap

_WITHOUT_EVENTS = 1  # LexborDocumentOptions.WO_EVENTS: nothing is copied behind our back, in half the time
_BASE = re.compile(r"(?i)<base")
KEPT = 50_000
"""Steps of a document that are kept; of a newsletter there are a thousand."""
SOME = 500
START, END, TEXT, COMMENT = range(4)
Step: TypeAlias = tuple[int, str, Mapping[str, str]]
"""What a walk meets: START and END with the name of an element, TEXT and COMMENT with what they say."""
_NONE: Mapping[str, str] = {}
Guard = Callable[[int], AbstractContextManager[None]]
_guard: Guard | None = None


class TooCostly(Exception):
    """This page may cost a tree builder far more than its size suggests; nobody here could stop it."""


def guard(each: Guard | None) -> None:
    """From now on trees are built inside `each(characters)`, which ends the process when one takes too long.

    None: nobody can; only cheap pages are read. What is read is the same with and without (ADR 18).
    """
    global _guard
    _guard = each


class Document:
    """The tree of one HTML text. Raises TooCostly."""

    def __init__(self, html: str) -> None:
        self.html = html
        self._steps: list[Step] | None = None
        source = html.encode("utf-8", "replace")
        if _guard is not None:
            with _guard(len(source)):
                self._parser = LexborHTMLParser(source, options=_WITHOUT_EVENTS)
        elif is_cheap(html):
            self._parser = LexborHTMLParser(source, options=_WITHOUT_EVENTS)
        else:
            raise TooCostly

    @property
    def steps(self) -> Iterable[Step]:
        """Everything in the document, first to last; walked only once unless there are more steps than KEPT."""
        if self._steps is not None:
            return self._steps
        walk = _walk(self.first)
        kept: list[Step] = []
        for some in walk:
            kept += some
            if len(kept) >= KEPT:
                return chain(kept, chain.from_iterable(walk))
        self._steps = kept
        return kept

    @property
    def size(self) -> int:
        """How many steps are kept; KEPT when there are too many."""
        _ = self.steps
        return KEPT if self._steps is None else len(self._steps)

    @property
    def first(self) -> LexborNode | None:
        """The first node of the document: a comment, the doctype or the element html."""
        node = self._parser.root
        while node is not None and (before := node.prev) is not None:
            node = before
        return node

    @property
    def body(self) -> LexborNode | None:
        """The element body; None for a page of frames."""
        return self._parser.body

    @property
    def written(self) -> str:
        """The tree as lexbor writes it (HTML §13.3): to be compared, not to be sent."""
        return self._parser.html or ""

    @property
    def base(self) -> str:
        """The address that links are relative to (HTML §4.2.3), "" if the page names none."""
        if not _BASE.search(self.html):
            return ""
        node = self._parser.css_first("base[href]")
        return (node.attributes.get("href") or "").strip() if node is not None else ""


class Walker:
    """A walk through a tree from first to last; each step is a method, which does nothing here."""

    def walk(self, document: Document) -> None:
        """Every node once. The content of a template, which no browser shows, comes where the template is."""
        start, end, text = self.start, self.end, self.text
        passed = 0  # elements that are open in what is passed over
        for kind, what, attributes in document.steps:
            if passed:
                passed += (kind == START) - (kind == END)
            elif kind == TEXT:
                text(what)
            elif kind == END:
                end(what)
            elif kind == START:
                passed = int(not start(what, attributes))
            else:
                self.comment(what)

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """An element begins. True: go inside, and report its end; False: skip everything in it."""
        return True

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """A piece of text, references resolved."""

    def comment(self, data: str) -> None:
        """A comment, or whatever HTML treats as one; without the blanks around it."""


def _walk(node: LexborNode | None) -> Iterator[list[Step]]:
    """The steps, some hundred at a time."""
    some: list[Step] = []
    step = some.append
    open_: list[tuple[str, LexborNode]] = []
    while node is not None:
        tag = node.tag
        if tag == "-text":
            step((TEXT, node.text_content or "", _NONE))
        elif tag == "-comment":
            step((COMMENT, node.comment_content or "", _NONE))
        elif tag and tag[0] != "-":
            inside = node.first_child
            if tag == "template":
                tag, inside = _template(node)
            if len(some) >= SOME:
                yield some
                some = []
                step = some.append
            step((START, tag, _attributes(node)))
            if inside is not None:
                open_.append((tag, node))
                node = inside
                continue
            step((END, tag, _NONE))
        while (following := node.next) is None and open_:
            tag, node = open_.pop()
            step((END, tag, _NONE))
        node = following
    yield some


def _attributes(node: LexborNode) -> Mapping[str, str]:
    found = node.attributes
    if not found:
        return _NONE
    if None in found.values():
        return {name: value or "" for name, value in found.items()}
    return found  # type: ignore[return-value]


def _template(node: LexborNode) -> tuple[str, LexborNode | None]:
    """The name of a template and the first node of its content: a tree of its own, not its children. A
    template in SVG or MathML has none, and is an element like any other there."""
    if node.first_child is not None:
        return "foreign:template", node.first_child
    held = node.template_fragments()
    return "template", held[0].first_child if held else None


def conditional(comment: str) -> str:
    """The HTML that Outlook shows from a comment like `<!--[if mso]>…<![endif]-->`, "" for any other comment.

    Source: Microsoft, "About conditional comments"; to a tree both the hidden and the revealed form are
    comments.
    """
    if comment[:1] != "[" or comment[1:20].lstrip()[:2].lower() != "if":
        return ""
    content = comment.partition(">")[2]
    return "" if content in ("<!", "<!--", "") else content
