"""A rebuilt mail has every text and every file of all readings, once, under names that say what they are."""

import base64

import pytest

from config.policy import Organisation, Policy, Warned
from filters.rewriters.rebuild import rebuild
from filters.rule import Mail
from mail.ambiguity import ambiguities
from mail.compose import RewriteError, applied
from mail.message import Message
from tests.filters.inbound.arriving import arrived
from tests.filters.mails import facts


def rebuilt(raw: bytes, language: str = "ja") -> Message:
    mail = Mail(Message(raw), facts("sato@us.example", direction="inbound"))
    edits = rebuild(mail, Policy(organisation=Organisation(language=language)), (), (0,))
    assert [(e.start, e.end) for e in edits] == [(0, len(raw))]
    return Message(applied(raw, edits))


HEAD = b"From: a@x.example\r\nTo: sato@us.example\r\nSubject: hello\r\nMIME-Version: 1.0\r\n"


def files(message: Message) -> dict[str, bytes]:
    return {p.filename: p.content() for p in message.parts if p.is_attachment}


def test_the_file_of_a_uuencoded_text() -> None:
    made = rebuilt(HEAD + b"\r\nsee below\r\nbegin 644 a.exe\r\n#86)C\r\n`\r\nend\r\n")
    assert files(made) == {"a.exe": b"abc"}
    assert "see below" in made.parts[1].text()
    subject = made.first("subject")
    assert subject is not None
    assert subject.text == "[注意] hello"


def test_the_name_that_runs_is_shown() -> None:
    raw = (
        HEAD
        + b"Content-Type: text/x; name=a.txt\r\nContent-Disposition: attachment; filename=a.txt; filename=b.exe\r\n\r\nMZ"
    )
    assert list(files(rebuilt(raw))) == ["b.exe"]


def test_html_becomes_text() -> None:
    made = rebuilt(
        HEAD + b"Content-Type: text/html\r\nContent-Type: text/plain\r\n\r\n<p>one<script>x()</script>"
    )
    assert "one" in made.root.text()
    assert "[CAUTION]" in str(rebuilt(HEAD + b"\r\nx", "en").root.first("subject").text)  # type: ignore[union-attr]


def test_a_mail_inside_is_a_text_that_no_mail_program_opens() -> None:
    raw = HEAD + b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\nSubject: other\r\n\r\nx"
    assert list(files(rebuilt(raw))) == ["inner.eml.txt"]


def test_what_would_make_it_much_larger_is_left_out_and_named() -> None:
    block = base64.encodebytes(bytes(6 << 20)).replace(b"\n", b"\r\n")
    part = b"--b\r\nContent-Type: application/x; name=%s\r\nContent-Transfer-Encoding: base64\r\n\r\n" + block
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (part % b"a.bin") + b"--b--\r\n"
    many = (
        raw.replace(b"boundary=b", b"boundary=c; boundary=b")
        + b"--c\r\n"
        + (part % b"z.bin") * 1
        + b"--c--\r\n"
    )
    made = rebuilt(many)
    assert len(made) < 2 * len(many) + (16 << 20)
    assert made.parts


def test_links_of_a_rebuilt_mail_cannot_be_clicked() -> None:
    raw = b"From: a@x.example\r\nSubject: s\r\n\r\nsee http://203.0.113.7/login\r\n"
    (edit,) = rebuild(arrived(raw), Policy(), (), (0,))
    assert "hxxp://203[.]0[.]113[.]7/login" in Message(edit.new).root.text()
    (edit,) = rebuild(arrived(raw), Policy(warned=Warned(links="keep")), (), (0,))
    assert "http://203.0.113.7/login" in Message(edit.new).root.text()


def test_words_that_could_be_utf7_are_written_so_that_they_are_not() -> None:
    made = rebuilt(HEAD + b"Content-Type: text/cboundary=sv\r\n\r\napplication/o+ZeVnLIqe-t-stream\r\n")
    assert ambiguities(made) == ()


def test_what_was_written_is_looked_at_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a fault in the writer would release what it was meant to mend."""
    two = HEAD + b"Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\nx\r\n"
    monkeypatch.setattr("filters.rewriters.rebuild.rebuilt", lambda *of: two)
    with pytest.raises(RewriteError, match="two ways"):
        rebuilt(HEAD + b"\r\nx")
