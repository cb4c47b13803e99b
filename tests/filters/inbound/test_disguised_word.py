"""IN-LANGUAGE: words in look-alike characters; texts both ways are in test_language.py."""

import pytest

from tests.filters.inbound.arriving import look, mail


@pytest.mark.parametrize(
    "word",
    [
        "力ード",
        "カ一ド",
        "クレジット力一ド",
        "アカウソト",
        "デー夕",
        "工ラー",
        "二ュース",
        "ア力ウン卜",
        "メ一ル",
        "ログイソ",
        "セキュリティ一" + "コ一ド",
    ],
)
def test_a_look_alike_is_quoted(word: str) -> None:
    (finding,) = look("disguised_word", mail(f"お客様の{word}をご確認ください。"))
    assert finding.weight == 3
    assert set(finding.values["word"]) & set("力一ソ夕工二卜")


@pytest.mark.parametrize(
    "text", ["カード", "ユーザ一覧", "サーバ一台", "データセンタ一箇所", "大工ラーメン", "加工ラインの入口ロック", "ジョンニー", "ワイン一ケース", "入力データ", "フリーソフト", "シンソース"]
)  # fmt: skip
def test_words_of_every_day_are_left_alone(text: str) -> None:
    assert not look("disguised_word", mail(f"本日の{text}の件です。"))
