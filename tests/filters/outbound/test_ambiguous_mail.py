"""Ambiguous mail from our own people is refused with words that help."""

from filters.sentences import sentence
from filters.verdict import Disposition
from tests.filters.mails import SENDER, examined, findings, plain

DAMAGED = (
    f"From: {SENDER}\r\nTo: tanaka@partner.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=a; boundary=b\r\n\r\n"
    "--a\r\n\r\nhello\r\n--a--\r\n--b\r\nContent-Type: application/octet-stream; name=x.exe\r\n\r\nMZ\r\n--b--\r\n"
).encode()


def test_refused_in_the_session_with_what_to_do() -> None:
    result = examined(DAMAGED)
    assert result.verdict.disposition is Disposition.REJECT
    assert "ambiguous_mail" in result.verdict.rejects
    told = next(f for f in result.findings if f.rule == "ambiguous_mail")
    assert "添付し直すか" in sentence(told, "ja")
    assert "Attach the file again" in sentence(told, "en")
    assert len(sentence(told, "ja").encode()) < 480


def test_sound_mail_passes() -> None:
    assert findings("ambiguous_mail", plain("hello")) == []


def test_a_detector_can_be_ignored() -> None:
    assert findings("ambiguous_mail", DAMAGED)
    assert not findings("ambiguous_mail", DAMAGED, ignored=("duplicate-boundary", "headers-in-epilogue"))


def test_what_only_the_other_reading_shows_is_found() -> None:
    rules = {f.rule for f in examined(DAMAGED).findings}
    assert "executable_attachment" in rules
