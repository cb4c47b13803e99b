"""Names in letters: spellings of one sound, readings of kana and of common kanji."""

import pytest

from filters.detect.romaji import of_kana, readings, spelled


@pytest.mark.parametrize(
    "same",
    [
        ("sato", "satou", "satoh", "SATO", "satō"),
        ("ono", "oono", "ohno", "ouno"),
        ("yuki", "yuuki"),
        ("shibata", "sibata"),
        ("tsuji", "tuji", "tuzi"),
        ("fujii", "hujii", "huzii"),
        ("chiba", "tiba"),
        ("honma", "homma"),
        ("jun", "zyun", "jyun"),
        ("junichi", "jun'ichi", "zyuniti"),
        ("shota", "syota", "shouta", "syouta"),
    ],
)
def test_spellings_of_one_name(same: tuple[str, ...]) -> None:
    assert len({spelled(each) for each in same}) == 1, {each: spelled(each) for each in same}


def test_different_names_stay_different() -> None:
    names = (
        "sato",
        "saito",
        "ito",
        "kato",
        "goto",
        "abe",
        "ueda",
        "ota",
        "oda",
        "oka",
        "kano",
        "konno",
        "kono",
    )
    assert len({spelled(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("kana", "letters"),
    [
        ("ヤマダ", "yamada"),
        ("さとう", "sato"),
        ("リョウスケ", "ryosuke"),
        ("ハットリ", "hattori"),
        ("シュン", "shun"),
        ("コージ", "koji"),
        ("ﾀﾛｳ", "taro"),
        ("山ダ", ""),
    ],
)
def test_kana(kana: str, letters: str) -> None:
    assert of_kana(kana) == letters


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("山田 太郎", ("yamada", "taro")),
        ("山田太郎", ("yamada", "taro")),
        ("ヤマダ タロウ", ("yamada", "taro")),
        ("やまだ　たろう", ("yamada", "taro")),
        ("Taro Yamada", ("yamada", "taro")),
        ("佐々木さくら", ("sasaki", "sakura")),
        ("長谷川 裕子", ("hasegawa", "hiroko")),
    ],
)
def test_readings(name: str, one: tuple[str, str]) -> None:
    assert one in readings(name)


@pytest.mark.parametrize("name", ["", "山田", "營業 擔當", "株式会社光陽電機", "ヤマダ", "Prince"])
def test_of_what_is_no_whole_name_there_are_none(name: str) -> None:
    assert readings(name) == frozenset()
