"""Verdicts of containers, and names as places."""

import pytest

from filters.extract.found import tidy, worst


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ([], "ok"),
        (["ok", "ok"], "ok"),
        (["encrypted", "encrypted"], "encrypted"),
        (["ok", "encrypted"], "partially_encrypted"),
        (["ok", "unsupported"], "unsupported"),
        (["encrypted", "corrupt"], "corrupt"),
        (["corrupt", "limit"], "limit"),
        (["partially_encrypted", "encrypted"], "partially_encrypted"),
    ],
)
def test_worst(verdicts: list[str], whole: str) -> None:
    assert worst(verdicts) == whole


def test_tidy() -> None:
    assert tidy("a/b\\c.txt") == "c.txt"
    assert tidy("\u202eexe.\x00txt\n") == "exe.txt"
    assert tidy("") == "unnamed"
    assert len(tidy("x" * 500)) == 120
