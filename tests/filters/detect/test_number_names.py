"""Which number is meant by the name in front of it."""

import pytest

from filters.detect.number_names import last_name


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("カード番号：", "card"), ("visa card no. ", "card"), ("個人番号 ", "mine"), ("マイナンバー(12桁):", "mine"), ("個人番号(又は法人番号):", "mine"),
        ("伝票番号 ", "other"), ("order no. ", "other"), ("ポイントカード番号:", "other"), ("カード番号 4111 1111", ""), ("よろしく", ""),
        ("注文番号 123、カード ", ""), ("カード番号は別紙、受付番号 ", "other"),
    ],
)  # fmt: skip
def test_the_last_name_counts_unless_another_number_took_it(text: str, kind: str) -> None:
    assert last_name(text) == kind
