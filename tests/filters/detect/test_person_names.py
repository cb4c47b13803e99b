"""Names of people beside names of everything else."""

import pytest

from filters.detect.person_names import MAY_BE, NONE, SURE, family_name, is_family_name, kana_given, likeness


@pytest.mark.parametrize(
    "words", ["山田太郎", "髙橋 花子".replace("髙", "高"), "佐藤さくら", "Emily Clark", "YAMADA TARO", "Jan van der Berg", "田中一郎様", "Clark, Emily"]
)  # fmt: skip
def test_names_that_we_know(words: str) -> None:
    assert likeness(words) == SURE


@pytest.mark.parametrize("words", ["楊秀英", "マイケル・ブラウン", "하늘빛", "Oak Hill", "親子丼"])
def test_what_has_the_shape_of_a_name(words: str) -> None:
    assert likeness(words) == MAY_BE


@pytest.mark.parametrize(
    "words",
    ["青木商店", "株式会社山田", "豊田市", "渡辺歯科", "Oak Hotel", "Larkfield Ltd", "営業窓口", "Sales Team", "12 Main", "a@b.example", "X", "A-1204"],
)  # fmt: skip
def test_what_is_no_persons_name(words: str) -> None:
    assert likeness(words) == NONE


def test_pieces_of_names() -> None:
    assert family_name("山田太郎")
    assert not family_name("山口県")
    assert kana_given("鈴木サクラ")
    assert not kana_given("カバー")
    assert is_family_name("佐藤")
    assert is_family_name("Tanaka")
    assert not is_family_name("軸受")


def test_names_of_neighbours_and_with_accents() -> None:
    assert likeness("김민준") == likeness("张丽华") == likeness("Sébastien Colin") == SURE
    assert likeness("전화번호") != SURE
