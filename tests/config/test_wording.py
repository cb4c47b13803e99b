"""Words that readers of both languages found quaint, unclear or inconsistent stay out of the language files.

docs/glossary.md has the terms that are used instead.
"""

import re

import pytest

from config.policy import Policy
from config.words import LANGUAGES
from directory.account import Role

BANNED = {
    "ja": (
        r"[()]", r"[^\d}]:(?!//)",  # brackets and colons are full-width in Japanese
        "取り止め", "取りやめ", "解放", "隔離を解", "お届け", "配送", "利用者ファイル", "封筒", "の長(?!さ)",
        "受け取りを断", "その方法では", "一時的に受け取れません", "印を付け", "貴社内",
    ),
    "en": (
        "stop the clock", "yes, do it", "needs? a look", "waiting for me", "mails? that waits?", "do not agree",
        "just now", "on record", "whom to trust$", "already left", r"\(s\)", "bears? the mark", r"\banew\b", "take it back",
        "taken back", r"\btype (the|it|a)\b", "locked file", "looked at", "stands? at the top", "people file",
        "told? it by", "what acts", "it was we", "somebody acts",
    ),
}  # fmt: skip

TAGS = [tag for tag in LANGUAGES if tag in BANNED]


def sentences(tag: str) -> list[tuple[str, str]]:
    """(key, words without the names of what is filled in); thousands of them, which is why a test has a whole language."""
    return [
        (key, re.sub(r"\{\w+(:\w+)?\}", "{}", text))
        for key, sentence in LANGUAGES[tag].sentences.items()
        if not key.startswith("language.")
        for text in ([sentence] if isinstance(sentence, str) else sentence.values())
    ]


@pytest.mark.parametrize("tag", TAGS)
def test_no_sentence_has_a_banned_word(tag: str) -> None:
    said = sentences(tag)
    assert len(said) > 1000
    assert not [
        (key, word) for key, plain in said for word in BANNED[tag] if re.search(word, plain, re.IGNORECASE)
    ]


@pytest.mark.parametrize("tag", TAGS)
def test_no_sentence_shows_a_key_or_a_control(tag: str) -> None:
    said = sentences(tag)
    assert not [key for key, plain in said if "department_head" in plain]
    assert not [key for key, plain in said if re.search(r"\b(IN|OUT|OPS)-[A-Z]", plain)]


def test_every_role_that_can_be_asked_has_a_name() -> None:
    classes = {c.approver for c in Policy().organisation.classes if c.approver}
    for tag, language in LANGUAGES.items():
        for role in {*(r.value for r in Role), "department_head", *classes}:
            assert f"values.role.{role}" in language.sentences, (tag, role)


def test_the_banned_words_would_be_found() -> None:
    for tag, text in (
        ("ja", "隔離を解く"),
        ("ja", "件名(任意)"),
        ("en", "Yes, do it"),
        ("en", "2 recipient(s)"),
    ):
        assert [word for word in BANNED[tag] if re.search(word, text, re.IGNORECASE)], text
