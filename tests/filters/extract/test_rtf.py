"""RTF: every place where a person may read something, in every way of writing it."""

import pytest

from filters.extract import Budget, extract
from filters.extract.budget import Stop
from filters.extract.found import Found
from filters.extract.rtf import DEEP, text_of

MARK = r"\'8e\'d0\'8a\'4f\'94\'e9"
"""社外秘 in cp932."""


def read(text: str, head: str = r"\ansi\ansicpg932 ") -> str:
    return text_of(f"{{\\rtf1{head}{text}}}".encode("latin-1"), Found(Budget(), lambda *_: "unknown"))


@pytest.mark.parametrize(
    "text",
    [
        MARK,
        r"\'8e\'d0\'8aO\'94\'e9",
        "社外秘".encode("cp932").decode("latin-1"),
        r"\u31038?\u22806?\u31192?",
        r"\uc2 \u31038\'8e\'d0\u22806\'8aO\u31192\'94\'e9",
        r"\uc0 \u31038\u22806\u31192",
        f"{{\\header {MARK}}}",
        f"{{\\footnote {MARK}}}",
        f"{{\\*\\annotation {MARK}}}",
        f"{{\\shp{{\\*\\shpinst{{\\shptxt {MARK}}}}}}}",
        f"{{\\info{{\\title {MARK}}}}}",
        f"{{\\*\\userprops{{\\propname a}}{{\\staticval {MARK}}}}}",
        f"{{\\field{{\\*\\fldinst QUOTE {MARK}}}{{\\fldrslt x}}}}",
        f"}}{{\\rtf1 {MARK}",
        f"{{\\v {MARK}}}",
    ],
    ids=range(15),
)
def test_wherever_it_stands_and_however_it_is_coded(text: str) -> None:
    assert "社外秘" in read(text)


@pytest.mark.parametrize(
    "text",
    [
        f"\\f1 {MARK}",
        f"{{\\f1 {{{MARK}}}}}",
        f"\\f0 abc\\f1 {MARK}\\f0 abc",
        f"\\f1\\b {MARK}",
    ],
)
def test_bytes_are_of_the_charset_of_their_font(text: str) -> None:
    fonts = r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fnil\fcharset128 MS Mincho;}}"
    assert "社外秘" in read(fonts + text, r"\ansi\ansicpg1252 ")


def test_the_default_font_counts_where_none_is_named() -> None:
    fonts = r"\deff1{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset128 MS Mincho;}}"
    assert "社外秘" in read(fonts + MARK)
    assert "社外秘" in read(f"{fonts}\\f0 x\\plain {MARK}")
    assert "社外秘" not in read(f"{fonts}\\f0 {MARK}", r"\ansi\ansicpg1252 ")


def test_binary_data_is_neither_text_nor_structure() -> None:
    assert read(r"{\pict\bin4 {{{{}after") == "after"
    assert read(r"{\pict\bin9 \par}}}}}}after") == "after"
    assert read(r"{\pict\bin0 }after") == read(r"{\pict\bin-3 }after") == "after"


def test_binary_data_that_is_cut_off_is_damage() -> None:
    found = extract("a.rtf", "", rb"{\rtf1 before\bin999 x}", Budget())
    assert found.verdict == "corrupt"
    assert "before" in dict(found.texts)[""]


def test_what_is_not_shown() -> None:
    assert read(r"{\fonttbl{\f0 Arial;}}{\colortbl;\red1;}{\*\generator x;}{\*\unknown y}z") == "z"


def test_paragraphs_and_characters() -> None:
    assert read(r"a\par b\tab c\emdash d\~e\{f\}") == "a\nb\tc—d e{f}"
    assert read(r"\u-10179?\u-8694?") == "😊"


def test_a_dde_field_is_a_sign() -> None:
    found = Found(Budget(), lambda *_: "unknown")
    text_of(rb'{\rtf1{\field{\*\fldinst DDEAUTO c:\\cmd.exe "/k calc"}}}', found)
    assert [s.name for s in found.signs] == ["dde"]


def test_groups_without_end_are_a_limit() -> None:
    with pytest.raises(Stop) as stop:
        read("{" * (DEEP + 1))
    assert stop.value.verdict == "limit"
