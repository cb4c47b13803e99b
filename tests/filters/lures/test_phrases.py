"""Phrases of the lists of lures."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.words import known
from filters.lures.phrases import ASKS, FAMILIES, NEAR, Pair, Phrase, Words, phrases, plain, plain_of
from mail.charset import fold


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
        assert known("ja", f"values.{'asks' if family.name in ASKS else 'theme'}.{family.name}")
        for phrase in (*family.strong, *family.mild, *family.weak):
            assert isinstance(phrase, Phrase)
            assert all(phrase.pieces), phrase
            assert phrase.found("".join(phrase.pieces)) == "".join(phrase.pieces)


def test_weak_words_count_from_three() -> None:
    notice = FAMILIES["notice"]
    assert not notice.found("invoice and payment")
    assert len(notice.found("invoice, payment and delivery")) == 3


def pair(text: str, *, apart: int = NEAR) -> str:
    one, other = (
        Words(found, frozenset(p.pieces[0] for p in found), {found[0].pieces[0]: (0,)})
        for found in (phrases(["account"]), phrases(["suspend"]))
    )
    return Pair(one, other, apart).found(text)


def test_two_concepts_in_one_sentence_are_found_in_either_order() -> None:
    assert pair("your account was suspended") == "account was suspend"
    assert pair("we suspended that account") == "suspended that account"


@pytest.mark.parametrize(
    "text",
    [
        "your account. we suspend",
        "account\nsuspended",
        "account | suspend",
        "account " + "x" * 50 + " suspend",
        "myaccount suspended",
        "account",
    ],
)
def test_concepts_that_stand_apart_do_not_count(text: str) -> None:
    assert not pair(text)


def test_some_concepts_may_stand_anywhere() -> None:
    assert pair("the account. " + "x" * 500 + "\nsuspended", apart=0) == "account"


def test_ordinary_words_are_hints_only() -> None:
    assert FAMILIES["notice"].hints_in("your invoice") == ["your invoice"]
    assert not FAMILIES["notice"].strong_in("your invoice")


def test_every_concept_is_in_the_set_that_is_looked_for() -> None:
    for family in FAMILIES.values():
        for one in family.pairs:
            for phrase in (*one.one, *one.other, *(phrase for words in one.more for phrase in words)):
                assert phrase.pieces[0] in family.all_firsts
                assert len(phrase.pieces) == 1, phrase


POOL = "  \t\n日本語かなカナｶﾅabcXYZaеоpα\u00ad\u200b髙﨑‐―’“〜ﾞ゛㈱\u3099\u309a\u0301άéßİΣς"


@given(st.lists(st.sampled_from(POOL), max_size=300).map("".join))
@settings(max_examples=300, deadline=None)
def test_a_folded_text_is_not_folded_again_where_that_changes_nothing(text: str) -> None:
    folded = fold(text).lower()
    assert plain_of(folded) == plain(folded)
