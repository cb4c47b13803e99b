"""The first page."""

import re

import pytest

from tests.console.premises import Premises


@pytest.mark.parametrize(
    ("login", "numbers"),
    [("hanako", [3, 1]), ("taro", [1, 1]), ("kanri", [0, 2, 0]), ("shacho", [0, 0]), ("unyo", [0])],
)
async def test_it_counts_what_waits_for_this_person(full: Premises, login: str, numbers: list[int]) -> None:
    text = (await (await full.visitor(login)).get("/")).text
    assert [int(n) for n in re.findall(r'class="number">(\d+)<', text)] == numbers
    assert ("システムの状態" in text) == (login in ("kanri", "unyo"))


async def test_nothing_to_do_is_said(place: Premises) -> None:
    assert "対応が必要なものはありません" in (await (await place.visitor("hanako")).get("/")).text
