"""What a mail to the report address is about: attached in every way, quoted the way mail programs do."""

import hashlib
from base64 import encodebytes

import pytest

from config.policy import Organisation, Policy
from filters.examined import Reported
from filters.facts import Facts, Origin
from filters.reading.report import MAX_ATTACHED, attached, bare_subject, quotation, run, without_marks
from filters.ruleset import prepare
from mail.charset import encode_header
from mail.envelope import Envelope, ForwardPath
from mail.message import Message

PREPARED = prepare(Policy(organisation=Organisation(domains=("example.co.jp",))))
FACTS = Facts(
    "report",
    Origin("submission", "192.0.2.1", login="taro"),
    Envelope("taro@example.co.jp", (ForwardPath("report@example.co.jp"),)),
    console="https://sekisho.example.co.jp",
)
ID = "abcdefgh234567ij"
FILE = b"%PDF-1.4 bad"
BAD = (
    b"Received: from evil (203.0.113.1) by sekisho.test with ESMTPS id " + ID.encode() + b"; now\r\n"
    b"From: Bank <bank@evil.example>\r\nTo: taro@example.co.jp\r\nMessage-ID: <1@evil.example>\r\n"
    b"Subject: " + encode_header("[注意] 口座の確認", 9) + b"\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b'<a href="https://login.evil.example/x">go</a> <a href="https://www.example.co.jp/">us</a>\r\n'
    b'--b\r\nContent-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    + encodebytes(FILE).replace(b"\n", b"\r\n")
    + b"--b--\r\n"
)


def report_of(raw: bytes) -> list[Reported]:
    examined = run(raw, FACTS, PREPARED)
    assert [c.recipients for c in examined.copies] == [(0,)]
    return list(examined.reported)


def with_part(head: str, body: bytes) -> bytes:
    return (
        b"From: taro@example.co.jp\r\nSubject: Fwd: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n"
        b"\r\n--o\r\nContent-Type: text/plain\r\n\r\nlook at this\r\n--o\r\n"
        + head.encode()
        + b"\r\n\r\n"
        + body
        + b"\r\n--o--\r\n"
    )


def base64(content: bytes) -> bytes:
    return encodebytes(content).replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Type: message/rfc822", BAD),
        ("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", base64(BAD)),
        ('Content-Type: application/octet-stream; name="x.EML"\r\nContent-Transfer-Encoding: base64', base64(BAD)),
        ("Content-Type: text/plain\r\nContent-Disposition: attachment; filename=mail.eml", BAD),
    ],
)  # fmt: skip
def test_an_attached_mail_is_read_as_it_came(head: str, body: bytes) -> None:
    (found,) = report_of(with_part(head, body))
    assert found.attached
    assert (found.summary.author, found.summary.subject) == ("bank@evil.example", "口座の確認")
    assert found.summary.message_id == "<1@evil.example>"
    assert found.summary.hosts == ("login.evil.example",), "what is ours is not reported"
    assert found.summary.files == (hashlib.sha256(FILE).hexdigest(),)
    assert found.mail_ids == (ID,)


def test_only_the_outermost_mails_count_and_not_without_end() -> None:
    nested = b"From: a@evil.example\r\nContent-Type: message/rfc822\r\n\r\n" + BAD
    (found,) = report_of(with_part("Content-Type: message/rfc822", nested))
    assert found.summary.author == "a@evil.example"
    many = b"".join(
        b"--o\r\nContent-Type: message/rfc822\r\n\r\nFrom: a%d@evil.example\r\n\r\nx\r\n" % n
        for n in range(50)
    )
    raw = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n" + many + b"--o--\r\n"
    assert len(attached(Message(raw))) == MAX_ATTACHED


QUOTED = {
    "outlook-ja": (
        "-----元のメッセージ-----\n差出人: 銀行 <bank@evil.example>\n送信日時: 2026年4月1日 9:00\n"
        "宛先: 山田 太郎 <taro@example.co.jp>\n件名: 口座の確認\n"
    ),
    "outlook-ja-wide": "差出人：　銀行 <bank@evil.example>\n送信日時：　2026年4月1日\n宛先：　山田\n件名：　口座の確認\n",
    "outlook-en": (
        "________________________________\nFrom: 銀行 <bank@evil.example>\nSent: Wednesday, April 1, 2026 9:00 AM\n"
        "To: Taro\nSubject: 口座の確認\n"
    ),
    "outlook-mailto": (
        "-----Original Message-----\nFrom: 銀行 [mailto:bank@evil.example] \nSent: x\nTo: y\nSubject: 口座の確認\n"
    ),
    "outlook-bold": "*From:* 銀行 <bank@evil.example>\n*Sent:* x\n*To:* y\n*Cc:* z\n*Subject:* 口座の確認\n",
    "gmail": (
        "---------- Forwarded message ---------\nFrom: 銀行 <bank@evil.example>\nDate: 2026年4月1日(水) 9:00\n"
        "Subject: 口座の確認\nTo: <taro@example.co.jp>\n"
    ),
    "thunderbird-ja": (
        "-------- 転送メッセージ --------\n件名: \t口座の確認\n日付: \tWed, 1 Apr 2026\n差出人: \t銀行 <bank@evil.example>\n"
        "宛先: \ttaro@example.co.jp\n"
    ),
    "thunderbird-en": (
        "-------- Forwarded Message --------\nSubject: \t口座の確認\nDate: \tx\nFrom: \t銀行 <bank@evil.example>\nTo: \ty\n"
    ),
    "apple-ja": (
        "転送されたメッセージ：\n\n差出人: 銀行 <bank@evil.example>\n件名: 口座の確認\n日付: 2026年4月1日\n宛先: taro\n"
    ),
    "apple-en": (
        "Begin forwarded message:\n\n> From: 銀行 <bank@evil.example>\n> Subject: 口座の確認\n> Date: x\n> To: y\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", QUOTED)
def test_a_quoted_header_is_found_in_the_way_of_each_program(name: str) -> None:
    text = (
        "怪しいです。\n\n"
        + QUOTED[name]
        + "\n詳しくは https://login.evil.example/x へ\n山田 https://www.example.co.jp/\n"
    )
    assert quotation(text) == ("口座の確認", "bank@evil.example", "銀行")
    raw = b"Subject: Fwd: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode()
    (found,) = report_of(raw)
    assert (found.summary.author, found.summary.subject) == ("bank@evil.example", "口座の確認")
    assert found.summary.hosts == ("login.evil.example",)
    assert not found.attached


def test_a_quoted_header_in_html_and_the_link_of_our_banner() -> None:
    html = (
        "<div>怪しい</div><hr><div><b>差出人:</b> 銀行 &lt;bank@evil.example&gt;<br><b>送信日時:</b> 4月1日<br>"
        "<b>宛先:</b> 太郎<br><b>件名:</b> [注意] 口座の確認</div>"
        f'<a href="https://sekisho.example.co.jp/received/{ID}">このメールについて</a>'
    )
    (found,) = report_of(b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode())
    assert (found.summary.author, found.summary.subject) == ("bank@evil.example", "口座の確認")
    assert found.mail_ids == (ID,)
    assert found.summary.hosts == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "From: a@b.example is what I saw",
        "From: a\n" + "x\n" * 30 + "Subject: b\nTo: c",
        "Subject: a\nTo: b",
    ],
)
def test_a_sentence_is_not_a_header(text: str) -> None:
    assert quotation(text) == ("", "", "")


def test_without_a_quotation_the_subject_of_the_report_remains() -> None:
    (found,) = report_of(b"Subject: Fwd: odd mail\r\n\r\nwhat is this?\r\n")
    assert found.summary.subject == "Fwd: odd mail"
    assert bare_subject(found.summary.subject) == "odd mail"


def test_hostile_reports_are_read_within_limits() -> None:
    long = ("From: " * 3000 + "\n") * 50 + "Subject: x\n" * 5000
    report_of(b"Content-Type: text/plain\r\n\r\n" + long.encode())
    deep = b"Content-Type: message/rfc822\r\n\r\n" * 60 + b"x"
    report_of(deep)
    report_of(b"")


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Fwd: 口座の確認", "口座の確認"), ("RE[2]: FW：　[注意] Re: 請求書 No.１２３４", "請求書 no.0"),
        ("[CAUTION] Invoice 4711", "invoice 0"), ("  A\t B ", "a b"), ("返信: 転送: x", "x"), ("Restart: x", "restart: x"),
        ("", ""), ("[重要] お知らせ", "[重要] お知らせ"),
    ],
)  # fmt: skip
def test_subjects_of_one_wave_are_equal(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare
    assert bare_subject(bare) == bare


def test_our_mark_is_taken_off_and_nothing_else() -> None:
    assert without_marks("[注意] Re: a") == "Re: a"
    assert without_marks("Fwd: [注意] Re: a") == "Re: a"
    assert without_marks("Fwd: a") == "Fwd: a"
    assert without_marks("【疑】x", ("【疑】",)) == "x"
