"""The forms of a text, and the way back to the original."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.detect.text import TAB, Text
from mail.charset import fold


def test_folded_forms() -> None:
    text = Text("1", "Ａ\t社\u200b 外 秘\n髙橋", "body")
    assert text.flat == "a\t社外秘\n高橋"
    assert text.cells == f"A{TAB}社外秘\n高橋"


def test_cells_are_not_joined() -> None:
    assert Text("1", "山田太郎\t東京都港区", "content").cells == f"山田太郎{TAB}東京都港区"


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("plain secret", "secret"),
        ("一行目\n社 外 秘です", "社外秘"),
        ("ｶﾞｶﾞｶﾞ 社\u200b外\u200b秘", "社外秘"),
        ("あ\u200b\u200b\n\n\t極秘", "極秘"),
    ],
)
def test_an_offset_leads_back_to_the_original(raw: str, word: str) -> None:
    text = Text("1", raw, "body")
    at = text.origin(text.flat.index(word))
    assert raw[at] == word[0]


@settings(max_examples=60, deadline=None)
@given(st.text("あ社秘A1\t\n ｶﾞ\u200b①", max_size=40))
def test_every_offset_lies_in_the_original(raw: str) -> None:
    text = Text("1", raw, "body")
    origins = [text.origin(n) for n in range(len(text.flat))]
    assert all(0 <= o <= len(raw) for o in origins)
    assert origins == sorted(origins)


def test_no_offset_stays_none() -> None:
    assert Text("1", "あ", "body").origin(-1) == -1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("あ社 秘A1\u200bｶﾞが\u3099", max_size=6), max_size=6), st.integers(0, 40))
def test_lines_can_be_folded_one_by_one(lines: list[str], plain: int) -> None:
    raw = "\n".join([*lines, "plain text " * plain])
    assert Text("1", raw, "body").cells == fold(raw)
