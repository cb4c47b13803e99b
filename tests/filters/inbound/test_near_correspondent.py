"""IN-SPOOF: one letter off somebody we know; answers from elsewhere."""

from typing import Any

import pytest

from config.policy import Organisation
from filters.facts import Thread
from filters.rule import Mail
from tests.filters.inbound.arriving import US, arrived, mail
from tests.filters.mails import SHIPPED

ALIKE = {"koyo-dennki.example": ("koyo-denki.example",)}
SENT = {"<1@us.example>": Thread(frozenset({"tanaka@koyo-denki.example", "sato@us.example"}))}


def sees(rule: str, raw: bytes, **told: Any) -> bool:
    seen: Mail = arrived(raw, **told)
    organisation: Organisation = US
    return bool(SHIPPED.by_name[rule].rule.look(seen, organisation, {}))


@pytest.mark.parametrize(
    ("sender", "reply", "seen"),
    [
        ("tanaka@koyo-dennki.example", "", True),
        ("tanaka@mail.koyo-dennki.example", "", True),
        ("tanaka@koyo-denki.example", "tanaka@koyo-dennki.example", True),
        ("tanaka@koyo-denki.example", "", False),
        ("tanaka@other.example", "a@other.example", False),
    ],
)
def test_a_domain_that_looks_like_a_correspondents_is_seen(sender: str, reply: str, seen: bool) -> None:
    raw = mail(sender=sender, extra=f"Reply-To: {reply}\r\n" if reply else "")
    assert sees("near_correspondent", raw, alike=ALIKE) is seen
    assert not sees("near_correspondent", raw)


@pytest.mark.parametrize(
    ("sender", "extra", "seen"),
    [
        ("tanaka@elsewhere.example", "", True),
        ("tanaka@gmail.com", "", True),
        ("suzuki@koyo-denki.example", "", False),
        ("suzuki@sales.koyo-denki.example", "", False),
        ("sato@us.example", "", False),
        ("tanaka@elsewhere.example", "List-Id: <x.example>\r\n", False),
    ],
)
def test_an_answer_to_our_mail_from_elsewhere_is_seen(sender: str, extra: str, seen: bool) -> None:
    raw = mail(sender=sender, subject="Re: 見積書", extra=extra)
    assert sees("answer_from_elsewhere", raw, sent=SENT) is seen
    assert not sees("answer_from_elsewhere", raw)


def test_an_answer_to_mail_among_us_says_nothing() -> None:
    ours = {"<1@us.example>": Thread(frozenset({"sato@us.example", "mori@sister.example"}))}
    assert not sees("answer_from_elsewhere", mail(sender="a@elsewhere.example"), sent=ours)
