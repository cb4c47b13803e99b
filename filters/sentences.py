"""What findings say to people, in Japanese and English: the rule's sentence with the finding's values."""

from collections.abc import Iterable

from filters.examined import UNEXAMINABLE
from filters.finding import Finding
from filters.rule import REGISTRY

_UNEXAMINABLE = {
    "ja": "このメールは検査できませんでした{why}",
    "en": "This mail could not be examined{why}",
}
_WHY = {
    ("worker", "time"): ("検査に時間がかかりすぎました", "it took too long"),
    ("worker", "memory"): ("検査に必要なメモリが大きすぎました", "it needed too much memory"),
    ("worker", ""): ("検査の途中で問題が起きました", "the examination broke off"),
    ("message", ""): ("大きすぎるか、構造が複雑すぎます", "it is too large or too complicated"),
    ("readings", ""): ("読み方が多すぎます", "it can be read in too many ways"),
    ("rewrite", ""): (
        "必要な変更を安全に加えられませんでした",
        "a change that is due could not be made safely",
    ),
}
"""(where, why) of the finding, why "" for all others -> the reason in both languages."""


class _Blank(dict[str, str]):
    """A value that a rule forgot is a blank, not a KeyError in front of a person."""

    def __missing__(self, key: str) -> str:
        return ""


def sentence(finding: Finding, language: str) -> str:
    """One finding as a sentence in "ja" or "en"; the rule's name when the rule is not (or no longer) known."""
    if finding.rule == UNEXAMINABLE:
        return _unexaminable(finding, language)
    rule = REGISTRY.get(finding.rule)
    if rule is None:
        return finding.rule
    return (rule.ja if language == "ja" else rule.en).format_map(_Blank(finding.values))


def _unexaminable(finding: Finding, language: str) -> str:
    where, why = finding.values.get("where", ""), finding.values.get("why", "")
    reason = _WHY.get((where, why)) or _WHY.get((where, ""))
    if reason is None:
        return _UNEXAMINABLE["ja" if language == "ja" else "en"].format(why="")
    ja, en = reason
    return (
        _UNEXAMINABLE["ja"].format(why=f"（{ja}）")
        if language == "ja"
        else _UNEXAMINABLE["en"].format(why=f": {en}")
    )


def sentences(findings: Iterable[Finding], language: str) -> list[str]:
    """Distinct sentences in the order of the findings."""
    return list(dict.fromkeys(sentence(f, language) for f in findings))
