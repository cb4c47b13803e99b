"""Lists of classes, and what is ticked in them."""

import pytest

from tests.filters.detect.test_mark_shapes import most

STAMPED = 3


@pytest.mark.parametrize(
    "raw",
    [
        "公開 / 社外秘", "「極秘」「社外秘」", "極秘、社外秘", "Public, Confidential", "Confidential or Public",
        "□極秘 □社外秘 □公開", "極秘\t社外秘\t公開", "■ 極秘：役員のみ\n■ 社外秘：社員のみ", "Strictly Confidential\nConfidential",
        "□ 極秘 ☑ 公開 □ 社外秘", "用語集 社外秘 = company confidential / 極秘 = top secret / 公開 = public",
    ],
)  # fmt: skip
def test_a_list_is_no_mark(raw: str) -> None:
    assert most(raw)[1] < STAMPED


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("□公開 □社外秘 ☑極秘", "極秘"),
        ("[ ] 極秘 [x] 社外秘 [ ] 公開", "社外秘"),
        ("☐ Public ☒ Confidential", "社外秘"),
        ("社外秘 / Strictly Confidential", "極秘"),
        ("社外秘\n" + "本文\n" * 6 + "極秘", "極秘"),
        ("□社外秘□", "社外秘"),
        ("極秘・関係者限り", "極秘"),
    ],
)
def test_what_is_ticked_or_stands_apart_is_one(raw: str, name: str) -> None:
    assert most(raw) == (name, STAMPED)
