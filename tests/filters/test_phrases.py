"""Phrases of the lists of lures."""

import pytest

from filters.phrases import FAMILIES, Phrase, phrases, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Vérify  yоur АCCOUNT".replace("А", "A"), "verify your account"), ("ア カ ウ ン ト", "アカウント"), ("ｱｶｳﾝﾄ", "アカウント"), ("Größe", "grosse"), ("Москва", "москва"), ("ガ", "ガ")],
)  # fmt: skip
def test_the_plain_form(text: str, expected: str) -> None:
    assert plain(text) == expected


def found(phrase: str, text: str, *, whole: bool = False) -> str:
    (one,) = phrases([phrase], whole=whole)
    return one.found(text)


def test_a_star_stands_for_a_few_characters_of_one_line() -> None:
    assert found("アカウント*停止", "アカウントは本日停止されます") == "アカウントは本日停止"
    assert not found("アカウント*停止", "アカウント" + "あ" * 16 + "停止")
    assert not found("アカウント*停止", "アカウント\n停止")


def test_latin_words_begin_as_words_and_weak_ones_end_as_words() -> None:
    assert not found("irs", "first")
    assert found("deal", "a dealing")
    assert not found("deal", "a dealing", whole=True)
    assert found("deal", "a deal.", whole=True)
    assert found("invest*", "investing", whole=True)


def test_a_later_place_is_found_when_the_first_does_not_fit() -> None:
    assert found("act now", "react now, act now") == "act now"


def test_every_list_is_in_plain_form_and_every_phrase_finds_itself() -> None:
    for family in FAMILIES.values():
        assert family.ja
        assert family.en
        for phrase in (*family.strong, *family.weak):
            assert isinstance(phrase, Phrase)
            assert all(phrase.pieces), phrase
            assert phrase.found("".join(phrase.pieces)) == "".join(phrase.pieces)


def test_weak_words_count_from_three() -> None:
    notice = FAMILIES["notice"]
    assert not notice.found("invoice and payment")
    assert len(notice.found("invoice, payment and delivery")) == 3
