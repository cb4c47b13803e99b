"""IN-LANGUAGE: characters that do not belong there."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ご利用いただきありがとうございます。当サ仆トで账单をご確认ください。", 3),
        ("この度はありがとうございます。發票をお送りします。", 2),
        ("ご案内です。Аmazon からのお知らせです。", 3),
        ("Your pаypal аccount", 3),
        ("Pay𝗺𝗲𝗻𝘁 𝘄𝗮𝗿𝗻𝗶𝗻𝗴", 3),
    ],
)
def test_foreign_characters_weigh(text: str, expected: int) -> None:
    assert weight("foreign_characters", mail(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "髙橋様、﨑山様、いつもお世話になっております。①㈱関所～見積書",
        "國學院大學の齋藤先生、渡邊様、廣瀬様へのご案内です。",
        "您好，请确认发票。谢谢。",
        "Привет, это обычное письмо от Ивана about Linux.",
        "Größe und Höhe: café, naïve, Ångström μm, Ω",
    ],
)
def test_names_and_other_languages_pass(text: str) -> None:
    assert not look("foreign_characters", mail(text))


def test_subject_and_name_are_looked_at() -> None:
    assert look("foreign_characters", mail(subject="аmazon の件"))[0].evidence[0].part == "header:subject"
    assert look("foreign_characters", mail(sender="Mеta <a@x.example>"))[0].evidence[0].part == "header:from"


def test_ordinary_kanji_that_chinese_writes_too_say_nothing() -> None:
    text = "受領票を添付いたします。為替と還元の件、個数の誤りは該当部署で訊ねてください。購買の時間を請け、於いて謝します。"
    assert not look("foreign_characters", mail(text, subject="買い付け"))
