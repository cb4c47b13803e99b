"""Words of a held mail for a mail of ours: nothing in them can be clicked, and nothing is hidden in them.

Mail programs make links of whatever looks like one, also in plain text. So addresses, hosts and URLs are broken up
as people write them for each other: "tanaka[at]client[.]example", "http[:]//…".
"""

import re
import unicodedata

_HIDDEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that look like nothing
_DOT = re.compile(r"(?<=\w)[.．](?=\w)|(?<=[0-9A-Za-z])[。｡](?=[0-9A-Za-z])")
_DECIMAL = re.compile(r"(?<![\w.．])\d+\.\d+(?![\w.．])")
_SCHEME = re.compile(r":(?=//)|(?<=mailto):|(?<=tel):|(?<=sms):", re.IGNORECASE)


def harmless(text: str, most: int = 200) -> str:
    """The text on one line, at most `most` characters of it (and what breaking up links adds)."""
    line = " ".join("".join(" " if c.isspace() else c for c in text[: 10 * most] if _shown(c)).split())
    if len(line) > most:
        line = line[: most - 1] + "…"
    line = _SCHEME.sub("[:]", line).replace("@", "[at]").replace("＠", "[at]")
    kept = {m.start() + m[0].index(".") for m in _DECIMAL.finditer(line)}
    return _DOT.sub(lambda m: m[0] if m.start() in kept else "[.]", line)


def _shown(character: str) -> bool:
    return character.isspace() or (
        unicodedata.category(character) not in _HIDDEN and character not in _BLANKS
    )
