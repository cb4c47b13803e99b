"""File names as traps."""

import pytest

from filters.lures.names import (
    base,
    extension,
    has_run_of_blanks,
    invisible,
    is_doubled,
    marked,
    overrides,
    readings,
    turns,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.exe", "exe"), ("a.EXE.", "exe"), ("a．ｅｘｅ", "exe"), ("a.e\u200bxe", "exe"), ("a.pdf .exe ", "exe"), ("C:\\x\\a.scr", "scr"), ("x/y.z/readme", ""),
     ("a。exe", "exe"), ('a.exe"', "exe"), (".profile", "profile"), ("", "")],
)  # fmt: skip
def test_the_extension_that_counts(name: str, expected: str) -> None:
    assert extension(name) == expected


def test_the_base_name_ends_at_nul() -> None:
    assert base("a/b.exe\x00.pdf") == "b.exe"


def test_disguises() -> None:
    assert is_doubled("a.pdf.exe")
    assert not is_doubled("a.tar.gz")
    assert has_run_of_blanks("a.pdf" + " " * 20 + ".exe")
    assert not has_run_of_blanks("a b c.pdf")
    assert overrides("a\u202efdp.exe")
    assert not overrides("a\u200e.pdf")
    assert invisible("a\u200b\u200bb") == 2
    assert marked("a\u202eb") == "a<202E>b"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.pdf", ("a.pdf",)), ("a.exe\x00.pdf", ("a.exe\x00.pdf", "a.exe.pdf")), ("a.exe::$DATA", ("a.exe::$DATA", "a.exe")),
     ("a.txt:b.exe", ("a.txt:b.exe", "a.txt", "b.exe")), ("議事録 10:30.pdf", ("議事録 10:30.pdf", "30.pdf")), ("C:\\a.exe", ("C:\\a.exe",))],
)  # fmt: skip
def test_all_ways_to_take_a_name(name: str, expected: tuple[str, ...]) -> None:
    assert readings(name) == expected


def test_a_long_name_keeps_its_end() -> None:
    (name,) = readings("a" * 50_000 + ".exe")
    assert len(name) <= 1_000
    assert extension(name) == "exe"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}", "{clsid}"), ("a.{x}", "{x}"), ("a.ехе", "exe"), ("a.сом", "com"), ("a.ЕХЕ", "exe"),
     ("отчёт.док", "дok"), ("a.資料", "資料"), ("a.e\U000e0041xe", "exe")],
)  # fmt: skip
def test_extensions_in_disguise(name: str, expected: str) -> None:
    assert extension(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "a.pdf.v2.exe",
        "a_pdf.exe",
        "a（PDF）.scr",
        "a-xlsx.js",
        "a.csv.html",
        "a.jpg.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}",
    ],
)
def test_other_ways_to_pose(name: str) -> None:
    assert is_doubled(name)


@pytest.mark.parametrize(
    "name",
    [
        "setup.exe",
        "pdfviewer.exe",
        "a.html",
        "index.ja.html",
        "a.tar.gz",
        "report.pdf.docx",
        "a.pdf.p7s",
        "a.exe.pdf",
    ],
)
def test_names_that_do_not_pose(name: str) -> None:
    assert not is_doubled(name)


@pytest.mark.parametrize(
    "name", ["a     .pdf", "a.pdf   .jpg", "a" + " " * 20 + "b c d e f.pdf", "a_____.exe", "a   b.exe"]
)
def test_gaps_that_hide(name: str) -> None:
    assert has_run_of_blanks(name)


@pytest.mark.parametrize(
    "name", ["a   .pdf", "氏名_____.xlsx", "資料     最新.docx", "a  b.pdf", "a\u202fAM.png", "   ", ""]
)
def test_gaps_that_do_not(name: str) -> None:
    assert not has_run_of_blanks(name)


def test_what_turns_a_line_around() -> None:
    assert turns("a\u202eb")
    assert not turns("\u2068田中\u2069さんからのお知らせ"), "telephones put isolates around names"


@pytest.mark.parametrize(
    "name", ["क्\u200dष.pdf", "\u05d3\u05d5\u05d7\u200f.pdf", "👨\u200d👩\u200d👧.png", "❤\ufe0f.png"]
)
def test_what_a_script_needs_is_not_invisible(name: str) -> None:
    assert invisible(name) == 0
