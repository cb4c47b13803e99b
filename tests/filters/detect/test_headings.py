"""Headings by what they mean, however they are written."""

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from bench.stand import counting
from config import lists
from filters.detect.headings import FIELDS, headed, kind_of
from filters.detect.pairs import pairs


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("氏名", "name"), ("【お名前】", "name"), ("full_name", "name"), ("患者名", "name"), ("姓", "name"), ("NAME", "called"), ("お届け先", "called"),
        ("氏名フリガナ", "kana"), ("ご住所1", "address"), ("Hotel", "organisation"), ("会社名", "organisation"), ("生年月日(西暦)", "birth"),
        ("date_of_birth", "birth"), ("基本給(円)", "salary"), ("Annual salary", "salary"), ("診断名", "health"), ("口座番号", "account"),
        ("携帯電話番号", "phone"), ("E-mail", "mail"), ("代表者名", "officer"), ("債務者名", "called"), ("保護者名", "private"), ("選手名", "public"), ("備考", "other"), ("カード番号", "identity"),
        ("USER_NM", "called"), ("BIRTH_YMD", "birth"), ("雇用保険番号", "identity"), ("配偶者名", "private"), ("でんわ", "phone"), ("Ngày sinh", "birth"),
        ("山田太郎", ""), ("", ""), ("123", ""), ("あ" * 100, ""),
    ],
)  # fmt: skip
def test_a_heading_says_what_stands_below_it(heading: str, kind: str) -> None:
    assert kind_of(heading) == kind


@pytest.mark.parametrize(
    "text", ["氏名,基本給\n", "| 名前 | 生年月日 |\n", "[お名前] 山田\n[診断] 肺炎", "full_name\tsalary\n", '"name": "x", "dob": "y"', "<患者名>x</患者名><病名>y</病名>"]
)  # fmt: skip
def test_fields_let_every_table_through(text: str) -> None:
    assert all(re2.search(FIELDS[name], text.lower()) for name in ("name field", "personal field"))


WORDS = sorted({w for said in lists.table("headings").values() for words in said.values() for w in words})
SEPARATORS = st.sampled_from(["", "", "", " ", "_", "・", "-", "(か)", "※", "\x1f"])
FRONTS = st.sampled_from(["", "■", "1.", "ご", "【", "(必須)", "  ", "旧", '"'])
BEHIND = st.sampled_from(["", " ", "】", "欄", "(西暦)", "1", ";TYPE=WORK", '"', "\r"])


@given(
    words=st.lists(st.sampled_from([*WORDS, "債務者", "user_nm"]), min_size=1, max_size=3),
    separator=SEPARATORS,
    front=FRONTS,
    behind=BEHIND,
    capitals=st.booleans(),
    value=st.sampled_from(["", ": 山田", "=1", "] x"]),
)
def test_no_line_with_a_heading_is_passed_over(
    words: list[str], separator: str, front: str, behind: str, capitals: bool, value: str
) -> None:
    """However it is written: what `kind_of` knows alone on a line, or in front of a colon, is found by the search."""
    heading = front + separator.join([*words[0], *words[1:]]) + behind
    heading = heading.upper() if capitals else heading
    line = heading + value
    text = f"攀n圍\n{line}\nxyz"
    found = [text[start:end] for start, end in headed(text, label=value != "")]
    if kind_of(heading) and not (value and set(heading) & set(":=]】>")):
        assert line in found


def test_short_lines_that_say_nothing_cost_nothing() -> None:
    """Neither many of them, nor those between a label and its value."""
    nothing = "薬罟b6\n{c>q(\nab\n" * 20_000
    text = f"{nothing}氏名\n\n山田太郎\n電話\n090-1234-5678\n{nothing}"
    seen: list[tuple[str, str]] = []
    counted = counting.calls(
        lambda: seen.extend((label, value) for each in pairs(text) for label, value, *_ in each)
    )
    assert counted["calls"] + counted["c calls"] < 1_000
    assert seen == [("氏名", "山田太郎"), ("電話", "090-1234-5678")]
