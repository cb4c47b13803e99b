"""The replies that a person reads in an error dialogue. Without SMTPUTF8 they are in a language that ASCII can write
(RFC 5321 §4.2); with it in each of the organisation's, that one first.

`utf8` is what the client asked for. Whoever submitted a mail that is refused reads more in a letter in their own language
(quarantine/letters/on_hold.py) and on the page that the reply names.
"""

import math
from datetime import datetime
from zoneinfo import ZoneInfo

from config.policy import Policy
from config.words import replying_in_ascii, say, when
from filters.examined import Examined
from filters.facts import Facts
from filters.sentences import sentences
from gateway.deliver.recipient_domains import Lack
from mail.reply import Reply
from quarantine.queue.sender_limits import TEN_MINUTES, Exhausted

LOOP = "mail_loop"
"""The rule whose refusal has a status code of its own (RFC 3463 §3.5: X.4.6, routing loop detected)."""
LOOPING = (4, 6)
LINE = 480
"""Octets of one reply line that are ours; a reply line may have 512 (RFC 5321 §4.5.3.1.5)."""


def refusal(examined: Examined, policy: Policy, facts: Facts) -> Reply:
    """The reply to a mail whose verdict is REJECT: why, and under which code people find it again."""
    utf8 = facts.envelope.smtputf8
    findings = [f for f in examined.findings if f.rule in examined.verdict.rejects]
    lines = [cut(text) for tag in _spoken(policy, utf8) for text in sentences(findings, tag)[:3]]
    lines = lines or [_said("refused", policy, utf8)]
    page = f"{facts.console}/refused/{facts.mail_id}" if facts.console and facts.origin.login else ""
    lines.append(_said("page" if page else "code", policy, utf8, code=facts.mail_id, page=page))
    private = ",".join(sorted(examined.verdict.rejects))
    status = LOOPING if examined.verdict.rejects == {LOOP} else (7, 1)
    return Reply(550, "\n".join(lines), *status, reason=private)


def routed(policy: Policy, utf8: bool) -> Reply:
    """To a recipient such as user%other.example@ours (Organisation.reroutes)."""
    return Reply(553, _said("routed", policy, utf8), 1, 3, reason="source routing in the local part")


def not_yours(policy: Policy, utf8: bool) -> Reply:
    """To a reverse-path that does not belong to the person who logged in."""
    return Reply(550, _said("not_yours", policy, utf8), 7, 1)


def not_relayed(policy: Policy, utf8: bool, lack: str) -> Reply:
    """To a client of a relay listener that is not its upstream; what it lacks is for the log."""
    return Reply(550, _said("not_relayed", policy, utf8), 7, 1, reason=lack)


def not_ours(policy: Policy, utf8: bool, why: str) -> Reply:
    """To mail of an upstream that is not known to be of our organisation."""
    return Reply(550, _said("not_ours", policy, utf8), 7, 1, reason=why)


def unknown_sender(policy: Policy, utf8: bool, address: str) -> Reply:
    """To mail of an upstream from an address that is nobody's."""
    text = _said("unknown_sender", policy, utf8, address=address[:200])
    return Reply(550, text, 7, 1, reason="an address of nobody")


def circling(policy: Policy, utf8: bool) -> Reply:
    """To mail of an upstream that left through us before."""
    return Reply(550, _said("circling", policy, utf8), *LOOPING, reason="it has left here before")


def overdrawn(policy: Policy, utf8: bool) -> Reply:
    """To a client whose mails have taken the examining processes too long (gateway/locked/shares.py)."""
    return Reply(
        451, _said("overdrawn", policy, utf8), 7, 0, reason="the client's share of examination time is spent"
    )


def unscanned(policy: Policy, utf8: bool) -> Reply:
    """To mail that arrives while nobody looks for viruses: it comes again."""
    return Reply(451, _said("unscanned", policy, utf8), 7, 0, reason="the virus scanner did not look")


def unreachable(lack: Lack, domain: str, policy: Policy, utf8: bool) -> Reply:
    """To a recipient whose domain takes no mail (RFC 7504, RFC 7505 §4)."""
    text = _said(lack, policy, utf8, domain=domain)
    return Reply(550, text, 1, 2) if lack is Lack.NO_DOMAIN else Reply(556, text, 1, 10)


def exhausted(found: Exhausted, policy: Policy, timezone: str, utf8: bool) -> Reply:
    """To somebody who has written to as many recipients as they may, for now."""
    local = datetime.fromtimestamp(math.ceil(found.until / 60) * 60, ZoneInfo(timezone))
    short = found.window <= TEN_MINUTES
    lines = [
        cut(say(language, f"replies.smtp.{'ten_minutes' if short else 'day'}", limit=found.limit,
                time=when(language, "hour" if short else "moment", local)))
        for language in _spoken(policy, utf8)
    ]  # fmt: skip
    return Reply(
        452 if short else 550, "\n".join(lines), 7, 1, reason=f"{found.limit} in {found.window:.0f} s"
    )


def _spoken(policy: Policy, utf8: bool) -> tuple[str, ...]:
    ours = policy.organisation.speaks
    plain = replying_in_ascii(ours)
    if not utf8:
        return (plain,) if plain else ours  # the listener replaces what ASCII has no letter for
    return tuple(sorted(ours, key=lambda tag: tag != plain))


def _said(key: str, policy: Policy, utf8: bool, **values: object) -> str:
    return "\n".join(
        cut(say(language, f"replies.smtp.{key}", **values)) for language in _spoken(policy, utf8)
    )


def cut(text: str, octets: int = LINE) -> str:
    """The text on one line, shortened at a character's border."""
    line = " ".join(text.split())
    data = line.encode()
    return line if len(data) <= octets else data[:octets].decode(errors="ignore") + "…"
