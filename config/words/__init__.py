"""Everything that people read, by language: `config/words/LANGUAGE/TOPIC.toml`. A language is known when its folder
exists. May open: its own files, when it is imported.

A key is the topic and the path in the file: `[held.sender] subject = …` in letters.toml is "letters.held.sender.subject".
A sentence has {placeholders}, the same in every language. Where a number changes the words, the sentence is a table with
one entry for each form that `language.toml` names; the number is the placeholder `count`:

    days = { one = "{count} day", other = "{count} days" }

`language.toml` says how the language writes itself: its own name, its plural forms (the Plural-Forms of GNU gettext),
dates, lists and brackets. All files are read once, at import: the processes that look at mail can open no file later.

Diagnostics: a sentence that one language lacks, or that has other placeholders there, is a ValueError at the first import
that names language and key.
"""

import gettext
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any

from config.problems import BrokenFiles, Source

FORMS = ("zero", "one", "two", "few", "many", "other")
"""The names of plural forms (Unicode CLDR); a table with "other" is one sentence."""

Sentence = str | dict[str, str]


class Language:
    """One language: its sentences by key, and which of its plural forms a number takes."""

    def __init__(self, sentences: dict[str, Sentence]) -> None:
        self.sentences = sentences
        self.forms = tuple(_text(sentences, "language.forms").split())
        self.which: Callable[[int], int] = gettext.c2py(_text(sentences, "language.plural"))
        self.replies_in_ascii = all(
            str(words).isascii() for key, words in sentences.items() if key.startswith("replies.smtp.")
        )

    def template(self, key: str, count: object = None) -> str:
        """The sentence with its placeholders, in the form for `count`. Raises KeyError for an unknown key."""
        sentence = self.sentences[key]
        if isinstance(sentence, str):
            return sentence
        return sentence[self.forms[self.which(count)] if isinstance(count, int) else "other"]


def say(language: str, key: str, /, **values: object) -> str:
    """The sentence for a key with its placeholders filled. Raises KeyError for an unknown language, key or placeholder."""
    return fill(language, key, values)


def fill(language: str, key: str, values: Mapping[str, object]) -> str:
    """As `say`, with values that bring their own answer for what is missing."""
    return LANGUAGES[language].template(key, values.get("count")).format_map(values)


def known(language: str, key: str, values: Mapping[str, object] | None = None) -> str | None:
    """The sentence for a key that comes from data, such as a state or a role; None when there is none."""
    return (
        fill(language, key, {} if values is None else values)
        if key in LANGUAGES[language].sentences
        else None
    )


def listed(language: str, items: Iterable[str]) -> str:
    """Several things as one text, put together as the language does it."""
    return say(language, "language.comma").join(items)


def when(language: str, key: str, at: datetime) -> str:
    """A point in local time by one of the patterns of language.toml: "moment", "exact" (with seconds), "hour",
    "day", "date" (without the year), "month", "zoned" (with the offset from UTC, for readers who may be travelling; `at` knows its zone)."""
    return say(
        language, f"language.{key}",
        year=at.year, month=say(language, f"language.months.{at.month}"), day=at.day,
        hour=f"{at:%H}", minute=f"{at:%M}", second=f"{at:%S}", offset=f"{at:%z}",
    )  # fmt: skip


def preferred(accept_language: str, otherwise: str) -> str:
    """The best of our languages for an Accept-Language header (RFC 9110 §12.5.4, matched as RFC 4647 §3.4 says);
    `otherwise` when it names none of them."""
    ours = {tag.lower(): tag for tag in LANGUAGES}
    best, quality = otherwise, 0.0
    for choice in accept_language[:200].split(","):
        tag, _, parameter = choice.strip().partition(";")
        try:
            q = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        subtags = tag.strip().lower().split("-")
        found = next(
            (ours[t] for n in range(len(subtags), 0, -1) if (t := "-".join(subtags[:n])) in ours), ""
        )
        if found and q > quality:
            best, quality = found, q
    return best


def replying_in_ascii(languages: Sequence[str]) -> str:
    """The first of these languages, else of all, whose SMTP replies are US-ASCII; "" when there is none."""
    return next((tag for tag in (*languages, *LANGUAGES) if LANGUAGES[tag].replies_in_ascii), "")


def placeholders(sentence: Sentence) -> set[str]:
    """The placeholders of a sentence, in any of its forms, as "name" or "name:table". Raises ValueError for a broken one."""
    texts = [sentence] if isinstance(sentence, str) else sentence.values()
    found = [
        (name, table) for text in texts for _, name, table, _ in Formatter().parse(text) if name is not None
    ]
    return {f"{name}:{table}" if table else name for name, table in found}


def read(folder: Traversable) -> Language:
    """A language from the files of its folder. Raises ValueError."""
    sentences: dict[str, Sentence] = {}
    for file in folder.iterdir():
        if file.name.endswith(".toml"):
            topic = file.name.removesuffix(".toml")
            source = Source(f"config/words/{folder.name}/{file.name}", file.read_text("utf-8"))
            if source.problems:
                raise BrokenFiles(source.problems)
            sentences |= _flat(topic, source.table)
    return Language(sentences)


def problems(languages: Mapping[str, Language]) -> list[str]:
    """Where the languages do not say the same: missing sentences, other placeholders, missing plural forms."""
    found = []
    every = {key for language in languages.values() for key in language.sentences}
    meant: dict[str, set[str]] = {}
    for tag, language in languages.items():
        found += [f"{tag}: {key} is missing" for key in sorted(every - language.sentences.keys())]
        for key, sentence in language.sentences.items():
            names = placeholders(sentence)
            if names != meant.setdefault(key, names):
                found.append(f"{tag}: {key} has other placeholders: {', '.join(sorted(names))}")
            if isinstance(sentence, dict) and set(language.forms) != sentence.keys():
                found.append(f"{tag}: {key} needs the forms {' '.join(language.forms)}")
            if not all(part.isidentifier() for name in names for part in name.split(":")):
                found.append(f"{tag}: {key} has a placeholder that is not a name")
    return found


def _flat(path: str, table: dict[str, Any]) -> dict[str, Sentence]:
    found: dict[str, Sentence] = {}
    for name, value in table.items():
        key = f"{path}.{name}"
        if isinstance(value, str) or (
            isinstance(value, dict) and "other" in value and set(value) <= set(FORMS)
        ):
            found[key] = value
        elif isinstance(value, dict):
            found |= _flat(key, value)
        else:
            raise ValueError(f"{key} is neither a sentence nor a table of sentences")
    return found


def _text(sentences: dict[str, Sentence], key: str) -> str:
    text = sentences.get(key)
    if not isinstance(text, str):
        raise ValueError(f"{key} is missing")
    return text


def _all() -> dict[str, Language]:
    folders = sorted(
        (f for f in files(__package__).iterdir() if f.joinpath("language.toml").is_file()),
        key=lambda f: f.name,
    )
    found = {folder.name: read(folder) for folder in folders}
    if wrong := problems(found):
        raise BrokenFiles([f"config/words/{problem}" for problem in wrong])
    return found


LANGUAGES: dict[str, Language] = _all()
"""Every language that has files, by its tag (RFC 5646)."""
