"""Reading a mail without anything that acts (T37)."""

import pytest

from console.content import from_html, read
from tests.console.premises import mail


def test_plain_text_headers_and_attachments() -> None:
    found = read(mail("=?utf-8?b?6KaL56mN?=", "鈴木様\r\n見積です", attachment="%E8%A6%8B.pdf"))
    assert ("Subject", "見積") in found.headers
    assert found.text.startswith("鈴木様\n見積です")
    assert not found.html
    (file,) = found.files
    assert (file.name, file.type, file.size) == ("見.pdf", "application/pdf", 9)
    assert len(file.sha256) == 64


def test_the_tabs_of_folded_fields_are_no_hidden_characters() -> None:
    found = read(b"Received: from a\r\n\tby b;\r\n\tMon\r\nSubject: x\r\n\r\ny\r\n")
    assert ("Received", "from a by b; Mon") in found.headers


def test_html_only_becomes_text() -> None:
    found = read(
        mail("x", "<p>一行目<br>二行目</p><script>alert(1)</script><div>A&amp;B&lt;</div>", html=True)
    )
    assert found.html
    assert found.text.split("\n") == ["一行目", "二行目", "", "A&B<"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('<a href="http://evil.example/x">bank</a>', "[→ http://evil.example/x] bank"),
        ("<a class=x href='http://e.example'>b</a>", "[→ http://e.example] b"),
        ("<a name=x>b</a>", "b"),
        ("a<!-- <b>secret --> b", "a b"),
        ("<style>p{}</style><header>h</header><title>t</title>x", "hx"),
        ("<script>never closed <p>x", ""),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<!-- never closed", ""),
        ("<img src=http://t.example/p.gif alt=x>", ""),
        ("<!--><p>after five octets", "after five octets"),
        ("<svg><style></style></svg>shown", "shown"),
        ("x<!--[if mso]>y<![endif]-->", "x\n\n[Outlook]\ny"),
        ("<div>" * 20_000, "<div>" * 20_000),
    ],
)
def test_html_to_text(source: str, text: str) -> None:
    assert from_html(source) == text


@pytest.mark.parametrize(
    "hostile",
    ["<" * 200_000, "<a " * 100_000, "<script" * 50_000, "<!--" * 100_000, "<a href=" * 50_000, "&" * 200_000,
     "<a " + " href" * 900 + ">", " " * 300_000, "<a\t" * 60_000, "<b>\n" * 100_000],
)  # fmt: skip
def test_hostile_html_ends(hostile: str) -> None:
    """Quadratic code would run into the time limit of the test run."""
    assert len(from_html(hostile)) <= len(hostile)


def test_damage_is_shown_as_far_as_it_goes() -> None:
    for raw in (b"", b"\x00\xff", b"Subject: x", b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"):
        assert read(raw).files == () or read(raw).files


def test_long_text_is_cut_and_said() -> None:
    found = read(mail("x", "あ" * 200_000))
    assert found.cut
    assert len(found.text) == 100_000
