"""A pseudo-language for tests ("qps"): the English files with every letter replaced by one that looks like it.

What still stands there in plain letters was not said by the language files: it is data, or a sentence in code.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from config.words import LANGUAGES, Language, Sentence, read

TAG = "qps"
_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ",
)
_WIDE = re.compile(r"[\u3041-\u30fe\u4e00-\u9fff]")
_PLAIN = re.compile(r"[A-Za-z]{2,}|[\u3041-\u30fe\u4e00-\u9fff]+")


def pseudo(text: str) -> str:
    """The text in the pseudo-language; placeholders and escapes stay."""
    return "".join(
        part if part.startswith("{") else _WIDE.sub("◇", part).translate(_LETTERS)
        for part in re.split(r"(\{[^}]*\})", text)
    )


def write(folder: Path) -> Path:
    """The files of the pseudo-language, as somebody would write them who adds a language."""
    place = folder / TAG
    place.mkdir(parents=True)
    for topic, sentences in topics(LANGUAGES["en"]).items():
        lines = [f"{_key(key)} = {_toml(sentence, topic, key)}" for key, sentence in sentences.items()]
        (place / f"{topic}.toml").write_text("\n".join(lines) + "\n", "utf-8")
    return place


def topics(language: Language) -> Mapping[str, dict[str, Sentence]]:
    found: dict[str, dict[str, Sentence]] = {}
    for key, sentence in language.sentences.items():
        topic, _, rest = key.partition(".")
        found.setdefault(topic, {})[rest] = sentence
    return found


def language(folder: Path) -> Language:
    """The pseudo-language, read from its files."""
    return read(write(folder))


def plain(text: str) -> set[str]:
    """The words in plain letters that a text has."""
    return set(_PLAIN.findall(text))


def _key(key: str) -> str:
    return ".".join(json.dumps(part) for part in key.split("."))


def _toml(sentence: Sentence, topic: str, key: str) -> str:
    if isinstance(sentence, dict):
        return (
            "{ " + ", ".join(f"{form} = {_toml(text, topic, key)}" for form, text in sentence.items()) + " }"
        )
    kept = topic == "language" and key in ("forms", "plural")
    return json.dumps(sentence if kept else pseudo(sentence), ensure_ascii=False)
