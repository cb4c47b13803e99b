"""Which words are tried as passphrases, how often, and that none are shown."""

import pytest

from filters.extract.keys import AGREED, SLOW, Keys, written


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("パスワードは Kana-2231 です", "Kana-2231"),
        ("解凍パスワード：「abcd1234」", "abcd1234"),
        ("Password: s3cret!x", "s3cret!x"),
        ("PW:hello99.", "hello99"),
        ("パスワードを下記に記載します。\n\n  Zq7!kk-2\n", "Zq7!kk-2"),
        ("the pass\nis <open-1>", "open-1"),
    ],
)
def test_words_near_a_word_for_passphrase(text: str, word: str) -> None:
    assert word in written(text)


def test_other_words_do_not_count_and_there_are_never_too_many() -> None:
    assert written("see https://x.example/ and call 03-1234-5678") == []
    assert len(written("password: " + " ".join(f"word{n}" for n in range(999)) * 5)) <= 20


def test_attempts_are_counted_for_the_whole_mail() -> None:
    keys = Keys(lambda: [(f"w{n}", AGREED) for n in range(50)], attempts=10)
    assert len(list(keys.each())) == 10
    assert list(keys.each()) == []
    assert len(list(Keys(lambda: [(f"w{n}", AGREED) for n in range(50)]).each(cost=SLOW))) == 12


def test_what_opened_one_file_is_tried_first_on_the_next() -> None:
    keys = Keys(lambda: [("a", AGREED), ("b", AGREED)])
    list(keys.each())
    keys.learnt("b", AGREED)
    assert next(keys.each())[0] == "b"


def test_the_candidates_are_not_shown() -> None:
    assert "secret" not in repr(Keys(lambda: [("secret", AGREED)]))
