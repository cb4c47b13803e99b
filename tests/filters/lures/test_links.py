"""Links and texts of HTML, read as browsers read it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.lures.links import body_start, host_of, host_shown, plain_links, read_html


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.jp/a", "www.example.jp"),
        ("http://user:pw@evil.top:8080/x", "evil.top"),
        ("https:\\\\evil.top\\x", "evil.top"),
        ("//cdn.example/x", "cdn.example"),
        ("http:///evil.top", "evil.top"),
        ("www.example.jp/a", "www.example.jp"),
        ("ht\ntps://evil.top", "evil.top"),
        ("https://ex%61mple.jp/", "example.jp"),
        ("https://例え。jp/", "例え.jp"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
        ("javascript:alert(1)", ""),
        ("mailto:a@b.example", ""),
        ("#top", ""),
        ("http://[", ""),
    ],
)
def test_the_host_that_a_browser_goes_to(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://www.bank.co.jp/login", "www.bank.co.jp"),
        (" ▶ bank.co.jp ", "bank.co.jp"),
        ("www.bank\u200b.co.jp", "www.bank.co.jp"),
        ("bank.co.jp にログイン", "bank.co.jp"),
        ("こちら", ""),
        ("tanaka@bank.co.jp", ""),
        ("see the notes on bank.co.jp today", ""),
        ("Version 1.2", ""),
    ],
)
def test_the_host_that_a_link_shows(text: str, host: str) -> None:
    assert host_shown(text) == host


def test_links_of_a_plain_text_end_where_japanese_begins() -> None:
    text = "詳細はhttps://a.example/x?y=1をご覧ください。「https://b.example」https://c.exampleです (http://d.example/z). https://例え.jp/"
    assert [link.target for link in plain_links(text)] == [
        "https://a.example/x?y=1",
        "https://b.example",
        "https://c.example",
        "http://d.example/z",
        "https://例え.jp/",
    ]
    assert [link.host for link in plain_links("www.x.example と http://аmazon.example/")] == [
        "www.x.example",
        "аmazon.example",
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<a title='>' href=http://e.top>x</a>",
        "<a href='http://e.top>x</a>",
        "<a/href=http://e.top>x</a>",
        "<A\nHREF\n=\n'http://e.top'>x",
        "<a href=http://e.top href=http://f.top>x</a>",
    ],
)
def test_odd_spellings_are_read_as_browsers_read_them(html: str) -> None:
    assert next(link.host for link in read_html(html).links).startswith("e.top")


@pytest.mark.parametrize(
    ("html", "before"),
    [
        (
            "<html><head><title><body></title></head><body class='a>b'>text",
            "<html><head><title><body></title></head><body class='a>b'>",
        ),
        ("<!-- <body> --><BODY>text", "<!-- <body> --><BODY>"),
        ("<!doctype html><p>text", "<!doctype html>"),
        ("<style>body{}</style>text<body>", "<style>body{}</style>"),
        ("<div><body>text", ""),
        ("text", ""),
        ("", ""),
        ("<script>'<body>'</script><table>", "<script>'<body>'</script>"),
    ],
)
def test_where_the_visible_body_begins(html: str, before: str) -> None:
    assert body_start(html) == len(before)


@given(st.text(alphabet="<>/!-ab\"'= \n&;", max_size=200))
@settings(max_examples=300)
def test_nothing_raises_and_the_body_begins_inside(html: str) -> None:
    read_html(html)
    assert 0 <= body_start(html) <= len(html)


@pytest.mark.parametrize(
    "piece", ['<a b="', "<", "<!--", "<a ", "<script>", "</a", "<a href=x><b>", "<div>", "&", "<a b='\">"]
)
def test_hostile_pages_are_read_to_their_end(piece: str) -> None:
    """Nesting and unclosed quotes cost linear time; a tree builder needed half a minute for this size."""
    read_html(piece * 40_000)
    body_start(piece * 40_000)
