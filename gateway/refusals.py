"""The replies that a person reads in an error dialogue, in each of the organisation's languages, its own first."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo

from config.policy import Policy
from config.words import say, when
from filters.examined import Examined
from filters.sentences import sentences
from gateway.deliver.recipient_domains import Lack
from mail.reply import Reply
from quarantine.queue.sender_limits import TEN_MINUTES, Exhausted

LOOP = "mail_loop"
"""The rule whose refusal has a status code of its own (RFC 3463 §3.5: X.4.6, routing loop detected)."""
LINE = 480
"""Octets of one reply line that are ours; a reply line may have 512 (RFC 5321 §4.5.3.1.5)."""


def refusal(examined: Examined, policy: Policy) -> Reply:
    """The reply to a mail whose verdict is REJECT."""
    findings = [f for f in examined.findings if f.rule in examined.verdict.rejects]
    languages = policy.organisation.speaks
    lines = [cut(text) for language in languages for text in sentences(findings, language)[:3]]
    private = ",".join(sorted(examined.verdict.rejects))
    status = (4, 6) if examined.verdict.rejects == {LOOP} else (7, 1)
    return Reply(550, "\n".join(lines) or _said("refused", policy), *status, reason=private)


def routed(policy: Policy) -> Reply:
    """To a recipient such as user%other.example@ours (Organisation.reroutes)."""
    return Reply(553, _said("routed", policy), 1, 3, reason="source routing in the local part")


def not_yours(policy: Policy) -> Reply:
    """To a reverse-path that does not belong to the person who logged in."""
    return Reply(550, _said("not_yours", policy), 7, 1)


def overdrawn(policy: Policy) -> Reply:
    """To a client whose mails have taken the examining processes too long (gateway/locked/shares.py)."""
    return Reply(
        451, _said("overdrawn", policy), 7, 0, reason="the client's share of examination time is spent"
    )


def unreachable(lack: Lack, domain: str, policy: Policy) -> Reply:
    """To a recipient whose domain takes no mail (RFC 7504, RFC 7505 §4)."""
    text = _said(lack, policy, domain=domain)
    return Reply(550, text, 1, 2) if lack is Lack.NO_DOMAIN else Reply(556, text, 1, 10)


def exhausted(found: Exhausted, policy: Policy, timezone: str) -> Reply:
    """To somebody who has written to as many recipients as they may, for now."""
    local = datetime.fromtimestamp(math.ceil(found.until / 60) * 60, ZoneInfo(timezone))
    short = found.window <= TEN_MINUTES
    lines = [
        cut(say(language, f"replies.smtp.{'ten_minutes' if short else 'day'}", limit=found.limit,
                time=when(language, "hour" if short else "moment", local)))
        for language in policy.organisation.speaks
    ]  # fmt: skip
    return Reply(
        452 if short else 550, "\n".join(lines), 7, 1, reason=f"{found.limit} in {found.window:.0f} s"
    )


def _said(key: str, policy: Policy, **values: object) -> str:
    return "\n".join(
        cut(say(language, f"replies.smtp.{key}", **values)) for language in policy.organisation.speaks
    )


def cut(text: str, octets: int = LINE) -> str:
    """The text on one line, shortened at a character's border."""
    line = " ".join(text.split())
    data = line.encode()
    return line if len(data) <= octets else data[:octets].decode(errors="ignore") + "…"
