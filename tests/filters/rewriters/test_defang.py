"""IN-TEXT: what a mail program would turn into a link can no longer be clicked, and nothing else changes."""

import pytest

from filters.rewriters.defang import defanged, fangs


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("詳細はhttp://evil.jp/まで", "詳細はhxxp://evil[.]jp/まで"),
        ("https://evil.example.com/login?next=http://a.b.c/", "hxxps://evil[.]example[.]com/login?next=hxxp://a[.]b[.]c/"),
        ("HTTPS:\\\\evil.com", "hxxps:\\\\evil[.]com"),
        ("http:evil.com", "hxxp:evil[.]com"),
        ("https://us.example@203.0.113.7:80/", "hxxps://us[.]example@203[.]0[.]113[.]7:80/"),
        ("www.evil.co.jpです", "www[.]evil[.]co[.]jpです"),
        ("(evil.com), evil.jp。evil.com.", "(evil[.]com), evil[.]jp。evil[.]com."),
        ("evil.local/x", "evil[.]local/x"),
        ("http://日本語.jp/", "hxxp://日本語.jp/"),
        ("file://server/share ftp://a.example/", "fxle://server/share fxp://a[.]example/"),
    ],
)  # fmt: skip
def test_addresses_lose_their_fangs(text: str, after: str) -> None:
    assert defanged(text) == after
    assert defanged(after) == after, "defanging twice changes nothing more"


@pytest.mark.parametrize(
    "text",
    ["taro.yamada@us.example", "a.b@evil.com", "report.pdf v1.2.3", "第3.5版。e.g. this", "file: a.txt", "12:30", "株式会社..."],
)  # fmt: skip
def test_ordinary_words_stay(text: str) -> None:
    assert defanged(text) == text


def test_offsets_are_those_of_the_text() -> None:
    text = "x http://a.b/ y"
    assert [(text[s:e], new) for s, e, new in fangs(text)] == [("http://a.b", "hxxp://a[.]b")]


def test_letters_that_count_as_others_without_case() -> None:
    """U+017F is an s to a pattern without case: it raised where the scheme was looked up."""
    assert defanged("http\u017f://a.example/") == "hxxps://a[.]example/"
