"""Records of people, and what only looks like one."""

import random

import pytest

from filters.detect.persons import MOST, phone, records
from filters.detect.text import Text
from tests.filters.ordinary import table


def count(raw: str) -> int:
    return len(records(Text("1", raw, "content").cells, raw).records)


@pytest.mark.parametrize(
    "raw",
    [
        "山田太郎,090-1234-5678",
        "髙橋 花子\tmail@one.example",
        "佐藤さくら,03-1234-5678",
        "氏名:ワン・リー 電話 03-1234-5678",
        "鈴木一郎様 〒100-0001 東京都千代田区千代田1-1",
        "田中 健 生年月日 1980/01/02",
        "Taro Yamada <taro@one.example>",
        "John Smith, +81-90-1234-5678",
        "氏名: 山田太郎\n住所: 東京都港区芝1-1\n",
        "渡邊 直樹\n090-1234-5678\n",
        "BEGIN:VCARD\nFN:Emily Clark\nTEL:+81-3-1234-5678",
    ],
)
def test_one_record(raw: str) -> None:
    assert count(raw) == 1


@pytest.mark.parametrize(
    "raw",
    [
        "山口県宇部市の工場に電話 03-1234-5678",
        "石川工業株式会社 03-1234-5678",
        "お問い合わせは info@one.example まで",
        "山田太郎が出張します",
        "フリーダイヤル 0120-123-456 佐藤太郎",
        "2025-06-14 10:00 佐藤太郎 会議室",
        "Meeting Room, 090-1234",
        "千葉市中央区の会場",
    ],
)
def test_none(raw: str) -> None:
    assert count(raw) == 0


@pytest.mark.parametrize("tab", [",", "\t", ";", " | "])
@pytest.mark.parametrize("rows", [5, 50])
def test_the_rows_of_a_table_are_counted(rows: int, tab: str) -> None:
    assert count(table(random.Random(1), rows, tab=tab)) == rows


def test_unknown_names_count_under_a_heading() -> None:
    assert (
        count("氏名,電話\n" + "".join(f"ヌヌヌ子{c},090-1234-000{n}\n" for n, c in enumerate("甲乙丙"))) == 3
    )
    assert count("Full Name;Phone\nX Æ;090-1234-5678\n") == 1


def test_cells_below_one_another_are_records() -> None:
    cells = "\n".join(f"{name}\n090-1234-567{n}" for n, name in enumerate(["山田太郎", "佐藤花子", "鈴木健"]))
    assert count(cells) == 3


def test_the_same_person_counts_once() -> None:
    assert count("山田太郎 <taro@one.example>\n" * 20) == 1


def test_evidence_is_masked() -> None:
    (record,) = records("山田太郎,taro.yamada@one.example").records
    assert record.quote == "山** t***@one.example"
    (record,) = records("山田太郎,090-1234-5678").records
    assert record.quote == "山** *******5678"


def test_counting_has_a_limit() -> None:
    assert count(table(random.Random(2), MOST + 100)) == MOST


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("03-1234-5678", "0312345678"),
        ("090-1234-5678", "09012345678"),
        ("09012345678", "09012345678"),
        ("+81-90-1234-5678", "09012345678"),
        ("+81 (0)3-1234-5678", "0312345678"),
        ("0312345678", ""),
        ("0120-123-456", ""),
        ("090-1234-567", ""),
        ("03-1234-56789", ""),
    ],
)
def test_telephone_numbers(text: str, digits: str) -> None:
    assert phone(text) == digits


def test_people_behind_one_another_in_a_sentence() -> None:
    people = [
        ("奥村 奈緒", "1999年6月24日"),
        ("須藤 航", "2003年11月18日"),
        ("堀越 文香", "1970年5月16日"),
        ("若林 正樹", "1982年9月1日"),
    ]
    said = "、".join(f"{name}様（{birth}生、090-1234-567{n}）" for n, (name, birth) in enumerate(people))
    assert count(f"ご参加は、{said}の皆様です。") == len(people)


def test_names_behind_a_sign_above_their_addresses() -> None:
    people = ["岩瀬 文香", "野々村 奈緒", "北川 千尋", "奥村 文香", "越智 千尋"]
    raw = "\n".join(
        f"◎{name}\n　　長野県松本市深志3-29-{n}　TEL 03-3681-250{n}" for n, name in enumerate(people)
    )
    assert count(raw) == len(people)


def test_cards_of_offices_are_nobodys() -> None:
    cards = "\n".join(
        f"BEGIN:VCARD\nN:;;;;\nFN:{name}\nORG:{name}\nTEL;TYPE=WORK:06-5952-114{n}\nEND:VCARD"
        for n, name in enumerate(["瀬戸内精機", "高嶺食品", "山吹商会", "大隅倉庫", "藤波測器"])
    )
    assert count(cards) == 0
    assert count(cards.replace("ORG:", "ORG:（株）")) > 0


def test_what_is_said_behind_names() -> None:
    names = ("桑原 由香", "石田 美咲", "上野 大輔", "木下 恵")
    raw = "\n".join(f"{name}：月給{20 + n}万円" for n, name in enumerate(names))
    assert len(records(Text("1", raw, "content").cells, raw, fields=True).records) == 4
    raw = "\n".join(f"{name}：{20 + n}万円" for n, name in enumerate(names))
    assert not records(Text("1", raw, "content").cells, raw, fields=True).records


def test_two_rows_of_headings() -> None:
    raw = "社員\t生年月日\n姓\t名\n上野\t隆\t26050\n宮崎\t健一\t21248\n石田\t和也\t25683\n"
    assert len(records(Text("1", raw, "content").cells, raw, fields=True).records) == 3
