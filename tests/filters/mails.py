"""Mails and policies for the tests of the checkpoint."""

import base64
from typing import Any

from config.policy import Class, Organisation, Policy, RulePolicy
from filters.examine import run
from filters.examined import Examined
from filters.facts import Acquaintance, Acquaintances, Facts, Origin, Person
from filters.finding import Finding
from filters.rule import Mail
from filters.ruleset import prepare
from mail.envelope import Envelope, ForwardPath
from mail.message import Message

SENDER = "sato@us.example"
FRESH = "7KQM-X2RD-94TB-WPHE-3CJY"
CLASSES = (
    Class("公開", 0, ()),
    Class("グループ外秘", 1, ("グループ外秘", "Group Confidential"), audience="group"),
    Class("社外秘", 2, ("社外秘", "部外秘", "Confidential"), approver="department_head"),
    Class("極秘", 3, ("極秘", "Strictly Confidential"), approver="president"),
)
ORGANISATION = Organisation(
    name="Us", domains=("us.example",), group_domains=("sister.example",), classes=CLASSES
)


def policy(mode: str = "enforce", **rules: str) -> Policy:
    """A policy with `then` of some rules."""
    return Policy(
        organisation=ORGANISATION, mode=mode, rules={n: RulePolicy(then) for n, then in rules.items()}
    )


SHIPPED = prepare(policy())
"""The rules as shipped."""


def plain(
    body: str, *, to: str = "tanaka@partner.example", subject: str = "資料の件", extra: str = ""
) -> bytes:
    """A mail of one text."""
    text = body.replace("\n", "\r\n")
    return (
        f"From: =?utf-8?b?5L2Q6Jek?= <{SENDER}>\r\nTo: {to}\r\n{extra}Subject: {subject}\r\n"
        "Message-ID: <1@us.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    ).encode()


def attached(
    *files: tuple[str, bytes],
    body: str = "資料をお送りします。",
    to: str = "tanaka@partner.example",
    extra: str = "",
) -> bytes:
    """A multipart/mixed of a text and files."""
    lines = [
        f"From: {SENDER}\r\nTo: {to}\r\n{extra}Subject: files\r\nMessage-ID: <2@us.example>\r\nMIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b1"\r\n\r\npreamble\r\n--b1',
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}",
    ]
    for name, content in files:
        encoded = base64.encodebytes(content).decode().replace("\n", "\r\n").rstrip()
        word = base64.b64encode(name.encode()).decode()
        lines.append(
            "--b1\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
            f'Content-Disposition: attachment; filename="=?utf-8?b?{word}?="\r\n\r\n{encoded}'
        )
    return ("\r\n".join([*lines, "--b1--", "epilogue", ""])).encode()


def facts(*recipients: str, direction: str = "outbound", **more: Any) -> Facts:
    """Facts about a mail from our person Sato to these recipients (default: one partner)."""
    paths = tuple(ForwardPath(r) for r in recipients or ("tanaka@partner.example",))
    defaults: dict[str, Any] = {
        "sender": Person("sato", addresses=(SENDER,)) if direction == "outbound" else None,
        "fresh_passphrase": FRESH,
        "now": 1_750_000_000.0,
    }
    return Facts(
        direction, Origin("submission", "192.0.2.1", login="sato"), Envelope(SENDER, paths), **defaults | more
    )


def findings(rule: str, raw: bytes, *recipients: str, **settings: Any) -> list[Finding]:
    """What one rule finds, with these settings."""
    each = SHIPPED.by_name[rule]
    mail = Mail(Message(raw), facts(*recipients))
    return each.rule.look(mail, ORGANISATION, each.settings | settings, each.weight)


def examined(raw: bytes, *recipients: str, rules: Policy | None = None, **more: Any) -> Examined:
    """The whole checkpoint."""
    return run(raw, facts(*recipients, **more), prepare(rules or policy()))


def written_to(
    *names: str, mine: float = 5.0, ours: float = 9.0, beside: tuple[str, ...] = ()
) -> Acquaintance:
    """Somebody, or a company, to whom the house writes."""
    return Acquaintance(mine, ours, 2, names, frozenset(beside))


def recalled(
    rule: str,
    raw: bytes,
    *recipients: str,
    memory: Acquaintances,
    organisation: Organisation = ORGANISATION,
    **more: Any,
) -> list[Finding]:
    """What one rule about wrong recipients finds, with what the house remembers; `more`: facts, or settings."""
    each = SHIPPED.by_name[rule]
    settings = each.settings | {k: v for k, v in more.items() if k in each.settings}
    told = {k: v for k, v in more.items() if k not in each.settings}
    mail = Mail(Message(raw), facts(*recipients, memory=memory, **told))
    return each.rule.look(mail, organisation, settings, each.weight)
