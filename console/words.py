"""The console's words: one table, each key with its Japanese and its English sentence (words.toml)."""

import tomllib
from collections.abc import Mapping
from importlib import resources

LANGUAGES = ("ja", "en")
WORDS: Mapping[str, tuple[str, str]] = {
    key: (ja, en)
    for key, (ja, en) in tomllib.loads(
        resources.files("console").joinpath("words.toml").read_text("utf-8")
    ).items()
}


def words(language: str, key: str, /, **values: object) -> str:
    """The sentence for a key with its {placeholders} filled. Raises KeyError for an unknown key."""
    sentence = WORDS[key][LANGUAGES.index(language)]
    return sentence.format(**values) if values else sentence


def known(language: str, prefix: str, key: str) -> str:
    """The word for a name that comes from data, such as a state or an event; the name itself when there is none."""
    found = WORDS.get(f"{prefix}_{key}")
    return found[LANGUAGES.index(language)] if found else key


def preferred(accept_language: str) -> str:
    """The best of our languages for an Accept-Language header (RFC 9110 §12.5.4); Japanese when it says nothing."""
    best, quality = "ja", -1.0
    for choice in accept_language[:200].split(","):
        tag, _, parameter = choice.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        try:
            q = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if language in LANGUAGES and q > quality:
            best, quality = language, q
    return best
