"""IN-WARN: what was released once is not held again; what is refused stays refused."""

import pytest

from config.policy import Policy, RulePolicy, Warn
from filters.examine import examine
from filters.facts import Facts, Origin
from filters.rule import Mail
from filters.verdict import Disposition
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from tests.filters.inbound.arriving import TO, US, look, mail


def seen(raw: bytes, released: str, **rules: str) -> tuple[Disposition, bool, set[str]]:
    policy = Policy(
        organisation=US,
        rules={name: RulePolicy(then=then) for name, then in rules.items()},
        warn=Warn(warn_at=1, hold_at=1),
    )
    envelope = Envelope("x@evil.example", (ForwardPath(TO),))
    facts = Facts("inbound", Origin("inbound", "203.0.113.1"), envelope, released=released)
    examined = examine(Mail(Message(raw), facts), policy)
    changed = any(copy.verdict.rewrites for copy in examined.copies)
    return examined.verdict.disposition, changed, {f.rule for f in examined.findings}


EXE = mail(files={"a.exe": b"MZ" + bytes(200)}, sender="x@evil.example")


def test_it_is_said() -> None:
    assert not look("released", EXE)
    assert [f.rule for f in look("released", EXE, released="i1")] == ["released"]


@pytest.mark.parametrize("rules", [{}, {"executable": "hold"}, {"executable": "delay 5m"}])
def test_neither_score_nor_rule_holds_it_again(rules: dict[str, str]) -> None:
    assert seen(EXE, "", **rules)[0] is Disposition.HOLD
    disposition, changed, names = seen(EXE, "i1", **rules)
    assert disposition is Disposition.DELIVER
    assert not changed, "the banner is in it already"
    assert {"executable", "released"} <= names


def test_what_is_refused_is_refused() -> None:
    assert seen(EXE, "i1", executable="reject")[0] is Disposition.REJECT


def test_what_cannot_be_examined_was_seen_by_somebody() -> None:
    deep = b"".join(b"X-A%d: 1\r\n" % n for n in range(20_000)) + EXE
    assert seen(deep, "")[0] is Disposition.HOLD
    assert seen(deep, "i1")[0] is Disposition.DELIVER
