"""What findings say to people, in Japanese and English: the rule's sentence with the finding's values."""

from collections.abc import Iterable

from filters.examined import UNEXAMINABLE
from filters.finding import Finding
from filters.rule import REGISTRY

_UNEXAMINABLE = {
    "ja": "このメールは検査できませんでした",
    "en": "This mail could not be examined",
}


class _Blank(dict[str, str]):
    """A value that a rule forgot is a blank, not a KeyError in front of a person."""

    def __missing__(self, key: str) -> str:
        return ""


def sentence(finding: Finding, language: str) -> str:
    """One finding as a sentence in "ja" or "en"; the rule's name when the rule is not (or no longer) known."""
    if finding.rule == UNEXAMINABLE:
        return _UNEXAMINABLE["ja" if language == "ja" else "en"]
    rule = REGISTRY.get(finding.rule)
    if rule is None:
        return finding.rule
    return (rule.ja if language == "ja" else rule.en).format_map(_Blank(finding.values))


def sentences(findings: Iterable[Finding], language: str) -> list[str]:
    """Distinct sentences in the order of the findings."""
    return list(dict.fromkeys(sentence(f, language) for f in findings))
