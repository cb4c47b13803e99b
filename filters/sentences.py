"""What findings say to people: the rule's sentence (config/words/*/rules.toml) with the finding's values.

`{name}` is a value as it stands. `{what:damaged}` is a value that has words in [damaged] of values.toml;
several values stand on a line each. A value without words stands for itself: it may be a class of the
organisation's own. A table with the word `unlisted` is closed: that word stands for all other values, and for
an empty one. In other tables an empty value is the word `default`, or nothing.
"""

import re
from collections.abc import Iterable

from config.approval import all_spoken
from config.words import fill, known, listed, say
from filters.examined import UNEXAMINABLE
from filters.finding import Finding
from filters.places import place

_PLACE = re.compile(r"\d|header:")
"""How the path of a part begins (Evidence.part)."""


class _Value(str):
    """A value of a finding that knows its words when a sentence asks for them."""

    __slots__ = ("words",)
    words: "_Values"

    def __format__(self, table: str) -> str:
        if not table:
            return str(self)
        language = self.words.language
        parts = [part for part in self.split("\n") if part]
        other = known(language, f"values.{table}.unlisted")
        if not parts:
            return known(language, f"values.{table}.default") or other or ""
        if table == "role":
            return all_spoken(parts, language)
        return listed(
            language, (known(language, f"values.{table}.{p}", self.words) or other or p for p in parts)
        )


class _Values(dict[str, object]):
    """The values of a finding, in one language. One that a rule forgot stays blank: no error in front of a person."""

    def __init__(self, values: dict[str, str], language: str) -> None:
        super().__init__()
        self.language = language
        for name, text in values.items():
            if name == "where" and _PLACE.match(text):
                text = place(text, language) or say(language, "places.body")
            # Findings stored before words had keys bring a word for each language ("what", "what_en").
            value = _Value(values.get(f"{name}_{language}", text))
            value.words = self
            self[name] = int(text) if name == "count" and text.isdecimal() else value

    def __missing__(self, name: str) -> str:
        value = _Value("")
        value.words = self
        return value


def sentence(finding: Finding, language: str) -> str:
    """One finding as a sentence; the rule's name when the rule is no longer known."""
    values = finding.values
    if finding.rule == UNEXAMINABLE:
        where, why = values.get("where", ""), values.get("why", "")
        reason = known(language, f"values.unexaminable.{where}_{why}") or known(
            language, f"values.unexaminable.{where}"
        )
        if reason:
            return fill(language, "rules.unexaminable_why", {"why": reason})
    return known(language, f"rules.{finding.rule}", _Values(values, language)) or finding.rule


def sentences(findings: Iterable[Finding], language: str) -> list[str]:
    """Distinct sentences in the order of the findings."""
    return list(dict.fromkeys(sentence(f, language) for f in findings))
