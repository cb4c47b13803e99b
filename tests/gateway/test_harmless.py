"""What a held mail says, in a mail of ours: no program makes a link of it."""

import re

import pytest

from gateway.harmless import harmless


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
        ("請求書\u202efdp.exe\x00\u200b", "請求書fdp[.]exe"),
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


def test_hostile_lengths_are_cut_first() -> None:
    assert len(harmless("." * 10_000_000)) <= 200
