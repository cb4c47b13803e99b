"""The words of letters about held mail, in both languages."""

import pytest

from filters.examined import Summary
from quarantine.letters.held import LISTED, Wish, locked, outcome, requested
from quarantine.requests import Request
from tests.quarantine.items import item

HELD = item(
    "taro@example.jp", "secret@example.jp", direction="inbound",
    summary=Summary("見積書 www.evil.example", "a@evil.example", "", "", attachments=("a.zip",)),
)  # fmt: skip


def request(state: str = "open", answer: str = "") -> Request:
    return Request(HELD.id, "taro", "default", 1.0, "please http://x.example", state, answer, None)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_letter_names_other_recipients_or_carries_a_link_of_the_mail(language: str) -> None:
    letters = [
        locked(HELD, language, "https://c.example"),
        outcome(request("released"), HELD, language),
        outcome(request("refused", "no\nBcc: x"), HELD, language),
        requested([Wish(request(), HELD, "Taro")] * (LISTED + 2), language, "https://c.example"),
    ]
    for letter in letters:
        assert "secret@" not in letter.text
        assert "www.evil" not in letter.text
        assert "x.example" not in letter.text
        assert "\n" not in letter.subject
        assert letter.text.count("://") <= 1
    assert "no Bcc: x" in letters[2].text
    assert letters[3].text.count("[at]evil") == LISTED
