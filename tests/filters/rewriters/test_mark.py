"""IN-WARN: the mark in the subject."""

import email
import email.policy

import pytest

from config.policy import Organisation, Policy, Warn
from filters.rewriters.mark import mark
from mail.charset import encode_header
from mail.compose import applied
from mail.message import Message
from tests.filters.inbound.arriving import arrived


def marked(subject: bytes, language: str = "ja", **warn: str) -> bytes:
    raw = b"From: a@x.example\r\n" + subject + b"To: b@us.example\r\n\r\nbody\r\n"
    policy = Policy(organisation=Organisation(language=language), warn=Warn(**warn))
    return applied(raw, mark(arrived(raw), policy, (), (0,)))


def subject_of(raw: bytes) -> str:
    """As Python's own reader and ours see it; they must agree."""
    theirs = str(email.message_from_bytes(raw, policy=email.policy.default)["subject"])
    header = Message(raw).first("subject")
    assert header is not None
    assert " ".join(header.text.split()) == " ".join(theirs.split())
    return header.text


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (b"Subject: Hello\r\n", "[注意] Hello"),
        (b"Subject:Hello\r\n", "[注意] Hello"),
        (b"SUBJECT:  Hello\r\n", "[注意]  Hello"),
        (b"Subject: " + encode_header("重要なお知らせです", 7) + b"\r\n", "[注意] 重要なお知らせです"),
        (b"Subject:\r\n " + encode_header("折り返し", 7) + b"\r\n", "[注意]折り返し"),
        (b"Subject: " + encode_header("とても長い件名" * 12, 7) + b"\r\n", "[注意] " + "とても長い件名" * 12),
        (b"Subject: " + b"long words " * 12 + b"\r\n", "[注意] " + ("long words " * 12).strip()),
        (b"Subject:\r\n", "[注意]"),
        (b"Subject: \r\n", "[注意]"),
    ],
)
def test_the_mark_stands_before_the_subject(subject: bytes, expected: str) -> None:
    after = marked(subject)
    assert " ".join(subject_of(after).split()) == " ".join(expected.split())
    assert after.endswith(b"To: b@us.example\r\n\r\nbody\r\n")
    assert all(len(line) <= 998 for line in after.split(b"\r\n"))


def test_it_stands_there_once() -> None:
    once = marked(b"Subject: Re: " + encode_header("[注意] 件名", 7) + b"\r\n")
    assert subject_of(once) == "Re: [注意] 件名"


def test_a_mail_without_subject_gets_one() -> None:
    assert subject_of(marked(b"")) == "[注意]"


def test_english_organisations_have_their_own_mark() -> None:
    assert marked(b"Subject: Hello\r\n", "en").split(b"\r\n")[1] == b"Subject: [CAUTION] Hello"


def test_no_mark_no_change() -> None:
    assert marked(b"Subject: Hello\r\n", subject_mark={"ja": ""}).split(b"\r\n")[1] == b"Subject: Hello"


def test_all_other_bytes_stay() -> None:
    raw = b"From: a@x.example\r\nSubject: =?ISO-2022-JP?B?GyRCJCobKEI=?=\r\n\r\nx"
    (edit,) = mark(arrived(raw), Policy(), (), (0,))
    assert edit.start == edit.end
