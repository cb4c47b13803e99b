"""Both languages say everything, and templates say nothing that is not in the table."""

import re
from pathlib import Path
from string import Formatter

import pytest

from console.words import WORDS, known, preferred, words
from directory.passwords import weaknesses
from directory.people import Role
from quarantine.item import Event, State, Status

CONSOLE = Path(__file__).parents[2] / "console"
SOURCES = "\n".join(p.read_text() for p in [*CONSOLE.rglob("*.html"), *CONSOLE.rglob("*.py")])


def test_both_languages_have_every_sentence_with_the_same_placeholders() -> None:
    for key, (ja, en) in WORDS.items():
        assert ja.strip(), key
        assert en.strip(), key
        assert fields(ja) == fields(en), key
        assert not re.search(r"[ぁ-ん]", en) or key == "language_other", key


def fields(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_templates_use_known_words_only() -> None:
    used = set(re.findall(r"""\bt\(\s*["']([a-z0-9_]+)["']\s*[,)]""", SOURCES))
    assert used
    assert used <= set(WORDS), used - set(WORDS)


def test_no_word_is_there_for_nothing() -> None:
    made = tuple(
        f"{p}_" for p in ("direction", "state", "recipient", "rewrite", "event", "role", "scope", "status", "error", "did", "password", "passphrase", "detail", "waiting_is", "waiting_says", "unlock",
            "got", "list", "kind", "trait", "verdict", "source", "done", "trust",)
    )  # fmt: skip

    def needed(key: str) -> bool:
        base = key.removesuffix("_lead")
        return key.startswith(made) or (base != key and needed_by_name(base)) or needed_by_name(key)

    def needed_by_name(key: str) -> bool:
        return re.search(rf"""["']{key}["']""", SOURCES) is not None

    assert [k for k in WORDS if not needed(k)] == []


def test_names_from_data_have_words() -> None:
    for prefix, names in (("state", State), ("recipient", Status), ("event", Event), ("role", Role)):
        for name in names:
            assert known("ja", prefix, name.value) != name.value, (prefix, name)
    assert known("en", "event", "unheard_of") == "unheard_of"
    for reason in weaknesses("", []) + weaknesses("aaaa1984hanako", ["hanako"]):
        assert reason in WORDS


def test_an_unknown_word_is_an_error() -> None:
    with pytest.raises(KeyError):
        words("ja", "no_such_word")


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "ja"), ("en", "en"), ("en-US,en;q=0.9,ja;q=0.8", "en"), ("fr,ja;q=0.3", "ja"), ("fr", "ja"),
     ("ja;q=0.2,en;q=0.9", "en"), ("en;q=zz", "ja"), ("," * 5000, "ja")],
)  # fmt: skip
def test_the_browsers_preference(header: str, language: str) -> None:
    assert preferred(header) == language
