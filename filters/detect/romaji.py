"""Japanese names in letters: how kana and common kanji are read, and when two spellings are the same (OUT-PRIVATE).

    spelled("satoh") == spelled("satou") == spelled("Sato")        Hepburn, Kunrei and passport spellings
    readings("山田太郎")    {("yamada", "taro")}
    readings("ヤマダ タロウ")  {("yamada", "taro")}

Sources: 内閣告示 ローマ字のつづり方; 外務省 ヘボン式ローマ字綴方表. The readings of kanji are config/lists/*_readings.txt.
"""

import re
import unicodedata

from config import lists

_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ", "m": "マミムメモ",
    "y": "ヤ ユ ヨ", "r": "ラリルレロ", "w": "ワヰ ヱヲ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ",
    "p": "パピプペポ", "v": "  ヴ  ",
}  # fmt: skip
_KANA = {
    kana: row + vowel
    for row, line in _ROWS.items()
    for kana, vowel in zip(line, "aiueo", strict=True)
    if kana != " "
}
_SMALL = dict(zip("ァィゥェォャュョ", ("a", "i", "u", "e", "o", "ya", "yu", "yo"), strict=True))
_SAME = (
    (re.compile(r"sy|si(?=[aeuo])"), "sh"), (re.compile(r"si"), "shi"), (re.compile(r"ty|ti(?=[aeuo])"), "ch"),
    (re.compile(r"tch"), "cch"), (re.compile(r"ti"), "chi"), (re.compile(r"tu"), "tsu"), (re.compile(r"(?<![sc])hu"), "fu"),
    (re.compile(r"[zj]y|[dz]i(?=[aeuo])"), "j"), (re.compile(r"[zd]i"), "ji"), (re.compile(r"du|dzu"), "zu"),
    (re.compile(r"l"), "r"), (re.compile(r"m(?=[bpm])"), "n"), (re.compile(r"n'|nn(?![aeiouy])"), "n"),
    (re.compile(r"oh(?![aeiouy])"), "o"), (re.compile(r"ou|oo"), "o"), (re.compile(r"uu"), "u"), (re.compile(r"wo"), "o"),
)  # fmt: skip
"""Spellings of one sound, in this order."""
_SURNAMES, _GIVEN = (
    {name: frozenset(read) for name, *read in (line.split() for line in lists.entries(f"{which}_readings"))}
    for which in ("surname", "given")
)
_LONGEST = 4
"""Characters of a family name."""


def spelled(letters: str) -> str:
    """Letters in the one spelling in which they are compared; everything else is left out."""
    plain = unicodedata.normalize("NFKD", letters.lower())
    plain = re.sub(r"[^a-z']", "", plain)
    for pattern, one in _SAME:
        plain = pattern.sub(one, plain)
    return plain.replace("'", "")


def of_kana(text: str) -> str:
    """Kana in letters, as `spelled`; "" for a text that is not kana alone."""
    found = ""
    doubled = False
    for character in unicodedata.normalize("NFKC", text):
        code = ord(character)
        kana = chr(code + 0x60) if 0x3041 <= code <= 0x3096 else character
        if kana in _KANA:
            sound = _KANA[kana]
            found += (sound[:1] if doubled and sound[:1] not in "aiueo" else "") + sound
            doubled = False
        elif kana in _SMALL and found:
            small = _SMALL[kana]
            found = found[:-1] + small
        elif kana == "ン":
            found += "n"
        elif kana == "ッ":
            doubled = True
        elif kana != "ー":
            return ""
    return spelled(found)


def readings(name: str) -> frozenset[tuple[str, str]]:
    """(family name, given name) in letters, in every way in which a name may be read; none for a name of which one half is
    not known. A name in letters or in kana needs the blank between both."""
    words = unicodedata.normalize("NFKC", name).split()
    if len(words) == 2:
        first, second = words
        if name.isascii():
            one, other = spelled(first), spelled(second)
            return frozenset({(one, other), (other, one)})  # in either order
        if (one := of_kana(first)) and (other := of_kana(second)):
            return frozenset({(one, other)})
        return _pairs(first, second)
    whole = "".join(words)
    found: set[tuple[str, str]] = set()
    for length in range(1, min(_LONGEST, len(whole) - 1) + 1):
        found |= _pairs(whole[:length], whole[length:])
    return frozenset(found)


def _pairs(surname: str, given: str) -> frozenset[tuple[str, str]]:
    second = of_kana(given)
    given_read = {second} if second else _GIVEN.get(given, frozenset())
    return frozenset((spelled(s), spelled(g)) for s in _SURNAMES.get(surname, ()) for g in given_read)
