"""File names as traps."""

import pytest

from filters.names import base, extension, has_run_of_blanks, invisible, is_doubled, marked, overrides


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
