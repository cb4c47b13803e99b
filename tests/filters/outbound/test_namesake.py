"""OUT-MISSEND: people of one name."""

import pytest

from filters.facts import Acquaintance, Acquaintances
from tests.filters.mails import plain, recalled, written_to

HERE, THERE = "h.sasaki@ezo.example", "h.sasaki@mart.example"


def memory(mine: float = 0.0, at_ezo: float = 0.0) -> Acquaintances:
    return Acquaintances(
        {HERE: Acquaintance(mine, 9, 2, ("佐々木寛子", "佐々木")), THERE: written_to("佐々木浩", "佐々木")},
        {
            "ezo.example": Acquaintance(at_ezo, 9, 2, ("エゾストアーズ",)),
            "mart.example": written_to("札幌マート"),
        },
        namesakes={HERE: (THERE,), THERE: (HERE,)},
    )


@pytest.mark.parametrize(
    ("text", "mine", "found"),
    [
        ("札幌マート 佐々木様\n棚割の件です。", 5, True),
        ("札幌マート株式会社\n商品部 佐々木様\n棚割の件です。", 5, True),
        ("佐々木 浩 様\n棚割の件です。", 5, True),
        ("佐々木様\n棚割の件です。", 0, True),
        ("棚割の件です。", 0, True),
        ("佐々木様\n棚割の件です。", 5, False),
        ("佐々木様\n札幌マート様向けの棚割の件です。", 5, True),
        ("佐々木様\n札幌マートとエゾストアーズの棚割の件です。", 5, False),
        ("エゾストアーズ 佐々木様\n棚割の件です。", 0, False),
        ("佐々木 寛子 様\n棚割の件です。", 5, False),
    ],
)
def test_who_was_meant(text: str, mine: float, found: bool) -> None:
    sights = recalled("namesake", plain(text, to=HERE), HERE, memory=memory(mine, mine))
    assert [(f.about, f.meant) for f in sights] == ([((HERE,), THERE)] if found else [])


def test_both_in_one_mail() -> None:
    assert not recalled("namesake", plain("佐々木様", to=f"{HERE}, {THERE}"), HERE, THERE, memory=memory())
