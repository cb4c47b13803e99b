"""IN-LANGUAGE: characters that do not belong in the language of the text."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import re2

from config.policy import Organisation
from filters.finding import Evidence, Sight
from filters.lures.garble import garbled
from filters.rule import rule
from filters.trigger import Says
from filters.views import ByText, TextView

_KANA = re.compile(r"[\u3041-\u30ff]")
_TRADITIONAL = frozenset("發產關從應沒這說讓對與們您歡當號實處國會學體點擊鏈氣圖變樣賣碼專埸")
"""Traditional forms that Japanese mail does not use, none of JIS level 1 but 這; names may have one or two."""
_IN_NAMES = frozenset("國學會體對應號實從與氣圖專當樣歡說")
_OLD = _TRADITIONAL - _IN_NAMES
_MIXED = re.compile(
    r"[a-z]{1,20}[\u0400-\u052f]+[a-z]*|(?<![\u0400-\u052f])[\u0400-\u052f]++[a-z]{1,20}|"
    r"[a-z]{3,20}[\u0370-\u03ff]+[a-z]*|(?<![\u0370-\u03ff])[\u0370-\u03ff]++[a-z]{3,20}",
    re.IGNORECASE,
)
"""Cyrillic beside Latin letters; Greek only beside several, because units have one (μm, Ωcm)."""
_GREEK_OR_CYRILLIC = re.compile(r"[\u0370-\u052f]")
_RUN = re.compile(r"[\u3005\u4e00-\u9fff]+")
_NAMED = re.compile(
    r"公司|集[团團]|有限|股份|科技|大学|大學|学院|[省市区區县縣镇路厂廠]|先生|女士|小姐|[经經]理|[总總][经裁監监]|银行|銀行"
)
_CALLED = re.compile(
    r"[（(]?+[ァ-ヶー・]{0,20}+[)）]?+\s?+(?:様|さま|さん|氏|殿|先生|社|と申し|と申します|です[。\s]|より[、。\s]|から(?:の|も|は|、)|の[\u4e00-\u9fff]{1,4}(?:です|と申し|様))"
)
"""What occurs in the name of a company or a place, and after the name of a person."""
_STYLED = re.compile("[\U0001d400-\U0001d7ff\U0001f130-\U0001f189\u24b6-\u24e9]{3,}")
_STACKED = re.compile(
    r"[A-Za-z][\u0700-\u074f\u0300-\u036f\u0730-\u074a\u0483-\u0489\u0591-\u05bd\u0610-\u061a\ufe00-\ufe0f][A-Za-z]?"
)

_MAY_MIX = "[\u0300-\u052f\u0591-\u05bd\u0610-\u061a\u0700-\u074f\u24b6-\u24e9\ufe00-\ufe0f\U0001d400-\U0001d7ff\U0001f130-\U0001f189]"
"""Each match of the patterns above has one of these."""


@lru_cache(maxsize=10_000)
def _is_japanese(char: str) -> bool:
    """True for a character that Japanese mail programs can write: JIS, with the extensions of NEC and IBM."""
    try:
        char.encode("cp932")
        return True
    except UnicodeEncodeError:
        return char in "𠮷﨑髙塚德瀨神福㐂鷗剝頰塡𠮟噓繫俠瘦麵蔣搔軀焰栁"


_STRANGE = f"[{''.join(c for c in map(chr, range(0x4E00, 0xA000)) if c in _OLD or not _is_japanese(c))}]"
"""Everything that may be strange; most Japanese texts have nothing of it."""
_ANY_MIX, _ANY_STRANGE = re2.compile(_MAY_MIX), re2.compile(_STRANGE)


@rule(control="IN-LANGUAGE", direction="inbound", wakes=(Says((_MAY_MIX, _STRANGE)),))
def foreign_characters(mail: ByText, organisation: Organisation) -> Iterator[Sight]:
    """Chinese characters that Japanese does not use, in Japanese text; look-alike letters in Latin words."""
    incoming = mail.incoming
    for place, text in _places(incoming):
        if not _ANY_MIX.search(text.encode("utf-8", "replace")):
            continue
        mixed = [m[0] for m in _MIXED.finditer(text)][:5] if _GREEK_OR_CYRILLIC.search(text) else []
        stacked = [m[0] for m in _STACKED.finditer(text)][:5]
        styled = [m[0] for m in _STYLED.finditer(text)][:3]
        if (mixed or styled or len(stacked) >= 3) and not garbled(text):
            words = mixed or styled or stacked
            at = text.find(words[0])
            yield _finding(words, place, at, 3)
            return
    if not incoming.is_japanese:
        return
    for place, text in _places(incoming):
        if not _KANA.search(text) or not _ANY_STRANGE.search(text.encode("utf-8", "replace")):
            continue
        foreign = _strange(text, lambda c: not _is_japanese(c))
        old = foreign or _strange(text, _OLD.__contains__)
        if (foreign or old) and not garbled(text):
            yield _finding(foreign or old, place, text.find((foreign or old)[0]), 3 if foreign else 2)
            return


def _strange(text: str, is_strange: Callable[[str], bool]) -> list[str]:
    """The strange characters of Japanese lines, in order, except those in names and addresses."""
    if not any(is_strange(c) for c in set(text) if "\u4e00" <= c <= "\u9fff"):
        return []
    found: dict[str, None] = {}
    for line in text.split("\n"):
        if not _KANA.search(line):
            continue  # a line all in Chinese is a quotation, an address or a signature
        for run in _RUN.finditer(line):
            if not (_NAMED.search(run[0]) or _CALLED.match(line, run.end())):
                found.update((c, None) for c in run[0] if is_strange(c))
    return list(found)


def _finding(words: list[str], place: str, at: int, weight: int) -> Sight:
    shown = " ".join(words[:5])[:60]
    return Sight((Evidence(shown, place, at),), weight=weight, values={"characters": shown})


def _places(incoming: TextView) -> Iterator[tuple[str, str]]:
    yield "header:from", incoming.name
    yield "header:subject", incoming.subject
    for shown in incoming.texts:
        yield shown.part, shown.text[:40_000]
