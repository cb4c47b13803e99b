"""OUT-APPROVE: a superior gets a copy of what leaves."""

import msgspec
import pytest

from config.policy import RulePolicy
from filters.examine import run
from filters.facts import Facts, Origin, Person
from filters.ruleset import prepare
from mail.envelope import Envelope, ForwardPath
from tests.services.node import policy_of

TARO, HEAD, CLIENT = "taro@example.co.jp", "bucho@example.co.jp", "sato@client.example.net"


def seen(recipients: tuple[str, ...], superiors: tuple[str, ...] = (HEAD,)) -> list[tuple[int, ...] | None]:
    policy = policy_of()
    rules = {**policy.rules, "superior_in_copy": RulePolicy("hold")}
    facts = Facts(
        "outbound", Origin("submission", "127.0.0.1", login="taro"),
        Envelope(TARO, tuple(map(ForwardPath, recipients))), sender=Person("taro", addresses=(TARO,)),
        superiors=superiors,
    )  # fmt: skip
    mail = f"From: {TARO}\r\nTo: {recipients[0]}\r\n\r\nhello\r\n".encode()
    examined = run(mail, facts, prepare(msgspec.structs.replace(policy, rules=rules)))
    return [f.recipients for f in examined.findings if f.rule == "superior_in_copy"]


@pytest.mark.parametrize(
    ("recipients", "found"),
    [
        ((CLIENT,), [(0,)]),
        (("hanako@example.co.jp", CLIENT), [(1,)]),
        ((CLIENT, HEAD), []),
        ((CLIENT, "Bucho+tag@example.co.jp"), []),
        (("hanako@example.co.jp",), []),
    ],
)
def test_mail_to_the_outside_without_a_superior(
    recipients: tuple[str, ...], found: list[tuple[int, ...]]
) -> None:
    assert seen(recipients) == found


def test_nothing_is_missing_where_there_is_no_superior() -> None:
    assert seen((CLIENT,), ()) == []
    assert seen((CLIENT, "shacho@example.co.jp"), (HEAD, "shacho@example.co.jp")) == [], (
        "one of them is enough"
    )
