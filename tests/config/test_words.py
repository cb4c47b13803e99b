"""One format for everything that people read: every language has every sentence, with the same placeholders."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from config.words import (
    LANGUAGES,
    Language,
    Sentence,
    known,
    listed,
    placeholders,
    preferred,
    problems,
    read,
    say,
    when,
)


def test_every_language_says_everything_with_the_same_placeholders() -> None:
    assert {"ja", "en"} <= LANGUAGES.keys()
    assert problems(LANGUAGES) == []
    for tag, language in LANGUAGES.items():
        for key, sentence in language.sentences.items():
            for text in [sentence] if isinstance(sentence, str) else sentence.values():
                assert text.strip(), (tag, key)
                assert tag != "en" or not re.search(r"[ぁ-ん]", text), key
                assert tag != "ja" or "(s)" not in text, key
                assert tag != "en" or "(s)" not in text, key


def folder(place: Path, **topics: str) -> Path:
    place.mkdir()
    said = 'name = "x"\nforms = "one other"\nplural = "n != 1"\ncomma = ", "\n'
    for topic, text in ({"language": said} | topics).items():
        (place / f"{topic}.toml").write_text(text)
    return place


def test_a_folder_is_a_language(tmp_path: Path) -> None:
    found = read(
        folder(
            tmp_path / "xx", letters='a = "A"\n[held.sender]\nb = "{c}"\nd = { one = "1", other = "{count}" }'
        )
    )
    assert found.template("letters.a") == "A"
    assert placeholders(found.sentences["letters.held.sender.b"]) == {"c"}
    assert found.template("letters.held.sender.d", 1) == "1"
    assert found.template("letters.held.sender.d", 0) == "{count}"
    assert found.template("letters.held.sender.d") == "{count}"


@pytest.mark.parametrize("text", ["a = 1", "a = ['x', 'y']", "[a]\nb = true"])
def test_what_is_no_sentence_is_refused_with_its_key(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"letters\.a"):
        read(folder(tmp_path / "xx", letters=text))


@pytest.mark.parametrize("key", ["forms", "plural"])
def test_a_language_says_how_it_counts(tmp_path: Path, key: str) -> None:
    place = folder(tmp_path / "xx")
    lines = (place / "language.toml").read_text().splitlines()
    (place / "language.toml").write_text("\n".join(line for line in lines if not line.startswith(key)))
    with pytest.raises(ValueError, match=rf"language\.{key}"):
        read(place)


def made(**sentences: Sentence) -> Language:
    return Language({"language.forms": "one other", "language.plural": "n != 1", **sentences})


def test_what_languages_do_not_share_is_named() -> None:
    found = problems(
        {
            "aa": made(x="{a}", y="{a}", z={"one": "", "other": ""}),
            "bb": made(x="{b}", z={"other": ""}, w="{0}"),
        }
    )
    assert sorted(found) == [
        "aa: w is missing",
        "bb: w has a placeholder that is not a name",
        "bb: x has other placeholders: b",
        "bb: y is missing",
        "bb: z needs the forms one other",
    ]


def test_plural_forms_follow_gettext() -> None:
    polish = Language({
        "language.forms": "one few many other", "k": {"one": "1", "few": "2", "many": "5", "other": "x"},
        "language.plural": "n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2",
    })  # fmt: skip
    assert [polish.template("k", n) for n in (1, 3, 12, 22, 25)] == ["1", "2", "5", "2", "5"]
    assert say("en", "console.days", count=1) == "1 day"
    assert say("en", "console.days", count=2) == "2 days"


def test_an_unknown_key_language_or_placeholder_is_an_error() -> None:
    for language, key in (("ja", "console.no_such_word"), ("xx", "console.back"), ("en", "console.days")):
        with pytest.raises(KeyError):
            say(language, key)
    assert known("ja", "console.no_such_word") is None


def test_lists_and_times() -> None:
    at = datetime(2026, 5, 9, 7, 3, 5)
    assert listed("ja", ["甲", "乙"]) == "甲、乙"
    assert listed("en", ["a", "b"]) == "a, b"
    assert when("ja", "moment", at) == "2026年5月9日 07:03"
    assert when("en", "exact", at) == "9 May 2026, 07:03:05"
    assert when("en", "hour", at) == "07:03 on 9 May"


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "ja"), ("en", "en"), ("en-US,en;q=0.9,ja;q=0.8", "en"), ("fr,ja;q=0.3", "ja"), ("fr", "ja"),
     ("ja;q=0.2,en;q=0.9", "en"), ("en;q=zz", "ja"), ("EN-gb", "en"), ("en;q=0", "ja"), ("," * 5000, "ja")],
)  # fmt: skip
def test_the_browsers_preference(header: str, language: str) -> None:
    assert preferred(header, "ja") == language
