"""OUT-PASSWORD: passphrases that follow their files by mail."""

from base64 import b64encode
from typing import Any

import pytest

from filters.detect.passphrases import told as passwords
from filters.facts import SentLocked
from filters.finding import Finding
from filters.rule import Mail
from filters.sentences import sentences
from mail.message import Message
from tests.filters.extract.documents import pdf
from tests.filters.mails import ORGANISATION, SHIPPED, attached, examined, facts, plain

GIVEN = "解凍パスワードは下記のとおりです。\nHk7-siire-26"


def look(raw: bytes, *recipients: str, **more: Any) -> list[Finding]:
    each = SHIPPED.by_name["following_password"]
    return each.rule.look(
        Mail(Message(raw), facts(*recipients, **more)), ORGANISATION, each.settings, each.weight
    )


@pytest.mark.parametrize(
    "text",
    [
        GIVEN,
        "パスワード：aoba#1120",
        "PW: 20261104",
        "パスワードは「Tanabata44」です",
        "the password for logs_1109.zip is: tanabata-Mitsu-44",
        "Password = correct-horse-7",
    ],
)
def test_a_password_is_written(text: str) -> None:
    assert list(passwords(text))


@pytest.mark.parametrize(
    "text",
    [
        "パスワードは来月から12文字以上に改めます。",
        "パスワードは別途お電話でお知らせします。",
        "Please reset your password before 2026-11-30.",
        "The password is the same as last time.",
        "パスワードの再設定はこちら https://us.example/reset",
        "パスワードのお問い合わせは info@us.example まで",
        "「仕入先一覧.zip」のパスワードは取り決めたとおりです。",
    ],
)
def test_none_is_written(text: str) -> None:
    assert not list(passwords(text))


def test_the_file_that_was_sent_before_is_named() -> None:
    sent = (
        SentLocked("古い.zip", "tanaka@partner.example", 1.0),
        SentLocked("仕入先一覧.zip", "tanaka@partner.example", 2.0),
        SentLocked("ほか.zip", "ito@other.example", 3.0),
    )
    (finding,) = look(plain(GIVEN), locked_lately=sent)
    assert finding.values == {"name": "仕入先一覧.zip"}
    assert look(plain(GIVEN), "kato@partner.example", locked_lately=sent)


def test_the_password_itself_is_never_evidence() -> None:
    (finding,) = look(plain(GIVEN), locked_lately=(SentLocked("a.zip", "tanaka@partner.example"),))
    assert "Hk7" not in repr(finding)
    assert finding.evidence[0].part == "1"


def test_the_file_comes_with_the_same_mail() -> None:
    (finding,) = look(attached(("名簿.pdf", pdf(password="Hk7-siire-99")), body=GIVEN))
    assert finding.values == {"name": "名簿.pdf"}


def test_the_author_speaks_of_a_file() -> None:
    (finding,) = look(plain(f"先ほどお送りした「仕入先一覧.zip」の{GIVEN}"))
    assert finding.values == {"name": "仕入先一覧.zip"}


def test_an_account_for_the_partner_is_another_matter() -> None:
    assert look(plain("管理画面のパスワードは次のとおりです。\nHk7-siire-26")) == []


def test_among_us_nothing_is_said() -> None:
    assert look(plain(f"先ほどお送りした a.zip の{GIVEN}"), "suzuki@us.example") == []


def test_a_password_that_is_only_quoted_is_not_the_authors() -> None:
    assert look(plain(f"承知しました。\n> 先ほどの a.zip の\n> {GIVEN}".replace("\nHk7", "\n> Hk7"))) == []


def test_what_is_forwarded_is_told_anew_to_those_who_have_not_had_it() -> None:
    above = "From: 営業 <eigyo@us.example>\nSubject: 資料\nTo: a@us.example\n\n"
    told = plain(f"転送します。\n\n---------- Forwarded message ---------\n{above}{GIVEN}")
    assert look(told.replace(b"Subject: ", b"Subject: Fwd: ", 1)) != []


@pytest.mark.parametrize(
    "text",
    [
        "パスワードは「夏の旅行2025」です。",
        "復号キー：Sakura-Mochi!",
        "パスワードは貴社の電話番号の下4桁です。",
        "The password is the last four digits of your phone number.",
    ],
)
def test_a_password_in_words_or_described_is_one_too(text: str) -> None:
    assert list(passwords(text))


def test_the_subject_may_speak_of_it_and_the_text_be_nothing_else() -> None:
    raw = plain("田中様\n\nHk7-siire-26\n\n佐藤", subject="=?utf-8?b?UFfjga7jgYrnn6XjgonjgZs=?=")
    (finding,) = look(raw, locked_lately=(SentLocked("a.zip", "tanaka@partner.example"),))
    assert finding.about == ("a.zip",)


def test_the_sender_looks_first_and_is_told_how_else() -> None:
    seen = examined(plain(f"先ほどお送りした a.zip の{GIVEN}"))
    assert seen.verdict.delay >= 10**9
    assert any("電話" in each for each in sentences(seen.findings, "ja"))
    assert any("telephone" in each for each in sentences(seen.findings, "en"))


def test_a_password_with_no_word_of_a_file_is_one_all_the_same() -> None:
    (finding,) = look(plain("PW：Hk7-siire-26"))
    assert finding.values == {"name": ""}
    assert "an encrypted file" in sentences([finding], "en")[0]


@pytest.mark.parametrize(
    ("name", "content"), [("password.txt", "Hk7-siire-26\n"), ("memo.txt", "解凍パスワード：Hk7-siire-26\n")]
)
def test_in_a_text_beside_the_mail(name: str, content: str) -> None:
    raw = attached((name, content.encode()), body="パスワードは添付のテキストをご覧ください。")
    (finding,) = look(raw)
    assert finding.evidence[0].part.startswith("2/")
    assert look(attached((name, content.encode() * 60), body="パスワードは添付をご覧ください。")) == []


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Hx7#qLm29v", "件名がパスワードです。"),
        ("zipの鍵", "Hx7#qLm29v"),
        ("pass", "Hx7#qLm29v"),
    ],
)
def test_what_the_text_points_to_and_what_the_subject_calls(subject: str, text: str) -> None:
    assert look(plain(text, subject=f"=?utf-8?b?{b64encode(subject.encode()).decode()}?="))


def test_what_opens_the_attachment_is_told() -> None:
    """However it is said: the word stood in the mail, and opened the file."""
    (finding,) = look(
        attached(("名簿.pdf", pdf(password="Hk7-siire-99")), body="資料です。\nPASS Hk7-siire-99\n")
    )
    assert finding.evidence[0].quote == "********"


@pytest.mark.parametrize(
    "body",
    [
        "> パスワードがわかりません。教えてください。\n\n失礼しました。yama-7712 です。",
        "> what was the password for the zip?\n\nyama-7712\n",
    ],
)
def test_the_quoted_mail_asked(body: str) -> None:
    assert look(plain(body), locked_lately=(SentLocked("a.zip", "tanaka@partner.example"),))
    assert not look(
        plain(body.replace("パスワード", "型番").replace("password", "model")),
        locked_lately=(SentLocked("a.zip", "tanaka@partner.example"),),
    )


def test_a_note_tells_what_the_mail_does_not_name() -> None:
    note = "同封データの解凍パスワード：Kamori-1234\r\n".encode()
    assert look(attached(("送付状.txt", note), body="書類一式をお送りします。"))
    event = b"BEGIN:VCALENDAR\r\nSUMMARY:Call\r\nEND:VCALENDAR\r\n"
    assert not look(
        attached(("event.ics", event), body="Join: https://meet.us.example/j/1\nPasscode: 344713")
    )


def test_a_table_of_files_and_passphrases() -> None:
    table = "| file | password |\n|---|---|\n| spec.zip | Kamori-1234 |\n"
    assert look(plain(table))
