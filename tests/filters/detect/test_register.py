"""Registered tables and documents are recognised; the index tells nobody what they are."""

import random

import pytest

from config.policy import Registered
from filters.detect.register import (
    Register,
    document,
    document_index,
    normal,
    pieces_in,
    table_index,
    values_in,
)
from mail.charset import fold
from tests.filters.ordinary import EN, JA, digits, person, sentences

KEY = b"k" * 32


def customers(count: int) -> list[list[str]]:
    chance = random.Random(count)
    return [
        [
            f"K{n:06}",
            person(chance),
            f"090-{digits(chance, 4)}-{digits(chance, 4)}",
            f"user{n}@mail.example",
            "東京都",
        ]
        for n in range(count)
    ]


ROWS = customers(500)
INDEX = table_index(
    "顧客", ("番号", "氏名", "電話", "メール", "県"), [[c.lower() for c in row] for row in ROWS], KEY, 2
)
REGISTER = Register(Registered(key=KEY, indexes=(INDEX,)))


def rows(raw: str) -> list[int]:
    return [row.row for row in REGISTER.found(fold(raw).lower())[0]]


@pytest.mark.parametrize(
    "shape", ["{1},{2}", "{1}様の電話番号は{2}です。", "{3}\t{2}", "電話 {2}\nメール: {3}", "{1} / {0}"]
)
def test_rows_are_found_in_any_order_and_shape(shape: str) -> None:
    for number in (0, 77, 499):
        assert number in rows(shape.format(*ROWS[number]))


def test_numbers_are_found_however_they_are_written() -> None:
    _, name, phone, mail, _ = ROWS[5]
    for written in (
        phone.replace("-", ""),
        phone.translate(str.maketrans("0123456789-", "０１２３４５６７８９－")),
        "+81" + phone[1:],
    ):
        assert 5 in rows(f"{mail} {written}")
    assert 5 in rows(f"{name[:2]} {name[2:]} {phone}")


def test_columns_of_different_rows_or_far_apart_do_not_count() -> None:
    assert rows(f"{ROWS[1][2]} {ROWS[2][3]}") == []
    assert rows(f"{ROWS[1][2]}" + "あ" * 700 + ROWS[1][3]) == []
    assert rows(ROWS[1][2]) == []


def test_common_values_count_beside_others_only() -> None:
    assert rows("東京都") == []
    assert rows(f"東京都 {ROWS[3][0]}") == [3]


def test_the_index_says_nothing() -> None:
    for row in ROWS[:50]:
        for cell in row:
            assert cell.encode() not in INDEX
    with pytest.raises(ValueError, match="another key"):
        Register(Registered(key=b"x" * 32, indexes=(INDEX,)))


@pytest.mark.parametrize(
    "damage",
    [b"", INDEX[:-1], INDEX + b"x", b"X" + INDEX[1:], INDEX[:8] + b"\xff\xff\0\0" + INDEX[12:], INDEX[:20]],
)
def test_a_damaged_index_is_refused(damage: bytes) -> None:
    with pytest.raises(ValueError):
        Register(Registered(key=KEY, indexes=(damage,)))


def test_ordinary_sentences_are_not_rows() -> None:
    assert rows("\n".join(sentences(JA, 500) + sentences(EN, 500))) == []


def test_limits() -> None:
    with pytest.raises(ValueError, match="need"):
        table_index("x", ("a",), [], KEY, 2)
    assert (
        Register(Registered(key=KEY, indexes=(table_index("x", ("a",), [], KEY, 1),))).found("あ" * 200)[0]
        == ()
    )


def test_normal_forms() -> None:
    assert normal("03-1234-5678") == normal("03 1234 5678") == normal("+81-3-1234-5678") == "0312345678"
    assert normal("taro yamada") == "taroyamada"
    assert "山田太郎" in values_in("山田太郎様")


TEXT = fold("\n".join(sentences(JA, 120, seed=3))).lower()
OTHER = fold("\n".join(sentences(EN, 120, seed=4))).lower()
DOCUMENTS = Register(
    Registered(
        key=KEY, indexes=(document_index([document("計画書", TEXT, KEY), document("plan", OTHER, KEY)], KEY),)
    )
)


def copies(flat: str) -> list[tuple[str, int]]:
    return [(c.name, c.share) for c in DOCUMENTS.found(flat)[1]]


def test_a_document_is_found_whole_and_in_part() -> None:
    assert copies(TEXT) == [("計画書", 100)]
    for part in (0.3, 0.5):
        size = int(len(TEXT) * part)
        for start in (0, len(TEXT) // 3, len(TEXT) - size):
            ((name, share),) = copies("前文です。" + TEXT[start : start + size] + "\n以上")
            assert name == "計画書"
            assert abs(share - 100 * part) < 12


def test_a_document_is_found_in_another_layout() -> None:
    assert copies(TEXT.replace("\n", " ").replace("。", "。\n"))[0][1] >= 95


def test_a_few_lines_or_another_text_are_not_a_copy() -> None:
    assert copies("\n".join(TEXT.split("\n")[:10])) == []
    assert copies(fold("\n".join(f"全く別の文章の{n}行目です" for n in range(200)))) == []


def test_what_documents_share_is_left_out() -> None:
    letterhead = (
        "株式会社サンプル 東京都千代田区千代田一丁目一番一号 代表取締役 電話とファックスと営業時間のご案内"
        * 3
    )
    texts = [
        (f"d{n}", letterhead + "\n" + fold("\n".join(sentences(JA, 60, seed=n + 10))).lower())
        for n in range(5)
    ]
    register = Register(
        Registered(
            key=KEY, indexes=(document_index([document(name, flat, KEY) for name, flat in texts], KEY),)
        )
    )
    assert register.found(letterhead * 2)[1] == ()
    assert "d3" in {c.name for c in register.found(texts[3][1])[1]}


def test_pieces_do_not_depend_on_where_a_passage_stands() -> None:
    passage = "機密の計画によれば、来期の売上は二倍となり、新しい工場を北海道に建てることになっている。"
    assert len(pieces_in(passage)) >= 3
    assert pieces_in(passage) <= pieces_in("前文。" + passage + "後文。")
