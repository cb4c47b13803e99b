"""What the checkpoint says to people about findings, in Japanese and English."""

from collections.abc import Iterable

from config.policy import Policy
from filters.examined import UNEXAMINABLE, Examined
from filters.finding import Finding
from filters.rule import REGISTRY
from mail.reply import Reply

_UNEXAMINABLE = {
    "ja": "このメールは検査できませんでした",
    "en": "This mail could not be examined",
}


def sentence(finding: Finding, language: str) -> str:
    """The rule's sentence with the finding's values filled in."""
    rule = REGISTRY.get(finding.rule)
    if finding.rule == UNEXAMINABLE or rule is None:
        return _UNEXAMINABLE[language] if finding.rule == UNEXAMINABLE else finding.rule
    template = rule.ja if language == "ja" else rule.en
    return template.format_map(_Blank(finding.values))


class _Blank(dict[str, str]):
    """A value that a rule forgot is a blank, not a KeyError in front of a person."""

    def __missing__(self, key: str) -> str:
        return ""


def sentences(findings: Iterable[Finding], language: str) -> list[str]:
    """Distinct sentences in the order of the findings."""
    return list(dict.fromkeys(sentence(f, language) for f in findings))


def refusal(examined: Examined, policy: Policy) -> Reply:
    """The 550 that a person reads in an error dialogue: what was found, in both languages, and what to do.

    A reply line may have 512 octets (RFC 5321 §4.5.3.1.5): sentences are cut, never the code.
    """
    findings = [f for f in examined.findings if f.rule in examined.verdict.rejects]
    lines = []
    for language in ("ja", "en"):
        lines += [_cut(text) for text in sentences(findings, language)[:3]]
    return Reply(550, "\n".join(lines) or "Refused by policy", 7, 1, reason=",".join(sorted(examined.verdict.rejects)))


def _cut(text: str, octets: int = 480) -> str:
    data = " ".join(text.split()).encode()
    return text if len(data) <= octets else data[:octets].decode(errors="ignore") + "…"
