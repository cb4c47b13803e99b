"""A submitted mail gets the fields that its client left out (RFC 6409 §8)."""

import msgspec
import pytest

from filters.examine import run
from filters.examined import Examined
from filters.facts import Facts, Origin, Person
from filters.ruleset import prepare
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from tests.services.node import policy_of

TARO = "taro@example.co.jp"
FACTS = Facts(
    "outbound",
    Origin("submission", "127.0.0.1", login="taro"),
    Envelope(TARO, (ForwardPath("a@client.example.net"), ForwardPath("b@other.example"))),
    sender=Person("taro", addresses=(TARO,)),
    mail_id="01abc",
    now=1_790_000_000.0,
)
BOTH = "Date: Mon, 21 Sep 2026 23:13:20 +0900\r\nMessage-ID: <own@pc>\r\n"


def judged(head: str, facts: Facts = FACTS) -> Examined:
    return run(f"From: {TARO}\r\n{head}\r\nhello\r\n".encode(), facts, prepare(policy_of()))


@pytest.mark.parametrize(
    ("head", "missing"),
    [
        ("", {"date", "message-id"}),
        (BOTH[:39] + "\r\n", {"message-id"}),
        (BOTH[39:].lstrip(), {"date"}),
        (BOTH, set()),
    ],
)
def test_exactly_what_is_missing_is_added(head: str, missing: set[str]) -> None:
    examined = judged(head)
    added = Message(examined.headers + b"\r\n")
    assert {field.name for field in added.headers} == missing


def test_the_house_knows_the_mail_by_the_message_id_that_it_gave() -> None:
    assert judged("").summary.message_id == "<01abc@example.co.jp>"
    assert judged(BOTH).summary.message_id == "<own@pc>"


def test_arriving_mail_is_left_as_it_came() -> None:
    facts = msgspec.structs.replace(FACTS, direction="inbound", sender=None)
    assert b"Message-ID" not in judged("", facts).headers
