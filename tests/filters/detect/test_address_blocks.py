"""Where addresses stand as a list of recipients: headers of quoted mails in the forms of mail programs, meetings, cards."""

import pytest

from filters.detect.address_blocks import MOST, enclosed, quoted

OUTLOOK = """転送します。

________________________________
差出人: 田中 <tanaka@partner.example>
送信日時: 2026年11月2日 10:00
宛先: 佐藤 <a@one.example>; b@two.example
CC: 'c@three.example'
件名: 資料の件
"""
OUTLOOK_EN = """-----Original Message-----
From: Tanaka
Sent: Monday, November 2, 2026 10:00 AM
To: A (One) <a@one.example>; b@two.example;
 c@three.example
Subject: files
"""
GMAIL = """---------- Forwarded message ---------
From: Tanaka <tanaka@partner.example>
Date: Mon, Nov 2, 2026 at 10:00 AM
Subject: files
To: A <a@one.example>, <b@two.example>
Cc: <c@three.example>
"""
GMAIL_JA = """---------- 転送メッセージ ---------
差出人： 田中 <tanaka@partner.example>
日付： 2026年11月2日(月) 10:00
件名： 資料
宛先： <a@one.example>, <b@two.example>
Cc： <c@three.example>
"""
THUNDERBIRD = """-------- Forwarded Message --------
Subject: \tfiles
Date: \tMon, 2 Nov 2026 10:00:00 +0900
From: \tTanaka <tanaka@partner.example>
To: \ta@one.example, b@two.example
CC: \tc@three.example
"""
APPLE = """Begin forwarded message:

> From: Tanaka <tanaka@partner.example>
> Subject: files
> Date: November 2, 2026 at 10:00:00 GMT+9
> To: A <a@one.example>, B <b@two.example>,
> "C" <c@three.example>
"""
BOLD = """*差出人:* 田中
*送信日時:* 2026年11月2日
*宛先:* a@one.example; b@two.example
*CC:* c@three.example
"""
THREE = ("a@one.example", "b@two.example", "c@three.example")


@pytest.mark.parametrize("text", [OUTLOOK, OUTLOOK_EN, GMAIL, GMAIL_JA, THUNDERBIRD, APPLE, BOLD])
def test_headers_of_quoted_mails(text: str) -> None:
    assert quoted(text) == THREE
    assert quoted(text.replace("\n", "\r\n")) == THREE
    assert quoted("\n".join("> > " + line for line in text.split("\n"))) == THREE


@pytest.mark.parametrize(
    "text",
    [
        "お問い合わせ先: a@one.example、b@two.example",
        "To: do\nmail a@one.example, b@two.example",
        "山田 <a@one.example> wrote:\n> hello",
        "宛先: a@one.example\n\n会議の件です。",
        "From: a@one.example\nDate: today\nSubject: x",
    ],
)
def test_other_addresses_are_no_recipients(text: str) -> None:
    assert quoted(text) == ()


def test_a_field_ends_at_the_next_one_and_at_a_blank_line() -> None:
    assert quoted("From: x\nTo: a@one.example\nReply-To: b@two.example\n") == ("a@one.example",)
    assert quoted("From: x\nTo: a@one.example\n\nb@two.example") == ("a@one.example",)


MEETING = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nORGANIZER;CN=Sato:mailto:sato@us.example\r\n"
    "ATTENDEE;ROLE=REQ-PARTICIPANT;CN=A:mailto:A@one.example\r\nATTENDEE;CN=B;EMAIL=b@two.exa\r\n mple:urn:uuid:1\r\n"
    "DESCRIPTION:write to d@four.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
CARDS = "BEGIN:VCARD\nVERSION:3.0\nFN:A\nitem1.EMAIL;TYPE=WORK:a@one.example\nEND:VCARD\nBEGIN:VCARD\nEMAIL:b@two.example\nEND:VCARD\n"


def test_meetings_and_cards() -> None:
    assert enclosed(MEETING) == ("calendar", ("sato@us.example", "a@one.example", "b@two.example"))
    assert (
        enclosed("\ufeff" + MEETING.lower().replace("begin:vcalendar", "BEGIN:VCALENDAR"))[1][1]
        == "a@one.example"
    )
    assert enclosed(CARDS) == ("card", ("a@one.example", "b@two.example"))
    assert enclosed("EMAIL: a@one.example") == ("", ())


def test_a_hostile_text_is_bounded() -> None:
    many = "From: x\n" + "".join(f"To: p{n}@d{n}.example\nDate: x\n" for n in range(3 * MOST))
    assert len(quoted(many)) <= MOST + 1
    for hostile in ("To: " + "a." * 50_000 + "@", "From: x\nTo:" + " " * 100_000, ">" * 100_000 + "To: x"):
        assert quoted(hostile) == ()
