"""Word 6 and 95: octets of many code pages."""

import pytest

from filters.extract import Budget, Extracted, extract
from tests.filters.extract.office97 import word6


def read(content: bytes) -> Extracted:
    return extract("a.doc", "", content, Budget())


@pytest.mark.parametrize(
    ("text", "codec", "charsets", "language", "machine"),
    [
        ("この資料は社外秘です", "cp932", (0, 128), 0x409, 0),
        ("社外秘", "cp932", (0,), 0x411, 0),
        ("Четыре балла и семь лет", "cp1251", (0, 204), 0x409, 0),
        ("Привет, Word 95", "cp1251", (0,), 0x419, 0),
        ("Ελληνικά κείμενο", "cp1253", (0, 161), 0x409, 0),
        ("Zażółć gęślą", "cp1250", (0, 238), 0x415, 0),
        ("élève naïve été “à” – café", "cp1252", (0,), 0x40C, 0),
        ("élève naïve été “à” café", "cp1252", (0, 128, 204), 0x40C, 0),
        ("stratégie été société", "mac-roman", (77,), 0x40C, 256),
    ],
)
def test_the_text_in_its_code_page(
    text: str, codec: str, charsets: tuple[int, ...], language: int, machine: int
) -> None:
    raw = f"Title\r{text}\r".encode(codec)
    for cut in (0, 8):
        found = read(word6(raw, charsets=charsets, language=language, machine=machine, cut=cut))
        assert found.verdict == "ok"
        assert found.texts == (("", f"Title\n{text}\n"),)


def test_text_that_lies_nowhere_is_no_text_read() -> None:
    content = word6(b"Hello world")
    at = content.index(b"\xdc\xa5") + 24
    found = read(content[:at] + b"\xff" * 8 + content[at + 8 :])
    assert found.verdict == "unsupported"
    assert "Hello world" in found.texts[0][1]
