"""Mojibake: text that was decoded in the wrong charset somewhere. A program's fault, not a person's trick.

Language rules ask here first: what looks like foreign letters inside words may be UTF-8 read as something
else.
"""

import re
from itertools import islice

FEW = 3
_FAULTS = (
    # UTF-8 read as Windows-1252 or Latin-1: ã‚, Ã©, â€™
    re.compile(
        r"[\u00c2-\u00ef][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    ),
    # Shift_JIS read as Windows-1252 or Latin-1: ‚ , ƒA
    re.compile(
        r"[\u201a\u0192\u0082\u0083][\u00a0-\u00ff\u0040-\u007e\u0080-\u009f\u0152-\u02dc\u2013-\u2122]{1,2}"
    ),
    # EUC-JP read as Latin-1: ¤¢¥¢
    re.compile(r"[\u00a4\u00a5][\u00a1-\u00fe]"),
    # UTF-8 read as Shift_JIS: 縺ゅ→繧, and as GBK: 銇傘伀, and Cyrillic or Japanese UTF-8 read as Windows-1251: Р°РґСЂ, гЃЉ
    re.compile(r"[縺繧繝][^\s\x00-\x7f]"),
    re.compile(r"[銇銈鈥锛鎴锟][^\s\x00-\x7f]"),
    re.compile(
        r"[РС][\u0402-\u040f\u0452-\u045f\u00a0-\u00bb\u2013-\u2122][РС][\u0400-\u045f\u00a0-\u00bb\u2013-\u2122]"
    ),
    re.compile(r"[\u0433][\u0402\u0403\u201a][\u0400-\u045f\u00a0-\u00bb\u2013-\u2122]"),
    # ISO-2022-JP without its escapes: $B$3$s$K$A$O
    re.compile(r"(?:\$[!-~]){5}"),
    re.compile("\ufffd"),
)


def garbled(text: str) -> bool:
    """True for a text in which at least FEW places show the signs of one decoding fault."""
    if text.isascii() and "$" not in text:
        return False
    return any(len(list(islice(fault.finditer(text), FEW))) == FEW for fault in _FAULTS)
