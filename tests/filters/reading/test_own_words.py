"""What an author wrote, apart from what is quoted and signed."""

import pytest

from filters.reading.own_words import own_words


def own(text: str) -> list[str]:
    kept = own_words(text)
    assert len(kept) == len(text)
    assert all(k in (c, " ") for k, c in zip(kept, text, strict=True))
    return [line for line in kept.split("\n") if line.strip()]


@pytest.mark.parametrize(
    "below",
    [
        "> 資料を添付します",
        "-----Original Message-----\nFrom: a@b.example\n資料を添付します",
        "---------- Forwarded message ---------\n資料を添付します",
        "差出人: 田中 <tanaka@partner.example>\n送信日時: 2026年11月3日 10:00\n宛先: 佐藤\n件名: 資料\n\n資料を添付します",
        "From: Tanaka\nSent: Monday\nTo: Sato\nSubject: files\n\nI attached it",
        "2026年11月3日(火) 10:00 田中 一郎 <tanaka@partner.example>:\n資料を添付します",
        "On Tue, Nov 3, 2026 at 10:00 Tanaka <tanaka@partner.example> wrote:\n\nattached",
        "On Tue, Nov 3, 2026 at 10:00 Tanaka\n<tanaka@partner.example> wrote:\n> attached",
        "________________________________\n差出人: 田中\n資料を添付します",
        "iPhoneから送信\n\n資料を添付します",
        "-- \n佐藤\n資料を添付します",
        "==============================\n関所商事株式会社\n佐藤 sato@us.example\n==============================",
        "*------------------------*\n佐藤 / Sato\n関所商事株式会社\n*------------------------*",
        "////////////////\n佐藤 TEL 03-0000-0000",
    ],
)
def test_what_is_quoted_or_signed_is_left_out(below: str) -> None:
    assert own(f"田中様\n\n承知しました。\n\n{below}") == ["田中様", "承知しました。"]


def test_what_is_written_between_and_below_quotations_is_kept() -> None:
    text = "On Tue, Nov 3, 2026 at 10:00 Tanaka wrote:\n> いつですか\n明日です。\n> どこですか\n会議室です。"
    assert own(text) == ["明日です。", "会議室です。"]


@pytest.mark.parametrize(
    "text",
    [
        "日程\n----------------------------\n日時 10時\n場所 会議室\nよろしくお願いします。",
        "2026年11月の予定をお送りします。\n以上です。",
        "From: の欄をご覧ください。\n以上です。",
        "The container was sent from our factory.\nRegards",
        "-- \nところで",
    ],
)
def test_what_only_looks_like_it_is_kept(text: str) -> None:
    assert own(text) == [line for line in text.split("\n") if line.strip()]


def test_a_long_text_costs_no_more_than_its_beginning() -> None:
    assert [line.strip() for line in own("あ\n" * 5_000 + "い")] == ["あ"] * 3_000
    assert own("-" * 100_000 + "x") == ["-" * 100_000 + "x"]
