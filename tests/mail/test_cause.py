"""Causes have words, and what a peer said is fit to be shown."""

from config.words import LANGUAGES
from mail.cause import Cause, one_line


def test_every_cause_has_words_and_a_remedy_in_every_language_and_no_word_is_left_over() -> None:
    names = {cause.value for cause in Cause}
    for tag, language in LANGUAGES.items():
        for topic in ("cause", "remedy"):
            start = f"values.{topic}."
            told = {key.removeprefix(start) for key in language.sentences if key.startswith(start)}
            assert told == names, (tag, topic)


def test_one_line() -> None:
    assert one_line("a\r\n b\x00\u202ec  d") == "a b c d"
    assert one_line("x" * 500) == "x" * 200
    assert one_line("abc", 2) == "ab"


def test_who_has_no_session_makes_all_mail_wait() -> None:
    assert Cause.named("certificate_expired") is Cause.CERTIFICATE_EXPIRED
    assert Cause.named("") is Cause.named("of_a_later_version") is None
    assert Cause.CERTIFICATE_EXPIRED.of_host
    assert Cause.CONNECTION_REFUSED.of_host
    assert not Cause.TOLD_TO_WAIT.of_host
    assert not Cause.CONTENT_DAMAGED.of_host
