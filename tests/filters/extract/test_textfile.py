"""Text files in the charsets of Japanese mail."""

import pytest

from filters.extract import Budget, extract


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16"])
def test_charsets(charset: str) -> None:
    content = "これは社外秘の資料です。取り扱いに注意してください。".encode(charset)
    found = extract("a.txt", "", content, Budget())
    assert found.verdict == "ok"
    assert "社外秘の資料" in found.texts[0][1]


def test_the_label_of_a_part_is_believed() -> None:
    assert "é" in extract("a.txt", "", b"caf\xe9", Budget(), charset="iso-8859-1").texts[0][1]
