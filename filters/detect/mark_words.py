"""The words of marks that ship (config/lists/markings.toml), and how a mark may be written.

A template stands for several forms: `(a|b)` is one of these, `(a|)` may be missing, `x?` may be missing. It is made
into an expression (RE2, over folded text) that shares what its forms share.
"""

import re
from functools import cache

import re2

from config.lists import table
from mail.charset import fold

MARK_LISTS: dict[str, dict[str, list[str]]] = table("markings")
"""Lists of words by name, as a class names them ("@company")."""
LISTS = WORDS, TAGS, GRADED = "words", "tags", "graded"
"""What each has: words that are a mark by themselves, and everyday words, by what must stand around them."""

GAPS = re.compile(r"[\s・.,_\-/|*]+")
"""What may stand between the letters or the words of a mark."""

_GAP = r"[\s・.,_\-/|*]*"
_BETWEEN = r"[\s_\-./]{0,3}"
WIDE = re.compile(r"[\s・.,_\-/|*]{4,}")
"""What parts two words, because too much stands between."""
_IDEOGRAPHS = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
LETTERS_APART = r"(?:[a-z\x{df}-\x{ff}][ .]{1,2}){5,40}[a-z\x{df}-\x{ff}]"
"""Words that are written letter by letter (RE2)."""
_LETTERS_APART = re.compile(r"(?:\w[ .]{1,5}){5,60}\w")
_ACCENTS = {
    "a": "àáâãäåāăąạảấầẩẫậắằẳẵặ", "c": "çćč", "d": "đ", "e": "èéêëēęěẹẻẽếềểễệ", "g": "ğ", "i": "ìíîïīıịỉĩ", "l": "ł",
    "n": "ñńň", "o": "òóôõöøōőọỏốồổỗộớờởỡợơ", "s": "śšşß", "u": "ùúûüūůűụủũứừửữựư", "y": "ýÿỳỷỹỵ", "z": "źżž",
}  # fmt: skip
_PLAIN = str.maketrans({accented: plain for plain, many in _ACCENTS.items() for accented in many})

Node = str | list["Sequence"]
Sequence = list[tuple[Node, bool]]
"""Characters or alternatives, and whether each may be missing."""


def latin(words: str) -> bool:
    """True for words in Latin letters, with or without accents."""
    return all(char < "\u0250" or "\u1e00" <= char < "\u2070" for char in words)


def tight(words: str) -> str:
    """Folded words without accents and what stands between letters; "&" is "and"."""
    return GAPS.sub("", words.replace("&", "and")).translate(_PLAIN)


@cache
def expression(template: str) -> str:
    """How what it stands for may be written; the match may go on over what stands behind (GAPS)."""
    return _written(_read(template), bool(_IDEOGRAPHS.search(template)))


def spelt(plain: str) -> str:
    """How one mark may be written: 社 外 秘, INTERNAL_ONLY."""
    if _IDEOGRAPHS.search(plain):
        return _GAP.join(map(re2.escape, GAPS.sub("", plain)))
    return _BETWEEN.join(map(_word, _words(plain)))


def together(words: str) -> str:
    """Words whose letters stand apart, joined: C O N F I D E N T I A L."""
    return "".join(filter(str.isalnum, words)) if _LETTERS_APART.fullmatch(words) else words


def _words(plain: str) -> list[str]:
    return [word for word in GAPS.split(plain.replace("&", "and")) if word]


def _word(word: str) -> str:
    return "(?:and|&)" if word == "and" else "".join(map(_letter, word))


def _letter(char: str) -> str:
    """A letter; what has an accent may be without, as in capitals."""
    plain = char.translate(_PLAIN)
    return str(re2.escape(char)) if plain == char else f"[{plain}{char}]"


def _read(template: str) -> Sequence:
    text = fold(template).lower()
    sequence, end = _sequence(text, 0)
    if end != len(text):
        raise ValueError(f"config/lists/markings.toml: {template!r} has a bracket too many")
    return sequence


def _sequence(text: str, at: int) -> tuple[Sequence, int]:
    found: Sequence = []
    while at < len(text) and text[at] not in "|)":
        if text[at] == "(":
            alternatives: list[Sequence] = []
            while text[at] != ")":
                one, at = _sequence(text, at + 1)
                alternatives.append(one)
                if at == len(text):
                    raise ValueError(f"config/lists/markings.toml: {text!r} has a bracket too few")
            found.append((alternatives, False))
        elif text[at] == "?":
            found[-1] = (found[-1][0], True)
        else:
            found.append((text[at], False))
        at += 1
    return found, at


def _written(sequence: Sequence, ideographs: bool) -> str:
    result = []
    for node, may_miss in sequence:
        if not isinstance(node, str):
            said = "(?:" + "|".join(_written(one, ideographs) for one in node) + ")"
        elif node == " ":
            said = "" if ideographs else _BETWEEN
        else:
            said = _letter(node) + (_GAP if ideographs else "")
        result.append(f"(?:{said})?" if may_miss and said else said)
    return "".join(result).replace(f"{_BETWEEN}and{_BETWEEN}", f"{_BETWEEN}(?:and|&){_BETWEEN}")
