"""One scan for everything: the first look loses nothing, nothing is slow, nothing hides anything else."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.detect import marks
from filters.detect.detector import Scan, detector, scan
from filters.detect.text import Text
from tests.filters.mails import ORGANISATION
from tests.filters.ordinary import EN, JA, cards, my_numbers, sentences, table

PIECES = [
    "社外秘です。",
    "【極秘】",
    "card 4111-1111-1111-1111 です",
    "マイナンバー 123456789018",
    "口座番号 1234567",
    "山田太郎 <taro@one.example>",
    "ghp_" + "a1B2c3D4e5F6" * 3,
    "ID: tanaka01\nパスワード: Xy7#kLm9",
    "旅券番号 TK1234567",
]


def look(raw: str, role: str = "body") -> Scan:
    return scan(Text("1", raw, role), ORGANISATION)


def summary(found: Scan) -> set[tuple[str, str]]:
    return {
        *(("mark", m.word) for m in found.marks if not m.negated and not m.quoted),
        *(("number", n.digits) for n in found.numbers if n.sure),
        *((d.kind, d.value) for d in found.data),
        *(("person", r.key) for r in found.people),
        *((s.kind, s.quote) for s in found.secrets),
    }


@pytest.mark.parametrize("piece", PIECES)
def test_the_first_look_lets_everything_through(piece: str) -> None:
    assert len(summary(look(piece))) == 1


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from([*PIECES, *sentences(JA, 32), *sentences(EN, 30)]), max_size=6),
    st.integers(0, 6),
    st.sampled_from(PIECES),
)
def test_more_text_never_removes_a_finding(some: list[str], at: int, piece: str) -> None:
    without = summary(look("\n\n".join(some)))
    inserted = [*some[:at], piece, *some[at:]]
    assert without <= summary(look("\n\n".join(inserted)))


@pytest.mark.parametrize("templates", [JA, EN], ids=["ja", "en"])
def test_ordinary_sentences_are_silent(templates: tuple[str, ...]) -> None:
    lines = sentences(templates, 2000, seed=7)
    silent = {"bank_account", "corporate_number"}
    loud = [
        line
        for line in lines
        if (found := look(line)).secrets
        or any(n.sure for n in found.numbers)
        or any(m.weight >= marks.SAID for m in found.marks)
        or any(d.kind not in silent for d in found.data)
    ]
    assert len(loud) <= 2, loud


def test_numbers_of_people_are_found_however_they_are_written() -> None:
    chance = random.Random(11)
    for number in my_numbers(chance, 200):
        assert [
            n.digits for n in look(f"個人番号 {number[:4]}－{number[4:8]}－{number[8:]}").numbers if n.sure
        ] == [number]
    for number in cards(chance, 200):
        assert [n.digits for n in look(f"番号:{number}").numbers if n.kind == "card" and n.sure] == [number]


def test_a_serial_number_is_not_a_sure_card() -> None:
    assert not any(n.sure for n in look("シリアル番号 4483629322439443").numbers)
    assert not any(n.sure for n in look("シリアル番号 4483629322439443 有効期限 12/27").numbers), (
        "goods expire, too"
    )
    assert any(n.sure for n in look("カード番号 4483629322439443 有効期限 12/27").numbers)
    assert not any(n.sure for n in look("シリアル番号 4483-6293-2243-9443").numbers)
    assert any(n.sure for n in look("4483-6293-2243-9443").numbers)


def test_the_detector_of_the_same_words_is_built_once() -> None:
    assert detector(ORGANISATION) is detector(ORGANISATION)


SIZE = 100_000
HOSTILE = [
    "0", "1 ", "1-", "12345678901", "4111 ", "a", "a@", "@a.", "a.", "あ", "山", "山田", "佐藤太郎様", "社", "社 ", "社外", "秘", "confidential ", "not ",
    "[", "「", ">", "> ", "\n", "\n>", "\t", ",", ";", "|", "://", "a://b:", "a://b:c", "eyJ", "eyJaaaaaaaaaaa.", "password", "password:", "password: ",
    "パスワードは", "id:", "secret=", "A_SECRET", "A", "A_", "_", "=", "Server=", "Password=", "Server=;", "-----BEGIN ", "PRIVATE KEY", "on ",
    "2025年", "生年月日", "生年月日 ", "口座番号", "普通", "年金番号 ", "免許", "旅券", "〒", "東京都", "東京都港", "0120-", "+81", "+81 ", "(0)", "Taro ",
    "Taro Yamada ", "氏名", "氏名:", "Name: ", "様", "記号1番号", "被保険者", "akia", "xoxb-", "sk-", "ghp_", "AIza", "\u200b", "社\u200b", "が", "ｶﾞ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_scan_of_hostile_text_ends(piece: str) -> None:
    """All shipped patterns together; a square of 100,000 steps would take minutes (generous bound of CPU time)."""
    import time

    begin = time.process_time()
    look(piece * (SIZE // len(piece)), "content")
    assert time.process_time() - begin < 10


def test_a_long_table_is_scanned() -> None:
    assert len(look(table(random.Random(1), 1000), "content").people) == 1000
