import email
import email.policy

import pytest

from mail.ambiguity import ambiguities
from mail.message import Message
from mail.rebuild import MAX_NAME, AttachedFile, clean_name, names_of, rebuilt

ORIGINAL = Message(
    "From: =?utf-8?b?5bGx55Sw?= <yamada@x.example>\r\nFrom: other@x.example\r\n"
    "To: a@us.example, 鈴木 <b@us.example>\r\nSubject: =?utf-8?b?6LOH5paZ?=\r\n"
    "Date: Mon, 01 Jan 2024 09:00:00 +0900\r\nMessage-ID: <1@x.example>\r\nReferences: <0@x.example> junk\r\n"
    "X-Odd: 1\r\nContent-Type: text/plain; boundary=x\r\nContent-Type: multipart/mixed\r\n\r\nbody".encode()
)


def test_header_text_and_files_as_another_reader_sees_them():
    files = [
        AttachedFile("見積.pdf", "application/pdf", b"%PDF\x00\n"),
        AttachedFile("a.exe", "bad type", bytes(range(256)) * 400),
    ]
    raw = rebuilt(ORIGINAL, "注記", ["本文1", "text\rtwo\x00"], files, "[注意]")
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert read["from"] == "山田 <yamada@x.example>"
    assert [a.addr_spec for a in read["to"].addresses] == ["a@us.example", "b@us.example"]
    assert read["subject"] == "[注意] 資料"
    assert read["message-id"] == "<1@x.example>"
    assert read["references"] == "<0@x.example>"
    assert read["x-odd"] is None
    assert [len(read.get_all(n)) for n in ("From", "Content-Type")] == [1, 1]
    text, *attached = read.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == "注記\n\n本文1\n\ntext\ntwo "
    assert [(p.get_filename(), p.get_content_type(), p.get_payload(decode=True)) for p in attached] == [
        ("見積.pdf", "application/pdf", files[0].content),
        ("a.exe", "application/octet-stream", files[1].content),
    ]
    assert ambiguities(Message(raw)) == ()
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")


def test_without_files_it_is_one_text():
    read = email.message_from_bytes(rebuilt(Message(b""), "n", [], []), policy=email.policy.default)
    assert (read.get_content_type(), read["from"]) == ("text/plain", "unknown sender <unknown@invalid>")


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("a.pdf", "a.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a.pdf\u3000\u3000\u3000\u00a0.exe", "a.pdf .exe"),
        ("..\\..\\a.exe", "a.exe"),
        ("/etc/passwd", "passwd"),
        ("a\x00.exe\r\nX: y", "a.exe X_ y"),
        ('"a";b=c.txt', "_a__b=c.txt"),
        ("a.exe. . ", "a.exe"),
        ("\u200b\ufeff", "file-3"),
        ("", "file-3"),
        ("=?utf-8?q?x?=", "=_utf-8_q_x_="),
        ("WinMail.DAT", "winmail.tnef"),
        ("か\u3099.txt", "が.txt"),
    ],
)
def test_a_clean_name(name, clean):
    assert clean_name(name, 3) == clean


def test_a_long_name_keeps_its_extension():
    name = clean_name("長" * 300 + ".docx")
    assert len(name) == MAX_NAME
    assert name.endswith("長.docx")


def test_no_two_names_are_alike():
    files = [AttachedFile(n, "", b"") for n in ("a.txt", "A.txt", "a.txt", "b", "b", "")]
    assert names_of(files) == ["a.txt", "A (2).txt", "a (3).txt", "b", "b (2)", "file-6"]
    assert len({n.lower() for n in names_of(files)}) == len(files)
