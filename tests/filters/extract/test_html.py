"""HTML as its reader sees it."""

import base64
from collections.abc import Iterator
from contextlib import nullcontext
from html import escape

import pytest

from filters.extract import extract
from filters.extract.budget import Budget, Stop
from filters.extract.html import contents_of, read, text_of
from filters.markup import dom


@pytest.fixture
def unguarded() -> Iterator[None]:
    """As in a process that may take its time: nothing is too costly."""
    dom.guard(lambda size: nullcontext())
    yield
    dom.guard(None)


def test_words_stay_whole_and_blocks_are_separated() -> None:
    assert "社外秘" in text_of("<p>社<b>外</b>秘</p>")
    assert text_of("<table><td>4111</td><td>1111</td></table>").split() == ["4111", "1111"]
    assert "a\n" in text_of("<p>a</p><p>b</p>")


def test_a_page_in_a_frame_is_read() -> None:
    inner = "<p>極秘</p><a download=a.txt href='data:text/plain,secret'>x</a>"
    found = contents_of(f'<iframe srcdoc="{escape(inner, quote=True)}"></iframe>')
    assert "極秘" in found.text
    assert [(f.name, f.content) for f in found.files] == [("a.txt", b"secret")]


def test_entities_and_scripts() -> None:
    assert "社外秘" in text_of("&#31038;&#22806;&#31192;")
    assert "alert" not in text_of("<script>alert(1)</script>x")


def test_the_documents_own_charset_counts_without_a_label() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"><p>極秘</p>'
    assert "極秘" in read(page.encode("cp932"))
    assert "極秘" in read("<p>極秘</p>".encode("euc_jp"), "euc-jp")


def test_what_nobody_is_shown_is_read_all_the_same() -> None:
    """Data in a template, a hidden element or a part for Outlook only leave all the same."""
    assert text_of("<template><p>社外秘</template>").strip() == "社外秘"
    assert text_of("<p style='display:none'>社外秘").strip() == "社外秘"
    assert text_of("<!--[if mso]><table><td>社外秘</td></table><![endif]-->").strip() == "社外秘"
    assert text_of("<!-- 社外秘 -->") == ""


def test_a_page_that_costs_too_much_is_a_limit() -> None:
    with pytest.raises(Stop) as stopped:
        text_of("<div>" * 50_000 + "x")
    assert stopped.value.verdict == "limit"


def test_long_pages_are_read_where_somebody_watches(unguarded: None) -> None:
    assert text_of("<table>" + "<tr><td>1</td></tr>" * 60_000).count("1") == 60_000
    assert "x" in text_of("<b>" * 250_000 + "x")


DOCUMENT = "data:application/pdf;name=x;base64," + base64.b64encode(b"%PDF-1.7 x").decode()


@pytest.mark.parametrize(
    ("html", "files"),
    [
        (f"<a download=a.pdf href='{DOCUMENT}'>x</a>", [("a.pdf", "application/pdf", b"%PDF-1.7 x")]),
        (f"<object data=' {DOCUMENT}'>", [("", "application/pdf", b"%PDF-1.7 x")]),
        ("<a href='&#68;a\tta:,x%20y'>", [("", "text/plain", b"x y")]),
        ("<img src='data:image/png;base64,JVBERi0xLjc='>", [("", "image/png", b"%PDF-1.7")]),
        (f"<!--[if mso]><a href='{DOCUMENT}'><![endif]-->", [("", "application/pdf", b"%PDF-1.7 x")]),
        (f"<template><a href='{DOCUMENT}'></template>", [("", "application/pdf", b"%PDF-1.7 x")]),
        ("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>", []),
        ("<link href='data:font/woff2;base64,d09GMgABAAAAAA=='>", []),
        ("<a href='data:'>", []),
        ("<a href='data:text/plain;base64,'>", []),
        ("<a title='data, and more'>", []),
    ],
)
def test_files_in_addresses(html: str, files: list[tuple[str, str, bytes]]) -> None:
    assert [(f.name, f.type, f.content) for f in contents_of(html).files] == files


def test_so_many_files_are_a_limit() -> None:
    with pytest.raises(Stop):
        contents_of("<a href=data:,x>" * 101)


def test_files_of_an_attached_page_are_its_members() -> None:
    page = "<!doctype html><a download=b.txt href='data:,words'>x</a>"
    read = extract("a.html", "text/html", page.encode(), Budget())
    assert [(m.path, m.kind) for m in read.members] == [("b.txt", "text")]


def test_paragraphs_in_cells_do_not_part_a_row() -> None:
    row = "<tr><td>\n<p class=MsoNormal><span>樋口 智子</span></p>\n</td><td><div>1952/7/16</div></td></tr>"
    assert [line.split() for line in text_of(f"<table>{row}{row}</table>").split("\n") if line.strip()] == [
        ["樋口", "智子", "1952/7/16"]
    ] * 2
    assert "a\n" in text_of("<table><tr><td><p>a</p><p>b</p></td></tr></table>")


def test_what_a_form_shows_is_read() -> None:
    page = "<form><label>Card</label><input name=cc value='4111 1111'><input type=hidden value=x1><input type=submit value=Go></form>"
    assert text_of(page).split() == ["Card", "4111", "1111"]


def test_what_pictures_say_where_they_are_not_shown() -> None:
    page = '<p>x</p><img alt="社外秘"><img title="Plan"><img alt=""><iframe srcdoc="<img alt=y>"></iframe>'
    assert contents_of(page).instead == "社外秘\nPlan\ny"
    assert "社外秘" not in contents_of(page).text
