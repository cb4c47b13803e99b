"""IN-LANGUAGE: placeholders left over."""

import pytest

from tests.filters.inbound.arriving import look, mail


@pytest.mark.parametrize(
    "hole",
    [
        "{firstname}",
        "{{FIRST_NAME}}",
        "%random8_3%",
        "*|MC:SUBJECT|*",
        "A[RAND_LETTER-LOW_0]ma",
        "${email}",
        "[your-name]",
        "{numero}{4}",
    ],
)
def test_a_hole_in_the_text_is_seen(hole: str) -> None:
    (finding,) = look("unfilled_template", mail(f"Hello {hole}, welcome"))
    assert finding.evidence[0].offset == 6 + (1 if hole.startswith("A") else 0)


@pytest.mark.parametrize(
    "text",
    [
        "[Razor-users] patch",
        "array[name]",
        "f(x) = {x | x > 0}",
        "100%の品質",
        "[code] see below",
        "{Desktop link}",
        "printf(%d)",
    ],
)
def test_brackets_of_other_kinds_pass(text: str) -> None:
    assert not look("unfilled_template", mail(text))


def test_single_words_in_brackets_count_in_the_subject() -> None:
    assert look("unfilled_template", mail(subject="ご確認 [TIME]"))
