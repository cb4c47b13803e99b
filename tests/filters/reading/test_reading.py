"""Marks and numbers in texts: what counts, what is negated, what is quoted."""

import base64
import gzip
import io
import zipfile

import pytest

from filters.detect.marks import SAID
from filters.markup.dom import Document
from filters.reading import reading
from filters.reading.reading import Text, scan
from filters.rule import Mail
from mail.message import Message
from tests.filters.extract.encoders import uuencoded
from tests.filters.inbound.arriving import arrived, look, mail
from tests.filters.mails import ORGANISATION, attached, facts, plain


def marks(text: str, role: str = "body") -> list[str]:
    return [
        m.of.name
        for m in scan(Text("1", text, role), ORGANISATION).marks
        if m.weight >= SAID and not m.quoted
    ]


@pytest.mark.parametrize(
    "text",
    [
        "社外秘", "【社外秘】見積書", "この資料は社外秘です。", "社 外 秘", "社　外　秘", "社・外・秘", "社\n外\n秘",
        "社\u200b外\u200b秘", "部外秘", "※社外秘※", "ﾊﾟｰﾄﾅｰ様 社外秘", "CONFIDENTIAL", "[Confidential]",
        "Ｃｏｎｆｉｄｅｎｔｉａｌ", "*** Confidential ***", "Company Confidential\n",
    ],
)  # fmt: skip
def test_marks_are_found_however_they_are_written(text: str) -> None:
    assert marks(text) == ["社外秘"]


@pytest.mark.parametrize(
    "text",
    [
        "社外秘ではありません", "この資料は社外秘ではございません。", "社外秘の情報は含みません", "社外秘には該当しません",
        "社外秘情報は含まれておりません", "社外秘扱いではないのでご自由にどうぞ", "社外秘の指定を解除しました",
        "非社外秘", "This is not confidential", "究極秘伝のたれ", "北極秘境の旅", "極秘伝の書", "会社の外の秘密",
        "This message is confidential and intended only for the addressee.",
        "Confidential information may be included in this e-mail; please notify us.",
        "confidentiality agreement",
    ],
)  # fmt: skip
def test_negations_disclaimers_and_other_words_do_not_count(text: str) -> None:
    assert marks(text) == []


def test_the_longer_mark_wins() -> None:
    assert marks("STRICTLY CONFIDENTIAL") == ["極秘"]
    assert marks("グループ外秘") == ["グループ外秘"]
    assert marks("極秘資料", "name") == ["極秘"]


def test_an_english_word_in_a_subject_or_file_name_is_a_stamp() -> None:
    assert marks("2025 budget plan (all departments), confidential draft for you", "subject") == ["社外秘"]
    assert marks("budget_confidential_v2.xlsx", "name") == ["社外秘"]


@pytest.mark.parametrize(
    "text",
    ["了解しました。\n> 社外秘の資料です", "了解\n-----Original Message-----\nFrom: x\n社外秘", "ok\n>> 社外秘",
     "ok\n2025年6月1日 山田 <y@x.example> のメール:\n社外秘"],
)  # fmt: skip
def test_quoted_marks_are_told_apart(text: str) -> None:
    found = scan(Text("1", text, "body"), ORGANISATION).marks
    assert [m.quoted for m in found] == [True]


def sure(text: str) -> list[str]:
    return [n.digits for n in scan(Text("1", text, "content"), ORGANISATION).numbers if n.sure]


def test_a_my_number_needs_a_keyword_nearby_or_company() -> None:
    assert sure("123456789018") == []
    assert sure("マイナンバー: 1234 5678 9018") == ["123456789018"]
    assert sure("個 人 番 号 １２３４－５６７８－９０１８") == ["123456789018"]
    assert sure("個人番号" + "あ" * 400 + "123456789018") == []


def test_three_different_my_numbers_are_sure_without_a_keyword() -> None:
    numbers = ["123456789018", "987654321012", "111122223336"]
    from filters.detect.numbers import my_number

    good = [n[:11] + next(d for d in "0123456789" if my_number(n[:11] + d)) for n in numbers]
    assert sure("\n".join(good)) == good
    assert sure("\n".join([good[0]] * 3)) == []


def test_the_texts_of_a_mail_have_places() -> None:
    reading = Mail(Message(attached(("あ.csv", "極秘".encode("cp932")), ("b.txt", b"x"))), facts()).reading
    assert [(t.place, t.role) for t in reading.texts()] == [
        ("header:subject", "subject"), ("1", "body"), ("~preamble", "body"), ("~epilogue", "body"),
        ("2/あ.csv", "name"), ("2/あ.csv", "content"), ("3/b.txt", "name"), ("3/b.txt", "content"),
    ]  # fmt: skip


def test_a_mail_is_read_once() -> None:
    mail = Mail(Message(plain("社外秘")), facts())
    assert mail.reading is mail.reading
    text = mail.reading.bodies[0]
    assert mail.reading.scan(text, ORGANISATION) is mail.reading.scan(text, ORGANISATION)


def test_a_mail_inside_is_one_attachment() -> None:
    inner = plain("社外秘の本文").decode()
    raw = (
        f"From: a@us.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nhi\r\n"
        f"--o\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--o--\r\n"
    ).encode()
    reading = Mail(Message(raw), facts()).reading
    assert [t.raw for t in reading.bodies] == ["hi"]
    assert [a.name for a in reading.attachments] == ["資料の件.eml"]
    assert any("社外秘" in t.flat for t in reading.attachments[0].texts)


def test_html_is_read_as_text_and_its_pictures_are_not_files_to_encrypt() -> None:
    raw = (
        b"From: a@us.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>\xe7\xa4\xbe<b>\xe5\xa4\x96</b>\xe7\xa7\x98 <img src='cid:i1'>\r\n"
        b"--r\r\nContent-Type: image/png\r\nContent-ID: <i1>\r\n\r\n\x89PNG\r\n\x1a\n\r\n--r--\r\n"
    )
    reading = Mail(Message(raw), facts()).reading
    assert "社外秘" in reading.bodies[0].flat
    assert [a.inline_image for a in reading.attachments] == [True]


def test_a_file_in_the_html_of_a_mail_is_read_like_any_other() -> None:
    """A click saves it: a document or program that is in no part of the mail."""
    page = "<p>x<a download=計画.txt href='data:application/octet-stream,%E6%A5%B5%E7%A7%98'>y</a>"
    arriving = mail("", html=page)
    (file,) = arrived(arriving).reading.attachments
    assert (file.path, file.name, file.own) == ("1", "計画.txt", False)
    assert file.extracted.texts == (("", "極秘"),)
    program = page.replace("計画.txt", "a.exe").replace("%E6%A5%B5%E7%A7%98", "MZ")
    assert look("executable", mail("", html=program))


def test_what_only_dresses_a_page_is_not_a_file() -> None:
    page = (
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='><link href='data:font/woff2;base64,d09GMgAB'>"
    )
    assert arrived(mail("", html=page)).reading.attachments == ()
    drawing = "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>\">"
    (picture,) = arrived(mail("", html=drawing)).reading.attachments
    assert picture.inline_image
    assert not look("attachment", mail("", html=drawing))


def html_parts(*pages: str) -> bytes:
    lines = ['MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b1"\r\n\r\n--b1']
    for page in pages:
        lines.append(f"Content-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n--b1")
    return "\r\n".join(lines).encode() + b"--\r\n"


def test_a_page_is_built_once_for_all_who_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    class Watched(Document):
        def __init__(self, html: str) -> None:
            built.append(html)
            super().__init__(html)

    monkeypatch.setattr(reading, "Document", Watched)
    mail = arrived(html_parts("<p>one", "<p>two"))
    assert [text.raw.strip() for text in mail.reading.bodies] == ["one", "two"]
    assert [page.text for page in mail.incoming.pages] == ["one", "two"]
    assert built == ["<p>one", "<p>two"]


def test_of_huge_pages_not_all_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree takes up to ten thousand times as much memory as its source: of many, a few stay."""
    monkeypatch.setattr(reading, "STEPS", 20)
    mail = arrived(html_parts("<p>one", "<p>two", "<p>three"))
    found = mail.reading
    same = [found.document(p, p.text()) is found.document(p, p.text()) for p in found.parts[1:]]
    assert same == [True, True, False]
    assert [page.text for page in mail.incoming.pages] == ["one", "two", "three"]


PAGE = b"<html><form action=https://x.example/><input type=password></form></html>"
EVENT = "BEGIN:VCALENDAR\nATTACH;FMTTYPE=text/html;ENCODING=BASE64;VALUE=BINARY:\n {}\nEND:VCALENDAR\n"


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("text/calendar; method=REQUEST", EVENT.format(base64.b64encode(PAGE * 3).decode()), True),
        ("text/plain", uuencoded(PAGE * 3, "page.html"), True),
        ("text/plain", base64.b64encode(PAGE * 3).decode(), False),
    ],
)
def test_a_page_in_a_text_counts_where_a_program_offers_to_open_it(kind: str, text: str, shown: bool) -> None:
    raw = f"From: a@x.example\nSubject: x\nContent-Type: {kind}\n\n{text}\n".encode()
    reading = arrived(raw).reading
    assert [a.extracted.kind == "html" for a in reading.attachments] == [True] * shown


@pytest.mark.parametrize(
    ("kind", "content", "found"),
    [
        ("text/rtf", b"{\\rtf1 {\\info{\\title a}} b}", "rtf"),
        ("text/html", gzip.compress(PAGE, mtime=0), "gz"),
        ("text/plain", b"MZ\x90\0\3\0\0\0\4\0" + bytes(50) + b"\x40\0\0\0PE\0\0" + bytes(300), "exe"),
        ("text/plain", "BMW の件、承知しました。".encode("utf-16"), ""),
        ("text/plain", b"MZ is a short text.", ""),
    ],
)
def test_a_file_in_the_place_of_a_text_is_a_file(kind: str, content: bytes, found: str) -> None:
    coded = base64.encodebytes(content)
    raw = f"From: a@x.example\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\n".encode() + coded
    assert [a.extracted.kind for a in arrived(raw).reading.attachments] == ([found] if found else [])


@pytest.mark.parametrize("folder", ["社外秘", "取扱区分:極秘", "a/Internal Only"])
def test_a_folder_of_an_archive_is_marked_in_the_place_of_its_files(folder: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{folder}/plan.txt", "-")
    raw = attached(("data.zip", packed.getvalue()))
    names = [t.raw for t in Mail(Message(raw), facts()).reading.texts("name")]
    assert folder.rpartition("/")[2] in names
