"""What a page may cost a tree builder at most, estimated from its source.

Three things cost more than their size: nested elements (every `p` looks for an open one), formatting elements
that are reopened in every paragraph (3,000 of them before 3,000 paragraphs are nine million nodes and 3 GB),
and attributes (each is compared with all before it). The contents of comments and scripts count, too: a
hostile page can make the estimate larger, never smaller.

Measured with lexbor 3 (ADR 18): 10,000 nested elements 0.15 s; 1,000,000 reopened ones 0.4 s and 370 MB;
5,000 attributes of one element 0.04 s.
"""

import re

START_TAGS = 10_000
TAGS = 30_000
REOPENED = 500_000
ATTRIBUTES = 5_000

_START = re.compile(r"<[a-zA-Z]")
_FORMATTING = re.compile(
    r"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])"
    r"(?:(?:\s+[\w-]+=(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*>)?",
    re.IGNORECASE,
)
"""One start tag; with its attributes if they are written so plainly that they cannot be read in another way."""
_ALIKE = 3
"""The list of formatting elements keeps only this many equal ones (HTML §13.2.4.3, "Noah's Ark")."""
_BETWEEN = re.compile(r"[\s/\"'=]+")
_OPEN = re.compile(r"=\s*(?:\"[^\"]*|'[^']*)\Z")


def is_cheap(html: str) -> bool:
    """True when building the tree takes well under a second and some 100 MB, whatever it contains."""
    starts = len(_START.findall(html))
    if starts > START_TAGS or html.count("<") > TAGS:
        return False
    return starts * _formatting(html) <= REOPENED and _attributes(html) <= ATTRIBUTES


def _formatting(html: str) -> int:
    """Formatting elements that can be open at once; there is one `a` at most (a second one closes it)."""
    alike: dict[str, int] = {}
    distinct = 1
    for found in _FORMATTING.finditer(html):
        tag = found[0]
        if tag[-1] == ">":
            alike[tag] = alike.get(tag, 0) + 1
        else:
            distinct += 1
    return distinct + sum(min(count, _ALIKE) for count in alike.values())


def _attributes(html: str) -> int:
    """Attributes that one tag can have: what separates them, from its beginning to a ">" that ends it."""
    most = run = 0
    quoted = False
    for piece in html.split(">"):
        if not quoted:
            run = 0
            start = _START.search(piece)
            piece = piece[start.start() :] if start else ""
        run += len(_BETWEEN.findall(piece))
        most = max(most, run)
        quoted = bool(_OPEN.search(piece)) or (quoted and not ('"' in piece and "'" in piece))
    return most
