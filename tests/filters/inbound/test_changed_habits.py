"""IN-SPOOF: a known author who writes as never before."""

import pytest

from filters.facts import Authentication
from tests.filters.inbound.arriving import look, mail, weight

TANAKA = "tanaka@koyo-denki.example"
KNOWN = frozenset({TANAKA})
USUAL = {
    "program": {"becky": 30.0},
    "charset": {"utf-8": 30.0},
    "zone": {"+0900": 28.0, "+0800": 2.0},
    "language": {"ja": 30.0},
    "signature": {"e8712a978e9c": 20.0},
}
TEXT = "お世話になっております。資料をお送りいたします。よろしくお願いいたします。\n"
SIGNED = TEXT + "-- \n株式会社光陽電機 田中\nTEL 06-6123-4567\n"


def written(text: str = TEXT, program: str = "Becky! ver. 2.81 [ja]", zone: str = "+0900") -> bytes:
    extra = f"X-Mailer: {program}\r\n" if program else ""
    return mail(text, sender=TANAKA, extra=f"{extra}Date: Tue, 17 Nov 2026 10:12:00 {zone}\r\n")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (written(), 0),
        (written(program="iPhone Mail (20A)"), 0),
        (written(zone="+0000"), 0),
        (written(SIGNED), 0),
        (written(program="", zone="+0830"), 0),
        (written(program="", zone="+0000"), 2),
        (written(program="iPhone Mail (20A)", zone="-0500"), 2),
        (written("See the file, please. Thank you very much.\n", program=""), 2),
        (written(SIGNED, program="", zone="+0100"), 3),
        (written("Hello, see the file, please.\n", program="", zone="+0000"), 3),
    ],
)  # fmt: skip
def test_one_change_is_none_and_several_weigh_little(raw: bytes, expected: int) -> None:
    assert weight("changed_habits", raw, known=KNOWN, habits=USUAL) == expected


def test_it_says_what_was_and_what_is() -> None:
    (found,) = look("changed_habits", written(program="", zone="+0000"), known=KNOWN, habits=USUAL)
    assert found.values["what"] == "program\nzone"
    assert [(e.quote, e.part) for e in found.evidence] == [
        ("program: becky -> none", "header:x-mailer"), ("zone: +0900 -> +0000", "header:date"),
    ]  # fmt: skip


def test_few_mails_are_no_habit_and_strangers_have_none() -> None:
    raw = written(program="", zone="+0000")
    few = {aspect: dict.fromkeys(values, 2.0) for aspect, values in USUAL.items()}
    assert not look("changed_habits", raw, known=KNOWN, habits=few)
    assert not look("changed_habits", raw, habits=USUAL)
    assert not look("changed_habits", raw, known=KNOWN)
    failed = Authentication(dmarc="fail")
    assert not look("changed_habits", raw, known=KNOWN, habits=USUAL, authentication=failed), "others speak"


def test_a_list_writes_by_its_own_program() -> None:
    raw = mail(
        TEXT,
        sender=TANAKA,
        extra="List-Id: <a.koyo-denki.example>\r\nDate: Tue, 17 Nov 2026 10:12:00 +0000\r\n",
    )
    assert not look("changed_habits", raw, known=KNOWN, habits=USUAL)
