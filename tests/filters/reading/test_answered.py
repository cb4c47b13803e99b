"""Whether what is quoted goes back to those who have it."""

import pytest

from filters.rule import Mail
from mail.message import Message
from tests.filters.mails import ORGANISATION, facts, findings, plain

MARKED = "【社外秘】来期の計画"
PARTNER = "田中 一郎 <tanaka@partner.example>"


def goes_back(raw: bytes, *recipients: str) -> bool:
    return Mail(Message(raw), facts(*recipients)).reading.returned(ORGANISATION)


def outlook(author: str, to: str) -> str:
    return f"承知しました。\n\n-----Original Message-----\nFrom: {author}\nTo: {to}\nSubject: x\n\n{MARKED}\n"


GMAIL = f"ok\n\nOn Tue, Nov 3, 2026 at 10:00 Tanaka <tanaka@partner.example> wrote:\n> {MARKED}\n"


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        (outlook(PARTNER, "sato@us.example"), "Re: x"),
        (outlook("sato@us.example", "tanaka@partner.example"), "Re: x"),
        (outlook("sato@us.example", f"suzuki@us.example, {PARTNER}"), "FW: x"),
        (GMAIL, "Re: x"),
        (f"ok\n\n田中 一郎 さんは書きました:\n> {MARKED}\n", "x"),
        (f"ok\n> {MARKED}\n", "Re: x"),
        ("ok", "Re: [Confidential] x"),
        (f"ok\n> {MARKED}\n", "RV: x"),
        (f"ok\n> {MARKED}\n", "Antw: x"),
    ],
)
def test_a_reply_to_whom_it_came_from(body: str, subject: str) -> None:
    raw = plain(body, subject=subject, to=PARTNER)
    assert goes_back(raw)
    assert not findings("confidential_quote", raw)


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        (outlook("suzuki@us.example", "sato@us.example"), "Re: x"),
        (outlook("suzuki@us.example", "sato@us.example"), "FW: x"),
        (outlook("bob@other.example", "sato@us.example"), "FW: x"),
        (f"fyi\n\n---------- Forwarded message ---------\n{MARKED}\n", "Fwd: x"),
        (f"fyi\n> {MARKED}\n", "x"),
        ("fyi", "FW: 【社外秘】x"),
    ],
)
def test_what_others_wrote_does_not(body: str, subject: str) -> None:
    raw = plain(body, subject=subject, to=PARTNER)
    assert not goes_back(raw)
    assert findings("confidential_quote", raw)


def test_all_outside_must_have_it() -> None:
    raw = plain(GMAIL, subject="Re: x", to=f"{PARTNER}, bob@other.example")
    assert not goes_back(raw, "tanaka@partner.example", "bob@other.example")
    assert goes_back(raw, "tanaka@partner.example", "suzuki@us.example")
