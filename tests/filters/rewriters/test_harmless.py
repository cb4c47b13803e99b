"""A stranger's words in a text of ours: no program turns them into a link, and nothing in them is hidden."""

import re

import pytest

from filters.rewriters.harmless import harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("お世話になっております。見積書の件", "お世話になっております。見積書の件"),
        ("至急 http://evil.example/login?x=1", "至急 http[:]//evil[.]example/login?x=1"),
        ("www.evil.example へ", "www[.]evil[.]example へ"),
        ("tanaka@client.example", "tanaka[at]client[.]example"),
        ("tanaka＠client．example", "tanaka[at]client[.]example"),
        ("mailto:a@b.c", "mailto[:]a[at]b[.]c"),
        ("http://203.0.113.7/x", "http[:]//203[.]0[.]113[.]7/x"),
        ("ver 1.5 (3.2%)", "ver 1.5 (3.2%)"),
        ("evil。com", "evil[.]com"),
        ("請求書\u202efdp.exe\x00\u200b", "請求書<202E>fdp[.]exe<200B>"),
        ("金額は1.5万円、2026.5.29(R8.5.29)まで。Ver1.5", "金額は1.5万円、2026.5.29(R8.5.29)まで。Ver1.5"),
        ("It costs 1.5.", "It costs 1.5."),
        ("1.5.example 2.com", "1[.]5[.]example 2[.]com"),
        ("login.bank.evil.example", "login[.]bank[.]evil[.]example"),
        ("http:evil.com HTTPS:\\\\evil.com", "http[:]evil[.]com HTTPS[:]\\\\evil[.]com"),
        ("詳細はhttp://evil.jp/まで", "詳細はhttp[:]//evil[.]jp/まで"),
        ("件名: 10:30、profile: x", "件名: 10:30、profile: x"),
        ("\u2800 \u3000", ""),
        ("a\r\nBcc: x\u2028y", "a Bcc: x y"),
        ("日本.みんな", "日本[.]みんな"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_table(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "HTTPS://A.B",
        "ftp://a.b.c/d",
        "//a.b",
        "a.zip",
        "ｗｗｗ.a.jp",
        "mail.a-b.co.jp/?q=@c",
        "xn--a.b:80/",
        "a.b.",
        "javascript://x",
    ],
)
def test_no_link_is_left(text: str) -> None:
    assert not re.search(r"://|@|\w[.]\w", harmless(text).replace("[.]", "").replace("[:]", ""))


def test_twice_changes_nothing_more() -> None:
    once = harmless("mailto:a@b.c http://203.0.113.7/x \u202e 1.5 evil。com")
    assert harmless(once) == once


@pytest.mark.parametrize("sign", [".", "@", "a.", "://", "\u202e", "1.5 "])
def test_hostile_lengths_are_cut_first(sign: str) -> None:
    assert len(harmless(sign * 5_000_000)) <= 200
    assert len(harmless(sign * 5_000, 40)) <= 40
