"""The letter about a next hop that keeps mail waiting."""

import pytest

from config.words import LANGUAGES
from mail.cause import Cause
from quarantine.letters.stuck import stuck
from quarantine.queue.stuck import Stuck

AT = 1_780_023_600.0


@pytest.mark.parametrize("cause", list(Cause))
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_what_an_operator_needs(cause: Cause, language: str) -> None:
    one = Stuck("default", "relay:25", cause.of_host, cause.value, 12, AT, AT)
    letter = stuck(one, language, timezone="Asia/Tokyo", console="https://c.example")
    words = LANGUAGES[language].sentences
    for told in (
        "relay:25",
        "12",
        words[f"values.cause.{cause}"],
        words[f"values.remedy.{cause}"],
        "https://c.example/",
    ):
        assert str(told) in letter.text
    assert "{" not in letter.text + letter.subject


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_without_a_next_hop_and_without_items(language: str) -> None:
    none = stuck(Stuck("t", "", True, "no_route", 1, AT, AT), language, timezone="Asia/Tokyo", console="")
    assert str(LANGUAGES[language].sentences["letters.stuck.postmaster.none"]) in none.subject
    arriving = stuck(Stuck("t", "m:24", True, "no_answer", 0, AT, AT), language, timezone="UTC", console="")
    assert "451" in arriving.text
    unheard = stuck(
        Stuck("t", "m:24", False, "of_a_later_version", 2, AT, AT), language, timezone="UTC", console=""
    )
    assert "of_a_later_version" in unheard.text
