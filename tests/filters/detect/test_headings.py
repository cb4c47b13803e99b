"""Headings by what they mean, however they are written."""

import pytest
import re2

from filters.detect.headings import FIELDS, kind_of


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
