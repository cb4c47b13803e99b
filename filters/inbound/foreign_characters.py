"""IN-LANGUAGE: characters that do not belong into the language of the text."""

import re
from collections.abc import Iterator
from functools import lru_cache

from config.policy import Organisation
from filters.finding import Evidence, Finding
from filters.incoming import Incoming, incoming_of
from filters.rule import Mail, rule

_KANA = re.compile(r"[\u3041-\u30ff]")
_TRADITIONAL = frozenset(
    "發產關從應沒這說讓對與們您歡當號實處國會學體點擊鏈氣圖變樣賣碼專埸"
)
"""Traditional forms that nobody writes in Japanese mail, none of JIS level 1 but 這; names may have one or two."""
_IN_NAMES = frozenset("國學會體對應號實從與氣圖專當樣歡說")
_OLD = _TRADITIONAL - _IN_NAMES
_MIXED = re.compile(
    r"[a-z]{1,20}[\u0400-\u052f]+[a-z]*|[\u0400-\u052f]+[a-z]{1,20}|[a-z]{3,20}[\u0370-\u03ff]+[a-z]*|[\u0370-\u03ff]+[a-z]{3,20}",
    re.IGNORECASE,
)
"""Cyrillic beside Latin letters; Greek only beside several, because units have one (μm, Ωcm)."""
_GREEK_OR_CYRILLIC = re.compile(r"[\u0370-\u052f]")
_STYLED = re.compile("[\U0001d400-\U0001d7ff\U0001f130-\U0001f189\u24b6-\u24e9]{3,}")
_STACKED = re.compile(
    r"[A-Za-z][\u0700-\u074f\u0300-\u036f\u0730-\u074a\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u200b-\u200d\u2060\u00ad\u034f\ufe00-\ufe0f][A-Za-z]?"
)


@rule(
    control="IN-LANGUAGE",
    direction="inbound",
    then="warn",
    weight=3,
    ja="日本語では使われない文字や、文字に似せた別の文字が混ざっています（{characters}）",
    en="It mixes in characters that do not belong there or only look right ({characters})",
)
def foreign_characters(mail: Mail, organisation: Organisation) -> Iterator[Finding]:
    """Chinese characters that Japanese does not use inside Japanese text; look-alike letters inside Latin words."""
    incoming = incoming_of(mail)
    for place, text in _places(incoming):
        mixed = [m[0] for m in _MIXED.finditer(text)][:5] if _GREEK_OR_CYRILLIC.search(text) else []
        stacked = [m[0] for m in _STACKED.finditer(text)][:5]
        styled = [m[0] for m in _STYLED.finditer(text)][:3]
        if mixed or styled or len(stacked) >= 3:
            words = mixed or styled or stacked
            at = text.find(words[0])
            yield _finding(words, place, at, 3)
            return
    if not incoming.is_japanese:
        return
    for place, text in _places(incoming):
        if not _KANA.search(text):
            continue
        characters = [c for c in dict.fromkeys(text) if "\u4e00" <= c <= "\u9fff"]
        foreign = [c for c in characters if not _is_japanese(c)]
        old = [c for c in characters if c in _OLD]
        if foreign or old:
            yield _finding(foreign or old, place, text.find((foreign or old)[0]), 3 if foreign else 2)
            return


def _finding(words: list[str], place: str, at: int, weight: int) -> Finding:
    shown = " ".join(words[:5])[:60]
    return Finding("", "", (Evidence(shown, place, at),), weight=weight, values={"characters": shown})


def _places(incoming: Incoming) -> Iterator[tuple[str, str]]:
    yield "header:from", incoming.name
    yield "header:subject", incoming.subject
    for shown in incoming.texts:
        yield shown.part, shown.text[:40_000]


@lru_cache(maxsize=10_000)
def _is_japanese(char: str) -> bool:
    """True for a character that Japanese mail programs can write: JIS, with the extensions of NEC and IBM."""
    try:
        char.encode("cp932")
        return True
    except UnicodeEncodeError:
        return char in "𠮷﨑髙塚德瀨神福"
