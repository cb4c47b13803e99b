"""IN-LANGUAGE: invisible characters inside words; texts both ways are in test_language.py."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u200c", "\u2060", "\ufeff", "\u034f", "\u00ad", "\u200b\u200d\u2060"]
)
def test_three_cut_words_weigh_two_and_are_made_visible(unseen: str) -> None:
    (finding,) = look("hidden_characters", mail(f"con{unseen}firm yo{unseen}ur pay{unseen}ment"))
    assert finding.weight == 2
    assert f"<{ord(unseen[0]):04X}>" in finding.evidence[0].quote
    assert not look("hidden_characters", mail(f"con{unseen}firm the payment"))


def test_text_in_tag_characters_weighs_three() -> None:
    assert weight("hidden_characters", mail("x\U000e0068\U000e0069")) == 3


def test_padding_of_a_preview_is_not_a_word() -> None:
    assert not look(
        "hidden_characters", mail("新着情報" + "\u034f \u200c \u00a0\ufeff \u00ad" * 80 + "をお届けします。")
    )


def test_a_page_full_of_them_is_read_to_its_end() -> None:
    """Finishing is the assertion: a pattern that backtracks would need hours."""
    look("hidden_characters", mail("a\u200b" * 100_000))
    look("hidden_characters", mail("漢\u200b" * 100_000))
