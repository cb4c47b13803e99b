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
    western = r"\'e9l\'e8ve \'93\'fc\'94 caf\'e9"
    assert "élève “ü” café" in read(f"{fonts}\\f0 {western}", r"\ansi\ansicpg1252 ")


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


@pytest.mark.parametrize(
    "text",
    [
        f"\\f0\\loch\\af0\\hich\\af0\\dbch\\af1 {MARK}",
        f"\\dbch\\f1 {MARK}",
        f"\\loch\\f0\\dbch\\af1\\loch\\f0 {MARK}",
        f"\\f0\\cchs128 {MARK}",
        f"\\f0 {MARK}",
        f"\\f0 {{\\*\\cs15 {MARK}}}",
        f"\\f1 abc\\*\\cs15 {MARK}",
        f"\\f2 {MARK}",
    ],
    ids=range(8),
)
def test_japanese_in_all_the_ways_that_word_writes_it(text: str) -> None:
    fonts = (
        r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset128{\*\falt MS Mincho}MS Mincho;}{\f2\cpg932 Osaka;}}"
    )
    assert "社外秘" in read(fonts + text, r"\ansi\ansicpg1252\deff0 ")


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        (161, "cp1253", "απόρρητο"),
        (162, "cp1254", "gizliğ"),
        (177, "cp1255", "סודי"),
        (204, "cp1251", "секретно"),
        (134, "gb18030", "机密文件"),
        (129, "cp949", "대외비"),
        (77, "mac-roman", "Überraschung"),
    ],
)
def test_other_scripts(charset: int, codec: str, text: str) -> None:
    coded = "".join(f"\\'{octet:02x}" for octet in text.encode(codec))
    fonts = f"{{\\fonttbl{{\\f0\\fcharset0 Arial;}}{{\\f3\\fcharset{charset} Some;}}}}"
    assert text in read(f"{fonts}\\f3 {coded}", r"\ansi\ansicpg1252 ")


def test_the_language_tells_the_code_page_where_none_is_named() -> None:
    assert "社外秘" in read(MARK, r"\ansi\deflang1041 ")
    assert "Größe" in read(r"Gr\'f6\'dfe", r"\ansi\deflang1031 ")
    assert "Größe" in read(r"Gr\'9a\'a7e", r"\mac ")


@pytest.mark.parametrize(
    "between",
    [
        r"{\*\annotation who}",
        r"{\footnote\pard see there}",
        r"{\*\bkmkstart _Toc1}{\*\bkmkend _Toc1}",
        r"{\field{\*\fldinst SYMBOL 1}{\fldrslt}}",
        r"{\shp{\*\shpinst{\sp{\sn gtextUNICODE}{\sv DRAFT}}}}",
        r"\-",
        r"{\*\atnid X}",
    ],
)
def test_what_is_shown_elsewhere_does_not_part_a_word(between: str) -> None:
    assert "社外秘" in read(r"\u31038?\u22806?" + between + r"\u31192?")


def test_what_is_about_a_document_does_not_stick_to_its_first_word() -> None:
    found = read(r"{\info{\title One}{\operator Two}}{\header Three}Four\_Five")
    assert found.split() == ["Four-Five", "One", "Two", "Three"]


def test_the_description_of_a_picture() -> None:
    assert "社外秘" in read(
        f"{{\\pict{{\\*\\picprop{{\\sp{{\\sn wzDescription}}{{\\sv {MARK}}}}}}}\\pngblip 8950}}"
    )
    assert "8950" not in read(r"{\pict\pngblip 8950}")
