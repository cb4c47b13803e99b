"""Whom a text claims to speak for, what it asks, what urges: concepts, not phrases."""

from filters.lures.concepts import ASKS, LISTED, ROLES, SCHEMES, URGES, WEIGHED, read


def test_an_office_that_is_addressed_writes_nothing() -> None:
    text = "株式会社関所商事\n経理部\nご担当者様\n\n請求書のファイルを開いてご確認ください。"
    assert "house" not in read("tanaka", text).roles
    assert "house" in read("経理部", text).roles


def test_the_authors_of_attachments_are_not_the_mails() -> None:
    assert not read("a", "please find my application attached.", "四葉商事株式会社経理部").roles


def test_the_table_is_read() -> None:
    assert all(row.of <= set(ROLES) and row.asks <= set(ASKS) and row.urges <= set(URGES) for row in SCHEMES)
    assert all(any(row.weighs(who) for who in WEIGHED) for row in SCHEMES)
    assert set(LISTED["signed"]) <= set(ROLES)
