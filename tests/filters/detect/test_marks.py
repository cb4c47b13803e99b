"""How much a mark means, by its place and its sentence."""

import pytest

from config.load import shipped
from filters.detect.marks import LOOKED_AT, MENTIONED, MOST, SAID, STAMP, marks_in
from filters.detect.text import Text
from tests.filters.mails import CLASSES


def weights(raw: str, role: str = "body", place: str = "1") -> list[int]:
    return [m.weight for m in marks_in(Text(place, raw, role), CLASSES)]


@pytest.mark.parametrize(
    ("raw", "role", "place"),
    [
        ("【社外秘】", "body", "1"),
        ("社外秘\n本文です", "body", "1"),
        ("来期の計画(社外秘)", "subject", "header:subject"),
        ("計画_社外秘.xlsx", "name", "2/計画_社外秘.xlsx"),
        ("This is our confidential paper for you", "content", "2/a.docx/word/header1.xml"),
        ("This is our confidential paper for you", "content", "2/a.docx/word/footer12.xml"),
        ("Confidential - all employees of this and that company", "content", "2/a.docx/docProps/custom.xml"),
        ("Confidential", "property", "header:msip_labels"),
    ],
)
def test_stamps(raw: str, role: str, place: str) -> None:
    assert weights(raw, role, place) == [STAMP]


@pytest.mark.parametrize(
    "raw",
    ["添付の資料は社外秘ですのでお取り扱いにご注意ください。", "来期の社外秘資料を次の方法でお送りします。"],
)
def test_said_in_a_sentence(raw: str) -> None:
    assert weights(raw) == [SAID]


@pytest.mark.parametrize(
    "raw",
    [
        "社外秘の取り扱いに関する研修を行います。",
        "社外秘情報の管理規程を改定します。",
        "社外秘とは何かを説明します。",
        "「社外秘」の取扱方法について、下記のとおりご案内します。",
        "このメールには社外秘情報を含む場合があります。誤って受信された方は削除してください。",
    ],
)
def test_only_mentioned(raw: str) -> None:
    assert weights(raw) == [MENTIONED]


def test_quotations_and_negations_are_recognised() -> None:
    (mark,) = marks_in(Text("1", "了解です\n----- 元のメッセージ -----\n社外秘", "body"), CLASSES)
    assert mark.quoted
    (mark,) = marks_in(Text("1", "社外秘を解除しました", "body"), CLASSES)
    assert mark.negated
    assert mark.weight == 0


def test_counting_has_a_limit() -> None:
    assert len(weights("社外秘\n" * (MOST + 50))) == MOST


SHIPPED = shipped().organisation.classes


@pytest.mark.parametrize(
    "raw",
    [
        "Streng vertraulich",
        "《Confidentiel》",
        "［대외비］",
        "密级：机密",
        "Klassifizierung: Vertraulich",
        "Information class: C3 Confidential",
        "Corp Inc. Confidential   p. 2 / 14",
        "12月上旬に案を出す。 (Confidentiel)",
        "12月上旬に案を出す。 | INTERNAL ONLY |",
    ],
)
def test_marks_of_other_languages_and_beside_pages_and_codes(raw: str) -> None:
    assert STAMP in [m.weight for m in marks_in(Text("1", raw, "content"), SHIPPED)]


@pytest.mark.parametrize(
    "raw",
    [
        "Bitte behandeln Sie das Angebot vertraulich.",
        "Die Unterlagen sind streng vertraulich zu behandeln.",
        "대외비 문서 취급 교육을 실시합니다.",
        "保密协议已签署，请查收。",
        "Tutti i diritti riservati",
        "PRIVACY / 機密 / 守秘：三つの約束。お客様の秘密を守ります。",
        "社外秘にしていた価格は、先週公表いたしました。",
    ],
)
def test_mentions_in_other_languages(raw: str) -> None:
    assert all(m.weight < SAID for m in marks_in(Text("1", raw, "body"), SHIPPED))


def test_the_title_of_an_appointment() -> None:
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:【社外秘】計画の会議\nEND:VEVENT\nEND:VCALENDAR"
    assert weights(text, "content", "2/a.ics") == [STAMP]


@pytest.mark.parametrize(
    "word", ["confidentially ", "internally ", "plan, C2 of the plan ", "a i r w a y s "]
)
def test_what_is_no_mark_is_not_counted_before_one_that_is(word: str) -> None:
    """However often words that look like marks stand in front of it."""
    assert STAMP in weights(f"{word * (LOOKED_AT + 10)}\n【社外秘】\n")
