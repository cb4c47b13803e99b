"""The letter with a month's figures."""

import pytest

from config.words import LANGUAGES
from quarantine.letters.review import monthly
from quarantine.review.sections import review
from tests.quarantine.review.figures import FIGURES


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_the_whole_report_as_text_and_as_a_page(language: str) -> None:
    told = review(FIGURES, "Hinode", language)
    letter = monthly(told, FIGURES.month)
    assert told.title in letter.subject
    assert "many_external" in letter.text
    assert "many_external" in letter.html
    assert letter.html.count("</body>") == 1
    for each in (letter.text, letter.html):
        assert "sekisho report --csv --month 2026-11" in each
