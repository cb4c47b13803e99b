"""What we write about reported mail."""

import pytest

from config.words import say
from filters.examined import Summary
from quarantine.letters.reported import Wave, alert, outcome, thanks

WAVE = Wave(
    Summary("至急 www.evil.example を確認", "bank@evil.example", "銀行\u202e"),
    1_780_000_000.0,
    1_780_090_000.0,
)


CONDUCT = {"ja": "返信しない。", "en": "Do not enter IDs"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_alert_says_which_mail_what_not_to_do_and_whom_to_ask(language: str) -> None:
    letter = alert(WAVE, language, mail_id="m1", line="経理は特に注意", contact="内線 1234")
    for words in (
        "内線 1234",
        "経理は特に注意",
        "bank[at]evil[.]example",
        {
            "ja": "2026年5月29日 05:26～2026年5月30日 06:26",
            "en": "29 May 2026, 05:26 to 30 May 2026, 06:26",
        }[language],
        say(language, "letters.alert.recipient.conduct", contact="内線 1234").strip(),
    ):
        assert words in letter.text


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("verdict", ["dangerous", "spam", "harmless"])
def test_a_reporter_hears_the_outcome(language: str, verdict: str) -> None:
    letter = outcome(
        WAVE, language, mail_id="m1", verdict=verdict, note="ありがとう", alerted=True, contact=""
    )
    assert say(language, f"letters.outcome.reporter.{verdict}") in letter.text
    assert "ありがとう" in letter.text
    assert (CONDUCT[language] in letter.text) == (verdict == "dangerous")


def test_nothing_of_a_stranger_can_be_clicked_or_breaks_a_line() -> None:
    hostile = Wave(
        Summary("a\r\nBcc: x@y.example\u2028https://evil.example/x", "x@evil.example", "n\0\n"), 0.0, 0.0
    )
    for letter in (
        alert(hostile, "ja", mail_id="m1", line="", contact=""),
        thanks(hostile, "en", mail_id=""),
    ):
        assert "evil.example" not in letter.text + letter.subject
        assert "\n" not in letter.subject
        assert "\r" not in letter.subject + letter.text
        assert "\nBcc" not in letter.text


def test_a_report_that_we_cannot_place_says_how_to_do_better() -> None:
    assert say("en", "letters.report.reporter.unknown") in thanks(WAVE, "en", mail_id="").text
    assert say("en", "letters.report.reporter.unknown") not in thanks(WAVE, "en", mail_id="m1").text
    assert say("ja", "letters.mail.untitled") in thanks(Wave(Summary(), 0.0, 0.0), "ja", mail_id="m1").subject
