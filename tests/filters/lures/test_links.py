"""Hosts of links, what links show, and links in plain texts."""

import pytest

from filters.lures.links import host_of, host_shown, plain_links


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
        ("詳細（www.example.org）。", "www.example.org"),
        ("「bank.co.jp」", "bank.co.jp"),
        ("https://bank.co.jp。", "bank.co.jp"),
        ("http://user@bank.co.jp/", "bank.co.jp"),
        ("claude.ai", "claude.ai"),
        ("日本語.jp", "日本語.jp"),
        ("https://intranet.corp/", "intranet.corp"),
        ("report.pdf", ""),
        ("Node.js", ""),
        ("ASP.NET", ""),
        ("README.md", ""),
        ("backup.zip を見る", ""),
        ("https://backup.zip/", "backup.zip"),
        ("e.g.this", ""),
        ("a@b.example", ""),
        ("3.5", ""),
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
