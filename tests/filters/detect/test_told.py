"""What lists say of people beside their names, and lists that everybody may see."""

import pytest

from filters.detect.persons import records
from filters.detect.text import Text
from filters.detect.told import (
    in_thousands,
    is_private,
    is_public,
    is_said,
    is_subject,
    may_list,
    title_above,
)

NAMES = ("桑原 由香", "石田 美咲", "上野 大輔", "木下 恵", "山本 健", "中村 翼")
ENGLISH = ("Emily Clark", "John Smith", "Mary Jones", "Anna Lee", "Peter Brown", "Paul Young")


def count(raw: str, title: str = "") -> int:
    return len(records(Text("1", raw, "body").cells, raw, told=True, title=title).records)


def lines(row: str, names: tuple[str, ...] = NAMES) -> str:
    return "\n".join(row.format(name=name, n=n, m=7 * n % 10) for n, name in enumerate(names, 1))


@pytest.mark.parametrize(
    "row",
    [
        "{name}　不合格",
        "・{name} B 昇格",
        "{name}：発熱",
        "{name}様 {n}000円 未納",
        "{n}年1組 {name} 落花生アレルギー",
        "{name}（営業部→大阪支店）4月{n}日付",
        "{name}(総務課) 戒告",
        "{name}：血圧 13{n}/80、要再検査",
    ],
)
def test_a_value_that_says_it(row: str) -> None:
    assert count(lines(row)) == len(NAMES)


@pytest.mark.parametrize(
    "row", ["- {name} - $30{n} overdue since 3 May", "{name}, 4{n} años", "{name}: diabetes"]
)
def test_abroad(row: str) -> None:
    assert count(lines(row, ENGLISH)) == len(ENGLISH)


@pytest.mark.parametrize(
    "title",
    [
        "冬季賞与支給額",
        "期末テストの結果",
        "残業時間",
        "下記の通り(単位:千円)",
        "exam results",
        "Patienten",
        "成績",
        "出欠",
    ],
)
def test_a_title_that_says_what_the_values_are(title: str) -> None:
    assert count(f"{title}\n{lines('{name} 3{m}0')}") == len(NAMES)
    assert count(f"\n{lines('{name} 3{m}0')}", title) == len(NAMES)
    assert not count(f"\n{lines('{name} 3{m}0')}")


@pytest.mark.parametrize("title", ["県大会 決勝の結果", "役員一覧", "選挙の結果", "Match results", "Cast"])
def test_what_everybody_may_see(title: str) -> None:
    assert not count(f"{title}\n{lines('{name} 1{n}.3')}", title)


@pytest.mark.parametrize("heads", ["患者名,検査日,HbA1c", "受験番号,応募者名,筆記", "氏名,改定案(千円),備考"])
def test_headings(heads: str) -> None:
    order = "{name},3{m},6{m}" if "番号" not in heads else "10{n},{name},6{m}"
    assert count(f"{heads}\n{lines(order)}") == len(NAMES)


def test_a_few_words_below_a_title() -> None:
    assert count(f"Dietary requirements\n{lines('{name} – no pork', ENGLISH)}") == len(ENGLISH)
    assert not count(f"Speakers\n{lines('{name} – on waves', ENGLISH)}")


def test_words_in_sentences_are_not_looked_at() -> None:
    assert may_list("賞与支給額\n山田 100")
    assert not may_list("来月の賞与は規程のとおり支給されます。ご不明の点はお問い合わせください。")
    assert not may_list("x" * 61 + "賞与")


def test_to_insert_something_else() -> None:
    """No statement of SQL begins there."""
    assert count(f"Exam results\nPlease insert them.\n{lines('{name}: 3{m}', ENGLISH)}") == len(ENGLISH)


def test_the_number_of_a_row_says_nothing() -> None:
    assert not count(f"賞与の対象\n{lines('{n} {name}')}")


@pytest.mark.parametrize("word", ["インフルエンザ", "failed", "営業部→総務部", "45 años"])
def test_said(word: str) -> None:
    assert is_said(word)
    assert not is_said(f"{'x' * 60}{word}")


def test_titles() -> None:
    assert is_private("給与一覧")
    assert not is_private("議事")
    assert not is_private("給与杯 全国大会")
    assert is_public("全国大会")
    assert in_thousands("売上(千円)")
    assert is_subject("患者名")
    assert not is_subject("担当")


def test_a_sentence_is_no_title() -> None:
    text = "x" * 61 + "\n賞与\n山田"
    assert title_above(text, len(text) - 2) == "賞与"
