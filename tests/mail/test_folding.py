import pytest

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
