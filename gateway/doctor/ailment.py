"""What was looked at, and what is wrong with it: values whose words are in config/words/*/doctor.toml."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from config.words import LANGUAGES, fill


class Grade(StrEnum):
    FAILS = "fails"
    """Mail is lost, refused or forged because of it."""
    NOTE = "note"
    """It works, and may not for ever, or not as well as it could."""


class Ailment(msgspec.Struct, frozen=True):
    """One thing that is wrong. `key` names its words (doctor.KEY.said, doctor.KEY.mend), `values` are in them; `of` is the
    check that found it."""

    of: str
    key: str
    values: Mapping[str, str] = {}
    grade: Grade = Grade.FAILS

    def said(self, language: str) -> str:
        return fill(language, f"doctor.{self.key}.said", self.values)

    def mend(self, language: str) -> str:
        return fill(language, f"doctor.{self.key}.mend", self.values)

    @property
    def told(self) -> dict[str, object]:
        """As data, with its words in every language."""
        words = {tag: {"said": self.said(tag), "mend": self.mend(tag)} for tag in LANGUAGES}
        return {
            "check": self.of,
            "finding": self.key,
            "grade": self.grade.value,
            "values": dict(self.values),
            **words,
        }


def note(of: str, key: str, **values: str) -> Ailment:
    return Ailment(of, key, values, Grade.NOTE)


def fails(of: str, key: str, **values: str) -> Ailment:
    return Ailment(of, key, values)
