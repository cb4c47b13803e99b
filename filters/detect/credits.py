"""Who made a program, as its sources name them: lists of authors and of commits, which are public (OUT-PII).

AUTHORS, CREDITS, MAINTAINERS, CODEOWNERS, .mailmap …       commit 1f2e3d… / Author: …       Signed-off-by: …
"""

import re

import re2

_FILE = re.compile(
    r"(?:^|/)\.?(?:authors?|credits?|maintainers?|contributors?|committers?|codeowners|owners|reviewers|thanks|acknowledge?ments?|mailmap|humans)(?:[._-][a-z-]{1,12})?(?:\.(?:txt|md|rst|adoc|in|toml|ya?ml))?$",
    re.IGNORECASE,
)
_SIGNED = re2.compile(
    r"(?m)^[ \t*#/;%>|\-\x{2022}]*[^\n<>(),;\t@0-9]{2,80}[<(][^<>()\s@]{1,64}@[^<>()\s@]{1,190}[>)][^\n@0-9,;\t]{0,80}\r?$|^E:[ \t]+[^\s@]{1,64}@[^\s@]{1,190}\r?$"
)
"""A name and its address, and nothing else that belongs to a person."""
LONGEST = 2_000_000
"""Characters of a text."""
_COMMIT = re2.compile(
    r"(?im)^[ \t>]*(?:commit [0-9a-f]{7,40}\b|(?:signed-off|co-authored|reviewed|acked|tested|reported|suggested|helped)-by: |from [0-9a-f]{40} |# (?:hg|user|node)|[ \t]+-- [^\n<]{2,60}<|[*|\\/ ]*[0-9a-f]{7,40} .{0,120}<[^<>@\s]+@[^<>\s]+>)"
)
_ROLE = re2.compile(
    r"(?im)^[ \t*#/;%-]*\"?(?:[MR]:[\t ]+[^\n<@]{2,80}<[^\n<>@]{1,64}@|(?:maintainers?|authors?|uploaders|original-maintainer|changed-by|copyright(?: \(c\)| ©)?|written by|@author)\"?[:\t ][^\n]{0,120}@)"
)
"""As kernels, packages and sources name them."""


def is_credits(place: str, text: str) -> bool:
    """True for a text four of five addresses of which stand as in such a file: behind a role, in a commit, or, where the file has the
    name of one, behind nothing but a name. What is longer than a program's credits is none: all of it has to be looked at."""
    addresses = text.count("@")
    if not addresses or len(text) > LONGEST:
        return False
    forms = [_COMMIT, _ROLE]
    if _FILE.search(place.partition("/properties")[0]):
        forms.append(_SIGNED)
    return 5 * sum(1 for form in forms for _ in form.finditer(text)) >= 4 * addresses
