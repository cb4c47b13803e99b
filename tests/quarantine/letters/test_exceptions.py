"""The letter about exceptions that end."""

import pytest

from config.words import LANGUAGES
from quarantine.letters.exceptions import LISTED, ends
from quarantine.policies.counts import Month
from quarantine.policies.exceptions import SeenException

ONE = SeenException(
    "many_external", "同窓会報", {"from": "hr"}, "observe", "hanako", "shacho", "全員の同意あり http://x.example/",
    "2026-12-05", 5, (Month("2026-11", 3, "2026-11-29"),),
)  # fmt: skip


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_it_says_which_until_when_why_and_who(language: str) -> None:
    letter = ends([ONE], language, "https://c.example/exceptions")
    for told in (
        "many_external",
        "同窓会報",
        "hanako",
        "shacho",
        "全員の同意あり",
        "5",
        "3",
        "c.example/exceptions",
    ):
        assert told in letter.text
    assert "http://x.example" not in letter.text
    assert "{" not in letter.text + letter.subject
    assert "https://" not in ends([ONE], language, "").text, "no page for who may not see it"


def test_one_that_is_over_says_so_and_many_are_not_all_named() -> None:
    over = SeenException("r", "n", {}, "observe", "a", "b", "c", "2026-11-29", -1)
    text = ends([over] * (LISTED + 2), "en", "").text
    assert text.count("Ended: its last day was 29 Nov 2026") == LISTED
    assert "and 2 more exceptions" in text
    assert "期限切れ：2026年11月29日まで" in ends([over], "ja", "").text
