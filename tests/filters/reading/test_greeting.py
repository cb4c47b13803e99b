"""Whom the first lines of a mail greet."""

import pytest

from filters.reading.greeting import Greeting, firm, greeting, plain


@pytest.mark.parametrize(
    ("text", "companies", "people"),
    [
        ("札幌マート株式会社\n商品部 野村様\n\nお世話になっております。", ("札幌マート",), ("野村",)),
        ("十勝ファーム 高橋様", ("十勝ファーム",), ("高橋",)),
        ("札幌マート 商品部\n佐々木 浩 様", ("札幌マート",), ("佐々木浩",)),
        ("根室水産加工 工藤 勝様", ("根室水産加工",), ("工藤勝",)),
        ("道央冷蔵\n坂井様、若林様\n", ("道央冷蔵",), ("坂井", "若林")),
        ("湧別乳業 牧野様\nエゾストアーズ 橘様", ("湧別乳業", "エゾストアーズ"), ("牧野", "橘")),
        ("円山先生", (), ("円山",)),
        ("佐々木室長\n\n承知しました。", (), ("佐々木",)),
        ("佐々木部長様\n", (), ("佐々木",)),
        ("ふるかわさま\n\nながさわです。", (), ("ふるかわ",)),
        ("真鍋さん、滝沢さん", (), ("真鍋", "滝沢")),
        ("（株）光陽電機　御中", ("光陽電機",), ()),
        ("株式会社　光陽電機　営業部 御中", ("光陽電機",), ()),
        ("石黒様 いつもお世話になっております。", (), ("石黒",)),
        ("髙橋様へ", (), ("高橋",)),
        ("ﾀﾅｶ様", (), ("タナカ",)),
        ("ｻﾝﾌﾟﾙ商事　鈴木様", ("サンプル商事",), ("鈴木",)),
        ("Dear Mr. Smith,\n", (), ("smith",)),
        ("Hi Erik and Anna,", (), ("erik", "anna")),
        ("Dear Tanaka-san,", (), ("tanaka",)),
        ("受付 森本様\n", (), ("森本",)),
        ("常務取締役 相馬様", (), ("相馬",)),
        ("円山会計事務所\n所長 円山様", ("円山会計事務所",), ("円山",)),
        ("購買部長 佐々木様", (), ("佐々木",)),
        ("楓会計\n担当税理士 水沢様", ("楓会計",), ("水沢",)),
        ("札幌マート 各位", ("札幌マート",), ()),
    ],
)
def test_companies_and_people(text: str, companies: tuple[str, ...], people: tuple[str, ...]) -> None:
    found = greeting(text)
    assert (found.companies, found.people, found.everybody) == (companies, people, "各位" in text)


@pytest.mark.parametrize(
    "text",
    [
        "関係者各位",
        "お取引先様各位",
        "仕入部各位\n",
        "皆様\n",
        "Dear all,",
        "Hello team,",
        "坂井様、皆様",
        "お客様へ",
    ],
)
def test_everybody(text: str) -> None:
    assert greeting(text).everybody


@pytest.mark.parametrize(
    "text",
    [
        "",
        "お世話になっております。\n田中様には別途ご連絡いたします。",
        "先日は田中様とお会いできました。",
        "家で続きをやる用。",
        "> 田中様\n> お世話になります。",
        "-----Original Message-----\n田中様",
        "差出人: 田中様",
        "2026年11月4日(水) 10:00 田中 <a@b.example>:\n> 田中様",
        "On Wed, Nov 4, 2026 at 10:00 Tanaka <a@b.example> wrote:\n> Dear Sato,",
        "様",
    ],
)
def test_nobody(text: str) -> None:
    assert greeting(text) == Greeting()


def test_names_are_compared_without_their_forms() -> None:
    assert plain("渡邊 太郎") == plain("渡辺　太郎")
    assert firm("株式会社 光陽電機") == firm("光陽電機(株)") == "光陽電機"
    assert firm("Lindqvist Seafood AB") == "lindqvistseafood"


def test_a_long_text_of_names_costs_nothing() -> None:
    assert len(greeting("、".join(["田中様"] * 100_000)).people) == 1
    assert greeting("あ" * 100_000) == Greeting()
