"""IN-MACRO: attachments of warned mail: cut, replaced by a note, or left alone."""

import pytest

from config.policy import Organisation, Policy, Warned
from filters.finding import Finding
from filters.rewriters.disarm import acting, disarm
from filters.ruleset import discover
from mail.compose import RewriteError, applied
from mail.message import Message, Part
from tests.filters.inbound.arriving import archive, arrived, mail
from tests.filters.rewriters.documents import armed, book, word

discover()
FOUND = (Finding("macro", "IN-MACRO", weight=4, values={"name": "a.docm", "what": "macro"}),)
FACTS = {"mail_id": "abc234", "console": "https://sekisho.us.example"}
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def policy(attachments: str = "disarm", language: str = "ja", *, keep: bool = True) -> Policy:
    organisation = Organisation(language=language, domains=("us.example",))
    return Policy(organisation=organisation, warned=Warned(attachments=attachments, keep_original=keep))  # type: ignore[arg-type]


def files(raw: bytes, rules: Policy | None = None, **facts: object) -> dict[str, Part]:
    """The attachments of the mail as it is delivered."""
    edits = disarm(arrived(raw, **{**FACTS, **facts}), rules or policy(), FOUND, (0,))
    after = Message(applied(raw, edits))
    assert set(after.problems) <= set(Message(raw).problems)
    return {part.filename: part for part in after.parts if part.is_attachment}


def test_a_macro_is_cut_out_of_a_document() -> None:
    raw = mail(files={"御見積.docm": armed(word(), "docm"), "議事録.txt": b"x"})
    found = files(raw)
    assert list(found) == ["御見積.docx", "議事録.txt"]
    assert (
        found["御見積.docx"].content_type
        == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    assert b"vbaProject" not in found["御見積.docx"].content()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("請求書.exe", b"MZ" + b"\0" * 200, "program"),
        ("請求書.pdf", b"MZ" + b"\0" * 200, "program"),
        ("a.lnk", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", "shortcut"),
        ("a.url", b"[InternetShortcut]\r\nURL=https://evil.example/\r\n", "shortcut"),
        ("a.html", b"<html><form action=https://evil.example></form></html>", "page"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "page"),
        ("a.zip", archive({"x/y.js": b"WScript.Shell"}), "program"),
        ("a.zip", archive({"b.docm": armed(word(), "docm")}), "macro"),
        ("a.iso", b"\0" * 40_000, "program"),
        ("計画.xlsx", book(), ""),
        ("a.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n", ""),
        ("a.txt", b"plain", ""),
        ("a.zip", archive({"a.txt": b"plain"}), ""),
    ],
)
def test_what_acts(name: str, content: bytes, why: str) -> None:
    (attachment,) = arrived(mail(files={name: content})).reading.attachments
    assert acting(attachment) == why


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("ja", "取り外しました - a.zip.txt", "プログラム"),
        ("en", "Removed - a.zip.txt", "program that runs"),
    ],
)
def test_a_note_says_what_why_and_where_to_ask(language: str, title: str, words: str) -> None:
    found = files(mail(files={"a.zip": archive({"evil.exe": b"MZ"})}), policy(language=language))
    text = found[title].text()
    assert "a.zip" in text
    assert words in text
    assert "https://sekisho.us.example/received/abc234" in text
    assert found[title].content_type == "text/plain"


def test_without_an_address_of_the_console_the_note_names_the_mail() -> None:
    (note,) = files(mail(files={"a.exe": b"MZ"}), console="").values()
    assert "abc234" in note.text()
    assert "http" not in note.text()


def test_a_note_does_not_promise_what_is_not_kept() -> None:
    (note,) = files(mail(files={"a.exe": b"MZ"}), policy(keep=False)).values()
    assert "保管していません" in note.text()
    assert "received" not in note.text()


def test_the_language_of_the_recipient() -> None:
    (name,) = files(mail(files={"a.exe": b"MZ"}), languages={"user@us.example": "en"})
    assert name == "Removed - a.exe.txt"


def test_by_policy_every_attachment_becomes_a_note() -> None:
    found = files(mail(files={"a.txt": b"x", "b.docm": armed(word(), "docm")}), policy("note"))
    assert list(found) == ["取り外しました - a.txt.txt", "取り外しました - b.docm.txt"]


def test_by_policy_nothing_is_changed() -> None:
    raw = mail(files={"a.exe": b"MZ"})
    assert disarm(arrived(raw), policy("keep"), FOUND, (0,)) == []


def test_other_bytes_of_the_mail_stay() -> None:
    raw = mail(files={"a.txt": b"x", "b.exe": b"MZ", "c.txt": b"y"})
    (edit,) = disarm(arrived(raw), policy(), FOUND, (0,))
    part = Message(raw).parts[-2]
    assert (edit.start, edit.end) == part.span


@pytest.mark.parametrize("name", ["evil.exe", "御見積.docm"])
def test_a_mail_that_is_one_file_gets_banner_and_note(name: str) -> None:
    body = armed(word(), "docm") if name.endswith("docm") else b"MZ" * 100
    whole = mail(files={name: body})
    part = Message(whole).parts[-1]
    head = b"".join(h.raw for h in part.headers)
    raw = b"From: a@x.example\r\nSubject: s\r\nMIME-Version: 1.0\r\n" + head + b"\r\n" + bytes(part.body)
    after = Message(applied(raw, disarm(arrived(raw, **FACTS), policy(), FOUND, (0,))))
    assert [p.content_type for p in after.parts][:2] == ["multipart/mixed", "text/plain"]
    assert after.parts[1].text().startswith("【注意】")
    assert after.parts[2].filename in ("取り外しました - evil.exe.txt", "御見積.docx")
    assert len(after.all("content-type")) == len(after.all("mime-version")) == 1


def test_a_file_that_acts_in_a_signed_mail_holds_it() -> None:
    inner = mail(files={"a.exe": b"MZ"})
    at = inner.index(b"MIME-Version")
    signed = b"Content-Type: multipart/signed; boundary=s; protocol=application/pgp-signature\r\n\r\n--s\r\n"
    raw = (
        inner[:at]
        + signed
        + inner[inner.index(b"Content-Type", at) :]
        + b"\r\n--s\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--s--\r\n"
    )
    with pytest.raises(RewriteError):
        disarm(arrived(raw), policy(), FOUND, (0,))


def test_a_name_can_do_nothing_in_the_note() -> None:
    (note,) = files(mail(files={"\u202egpj.www.evil.com/.exe": b"MZ"})).values()
    assert "\u202e" not in note.text()
    assert "evil.com" not in note.text()
