"""The 550 that a person reads in an error dialogue: what was found, in Japanese and English."""

from config.policy import Policy
from filters.examined import Examined
from filters.sentences import sentences
from mail.reply import Reply

ROUTED = Reply(
    553,
    "この宛先は、ほかの組織への転送を指示する形式のため使えません。宛先を直接指定してください。\n"
    "This address asks one of our hosts to send the mail on to another one. Use the final address.",
    1,
    3,
    reason="source routing in the local part",
)
"""To a recipient such as user%other.example@ours (Organisation.reroutes)."""

LINE = 480
"""Octets of one reply line that are ours; a reply line may have 512 (RFC 5321 §4.5.3.1.5)."""


def refusal(examined: Examined, policy: Policy) -> Reply:
    """The reply to a mail whose verdict is REJECT; the organisation's own language first."""
    findings = [f for f in examined.findings if f.rule in examined.verdict.rejects]
    languages = ("ja", "en") if policy.organisation.language == "ja" else ("en", "ja")
    lines = [cut(text) for language in languages for text in sentences(findings, language)[:3]]
    private = ",".join(sorted(examined.verdict.rejects))
    return Reply(550, "\n".join(lines) or "Refused by policy", 7, 1, reason=private)


def cut(text: str, octets: int = LINE) -> str:
    """The text on one line, shortened at a character's border."""
    line = " ".join(text.split())
    data = line.encode()
    return line if len(data) <= octets else data[:octets].decode(errors="ignore") + "…"
