import random
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail import folding
from mail.folding import fold, normalise


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３", "ABC123"),
        ("ﾃﾞｰﾀ", "データ"),
        ("社\u200b外\u00ad秘", "社外秘"),
        ("社 外　秘", "社外秘"),
        ("社外祕", "社外秘"),
        ("髙﨑と渡邉", "高崎と渡辺"),
        ("０３−１２３４‐５６７８", "03-1234-5678"),
        ("㈱", "(株)"),
        ("か\u3099", "が"),
        ("田中 taro 様", "田中 taro 様"),
        ("山\n田", "山\n田"),
        ("機\ufe00密", "機密"),
    ],
)
def test_fold_and_normalise(text, folded):
    assert fold(text) == folded
    again, offsets = normalise(text)
    assert again == folded
    assert len(offsets) == len(folded) + 1
    assert offsets[-1] == len(text)


def test_offsets_lead_back_into_the_original():
    text = "この件は 社\u200b 外 ﾃﾞｰﾀ です"
    folded, offsets = normalise(text)
    at = folded.index("データ")
    assert text[offsets[at] : offsets[at + 3]].strip() == "ﾃﾞｰﾀ"


def test_a_word_in_two_alphabets_is_latin_and_a_russian_one_stays():
    assert fold("С\u043enfidential") == "Confidential"
    assert fold("совершенно секретно") == "совершенно секретно"
    assert normalise("С\u043enfidential 社外秘")[0] == fold("С\u043enfidential 社外秘")


POOL = (
    "（Ａ１　！～｢ｰ゙ﾊﾟﾊ  \t\n日本語かなカナｶﾅabcXYZaеоpα\u00ad\u200b\ufe0f髙﨑‐―’“〜ﾞ゛𠮷𝐀①㈱\u3099\u0301ά\ud800"
)


def plainly(text: str) -> str:
    """What `fold` is, without its short cuts."""
    text = unicodedata.normalize("NFKC", folding._DROP.sub("", text)).translate(folding._FOLDING)
    gap = f"(?<={folding._JAPANESE})[ \t]+(?={folding._JAPANESE})"
    return re.sub(gap, "", folding._one_script(text))


@given(st.lists(st.sampled_from(POOL), max_size=500).map("".join))
@settings(max_examples=150, deadline=None)
def test_short_cuts_change_nothing(text):
    assert fold(text) == plainly(text)


@pytest.mark.parametrize("start", range(0, 0x110000, 0x11000))
def test_short_cuts_change_no_character_of_a_long_text(start):
    chance = random.Random(start)
    special = [ord(c) for c in "\u00ad\u200b\ufeff\u2010\u2212\u3164\u0410\u03b1\u0261髙侮福"]
    codes = [c for c in special if start <= c < start + 0x11000]
    for code in [*codes, *(start + chance.randrange(0x11000) for _ in range(60))]:
        text = "日本語 の テキスト。\n" * 25 + chr(code)
        assert fold(text) == plainly(text), hex(code)


def naively(text: str) -> str:
    """Look-alikes replaced, word by word."""
    foreign = "\u0370-\u03ff\u0400-\u052f\u0261"

    def latin(match: re.Match[str]) -> str:
        word = match[0]
        mixed = re.search(f"[{foreign}]", word) and re.search("[A-Za-z]", word)
        return "".join(folding._ALIKE.get(c, c) for c in word) if mixed else word

    return re.sub(f"[A-Za-z{foreign}]+", latin, text)


@given(st.lists(st.sampled_from("aZ9 あаеοαɡΩЖ_-\n"), max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_words_in_two_alphabets_are_found_from_their_foreign_letters(text):
    assert folding._one_script(text) == naively(text)


def test_characters_that_are_thought_to_be_stable_are():
    """NFKC may be done piece by piece where nothing on either side of the cut can become one."""
    seconds = {
        chr(int(pieces[1], 16))
        for code in range(0x110000)
        if len(pieces := unicodedata.decomposition(chr(code)).split()) == 2 and pieces[0][0] != "<"
    }
    stable = [c for c in map(chr, range(0x110000)) if not folding._UNSTABLE.fullmatch(c)]
    assert len(stable) > 25_000
    assert [c for c in stable if unicodedata.normalize("NFKC", c) != c] == []
    assert [c for c in stable if unicodedata.combining(c) or c in seconds] == []


def test_a_long_word_in_another_alphabet_is_read_once():
    assert folding._one_script("ж" * 300_000) == "ж" * 300_000
