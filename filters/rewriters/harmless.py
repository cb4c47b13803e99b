"""A stranger's words in a text of ours: nothing in them is clickable or hidden.

Mail programs turn whatever looks like an address into a link, also in plain text. So addresses, hosts and
URLs are broken up the way people write them for each other: "tanaka[at]client[.]example", "http[:]//…".

Unlike defanged() (IN-TEXT, filters/rewriters/defang.py), which keeps the mail's own text readable and its
offsets right, this breaks up more than necessary: the result is read once, in a list or a banner.
"""

import re

from filters.lures.names import marked

_BLANK = "\u2800"  # the one character that is blank and yet neither white space nor invisible to Unicode
_SCHEME = re.compile(r"(?<![a-z])(https?|ftp|file|mailto|tel|sms):(?=\S)|:(?=[\\/]{2})", re.IGNORECASE)
_AHEAD = 128
"""Characters behind those shown that decide what they are: more than a label of a host has."""
_DOT = re.compile(r"(?<=\w)[.．](?=\w)|(?<=[0-9A-Za-z])[。｡](?=[0-9A-Za-z])")
_NUMBER = re.compile(r"(?<![0-9A-Za-z_.．/@-])[A-Za-z]{0,3}\d+(?:[.．]\d+){1,2}(?![0-9A-Za-z_]|[.．-]\w)")
"""1.5, Ver1.5, 2026.5.29, R8.5.29: no host ends in a number. Four of them could be one (203.0.113.7)."""


def harmless(text: str, most: int = 200) -> str:
    """The text on one line, at most `most` characters including what breaking it up adds; "" if nothing
    visible is left."""
    line = " ".join(text[: 10 * most].replace(_BLANK, " ").split())
    if line.isprintable():
        line = marked(line[: most + _AHEAD])
    else:
        line = "".join(c for c in marked(line) if c.isprintable())[: most + _AHEAD]
    if ":" in line:
        line = _SCHEME.sub(lambda m: (m[1] or "") + "[:]", line)
    line = line.replace("@", "[at]").replace("＠", "[at]")
    if "." in line or "．" in line:
        kept = {at for m in _NUMBER.finditer(line) for at in range(*m.span())}
        line = _DOT.sub(lambda m: m[0] if m.start() in kept else "[.]", line)
    elif "。" in line or "｡" in line:
        line = _DOT.sub("[.]", line)
    return line if len(line) <= most else line[: most - 1] + "…"
