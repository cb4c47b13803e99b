"""OUT-DEVICE: the author must be the person who logged in."""

import pytest

from filters.examine import run
from filters.examined import Examined
from filters.facts import Facts, Origin, Person
from filters.ruleset import prepare
from filters.sentences import sentences
from filters.verdict import Disposition
from mail.envelope import Envelope, ForwardPath
from tests.filters.mails import SENDER, findings, plain
from tests.services.node import policy_of

TARO = "taro@example.co.jp"


def judged(head: str, recipient: str = "sato@client.example.net") -> Examined:
    facts = Facts(
        "outbound",
        Origin("submission", "127.0.0.1", login="taro"),
        Envelope(TARO, (ForwardPath(recipient),)),
        sender=Person("taro", addresses=(TARO, "sales@example.co.jp")),
    )
    return run(f"{head}To: {recipient}\r\n\r\nhello\r\n".encode(), facts, prepare(policy_of()))


@pytest.mark.parametrize(
    "head",
    [
        "From: hanako@example.co.jp\r\n",
        f"From: {TARO}, hanako@example.co.jp\r\n",
        f"From: {TARO}\r\nFrom: hanako@example.co.jp\r\n",
        f"From: {TARO}\r\nSender: hanako@example.co.jp\r\n",
        f"Resent-From: hanako@example.co.jp\r\nFrom: {TARO}\r\n",
        f"From: team: {TARO}, hanako@example.co.jp;\r\n",
        f'From: "{TARO}" <hanako@example.co.jp>\r\n',
        "From: nobody at all\r\n",
        "Subject: no From\r\n",
    ],
)
def test_another_s_address_is_refused_also_between_colleagues(head: str) -> None:
    for recipient in ("sato@client.example.net", "hanako@example.co.jp"):
        examined = judged(head, recipient)
        assert examined.verdict.disposition is Disposition.REJECT
        assert "foreign_author" in examined.verdict.rejects


@pytest.mark.parametrize(
    "head", [f"From: Taro <{TARO}>\r\n", "From: TARO@Example.CO.JP\r\nSender: sales@example.co.jp\r\n"]
)
def test_one_s_own_addresses_are_fine(head: str) -> None:
    assert "foreign_author" not in {f.rule for f in judged(head).findings}


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("Subject: no From\r\n", "The mail has no sender (From)"),
        ("From: nobody at all\r\n", "is not an address"),
        ("From: hanako@example.co.jp\r\n", "hanako@example.co.jp does not belong to your account"),
    ],
)
def test_what_is_wrong_with_the_sender_is_said_plainly(head: str, said: str) -> None:
    assert any(said in text for text in sentences(judged(head).findings, "en"))


def test_two_authors_without_a_comma_are_two() -> None:
    """The second is somebody else's address, which other programs show."""
    raw = plain("x").replace(f"<{SENDER}>".encode(), f"{SENDER} president@us.example".encode())
    assert "president@us.example" in {found.values["address"] for found in findings("foreign_author", raw)}
