"""What can be a passphrase."""

import pytest

from filters.detect.passphrase_words import bare, file_named, is_password, kinds, narrow


@pytest.mark.parametrize("word", ["sakura-Tokyo-42", "Kx8mPq2z", "kaisha2026", "AOBA-7"])
def test_words_of_several_kinds(word: str) -> None:
    assert is_password(word, announced=True)


@pytest.mark.parametrize(
    "word",
    [
        "meisai.zip",
        "password",
        "https://x.example/a1",
        "a1@x.example",
        "Fail:",
        "v1.2",
        "../src/main2.c",
        r"C:\a\2026",
    ],
)
def test_files_places_and_versions_are_none(word: str) -> None:
    assert not is_password(word, announced=True)


def test_digits_are_one_only_where_one_is_announced() -> None:
    assert is_password("48291", announced=True)
    assert not is_password("48291", announced=False)


def test_what_stands_around() -> None:
    assert bare("「(Ab12)".removeprefix("「")) == "Ab12"
    assert bare("again?") == "again"
    assert kinds("aA1!") == 4
    assert narrow("ＰＷ：１２") == "PW:12"
    assert file_named("「仕入先一覧.zip」の") == "仕入先一覧.zip"
    assert file_named("7z で") == ""
