"""IN-LINK: links to archives and programs."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight

STRANGER = "Mia <mia@stranger.example>"


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("Our catalogue: https://stranger.example/files/catalogue.exe", 4),
        ("https://stranger.example/a/update.msi?v=2", 4),
        ("資料です。 https://stranger.example/shiryo.zip", 2),
        ("解凍パスワードは 2211 です。\nhttps://stranger.example/shiryo.zip", 4),
        ("https://bit.ly/3xFaK\n（ZIPのパスワード：photo2026）", 3),
        ("The archive's password is brief2026: https://www.dropbox.com/s/a/brief.rar?dl=1", 4),
    ],
)
def test_what_is_fetched_is_weighed(text: str, least: int) -> None:
    (finding,) = look("packed_link", mail(text, sender=STRANGER))
    assert finding.weight == least
    assert "stranger" in finding.values["host"] or least in (3, 4)


@pytest.mark.parametrize(
    "text",
    [
        "https://stranger.example/download",
        "https://node.js.example/ and https://stranger.example/a.html",
        "パスワードは別途お知らせします。ファイルはこちらです。 https://stranger.example/f/1",
        "Zoom: https://zoom.us/j/1?pwd=abc password: 123456",
    ],
)
def test_pages_are_none(text: str) -> None:
    assert not look("packed_link", mail(text, sender=STRANGER))


def test_not_from_those_we_know() -> None:
    raw = mail("https://stranger.example/a.zip", sender=STRANGER)
    assert weight("packed_link", raw, familiar=frozenset({"mia@stranger.example"})) == 0
