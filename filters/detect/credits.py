"""Who made a program, as its sources name them: lists of authors and of commits, which are public (OUT-PII).

AUTHORS, CREDITS, MAINTAINERS, CODEOWNERS, .mailmap …       commit 1f2e3d… / Author: …       Signed-off-by: …
"""

import re

import re2

_FILE = re.compile(
    r"(?:^|/)\.?(?:authors?|credits?|maintainers?|contributors?|committers?|codeowners|owners|reviewers|thanks|acknowledge?ments?|mailmap|humans|copyright|copying|notice|licen[cs]e|changelog|changes|history|package|pyproject|cargo|composer|gemfile|description)(?:[._-][a-z-]{1,12}){0,2}$",
    re.IGNORECASE,
)
_COMMIT = re2.compile(
    r"(?im)^[ \t>]*(?:commit [0-9a-f]{7,40}\b|(?:signed-off|co-authored|reviewed|acked|tested|reported|suggested|helped)-by: |from [0-9a-f]{40} |# (?:hg|user|node)|[ \t]+-- [^\n<]{2,60}<|[*|\\/ ]*[0-9a-f]{7,40} .{0,120}<[^<>@\s]+@[^<>\s]+>)"
)
_ROLE = re2.compile(
    r"(?im)^[ \t*#/;%-]*(?:M|R|P|L|N|E|D|maintainers?|authors?|uploaders|original-maintainer|changed-by|copyright(?: \(c\)| ©)?|written by|@author)[:\t ][^\n]{0,120}@"
)
"""As kernels, packages and sources name them."""


def is_credits(place: str, text: str) -> bool:
    """True for the text of such a file, by its name or what its lines begin with."""
    if _FILE.search(place.partition("/properties")[0].lower()):
        return True
    lines = text.count("@")
    if not lines:
        return False
    found = sum(1 for _ in _COMMIT.finditer(text[:LOOKED_AT])) + sum(
        1 for _ in _ROLE.finditer(text[:LOOKED_AT])
    )
    return 2 * found >= text[:LOOKED_AT].count("@")


LOOKED_AT = 200_000
"""Characters of a text."""
