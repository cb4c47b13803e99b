"""Numbers from official documents, each with its keyword."""

import pytest

from filters.detect.identifiers import KINDS, identifiers
from filters.detect.numbers import driver_licence

EVERY = frozenset(kind.name for kind in KINDS)


def kinds(flat: str) -> list[str]:
    return [d.kind for d in identifiers(flat, EVERY)]


LICENCE = next(f"3090123456{c}0" for c in "0123456789" if driver_licence(f"3090123456{c}0"))


@pytest.mark.parametrize(
    ("flat", "kind"),
    [
        (f"運転免許証番号: 第{LICENCE}号", "driver_licence"),
        (f"driver's licence {LICENCE[:4]} {LICENCE[4:8]} {LICENCE[8:]}", "driver_licence"),
        ("パスポート番号 tk1234567", "passport"),
        ("旅券番号: tz 7654321", "passport"),
        ("保険者番号 06139992", "health_insurance"),
        ("被保険者証 記号 1234 番号 56", "health_insurance"),
        ("基礎年金番号 1234-567890", "pension"),
        ("みずほ銀行 新宿支店 普通 1234567", "bank_account"),
        ("口座番号: 7654321", "bank_account"),
        ("生年月日 1980年1月2日", "birth_date"),
        ("生年月日: 昭和55年1月2日", "birth_date"),
        ("date of birth: 1980-01-02", "birth_date"),
        ("生年月日 s55.1.2", "birth_date"),
        ("法人番号 7000012050002", "corporate_number"),
    ],
)
def test_found(flat: str, kind: str) -> None:
    assert kinds(flat) == [kind]


@pytest.mark.parametrize(
    "flat",
    [
        f"注文番号 {LICENCE}",
        "免許証番号 309012345699" if not driver_licence("309012345699") else "免許証番号 309012345689",
        "tk1234567 の件",
        "パスポート番号は別途ご連絡します。型番abc1234567",
        "保険者番号 06139991",
        "電話 1234-567890",
        "年金番号のお問い合わせ 03-1234-5678",
        "普通 12345678 個",
        "1980年1月2日",
        "法人番号 1000012050002",
        "誕生日おめでとうございます",
    ],
)
def test_not_found(flat: str) -> None:
    assert kinds(flat) == []


def test_a_number_counts_once() -> None:
    assert kinds("口座番号 1234567\n" * 3) == ["bank_account"]


def test_only_what_may_stand_there_is_looked_for() -> None:
    assert identifiers("口座番号 1234567", frozenset({"passport"})) == ()
